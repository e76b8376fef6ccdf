// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"
#include "rule_name.h"

#include <core/base/json.h>
#include <core/policy/policy_json.h>
#include <core/routing/attempt_machine.h>
#include <core/routing/compiled_policy.h>

#include <CLI/CLI.hpp>
#include <QDateTime>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <sstream>

namespace signalbox::cli {

namespace {

Json jsonOf(const SignalValue& value)
{
    if (const auto* number = std::get_if<double>(&value))
        return *number;
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag;
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    return nullptr;
}

std::string textOf(const SignalValue& value)
{
    const Json json = jsonOf(value);
    return json.is_null() ? "missing" : toCompactJsonText(json);
}

std::string planText(const Plan& plan)
{
    return toCompactJsonText(toJson(plan));
}

class DecideCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "decide"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Decide one request and show every condition with the value it saw";
    }

    void declare(CLI::App& app) override
    {
        app.add_option("policy", m_policy, "Policy file, or \"sample\"")->required();
        auto* prompt = app.add_option("--prompt", m_prompt, "Text of the user's message");
        app.add_option("--request", m_requestFile,
                       "A whole request as JSON (messages, conversationId, style, metadata, ...); "
                       "- for standard input")
            ->excludes(prompt);
        app.add_option("--style", m_style,
                       "Answer style the user asked for: concise, balanced, detailed");
        app.add_option("--user", m_user, "User id, for splits and holdout");
        app.add_option("--conversation", m_conversation, "Conversation id, for splits and holdout");
        app.add_option("--metadata", m_metadata, "A metadata entry key=value; may be repeated")
            ->allow_extra_args(false);
        app.add_option("--time", m_time,
                       "When the request comes in, ISO 8601, for time windows; UTC unless it says "
                       "otherwise");
        app.add_option("--usage", m_usage,
                       "What a meter shows, signal=number, for limits of rate and spend; may be "
                       "repeated")
            ->allow_extra_args(false);
        app.add_option("--styles", m_styles,
                       "The table of users' answer styles; without it the one that the policy "
                       "names, beside it");
        app.add_option("--down", m_down,
                       "Also show who would answer if this model were down; may be repeated")
            ->allow_extra_args(false);
        app.add_flag("--json", m_json, "Print the trace for machines");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        if (const auto used = checkUse(); !used)
            return reportWrongUse(streams, used.error());
        const auto request = readRequest(streams);
        if (!request)
            return report(streams, request.error());
        const auto policy = compilePolicy(m_policy, m_styles, streams);
        if (!policy)
            return report(streams, policy.error());
        const Trace trace = policy->explain(*request);
        if (m_json)
            streams.out << toJsonText(toJson(trace, policy->document()));
        else
            print(streams.out, trace, policy->document());
        return kDone;
    }

private:
    [[nodiscard]] Result<void> checkUse() const
    {
        if (m_requestFile.empty() && m_prompt.empty())
            return fail(ErrorCode::InvalidArgument, "there is no request to decide", {},
                        "give --prompt or --request");
        for (const std::string& entry : m_metadata) {
            if (entry.find('=') == std::string::npos)
                return fail(ErrorCode::InvalidArgument, "a metadata entry is key=value", entry,
                            "for example --metadata plan=pro");
        }
        for (const std::string& entry : m_usage) {
            if (!readingOf(entry))
                return fail(ErrorCode::InvalidArgument, "a meter's reading is signal=number", entry,
                            "for example --usage rate=12");
        }
        if (!m_time.empty() && !timeOf(m_time))
            return fail(ErrorCode::InvalidArgument, "the time is no ISO 8601 time", m_time,
                        "for example --time 2026-01-31T09:30:00Z");
        return {};
    }

    [[nodiscard]] Result<Request> readRequest(const Streams& streams) const
    {
        Request request;
        if (!m_requestFile.empty()) {
            const auto text = readInput(m_requestFile, streams);
            if (!text)
                return Unexpected(text.error());
            const auto json = parseJson(*text);
            if (!json)
                return Unexpected(json.error());
            auto read = requestFromJson(*json);
            if (!read)
                return read;
            request = std::move(*read);
        } else {
            request.messages.push_back({Role::User, m_prompt, 0});
        }
        if (!m_style.empty())
            request.style = m_style;
        if (!m_user.empty())
            request.userId = m_user;
        if (!m_conversation.empty())
            request.conversationId = m_conversation;
        if (!m_time.empty())
            request.timeMs = timeOf(m_time);
        for (const std::string& entry : m_usage)
            request.usage.push_back(*readingOf(entry));
        for (const std::string& entry : m_metadata) {
            const std::size_t equals = entry.find('=');
            request.metadata.push_back(
                {entry.substr(0, equals), scalarOf(entry.substr(equals + 1))});
        }
        return request;
    }

    static std::optional<UsageReading> readingOf(const std::string& entry)
    {
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos || equals == 0)
            return std::nullopt;
        const auto json = parseJson(std::string_view(entry).substr(equals + 1));
        if (!json || !json->is_number())
            return std::nullopt;
        return UsageReading{SignalId(entry.substr(0, equals)), json->get<double>()};
    }

    static std::optional<std::int64_t> timeOf(const std::string& text)
    {
        QDateTime time = QDateTime::fromString(QString::fromStdString(text), Qt::ISODate);
        if (time.timeSpec() == Qt::LocalTime)
            time.setTimeSpec(Qt::UTC);
        return time.isValid() ? std::optional<std::int64_t>(time.toMSecsSinceEpoch())
                              : std::nullopt;
    }

    /// A number or a boolean where the text is one, else the text.
    static Scalar scalarOf(const std::string& text)
    {
        if (text == "true" || text == "false")
            return text == "true";
        const auto json = parseJson(text);
        if (json && json->is_number())
            return json->get<double>();
        return text;
    }

    [[nodiscard]] PlanOutcome withModelsDown(const Plan& plan) const
    {
        return simulatePlan(plan, [this](const AttemptAsked& asked) {
            SimulatedAttempt attempt;
            if (std::ranges::count(m_down, asked.call.model.value) > 0)
                attempt.failure = AttemptFailure::ServerError;
            return attempt;
        });
    }

    [[nodiscard]] Json toJson(const Trace& trace, const PolicyDocument& document) const
    {
        Json json;
        json["rule"] = ruleName(trace.decision.rule, document);
        json["uncertain"] = trace.decision.isUncertain;
        json["model"] =
            document.models[static_cast<std::size_t>(trace.decision.firstModel)].id.value;
        json["plan"] = signalbox::toJson(*trace.decision.plan);
        json["signals"] = Json::object();
        for (const auto& [id, value] : trace.values)
            json["signals"][id.value] = jsonOf(value);
        json["rules"] = Json::array();
        for (const TraceRule& rule : trace.rules) {
            Json compares = Json::array();
            for (const TraceCompare& compare : rule.compares)
                compares.push_back({{"path", compare.path},
                                    {"signal", compare.compare.signal.value},
                                    {"saw", jsonOf(compare.saw)},
                                    {"holds", compare.holds}});
            json["rules"].push_back({{"id", rule.id.value},
                                     {"enabled", rule.enabled},
                                     {"evaluated", rule.evaluated},
                                     {"matched", rule.matched},
                                     {"uncertain", rule.isUncertain},
                                     {"conditions", std::move(compares)}});
        }
        json["arms"] = Json::array();
        for (const TraceArm& arm : trace.arms)
            json["arms"].push_back({{"path", arm.path}, {"bucket", arm.bucket}, {"arm", arm.arm}});
        json["nearMisses"] = Json::array();
        for (const NearMiss& miss : trace.nearMisses)
            json["nearMisses"].push_back({{"rule", ruleName(miss.rule, document)},
                                          {"uncertain", miss.isUncertain},
                                          {"signal", miss.signal.value},
                                          {"saw", jsonOf(miss.saw)},
                                          {"needed", jsonOf(miss.needed)},
                                          {"model", miss.model.value}});
        if (!m_down.empty()) {
            const PlanOutcome outcome = withModelsDown(*trace.decision.plan);
            json["withModelsDown"] = {{"answered", outcome.answered},
                                      {"servedBy", outcome.servedBy.value},
                                      {"afterMs", outcome.firstTokenMs}};
        }
        return json;
    }

    void print(std::ostream& out, const Trace& trace, const PolicyDocument& document) const
    {
        out << "Decision: " << nameOf(trace.decision, document) << " -> "
            << document.models[static_cast<std::size_t>(trace.decision.firstModel)].id.value << '\n'
            << "Plan: " << planText(*trace.decision.plan) << "\n\nSignals\n";
        for (const auto& [id, value] : trace.values)
            out << "  " << id.value << " = " << textOf(value) << '\n';
        out << "\nRules\n";
        for (const TraceRule& rule : trace.rules) {
            out << "  " << rule.id.value << ": "
                << (!rule.enabled     ? "switched off"
                    : rule.matched    ? "matched"
                    : !rule.evaluated ? "not reached"
                                      : "did not match")
                << (rule.isUncertain ? ", the request lies within its margin" : "") << '\n';
            for (const TraceCompare& compare : rule.compares)
                out << "    " << (compare.holds ? "yes " : "no  ")
                    << toCompactJsonText(signalbox::toJson(Condition{compare.compare})) << "  saw "
                    << textOf(compare.saw) << '\n';
        }
        for (const TraceArm& arm : trace.arms)
            printDraw(out, arm);
        if (!trace.nearMisses.empty())
            out << "\nNear misses\n";
        for (const NearMiss& miss : trace.nearMisses)
            out << "  would have gone to " << miss.model.value << " ("
                << ruleName(miss.rule, document) << (miss.isUncertain ? ", within its margin" : "")
                << ") at " << miss.signal.value << " " << textOf(miss.needed) << "; it was "
                << textOf(miss.saw) << '\n';
        if (!m_down.empty()) {
            const PlanOutcome outcome = withModelsDown(*trace.decision.plan);
            out << "\nWith " << joined(m_down) << " down: "
                << (outcome.answered ? outcome.servedBy.value + " would answer"
                                     : "nobody would answer")
                << ", " << outcome.firstTokenMs << " ms after the request plus its own time\n";
        }
    }

    static void printDraw(std::ostream& out, const TraceArm& arm)
    {
        if (arm.path.ends_with(".pool"))
            out << "Pool " << arm.path << ": member " << arm.arm + 1
                << ", for nothing is known of the models at this moment\n";
        else
            out << "Split " << arm.path << ": bucket " << arm.bucket << " of 4294967296, arm "
                << arm.arm + 1 << '\n';
    }

    static std::string joined(const std::vector<std::string>& names)
    {
        std::string text;
        for (const std::string& name : names)
            text += (text.empty() ? "" : ", ") + name;
        return text;
    }

    std::string m_policy;
    std::string m_prompt;
    std::string m_requestFile;
    std::string m_style;
    std::string m_user;
    std::string m_conversation;
    std::vector<std::string> m_metadata;
    std::vector<std::string> m_usage;
    std::string m_time;
    std::string m_styles;
    std::vector<std::string> m_down;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> makeDecideCommand()
{
    return std::make_unique<DecideCommand>();
}

} // namespace signalbox::cli
