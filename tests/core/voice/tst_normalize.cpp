// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the normaliser does what each option says and nothing else, doing it twice changes
// nothing more, and no answer that has words comes back without any.

#include <core/base/random.h>
#include <core/voice/answer_text.h>
#include <core/voice/normalize.h>
#include <core/voice/sentences.h>

#include <QTest>

#include <array>

using namespace signalbox;

namespace {

const NormalizeOptions kFlatten{true, false, false, {}};
const NormalizeOptions kOpeners{false, true, false, {}};
const NormalizeOptions kClosers{false, false, true, {}};
const NormalizeOptions kAll{true, true, true, {}};

NormalizeOptions atMost(int words)
{
    return {false, false, false, words};
}

std::string_view viewOf(const QByteArray& text)
{
    return {text.constData(), std::size_t(text.size())};
}

QByteArray normalized(const QByteArray& text, const NormalizeOptions& options)
{
    return QByteArray::fromStdString(normalizeAnswer(viewOf(text), options));
}

} // namespace

Q_DECLARE_METATYPE(NormalizeOptions)

class TestNormalize : public QObject
{
    Q_OBJECT
private slots:
    void does_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<NormalizeOptions>("options");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* text, const NormalizeOptions& options,
                            const char* expected) {
            QTest::newRow(name) << QByteArray(text) << options << QByteArray(expected);
        };
        row("nothing without options", " **x**\n\n- y\n", {}, " **x**\n\n- y\n");

        row("bold and emphasis", "A **bold** _and_ *slanted* ***word***.", kFlatten,
            "A bold and slanted word.");
        row("snake_case, products and loose stars stay", "2*3 * 4 is a_b_c", kFlatten,
            "2*3 * 4 is a_b_c");
        row("escaped stars stay", "\\*not bold\\*", kFlatten, "\\*not bold\\*");
        row("stars without a partner stay", "*args and 5* hotels and **kw", kFlatten,
            "args and 5 hotels and **kw");
        row("code in backticks stays", "Call `f(*a, **k)` *now*.", kFlatten,
            "Call `f(*a, **k)` now.");
        row("links", "See [the *manual*](https://a.example/b_c_d) and ![a cat](cat.png).", kFlatten,
            "See the manual (https://a.example/b_c_d) and a cat (cat.png).");
        row("a list becomes a paragraph",
            "Buy:\n\n- milk\n- two **eggs**.\n\n1. then bread\n\nDone.", kFlatten,
            "Buy: milk. two eggs. then bread.\nDone.");
        row("nested lists too", "- a\n  - b\n    1. c", kFlatten, "a. b. c.");
        row("what belongs to an item goes with it", "1. One\n\n   More of one.\n2. Two", kFlatten,
            "One. More of one. Two.");
        row("a header leads its paragraph", "# Steps\n\nMix it.\n\n## Then:\nBake.", kFlatten,
            "Steps: Mix it.\nThen: Bake.");
        row("quotes lose their mark", "> To be\n> or not", kFlatten, "To be\nor not");
        row("a table becomes sentences", "| a | b |\n|---|:-:|\n| 1 | 2 |", kFlatten,
            "a, b. 1, 2.");
        row("marks of a chat template are no table", "Pay here.<|im_end|>\n<|im_start|>user",
            kFlatten, "Pay here.<|im_end|>\n<|im_start|>user");
        row("rules go", "One.\n\n---\n\nTwo.\n***\nThree.", kFlatten, "One.\nTwo.\nThree.");
        row("verses stay lines", "Roses are red\nViolets are blue", kFlatten,
            "Roses are red\nViolets are blue");
        row("fenced code stays", "Run:\n```py\n# **x**\n\n- y\n```\n**ok**", kFlatten,
            "Run:\n```py\n# **x**\n\n- y\n```\nok");
        row("markers in front of markers", "1. - > x", kFlatten, "x.");

        row("an exclamation", "Certainly! The sky is blue.", kOpeners, "The sky is blue.");
        row("a clause", "Sure, the sky is blue.", kOpeners, "The sky is blue.");
        row("a lead-in", "Sure! Here are three tips:\n\n1. x", kOpeners, "1. x");
        row("a lead-in within the line", "Here\u2019s a joke: why not?", kOpeners, "Why not?");
        row("an announcement", "Here is a poem about rain.\n\nDrip.", kOpeners, "Drip.");
        row("praise", "Great question! I'm glad you asked! It is blue.", kOpeners, "It is blue.");
        row("not praise in earnest", "Good food takes time. Wait!", kOpeners,
            "Good food takes time. Wait!");
        row("not a word that starts alike", "Surely not. Heretics!", kOpeners,
            "Surely not. Heretics!");
        row("not what the sentence needs", "Certainly the sky is blue.", kOpeners,
            "Certainly the sky is blue.");
        row("not the following year", "The following year was wet. We left.", kOpeners,
            "The following year was wet. We left.");
        row("not code", "```\nsure, x\n```", kOpeners, "```\nsure, x\n```");
        row("never everything", "Certainly!", kOpeners, "Certainly!");
        row("a refusal stays", "I'm sorry, but I can't.", kOpeners, "I'm sorry, but I can't.");

        row("an offer", "It is blue. Let me know if you have questions!", kClosers, "It is blue.");
        row("an offer on its own line", "It is blue.\n\nI hope this helps! Feel free to ask.\n",
            kClosers, "It is blue.");
        row("several lines", "Blue.\n\nHope this helps.\nDon\u2019t hesitate to ask.", kClosers,
            "Blue.");
        row("a summary keeps its content", "Text.\n\nIn conclusion, it is blue.", kClosers,
            "Text.\n\nIt is blue.");
        row("not a word that starts alike", "Text.\n\nOveralls, blue.", kClosers,
            "Text.\n\nOveralls, blue.");
        row("not in the middle", "Let me know who you are. Then we talk.", kClosers,
            "Let me know who you are. Then we talk.");
        row("not from code", "Run:\n```\nlet me know\n```", kClosers,
            "Run:\n```\nlet me know\n```");
        row("never everything", "Let me know!", kClosers, "Let me know!");

        row("cut at a sentence end", "One two. Three four. Five six.", atMost(5),
            "One two. Three four.");
        row("exactly as many", "One two. Three four. Five six.", atMost(4), "One two. Three four.");
        row("short enough", "One two. Three four.", atMost(4), "One two. Three four.");
        row("the first sentence stays", "One two three four. Five.", atMost(2),
            "One two three four.");
        row("even with a limit of nothing", "One two. Three.", atMost(0), "One two.");
        row("an abbreviation is no end", "Ask Dr. Who about it. Then go home.", atMost(6),
            "Ask Dr. Who about it.");
        row("list items are sentences", "- one two\n- three four\n- five", atMost(4),
            "- one two\n- three four");
        row("code is not counted", "One two.\n```\na b c d e\n```\nThree four. Five.", atMost(4),
            "One two.\n```\na b c d e\n```\nThree four.");
        row("no header is left over", "One two.\n\n## Three\n\nFour five six.", atMost(4),
            "One two.");
        row("marks close with the sentence", "**One two.** Three four.", atMost(2), "**One two.**");
        row("an apostrophe is no new word", "Don\u2019t go. Stay.", atMost(3),
            "Don\u2019t go. Stay.");

        row("all of it",
            "Certainly! Here are **two** tips:\n\n1. **Eat**: often.\n2. Sleep\n\n"
            "Let me know if you need more!",
            kAll, "Eat: often. Sleep.");
        row("broken bytes become visible", "a\xFF *b*", kFlatten, "a\xEF\xBF\xBD b");
    }
    void does()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const NormalizeOptions, options);
        QFETCH(const QByteArray, expected);
        const QByteArray once = normalized(text, options);
        QCOMPARE(once, expected);
        QCOMPARE(normalized(once, options), once);
    }

    void twiceIsOnceAndWordsStay()
    {
        const std::array<const char*, 46> pieces = {"Sure",
                                                    "Certainly! ",
                                                    "Here is a list: ",
                                                    "Great! ",
                                                    "let me know",
                                                    "In conclusion, ",
                                                    "overall",
                                                    "e.g. ",
                                                    "a.",
                                                    "I. ",
                                                    "...",
                                                    "?!",
                                                    "! ",
                                                    ".\"",
                                                    ") ",
                                                    "\n",
                                                    "\n\n",
                                                    "- ",
                                                    "* ",
                                                    "1. ",
                                                    "## ",
                                                    "> ",
                                                    "|",
                                                    "**",
                                                    "__",
                                                    "*",
                                                    "_",
                                                    "`",
                                                    "```\n",
                                                    "~~~\n",
                                                    "[a](b)",
                                                    "![x](y z)",
                                                    "[[",
                                                    "](",
                                                    " - ",
                                                    "\t",
                                                    "\r\n",
                                                    "\u2019",
                                                    "don't",
                                                    "it's",
                                                    "\u00c9a",
                                                    "\\",
                                                    ":",
                                                    "---\n",
                                                    "x",
                                                    "The quick brown fox"};
        Random random(7);
        for (int i = 0; i < 3000; ++i) {
            std::string text;
            for (std::uint64_t n = random.below(40); n > 0; --n) {
                text += pieces[random.below(pieces.size())];
                if (random.chance(0.5))
                    text += ' ';
            }
            NormalizeOptions options{
                random.chance(0.5), random.chance(0.5), random.chance(0.5), {}};
            if (random.chance(0.3))
                options.maxWords = int(random.below(30));
            const std::string once = normalizeAnswer(text, options);
            const std::string twice = normalizeAnswer(once, options);
            if (once != twice || hasWords(text) != hasWords(once))
                QFAIL(qPrintable(QStringLiteral("seen in %1").arg(QString::fromStdString(text))));
        }
    }

    void hugeTextsTakeLinearTime_data()
    {
        QTest::addColumn<QByteArray>("piece");
        for (const char* piece :
             {"Sure! ", "sure, ", "Here is it: ", "Let me know. ", "[a](b)", "[", "*a ", "`a ",
              "- ", "- x\n", "# a\n", "In summary, ", "|a", "> "})
            QTest::newRow(piece) << QByteArray(piece);
    }
    /// Anything quadratic would take hours here.
    void hugeTextsTakeLinearTime()
    {
        QFETCH(const QByteArray, piece);
        const QByteArray text = piece.repeated(100'000) + "x";
        NormalizeOptions options = kAll;
        options.maxWords = 100;
        QVERIFY(hasWords(normalizeAnswer(viewOf(text), options)));
    }

    void onlyWhatTheModelFinishedHasItsVoice_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected"); // null: none
        const auto row = [](const char* name, AnswerState state, const char* text,
                            const char* expected) {
            QTest::newRow(name) << int(state) << QByteArray(text) << QByteArray(expected);
        };
        row("done", AnswerState::Done, "One. Two", "One. Two");
        row("truncated", AnswerState::Truncated, "One. Two", "One.");
        row("stopped", AnswerState::Stopped, "One.\n\nTwo three", "One.");
        row("truncated at an end", AnswerState::Truncated, "One. Two.", "One. Two.");
        row("a cut-off item", AnswerState::Truncated, "One:\n- two\n- thr", "One:\n- two");
        row("cut off in code", AnswerState::Truncated, "See:\n```\nx = (", "See:\n```\nx = (");
        row("nothing finished", AnswerState::Truncated, "One two", nullptr);
        row("refused", AnswerState::Refused, "No.", nullptr);
        row("filtered", AnswerState::Filtered, "No.", nullptr);
        row("failed", AnswerState::Failed, "", nullptr);
        row("empty", AnswerState::Done, " \n", nullptr);
    }
    void onlyWhatTheModelFinishedHasItsVoice()
    {
        QFETCH(const int, state);
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, expected);
        Answer answer;
        answer.state = AnswerState(state);
        answer.text = text.toStdString();
        const auto voice = textForVoice(answer);
        QCOMPARE(voice.has_value(), !expected.isNull());
        if (voice)
            QCOMPARE(QByteArray(voice->data(), int(voice->size())), expected);
    }
};

QTEST_GUILESS_MAIN(TestNormalize)
#include "tst_normalize.moc"
