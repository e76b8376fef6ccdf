// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_words.h"

#include "policy_paths.h"

#include <ui/kit/format.h>
#include <ui/kit/text_views.h>
#include <ui/models/gate_words.h>

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

template<class... Ts> struct Overloaded : Ts...
{
    using Ts::operator()...;
};
template<class... Ts> Overloaded(Ts...) -> Overloaded<Ts...>;

/// An operator and its value stay on one line.
const QChar kNbsp(0x00A0);
/// As ui/kit/format writes between a number and its unit.
const QChar kThinSpace(0x202F);

QString withUnit(const QString& number, const QString& unit)
{
    return number + kThinSpace + unit;
}

/// "$30", "$1.50"
QString dollarsPerMTok(const Money& perToken)
{
    const double usd = usdPerMTok(perToken);
    const bool whole = std::abs(usd - std::round(usd)) < 1e-9;
    return whole ? QLatin1Char('$') + format::number(usd, 0) : format::money(usd);
}

/// Fixed decimals without trailing zeros.
QString trimmed(double value, int decimals)
{
    QLocale locale;
    QString text = locale.toString(value, 'f', decimals);
    const QString point = locale.decimalPoint();
    if (!text.contains(point))
        return text;
    while (text.endsWith(locale.zeroDigit()))
        text.chop(1);
    if (text.endsWith(point))
        text.chop(point.size());
    return text;
}

void appendChips(std::vector<ConditionChip>& chips, const Condition& condition,
                 const std::string& path, bool nested);

void appendGroup(std::vector<ConditionChip>& chips, const Condition& group,
                 const std::vector<Condition>& children, const std::string& path,
                 const QString& word, bool nested)
{
    if (children.empty()) {
        const bool always = std::holds_alternative<All>(group.node);
        chips.push_back({ConditionChip::Kind::Empty,
                         always ? PolicyWords::tr("always") : PolicyWords::tr("no condition yet"),
                         path});
        return;
    }
    const bool parenthesis = nested && children.size() > 1;
    if (parenthesis)
        chips.push_back({ConditionChip::Kind::Word, QStringLiteral("("), path});
    for (std::size_t i = 0; i < children.size(); ++i) {
        if (i > 0)
            chips.push_back({ConditionChip::Kind::Word, word, path});
        appendChips(chips, children[i], childPath(group, path, i), children.size() > 1);
    }
    if (parenthesis)
        chips.push_back({ConditionChip::Kind::Word, QStringLiteral(")"), path});
}

void appendChips(std::vector<ConditionChip>& chips, const Condition& condition,
                 const std::string& path, bool nested)
{
    std::visit(Overloaded{
                   [&](const Compare& compare) {
                       chips.push_back(
                           {ConditionChip::Kind::Compare, PolicyWords::compare(compare), path});
                   },
                   [&](const All& all) {
                       appendGroup(chips, condition, all.conditions, path,
                                   PolicyWords::tr("and", "between conditions"), nested);
                   },
                   [&](const Any& any) {
                       appendGroup(chips, condition, any.conditions, path,
                                   PolicyWords::tr("or", "between conditions"), nested);
                   },
                   [&](const Not& negation) {
                       chips.push_back({ConditionChip::Kind::Word,
                                        PolicyWords::tr("not", "before a condition"), path});
                       appendChips(chips, *negation.condition, childPath(condition, path, 0), true);
                   },
               },
               condition.node);
}

} // namespace

QString PolicyWords::text(const std::string& utf8)
{
    return withVisibleControls(QString::fromStdString(utf8));
}

QString PolicyWords::number(double value)
{
    if (!std::isfinite(value))
        return tr("none", "a number that is not there");
    const QString text = QLocale().toString(value, 'g', 10);
    return std::abs(value) >= 1e10 || (value != 0 && std::abs(value) < 1e-4) ? text
                                                                             : trimmed(value, 6);
}

QString PolicyWords::share(double share)
{
    if (share > 0 && share < 0.001)
        return QLatin1Char('<') + kThinSpace + format::percent(0.001);
    return format::percent(share);
}

QString PolicyWords::basisPoints(int weight)
{
    return withUnit(trimmed(weight / 100.0, 2), QStringLiteral("%"));
}

QString PolicyWords::duration(double ms)
{
    if (ms < 1000)
        return withUnit(trimmed(ms, 0), tr("ms"));
    if (ms < 600'000)
        return withUnit(trimmed(ms / 1000, ms < 10'000 ? 2 : 1), tr("s", "seconds"));
    return withUnit(trimmed(ms / 60'000, 0), tr("min", "minutes"));
}

QString PolicyWords::price(const std::optional<Price>& price)
{
    if (!price)
        return tr("price unknown");
    return tr("%1 in, %2 out per 1M tokens", "prices of a million tokens")
        .arg(dollarsPerMTok(price->inputPerToken), dollarsPerMTok(price->outputPerToken));
}

QString PolicyWords::shortPrice(const std::optional<Price>& price)
{
    if (!price)
        return tr("price unknown");
    return tr("%1 in, %2 out", "prices of a million tokens, short")
        .arg(dollarsPerMTok(price->inputPerToken), dollarsPerMTok(price->outputPerToken));
}

QString PolicyWords::priceUnit()
{
    return tr("per 1M tokens", "below prices of what is sent and what is answered");
}

QString PolicyWords::consistencyLost(double loss)
{
    if (loss > 0 && loss < 0.0005)
        return tr("less than %1 points of consistency lost").arg(format::number(0.1, 1));
    return tr("%1 points of consistency lost").arg(format::number(loss * 100, 1));
}

QString PolicyWords::op(CompareOp op)
{
    switch (op) {
    case CompareOp::Eq:
        return tr("is", "equals");
    case CompareOp::Ne:
        return tr("is not", "differs from");
    case CompareOp::Lt:
        return QStringLiteral("<");
    case CompareOp::Lte:
        return QStringLiteral("≤");
    case CompareOp::Gt:
        return QStringLiteral(">");
    case CompareOp::Gte:
        return QStringLiteral("≥");
    case CompareOp::In:
        return tr("is one of");
    case CompareOp::Contains:
        return tr("contains");
    case CompareOp::Prefix:
        return tr("starts with");
    case CompareOp::Suffix:
        return tr("ends with");
    case CompareOp::Matches:
        return tr("matches");
    case CompareOp::Exists:
        return tr("is present");
    }
    return {};
}

QString PolicyWords::scalar(const Scalar& value)
{
    return std::visit(Overloaded{
                          [](double number) { return PolicyWords::number(number); },
                          [](bool yes) { return yes ? tr("yes") : tr("no"); },
                          [](const std::string& utf8) { return tr("“%1”").arg(text(utf8)); },
                      },
                      value);
}

QString PolicyWords::value(const CompareValue& value)
{
    return std::visit(Overloaded{
                          [](const std::vector<Scalar>& list) {
                              QStringList parts;
                              for (const Scalar& item : list)
                                  parts << scalar(item);
                              return parts.isEmpty() ? tr("nothing") : parts.join(tr(", "));
                          },
                          [](const ByStyle& byStyle) {
                              return tr("%1 / %2 / %3", "thresholds: concise, balanced, detailed")
                                  .arg(number(byStyle.concise), number(byStyle.balanced),
                                       number(byStyle.detailed));
                          },
                          [](const auto& plain) { return scalar(Scalar(plain)); },
                      },
                      value);
}

QString PolicyWords::seen(const SignalValue& value)
{
    return std::visit(Overloaded{
                          [](std::monostate) { return tr("missing", "a signal without a value"); },
                          [](const auto& plain) { return scalar(Scalar(plain)); },
                      },
                      value);
}

QString PolicyWords::compare(const Compare& compare)
{
    const QString signal =
        compare.signal.isEmpty() ? tr("no signal chosen") : text(compare.signal.value);
    if (compare.op == CompareOp::Exists)
        return tr("%1 is present").arg(signal);
    if (const bool* const yes = std::get_if<bool>(&compare.value)) {
        const bool holds = (compare.op == CompareOp::Eq) == *yes;
        return holds ? tr("%1: yes", "a yes/no signal").arg(signal)
                     : tr("%1: no", "a yes/no signal").arg(signal);
    }
    QString words = signal + QLatin1Char(' ') + op(compare.op) + kNbsp + value(compare.value);
    if (std::holds_alternative<ByStyle>(compare.value))
        words += tr(" by style");
    return words;
}

QString PolicyWords::condition(const Condition& condition)
{
    QString line;
    for (const ConditionChip& chip : conditionChips(condition)) {
        const bool tight =
            line.isEmpty() || line.endsWith(QLatin1Char('(')) || chip.text == QLatin1String(")");
        line += (tight ? QString() : QStringLiteral(" ")) + chip.text;
    }
    return line;
}

QString PolicyWords::callTitle(const Call& call)
{
    return call.model.isEmpty() ? tr("no model chosen") : text(call.model.value);
}

QString PolicyWords::callDetail(const Call& call)
{
    QStringList parts;
    if (call.firstTokenMs)
        parts << tr("begins ≤ %1", "budget of the first token").arg(duration(*call.firstTokenMs));
    if (call.totalMs)
        parts << tr("ends ≤ %1", "budget of the whole answer").arg(duration(*call.totalMs));
    if (call.retry.count > 0)
        parts << (call.retry.count == 1 ? tr("1 retry") : tr("%n retries", "", call.retry.count));
    return parts.join(QStringLiteral(" · "));
}

QString PolicyWords::overrides(const CallOverrides& overrides)
{
    QStringList parts;
    if (overrides.system)
        parts << (overrides.system->mode == SystemPromptMode::Replace
                      ? tr("a system prompt of its own")
                      : tr("words in front of the system prompt"));
    if (overrides.temperature)
        parts << tr("temperature %1").arg(number(*overrides.temperature));
    if (overrides.maxTokens)
        parts << (*overrides.maxTokens == 1 ? tr("at most 1 token")
                                            : tr("at most %n tokens", "", *overrides.maxTokens));
    if (overrides.answerStyle)
        parts
            << tr("answers %1", "how they are rewritten").arg(answerStyle(*overrides.answerStyle));
    return parts.join(tr(", "));
}

QString PolicyWords::answerStyle(const AnswerStyle& style)
{
    QStringList parts;
    if (style.flattenMarkdown)
        parts << tr("without Markdown");
    if (style.trimOpeners)
        parts << tr("without stock openers");
    if (style.trimClosers)
        parts << tr("without stock closers");
    if (style.maxWords)
        parts << (*style.maxWords == 1 ? tr("of 1 word at most")
                                       : tr("of %n words at most", "", *style.maxWords));
    return parts.isEmpty() ? tr("as they come") : parts.join(tr(", "));
}

QString PolicyWords::chainTitle(const Chain& chain)
{
    QStringList parts{tr("Fallback chain")};
    if (chain.mode == ChainMode::Hedge)
        parts << tr("hedged");
    if (chain.deadlineMs)
        parts << tr("within %1").arg(duration(*chain.deadlineMs));
    return parts.join(QStringLiteral(" · "));
}

QString PolicyWords::splitTitle(const Split& split)
{
    switch (split.sticky) {
    case StickyUnit::Request:
        return tr("Split by request");
    case StickyUnit::Conversation:
        return tr("Split by conversation");
    case StickyUnit::User:
        return tr("Split by user");
    }
    return {};
}

QString PolicyWords::cascadeTitle(const Cascade& cascade)
{
    const QString title = tr("Cascade", "cheap first, checked");
    return cascade.deadlineMs
               ? title + QStringLiteral(" · ") + tr("within %1").arg(duration(*cascade.deadlineMs))
               : title;
}

QString PolicyWords::poolTitle(const Pool& pool)
{
    return tr("Pool · %1", "what it picks by").arg(poolPick(pool.pick));
}

QString PolicyWords::poolPick(PoolPick pick)
{
    switch (pick) {
    case PoolPick::Latency:
        return tr("the quickest");
    case PoolPick::Cost:
        return tr("the cheapest");
    case PoolPick::Load:
        return tr("the least busy");
    }
    return {};
}

QString PolicyWords::acceptance(const Acceptance& accept)
{
    QStringList parts;
    if (!accept.refusals.empty())
        parts << tr("no refusal");
    if (accept.minWords && accept.maxWords)
        parts << tr("%1 to %2 words").arg(number(*accept.minWords), number(*accept.maxWords));
    else if (accept.minWords)
        parts << (*accept.minWords == 1 ? tr("at least 1 word")
                                        : tr("at least %n words", "", *accept.minWords));
    else if (accept.maxWords)
        parts << (*accept.maxWords == 1 ? tr("at most 1 word")
                                        : tr("at most %n words", "", *accept.maxWords));
    if (accept.meanLogProb)
        parts << tr("log-probability ≥ %1", "mean of an answer's tokens")
                     .arg(number(*accept.meanLogProb));
    if (accept.verifier)
        parts << tr("%1 agrees", "a model that checks")
                     .arg(accept.verifier->model.isEmpty() ? tr("nobody yet")
                                                           : text(accept.verifier->model.value));
    return parts.isEmpty() ? tr("every answer") : parts.join(tr(", "));
}

QString PolicyWords::margin(const Uncertain& uncertain)
{
    return tr("within %1 of %2", "margin, signal")
        .arg(number(uncertain.margin),
             uncertain.signal.isEmpty() ? tr("no signal chosen") : text(uncertain.signal.value));
}

QString PolicyWords::planTitle(const Plan& plan)
{
    return std::visit(Overloaded{
                          [](const Call& call) { return callTitle(call); },
                          [](const Chain& chain) { return chainTitle(chain); },
                          [](const Split& split) { return splitTitle(split); },
                          [](const Cascade& cascade) { return cascadeTitle(cascade); },
                          [](const Pool& pool) { return poolTitle(pool); },
                      },
                      plan.node);
}

QString PolicyWords::plan(const Plan& plan)
{
    return std::visit(Overloaded{
                          [](const Call& call) { return callTitle(call); },
                          [](const Chain& chain) {
                              QStringList steps;
                              for (const Plan& step : chain.steps)
                                  steps << PolicyWords::plan(step);
                              return steps.join(tr(", then ", "between the steps of a chain"));
                          },
                          [](const Split& split) {
                              QStringList arms;
                              for (const Arm& arm : split.arms)
                                  arms << basisPoints(arm.weight) + QLatin1Char(' ') +
                                              PolicyWords::plan(arm.plan);
                              return arms.join(QStringLiteral(" · "));
                          },
                          [](const Cascade& cascade) {
                              QStringList steps;
                              for (const Plan& step : cascade.steps)
                                  steps << PolicyWords::plan(step);
                              return steps.join(
                                  tr(", if rejected ", "between the steps of a cascade"));
                          },
                          [](const Pool& pool) {
                              QStringList members;
                              for (const Call& member : pool.members)
                                  members << callTitle(member);
                              return tr("%1 of %2", "the quickest of gpt-4, palm-2")
                                  .arg(poolPick(pool.pick), members.join(tr(", ")));
                          },
                      },
                      plan.node);
}

QString PolicyWords::failure(AttemptFailure failure)
{
    switch (failure) {
    case AttemptFailure::Timeout:
        return tr("too slow");
    case AttemptFailure::RateLimit:
        return tr("rate limited (429)");
    case AttemptFailure::ServerError:
        return tr("server error (5xx)");
    case AttemptFailure::Connect:
        return tr("not reachable");
    case AttemptFailure::ContentFilter:
        return tr("answer withheld");
    case AttemptFailure::BadAnswer:
        return tr("answer cut off");
    }
    return {};
}

QString PolicyWords::failures(const std::vector<AttemptFailure>& failures)
{
    QStringList names;
    for (const AttemptFailure failure : failures)
        names << PolicyWords::failure(failure);
    return names.join(tr(", "));
}

QString PolicyWords::chainMode(ChainMode mode)
{
    return mode == ChainMode::Hedge ? tr("Hedge: let it run, start the next, first answer wins")
                                    : tr("Cancel: stop it, then start the next");
}

QString PolicyWords::stickyUnit(StickyUnit unit)
{
    switch (unit) {
    case StickyUnit::Request:
        return tr("each request");
    case StickyUnit::Conversation:
        return tr("the conversation");
    case StickyUnit::User:
        return tr("the user");
    }
    return {};
}

QString PolicyWords::scope(TextScope scope)
{
    switch (scope) {
    case TextScope::LastUser:
        return tr("the last user message");
    case TextScope::AllUser:
        return tr("all user messages");
    case TextScope::System:
        return tr("the system prompt");
    case TextScope::All:
        return tr("the whole conversation");
    }
    return {};
}

QString PolicyWords::measure(TextMeasure measure)
{
    switch (measure) {
    case TextMeasure::Chars:
        return tr("characters");
    case TextMeasure::Words:
        return tr("words");
    case TextMeasure::Tokens:
        return tr("tokens (estimated)");
    case TextMeasure::Lines:
        return tr("lines");
    case TextMeasure::CodeShare:
        return tr("share of code");
    }
    return {};
}

QString PolicyWords::measured(TextMeasure measure, double value)
{
    QString count = number(value);
    const bool isOne = value == 1;
    switch (measure) {
    case TextMeasure::Chars:
        return (isOne ? tr("%1 character") : tr("%1 characters")).arg(count);
    case TextMeasure::Words:
        return (isOne ? tr("%1 word") : tr("%1 words")).arg(count);
    case TextMeasure::Tokens:
        return (isOne ? tr("%1 token") : tr("%1 tokens")).arg(count);
    case TextMeasure::Lines:
        return (isOne ? tr("%1 line") : tr("%1 lines")).arg(count);
    case TextMeasure::CodeShare:
        break;
    }
    return count;
}

QString PolicyWords::field(RequestField field)
{
    switch (field) {
    case RequestField::Turn:
        return tr("turn of the conversation");
    case RequestField::Messages:
        return tr("number of messages");
    case RequestField::RequestedModel:
        return tr("model asked for");
    case RequestField::MaxTokens:
        return tr("token limit asked for");
    case RequestField::HasTools:
        return tr("has tools");
    case RequestField::HasImages:
        return tr("has images");
    case RequestField::LastRole:
        return tr("role of the last message");
    }
    return {};
}

QString PolicyWords::weekday(Weekday day)
{
    return QLocale().standaloneDayName(static_cast<int>(day) + 1, QLocale::ShortFormat);
}

QString PolicyWords::weekdays(const std::vector<Weekday>& days)
{
    std::vector<Weekday> sorted = days;
    std::ranges::sort(sorted);
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    if (sorted.empty() || sorted.size() == 7)
        return tr("every day");
    const auto span =
        static_cast<std::size_t>(sorted.back()) - static_cast<std::size_t>(sorted.front()) + 1;
    if (sorted.size() > 2 && sorted.size() == span)
        return tr("%1 to %2", "days of the week")
            .arg(weekday(sorted.front()), weekday(sorted.back()));
    QStringList names;
    for (const Weekday day : sorted)
        names << weekday(day);
    return names.join(tr(", "));
}

QString PolicyWords::timeOfDay(int minute)
{
    return QStringLiteral("%1:%2")
        .arg(minute / 60, 2, 10, QLatin1Char('0'))
        .arg(minute % 60, 2, 10, QLatin1Char('0'));
}

QString PolicyWords::timeSpan(int seconds)
{
    if (seconds % 3600 == 0)
        return withUnit(number(seconds / 3600.0), tr("h", "hours"));
    if (seconds % 60 == 0)
        return withUnit(number(seconds / 60.0), tr("min", "minutes"));
    return withUnit(number(seconds), tr("s", "seconds"));
}

QString PolicyWords::usageMeasure(UsageMeasure measure)
{
    switch (measure) {
    case UsageMeasure::Requests:
        return tr("requests");
    case UsageMeasure::InputTokens:
        return tr("input tokens");
    case UsageMeasure::SpendUsd:
        return tr("US dollars spent");
    }
    return {};
}

QString PolicyWords::usageUnit(UsageUnit unit)
{
    switch (unit) {
    case UsageUnit::All:
        return tr("everybody");
    case UsageUnit::User:
        return tr("the user");
    case UsageUnit::Conversation:
        return tr("the conversation");
    }
    return {};
}

QString PolicyWords::valueType(ValueType type)
{
    switch (type) {
    case ValueType::Number:
        return tr("number");
    case ValueType::Boolean:
        return tr("yes or no");
    case ValueType::String:
        return tr("text");
    }
    return {};
}

QString PolicyWords::sourceName(std::size_t variantIndex)
{
    static_assert(std::variant_size_v<decltype(Signal::source)> == 12, "name the new source here");
    switch (variantIndex) {
    case 0:
        return tr("Score");
    case 1:
        return tr("Measure of a text");
    case 2:
        return tr("Any of these words");
    case 3:
        return tr("Contains a text");
    case 4:
        return tr("Matches an expression");
    case 5:
        return tr("Script of a text");
    case 6:
        return tr("Answer style asked for");
    case 7:
        return tr("Metadata");
    case 8:
        return tr("Header");
    case 9:
        return tr("Property of the request");
    case 10:
        return tr("Time of day");
    case 11:
        return tr("Use so far", "requests, tokens or money of the last minutes");
    default:
        return {};
    }
}

QString PolicyWords::source(const Signal& signal)
{
    return std::visit(
        Overloaded{
            [](const ScoreSource& score) {
                const int terms = static_cast<int>(score.terms.size());
                return terms == 1 ? tr("score of 1 term") : tr("score of %n terms", "", terms);
            },
            [](const MeasureSource& source) {
                return tr("%1 of %2", "characters of the last user message")
                    .arg(measure(source.measure), scope(source.scope));
            },
            [](const KeywordsSource& source) {
                const int words = static_cast<int>(source.anyOf.size());
                return (words == 1 ? tr("1 word in %1") : tr("any of %n words in %1", "", words))
                    .arg(scope(source.scope));
            },
            [](const ContainsSource& source) {
                return tr("“%1” in %2").arg(text(source.text), scope(source.scope));
            },
            [](const RegexSource& source) {
                return tr("expression %1 in %2").arg(text(source.pattern), scope(source.scope));
            },
            [](const ScriptSource& source) {
                return tr("script of %1", "writing system").arg(scope(source.scope));
            },
            [](const StyleSource& source) {
                return source.table.empty()
                           ? tr("answer style, %1 if none is asked for").arg(text(source.fallback))
                           : tr("answer style, else by %1, else %2", "file, style")
                                 .arg(text(source.table), text(source.fallback));
            },
            [](const MetadataSource& source) { return tr("metadata “%1”").arg(text(source.key)); },
            [](const HeaderSource& source) { return tr("header “%1”").arg(text(source.name)); },
            [](const FieldSource& source) {
                return source.field == RequestField::Messages && source.role
                           ? tr("number of messages by %1", "who says them").arg(role(*source.role))
                           : field(source.field);
            },
            [](const TimeWindowSource& source) {
                const QString days = weekdays(source.days);
                return source.fromMinute == source.untilMinute
                           ? tr("%1, the whole day, %2", "days, time zone")
                                 .arg(days, text(source.zone))
                           : tr("%1, %2 to %3, %4", "days, times, time zone")
                                 .arg(days, timeOfDay(source.fromMinute),
                                      timeOfDay(source.untilMinute), text(source.zone));
            },
            [](const UsageSource& source) {
                return tr("%1 of %2 in the last %3", "requests of the user in the last 60 s")
                    .arg(usageMeasure(source.measure), usageUnit(source.per),
                         timeSpan(source.windowSeconds));
            },
        },
        signal.source);
}

QString PolicyWords::rule(const Rule& rule)
{
    return text(rule.label.empty() ? rule.id.value : rule.label);
}

QString PolicyWords::group(const RuleGroup& group)
{
    return text(group.label.empty() ? group.id : group.label);
}

QString PolicyWords::decision(const PolicyDocument& document, int rule, bool isUncertain)
{
    const QString words = decision(document, rule);
    return isUncertain ? tr("%1, within its margin", "a rule").arg(words) : words;
}

QString PolicyWords::decision(const PolicyDocument& document, int rule)
{
    if (rule == Decision::kHoldout)
        return tr("Holdout");
    if (rule < 0 || static_cast<std::size_t>(rule) >= document.rules.size())
        return tr("Otherwise");
    return PolicyWords::rule(document.rules[static_cast<std::size_t>(rule)]);
}

QString PolicyWords::nearMiss(const PolicyDocument& document, const NearMiss& miss)
{
    const QString destination =
        tr("%1 by “%2”", "model by rule")
            .arg(text(miss.model.value), decision(document, miss.rule, miss.isUncertain));
    const QString needed = seen(miss.needed);
    if (std::holds_alternative<std::monostate>(miss.needed))
        return tr("%1 without %2; it was %3.")
            .arg(destination, text(miss.signal.value), seen(miss.saw));
    if (std::holds_alternative<std::monostate>(miss.saw))
        return tr("%1 if %2 were %3; it was missing.")
            .arg(destination, text(miss.signal.value), needed);
    if (std::holds_alternative<double>(miss.needed))
        return tr("%1 at %2 %3; it was %4.")
            .arg(destination, text(miss.signal.value), needed, seen(miss.saw));
    return tr("%1 if %2 were %3; it was %4.")
        .arg(destination, text(miss.signal.value), needed, seen(miss.saw));
}

QString PolicyWords::gateScope(GateScope scope)
{
    switch (scope) {
    case GateScope::Total:
        return tr("overall");
    case GateScope::Segment:
        return tr("per segment");
    case GateScope::Tier:
        return tr("per tier");
    }
    return {};
}

QString PolicyWords::gate(const Gate& gate)
{
    const double limit = gate.atLeast.value_or(gate.atMost.value_or(0));
    QString amount = share(limit);
    if (gate.metric == GateMetric::LatencyP95Ms)
        amount = duration(limit);
    else if (gate.metric == GateMetric::CostPer1k)
        amount = QLatin1Char('$') + number(limit);
    else if (gate.metric == GateMetric::Consistency)
        amount = number(limit * 100);
    const QString words = gate.atLeast
                              ? tr("%1 at least %2").arg(gateMetricText(gate.metric), amount)
                              : tr("%1 at most %2").arg(gateMetricText(gate.metric), amount);
    return gate.per == GateScope::Total ? words : words + QLatin1Char(' ') + gateScope(gate.per);
}

QString PolicyWords::role(Role role)
{
    switch (role) {
    case Role::System:
        return tr("System");
    case Role::User:
        return tr("User");
    case Role::Assistant:
        return tr("Assistant");
    case Role::Tool:
        return tr("Tool");
    }
    return {};
}

QString PolicyWords::holdout(const Holdout& holdout)
{
    switch (holdout.unit) {
    case StickyUnit::Request:
        return tr("%1 of requests").arg(share(holdout.share));
    case StickyUnit::Conversation:
        return tr("%1 of conversations").arg(share(holdout.share));
    case StickyUnit::User:
        return tr("%1 of users").arg(share(holdout.share));
    }
    return {};
}

std::vector<ConditionChip> conditionChips(const Condition& condition)
{
    std::vector<ConditionChip> chips;
    appendChips(chips, condition, {}, false);
    return chips;
}

} // namespace signalbox::ui
