// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the first Ctrl+C asks a long command to stop and does not end it, and afterwards signals
// do what they did before; what is told of its progress is a line a tenth.

#include <app/cli/long_work.h>

#include <QTest>

#include <algorithm>
#include <csignal>
#include <sstream>

using namespace signalbox;
using namespace signalbox::cli;

namespace {

int g_before = 0;

extern "C" void countBefore(int)
{
    ++g_before;
}

} // namespace

class TestLongWork : public QObject
{
    Q_OBJECT
private slots:
    void aSignalAsksOnceAndIsGivenBack_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("Ctrl+C") << SIGINT;
        QTest::newRow("end of the session") << SIGTERM;
    }
    void aSignalAsksOnceAndIsGivenBack()
    {
        QFETCH(int, number);
        g_before = 0;
        const auto found = std::signal(number, countBefore);
        {
            const StopRequest stop;
            QVERIFY(!*stop.flag());
            std::raise(number);
            QVERIFY(*stop.flag());
            QCOMPARE(g_before, 0);
            // The second one ends the program.
            QVERIFY(std::signal(number, SIG_IGN) == SIG_DFL);
        }
        std::raise(number);
        QCOMPARE(g_before, 1);
        QVERIFY(!*StopRequest().flag());
        std::signal(number, found);
    }

    void progressIsALineATenth()
    {
        std::istringstream in;
        std::ostringstream out;
        std::ostringstream err;
        const Streams streams{in, out, err};
        TenthsOfWork work(streams, "the logs read");
        for (std::size_t done = 0; done <= 200; ++done)
            work.tell(done, 200, std::to_string(done) + " requests");
        const std::string told = err.str();
        QCOMPARE(std::ranges::count(told, '\n'), 9);
        QVERIFY2(told.starts_with("10 % of the logs read, 20 requests\n20 % of"), told.c_str());
        QVERIFY(out.str().empty());
        work.tell(0, 0); // of nothing there is nothing to tell
        QCOMPARE(err.str(), told);
    }
};

QTEST_APPLESS_MAIN(TestLongWork)
#include "tst_long_work.moc"
