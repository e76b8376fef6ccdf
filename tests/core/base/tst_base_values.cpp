// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the small values under everything else keep their published meaning: money is exact, MD5
// is RFC 1321's, buckets are the first eight hex digits, files are replaced whole or not at all.

#include <core/base/files.h>
#include <core/base/md5.h>
#include <core/base/money.h>
#include <core/base/random.h>
#include <core/base/unicode.h>
#include <core/base/utf8.h>

#include <QTemporaryDir>
#include <QTest>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <filesystem>

using namespace signalbox;

namespace {

QByteArray hex(const std::array<std::uint8_t, 16>& digest)
{
    return QByteArray(reinterpret_cast<const char*>(digest.data()), 16).toHex();
}

} // namespace

class TestBaseValues : public QObject
{
    Q_OBJECT
private slots:
    void md5AgreesWithTheRfc_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("digest");
        QTest::newRow("empty") << QByteArray() << QByteArray("d41d8cd98f00b204e9800998ecf8427e");
        QTest::newRow("abc") << QByteArray("abc") << QByteArray("900150983cd24fb0d6963f7d28e17f72");
        QTest::newRow("80 digits") << QByteArray("1234567890").repeated(8)
                                   << QByteArray("57edf4a22be3c955ac49da2e2107b67a");
    }
    void md5AgreesWithTheRfc()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, digest);
        const std::string_view bytes(text.constData(), std::size_t(text.size()));
        QCOMPARE(hex(md5(bytes)), digest);
        QCOMPARE(QByteArray::fromStdString(md5Hex(bytes)), digest);
    }

    void anErrorNamesItsPlaceOnce()
    {
        const Error error{ErrorCode::NetworkError, "is down", "127.0.0.1:9", "Start it."};
        QCOMPARE(toString(error), std::string("127.0.0.1:9: is down (Start it.)"));
        Error begins = error;
        begins.message = "127.0.0.1:9 is down.";
        QCOMPARE(toString(begins), std::string("127.0.0.1:9 is down. (Start it.)"));
        begins.where = "127";
        QCOMPARE(toString(begins), std::string("127: 127.0.0.1:9 is down. (Start it.)"));
    }

    void aBucketIsTheFirstEightHexDigits()
    {
        const QByteArray digest = hex(md5("h1:conversation-7"));
        QCOMPARE(splitBucket("h1", "conversation-7"), digest.left(8).toUInt(nullptr, 16));
    }

    void moneyIsExactInDecimal()
    {
        QCOMPARE(toDecimalUsd(pricePerTokenFromUsdPerMTok(0.15) * 1'000'000), std::string("0.15"));
        QCOMPARE(toDecimalUsd(Money{-1}), std::string("-0.000000000001"));
        QCOMPARE(toDecimalUsd(Money{std::numeric_limits<std::int64_t>::min()}),
                 std::string("-9223372.036854775808"));
        QCOMPARE(usdPerMTok(pricePerTokenFromUsdPerMTok(30)), 30.0);
    }

    void moneyThatDoesNotFitIsUnknown()
    {
        constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
        QCOMPARE(checkedSum(Money{kMost - 1}, Money{1}), std::optional(Money{kMost}));
        QCOMPARE(checkedSum(Money{kMost}, Money{1}), std::optional<Money>());
        QCOMPARE(checkedProduct(Money{kMost / 2}, 2), std::optional(Money{kMost - 1}));
        QCOMPARE(checkedProduct(Money{kMost / 2}, 3), std::optional<Money>());
        // Plain arithmetic ends where the range does.
        QCOMPARE(Money{kMost} + Money{1}, Money{kMost});
        QCOMPARE(Money{-kMost} - Money{kMost}, Money{std::numeric_limits<std::int64_t>::min()});
        QCOMPARE(Money{kMost} * -2, Money{std::numeric_limits<std::int64_t>::min()});
        QCOMPARE(pricePerTokenFromUsdPerMTok(1e300), Money{kMost});
        QCOMPARE(Money::fromUsd(std::nan("")), Money{});
    }

    void illFormedTextIsFoundAtItsByte()
    {
        QVERIFY(!firstInvalidUtf8("grüße 漢字 🚀"));
        QCOMPARE(*firstInvalidUtf8("ab\xC0\xAF"), std::size_t(2));      // overlong
        QCOMPARE(*firstInvalidUtf8("x\xED\xA0\x80"), std::size_t(1));   // surrogate
        QCOMPARE(*firstInvalidUtf8("abc\xF0\x9F\x9A"), std::size_t(3)); // cut off
        QCOMPARE(codePointCount("grüße🚀"), std::size_t(6));
        QCOMPARE(toValidUtf8("a\xFFz"), std::string("a\xEF\xBF\xBDz"));
    }

    void codePointsAreCountedAtEveryLengthAndOffset()
    {
        std::string text;
        while (text.size() < 9000)
            text += "aé漢🚀z";
        for (const std::size_t start : {0, 1, 3, 7}) {
            std::size_t expected = 0;
            for (std::size_t end = start; end <= text.size(); ++end) {
                if (end < 70 || end + 3 > text.size())
                    QCOMPARE(codePointCount(std::string_view(text).substr(start, end - start)),
                             expected);
                if (end < text.size())
                    expected += (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
            }
        }
    }

    void lettersAndNumbersOfEveryScriptAreKnown()
    {
        for (const char32_t letter : {U'a', U'Z', U'é', U'ß', U'Ж', U'漢', U'ª', U'\U00030000'})
            QVERIFY(isLetter(letter));
        QVERIFY(isAlphanumeric(U'7'));
        QVERIFY(!isLetter(U'7'));
        QVERIFY(isAlphanumeric(U'½') && isAlphanumeric(U'Ⅷ') && isAlphanumeric(U'٣'));
        for (const char32_t other : {U'_', U'-', U'’', U'\u0301', U'🚀', U'\uFFFD', U'\u00D7'})
            QVERIFY(!isAlphanumeric(other));
    }

    void randomNumbersAreTheSameEverywhere()
    {
        Random random(42);
        QCOMPARE(random.next(), 13679457532755275413ULL);
        Random a(1, "latency");
        Random b(1, "failures");
        QVERIFY(a.next() != b.next());
    }

    void normalQuantileInvertsTheDistribution()
    {
        for (const double p : {1e-9, 0.001, 0.025, 0.5, 0.9, 0.999})
            QVERIFY2(std::abs(normalCdf(normalQuantile(p)) / p - 1) < 1e-9,
                     qPrintable(QString::number(p)));
    }

    void aNewFileIsOpenToWhomTheUmaskLets()
    {
        const QTemporaryDir folder;
        const auto modeUnder = [&](mode_t mask, const char* name) {
            const auto path = std::filesystem::path(folder.path().toStdString()) / name;
            const mode_t before = ::umask(mask);
            const bool written = writeFileAtomically(path, "x").has_value();
            ::umask(before);
            struct stat info = {};
            return written && ::stat(path.c_str(), &info) == 0 ? int(info.st_mode & 07777) : -1;
        };
        QCOMPARE(modeUnder(077, "mine"), 0600);
        QCOMPARE(modeUnder(027, "ours"), 0640);
        QCOMPARE(modeUnder(002, "shared"), 0664);
    }

    void aFileIsReplacedWholeAndKeepsItsMode()
    {
        const QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "policy.json";
        QVERIFY(writeFileAtomically(path, "old").has_value());
        QCOMPARE(::chmod(path.c_str(), 0600), 0);
        QVERIFY(writeFileAtomically(path, "new").has_value());
        QCOMPARE(*readFile(path), std::string("new"));
        struct stat info = {};
        QCOMPARE(::stat(path.c_str(), &info), 0);
        QCOMPARE(int(info.st_mode & 0777), 0600);
    }

    void aFolderThatIsGoneIsAnErrorThatNamesThePath()
    {
        const auto written = writeFileAtomically("/nowhere/at/all.json", "x");
        QVERIFY(!written);
        QCOMPARE(written.error().where, std::string("/nowhere/at/all.json"));
    }

    void aFullDiskLeavesTheOldFileAndNothingElse()
    {
        // A file size limit refuses the write half way, as a full disk does.
        const QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "big.json";
        QVERIFY(writeFileAtomically(path, "old").has_value());
        struct rlimit before = {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto oldHandler = ::signal(SIGXFSZ, SIG_IGN);
        const struct rlimit small = {16, before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto written = writeFileAtomically(path, std::string(4096, 'x'));
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        ::signal(SIGXFSZ, oldHandler);
        QVERIFY(!written);
        QCOMPARE(*readFile(path), std::string("old"));
        QCOMPARE(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}), 1);
    }
};

QTEST_GUILESS_MAIN(TestBaseValues)
#include "tst_base_values.moc"
