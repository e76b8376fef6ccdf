// SPDX-License-Identifier: Apache-2.0
#include "witness.h"

#include <core/base/ascii.h>
#include <core/base/md5.h>
#include <core/base/utf8.h>
#include <core/policy/lint.h>
#include <core/policy/names.h>
#include <core/routing/plan_draws.h>
#include <core/routing/text_measures.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

namespace signalbox {

namespace {

constexpr unsigned kVariants = 2 * kTextVariants;
constexpr std::size_t kMostMatches = 12; ///< tried of one signal
constexpr std::size_t kMostMessages = 400;
constexpr std::size_t kMostSpellings = 64;
constexpr int kMostDraws = 4000; ///< ids tried to stay out of the holdout
constexpr std::size_t kRoles = 4;

std::size_t indexOf(TextScope scope)
{
    return static_cast<std::size_t>(scope);
}

std::vector<PatternMatch> matchesOf(const Signal& signal)
{
    std::vector<PatternMatch> matches;
    if (const auto* contains = std::get_if<ContainsSource>(&signal.source)) {
        matches.push_back({contains->text, false, false});
    } else if (const auto* keywords = std::get_if<KeywordsSource>(&signal.source)) {
        for (std::size_t i = 0; i < std::min(keywords->anyOf.size(), kMostMatches); ++i)
            matches.push_back({keywords->anyOf[i], false, false});
    } else if (const auto* regex = std::get_if<RegexSource>(&signal.source)) {
        if (const auto example = PatternExample::read(regex->pattern)) {
            for (unsigned variant = 0; variant < kMostMatches; ++variant)
                matches.push_back(example->match(variant));
        }
    }
    return matches;
}

std::optional<TextScope> scopeOf(const Signal& signal)
{
    if (const auto* measure = std::get_if<MeasureSource>(&signal.source))
        return measure->scope;
    if (const auto* contains = std::get_if<ContainsSource>(&signal.source))
        return contains->scope;
    if (const auto* keywords = std::get_if<KeywordsSource>(&signal.source))
        return keywords->scope;
    if (const auto* regex = std::get_if<RegexSource>(&signal.source))
        return regex->scope;
    if (const auto* script = std::get_if<ScriptSource>(&signal.source))
        return script->scope;
    return std::nullopt;
}

/// A plain number of a range that is not empty: whole and near 0 if there is one.
double plainNumberIn(const NumberRange& range)
{
    const auto isInside = [&](double value) { return NumberRange{value, value}.isInside(range); };
    if (isInside(0))
        return 0;
    const double end = range.low >= 0 ? range.low : range.high;
    const double step = range.low >= 0 ? 1 : -1;
    if (isInside(end))
        return end;
    const double whole = step > 0 ? std::floor(end) + 1 : std::ceil(end) - 1;
    if (isInside(whole))
        return whole;
    return range.low + (range.high - range.low) / 2;
}

CountRange countsOf(const NumberRange& range)
{
    CountRange counts;
    counts.least =
        range.low > 0 ? static_cast<std::size_t>(std::min(std::ceil(range.low), 1e15)) : 0;
    if (std::isfinite(range.high))
        counts.most = static_cast<std::size_t>(std::clamp(std::floor(range.high), 0.0, 1e15));
    return counts;
}

/// From the lowest to the highest number of some cells; of the lowest or highest cell alone if the
/// variant says so, since there may be holes between.
NumberRange hullOf(const std::vector<ValueCell>& cells, const CellSet& set, unsigned variant)
{
    std::size_t first = set.next();
    std::size_t last = set.last();
    if (variant % 4 == 2)
        last = first;
    if (variant % 4 == 3)
        first = last;
    const NumberRange& low = cells[first].range;
    const NumberRange& high = cells[last].range;
    return {low.low, high.high, low.isLowOpen, high.isHighOpen};
}

/// Another spelling of a folded text than those that stand in the policy.
std::optional<std::string> otherSpelling(const std::string& folded,
                                         const std::vector<ValueCell>& cells, unsigned variant)
{
    std::vector<std::size_t> letters;
    for (std::size_t i = 0; i < folded.size(); ++i) {
        if (folded[i] >= 'a' && folded[i] <= 'z')
            letters.push_back(i);
    }
    const auto spelling = [&](std::size_t bits) {
        std::string text = folded;
        for (std::size_t i = 0; i < letters.size(); ++i) {
            if ((bits >> std::min<std::size_t>(i, 31) & 1U) != 0)
                text[letters[i]] = static_cast<char>(text[letters[i]] - ('a' - 'A'));
        }
        return text;
    };
    for (std::size_t bits = 0; bits < kMostSpellings; ++bits) {
        std::string text = spelling((bits + variant) % kMostSpellings);
        const bool isTaken = std::ranges::any_of(cells, [&](const ValueCell& cell) {
            return cell.kind == ValueCell::Kind::Text && cell.text == text;
        });
        if (!isTaken)
            return text;
    }
    return std::nullopt;
}

/// Gives the request a conversation, user or name that is not drawn into the holdout.
bool stayOutOfHoldout(const PolicyDocument& document, Request& request)
{
    if (!document.holdout)
        return true;
    const Holdout& holdout = *document.holdout;
    const auto limit = static_cast<std::uint64_t>(holdout.share * 0x1.0p32);
    std::string& id = holdout.unit == StickyUnit::Conversation ? request.conversationId
                      : holdout.unit == StickyUnit::User       ? request.userId
                                                               : request.requestId;
    for (int draw = 0; draw < kMostDraws; ++draw) {
        if (splitBucket(holdout.salt, keyFor(holdout.unit, routingKeysOf(request))) >= limit)
            return true;
        id = "example-" + std::to_string(draw + 1);
    }
    return false;
}

} // namespace

/// A request in the making.
struct WitnessMaker::Draft
{
    Request request;
    std::array<TextNeeds, kScopes> needs;
    std::size_t userMessages = 1;
    CountRange userMessagesAllowed;
    CountRange messages;
    std::array<CountRange, kRoles> roles; ///< messages of each
    std::vector<Role> lastRoles;          ///< of the last message; empty: any
    bool isEmpty = false;                 ///< no messages at all
    std::optional<bool> images;
};

WitnessMaker::WitnessMaker(const RegionSpace& space)
    : m_space(space), m_matches(space.variables().size())
{
    for (std::size_t v = 0; v < m_matches.size(); ++v) {
        const RegionSpace::Variable& variable = space.variables()[v];
        if (variable.kind == RegionSpace::Variable::Kind::Signal)
            m_matches[v] = matchesOf(space.document().signalList[variable.signal]);
    }
    std::vector<bool> isUsed(space.variables().size());
    for (const RegionSpace::Atom& atom : space.atoms())
        isUsed[atom.variable] = true;
    std::vector<const TimeWindowSource*> windows;
    for (std::size_t v = 0; v < isUsed.size(); ++v) {
        const RegionSpace::Variable& variable = space.variables()[v];
        if (!isUsed[v] || variable.kind != RegionSpace::Variable::Kind::Signal)
            continue;
        const Signal& signal = space.document().signalList[variable.signal];
        if (const auto* window = std::get_if<TimeWindowSource>(&signal.source)) {
            m_windows.push_back(v);
            windows.push_back(window);
        }
    }
    if (!windows.empty())
        m_times = TimeExamples(windows);
}

std::optional<Request> WitnessMaker::make(const Region& region, const Check& isRight) const
{
    for (unsigned variant = 0; variant < kVariants; ++variant) {
        auto request = build(region, variant);
        if (request && stayOutOfHoldout(m_space.document(), *request) && isRight(*request))
            return request;
    }
    return std::nullopt;
}

std::optional<Request> WitnessMaker::build(const Region& region, unsigned variant) const
{
    Draft draft;
    const CellSet& styles = region[RegionSpace::kStyleVariable];
    for (const std::size_t style : {3U, 1U, 0U, 2U}) {
        if (!styles.has(style))
            continue;
        const ValueCell& cell = m_space.variables()[RegionSpace::kStyleVariable].cells[style];
        if (!cell.text.empty())
            draft.request.style = cell.text;
        break;
    }
    addNeeds(region, variant, draft);
    if (!addSent(region, variant, draft) || !addTime(region, draft))
        return std::nullopt;
    addRoles(region, variant, draft);
    const bool isFirstOnly = m_space.document().decideBy == DecisionUnit::Conversation;
    if (!writeMessages(isFirstOnly, variant, draft))
        return std::nullopt;
    return std::move(draft.request);
}

void WitnessMaker::addNeeds(const Region& region, unsigned variant, Draft& draft) const
{
    for (std::size_t v = 0; v < region.size(); ++v) {
        const RegionSpace::Variable& variable = m_space.variables()[v];
        if (variable.kind != RegionSpace::Variable::Kind::Signal || region[v].isAll())
            continue;
        const Signal& signal = m_space.document().signalList[variable.signal];
        const auto scope = scopeOf(signal);
        if (!scope)
            continue;
        TextNeeds& needs = draft.needs[indexOf(*scope)];
        if (std::holds_alternative<ScriptSource>(signal.source)) {
            // The first is the easiest: Latin letters, if they will do.
            std::vector<std::size_t> scripts;
            forEachCell(region[v], [&scripts](std::size_t cell) { scripts.push_back(cell); });
            if (!scripts.empty())
                needs.script = variable.cells[scripts[variant / 2 % scripts.size()]].text;
            continue;
        }
        const auto* measure = std::get_if<MeasureSource>(&signal.source);
        if (!measure) {
            if (!region[v].has(0))
                needs.present.push_back(m_matches[v]);
            continue;
        }
        const NumberRange hull = hullOf(variable.cells, region[v], variant);
        const CountRange counts = countsOf(hull);
        switch (measure->measure) {
        case TextMeasure::Chars:
            needs.chars.intersect(counts);
            break;
        case TextMeasure::Tokens:
            needs.chars.intersect(
                {counts.least == 0 ? 0 : 4 * counts.least - 3,
                 counts.most == CountRange::kNoMost ? counts.most : 4 * counts.most});
            break;
        case TextMeasure::Words:
            needs.words.intersect(counts);
            break;
        case TextMeasure::Lines:
            needs.lines.intersect(counts);
            break;
        case TextMeasure::CodeShare:
            needs.codeShare.intersect(hull);
            break;
        }
    }
}

std::optional<std::string> WitnessMaker::textFor(const Region& region, std::size_t variable,
                                                 std::size_t cell, unsigned variant) const
{
    const std::vector<ValueCell>& cells = m_space.variables()[variable].cells;
    if (cells[cell].kind == ValueCell::Kind::Text)
        return cells[cell].text;

    std::vector<const RegionSpace::Atom*> open;
    for (const RegionSpace::Atom& atom : m_space.atoms()) {
        if (atom.variable == variable && atom.openVariable && atom.open.has(cell))
            open.push_back(&atom);
    }
    const auto isRight = [&](const std::string& text) {
        const SignalSlot value = SignalSlot::ofText(text);
        return m_space.cellOf(variable, value) == cell &&
               std::ranges::all_of(open, [&](const RegionSpace::Atom* atom) {
                   const bool holds = m_space.holds(*atom, value, AnswerTone::Balanced);
                   return region[*atom->openVariable].has(holds ? 1 : 0);
               });
    };
    if (cells[cell].kind == ValueCell::Kind::OtherSpelling) {
        for (unsigned more = 0; more < kVariants; ++more) {
            const auto text = otherSpelling(cells[cell].text, cells, variant + more);
            if (text && isRight(*text))
                return text;
        }
        return std::nullopt;
    }
    // What it begins with, matches, contains and ends with, in this order, with other filling.
    for (const char* filling : {"other", "", " ", "0", "-", "Q"}) {
        std::string prefix;
        std::string middle;
        std::string suffix;
        for (const RegionSpace::Atom* atom : open) {
            if (region[*atom->openVariable].has(0))
                continue;
            const std::string& part = std::get<std::string>(atom->compare.value);
            if (atom->compare.op == CompareOp::Prefix && part.size() > prefix.size())
                prefix = part;
            else if (atom->compare.op == CompareOp::Suffix && part.size() > suffix.size())
                suffix = part;
            else if (atom->compare.op == CompareOp::Contains)
                middle += part + filling;
            else if (atom->compare.op == CompareOp::Matches) {
                if (const auto example = PatternExample::read(part))
                    middle += example->match(variant).text;
            }
        }
        for (const std::string& text :
             {prefix + filling + middle + suffix, prefix + middle + filling + suffix,
              prefix + filling + suffix, middle + filling, filling + middle,
              prefix + middle + suffix}) {
            if (!text.empty() && isRight(text))
                return text;
        }
    }
    return isRight("") ? std::optional<std::string>("") : std::nullopt;
}

std::optional<SignalValue> WitnessMaker::valueFor(const Region& region, std::size_t variable,
                                                  unsigned variant) const
{
    const std::vector<ValueCell>& cells = m_space.variables()[variable].cells;
    const CellSet& allowed = region[variable];
    std::vector<std::size_t> order;
    forEachCell(allowed, [&order](std::size_t cell) { order.push_back(cell); });
    if (order.empty())
        return std::nullopt;
    // The first is the easiest: missing, false, the lowest number, a text of the policy.
    if (cells[order.front()].kind != ValueCell::Kind::Missing)
        std::ranges::rotate(order, order.begin() + static_cast<std::ptrdiff_t>(
                                                       variant / kTextVariants % order.size()));
    for (const std::size_t index : order) {
        const ValueCell& cell = cells[index];
        switch (cell.kind) {
        case ValueCell::Kind::Missing:
            return SignalValue();
        case ValueCell::Kind::Number:
            return plainNumberIn(cell.range);
        case ValueCell::Kind::Boolean:
            return cell.truth;
        case ValueCell::Kind::Text:
        case ValueCell::Kind::OtherSpelling:
        case ValueCell::Kind::OtherText:
            if (auto text = textFor(region, variable, index, variant))
                return *text;
            break;
        case ValueCell::Kind::Style:
            break;
        }
    }
    return std::nullopt;
}

bool WitnessMaker::addField(RequestField field, const CellSet& cells, std::size_t variable,
                            unsigned variant, Draft& draft) const
{
    const std::vector<ValueCell>& all = m_space.variables()[variable].cells;
    switch (field) {
    case RequestField::Turn:
        draft.userMessagesAllowed = countsOf(hullOf(all, cells, variant));
        draft.userMessages = std::clamp<std::size_t>(1, draft.userMessagesAllowed.least,
                                                     draft.userMessagesAllowed.most);
        return true;
    case RequestField::Messages:
        draft.messages = countsOf(hullOf(all, cells, variant));
        return true;
    case RequestField::HasTools:
        draft.request.hasTools = !cells.has(0);
        return true;
    case RequestField::HasImages:
        if (!cells.isAll())
            draft.images = !cells.has(0);
        return true;
    case RequestField::MaxTokens:
    case RequestField::RequestedModel:
    case RequestField::LastRole:
        break;
    }
    return true;
}

/// No time at all if that will do.
bool WitnessMaker::addTime(const Region& region, Draft& draft) const
{
    const auto mayBeMissing = [&region](std::size_t window) { return region[window].has(0); };
    if (std::ranges::all_of(m_windows, mayBeMissing))
        return true;
    std::vector<TimeExamples::Allowed> allowed;
    for (const std::size_t window : m_windows)
        allowed.push_back({region[window].has(1), region[window].has(2)});
    draft.request.timeMs = m_times.find(allowed);
    return draft.request.timeMs.has_value();
}

void WitnessMaker::addRoles(const Region& region, unsigned variant, Draft& draft) const
{
    for (std::size_t v = 0; v < region.size(); ++v) {
        const RegionSpace::Variable& variable = m_space.variables()[v];
        if (variable.kind != RegionSpace::Variable::Kind::Signal || region[v].isAll())
            continue;
        const auto* field =
            std::get_if<FieldSource>(&m_space.document().signalList[variable.signal].source);
        if (field && field->role) {
            draft.roles[static_cast<std::size_t>(*field->role)].intersect(
                countsOf(hullOf(variable.cells, region[v], variant)));
        } else if (field && field->field == RequestField::LastRole) {
            forEachCell(region[v], [&](std::size_t cell) {
                if (const auto role = valueNamed<Role>(variable.cells[cell].text);
                    role && variable.cells[cell].kind == ValueCell::Kind::Text)
                    draft.lastRoles.push_back(*role);
            });
            draft.isEmpty = draft.lastRoles.empty();
        }
    }
    // Users' messages are the turns.
    CountRange& users = draft.roles[static_cast<std::size_t>(Role::User)];
    users.intersect(draft.userMessagesAllowed);
    draft.userMessagesAllowed = users;
    draft.userMessages = std::min(draft.userMessages, draft.messages.most);
    draft.userMessages =
        std::clamp<std::size_t>(draft.userMessages, users.least, std::max(users.least, users.most));
    const bool endsWithUser =
        std::ranges::find(draft.lastRoles, Role::User) != draft.lastRoles.end();
    if (m_space.document().decideBy == DecisionUnit::Conversation && !draft.lastRoles.empty() &&
        !endsWithUser)
        draft.userMessages = 0; // what is read ends with the first of them
}

bool WitnessMaker::addSent(const Region& region, unsigned variant, Draft& draft) const
{
    std::map<std::string, std::string> headers; // by folded name
    for (std::size_t v = 0; v < region.size(); ++v) {
        const RegionSpace::Variable& variable = m_space.variables()[v];
        if (variable.kind != RegionSpace::Variable::Kind::Signal)
            continue;
        const Signal& signal = m_space.document().signalList[variable.signal];
        const auto* field = std::get_if<FieldSource>(&signal.source);
        const auto* metadata = std::get_if<MetadataSource>(&signal.source);
        const auto* header = std::get_if<HeaderSource>(&signal.source);
        if (std::holds_alternative<UsageSource>(signal.source)) {
            const auto value = valueFor(region, v, variant);
            if (const auto* shown = value ? std::get_if<double>(&*value) : nullptr)
                draft.request.usage.push_back({signal.id, *shown});
            continue;
        }
        if (field && !field->role && !addField(field->field, region[v], v, variant, draft))
            return false;
        if (!field && !metadata && !header)
            continue;
        const bool isSent = metadata || header || field->field == RequestField::MaxTokens ||
                            field->field == RequestField::RequestedModel;
        if (!isSent)
            continue;
        const auto value = valueFor(region, v, variant);
        if (!value)
            return false;
        if (std::holds_alternative<std::monostate>(*value))
            continue;
        const auto* number = std::get_if<double>(&*value);
        const auto* flag = std::get_if<bool>(&*value);
        const auto* text = std::get_if<std::string>(&*value);
        const Scalar scalar = number ? Scalar(*number) : flag ? Scalar(*flag) : Scalar(*text);
        if (metadata) {
            draft.request.metadata.push_back({metadata->key, scalar});
        } else if (header && text) {
            headers.try_emplace(foldedAscii(header->name), *text);
        } else if (header) {
            std::array<char, 32> digits{};
            const auto end =
                number ? std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr
                       : digits.data();
            headers[foldedAscii(header->name)] =
                flag ? (*flag ? "true" : "false") : std::string(digits.data(), end);
        } else if (text) {
            draft.request.requestedModel = *text;
        } else if (std::abs(*number) <= std::numeric_limits<int>::max()) {
            draft.request.maxTokens = static_cast<int>(*number);
        }
    }
    for (const auto& [name, value] : headers)
        draft.request.headers.push_back({name, value});
    return true;
}

bool WitnessMaker::writeMessages(bool isFirstOnly, unsigned variant, Draft& draft)
{
    // Either the last message carries what all users' messages, or all messages, have to be like,
    // or others do.
    const bool isTogether = variant < kTextVariants;
    TextNeeds last = draft.needs[indexOf(TextScope::LastUser)];
    TextNeeds user = draft.needs[indexOf(TextScope::AllUser)];
    TextNeeds system = draft.needs[indexOf(TextScope::System)];
    TextNeeds all = draft.needs[indexOf(TextScope::All)];
    std::size_t users = draft.userMessages;
    if (!isTogether && user.asksForSomething() && !isFirstOnly && users == 1 &&
        draft.userMessagesAllowed.has(2))
        users = 2;
    if (isFirstOnly)
        users = std::min<std::size_t>(users, 1);
    if (users > kMostMessages || draft.messages.least > kMostMessages)
        return false;
    if (isTogether || users == 1)
        last.merge(user);
    if (isTogether && users > 0)
        last.merge(all);

    const auto takeOff = [](TextNeeds& needs, const std::string& text) {
        needs.chars = needs.chars.without(codePointCount(text) + 1);
        needs.words = needs.words.without(countWords(text));
        needs.lines = needs.lines.without(countLines(text));
    };
    std::vector<Message> messages;
    if (draft.isEmpty) {
        const auto isLeftOut = [](const TextNeeds& needs) { return !needs.asksForSomething(); };
        return draft.messages.has(0) && std::ranges::all_of(draft.needs, isLeftOut) &&
               std::ranges::all_of(draft.roles, [](const CountRange& r) { return r.has(0); });
    }
    const auto write = [&](Role role, const TextNeeds& needs) -> const std::string* {
        auto text = writeText(needs, variant);
        if (!text)
            return nullptr;
        messages.push_back({role, std::move(*text)});
        return &messages.back().text;
    };
    // Written from the last to the first.
    if (users > 0) {
        const std::string* text = write(Role::User, last);
        if (!text)
            return false;
        takeOff(user, *text);
        takeOff(all, *text);
    }
    for (std::size_t i = 1; i < users; ++i) {
        TextNeeds earlier = user;
        if (isTogether || i > 1) {
            earlier.present.clear();
            earlier.codeShare = {0, 1};
        }
        if (!earlier.script.empty() && earlier.script != last.script) // and outweighs the last
            earlier.chars.least = std::min(
                std::max(earlier.chars.least, 2 * codePointCount(messages.front().text) + 8),
                earlier.chars.most);
        else if (earlier.chars.least == 0 && earlier.words.least == 0) // as short as can be
            earlier.words.most = std::min<std::size_t>(earlier.words.most, 1);
        const std::string* text = write(Role::User, earlier);
        if (!text)
            return false;
        takeOff(user, *text);
        takeOff(all, *text);
    }
    if (system.asksForSomething()) {
        if (isTogether && users == 0)
            system.merge(all);
        const std::string* text = write(Role::System, system);
        if (!text)
            return false;
        takeOff(all, *text);
    }
    const bool isLeft = users == 0 || !isTogether;
    if (isLeft && all.asksForSomething()) {
        std::size_t said = 0;
        for (const Message& message : messages)
            said += codePointCount(message.text);
        if (!all.script.empty()) // and outweighs what is said already
            all.chars.least = std::min(std::max(all.chars.least, 2 * said + 8), all.chars.most);
        const bool byTool = !draft.roles[static_cast<std::size_t>(Role::Assistant)].has(1);
        const std::string* text = write(byTool ? Role::Tool : Role::Assistant, all);
        if (!text)
            return false;
        takeOff(all, *text);
    }
    if (!addMessages(all, variant, draft, messages))
        return false;
    if (draft.images.value_or(false)) {
        if (messages.empty())
            messages.push_back({Role::Assistant, ""});
        messages.front().images = 1;
    }
    // The system speaks first, but for a last message that has to be its own.
    const bool endsWithSystem = !messages.empty() && messages.front().role == Role::System;
    draft.request.messages.assign(messages.rbegin(), messages.rend());
    std::stable_partition(draft.request.messages.begin(),
                          draft.request.messages.end() - (endsWithSystem ? 1 : 0),
                          [](const Message& message) { return message.role == Role::System; });
    return true;
}

/// As many messages of each role as there have to be, and a last one of the role that it has to
/// have. Those that say nothing else say next to nothing.
/// @param messages  from the last to the first
bool WitnessMaker::addMessages(const TextNeeds& all, unsigned variant, Draft& draft,
                               std::vector<Message>& messages)
{
    const auto countOf = [&messages](Role role) {
        return static_cast<std::size_t>(std::ranges::count(messages, role, &Message::role));
    };
    const auto allowed = [&draft](Role role) -> const CountRange& {
        return draft.roles[static_cast<std::size_t>(role)];
    };
    const bool hasRoom = all.chars.most >= 10 && all.words.most >= 2 && variant % 2 == 0;
    const auto filling = [&](Role role) {
        const bool speaks = role == Role::Assistant && hasRoom && all.script.empty();
        return Message{role, speaks ? "One moment" : ""};
    };
    if (allowed(Role::User).least > kMostMessages || !allowed(Role::User).has(countOf(Role::User)))
        return false;
    const auto isLast = [&draft](Role role) {
        return draft.lastRoles.empty() ||
               std::ranges::find(draft.lastRoles, role) != draft.lastRoles.end();
    };
    if (!messages.empty() && !isLast(messages.front().role)) {
        const auto own = std::ranges::find_if(
            messages, [&](const Message& message) { return isLast(message.role); });
        const auto role = std::ranges::find_if(draft.lastRoles, [&](Role each) {
            return each != Role::User && allowed(each).has(countOf(each) + 1);
        });
        if (own != messages.end() && own->role != Role::User)
            std::rotate(messages.begin(), own, own + 1);
        else if (role != draft.lastRoles.end())
            messages.insert(messages.begin(), filling(*role));
        else
            return false;
    }
    for (const Role role : {Role::System, Role::Assistant, Role::Tool}) {
        if (allowed(role).least > kMostMessages)
            return false;
        while (countOf(role) < allowed(role).least)
            messages.push_back(filling(role));
        if (!allowed(role).has(countOf(role)))
            return false;
    }
    while (messages.size() < draft.messages.least) {
        const auto roles = {Role::Assistant, Role::Tool, Role::System};
        const auto role = std::ranges::find_if(
            roles, [&](Role each) { return allowed(each).has(countOf(each) + 1); });
        if (role == roles.end())
            return false;
        messages.push_back(filling(*role));
    }
    return draft.messages.has(messages.size()) &&
           (messages.empty() ? draft.lastRoles.empty() : isLast(messages.front().role));
}

} // namespace signalbox
