// SPDX-License-Identifier: Apache-2.0
#include "report_html.h"

#include "report_figures.h"
#include "report_style.h"
#include "report_words.h"

#include <core/base/utf8.h>
#include <core/projection/number_text.h>
#include <core/projection/xml_text.h>
#include <core/prompts/embedded_answers.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace signalbox {

namespace {

constexpr std::size_t kContentsWords = 100; ///< code points of a prompt in the list of prompts

std::string element(const std::string& tag, const std::string& attributes,
                    const std::string& content)
{
    return "<" + tag + (attributes.empty() ? "" : " " + attributes) + ">" + content + "</" + tag +
           ">";
}

std::string element(const std::string& tag, const std::string& content)
{
    return element(tag, {}, content);
}

std::string classed(const std::string& tag, const std::string& name, const std::string& content)
{
    return element(tag, "class=\"" + name + "\"", content);
}

/// The beginning of a text, in one line.
std::string shortened(std::string_view text, std::size_t most)
{
    std::string line;
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
        const DecodedCodePoint point = decodeCodePoint(text, at);
        if (count == most)
            return line + "\u2026";
        const bool isBreak = point.value == '\n' || point.value == '\r' || point.value == '\t';
        appendUtf8(line, isBreak ? U' ' : point.value);
        at += point.bytes;
    }
    return line;
}

/// Line ends of any kind as one, so that none shows as a stray mark.
std::string shownText(std::string_view text)
{
    std::string lines;
    lines.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\r')
            lines += text[at];
        else if (at + 1 == text.size() || text[at + 1] != '\n')
            lines += '\n';
    }
    return xmlText(lines);
}

std::string joinedFacts(const std::vector<std::string>& facts)
{
    std::string line;
    for (const std::string& fact : facts)
        line += (line.empty() ? "" : " \u00b7 ") + xmlText(fact);
    return line;
}

class HtmlReport
{
public:
    explicit HtmlReport(const RunReport& report) : m_report(report), m_cells(report) {}

    std::string write()
    {
        m_html = "<!DOCTYPE html>\n<html lang=\"en\">\n";
        head();
        m_html += "<body>\n";
        summary();
        models();
        voices();
        contents();
        for (std::size_t i = 0; i < m_report.prompts.cases.size(); ++i)
            prompt(m_report.prompts.cases[i], i);
        m_html += embeddedAnswers(m_report.answers, m_report.prompts) + "\n</body>\n</html>\n";
        return std::move(m_html);
    }

private:
    void line(const std::string& html) { m_html += html + '\n'; }

    [[nodiscard]] std::string title() const
    {
        return m_report.name.empty() ? "Answers" : m_report.name;
    }

    void head()
    {
        line("<head>\n<meta charset=\"utf-8\"/>");
        line("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
             "'" +
             std::string(report_detail::reportStyleHash()) +
             "'; base-uri 'none'; form-action 'none'\"/>");
        line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
        line("<meta name=\"referrer\" content=\"no-referrer\"/>");
        line("<meta name=\"generator\" content=\"Signalbox\"/>");
        line(element("title", xmlText(shortened(title(), kContentsWords))));
        line(element("style", std::string(report_detail::reportStyle())) + "\n</head>");
    }

    void summary()
    {
        std::string heading = xmlText(title());
        if (m_report.isSimulated())
            heading += " " + classed("span", "badge", "simulated");
        line("<header>\n" + element("h1", heading));
        std::string list;
        for (const auto& [name, value] : factsOf(m_report))
            list += element("dt", xmlText(name)) + element("dd", xmlText(value)) + "\n";
        line(classed("dl", "facts", "\n" + list) + "\n</header>");
    }

    [[nodiscard]] std::string modelName(std::size_t model) const
    {
        const std::string color = "m" + std::to_string(std::max(0, m_report.models[model].look) %
                                                       report_detail::kModelColors);
        return classed("span", "model " + color, xmlText(columnName(m_report.models[model])));
    }

    void models()
    {
        line(element("h2", "Models"));
        std::string head;
        for (const char* const name :
             {"Model", "Answers", "Failed", "Words, median", "First token, median",
              "Whole time, median", "Tokens, mean", "Cost", "Satisfied"})
            head += element("th", "scope=\"col\"", name);
        head += element("th", "scope=\"col\" class=\"words\"", "Asked as");
        std::string rows = element("tr", head) + "\n";
        const std::vector<ModelFigures> figures = figuresOf(m_report);
        for (std::size_t i = 0; i < figures.size(); ++i)
            rows += element("tr", modelRow(i, figures[i])) + "\n";
        line(classed("div", "scroll", element("table", "\n" + rows)));
    }

    [[nodiscard]] std::string modelRow(std::size_t model, const ModelFigures& figures) const
    {
        const auto number = [](const std::optional<double>& value, int decimals) {
            return element("td", value ? fixedText(*value, decimals) : "\u2013");
        };
        const auto time = [](const std::optional<double>& ms) {
            return element("td", ms ? timeText(ms) : "\u2013");
        };
        std::string cost = costText(figures.cost);
        if (figures.cost && figures.unpriced > 0)
            cost += ", " + countText(figures.unpriced) + " unknown";
        return element("th", "scope=\"row\"", modelName(model)) +
               element("td", countText(figures.answers)) +
               element("td", countText(figures.failed)) + number(figures.words, 0) +
               time(figures.firstTokenMs) + time(figures.totalMs) +
               number(figures.outputTokens, 0) + element("td", cost) +
               element("td", figures.satisfied ? fixedText(100 * *figures.satisfied, 1) + " %"
                                               : "\u2013") +
               classed("td", "words", askedAs(model, figures));
    }

    [[nodiscard]] std::string askedAs(std::size_t model, const ModelFigures& figures) const
    {
        const ReportedModel& asked = m_report.models[model];
        std::vector<std::string> facts;
        if (!asked.provider.empty())
            facts.push_back(asked.provider + (asked.upstreamModel.empty() ? "" : ": ") +
                            asked.upstreamModel);
        const bool isAsAsked =
            figures.servedModels.size() == 1 && figures.servedModels.front() == asked.upstreamModel;
        if (!figures.servedModels.empty() && !isAsAsked) {
            std::string served = "served by ";
            for (const std::string& name : figures.servedModels)
                served += (&name == &figures.servedModels.front() ? "" : ", ") + name;
            facts.push_back(served);
        }
        if (!asked.styleGuide.empty())
            facts.push_back("with the style guide: " + asked.styleGuide);
        return joinedFacts(facts);
    }

    void voices()
    {
        if (!m_report.voices)
            return;
        const ReportedVoices& voices = *m_report.voices;
        line(element("h2", "How noticeable a change of the model is"));
        std::string head = element("td", "");
        for (std::size_t i = 0; i < m_report.models.size(); ++i)
            head += element("th", "scope=\"col\"", modelName(i));
        std::string rows = element("tr", head) + "\n";
        for (std::size_t a = 0; a < m_report.models.size(); ++a) {
            std::string row = element("th", "scope=\"row\"", modelName(a));
            for (std::size_t b = 0; b < m_report.models.size(); ++b)
                row += a == b ? element("td", "\u2013") : pairCell(voices, pairOf(voices, a, b));
            rows += element("tr", row) + "\n";
        }
        line(classed("div", "scroll", element("table", "\n" + rows)));
        line(classed("p", "quiet", xmlText(voicesLegend(voices))));
        reasons(voices);
    }

    [[nodiscard]] static std::string pairCell(const ReportedVoices& voices,
                                              const ReportedPair* pair)
    {
        const std::string text = xmlText(noticeabilityText(pair));
        if (!pair || !std::isfinite(pair->noticeability.value))
            return classed("td", "quiet", text);
        const int step =
            std::clamp(static_cast<int>(pair->noticeability.value * report_detail::kHeatSteps), 0,
                       report_detail::kHeatSteps - 1);
        return classed("td", "h" + std::to_string(step),
                       text + (isOneVoice(voices, *pair) ? "<br/>one voice" : ""));
    }

    void reasons(const ReportedVoices& voices)
    {
        std::string list;
        for (const ReportedPair& pair : voices.pairs) {
            if (!pair.reason.empty() && !isOneVoice(voices, pair))
                list += element("li", xmlText(pair.reason) + " " +
                                          classed("span", "quiet",
                                                  "(" + countOf(pair.n, "prompt", "prompts") +
                                                      ", AUC " + fixedText(pair.auc, 2) + ")")) +
                        "\n";
        }
        if (!list.empty())
            line(element("p", "What tells them apart most:") + element("ul", "\n" + list));
    }

    void contents()
    {
        line(element("h2", "Answers"));
        if (m_report.prompts.cases.size() < 2)
            return;
        std::string list;
        for (std::size_t i = 0; i < m_report.prompts.cases.size(); ++i) {
            const PromptCase& each = m_report.prompts.cases[i];
            const std::string words = each.turns.empty() ? each.id.value : each.turns.back().text;
            list += element("li", element("a", "href=\"#p" + std::to_string(i + 1) + "\"",
                                          xmlText(shortened(words, kContentsWords)))) +
                    "\n";
        }
        line(element("nav", element("details", element("summary", "All prompts") +
                                                   classed("ol", "contents", "\n" + list))));
    }

    void prompt(const PromptCase& prompt, std::size_t index)
    {
        line("<section class=\"prompt\" id=\"p" + std::to_string(index + 1) + "\">");
        std::string heading = "Prompt " + countText(index + 1);
        if (!prompt.segment.empty())
            heading += " " + classed("span", "quiet", xmlText(prompt.segment));
        for (const std::string& tag : prompt.tags)
            heading += " " + classed("span", "quiet", xmlText("#" + tag));
        line(element("h3", heading));
        std::string asked;
        for (const Message& turn : messagesOf(prompt)) {
            const char* const who = turn.role == Role::System      ? "System prompt"
                                    : turn.role == Role::Assistant ? "Assistant"
                                                                   : "";
            asked += (*who ? classed("p", "quiet", who) : "") + element("p", shownText(turn.text));
        }
        line(classed("div", "asked", asked));
        line("<div class=\"answers\">");
        for (std::size_t model = 0; model < m_report.models.size(); ++model)
            column(prompt.id, model);
        line("</div>\n</section>");
    }

    void column(const PromptId& prompt, std::size_t model)
    {
        const auto answers = m_cells.answers(prompt, m_report.models[model].id);
        line("<div class=\"column\">" + element("h3", modelName(model)));
        if (answers.empty())
            line(classed("p", "quiet", "not asked"));
        for (const Answer* const each : answers)
            answer(*each, answers.size() > 1);
        line("</div>");
    }

    void answer(const Answer& answer, bool isOneOfMany)
    {
        line("<article class=\"answer\">");
        std::vector<std::string> facts = factsOf(answer);
        if (isOneOfMany)
            facts.insert(facts.begin(), "answer " + std::to_string(answer.sample + 1));
        line(classed("div", "quiet", joinedFacts(facts)));
        if (const std::string route = routeText(answer); !route.empty())
            line(classed("div", "quiet", xmlText("Route: " + route)));
        if (!answer.failure.empty())
            line(classed("p", "failure", shownText(answer.failure)));
        if (!answer.text.empty())
            line(classed("div", "text", shownText(answer.text)));
        if (!answer.reasoning.empty())
            line(classed("details", "thinking",
                         element("summary", "Reasoning") +
                             classed("div", "text quiet", shownText(answer.reasoning))));
        for (const ReportedNote* const each : m_cells.notes(answer))
            note(*each);
        line("</article>");
    }

    void note(const ReportedNote& note)
    {
        std::string who = note.author;
        if (note.isMachine)
            who += who.empty() ? "machine" : " (machine)";
        std::string text = note.isStarred ? classed("span", "star", "\u2605 starred") : "";
        if (!who.empty())
            text += (text.empty() ? "" : " ") + classed("span", "quiet", xmlText(who));
        if (!note.text.empty())
            text += (text.empty() ? "" : "\n") + shownText(note.text);
        line(classed("div", "note", text));
    }

    const RunReport& m_report;
    CellIndex m_cells;
    std::string m_html{};
};

} // namespace

std::string toReportHtml(const RunReport& report)
{
    return HtmlReport(report).write();
}

} // namespace signalbox
