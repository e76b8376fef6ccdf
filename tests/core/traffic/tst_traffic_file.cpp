// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a table comes back from its file as it was; every damage ends in one sentence; what
// stands in a file that somebody forged is never read beyond its end.

#include "table_rows.h"

#include <core/base/crc32c.h>
#include <core/base/files.h>
#include <core/base/random.h>
#include <core/traffic/traffic_file.h>
#include <core/traffic/traffic_summary.h>

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cstring>

using namespace signalbox;
using namespace signalbox::test;

namespace {

class Folder
{
public:
    [[nodiscard]] std::filesystem::path path(const char* name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }

private:
    QTemporaryDir m_folder;
};

std::string fileBytes()
{
    static const std::string bytes = [] {
        const Folder folder;
        if (!saveTraffic(fullTable(), folder.path("t")))
            qFatal("cannot save");
        return readFile(folder.path("t")).value();
    }();
    return bytes;
}

template<class T> T at(const std::string& bytes, std::size_t offset)
{
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

template<class T> void put(std::string& bytes, std::size_t offset, T value)
{
    std::memcpy(bytes.data() + offset, &value, sizeof value);
}

/// Makes the sums right again, as somebody who forges a file would.
std::string summed(std::string bytes)
{
    const auto directory = at<std::uint64_t>(bytes, 32);
    const auto size = at<std::uint64_t>(bytes, 40);
    if (directory <= bytes.size() && size <= bytes.size() - directory)
        put(bytes, 48, crc32c(std::string_view(bytes).substr(directory, size)));
    put(bytes, 56, crc32c(std::string_view(bytes).substr(0, 56)));
    return bytes;
}

/// Touches all that a table holds.
std::size_t readAll(const Traffic& traffic)
{
    std::size_t bytes = summaryOf(traffic).rows;
    RequestReader reader(traffic);
    for (std::size_t row = 0; row < traffic.rowCount(); ++row) {
        for (const Message& message : reader.at(row).messages)
            bytes += message.text.size();
        bytes += traffic.messages.answerOf(row).size() + traffic.tagsOf(row).size() +
                 traffic.metadataOf(row).size() + traffic.lastUserMessage(row).size();
        bytes += traffic.servedModel[row].size() + traffic.requestId(row).size();
    }
    for (std::size_t i = 0; i < traffic.attempts.size(); ++i)
        bytes += traffic.attempts.model[i].size();
    return bytes;
}

} // namespace

class TestTrafficFile : public QObject
{
    Q_OBJECT
private slots:
    void aTableComesBackAsItWas()
    {
        const Folder folder;
        const Traffic traffic = fullTable();
        QVERIFY(saveTraffic(traffic, folder.path("t")).has_value());
        const auto file = TrafficFile::open(folder.path("t"));
        QVERIFY(file.has_value());
        QVERIFY(file->verify().has_value());
        QVERIFY(*file->traffic() == traffic);
        for (std::size_t row = 0; row < traffic.rowCount(); ++row)
            QVERIFY(file->traffic()->request(row) == traffic.request(row));
        // The table stays when the file's object is gone.
        std::shared_ptr<const Traffic> kept;
        {
            const auto again = TrafficFile::open(folder.path("t"));
            kept = again->traffic();
        }
        QVERIFY(*kept == traffic);
    }

    void anEmptyTableIsATableToo()
    {
        const Folder folder;
        QVERIFY(saveTraffic(Traffic(), folder.path("t")).has_value());
        const auto file = TrafficFile::open(folder.path("t"));
        QVERIFY(file.has_value());
        QCOMPARE(file->traffic()->rowCount(), std::size_t(0));
        QVERIFY(file->verify().has_value());
    }

    void signalsInPlaceOfPromptsAreKept()
    {
        Traffic traffic = fullTable();
        NameColumnBuilder values;
        values.set(2, "n");
        traffic.signalValues = {{"{\"signal\":1}", values.take(4, {})}};
        traffic.messages = {};
        traffic.promptsLeftOut = true;
        const Folder folder;
        QVERIFY(saveTraffic(traffic, folder.path("t")).has_value());
        QVERIFY(*TrafficFile::open(folder.path("t"))->traffic() == traffic);
    }

    void everyDamageEndsInASentence_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const std::string& bytes, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(says);
        };
        const std::string whole = fileBytes();
        row("nothing", "", "no traffic table");
        row("another file", "{\"messages\":[]}\n", "no traffic table");
        std::string text = whole;
        text.erase(text.find('\r'), 1);
        row("copied as text", text, "no traffic table");
        row("the header cut", whole.substr(0, 40), "ends inside its header");
        row("the end cut", whole.substr(0, whole.size() - 1), "bytes long instead of");
        row("half of it", whole.substr(0, whole.size() / 2), "bytes long instead of");
        row("something behind", whole + "x", "bytes long instead of");
        std::string newer = whole;
        put<std::uint32_t>(newer, 8, 2);
        row("a newer version", newer, "newer version");
        std::string header = whole;
        put<std::uint64_t>(header, 24, 5);
        row("another count of rows", header, "header is not what was written");
        row("another count, forged", summed(header), "do not fit together");
        std::string directory = whole;
        directory[directory.size() - 10] ^= 1;
        row("the directory", directory, "directory is not what was written");
        std::string far = whole;
        put<std::uint64_t>(far, 32, ~std::uint64_t{0} - 10);
        row("a directory beyond the end", summed(far), "directory is not inside");
        std::string offset = whole;
        const auto first = at<std::uint64_t>(whole, 32);
        put<std::uint64_t>(offset, first + 40, ~std::uint64_t{0} - 63);
        row("a section beyond the end", summed(offset), "sections is not inside");
        std::string size = whole;
        put<std::uint64_t>(size, first + 48, ~std::uint64_t{0});
        row("a section too long", summed(size), "sections is not inside");
        std::string width = whole;
        put<std::uint32_t>(width, first + 64 + 32, 8);
        row("other numbers", summed(width), "conversation");
        std::string about = whole;
        about[64] = 'x';
        row("no JSON", about, "about itself");
        std::string rising = whole;
        put<std::uint32_t>(rising, at<std::uint64_t>(whole, first + 64 + 40), 1'000'000'000);
        row("conversations that jump", rising, "do not fit together");
    }

    void everyDamageEndsInASentence()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QByteArray, says);
        const Folder folder;
        QVERIFY(writeFileAtomically(folder.path("t"), bytes.toStdString()).has_value());
        const auto file = TrafficFile::open(folder.path("t"));
        QVERIFY(!file.has_value());
        QVERIFY2(QByteArray::fromStdString(file.error().message).contains(says),
                 file.error().message.c_str());
        QCOMPARE(file.error().where, folder.path("t").string());
    }

    void aByteThatChangedIsFoundByTheCheck()
    {
        const std::string whole = fileBytes();
        std::string text = whole;
        const std::size_t at = text.rfind("And then?");
        QVERIFY(at != std::string::npos);
        text[at] = 'O';
        const auto file = TrafficFile::read(text);
        QVERIFY(file.has_value()); // opening does not read the texts
        const auto checked = file->verify();
        QVERIFY(!checked.has_value());
        QVERIFY(checked.error().message.find("\"message.bytes\"") != std::string::npos);
    }

    void aForgedTableIsReadWithinItsEnds()
    {
        const std::string whole = fileBytes();
        Random random(7);
        int opened = 0;
        for (int i = 0; i < 4000; ++i) {
            std::string bytes = whole;
            for (std::uint64_t flips = 1 + random.below(6); flips > 0; --flips)
                bytes[64 + random.below(bytes.size() - 64)] = static_cast<char>(random.below(256));
            const auto held = std::make_unique<std::string>(summed(bytes)); // its end is watched
            const auto file = TrafficFile::read(*held);
            if (!file)
                continue;
            ++opened;
            QVERIFY(readAll(*file->traffic()) < std::size_t{1} << 30);
        }
        QVERIFY2(opened > 1000, qPrintable(QString::number(opened)));
    }

    void aSavingThatIsStoppedLeavesTheOldFile()
    {
        const Folder folder;
        QVERIFY(writeFileAtomically(folder.path("t"), "old").has_value());
        const std::atomic<bool> stop{true};
        TrafficSaveOptions options;
        options.stop = &stop;
        const auto saved = saveTraffic(fullTable(), folder.path("t"), options);
        QVERIFY(!saved.has_value());
        QCOMPARE(saved.error().code, ErrorCode::Cancelled);
        QCOMPARE(readFile(folder.path("t")).value(), std::string("old"));
        QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path("t").parent_path()),
                               std::filesystem::directory_iterator()),
                 std::ptrdiff_t(1));
    }

    void theSumIsCastagnolis()
    {
        QCOMPARE(crc32c("123456789"), 0xE3069283U);
        QCOMPARE(crc32c(""), 0U);
        const std::string bytes = fileBytes();
        QCOMPARE(crc32c(bytes), base_detail::plainCrc32c(bytes));
        QCOMPARE(crc32c(std::string_view(bytes).substr(13), crc32c(bytes.substr(0, 13))),
                 crc32c(bytes));
    }
};

QTEST_GUILESS_MAIN(TestTrafficFile)
#include "tst_traffic_file.moc"
