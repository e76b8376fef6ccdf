// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a run leaves the program as a page and as a workbook that people can read and the
// program can read back; what models and people wrote is text in them and nothing else; a page has
// no script, asks nobody for anything, and is well-formed.

#include <core/prompts/answer_reader.h>
#include <core/prompts/prompt_reader.h>
#include <core/report/report_figures.h>
#include <core/report/report_html.h>
#include <core/report/report_style.h>
#include <core/report/report_tables.h>
#include <core/report/report_words.h>
#include <core/sheets/cell_text.h>
#include <core/sheets/workbook_reader.h>
#include <core/voice/policy_route.h>

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QTest>
#include <expat.h>

#include <algorithm>

using namespace signalbox;

namespace {

constexpr char kNasty[] = "</template><script>alert(1)</script><!-- \"quoted\" & 'so' ]]> =1+1";

Answer answerOf(const char* prompt, const char* model, const std::string& text, int sample = 0)
{
    Answer answer;
    answer.prompt = PromptId(prompt);
    answer.model = ModelId(model);
    answer.sample = sample;
    answer.segment = "billing";
    answer.text = text;
    answer.servedModel = "served-1";
    answer.firstTokenMs = 120.25;
    answer.totalMs = 2345.5;
    answer.inputTokens = 12;
    answer.outputTokens = 34;
    answer.cost = Money::fromUsd(0.0105);
    answer.recordedAtMs = 1'764'230'130'250;
    return answer;
}

RunReport nastyReport()
{
    RunReport report;
    report.name = std::string("Run ") + kNasty;
    report.runId = "r-1";
    report.startedAtMs = 1'764'230'130'250;
    report.samples = 2;
    PromptCase plain;
    plain.id = PromptId("p");
    plain.segment = "billing";
    plain.turns = {{Role::User, kNasty, 0}};
    PromptCase talk;
    talk.id = PromptId("t");
    talk.segment = "billing";
    talk.tags = {"vip", "<refund>"};
    talk.system = "Be brief.";
    talk.turns = {{Role::User, "Hi", 0}, {Role::Assistant, kNasty, 0}, {Role::User, "Why?", 0}};
    report.prompts.cases = {plain, talk};
    report.models = {{ModelId("a<b>"), "openai", "a-up", "Guide & so", 0},
                     {ModelId("m"), "", "", "", 1}};
    report.answers = {answerOf("p", "a<b>", kNasty), answerOf("p", "a<b>", "=2+2\r\nsecond", 1),
                      answerOf("t", "m", "\xE2\x80\xAE bidi \x01\x7f \xF0\x9F\x98\x80 _x000D_")};
    report.answers[2].reasoning = kNasty;
    report.answers[2].simulated = true;
    Answer failed = answerOf("p", "m", "");
    failed.state = AnswerState::Failed;
    failed.failure = kNasty;
    failed.failureKind = FailureKind::ConnectTimeout;
    failed.cost.reset();
    report.answers.push_back(failed);
    report.models.push_back({policyVoice("desk"), "policy", "Desk & co", "", 2});
    Answer policys = answerOf("t", "policy:desk", "So.");
    PolicyRoute route;
    route.label = kNasty;
    route.tier = ModelId("m");
    route.hops = {
        {.model = ModelId("m"), .end = PolicyHop::End::Failed, .endMs = 40, .reason = "rate limit"},
        {.model = ModelId("a<b>"),
         .end = PolicyHop::End::Answered,
         .startMs = 40,
         .firstTokenMs = 161,
         .endMs = 941,
         .reason = {}}};
    policys.route = toRouteJson(route);
    report.answers.push_back(policys);
    report.notes = {{PromptId("p"), ModelId("a<b>"), 0, "Someone <b>", false, true, kNasty},
                    {PromptId("t"), ModelId("m"), 0, "judge", true, false, "terse"}};
    ReportedVoices voices;
    voices.pairs = {{0, 1, 60, {0.34, 0.28, 0.41, 60}, 0.8, "a<b> writes 56 % longer answers"}};
    voices.floors = {NoiseFloor{}, NoiseFloor{}};
    report.voices = voices;
    return report;
}

/// Empty if it is well-formed XML, else why not.
QString xmlFault(const std::string& text)
{
    XML_Parser parser = XML_ParserCreate("UTF-8");
    const bool isFine =
        XML_Parse(parser, text.data(), static_cast<int>(text.size()), 1) == XML_STATUS_OK;
    const QString fault = isFine
                              ? QString()
                              : QStringLiteral("line %1: %2")
                                    .arg(XML_GetCurrentLineNumber(parser))
                                    .arg(QLatin1String(XML_ErrorString(XML_GetErrorCode(parser))));
    XML_ParserFree(parser);
    return fault;
}

AnswerReadOptions later()
{
    AnswerReadOptions options;
    options.recordedAtMs = 2'000'000'000'000;
    return options;
}

/// The workbook keeps 16 digits of a number, and no character that XML has not.
bool isTheSame(Answer read, const Answer& wanted)
{
    if (read.totalMs && wanted.totalMs && std::abs(*read.totalMs - *wanted.totalMs) < 1e-9)
        read.totalMs = wanted.totalMs;
    return read == wanted;
}

std::vector<std::string> column(const SheetReading& sheet, std::size_t index)
{
    std::vector<std::string> cells;
    for (const SheetRow& row : sheet.rows)
        cells.push_back(index < row.cells.size() ? row.cells[index] : std::string());
    return cells;
}

} // namespace

class TestRunReport : public QObject
{
    Q_OBJECT
private slots:
    void aPageIsWellFormedAndHasNoScript()
    {
        const std::string html = toReportHtml(nastyReport());
        QCOMPARE(xmlFault(html), QString());
        const QString page = QString::fromStdString(html);
        QVERIFY(!page.contains(QStringLiteral("<script"), Qt::CaseInsensitive));
        QVERIFY(!page.contains(QStringLiteral("<!--")));
        // No element or attribute asks anybody for anything.
        QVERIFY(!page.contains(
            QRegularExpression(QStringLiteral("<[^>]*\\s(src|href|action|style|on\\w+)=\"(?!#)"))));
        QVERIFY(page.contains(QStringLiteral("default-src 'none'")));
        QVERIFY(page.contains(QStringLiteral("prefers-color-scheme: dark")));
        QVERIFY(page.contains(QStringLiteral("simulated")));
        QVERIFY(page.contains(QStringLiteral("0.34 (0.28 to 0.41)")));
        QVERIFY(page.contains(QStringLiteral("\u2605 starred")));
        QVERIFY(page.contains(QStringLiteral("Someone &lt;b&gt;")));
        QVERIFY(page.contains(QStringLiteral("#&lt;refund&gt;")));
        QVERIFY(page.contains(QStringLiteral(">Policy: Desk &amp; co<")));
        QVERIFY(page.contains(QStringLiteral("-&gt; m (rate limit, 40 ms), a&lt;b&gt;")));
        // What would turn text around is shown, not obeyed.
        QVERIFY(!page.contains(QChar(0x202e)));
    }

    void thePolicyOfThePageAllowsItsStyleAlone()
    {
        const std::string_view style = report_detail::reportStyle();
        const QByteArray hash =
            QCryptographicHash::hash(QByteArray(style.data(), static_cast<qsizetype>(style.size())),
                                     QCryptographicHash::Sha256)
                .toBase64();
        const std::string_view stated = report_detail::reportStyleHash();
        QCOMPARE(QByteArray("sha256-") + hash,
                 QByteArray(stated.data(), static_cast<qsizetype>(stated.size())));
        QVERIFY(style.find_first_of("<>&") == std::string_view::npos);
        const std::string html = toReportHtml(nastyReport());
        QVERIFY(html.find("<style>" + std::string(style) + "</style>") != std::string::npos);
    }

    void aPageIsReadBack()
    {
        const RunReport report = nastyReport();
        const std::string html = toReportHtml(report);
        QCOMPARE(guessAnswerFormat(html), AnswerFormat::Report);
        const auto read = readAnswers(html, AnswerFormat::Report, later());
        QVERIFY2(read.has_value(), read ? "" : toString(read.error()).c_str());
        QCOMPARE(read->report.refusedCount(), std::size_t(0));
        QVERIFY(read->answers == report.answers);
        QVERIFY(read->prompts.cases == report.prompts.cases);
    }

    void aPageThatWasCutSaysSo()
    {
        const std::string html = toReportHtml(nastyReport());
        const std::size_t data = html.find("<template");
        const auto cut =
            readAnswers(html.substr(0, html.find('\n', data) + 20), AnswerFormat::Report, later());
        QVERIFY(!cut.has_value()); // not one answer is whole
        const auto some =
            readAnswers(html.substr(0, html.rfind("{\"id\"")), AnswerFormat::Report, later());
        QVERIFY(some.has_value());
        QCOMPARE(some->answers.size(), std::size_t(4));
        QVERIFY(some->report.refused().back().message.find("cut off") != std::string::npos);
        const auto other = readAnswers("<html></html>", AnswerFormat::Report, later());
        QVERIFY(toString(other.error()).find("no report of Signalbox") != std::string::npos);
    }

    void linesOfAPageAreCountedFromItsTop()
    {
        std::string html = toReportHtml(nastyReport());
        const std::size_t state = html.find("\"state\":\"done\"", html.find("<template"));
        html.replace(state, 14, "\"state\":\"nine\"");
        const auto read = readAnswers(html, AnswerFormat::Report, later());
        QVERIFY(read.has_value());
        QCOMPARE(
            read->report.refused().at(0).line,
            1 + std::size_t(std::count(html.begin(), html.begin() + std::ptrdiff_t(state), '\n')));
    }

    void aWorkbookIsReadBack()
    {
        const RunReport report = nastyReport();
        const auto bytes = toReportWorkbook(report);
        QVERIFY2(bytes.has_value(), bytes ? "" : toString(bytes.error()).c_str());
        QCOMPARE(*sheetNamesOf(*bytes), (std::vector<std::string>{"Answers", "Prompts", "Models",
                                                                  "Voices", "Notes", "Run"}));
        QCOMPARE(guessAnswerFormat(*bytes), AnswerFormat::Xlsx);
        const auto read = readAnswers(*bytes, AnswerFormat::Xlsx, later());
        QVERIFY2(read.has_value(), read ? "" : toString(read.error()).c_str());
        QCOMPARE(read->report.refusedCount(), std::size_t(0));
        QVERIFY(read->report.notes().empty());
        QCOMPARE(read->answers.size(), report.answers.size());
        for (std::size_t i = 0; i < report.answers.size(); ++i)
            QVERIFY2(isTheSame(read->answers[i], report.answers[i]), std::to_string(i).c_str());
        QVERIFY(read->prompts.cases == report.prompts.cases);
        // The same file is a table of prompts, too.
        const auto prompts = readPrompts(*bytes);
        QVERIFY(prompts.has_value());
        QCOMPARE(prompts->format, PromptFormat::Xlsx);
        QCOMPARE(prompts->set.cases.size(), std::size_t(2));
        QCOMPARE(prompts->set.cases[0].turns.back().text, std::string(kNasty));
    }

    void aTextThatNoCellHoldsGoesOnAndIsTold()
    {
        RunReport report = nastyReport();
        report.answers[0].text = std::string(2 * kMostCellUnits, 'a') + "\r_x0041_z";
        report.answers[1].reasoning = std::string(kMostCellUnits + 5, 'b');
        const auto bytes = toReportWorkbook(report);
        QVERIFY2(bytes.has_value(), bytes ? "" : toString(bytes.error()).c_str());
        const auto read = readAnswers(*bytes, AnswerFormat::Xlsx, later());
        QVERIFY(read.has_value());
        QVERIFY(isTheSame(read->answers[0], report.answers[0]));
        QVERIFY(isTheSame(read->answers[1], report.answers[1]));
        const auto run = readWorkbook(*bytes, {"Run", {}});
        const auto facts = column(*run, 0);
        const auto told = std::ranges::find(facts, "Long texts");
        QVERIFY(told != facts.end());
        QVERIFY(column(*run, 1)[static_cast<std::size_t>(told - facts.begin())].starts_with(
            "2 texts are longer than a cell"));
    }

    void figuresAreOfTheAnswers()
    {
        RunReport report = nastyReport();
        const std::vector<ModelFigures> figures = figuresOf(report);
        QCOMPARE(figures[0].answers, std::size_t(2));
        QCOMPARE(figures[1].answers, std::size_t(1));
        QCOMPARE(figures[1].failed, std::size_t(1));
        QCOMPARE(figures[0].cost->pico, Money::fromUsd(0.021).pico);
        QCOMPARE(figures[0].unpriced, std::size_t(0));
        QCOMPARE(figures[0].servedModels, std::vector<std::string>{"served-1"});
        report.answers[0].cost.reset();
        QCOMPARE(figuresOf(report)[0].unpriced, std::size_t(1));
    }

    void smallCostsKeepTheirDigits()
    {
        QCOMPARE(costText(Money::fromUsd(12.3)), std::string("$12.30"));
        QCOMPARE(costText(Money::fromUsd(0.0105)), std::string("$0.0105"));
        QCOMPARE(costText(Money::fromUsd(0.000012)), std::string("$0.000012"));
        QCOMPARE(costText(Money::fromUsd(0)), std::string("$0"));
        QCOMPARE(costText(std::nullopt), std::string("unknown"));
    }

    void voicesAreMeasuredWhereThereIsEnough()
    {
        RunReport report;
        report.models = {{ModelId("a"), {}, {}, {}, 0}, {ModelId("b"), {}, {}, {}, 1}};
        const auto ask = [&](int count) {
            report.answers.clear();
            report.prompts.cases.clear();
            for (int i = 0; i < count; ++i) {
                const std::string id = "p" + std::to_string(i);
                PromptCase prompt;
                prompt.id = PromptId(id);
                prompt.turns = {{Role::User, id, 0}};
                report.prompts.cases.push_back(prompt);
                report.answers.push_back(answerOf(id.c_str(), "a", "Short. No more."));
                report.answers.push_back(
                    answerOf(id.c_str(), "b",
                             "Certainly! **Here** is a longer one:\n- a list\n- of it " + id));
            }
        };
        ask(9);
        QVERIFY(!measuredVoices(report));
        ask(30);
        const auto voices = measuredVoices(report);
        QVERIFY(voices.has_value());
        QCOMPARE(voices->pairs.size(), std::size_t(1));
        QVERIFY(voices->pairs[0].noticeability.value > 0.9);
        QVERIFY(!voices->pairs[0].reason.empty());
        QVERIFY(!isOneVoice(*voices, voices->pairs[0]));
    }
};

QTEST_GUILESS_MAIN(TestRunReport)
#include "tst_run_report.moc"
