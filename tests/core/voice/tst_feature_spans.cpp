// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what is marked in an answer is what was counted in it, in the text as it was written,
// and a mark never cuts a character; what is heard of it is the phrase around it, in its clause.

#include <core/base/utf8.h>
#include <core/sample/support_desk.h>
#include <core/voice/answer_stats.h>
#include <core/voice/feature_spans.h>
#include <core/voice/telling_passages.h>
#include <core/voice/voice_features.h>

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace signalbox;

namespace {

const std::vector<Answer>& sampleAnswers()
{
    static const std::vector<Answer> kAnswers = supportDeskEvidence(supportDeskPolicy().models);
    return kAnswers;
}

using Finder = std::vector<Passage> (*)(std::string_view, std::size_t);

/// The marked passages, joined by "|".
QByteArray marked(const QByteArray& text, std::size_t feature, Finder finder = featureSpans)
{
    const std::string_view view(text.constData(), std::size_t(text.size()));
    QByteArrayList parts;
    for (const Passage& span : finder(view, feature))
        parts << text.mid(qsizetype(span.begin), qsizetype(span.length));
    return parts.join('|');
}

} // namespace

class TestFeatureSpans : public QObject
{
    Q_OBJECT
private slots:
    void marks_data()
    {
        QTest::addColumn<std::size_t>("feature");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, std::size_t feature, const char* text,
                            const char* expected) {
            QTest::newRow(name) << feature << QByteArray(text) << QByteArray(expected);
        };
        row("bold passages with their marks", feature::Bold, "A **b c** and __d__.",
            "**b c**|__d__");
        row("hedges in any case", feature::Hedges, "Perhaps it may, perhaps not.",
            "Perhaps|may|perhaps");
        row("hedges, not in code", feature::Hedges, "```\nperhaps\n```\nPerhaps.", "Perhaps");
        row("contractions with a curly apostrophe", feature::Contractions,
            "I don\xE2\x80\x99t, and you\xE2\x80\x99re.", "don\xE2\x80\x99t|you\xE2\x80\x99re");
        row("exclamations at the end of sentences", feature::Exclamations,
            "Great! \"Really!\" he said. Now **go!**", "!|!|!");
        row("a question", feature::Questions, "Is it? It is.", "?");
        row("imperatives", feature::Imperatives, "Click here. Then you click. Open it.",
            "Click|Open");
        row("numbers of items", feature::OrderedItems, "Do:\n1. a\n2. b", "1.|2.");
        row("bullets, indented ones too", feature::UnorderedItems, "Do:\n- a\n  * b", "-|*");
        row("headers", feature::Headers, "## Title\ntext", "##");
        row("commas", feature::Commas, "a, b, c", ",|,");
        row("dashes, not hyphens", feature::Dashes, "well-known - and \xE2\x80\x94 more",
            "-|\xE2\x80\x94");
        row("hyphens, not dashes", feature::Hyphens, "well-known - and so", "-");
        row("the opener alone", feature::OpensCertainly, "Certainly! Here you go.", "Certainly");
        row("the offer at the end, not its paragraph", feature::ClosesOffering,
            "That is all. Let me know if you need more.", "Let me know if you need more.");
        row("emoji whole", feature::Emoji, "Hi \xF0\x9F\x98\x80 there", "\xF0\x9F\x98\x80");
        row("behind a tab", feature::Commas, "\ta, b", ",");
        row("nothing for the length", feature::LogWords, "a b c", "");
        row("nothing in ill-formed text", feature::Commas, "a, \xFF", "");
    }
    void marks()
    {
        QFETCH(std::size_t, feature);
        QFETCH(QByteArray, text);
        QTEST(marked(text, feature), "expected");
    }

    /// As many as the features of the sample's answers say.
    void countsAreThoseOfTheFeatures()
    {
        struct Counted
        {
            std::size_t feature;
            bool isLog;
            bool hasPhrases = false; ///< a word of a phrase counts besides it, marked they are one
        };
        const std::vector<Counted> counted = {{feature::Headers, true},
                                              {feature::OrderedItems, true},
                                              {feature::Bold, true},
                                              {feature::UnorderedItems, true},
                                              {feature::Commas, false},
                                              {feature::Semicolons, false},
                                              {feature::Parentheses, false},
                                              {feature::FirstSingular, false},
                                              {feature::Second, false},
                                              {feature::Hedges, false, true},
                                              {feature::Politeness, false, true},
                                              {feature::LongWords, false}};
        std::size_t answers = 0;
        std::size_t passages = 0;
        for (const Answer& answer : sampleAnswers()) {
            if (++answers > 400)
                break;
            const AnswerStats stats = measureAnswer(answer.text);
            for (const Counted& c : counted) {
                const auto spans = featureSpans(answer.text, c.feature);
                const double value = stats.features[c.feature];
                const double count =
                    c.isLog ? std::expm1(value) : value * std::max(1, stats.words) / 100;
                passages += spans.size();
                const auto rounded = std::size_t(std::lround(count));
                const bool isCut = !c.isLog && value >= 15; // of 100 words
                const bool agrees = c.hasPhrases
                                        ? spans.size() <= rounded && spans.empty() == (rounded == 0)
                                        : spans.size() == rounded;
                QVERIFY2(isCut || agrees,
                         qPrintable(QStringLiteral("%1: %2 marked, %3 counted in %4")
                                        .arg(c.feature)
                                        .arg(spans.size())
                                        .arg(count)
                                        .arg(QString::fromStdString(answer.text))));
            }
        }
        QVERIFY(answers > 100);
        QVERIFY(passages > 1000);
    }

    void noMarkCutsACharacterOrAnother()
    {
        for (const Finder finder : {Finder(featureSpans), Finder(tellingPassages)}) {
            for (const Answer& answer : sampleAnswers()) {
                for (std::size_t f = 0; f < kVoiceFeatureCount; ++f) {
                    std::size_t end = 0;
                    for (const Passage& span : finder(answer.text, f)) {
                        QVERIFY(span.length > 0 && span.begin >= end);
                        end = span.begin + span.length;
                        QVERIFY(end <= answer.text.size());
                        const std::string_view part =
                            std::string_view(answer.text).substr(span.begin, span.length);
                        QVERIFY(!firstInvalidUtf8(part));
                    }
                }
                if (&answer - sampleAnswers().data() > 100)
                    break;
            }
        }
    }

    void passagesAreHeardWhole_data()
    {
        QTest::addColumn<std::size_t>("feature");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, std::size_t feature, const char* text,
                            const char* expected) {
            QTest::newRow(name) << feature << QByteArray(text) << QByteArray(expected);
        };
        row("the polite phrase", feature::Politeness,
            "Thank you for reaching out about your payment method. It failed.",
            "Thank you for reaching out");
        row("from the start of the sentence", feature::Politeness, "Paid. We are happy to help.",
            "We are happy to help");
        row("no further than its clause", feature::Politeness,
            "Thank you, the parcel is on its way.", "Thank you");
        row("the start of a sentence on oneself", feature::FirstSingular,
            "As far as I can see, it is late. I would suggest keeping it.",
            "As far as I can see|I would suggest");
        row("in the midst of a sentence only what follows", feature::FirstSingular,
            "The parcel that came with the card I sent you is late.", "I sent");
        row("no dangling small word", feature::Obligations, "You should check the card.",
            "You should check the card");
        row("nor where it goes on", feature::Obligations,
            "You should check with your bank about it.", "You should check");
        row("what is asked", feature::Questions, "Late? Did the parcel come to you?",
            "Late?|Did the parcel come to you?");
        row("a mark with its word", feature::Commas, "Well, the parcel, we think, is late",
            "Well,|parcel,|think,");
        row("a parenthesis whole", feature::Parentheses, "The plan (a yearly one) is paid (now).",
            "(a yearly one)|(now).");
        row("a hyphenated word", feature::Hyphens, "a well-known plan", "well-known");
        row("over curly apostrophes", feature::FirstSingular, "I\xE2\x80\x99m sorry about it.",
            "I\xE2\x80\x99m sorry");
        row("the opener with its sentence", feature::OpensPraising,
            "Great question about the plan! It is paid.", "Great question about the plan");
        row("lines are not crossed", feature::FirstSingular, "We sent\nI\nwhat was asked", "I");
        row("bold as it is", feature::Bold, "A **b c** and", "**b c**");
        row("nothing for the length", feature::LogWords, "a b c", "");
        row("nothing in ill-formed text", feature::Commas, "a, \xFF", "");
    }
    void passagesAreHeardWhole()
    {
        QFETCH(std::size_t, feature);
        QFETCH(QByteArray, text);
        QTEST(marked(text, feature, tellingPassages), "expected");
    }

    /// A passage holds what was counted, so that it marks no answer that does not show the trait.
    void passagesHoldWhatIsCounted()
    {
        std::size_t longer = 0;
        for (const Answer& answer : sampleAnswers()) {
            for (std::size_t f = 0; f < kVoiceFeatureCount; ++f) {
                const auto counted = featureSpans(answer.text, f);
                const auto heard = tellingPassages(answer.text, f);
                QCOMPARE(heard.empty(), counted.empty());
                for (const Passage& span : counted) {
                    const auto around = std::ranges::find_if(heard, [&](const Passage& passage) {
                        return passage.begin <= span.begin &&
                               passage.begin + passage.length >= span.begin + span.length;
                    });
                    QVERIFY(around != heard.end());
                    longer += around->length > span.length ? 1 : 0;
                }
            }
            if (&answer - sampleAnswers().data() > 100)
                break;
        }
        QVERIFY(longer > 100);
    }
};

QTEST_APPLESS_MAIN(TestFeatureSpans)
#include "tst_feature_spans.moc"
