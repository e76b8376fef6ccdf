// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Design.md section 4 read aloud: the slowest and plainest way to decide, written without the
// engine, so that the two can disagree.

#include <core/policy/document.h>
#include <core/policy/names.h>
#include <core/policy/user_styles.h>

#include <QCryptographicHash>
#include <QDateTime>
#include <QList>
#include <QString>
#include <QTimeZone>

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>

namespace signalbox::test {

class NaivePolicy
{
public:
    NaivePolicy(const PolicyDocument& policy, const Request& request,
                const UserStyles* styles = nullptr)
        : m_policy(policy), m_request(request), m_styles(styles)
    {
        for (const Message& message : request.messages) {
            m_messages.push_back(message);
            if (policy.decideBy == DecisionUnit::Conversation && message.role == Role::User)
                break;
        }
        if (std::ranges::none_of(m_messages, [](const Message& m) { return m.role == Role::User; }))
            m_messages = request.messages;
    }

    /// From now on the signal has this value, whatever the request says.
    void setValue(const SignalId& signal, const SignalValue& value) { m_set[signal] = value; }

    SignalValue value(const Signal& signal) const
    {
        if (const auto set = m_set.find(signal.id); set != m_set.end())
            return set->second;
        return std::visit([this](const auto& source) { return valueOf(source); }, signal.source);
    }

    /// With every limit that `shifted`, a number, is held against so much lower.
    bool holds(const Condition& condition, const SignalId& shifted = {}, double by = 0) const
    {
        const auto part = [&](const Condition& c) { return holds(c, shifted, by); };
        if (const auto* all = std::get_if<All>(&condition.node))
            return std::ranges::all_of(all->conditions, part);
        if (const auto* any = std::get_if<Any>(&condition.node))
            return std::ranges::any_of(any->conditions, part);
        if (const auto* inverse = std::get_if<Not>(&condition.node))
            return !part(*inverse->condition);
        const auto& compare = std::get<Compare>(condition.node);
        const SignalValue saw = value(*m_policy.findSignal(compare.signal));
        if (std::holds_alternative<std::monostate>(saw))
            return false;
        const bool isLimit = compare.op >= CompareOp::Lt && compare.op <= CompareOp::Gte;
        if (compare.signal != shifted || !isLimit)
            by = 0;
        if (compare.op == CompareOp::Exists)
            return true;
        if (const auto* list = std::get_if<std::vector<Scalar>>(&compare.value))
            return std::ranges::any_of(*list, [&](const Scalar& item) {
                return std::visit(
                    [&](const auto& one) {
                        return test(saw, one, CompareOp::Eq, compare.ignoreCase);
                    },
                    item);
            });
        if (const auto* limits = std::get_if<ByStyle>(&compare.value))
            return test(saw,
                        (style() == "concise"    ? limits->concise
                         : style() == "detailed" ? limits->detailed
                                                 : limits->balanced) -
                            by,
                        compare.op, false);
        if (const auto* number = std::get_if<double>(&compare.value))
            return test(saw, *number - by, compare.op, false);
        if (const auto* flag = std::get_if<bool>(&compare.value))
            return test(saw, *flag, compare.op, false);
        return test(saw, std::get<std::string>(compare.value), compare.op, compare.ignoreCase);
    }

    /// Index of the winning rule, -1 for otherwise, -2 for the holdout.
    int rule() const
    {
        if (m_policy.holdout && double(bucket(m_policy.holdout->salt, m_policy.holdout->unit)) <
                                    std::floor(m_policy.holdout->share * 4294967296.0))
            return -2;
        for (std::size_t i = 0; i < m_policy.rules.size(); ++i) {
            const Rule& candidate = m_policy.rules[i];
            if (candidate.enabled && (isUncertain(candidate) || holds(candidate.when)))
                return int(i);
        }
        return -1;
    }

    /// Whether a little more or less of one number would turn the rule round.
    bool isUncertain(const Rule& candidate) const
    {
        if (!candidate.uncertain)
            return false;
        const auto& [signal, margin, plan] = *candidate.uncertain;
        const bool now = holds(candidate.when);
        return holds(candidate.when, signal, margin) != now ||
               holds(candidate.when, signal, -margin) != now;
    }

    Plan plan() const
    {
        const int won = rule();
        if (won == -2)
            return {Call{m_policy.holdout->model, {}, {}, {}}};
        if (won == -1)
            return drawn(m_policy.otherwise);
        const Rule& winner = m_policy.rules[std::size_t(won)];
        return drawn(isUncertain(winner) ? winner.uncertain->plan : winner.plan);
    }

private:
    std::string text(TextScope scope) const
    {
        std::vector<std::string> texts;
        for (const Message& message : m_messages) {
            if (scope == TextScope::All ||
                message.role == (scope == TextScope::System ? Role::System : Role::User))
                texts.push_back(message.text);
        }
        if (scope == TextScope::LastUser && texts.size() > 1)
            texts = {texts.back()};
        std::string joined;
        for (std::size_t i = 0; i < texts.size(); ++i)
            joined += (i > 0 ? "\n" : "") + texts[i];
        return joined;
    }

    SignalValue valueOf(const ScoreSource& source) const
    {
        double sum = source.base;
        for (const ScoreTerm& term : source.terms)
            sum += holds(term.when) ? term.add : 0;
        return std::min(std::max(sum, source.min.value_or(sum)), source.max.value_or(1e300));
    }
    SignalValue valueOf(const MeasureSource& source) const
    {
        const std::string bytes = text(source.scope);
        const QList<uint> points = QString::fromStdString(bytes).toUcs4();
        switch (source.measure) {
        case TextMeasure::Chars:
            return double(points.size());
        case TextMeasure::Tokens:
            return std::ceil(double(points.size()) / 4);
        case TextMeasure::Lines:
            return double(std::ranges::count(bytes, '\n') +
                          (bytes.empty() || bytes.back() == '\n' ? 0 : 1));
        case TextMeasure::Words: {
            double words = 0;
            for (qsizetype i = 0; i < points.size(); ++i) {
                const auto letter = [&](qsizetype at) {
                    return at >= 0 && at < points.size() && QChar::isLetter(points[at]);
                };
                const bool inside =
                    i > 0 &&
                    (QChar::isLetterOrNumber(points[i - 1]) ||
                     (QStringView(u"'\u2018\u2019").contains(QChar(ushort(points[i - 1]))) &&
                      points[i - 1] < 0x10000 && letter(i - 2) && letter(i)));
                words += QChar::isLetterOrNumber(points[i]) && !inside;
            }
            return words;
        }
        case TextMeasure::CodeShare:
            break;
        }
        static const std::regex fence("^ {0,12}(```|~~~)");
        double inside = 0;
        std::string open;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t end = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
            const std::string line = bytes.substr(at, end - at);
            std::smatch match;
            const bool isFence =
                std::regex_search(line, match, fence) && (open.empty() || match[1] == open);
            if (isFence || !open.empty())
                inside += double(QString::fromStdString(line).toUcs4().size());
            if (isFence)
                open = open.empty() ? match[1].str() : std::string();
            at = end;
        }
        return points.isEmpty() ? 0.0 : inside / double(points.size());
    }
    static std::string folded(std::string text)
    {
        for (char& c : text)
            c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
        return text;
    }
    SignalValue valueOf(const KeywordsSource& source) const
    {
        const std::string all = folded(text(source.scope));
        const auto isWordByte = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        };
        for (const std::string& keyword : source.anyOf) {
            const std::string word = folded(keyword);
            for (std::size_t at = all.find(word); at != std::string::npos;
                 at = all.find(word, at + 1)) {
                const std::size_t end = at + word.size();
                if (source.match == KeywordMatch::Substring ||
                    (!(isWordByte(word.front()) && at > 0 && isWordByte(all[at - 1])) &&
                     !(isWordByte(word.back()) && end < all.size() && isWordByte(all[end]))))
                    return true;
            }
        }
        return false;
    }
    SignalValue valueOf(const ContainsSource& source) const
    {
        return text(source.scope).find(source.text) != std::string::npos;
    }
    static bool matches(const std::string& text, const std::string& pattern, bool ignoreCase)
    {
        static std::map<std::pair<std::string, bool>, std::regex> known;
        const auto flags =
            ignoreCase ? std::regex::ECMAScript | std::regex::icase : std::regex::ECMAScript;
        auto found = known.find({pattern, ignoreCase});
        if (found == known.end())
            found = known.emplace(std::pair(pattern, ignoreCase), std::regex(pattern, flags)).first;
        return std::regex_search(text, found->second);
    }
    SignalValue valueOf(const RegexSource& source) const
    {
        return matches(text(source.scope), source.pattern, source.ignoreCase);
    }
    SignalValue valueOf(const StyleSource& source) const
    {
        std::string asked = m_request.style.value_or("");
        if (asked == "concise" || asked == "balanced" || asked == "detailed")
            return asked;
        if (!source.table.empty() && m_styles && !m_styles->styleOf(m_request.userId).empty())
            return std::string(m_styles->styleOf(m_request.userId));
        return source.fallback;
    }
    SignalValue valueOf(const ScriptSource& source) const
    {
        static const std::map<QChar::Script, std::string> names = {
            {QChar::Script_Latin, "latin"},          {QChar::Script_Cyrillic, "cyrillic"},
            {QChar::Script_Greek, "greek"},          {QChar::Script_Han, "han"},
            {QChar::Script_Hiragana, "kana"},        {QChar::Script_Katakana, "kana"},
            {QChar::Script_Hangul, "hangul"},        {QChar::Script_Thai, "thai"},
            {QChar::Script_Arabic, "arabic"},        {QChar::Script_Hebrew, "hebrew"},
            {QChar::Script_Devanagari, "devanagari"}};
        std::map<std::string, int> letters;
        for (const uint point : QString::fromStdString(text(source.scope)).toUcs4()) {
            const auto name = names.find(QChar::script(point));
            if (QChar::isLetter(point))
                ++letters[name == names.end() ? "other" : name->second];
        }
        std::string most = "none";
        int count = 0;
        for (const std::string_view name : scriptNames()) {
            if (const int n = letters[std::string(name)]; n > count) {
                most = name;
                count = n;
            }
        }
        return most;
    }
    SignalValue valueOf(const TimeWindowSource& source) const
    {
        if (!m_request.timeMs)
            return {};
        const QTimeZone zone(QByteArray::fromStdString(source.zone));
        QDateTime now = QDateTime::fromMSecsSinceEpoch(*m_request.timeMs, zone);
        const int minute = now.time().hour() * 60 + now.time().minute();
        const bool isPastMidnight = source.fromMinute >= source.untilMinute;
        int day = now.date().dayOfWeek() - 1;
        if (isPastMidnight && minute < source.fromMinute)
            day = (day + 6) % 7;
        if (!source.days.empty() && std::ranges::count(source.days, Weekday(day)) == 0)
            return false;
        return isPastMidnight ? minute >= source.fromMinute || minute < source.untilMinute
                              : minute >= source.fromMinute && minute < source.untilMinute;
    }
    SignalValue valueOf(const UsageSource& source) const
    {
        for (const Signal& signal : m_policy.signalList) {
            if (std::get_if<UsageSource>(&signal.source) != &source)
                continue;
            for (const UsageReading& reading : m_request.usage) {
                if (reading.signal == signal.id)
                    return reading.value;
            }
        }
        return {};
    }
    SignalValue valueOf(const MetadataSource& source) const
    {
        for (const MetadataEntry& entry : m_request.metadata) {
            if (entry.key == source.key && entry.value.index() == std::size_t(source.type))
                return std::visit([](const auto& v) { return SignalValue(v); }, entry.value);
        }
        return {};
    }
    SignalValue valueOf(const HeaderSource& source) const
    {
        for (const HeaderEntry& header : m_request.headers) {
            if (folded(header.name) != folded(source.name))
                continue;
            const QString value = QString::fromStdString(header.value).trimmed();
            bool isNumber = false;
            const double number = value.toDouble(&isNumber);
            if (source.type == ValueType::String)
                return value.toStdString();
            if (source.type == ValueType::Number && isNumber && std::isfinite(number))
                return number;
            if (source.type == ValueType::Boolean && (value == u"true" || value == u"false"))
                return value == u"true";
            return {};
        }
        return {};
    }
    SignalValue valueOf(const FieldSource& source) const
    {
        switch (source.field) {
        case RequestField::Turn:
            return double(std::ranges::count(m_messages, Role::User, &Message::role));
        case RequestField::Messages:
            return double(std::ranges::count_if(m_messages, [&](const Message& m) {
                return !source.role || m.role == *source.role;
            }));
        case RequestField::RequestedModel:
            return m_request.requestedModel.empty() ? SignalValue()
                                                    : SignalValue(m_request.requestedModel);
        case RequestField::MaxTokens:
            return m_request.maxTokens ? SignalValue(double(*m_request.maxTokens)) : SignalValue();
        case RequestField::HasTools:
            return m_request.hasTools;
        case RequestField::LastRole:
            return m_messages.empty() ? SignalValue()
                                      : SignalValue(std::string(nameOf(m_messages.back().role)));
        case RequestField::HasImages:
            break;
        }
        return std::ranges::any_of(m_messages, [](const Message& m) { return m.images > 0; });
    }

    std::string style() const
    {
        for (const Signal& signal : m_policy.signalList) {
            if (std::holds_alternative<StyleSource>(signal.source))
                return std::get<std::string>(value(signal));
        }
        return std::get<std::string>(valueOf(StyleSource{"balanced"}));
    }

    static bool test(const SignalValue& saw, double limit, CompareOp op, bool)
    {
        const double x = std::get<double>(saw);
        switch (op) {
        case CompareOp::Eq:
            return x == limit;
        case CompareOp::Ne:
            return x != limit;
        case CompareOp::Lt:
            return x < limit;
        case CompareOp::Lte:
            return x <= limit;
        case CompareOp::Gt:
            return x > limit;
        default:
            return x >= limit;
        }
    }
    static bool test(const SignalValue& saw, bool other, CompareOp op, bool)
    {
        return (std::get<bool>(saw) == other) == (op == CompareOp::Eq);
    }
    static bool test(const SignalValue& saw, std::string other, CompareOp op, bool ignoreCase)
    {
        std::string x = std::get<std::string>(saw);
        if (op == CompareOp::Matches)
            return matches(x, other, ignoreCase);
        if (ignoreCase) {
            x = folded(x);
            other = folded(other);
        }
        switch (op) {
        case CompareOp::Eq:
            return x == other;
        case CompareOp::Ne:
            return x != other;
        case CompareOp::Contains:
            return x.find(other) != std::string::npos;
        case CompareOp::Prefix:
            return x.starts_with(other);
        default:
            return x.ends_with(other);
        }
    }

    std::uint32_t bucket(const std::string& salt, StickyUnit unit) const
    {
        std::string key = unit == StickyUnit::Conversation ? m_request.conversationId
                          : unit == StickyUnit::User       ? m_request.userId
                                                           : m_request.requestId;
        if (key.empty())
            key = m_request.requestId;
        if (key.empty()) {
            for (const Message& message : m_request.messages)
                key = message.role == Role::User ? message.text : key;
        }
        const QByteArray digest =
            QCryptographicHash::hash(QByteArray::fromStdString(salt + ":" + key),
                                     QCryptographicHash::Md5)
                .toHex();
        return digest.left(8).toUInt(nullptr, 16);
    }

    Plan drawn(const Plan& plan) const
    {
        if (const auto* split = std::get_if<Split>(&plan.node)) {
            const std::uint64_t at = bucket(split->salt, split->sticky);
            std::uint64_t sum = 0;
            for (const Arm& arm : split->arms) {
                sum += std::uint64_t(arm.weight);
                if (at < sum * 4294967296U / 10000)
                    return drawn(arm.plan);
            }
        }
        if (const auto* pool = std::get_if<Pool>(&plan.node))
            return {pool->members.front()};
        Plan copy = plan;
        if (auto* cascade = std::get_if<Cascade>(&copy.node)) {
            for (Plan& step : cascade->steps)
                step = drawn(step);
        }
        if (auto* chain = std::get_if<Chain>(&copy.node)) {
            for (Plan& step : chain->steps)
                step = drawn(step);
        }
        return copy;
    }

    const PolicyDocument& m_policy;
    const Request& m_request;
    const UserStyles* m_styles;
    std::vector<Message> m_messages;
    std::map<SignalId, SignalValue> m_set;
};

} // namespace signalbox::test
