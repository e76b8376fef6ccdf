// SPDX-License-Identifier: Apache-2.0
#include "signal_program.h"

#include "script_of.h"
#include "text_measures.h"

#include <core/policy/names.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox {

enum class SignalProgram::Source : std::uint8_t {
    Score,
    Chars,
    Words,
    Tokens,
    Lines,
    CodeShare,
    Pattern,
    Style,
    Metadata,
    Header,
    Turn,
    Messages,
    RequestedModel,
    MaxTokens,
    HasTools,
    HasImages,
    LastRole,
    Script,
    TimeWindow,
    Usage,
};

namespace {

constexpr std::size_t kCharsPerToken = 4;

std::size_t indexOf(TextScope scope)
{
    return static_cast<std::size_t>(scope);
}

bool isInScope(const Message& message, TextScope scope)
{
    switch (scope) {
    case TextScope::LastUser:
    case TextScope::AllUser:
        return message.role == Role::User;
    case TextScope::System:
        return message.role == Role::System;
    case TextScope::All:
        return true;
    }
    return false;
}

/// The scope's text: the message's own if there is one, else joined by newlines into `joined`.
std::string_view textOf(TextScope scope, std::span<const Message> messages, std::string& joined)
{
    if (scope == TextScope::LastUser) {
        for (std::size_t i = messages.size(); i-- > 0;) {
            if (messages[i].role == Role::User)
                return messages[i].text;
        }
        return {};
    }
    const Message* first = nullptr;
    bool isJoined = false;
    for (const Message& message : messages) {
        if (!isInScope(message, scope))
            continue;
        if (!first) {
            first = &message;
            continue;
        }
        if (!isJoined)
            joined.assign(first->text);
        isJoined = true;
        joined += '\n';
        joined += message.text;
    }
    if (isJoined)
        return joined;
    return first ? std::string_view(first->text) : std::string_view();
}

std::span<const Message> untilFirstUser(std::span<const Message> messages)
{
    const auto user = std::ranges::find(messages, Role::User, &Message::role);
    return user == messages.end()
               ? messages
               : messages.first(static_cast<std::size_t>(user - messages.begin()) + 1);
}

void readMetadata(const Request& request, std::string_view key, ValueType type, SignalSlot& slot)
{
    slot.setMissing();
    const auto entry = std::ranges::find(request.metadata, key, &MetadataEntry::key);
    if (entry == request.metadata.end())
        return;
    const Scalar& value = entry->value;
    if (const auto* number = std::get_if<double>(&value); number && type == ValueType::Number)
        slot.setNumber(*number);
    if (const auto* flag = std::get_if<bool>(&value); flag && type == ValueType::Boolean)
        slot.setBoolean(*flag);
    if (const auto* text = std::get_if<std::string>(&value); text && type == ValueType::String)
        slot.setText(*text);
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// A header's text as the declared type: a whole decimal number, "true" or "false", or any text.
void readHeader(const Request& request, std::string_view name, ValueType type, SignalSlot& slot)
{
    slot.setMissing();
    const auto header = std::ranges::find_if(
        request.headers, [&](const HeaderEntry& entry) { return equalsFolded(entry.name, name); });
    if (header == request.headers.end())
        return;
    const std::string_view text = trimmed(header->value);
    if (type == ValueType::String) {
        slot.setText(text);
    } else if (type == ValueType::Boolean) {
        if (text == "true" || text == "false")
            slot.setBoolean(text == "true");
    } else {
        double number = 0;
        const char* const begin = text.data();
        const char* const end = begin + text.size();
        const auto [stop, problem] = std::from_chars(begin, end, number);
        if (problem == std::errc() && stop == end && std::isfinite(number))
            slot.setNumber(number);
    }
}

/// Largest count that some limit can still tell from a larger one.
std::size_t countForLimit(double limit)
{
    if (!(limit > 0))
        return 0;
    return limit < 1e15 ? static_cast<std::size_t>(limit) : kCountAll;
}

} // namespace

SignalProgram::Step SignalProgram::stepFor(const Signal& signal, std::vector<TextPattern>& patterns,
                                           std::uint16_t hit)
{
    struct Describe
    {
        std::vector<TextPattern>& patterns;
        std::uint16_t hit;
        Step step;

        void operator()(const ScoreSource&) { step.source = Source::Score; }
        void operator()(const MeasureSource& source)
        {
            static_assert(static_cast<int>(Source::CodeShare) - static_cast<int>(Source::Chars) ==
                              static_cast<int>(TextMeasure::CodeShare),
                          "measures keep their order");
            step.source = static_cast<Source>(static_cast<int>(Source::Chars) +
                                              static_cast<int>(source.measure));
            step.scope = source.scope;
        }
        void operator()(const KeywordsSource& source)
        {
            usePatterns(source.scope);
            const auto kind = source.match == KeywordMatch::Word ? TextPattern::Kind::Word
                                                                 : TextPattern::Kind::Literal;
            for (const std::string& word : source.anyOf)
                patterns.push_back({kind, word, true, hit});
        }
        void operator()(const ContainsSource& source)
        {
            usePatterns(source.scope);
            patterns.push_back({TextPattern::Kind::Literal, source.text, false, hit});
        }
        void operator()(const RegexSource& source)
        {
            usePatterns(source.scope);
            patterns.push_back({TextPattern::Kind::Regex, source.pattern, source.ignoreCase, hit});
        }
        void operator()(const ScriptSource& source)
        {
            step.source = Source::Script;
            step.scope = source.scope;
        }
        void operator()(const StyleSource& source)
        {
            step.source = Source::Style;
            step.key = source.fallback;
            step.usesTable = !source.table.empty();
        }
        void operator()(const MetadataSource& source)
        {
            step.source = Source::Metadata;
            step.key = source.key;
            step.type = source.type;
        }
        void operator()(const HeaderSource& source)
        {
            step.source = Source::Header;
            step.key = source.name;
            step.type = source.type;
        }
        void operator()(const FieldSource& source)
        {
            static_assert(static_cast<int>(Source::LastRole) - static_cast<int>(Source::Turn) ==
                              static_cast<int>(RequestField::LastRole),
                          "fields keep their order");
            step.source = static_cast<Source>(static_cast<int>(Source::Turn) +
                                              static_cast<int>(source.field));
            step.role = source.role;
        }
        void operator()(const TimeWindowSource& /*source*/) { step.source = Source::TimeWindow; }
        void operator()(const UsageSource& /*source*/) { step.source = Source::Usage; }

        void usePatterns(TextScope scope)
        {
            step.source = Source::Pattern;
            step.scope = scope;
            step.hit = hit;
        }
    };
    Describe describe = {patterns, hit, Step{}};
    std::visit(describe, signal.source);
    return describe.step;
}

Result<SignalProgram> SignalProgram::compile(const PolicyDocument& document,
                                             ConditionProgram& conditions,
                                             const SignalProgram* reuse,
                                             std::shared_ptr<const UserStyles> styles)
{
    SignalProgram program;
    program.m_styles = std::move(styles);
    program.m_untilFirstUser = document.decideBy == DecisionUnit::Conversation;
    std::array<std::vector<TextPattern>, kTextScopeCount> patterns;
    std::vector<std::size_t> signalOfHit;
    for (std::size_t i = 0; i < document.signalList.size(); ++i) {
        const Signal& signal = document.signalList[i];
        std::vector<TextPattern> found;
        const auto hit = static_cast<std::uint16_t>(signalOfHit.size());
        Step step = stepFor(signal, found, hit);
        if (step.source == Source::Usage)
            step.key = signal.id.value;
        if (const auto* window = std::get_if<TimeWindowSource>(&signal.source)) {
            step.window = static_cast<std::uint16_t>(program.m_windows.size());
            auto ready = windowFor(*window, i);
            if (!ready)
                return Unexpected(std::move(ready.error()));
            program.m_windows.push_back(*ready);
        }
        program.m_steps.push_back(step);
        if (step.source == Source::Pattern)
            signalOfHit.push_back(i);
        std::ranges::move(found, std::back_inserter(patterns[indexOf(step.scope)]));
        if (step.source == Source::Style && !program.m_styleSignal)
            program.m_styleSignal = i;
    }
    program.m_hitCount = signalOfHit.size();

    for (std::size_t scope = 0; scope < kTextScopeCount; ++scope) {
        if (patterns[scope].empty())
            continue;
        if (reuse && reuse->m_matchers[scope] &&
            reuse->m_matchers[scope]->patterns() == patterns[scope]) {
            program.m_matchers[scope] = reuse->m_matchers[scope];
            continue;
        }
        const std::vector<TextPattern> wanted = patterns[scope];
        auto matcher = TextMatcher::compile(std::move(patterns[scope]));
        if (!matcher) {
            const std::size_t index = std::stoul(matcher.error().where);
            matcher.error().where =
                "signals[" + std::to_string(signalOfHit[wanted[index].hit]) + "].pattern";
            return Unexpected(std::move(matcher.error()));
        }
        program.m_matchers[scope] = std::move(*matcher);
    }

    for (std::size_t i = 0; i < document.signalList.size(); ++i) {
        const auto* source = std::get_if<ScoreSource>(&document.signalList[i].source);
        if (!source)
            continue;
        Score score = {i, source->base, source->min, source->max, {}};
        const std::string path = "signals[" + std::to_string(i) + ']';
        for (std::size_t t = 0; t < source->terms.size(); ++t) {
            const std::string termPath = memberPath(path, "terms", t) + ".when";
            const auto entry = conditions.add(source->terms[t].when, termPath);
            if (!entry)
                return Unexpected(entry.error());
            for (std::int32_t c = entry->first; c <= entry->last; ++c) {
                if (program.m_steps[conditions.signalOf(c)].source == Source::Score)
                    return fail(ErrorCode::InvalidArgument, "a score's term cannot use a score",
                                termPath, "use the signals behind that score");
            }
            score.terms.push_back({source->terms[t].add, *entry});
        }
        program.m_scores.push_back(std::move(score));
    }
    return program;
}

Result<SignalProgram::Window> SignalProgram::windowFor(const TimeWindowSource& source,
                                                       std::size_t signal)
{
    const auto zone = TimeZone::find(source.zone);
    if (!zone)
        return fail(ErrorCode::InvalidArgument, "there is no time zone \"" + source.zone + '"',
                    "signals[" + std::to_string(signal) + "].zone",
                    "zones are named like \"Europe/Berlin\"");
    Window window = {*zone, {}, source.fromMinute, source.untilMinute};
    window.days.fill(source.days.empty());
    for (const Weekday day : source.days)
        window.days[static_cast<std::size_t>(day)] = true;
    return window;
}

bool SignalProgram::Window::holds(std::int64_t timeMs) const
{
    const LocalTime now = zone.at(timeMs);
    const auto weekday = static_cast<std::size_t>(now.weekday);
    if (fromMinute < untilMinute)
        return days[weekday] && now.minuteOfDay >= fromMinute && now.minuteOfDay < untilMinute;
    // Past midnight the window is that of the day before.
    if (now.minuteOfDay >= fromMinute)
        return days[weekday];
    return now.minuteOfDay < untilMinute && days[(weekday + 6) % 7];
}

void SignalProgram::specialize(const ConditionProgram& conditions,
                               std::span<const ConditionProgram::Entry> rules)
{
    std::vector<bool> needed(m_steps.size(), false);
    std::vector<std::vector<double>> limits(m_steps.size());
    const auto readBy = [&](const ConditionProgram::Entry& entry) {
        for (std::int32_t c = entry.first; c <= entry.last; ++c) {
            const std::size_t signal = conditions.signalOf(c);
            needed[signal] = true;
            std::ranges::copy(conditions.limitsOf(c), std::back_inserter(limits[signal]));
        }
    };
    std::ranges::for_each(rules, readBy);
    for (const Score& score : m_scores) {
        m_scoreNeeded.push_back(needed[score.signal]);
        if (!needed[score.signal])
            continue;
        for (const Term& term : score.terms)
            readBy(term.when);
    }
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        Step& step = m_steps[i];
        // The first style signal also picks the limits of byStyle.
        step.needed = needed[i] || i == m_styleSignal;
        step.leastLimit = std::numeric_limits<double>::infinity();
        step.stopAfter = 0;
        for (const double limit : limits[i]) {
            step.leastLimit = std::min(step.leastLimit, limit);
            step.stopAfter = std::max(step.stopAfter, countForLimit(limit));
        }
        if (step.source == Source::Pattern && step.needed)
            m_scanNeeded[indexOf(step.scope)] = true;
    }
}

SignalProgram::Memory SignalProgram::makeMemory() const
{
    Memory memory;
    memory.hits.resize(m_hitCount);
    memory.slots.resize(m_steps.size());
    return memory;
}

std::span<const SignalSlot> SignalProgram::extractAll(const Request& request,
                                                      const ConditionProgram& conditions,
                                                      Memory& memory) const
{
    return extract<Extent::All>(request, conditions, memory);
}

std::span<const SignalSlot> SignalProgram::extractForRules(const Request& request,
                                                           const ConditionProgram& conditions,
                                                           Memory& memory) const
{
    return extract<Extent::ForRules>(request, conditions, memory);
}

template<SignalProgram::Extent extent>
std::span<const SignalSlot> SignalProgram::extract(const Request& request,
                                                   const ConditionProgram& conditions,
                                                   Memory& memory) const
{
    constexpr bool kAll = extent == Extent::All;
    const std::span<const Message> messages =
        m_untilFirstUser ? untilFirstUser(request.messages) : std::span(request.messages);

    std::array<std::string_view, kTextScopeCount> texts;
    std::array<bool, kTextScopeCount> isRead{};
    const auto textIn = [&](TextScope scope) {
        const std::size_t index = indexOf(scope);
        if (!isRead[index])
            texts[index] = textOf(scope, messages, memory.joined[index]);
        isRead[index] = true;
        return texts[index];
    };
    std::ranges::fill(memory.hits, std::uint8_t{0});
    for (std::size_t scope = 0; scope < kTextScopeCount; ++scope) {
        if (m_matchers[scope] && (kAll || m_scanNeeded[scope]))
            m_matchers[scope]->scan(textIn(static_cast<TextScope>(scope)), memory.hits.data());
    }

    const auto count = [&](const Step& step, auto measure, std::size_t unit) {
        const std::string_view text = textIn(step.scope);
        if constexpr (!kAll) {
            // No count exceeds the bytes, and below the least limit all are the same.
            if (static_cast<double>(text.size()) < step.leastLimit)
                return text.size();
            const std::size_t most =
                step.stopAfter < kCountAll / unit ? step.stopAfter * unit : kCountAll;
            return (measure(text, most) + unit - 1) / unit;
        } else {
            return (measure(text, kCountAll) + unit - 1) / unit;
        }
    };
    const auto read = [&](const Step& step, SignalSlot& slot) {
        const auto setCount = [&slot](std::size_t value) {
            slot.setNumber(static_cast<double>(value));
        };
        switch (step.source) {
        case Source::Score:
            slot.setMissing();
            break; // below, once the others are known
        case Source::Chars:
            setCount(count(step, countChars, 1));
            break;
        case Source::Words:
            setCount(count(step, countWords, 1));
            break;
        case Source::Tokens:
            setCount(count(step, countChars, kCharsPerToken));
            break;
        case Source::Lines:
            setCount(count(step, countLines, 1));
            break;
        case Source::CodeShare:
            slot.setNumber(codeShareOf(textIn(step.scope)));
            break;
        case Source::Pattern:
            slot.setBoolean(memory.hits[step.hit] != 0);
            break;
        case Source::Style: {
            const bool isKnown = request.style && answerToneOf(*request.style);
            std::string_view style =
                isKnown ? std::string_view(*request.style) : std::string_view();
            if (style.empty() && step.usesTable && m_styles)
                style = m_styles->styleOf(request.userId);
            slot.setText(style.empty() ? step.key : style);
            break;
        }
        case Source::Metadata:
            readMetadata(request, step.key, step.type, slot);
            break;
        case Source::Header:
            readHeader(request, step.key, step.type, slot);
            break;
        case Source::Turn:
            setCount(
                static_cast<std::size_t>(std::ranges::count(messages, Role::User, &Message::role)));
            break;
        case Source::Messages:
            setCount(step.role ? static_cast<std::size_t>(
                                     std::ranges::count(messages, *step.role, &Message::role))
                               : messages.size());
            break;
        case Source::RequestedModel:
            slot.setMissing();
            if (!request.requestedModel.empty())
                slot.setText(request.requestedModel);
            break;
        case Source::MaxTokens:
            slot.setMissing();
            if (request.maxTokens)
                slot.setNumber(*request.maxTokens);
            break;
        case Source::HasTools:
            slot.setBoolean(request.hasTools);
            break;
        case Source::HasImages:
            slot.setBoolean(std::ranges::any_of(
                messages, [](const Message& message) { return message.images > 0; }));
            break;
        case Source::LastRole:
            slot.setMissing();
            if (!messages.empty())
                slot.setText(nameOf(messages.back().role));
            break;
        case Source::Script:
            slot.setText(scriptOf(textIn(step.scope)));
            break;
        case Source::TimeWindow:
            slot.setMissing();
            if (request.timeMs)
                slot.setBoolean(m_windows[step.window].holds(*request.timeMs));
            break;
        case Source::Usage: {
            slot.setMissing();
            const auto reading = std::ranges::find_if(
                request.usage, [&](const UsageReading& r) { return r.signal.value == step.key; });
            if (reading != request.usage.end())
                slot.setNumber(reading->value);
            break;
        }
        }
    };
    const std::span<SignalSlot> slots = memory.slots;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const Step& step = m_steps[i];
        if (kAll || step.needed)
            read(step, slots[i]);
        else
            slots[i].setMissing();
    }

    const AnswerTone tone = toneOf(slots, request.style ? *request.style : std::string_view());
    for (std::size_t i = 0; i < m_scores.size(); ++i) {
        if (kAll || m_scoreNeeded[i])
            slots[m_scores[i].signal].setNumber(valueOf(m_scores[i], conditions, slots, tone));
    }
    return slots;
}

double SignalProgram::valueOf(const Score& score, const ConditionProgram& conditions,
                              std::span<const SignalSlot> values, AnswerTone tone)
{
    double value = score.base;
    for (const Term& term : score.terms) {
        if (conditions.holds(term.when, values, tone))
            value += term.add;
    }
    if (score.min)
        value = std::max(value, *score.min);
    if (score.max)
        value = std::min(value, *score.max);
    return value;
}

AnswerTone SignalProgram::toneOf(std::span<const SignalSlot> values,
                                 std::string_view requestStyle) const
{
    return answerToneOf(m_styleSignal ? values[*m_styleSignal].text : requestStyle)
        .value_or(AnswerTone::Balanced);
}

} // namespace signalbox
