// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a time is written so that it reads back equal, and what is no time is none.

#include <core/base/iso_time.h>

#include <QTest>

using namespace signalbox;

class TestIsoTime : public QObject
{
    Q_OBJECT
private slots:
    void timesReadBackEqual()
    {
        QCOMPARE(isoTime(0), std::string("1970-01-01T00:00:00.000Z"));
        QCOMPARE(isoTime(1'764'230'130'250), std::string("2025-11-27T07:55:30.250Z"));
        for (const std::int64_t time :
             {std::int64_t{0}, std::int64_t{-1}, std::int64_t{951'782'400'000},
              std::int64_t{253'402'300'799'999}})
            QCOMPARE(*unixMsOfIsoTime(isoTime(time)), time);
        QVERIFY(isoTime(253'402'300'800'000).empty()); // the year 10000
    }

    void theFractionMayBeShort()
    {
        QCOMPARE(*unixMsOfIsoTime("1970-01-01T00:00:01Z"), std::int64_t{1000});
        QCOMPARE(*unixMsOfIsoTime("1970-01-01T00:00:01.5Z"), std::int64_t{1500});
    }

    void whatIsNoTimeIsNone_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* const text :
             {"", "Z", "1970-01-01", "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z",
              "1970-01-01T00:00:00", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1234Z",
              "1970-01-01T00:00:-1Z", "1970-01-01 00:00:00Z", "+970-01-01T00:00:00Z"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void whatIsNoTimeIsNone()
    {
        QFETCH(const QString, text);
        QVERIFY(!unixMsOfIsoTime(text.toStdString()));
    }
};

QTEST_GUILESS_MAIN(TestIsoTime)
#include "tst_iso_time.moc"
