// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: segments divide traffic and lab prompts alike: a condition means what a rule's means,
// tags keep their frequent values, prompts get the segment of the requests that repeat them, and
// what answers cover of each segment is counted as by hand.

#include <core/base/random.h>
#include <core/projection/evidence_cover.h>
#include <core/projection/kept_signals.h>
#include <core/routing/compiled_policy.h>
#include <core/sample/support_desk.h>
#include <core/segments/cluster_segments.h>
#include <core/segments/condition_segments.h>
#include <core/segments/prompt_segments.h>
#include <core/segments/tag_segments.h>
#include <core/segments/traffic_segments.h>
#include <core/traffic/traffic_builder.h>
#include <core/traffic/traffic_file.h>
#include <tests/support/hand_made_traffic.h>
#include <tests/support/policy_builder.h>
#include <tests/support/small_traffic.h>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

using namespace signalbox;
using namespace signalbox::test;

namespace {

PolicyDocument signalsOfAllKinds()
{
    return PolicyBuilder()
        .measure("chars", TextMeasure::Chars)
        .measure("said", TextMeasure::Words, TextScope::AllUser)
        .keywords("legal words", {"legal", "court"}, KeywordMatch::Word)
        .regex("number", "[0-9]{3}")
        .signal("script", ScriptSource{})
        .signal("turn", FieldSource{RequestField::Turn, {}})
        .signal("style", StyleSource{})
        .metadata("plan")
        .metadata("seats", ValueType::Number)
        .signal("score", ScoreSource{1,
                                     {},
                                     9.0,
                                     {{3, when("legal words")},
                                      {2, when("chars", CompareOp::Gt, 12)},
                                      {4, when("plan", CompareOp::Eq, "pro")}}});
}

Request randomRequest(Random& random, int number)
{
    const auto one = [&](std::initializer_list<const char*> texts) {
        return std::string(*(texts.begin() + random.below(texts.size())));
    };
    Request request;
    request.requestId = "r" + std::to_string(number);
    for (std::uint64_t turn = random.below(3); turn > 0; --turn) {
        request.messages.push_back({Role::User, one({"hello", "", "a court, 12345"})});
        request.messages.push_back({Role::Assistant, "yes"});
    }
    request.messages.push_back(
        {Role::User, one({"legal 42", "is it 123?", "", "привет", "legalese", "long words only"})});
    if (random.chance(0.5))
        request.style = one({"concise", "balanced", "detailed", "odd"});
    if (random.chance(0.7))
        request.metadata.push_back({"plan", one({"pro", "free", "team"})});
    if (random.chance(0.6))
        request.metadata.push_back({"seats", double(random.below(10))});
    return request;
}

std::vector<Request> randomRequests(int count)
{
    Random random(17);
    std::vector<Request> requests;
    for (int i = 0; i < count; ++i)
        requests.push_back(randomRequest(random, i));
    return requests;
}

/// Requests with a plan each, some of them repeating a lab prompt.
struct Row
{
    const char* plan;
    const char* prompt = nullptr;
    const char* segment = "logged";
};
std::shared_ptr<const Traffic> rowsOf(const std::vector<Row>& rows)
{
    TrafficBuilder builder;
    for (const Row& row : rows) {
        Request request = ask("x");
        if (*row.plan != '\0')
            request.metadata.push_back({"plan", std::string(row.plan)});
        RequestNote note;
        note.segment = row.segment;
        if (row.prompt)
            note.promptId = row.prompt;
        if (!builder.add(request, note))
            qFatal("a row was refused");
    }
    return std::make_shared<const Traffic>(builder.take("rows").value());
}

EvidenceTable evidenceOf(const std::vector<std::pair<const char*, const char*>>& prompts)
{
    std::vector<Answer> answers;
    for (const auto& [prompt, segment] : prompts) {
        Answer answer;
        answer.prompt = PromptId(prompt);
        answer.model = ModelId("m");
        answer.segment = segment;
        answer.text = "An answer.";
        answers.push_back(answer);
    }
    return buildEvidenceTable(answers, {}, 0);
}

std::string segmentOf(const EvidenceTable& table, const char* prompt)
{
    const int at = table.promptIndex(PromptId(prompt));
    return at < 0 ? std::string() : table.segments[table.segmentOf[static_cast<std::size_t>(at)]];
}

std::vector<WrittenSegment> byWords()
{
    return {{"Expert", "`expert words`"}, {"Long", "chars > 120"}, {"Asks", "asks"}};
}

PromptMessages samplePrompts()
{
    PromptMessages messages;
    for (const SamplePrompt& prompt : supportDeskPrompts())
        messages[prompt.id] = {{Role::System, prompt.systemPrompt, 0},
                               {Role::User, prompt.text, 0}};
    return messages;
}

} // namespace

class TestSegments : public QObject
{
    Q_OBJECT
private slots:
    void aConditionMeansWhatARuleMeans()
    {
        const std::vector<std::vector<WrittenSegment>> all = {
            {{"a", "chars > 9 and not `legal words`"}, {"b", "number or plan = \"pro\""}},
            {{"a", "score >= {concise: 8, balanced: 5, detailed: 3}"}, {"b", "seats exists"}},
            {{"a", "plan in (\"pro\", \"team\") and seats < 5"},
             {"b", "script = \"Cyrillic\""},
             {"c", "style = \"concise\""},
             {"d", "turn > 1 or said > 4"}},
            {{"a", "never"}, {"b", "always"}, {"c", "chars > 0"}},
            {{"a", "plan contains \"re\" and turn = 1"}, {"b", "not (seats != 3)"}}};
        const std::vector<Request> requests = randomRequests(600);
        const auto traffic = trafficOf(requests);
        for (const DecisionUnit unit : {DecisionUnit::Request, DecisionUnit::Conversation}) {
            PolicyDocument policy = signalsOfAllKinds();
            policy.decideBy = unit;
            for (const auto& written : all) {
                const auto made = segmentsByCondition(written, policy);
                QVERIFY2(made.has_value(), made ? "" : toString(made.error()).c_str());
                PolicyDocument ruled = policy;
                for (std::size_t i = 0; i < written.size(); ++i) {
                    Rule rule;
                    rule.id = RuleId(written[i].name);
                    rule.when = std::get<SegmentsByCondition>(made->by).segments[i].when;
                    rule.plan = ruled.otherwise;
                    ruled.rules.push_back(rule);
                }
                const CompiledPolicy compiled = CompiledPolicy::compile(ruled).value();
                CompiledPolicy::Scratch scratch(compiled);
                const RowSegments rows = segmentRows(*made, traffic).value();
                std::set<std::uint16_t> seen;
                for (std::size_t row = 0; row < requests.size(); ++row) {
                    const int rule = compiled.decide(requests[row], scratch).rule;
                    QCOMPARE(rows.names[rows.of[row]],
                             rule < 0 ? std::string("Other")
                                      : written[static_cast<std::size_t>(rule)].name);
                    seen.insert(rows.of[row]);
                }
                QVERIFY(!seen.empty());
            }
        }
    }

    void conditionsThatCannotBeAreRefused()
    {
        const auto refusal = [](std::vector<WrittenSegment> written) {
            PolicyDocument policy = signalsOfAllKinds();
            policy.signalList.push_back(
                {SignalId("rate"), UsageSource{UsageMeasure::Requests, UsageUnit::All, 60}, {}});
            const auto made = segmentsByCondition(written, policy);
            return made ? std::string() : toString(made.error());
        };
        const auto says = [](const std::string& text, const char* part) {
            return text.find(part) != std::string::npos;
        };
        QVERIFY(says(refusal({}), "no segment"));
        QVERIFY(says(refusal({{"Long", "chars >"}}), "Long, column 8"));
        QVERIFY(says(refusal({{"Long", "chras > 1"}}), "chras"));
        QVERIFY(says(refusal({{"Long", "chars = \"x\""}}), "chars"));
        QVERIFY(says(refusal({{"Other", "chars > 1"}}), "another segment"));
        QVERIFY(says(refusal({{"a", "chars > 1"}, {"a", "chars > 2"}}), "another segment"));
        QVERIFY(says(refusal({{"Busy", "rate > 10"}}), "meter"));
    }

    void aSegmentationKeepsOnlyTheSignalsThatItReads()
    {
        const auto made = segmentsByCondition({{"a", "score > 3"}}, signalsOfAllKinds());
        std::vector<std::string> ids;
        for (const Signal& signal : made->signalList)
            ids.push_back(signal.id.value);
        QCOMPARE(ids, (std::vector<std::string>{"chars", "legal words", "style", "plan", "score"}));
    }

    void frequentTagsAreSegmentsAndTheRestIsOther()
    {
        std::vector<Request> requests;
        const auto add = [&](int count, const Scalar& value) {
            for (int i = 0; i < count; ++i) {
                requests.push_back(ask("x"));
                requests.back().metadata.push_back({"plan", value});
            }
        };
        add(5, "b");
        add(5, "a");
        add(7, 12.0);
        add(3, true);
        add(2, "Other");
        add(4, std::string("two\nlines"));
        add(1, "");
        requests.resize(requests.size() + 6, ask("x"));
        for (int i = 0; i < 50; ++i)
            add(1, "rare " + std::to_string(i));
        const auto traffic = trafficOf(requests);
        const auto found = segmentsByTag(*traffic, "plan", 4);
        QCOMPARE(std::get<SegmentsByTag>(found->segmentation.by).values,
                 (std::vector<std::string>{"12", "a", "b", "true"}));
        QCOMPARE(found->values, std::size_t{56});
        QCOMPARE(found->inTheRest, std::size_t{2 + 4 + 50});
        QCOMPARE(found->without, std::size_t{7});
        const RowSegments rows = segmentRows(found->segmentation, traffic).value();
        std::map<std::string, std::size_t> counts;
        for (const std::uint16_t segment : rows.of)
            ++counts[rows.names[segment]];
        QCOMPARE(
            counts,
            (std::map<std::string, std::size_t>{
                {"12", 7}, {"a", 5}, {"b", 5}, {"true", 3}, {"Other", 56}, {"unlabelled", 7}}));
    }

    void aTagThatNobodyHasIsRefusedWithThoseThatAreThere()
    {
        const auto found = segmentsByTag(*rowsOf({{"pro"}, {"free"}}), "plna");
        QCOMPARE(int(found.error().code), int(ErrorCode::NotFound));
        QVERIFY(toString(found.error()).find("they have plan") != std::string::npos);
        QVERIFY(toString(segmentsByTag(*rowsOf({{""}}), "plan").error()).find("no metadata") !=
                std::string::npos);
    }

    void everythingButTheSegmentsStays()
    {
        const auto traffic = test::smallTraffic();
        const auto made = segmentsByCondition({{"Expert", "`expert words`"}, {"Empty", "never"}},
                                              supportDeskPolicy());
        const RowSegments rows = segmentRows(*made, traffic).value();
        const Traffic segmented = withSegments(*traffic, rows);
        QCOMPARE(segmented.segments, (std::vector<std::string>{"Expert", "Other"}));
        Traffic same = segmented;
        same.segments = traffic->segments;
        same.segmentOf = traffic->segmentOf;
        QVERIFY(same == *traffic);
        for (std::size_t row = 0; row < rows.of.size(); ++row)
            QCOMPARE(segmented.segments[segmented.segmentOf[row]], rows.names[rows.of[row]]);
        const QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "t";
        QVERIFY(saveTraffic(segmented, path).has_value());
        QVERIFY(*TrafficFile::open(path)->traffic() == segmented);
    }

    void whatWasKeptOfPromptsIsEnough()
    {
        const auto whole = test::smallTraffic();
        const PolicyDocument policy = supportDeskPolicy();
        const auto kept = std::make_shared<const Traffic>(withoutPrompts(whole, &policy).value());
        const auto expression = segmentsByCondition(byWords(), policy);
        QCOMPARE(segmentRows(*expression, kept)->of, segmentRows(*expression, whole)->of);
        const auto clusters = segmentsByCluster(kept, policy);
        QVERIFY2(clusters.has_value(), clusters ? "" : toString(clusters.error()).c_str());
        QVERIFY(clusters->segmentation == segmentsByCluster(whole, policy)->segmentation);
        // Another policy's signals were not kept.
        const auto other = segmentsByCondition({{"Long", "said > 9"}}, signalsOfAllKinds());
        const auto refused = segmentRows(*other, kept);
        QVERIFY(!refused.has_value());
        QVERIFY(refused.error().message.find("\"said\"") != std::string::npos);
    }

    void promptsGetTheSegmentsOfTheRequestsThatRepeatThem()
    {
        const auto traffic = std::make_shared<const Traffic>(supportDeskTraffic());
        EvidenceTable evidence =
            buildEvidenceTable(supportDeskEvidence(supportDeskPolicy().models, 1), {}, 0);
        const auto made = segmentsByCondition(byWords(), supportDeskPolicy());
        const RowSegments rows = segmentRows(*made, traffic).value();
        const auto prompts =
            segmentPrompts(*made, evidence.prompts, samplePrompts(), *traffic, rows);
        QCOMPARE(prompts->byWords, evidence.prompts.size());
        setSegments(evidence, *prompts);
        QVERIFY(std::ranges::is_sorted(evidence.segments));
        std::size_t repeated = 0;
        for (std::size_t row = 0; row < traffic->rowCount(); ++row) {
            if (traffic->promptOf[row] == Traffic::kNone)
                continue;
            ++repeated;
            QCOMPARE(segmentOf(evidence, traffic->prompts[traffic->promptOf[row]].value.c_str()),
                     rows.names[rows.of[row]]);
        }
        QVERIFY(repeated > 1000);
        // So nothing is borrowed, and the whole goes on as if the log had said so.
        const EvidenceCover cover = coverOf(withSegments(*traffic, rows), evidence);
        QCOMPARE(cover.borrowed(), std::size_t{0});
    }

    void promptsWithoutWordsGoByTheirRequests()
    {
        const auto traffic = rowsOf({{"pro", "p1"},
                                     {"pro", "p1"},
                                     {"free", "p1"},
                                     {"free", "p2"},
                                     {"pro", "p2"},
                                     {"team"}});
        const auto found = segmentsByTag(*traffic, "plan");
        const RowSegments rows = segmentRows(found->segmentation, traffic).value();
        EvidenceTable evidence = evidenceOf({{"p1", "logged"}, {"p2", "logged"}, {"p3", "mine"}});
        const auto prompts =
            segmentPrompts(found->segmentation, evidence.prompts,
                           {{PromptId("p3"), {{Role::User, "x", 0}}}}, *traffic, rows);
        QCOMPARE(prompts->byWords, std::size_t{0}); // words have no tag
        QCOMPARE(prompts->byRequests, std::size_t{2});
        QCOMPARE(prompts->kept, std::size_t{1});
        setSegments(evidence, *prompts);
        QCOMPARE(segmentOf(evidence, "p1"), std::string("pro"));  // twice of three times
        QCOMPARE(segmentOf(evidence, "p2"), std::string("pro"));  // as often: the first segment
        QCOMPARE(segmentOf(evidence, "p3"), std::string("mine")); // its own
        std::vector<Answer> answers(1);
        answers[0].prompt = PromptId("p1");
        setSegments(answers, *prompts);
        QCOMPARE(answers[0].segment, std::string("pro"));
    }

    void whatOnlyCallersKnowIsTakenFromTheRequests()
    {
        const PolicyDocument policy =
            PolicyBuilder().measure("chars", TextMeasure::Chars).metadata("plan");
        const auto made =
            segmentsByCondition({{"Pro", "plan = \"pro\""}, {"Long", "chars > 3"}}, policy);
        const auto traffic = rowsOf({{"pro", "p1"}, {"free", "p2"}});
        const RowSegments rows = segmentRows(*made, traffic).value();
        const PromptMessages words = {{PromptId("p1"), {{Role::User, "x", 0}}},
                                      {PromptId("p3"), {{Role::User, "long enough", 0}}}};
        const auto prompts = segmentPrompts(*made, {PromptId("p1"), PromptId("p2"), PromptId("p3")},
                                            words, *traffic, rows);
        QCOMPARE(prompts->of.at(PromptId("p1")), std::string("Pro"));
        QCOMPARE(prompts->of.at(PromptId("p2")), std::string("Other"));
        QCOMPARE(prompts->of.at(PromptId("p3")), std::string("Long")); // nobody repeats it
        QCOMPARE(prompts->byWords, std::size_t{1});
    }

    void coverageIsCountedPerSegment()
    {
        // a: two repeat an answered prompt, one stands in. b: one repeats a prompt without an
        // answer, one none, and no prompt is of b. c: only its own.
        const auto traffic = rowsOf({{"", "p1", "a"},
                                     {"", "p1", "a"},
                                     {"", nullptr, "a"},
                                     {"", "p9", "b"},
                                     {"", nullptr, "b"},
                                     {"", "p2", "c"}});
        const EvidenceTable evidence = evidenceOf({{"p1", "a"}, {"p2", "a"}, {"p3", "z"}});
        const EvidenceCover cover = coverOf(*traffic, evidence);
        QCOMPARE(cover.segments.size(), std::size_t{3});
        const auto counts = [&](std::size_t i) {
            const EvidenceCover::Segment& segment = cover.segments[i];
            return std::vector<std::size_t>{segment.requests, segment.prompts, segment.own,
                                            segment.borrowed};
        };
        QCOMPARE(counts(0), (std::vector<std::size_t>{3, 2, 2, 0}));
        QCOMPARE(counts(1), (std::vector<std::size_t>{2, 0, 0, 2}));
        QCOMPARE(counts(2), (std::vector<std::size_t>{1, 0, 1, 0}));
        QCOMPARE(cover.uncovered, (std::vector<std::string>{"b"}));
        QCOMPARE(cover.segments[1].name, std::string("b"));
    }
};

QTEST_GUILESS_MAIN(TestSegments)
#include "tst_segments.moc"
