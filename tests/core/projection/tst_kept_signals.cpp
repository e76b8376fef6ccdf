// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: without its prompts a table is still projected to the same numbers by the policy whose
// signals were kept, and what can no longer be read is said.

#include <core/base/files.h>
#include <core/projection/kept_signals.h>
#include <core/projection/plan_replay.h>
#include <core/projection/projection.h>
#include <core/sample/support_desk.h>
#include <core/traffic/traffic_file.h>
#include <tests/support/small_traffic.h>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace signalbox;

namespace {

std::vector<double> numbersOf(const std::shared_ptr<const Traffic>& traffic,
                              const PolicyDocument& policy)
{
    SignalColumns columns(traffic);
    if (!columns.select(policy))
        return {};
    std::vector<double> numbers;
    for (std::size_t i = 0; i < policy.signalList.size(); ++i) {
        for (std::size_t row = 0; row < traffic->rowCount(); ++row) {
            const SignalSlot& value = columns.columns()[i]->at(row);
            numbers.push_back(static_cast<double>(value.kind) * 1e6 + value.number +
                              static_cast<double>(value.text.size()) * 1e3);
        }
    }
    return numbers;
}

} // namespace

class TestKeptSignals : public QObject
{
    Q_OBJECT
private slots:
    void aPolicyDecidesWithoutThePromptsAsWithThem()
    {
        const auto whole = test::smallTraffic();
        const PolicyDocument policy = supportDeskPolicy();
        const auto kept = withoutPrompts(whole, &policy);
        QVERIFY(kept.has_value());
        const QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "t";
        QVERIFY(saveTraffic(*kept, path).has_value());
        QVERIFY(readFile(path)->find("invoice") == std::string::npos);
        const auto file = TrafficFile::open(path);
        QVERIFY(file.has_value());
        QVERIFY(!file->traffic()->hasPrompts() && file->traffic()->promptsLeftOut);
        const std::vector<double> expected = numbersOf(whole, policy);
        QVERIFY(!expected.empty());
        QCOMPARE(numbersOf(file->traffic(), policy), expected);
    }

    void aSignalThatWasNotKeptIsSaid()
    {
        const auto whole = test::smallTraffic(20);
        PolicyDocument policy = supportDeskPolicy();
        const auto kept = std::make_shared<const Traffic>(withoutPrompts(whole, &policy).value());
        SignalColumns columns(kept);
        QVERIFY(columns.select(policy).has_value());
        Signal chars;
        chars.id = SignalId("new one");
        chars.source = MeasureSource{TextMeasure::Words, TextScope::AllUser};
        policy.signalList.push_back(chars);
        const auto selected = columns.select(policy);
        QVERIFY(!selected.has_value());
        QVERIFY(selected.error().message.find("\"new one\" reads prompts") != std::string::npos);
        // One that needs no words is read as ever.
        policy.signalList.back().source = FieldSource{RequestField::RequestedModel};
        QVERIFY(columns.select(policy).has_value());
    }

    void namesAndNotesOfOtherSignalsDoNotMatter()
    {
        const auto whole = test::smallTraffic(20);
        PolicyDocument policy = supportDeskPolicy();
        const auto kept = std::make_shared<const Traffic>(withoutPrompts(whole, &policy).value());
        for (Signal& signal : policy.signalList)
            signal.note = "for people";
        SignalColumns columns(kept);
        QVERIFY(columns.select(policy).has_value());
    }

    void tokensThatNobodyCountedStayEstimated()
    {
        Traffic uncounted = *test::smallTraffic(20);
        const auto recorded = uncounted.inputTokens;
        uncounted.inputTokens = std::vector<std::int32_t>(uncounted.rowCount(), -1);
        const auto whole = std::make_shared<const Traffic>(std::move(uncounted));
        const auto kept = std::make_shared<const Traffic>(withoutPrompts(whole, nullptr).value());
        const EvidenceTable evidence;
        const ReplayGround before(*whole, evidence);
        const ReplayGround after(*kept, evidence);
        for (std::size_t row = 0; row < whole->rowCount(); ++row) {
            QCOMPARE(after.inputTokens(row), before.inputTokens(row));
            QVERIFY(after.inputTokens(row) > 0);
        }
    }

    void requestsWithoutAnIdGetOne()
    {
        Traffic nameless = *test::smallTraffic(20);
        nameless.requestIds = {};
        const Traffic kept =
            withoutPrompts(std::make_shared<const Traffic>(std::move(nameless)), nullptr).value();
        QCOMPARE(std::string(kept.requestId(3)), std::string("request 4"));
    }
};

QTEST_GUILESS_MAIN(TestKeptSignals)
#include "tst_kept_signals.moc"
