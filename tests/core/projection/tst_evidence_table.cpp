// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: recorded answers become columns without inventing anything: the newest of equal answers
// counts, failures are attempts, missing stays missing, the answer style comes before every
// measure, and voices are only compared on common prompts.

#include <core/base/random.h>
#include <core/projection/evidence_table.h>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

using namespace signalbox;

namespace {

std::string promptName(int number)
{
    char name[16];
    std::snprintf(name, sizeof name, "p%03d", number);
    return name;
}

Answer answerOf(const std::string& model, int prompt, const std::string& text, int sample = 0)
{
    Answer answer;
    answer.model = ModelId(model);
    answer.prompt = PromptId(promptName(prompt));
    answer.segment = prompt % 2 ? "odd" : "even";
    answer.sample = sample;
    answer.text = text;
    answer.outputTokens = 10;
    answer.firstTokenMs = 100;
    answer.totalMs = 300;
    answer.satisfied = 1;
    return answer;
}

/// Plain sentences, different for each prompt.
std::string plainText(int prompt, int sample = 0)
{
    static const char* const kNouns[] = {"parcel", "invoice", "account", "refund", "password"};
    static const char* const kVerbs[] = {"arrives", "changes", "opens", "closes", "waits"};
    Random random(static_cast<std::uint64_t>(prompt * 2 + sample + 1));
    std::string text;
    for (int sentence = 0; sentence < 4; ++sentence)
        text += std::string("The ") + kNouns[random.below(5)] + ' ' + kVerbs[random.below(5)] +
                " on day " + std::to_string(random.below(30)) + ". ";
    return text;
}

/// The same in another voice: warm, bold, with bullet points.
std::string warmText(int prompt)
{
    return "Certainly! I'd be happy to help you with that.\n\n- **" + plainText(prompt) +
           "**\n- Please don't worry!\n\nLet me know if you have any other questions!";
}

std::vector<Answer> twoVoices(int prompts)
{
    std::vector<Answer> answers;
    for (int p = 0; p < prompts; ++p) {
        answers.push_back(answerOf("plain", p, plainText(p)));
        answers.push_back(answerOf("warm", p, warmText(p)));
    }
    return answers;
}

} // namespace

class TestEvidenceTable : public QObject
{
    Q_OBJECT
private slots:
    void columnsAreMeansOverSamples()
    {
        std::vector<Answer> answers = {answerOf("m", 1, "One."), answerOf("m", 1, "Two.", 1)};
        answers[1].firstTokenMs = 300;
        answers[1].outputTokens.reset();
        answers[1].satisfied = 0;
        const EvidenceTable table = buildEvidenceTable(answers);
        QCOMPARE(table.answers, std::size_t{2});
        QCOMPARE(table.segments, std::vector<std::string>{"odd"});
        const auto& columns = table.columns.front();
        QCOMPARE(columns.firstTokenMs.front(), 200.0);
        QCOMPARE(columns.outputTokens.front(), 10.0); // of the answer that has a count
        QCOMPARE(columns.satisfied.front(), 0.5);
        QCOMPARE(columns.firstTokenSamples.front(), (std::vector<double>{100, 300}));
        QCOMPARE(columns.samples.front().size(), std::size_t{2});
        QVERIFY(std::isnan(columns.samples.front()[1].outputTokens));
    }

    void failuresAreAttemptsButNoAnswers()
    {
        std::vector<Answer> answers = {answerOf("m", 0, "Fine."), answerOf("m", 1, ""),
                                       answerOf("m", 2, "half")};
        answers[1].state = AnswerState::Failed;
        answers[1].failure = "The provider answered 429: too many requests.";
        answers[1].totalMs = 40;
        answers[2].state = AnswerState::Stopped;
        const EvidenceTable table = buildEvidenceTable(answers);
        QCOMPARE(table.answers, std::size_t{1});
        QCOMPARE(table.prompts.size(), std::size_t{2}); // a stopped answer is no attempt
        const auto& columns = table.columns.front();
        QCOMPARE(columns.failureShare, 0.5);
        QCOMPARE(columns.failureKind, AttemptFailure::RateLimit);
        QCOMPARE(columns.failingMs, std::vector<double>{40});
        QCOMPARE(columns.failed, (std::vector<double>{0, 1}));
        QVERIFY(std::isnan(columns.satisfied[1]));
    }

    void readsTheKindOfAFailure_data()
    {
        QTest::addColumn<QString>("sentence");
        QTest::addColumn<int>("kind");
        const auto row = [](const char* name, const char* sentence, AttemptFailure kind) {
            QTest::newRow(name) << QString::fromUtf8(sentence) << int(kind);
        };
        row("limit", "Rate limit reached.", AttemptFailure::RateLimit);
        row("our limit", "127.0.0.1:8080: 127.0.0.1:8080 takes no more requests for now.",
            AttemptFailure::RateLimit);
        row("a port like a limit", "127.0.0.1:8429: 127.0.0.1:8429 failed with status 500.",
            AttemptFailure::ServerError);
        row("a refused key", "api.example: api.example refused the key.",
            AttemptFailure::ServerError);
        row("our time", "api.example: api.example did not finish the answer in time.",
            AttemptFailure::Timeout);
        row("silence", "api.example: api.example has sent nothing for too long.",
            AttemptFailure::Timeout);
        row("unreachable", "127.0.0.1:9: 127.0.0.1:9 cannot be reached.", AttemptFailure::Connect);
        row("time", "Timed out after 60 s.", AttemptFailure::Timeout);
        row("refused", "Connection refused.", AttemptFailure::Connect);
        row("cut", "The stream was cut off.", AttemptFailure::BadAnswer);
        row("server", "Internal server error.", AttemptFailure::ServerError);
    }

    void readsTheKindOfAFailure()
    {
        QFETCH(QString, sentence);
        QFETCH(int, kind);
        std::vector<Answer> answers = {answerOf("m", 0, "")};
        answers[0].state = AnswerState::Failed;
        answers[0].failure = sentence.toStdString();
        QCOMPARE(int(buildEvidenceTable(answers).columns.front().failureKind), kind);
    }

    void aRecordedKindIsNotGuessed_data()
    {
        QTest::addColumn<int>("recorded");
        QTest::addColumn<int>("kind");
        const auto row = [](FailureKind recorded, AttemptFailure kind) {
            QTest::newRow(failureKindName(recorded)) << int(recorded) << int(kind);
        };
        row(FailureKind::Connect, AttemptFailure::Connect);
        row(FailureKind::NameUnknown, AttemptFailure::Connect);
        row(FailureKind::Untrusted, AttemptFailure::Connect);
        row(FailureKind::ConnectTimeout, AttemptFailure::Connect);
        row(FailureKind::NoBeginning, AttemptFailure::Timeout);
        row(FailureKind::QuotaUsedUp, AttemptFailure::RateLimit);
        row(FailureKind::Timeout, AttemptFailure::Timeout);
        row(FailureKind::Stalled, AttemptFailure::Timeout);
        row(FailureKind::RateLimit, AttemptFailure::RateLimit);
        row(FailureKind::Auth, AttemptFailure::ServerError);
        row(FailureKind::NotFound, AttemptFailure::ServerError);
        row(FailureKind::ServerError, AttemptFailure::ServerError);
        row(FailureKind::Protocol, AttemptFailure::BadAnswer);
        row(FailureKind::Truncated, AttemptFailure::BadAnswer);
        row(FailureKind::ContentFilter, AttemptFailure::ContentFilter);
    }
    void aRecordedKindIsNotGuessed()
    {
        QFETCH(const int, recorded);
        QFETCH(const int, kind);
        std::vector<Answer> answers = {answerOf("m", 0, "")};
        answers[0].state = AnswerState::Failed;
        answers[0].failureKind = FailureKind(recorded);
        answers[0].failure = "Connection refused: rate limit, timed out, cut off.";
        QCOMPARE(int(buildEvidenceTable(answers).columns.front().failureKind), kind);
    }

    void theNewestOfEqualAnswersCounts()
    {
        std::vector<Answer> answers = {answerOf("m", 0, "New."), answerOf("m", 0, "Old.")};
        answers[0].recordedAtMs = 2;
        answers[1].recordedAtMs = 1;
        answers[1].satisfied = 0;
        const EvidenceTable table = buildEvidenceTable(answers);
        QCOMPARE(table.answers, std::size_t{1});
        QCOMPARE(table.columns.front().satisfied.front(), 1.0);
    }

    void onlyAnswersUnderThePresentStyleGuideCount()
    {
        std::vector<Answer> answers = {answerOf("m", 0, "Old guide."), answerOf("m", 1, "New.")};
        answers[0].styleGuide = "Be long.";
        answers[0].recordedAtMs = 1;
        answers[1].recordedAtMs = 2;
        QCOMPARE(buildEvidenceTable(answers).answers, std::size_t{1}); // the newest one's guide
        EvidenceOptions options;
        options.models.resize(2);
        options.models[0].id = ModelId("other");
        options.models[1].id = ModelId("m");
        options.models[1].styleGuide = "Be long.";
        const EvidenceTable table = buildEvidenceTable(answers, options);
        QCOMPARE(table.models, std::vector<ModelId>{ModelId("m")});
        QCOMPARE(table.prompts, std::vector<PromptId>{PromptId("p000")});
    }

    void theStyleComesBeforeTheOutcome()
    {
        const std::vector<Answer> answers = {
            answerOf("m", 0, "The first sentence says it. The second one names the fact.")};
        AnswerStyle style;
        style.maxWords = 6;
        const auto namesTheFact = [](const PromptId&, const std::string& text) {
            return text.find("fact") == std::string::npos ? 0.0 : 1.0;
        };
        QCOMPARE(buildEvidenceTable(answers, style, 0, namesTheFact).columns[0].satisfied[0], 0.0);
        QCOMPARE(buildEvidenceTable(answers, {}, 0, namesTheFact).columns[0].satisfied[0], 1.0);
        const EvidenceTable unchecked = buildEvidenceTable(answers, style, 0);
        QCOMPARE(unchecked.columns[0].satisfied[0], 1.0); // the recorded one, and it says so
        QCOMPARE(unchecked.unremeasuredOutcomes, std::size_t{1});
        style.maxWords = 60;
        QCOMPARE(buildEvidenceTable(answers, style, 0).unremeasuredOutcomes, std::size_t{0});
    }

    void voicesAreComparedOnCommonPrompts()
    {
        std::vector<Answer> answers = twoVoices(60);
        answers.pop_back(); // "warm" lacks one prompt
        const EvidenceTable table = buildEvidenceTable(answers);
        QCOMPARE(table.voices.models, (std::vector<std::string>{"plain", "warm"}));
        const VoiceDistance* distance = table.voices.pair(0, 1);
        QVERIFY(distance);
        QCOMPARE(distance->n, std::size_t{59});
        QVERIFY(distance->noticeability.value > 0.5);
        QCOMPARE(std::accumulate(table.inVoicePanel[0].begin(), table.inVoicePanel[0].end(), 0),
                 59);
        QVERIFY(!table.floors[0].measured);
    }

    void aModelWithFewAnswersDoesNotShrinkThePanelOfTheOthers()
    {
        std::vector<Answer> answers = twoVoices(60);
        for (int p = 0; p < 20; ++p)
            answers.push_back(answerOf("thin", p, plainText(p, 1)));
        answers.push_back(answerOf("unheard", 0, "Only once."));
        const EvidenceTable table = buildEvidenceTable(answers);
        const auto n = [&](std::size_t a, std::size_t b) {
            return table.voices.pairs[table.pairIndex(a, b)].n;
        };
        QCOMPARE(table.models[1].value, std::string("thin"));
        QCOMPARE(n(0, 3), std::size_t{60}); // plain, warm
        QCOMPARE(n(0, 1), std::size_t{20}); // plain, thin: their common prompts
        QCOMPARE(n(1, 3), std::size_t{20});
        QCOMPARE(n(0, 2), std::size_t{0}); // "unheard": too few to compare
        QVERIFY(!table.voices.pairs[table.pairIndex(0, 1)].hasVerdict);
    }

    void twoSamplesOfAModelGiveItsFloor()
    {
        std::vector<Answer> answers;
        for (int p = 0; p < 40; ++p) {
            answers.push_back(answerOf("m", p, plainText(p)));
            answers.push_back(answerOf("m", p, plainText(p, 1), 1));
        }
        const EvidenceTable table = buildEvidenceTable(answers);
        QVERIFY(table.floors[0].measured);
        QCOMPARE(table.floors[0].n, std::size_t{40});
        QVERIFY(table.floors[0].auc < 0.75);
    }

    void influencesSumToNothingAndGiveTheBootstrapsWidth()
    {
        const EvidenceTable table = buildEvidenceTable(
            [] {
                std::vector<Answer> answers = twoVoices(80);
                // Half of the warm answers are plain, so that the voices overlap.
                for (std::size_t i = 1; i < answers.size(); i += 4)
                    answers[i].text = plainText(static_cast<int>(i), 1);
                return answers;
            }(),
            {}, 1000);
        const VoiceDistance& distance = table.voices.pairs[0];
        const std::vector<double>& influence = table.noticeabilityInfluence[0];
        QVERIFY(std::abs(std::accumulate(influence.begin(), influence.end(), 0.0)) < 1e-9);
        // Standard error by influence (the infinitesimal jackknife) against the bootstrap's.
        double squares = 0;
        for (const double value : influence)
            squares += value * value;
        const double byInfluence = 2 * 1.96 * std::sqrt(squares);
        const double byBootstrap = distance.noticeability.high - distance.noticeability.low;
        QVERIFY2(byInfluence / byBootstrap > 0.7 && byInfluence / byBootstrap < 1.4,
                 qPrintable(QStringLiteral("%1 against %2").arg(byInfluence).arg(byBootstrap)));
    }
};

QTEST_GUILESS_MAIN(TestEvidenceTable)
#include "tst_evidence_table.moc"
