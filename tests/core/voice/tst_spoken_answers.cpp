// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: whoever compares voices compares the same: only what is voice, only on common prompts; a
// model that says little takes nothing away from the others; answers that are not English are not
// measured with English words.

#include <core/base/random.h>
#include <core/voice/spoken_answers.h>
#include <core/voice/voice_features.h>

#include <QTest>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace signalbox;

namespace {

using Indices = std::vector<std::size_t>;

std::vector<ModelId> threeModels()
{
    return {ModelId("plain"), ModelId("warm"), ModelId("thin")};
}

Answer answerOf(const std::string& model, int prompt, const std::string& text, int sample = 0)
{
    Answer answer;
    answer.model = ModelId(model);
    answer.prompt = PromptId("p" + std::to_string(100 + prompt));
    answer.text = text;
    answer.sample = sample;
    return answer;
}

std::string sentences(const std::array<const char*, 4>& starts,
                      const std::array<const char*, 4>& ends, int prompt)
{
    Random random(static_cast<std::uint64_t>(prompt) + 1);
    std::string text;
    for (int i = 0; i < 6; ++i)
        text += std::string(starts[random.below(4)]) + ' ' + ends[random.below(4)] + ". ";
    return text;
}

std::string english(int prompt)
{
    return sentences({"The parcel", "An invoice of the shop", "Your account", "This refund"},
                     {"is on the way to you", "was sent to the bank at noon",
                      "will be here in a few days", "has been changed by us"},
                     prompt);
}

std::string german(int prompt)
{
    return sentences({"Das Paket", "Eine Rechnung vom Laden", "Ihr Konto", "Diese Erstattung"},
                     {"kommt morgen mit der Post", "wurde gestern von der Bank geschickt",
                      "bleibt noch einige Tage offen", "haben wir gerade für Sie geändert"},
                     prompt);
}

/// Two models that answer `prompts` prompts, and a third that answers the first `thin` of them.
std::vector<Answer> threeVoices(int prompts, int thin, std::string (*say)(int))
{
    std::vector<Answer> answers;
    for (int p = 0; p < prompts; ++p) {
        answers.push_back(answerOf("plain", p, say(p)));
        answers.push_back(answerOf("warm", p, "**" + say(p) + "**!\n- " + say(p + 1000)));
        if (p < thin)
            answers.push_back(answerOf("thin", p, say(p + 2000)));
    }
    return answers;
}

VoiceDistanceOptions quick()
{
    VoiceDistanceOptions options;
    options.draws = 0;
    return options;
}

} // namespace

class TestSpokenAnswers : public QObject
{
    Q_OBJECT
private slots:
    void halfSentencesAreNoVoice()
    {
        QCOMPARE(voicedPart(AnswerState::Done, "It came. And th"),
                 std::string_view("It came. And th"));
        QCOMPARE(voicedPart(AnswerState::Truncated, "It came. And th"),
                 std::string_view("It came."));
        QCOMPARE(voicedPart(AnswerState::Truncated, "And th"), std::string_view());
        for (const AnswerState state : {AnswerState::Refused, AnswerState::Filtered,
                                        AnswerState::Failed, AnswerState::Stopped})
            QCOMPARE(voicedPart(state, "I cannot."), std::string_view());

        Answer cut = answerOf("plain", 0, "It came. And th");
        cut.state = AnswerState::Truncated;
        const std::vector<Answer> answers = {cut};
        const SpokenAnswers spoken = SpokenAnswers::of(answers, threeModels());
        QCOMPARE(spoken.stats(0, 0).words, 2);
        QCOMPARE(spoken.text(0, 0), std::string_view("It came."));
        QCOMPARE(spoken.text(1, 0), std::string_view());
    }

    void theTwoLowestSamplesCountAndTheNewestOfEqualOnes()
    {
        Answer newer = answerOf("plain", 0, "One two three.", 1);
        newer.recordedAtMs = 5;
        const std::vector<Answer> answers = {answerOf("plain", 0, "No.", 3), newer,
                                             answerOf("plain", 0, "One.", 1),
                                             answerOf("plain", 0, "One two.", 2)};
        const SpokenAnswers spoken = SpokenAnswers::of(answers, threeModels());
        QCOMPARE(spoken.stats(0, 0, 0).words, 3);
        QCOMPARE(spoken.stats(0, 0, 1).words, 2);
        QCOMPARE(spoken.promptCount(0), std::size_t(1));
    }

    void aSilentModelTakesNothingAway()
    {
        const std::vector<Answer> answers = threeVoices(20, 0, english);
        const SpokenAnswers spoken = SpokenAnswers::of(answers, threeModels());
        const ComparedVoices compared = compareVoices(spoken, quick());
        QCOMPARE(compared.models, Indices({0, 1}));
        QCOMPARE(compared.prompts.size(), std::size_t(20));
        QCOMPARE(compared.matrix.pair(0, 1)->n, std::size_t(20));
        QCOMPARE(compared.matrix.pair(0, 2)->n, std::size_t(0));
        QVERIFY(compared.promptsOfPair[1].empty());
    }

    void aThinModelIsComparedPairByPair()
    {
        const std::vector<Answer> answers = threeVoices(40, 12, english);
        const SpokenAnswers spoken = SpokenAnswers::of(answers, threeModels());
        const ComparedVoices compared = compareVoices(spoken, quick());
        QCOMPARE(compared.models, Indices({0, 1}));
        QCOMPARE(compared.panel.prompts.size(), std::size_t(40));
        QCOMPARE(compared.matrix.pair(0, 1)->n, std::size_t(40));
        QCOMPARE(compared.matrix.pair(1, 2)->n, std::size_t(12));
        QCOMPARE(compared.promptsOfPair[2].size(), std::size_t(12));
        // With half the prompts it is one of the panel.
        const std::vector<Answer> more = threeVoices(40, 20, english);
        QCOMPARE(compareVoices(SpokenAnswers::of(more, threeModels()), quick()).models,
                 Indices({0, 1, 2}));
    }

    void answersThatAreNotEnglishAreMeasuredWithoutEnglishWords()
    {
        const std::vector<Answer> answers = threeVoices(20, 0, german);
        const SpokenAnswers spoken = SpokenAnswers::of(answers, threeModels());
        QVERIFY(!spoken.isEnglish());
        const ComparedVoices compared = compareVoices(spoken, quick());
        for (const VoiceReason& reason : compared.matrix.pair(0, 1)->reasons)
            QVERIFY(isLanguageNeutral(reason.feature));
        const auto places = tonePlaces(compared.panel, 0);
        for (std::size_t axis = 0; axis < toneAxes().size(); ++axis) {
            const bool isNeutral =
                toneAxes()[axis].id == "structure" || toneAxes()[axis].id == "richness";
            QCOMPARE(isMeaningful(toneAxes()[axis], compared.panel), isNeutral);
            QCOMPARE(places[0][axis].objection.empty(), isNeutral);
            QVERIFY(isNeutral || places[0][axis].isWeak());
        }
    }

    void englishAnswersAreMeasuredInFull()
    {
        const std::vector<Answer> answers = threeVoices(20, 0, english);
        const SpokenAnswers spoken = SpokenAnswers::of(answers, threeModels());
        QVERIFY(spoken.isEnglish());
        const VoicePanel panel = compareVoices(spoken, quick()).panel;
        for (const std::vector<TonePlace>& row : tonePlaces(panel, 0)) {
            QVERIFY(std::ranges::all_of(
                row, [](const TonePlace& place) { return place.objection.empty(); }));
        }
        // Too short to tell counts as yes.
        const std::vector<Answer> brief = {answerOf("plain", 0, "Nein, danke.")};
        QVERIFY(SpokenAnswers::of(brief, threeModels()).isEnglish());
    }
};

QTEST_GUILESS_MAIN(TestSpokenAnswers)
#include "tst_spoken_answers.moc"
