// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: answers are heard in a style before anything is changed, and what that does is told;
// what gives a voice away is marked in the answer's own words, whatever is in them; every chart has
// its numbers behind it; what the prompts leave open is told with what would decide it.

#include <core/sample/support_desk.h>
#include <ui/kit/chart_block.h>
#include <ui/kit/plot_table_view.h>
#include <ui/kit/plots.h>
#include <ui/kit/slope_plot.h>
#include <ui/kit/theme_setting.h>
#include <ui/models/voice_comparison.h>
#include <ui/voices/comparison_view.h>
#include <ui/voices/labelled_facts.h>
#include <ui/voices/open_questions.h>
#include <ui/voices/pair_view.h>
#include <ui/voices/style_preview.h>

#include <QCheckBox>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <memory>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

/// Two voices: one greets, bolds and offers help, the other does not.
VoiceQuestion twoVoices(int prompts, const std::string& extra = {})
{
    VoiceQuestion question;
    question.models = {ModelId("chatty"), ModelId("dry")};
    for (int p = 0; p < prompts; ++p) {
        const std::string number = std::to_string(p);
        for (const ModelId& model : question.models) {
            Answer answer;
            answer.model = model;
            answer.prompt = PromptId("p" + std::string(p < 10 ? "0" : "") + number);
            const bool isChatty = model == question.models.front();
            answer.text = "The refund number " + number + " takes " +
                          (isChatty ? "**seven days**" : "seven days") +
                          ", because our warehouse checks the parcel first.";
            if (p % 3 == 0)
                answer.text += " It is sent to the card that was used.";
            if (isChatty)
                answer.text =
                    "Certainly! " + answer.text + extra + " Let me know if you need anything else!";
            question.answers.push_back(std::move(answer));
        }
    }
    return question;
}

/// The same, in conversations of so many turns each.
VoiceComparison conversations(int prompts, std::size_t turns)
{
    VoiceQuestion question = twoVoices(prompts);
    std::vector<PromptId> rows;
    for (std::size_t i = 0; i < question.answers.size(); i += question.models.size())
        rows.push_back(question.answers[i].prompt);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (row % turns != 0)
            question.turns[rows[row]] = rows[row - 1];
    }
    return ui::compareVoices(std::move(question));
}

VoiceComparison styled(int prompts, const AnswerStyle& style)
{
    VoiceQuestion question = twoVoices(prompts);
    question.style = style;
    return ui::compareVoices(std::move(question));
}

/// Words in some columns, numbers in others, no sentence in any; what is shown is what is saved.
void everyColumnIsOfOneKind(const OpenQuestions& open)
{
    const PlotTable table = open.table();
    const auto* view = open.findChild<PlotTableView*>(QStringLiteral("openQuestions"));
    QCOMPARE(view->columnCount(), int(table.columns.size()));
    QCOMPARE(view->rowCount(), int(table.rows.size()));
    const QStringList states = {QStringLiteral("open"),      QStringLiteral("out of reach"),
                                QStringLiteral("one voice"), QStringLiteral("noticeable"),
                                QStringLiteral("reliable"),  QStringLiteral("not reliable"),
                                QStringLiteral("met"),       QStringLiteral("not met")};
    for (const QStringList& row : table.rows) {
        QCOMPARE(row.size(), table.columns.size());
        for (const QString& cell : row)
            QVERIFY2(!cell.contains(QStringLiteral(". ")) && cell.size() < 48, qPrintable(cell));
        QVERIFY2(states.contains(row[5]), qPrintable(row[5]));
        bool isNumber = false;
        QVERIFY(row[6].toInt(&isNumber) > 0 && isNumber);
        QCOMPARE(row[7].isEmpty(), row[5] != states[0]);
        QVERIFY(row[7].isEmpty() || (row[7].toInt(&isNumber) > 0 && isNumber));
    }
    for (std::size_t row = 0; row < table.rows.size(); ++row) // told with the same digits
        QCOMPARE(view->item(int(row), 2)->text(), table.rows[row][2]);
    for (const int column : {6, 7})
        QVERIFY(view->item(0, column)->textAlignment() & Qt::AlignRight);
    const QString saved = table.toCsv();
    QCOMPARE(saved.count(QStringLiteral("\r\n")), table.rows.size() + 1);
}

} // namespace

class TestComparisonView : public QObject
{
    Q_OBJECT
private slots:
    /// One for all is told once, in words; else each beside its model.
    void floorsThatDifferStandAtTheirModels()
    {
        ComparisonView view;
        auto comparison = ui::compareVoices(twoVoices(60));
        const auto* const matrix = view.findChild<MatrixView*>(QStringLiteral("noticeability"));
        const auto* const facts = view.findChild<LabelledFacts*>(QStringLiteral("meaning"));
        for (NoiseFloor& floor : comparison.floors)
            floor = {.noticeability = 0.1, .n = 40, .measured = true};
        view.setComparison(comparison, {0, 1});
        QCOMPARE(matrix->table().rows[0][1], QStringLiteral("\u2013"));
        QVERIFY2(facts->text().contains(QStringLiteral("0.10. ")), qPrintable(facts->text()));
        comparison.floors[1] = {.noticeability = 0.14, .n = 0, .measured = false};
        view.setComparison(comparison, {0, 1});
        QCOMPARE(matrix->table().rows[0][1], QStringLiteral("\u2013 (floor 0.10)"));
        QCOMPARE(matrix->table().rows[1][2], QStringLiteral("\u2013 (floor 0.14, assumed)"));
        QVERIFY2(facts->text().contains(QStringLiteral("0.14, assumed. ")),
                 qPrintable(facts->text())); // the higher one is what counts
    }

    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }

    void aSwitchWithinAConversationHasItsOwnNumber()
    {
        ComparisonView view;
        view.show();
        const auto meaning = [&] {
            return view.findChild<LabelledFacts*>(QStringLiteral("meaning"))->text();
        };
        view.setComparison(styled(60, {}), {0, 1});
        QVERIFY(!meaning().contains(QStringLiteral("conversation")));
        const auto* facts = view.findChild<LabelledFacts*>(QStringLiteral("meaning"));
        QCOMPARE(facts->facts().size(), std::size_t(4));
        for (const LabelledFact& fact : facts->facts()) // to be scanned, not read through
            QVERIFY2(fact.label.size() <= 16 && fact.text.size() <= 180, qPrintable(fact.text));
        view.setComparison(conversations(60, 4), {0, 1}); // 45 pairs
        QVERIFY2(meaning().contains(QStringLiteral("Within a conversation")) &&
                     meaning().contains(QStringLiteral("over 45 pair")) &&
                     meaning().contains(QStringLiteral("by \u03c1 ")),
                 qPrintable(meaning()));
        view.setComparison(conversations(60, 2), {0, 1}); // 30
        QVERIFY2(meaning().contains(QStringLiteral("over 30 pair")), qPrintable(meaning()));
        view.setComparison(conversations(40, 2), {0, 1});
        QVERIFY2(meaning().contains(QStringLiteral("not measured: there are 20 pair")) &&
                     meaning().contains(QStringLiteral("10 more are needed")),
                 qPrintable(meaning()));
    }

    /// Whoever waits is told how far it is.
    void everyPairIsCounted()
    {
        for (const bool isStyled : {false, true}) {
            VoiceQuestion question = twoVoices(20);
            question.style.flattenMarkdown = isStyled;
            question.pairsDone = std::make_shared<std::atomic<std::size_t>>(0);
            const auto done = question.pairsDone;
            const std::size_t pairs = question.pairs();
            QCOMPARE(pairs, std::size_t(isStyled ? 2 : 1)); // once more as they were written
            QVERIFY(ui::compareVoices(std::move(question)).isEnough());
            QCOMPARE(done->load(), pairs);
        }
    }

    void aStyleIsHeardBeforeAnythingChanges()
    {
        ComparisonView view;
        view.show();
        view.setPolicyStyle({});
        view.setComparison(styled(60, {}), {0, 1});
        QVERIFY(view.heardStyle().isNeutral());
        QVERIFY(view.comparison().asWritten.empty());
        auto* preview = view.findChild<StylePreview*>();
        auto* adopt = view.findChild<QPushButton*>(QStringLiteral("adoptStyle"));
        QVERIFY(!adopt->isVisible());

        QSignalSpy changed(&view, &ComparisonView::heardStyleChanged);
        auto* mode = view.findChild<QWidget*>(QStringLiteral("heardMode"));
        mode->setFocus();
        QTest::keyClick(mode, Qt::Key_Right);
        QCOMPARE(changed.size(), 1);
        const AnswerStyle style = view.heardStyle();
        QVERIFY(style.flattenMarkdown && style.trimOpeners && style.trimClosers);
        view.setComparison(styled(60, style), {0, 1});
        QCOMPARE(view.comparison().asWritten.size(), std::size_t(1));
        QVERIFY(view.comparison().meanNoticeability() < view.comparison().meanAsWritten());
        const auto* result = view.findChild<QLabel*>(QStringLiteral("heardResult"));
        QVERIFY2(result->text().contains(QStringLiteral("1 of them less noticeable")) ||
                     result->text().contains(QStringLiteral("1 of them")),
                 qPrintable(result->text()));
        const auto* matrix = view.findChild<MatrixView*>(QStringLiteral("noticeability"));
        QVERIFY(matrix->table().rows.size() >= 2);

        QSignalSpy adopted(&view, &ComparisonView::adoptStyleRequested);
        QTest::mouseClick(adopt, Qt::LeftButton);
        QCOMPARE(adopted.size(), 1);
        QCOMPARE(adopted.front().front().value<AnswerStyle>(), style);
        preview->setPolicyStyle(style);
        QVERIFY(!adopt->isEnabled());

        auto* words = view.findChild<QSpinBox*>(QStringLiteral("heardWords"));
        words->setValue(40);
        QTRY_COMPARE(changed.size(), 2); // settles first
        QCOMPARE(view.heardStyle().maxWords, std::optional(40));
        QVERIFY(adopt->isEnabled());
        // A measurement of the style before says nothing of this one.
        view.setComparison(styled(60, style), {0, 1});
        QVERIFY2(result->text().contains(QStringLiteral("Measuring")), qPrintable(result->text()));
    }

    void whatGivesAVoiceAwayIsMarkedAndNothingElseIsMarkup()
    {
        ComparisonView view;
        view.show();
        view.setComparison(
            ui::compareVoices(twoVoices(60, " <img src=x> & <script>alert(1)</script>.")), {0, 1});
        const auto quotes = view.findChildren<QLabel*>(QStringLiteral("quote"));
        QCOMPARE(quotes.size(), 2);
        const QString chatty = quotes[0]->text();
        QVERIFY2(!chatty.contains(QStringLiteral("<img")) &&
                     !chatty.contains(QStringLiteral("<script")),
                 qPrintable(chatty));
        QVERIFY(chatty.contains(QStringLiteral("&lt;img src=x&gt; &amp;")));
        QVERIFY2(chatty.contains(QStringLiteral("<span style=")), qPrintable(chatty));
        QVERIFY2(chatty.contains(QStringLiteral(">Let me know if you need anything else")),
                 qPrintable(chatty)); // the phrase, not a word of it
        QVERIFY(!quotes[1]->text().contains(QStringLiteral("<span")));
    }

    void theStrongestReasonStandsFirst()
    {
        ComparisonView view;
        view.show();
        view.setComparison(styled(60, {}), {0, 1});
        const auto& reasons = view.comparison().matrix.pair(0, 1)->reasons;
        QVERIFY(reasons.size() > 2);
        QVERIFY(std::ranges::is_sorted(reasons, std::ranges::greater{},
                                       [](const auto& each) { return std::abs(each.weight); }));
        const auto bars = view.findChildren<StrengthBar*>();
        QCOMPARE(bars.size(), qsizetype(reasons.size()));
        for (qsizetype i = 0; i < bars.size(); ++i) {
            const double share =
                reasons[std::size_t(i)].weight / reasons[0].weight; // all of one sign here
            QCOMPARE(bars[i]->share(), std::abs(share));
            QVERIFY(bars[i]->accessibleName().contains(QStringLiteral("of the strongest")));
        }
        const QImage strong = bars.front()->grab().toImage();
        const QImage weak = bars.back()->grab().toImage();
        QVERIFY(strong != weak || bars.back()->share() > 0.95);
    }

    void everyPairIsShownOnceAndFoundByMouseAndKey()
    {
        ComparisonView view;
        view.resize(1200, 800);
        view.show();
        VoiceQuestion question = twoVoices(30);
        for (const Answer& answer : std::vector<Answer>(question.answers)) {
            if (answer.model == question.models.back()) {
                question.answers.push_back(answer);
                question.answers.back().model = ModelId("third");
            }
        }
        question.models.emplace_back("third");
        view.setComparison(ui::compareVoices(std::move(question)), {0, 1, 2});
        auto* matrix = view.findChild<MatrixView*>(QStringLiteral("noticeability"));
        QCOMPARE(matrix->spokenParts().size(), std::size_t(6));
        QCOMPARE(matrix->table().rows.size(), std::size_t(3));            // the whole of it
        QCOMPARE(matrix->table().rows[0][3], matrix->table().rows[2][1]); // behind the names
        const auto heading = [&] {
            const auto labels = view.findChild<PairView*>()->findChildren<QLabel*>();
            return std::ranges::any_of(labels, [](const QLabel* label) {
                return label->text().startsWith(QStringLiteral("chatty and third"));
            });
        };
        QVERIFY(!heading());
        QTest::mouseClick(matrix, Qt::LeftButton, {}, matrix->cellRect(2, 0).center().toPoint());
        QVERIFY(heading());
        QTest::keyClick(matrix, Qt::Key_Up);
        QVERIFY(!heading());
        QCOMPARE(matrix->currentRow(), 1);
        matrix->pressPart(3); // of a screen reader: the first pair of the last row
        QVERIFY(heading());
        QCOMPARE(view.findChild<LabelledFacts*>()->facts().front().label.isEmpty(), false);
    }

    void thePairThatShowsMostIsExplainedFirst()
    {
        ComparisonView view;
        view.show();
        VoiceQuestion question = twoVoices(30);
        const ModelId first = question.models.front();
        question.models.insert(question.models.begin() + 1, ModelId("its double"));
        for (const Answer& answer : std::vector<Answer>(question.answers)) {
            if (answer.model == first) {
                question.answers.push_back(answer);
                question.answers.back().model = ModelId("its double");
            }
        }
        view.setComparison(ui::compareVoices(std::move(question)), {0, 1, 2});
        const auto* matrix = view.findChild<MatrixView*>(QStringLiteral("noticeability"));
        QCOMPARE(std::max(matrix->currentRow(), matrix->currentColumn()), 2);
    }

    void theDistanceFromGoldenAnswersIsShownIfThereAreAny()
    {
        ComparisonView view;
        view.show();
        VoiceQuestion question = twoVoices(30);
        const std::vector<std::string> ids = {"p00/dry", "p04/dry", "p07/dry", "gone/dry"};
        question.golden = goldenAnswers(ids, question.answers);
        QCOMPARE(question.golden.size(), std::size_t(3));
        for (GoldenAnswer& golden : question.golden)
            golden.author = "an editor";
        view.setComparison(ui::compareVoices(std::move(question)), {0, 1});
        auto* block = view.findChild<ChartBlock*>(QStringLiteral("targetBlock"));
        QVERIFY(block->isVisible());
        const auto& rows = view.findChild<IntervalPlot*>(QStringLiteral("targetDistance"))->rows();
        QCOMPARE(rows.size(), std::size_t(2));
        QVERIFY(rows[0].value > 0.2);
        QCOMPARE(rows[1].value, 0.0);
        const auto* reasons = view.findChild<QLabel*>(QStringLiteral("targetReasons"));
        QVERIFY2(reasons->text().contains(QStringLiteral("chatty")), qPrintable(reasons->text()));

        view.setComparison(ui::compareVoices(twoVoices(30)), {0, 1});
        QVERIFY(!block->isVisible());
    }

    void everyChartHasItsNumbersBehindIt()
    {
        ComparisonView view;
        view.resize(1000, 800);
        view.show();
        VoiceQuestion question = twoVoices(30);
        question.golden = goldenAnswers({"p00/dry", "p04/dry"}, question.answers);
        view.setComparison(ui::compareVoices(std::move(question)), {0, 1});
        const auto blocks = view.findChildren<ChartBlock*>();
        QCOMPARE(blocks.size(), 4);
        for (ChartBlock* block : blocks) {
            auto* button = block->findChild<QToolButton*>(QStringLiteral("table"));
            auto* table = block->findChild<PlotTableView*>();
            QVERIFY(!table->isVisible());
            QTest::mouseClick(button, Qt::LeftButton);
            QVERIFY(table->isVisible() && table->rowCount() > 0);
            for (int row = 0; row < table->rowCount(); ++row) {
                for (int column = 0; column < table->columnCount(); ++column)
                    QVERIFY(!table->item(row, column)->text().contains(QStringLiteral("nan")));
            }
            table->setFocus();
            QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
            const QStringList lines = QApplication::clipboard()->text().split(QLatin1Char('\n'));
            QCOMPARE(lines.size(), table->rowCount());
            QTest::mouseClick(button, Qt::LeftButton);
            QVERIFY(!table->isVisible());
        }
    }

    void thePromptsAreFollowedFromModelToModel()
    {
        ComparisonView view;
        view.resize(1000, 800);
        view.show();
        view.setComparison(ui::compareVoices(twoVoices(30)), {0, 1});
        auto* slopes = view.findChild<SlopePlot*>(QStringLiteral("slopes"));
        QVERIFY(!slopes->isVisible());
        auto* choice = view.findChild<QWidget*>(QStringLiteral("lengthChart"));
        choice->setFocus();
        QTest::keyClick(choice, Qt::Key_Right);
        QVERIFY(slopes->isVisible());
        QCOMPARE(slopes->table().rows.size(), std::size_t(30));
        QCOMPARE(slopes->table().columns.size(), 3);
        QCOMPARE(slopes->table().rows.front().front(), QStringLiteral("p00"));
        QVERIFY(slopes->columns()[0].values[0] > slopes->columns()[1].values[0]);
    }

    void whatIsOpenIsToldWithWhatDecidesIt()
    {
        const PolicyDocument policy = supportDeskPolicy();
        VoiceQuestion question;
        for (const ModelSpec& model : policy.models)
            question.models.push_back(model.id);
        for (Answer& answer : supportDeskEvidence(policy.models, 1)) {
            static std::vector<PromptId> kept;
            if (std::ranges::find(kept, answer.prompt) == kept.end()) {
                if (kept.size() == 20)
                    continue;
                kept.push_back(answer.prompt);
            }
            question.answers.push_back(std::move(answer));
        }
        OpenQuestions open;
        open.show();
        open.setComparison(ui::compareVoices(std::move(question)));
        QVERIFY(!open.questions().empty());
        std::size_t last = 0;
        for (const OpenQuestions::Question& one : open.questions()) {
            QVERIFY(!one.sentence.isEmpty());
            QVERIFY(one.prompts == 0 || one.prompts > 20);
            if (one.prompts > 0) {
                QVERIFY(one.prompts >= last); // what is nearest first
                last = one.prompts;
            }
        }
        auto* table = open.findChild<PlotTableView*>(QStringLiteral("openQuestions"));
        QVERIFY(table->rowCount() > int(open.questions().size())); // then what is decided
        everyColumnIsOfOneKind(open);

        Projection projection;
        GateResult gate;
        gate.gate = {GateMetric::Satisfaction, 0.8, std::nullopt, GateScope::Segment};
        gate.subject = "Orders";
        gate.estimate = Estimate{0.86, 0.78, 0.93, 72};
        gate.detail = "83 %";
        projection.gates = {gate};
        ProjectionSlice slice;
        slice.name = "Orders";
        slice.prompts = 72;
        projection.segments = {slice};
        const std::size_t before = open.questions().size();
        open.setProjection(projection);
        QCOMPARE(open.questions().size(), before + 1);
        const auto told = std::ranges::find_if(open.questions(), [](const auto& one) {
            return one.about == OpenQuestions::About::Gate;
        });
        QVERIFY(told != open.questions().end());
        QVERIFY(told->prompts > 72 && told->prompts < 1000);
        QCOMPARE(told->inHand, std::size_t(72));
        QCOMPARE(told->now, QStringLiteral("86.0\u202F%"));
        QCOMPARE(told->interval, QStringLiteral("78.0 to 93.0\u202F%"));
        QVERIFY(told->limit.startsWith(QStringLiteral("at least 80")));
        everyColumnIsOfOneKind(open);
        const int rows = table->rowCount();
        projection.gates.front().verdict = Verdict::Met;
        open.setProjection(projection);
        QCOMPARE(open.questions().size(), before);
        QCOMPARE(table->rowCount(), rows); // it stands among the decided ones
    }
};

QTEST_MAIN(TestComparisonView)
#include "tst_comparison_view.moc"
