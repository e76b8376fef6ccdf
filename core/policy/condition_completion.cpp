// SPDX-License-Identifier: Apache-2.0
#include "condition_completion.h"

#include "condition_logic.h"
#include "condition_parser.h"
#include "document_uses.h"
#include "names.h"

#include <core/base/ascii.h>
#include <core/base/json_reader.h>

#include <algorithm>
#include <array>
#include <utility>

namespace signalbox {

using namespace conditiontext;

namespace {

/// More values of one signal than this are no help to choose from.
constexpr std::size_t kMostValues = 50;
/// Beyond this, looking for the nearest name costs more than it helps.
constexpr std::size_t kMostNames = 1000;

template<class Visit> void forEachCompareOf(const PolicyDocument& document, const Visit& visit)
{
    for (const Rule& rule : document.rules)
        forEachCompare(rule.when, visit);
    for (const Signal& signal : document.signalList) {
        if (const auto* score = std::get_if<ScoreSource>(&signal.source)) {
            for (const ScoreTerm& term : score->terms)
                forEachCompare(term.when, visit);
        }
    }
}

/// The values that a document knows for a signal, each once.
class KnownValues
{
public:
    KnownValues(const PolicyDocument& document, const SignalId& id)
    {
        const Signal* const signal = document.findSignal(id);
        if (signal)
            addNamed(document, *signal);
        forEachCompareOf(document, [&](const Compare& compare) {
            if (compare.signal == id)
                addOf(compare);
        });
        if (const auto* metadata = signal ? std::get_if<MetadataSource>(&signal->source) : nullptr)
            addFromTests(document, metadata->key);
        if (signal)
            keepFitting(valueTypeOf(*signal));
    }

    std::vector<Scalar> values;
    std::vector<std::string> patterns; ///< of "matches"
    std::optional<ByStyle> byStyle;

private:
    void add(const Scalar& value)
    {
        if (values.size() < kMostValues && std::ranges::find(values, value) == values.end())
            values.push_back(value);
    }

    void addNamed(const PolicyDocument& document, const Signal& signal)
    {
        const auto* field = std::get_if<FieldSource>(&signal.source);
        if (std::holds_alternative<StyleSource>(signal.source)) {
            for (const char* const style : {"concise", "balanced", "detailed"})
                add(std::string(style));
        } else if (valueTypeOf(signal) == ValueType::Boolean) {
            add(true);
            add(false);
        } else if (field && field->field == RequestField::RequestedModel) {
            for (const ModelSpec& model : document.models)
                add(model.id.value);
        }
    }

    void addOf(const Compare& compare)
    {
        if (compare.op == CompareOp::Exists)
            return;
        if (const auto* list = std::get_if<std::vector<Scalar>>(&compare.value)) {
            for (const Scalar& item : *list)
                add(item);
        } else if (const auto* styles = std::get_if<ByStyle>(&compare.value)) {
            byStyle = byStyle.value_or(*styles);
        } else if (const auto* text = std::get_if<std::string>(&compare.value)) {
            if (compare.op != CompareOp::Matches)
                add(*text);
            else if (std::ranges::find(patterns, *text) == patterns.end())
                patterns.push_back(*text);
        } else if (const auto* number = std::get_if<double>(&compare.value)) {
            add(*number);
        }
    }

    void addFromTests(const PolicyDocument& document, const std::string& key)
    {
        for (const PolicyTest& test : document.tests) {
            for (const MetadataEntry& entry : test.request.metadata) {
                if (entry.key == key)
                    add(entry.value);
            }
        }
    }

    void keepFitting(ValueType type)
    {
        std::erase_if(values, [type](const Scalar& value) {
            return value.index() != (type == ValueType::Number    ? 0U
                                     : type == ValueType::Boolean ? 1U
                                                                  : 2U);
        });
    }
};

using Kind = ConditionCompletion::Kind;

class Completer
{
public:
    Completer(std::string_view text, std::size_t offset, const PolicyDocument& document)
        : m_text(text), m_offset(std::min(offset, text.size())), m_document(document)
    {}

    ConditionCompletions run()
    {
        m_result.from = m_result.to = m_offset;
        if (!findTyped())
            return m_result;
        const Parse before = parse(m_text.substr(0, m_result.from));
        const Expected& expected = before.expected;
        if (expected.operand)
            offerOperands();
        if (expected.op)
            offerOperators(expected);
        if (expected.value)
            offerValues(expected);
        if (expected.item) {
            for (const Scalar& value : KnownValues(m_document, expected.signal).values)
                offer(Kind::Value, toConditionText(value));
        }
        if (expected.styleName) {
            for (const char* const style : {"concise: ", "balanced: ", "detailed: "})
                offer(Kind::Word, style);
        }
        offerWords(expected);
        finish();
        return m_result;
    }

private:
    /// The word or quote in which the cursor stands is what is to be completed. False where there
    /// is nothing to complete.
    bool findTyped()
    {
        for (const Token& token : tokensOf(m_text)) {
            if (token.start >= m_offset || token.end < m_offset)
                continue;
            const bool isQuoted = token.kind == TokenKind::Text || token.kind == TokenKind::Name ||
                                  token.kind == TokenKind::Pattern;
            const bool isOpen = token.kind == TokenKind::Bad &&
                                (m_text[token.start] == '"' || m_text[token.start] == '`');
            if (token.kind == TokenKind::Number || (isQuoted && token.end == m_offset))
                return false;
            if (token.kind == TokenKind::Word || token.kind == TokenKind::Sign || isQuoted ||
                isOpen) {
                m_result.from = token.start;
                m_result.to = isOpen ? m_offset : token.end; // an open quote swallows all the rest
                m_isTyping = true;
                return true;
            }
        }
        return true;
    }

    void offer(Kind kind, std::string text, const SignalId& signal = {})
    {
        m_result.items.push_back({kind, std::move(text), signal});
    }

    void offerOperands()
    {
        for (const Signal& signal : m_document.signalList)
            offer(Kind::Signal, toConditionText(signal.id), signal.id);
        offer(Kind::Word, "not");
    }

    void offerOperators(const Expected& expected)
    {
        // A comparison of several words is replaced from its first one.
        if (expected.opStart < m_result.from)
            m_result.from = expected.opStart;
        m_isTyping = m_isTyping || m_result.from < m_offset;
        const Signal* const signal = m_document.findSignal(expected.signal);
        if (signal) {
            for (const CompareOp op : operatorsFor(valueTypeOf(*signal)))
                offer(Kind::Operator, std::string(textOf(op)));
        } else {
            for (const EnumName<CompareOp>& op : namesOf<CompareOp>())
                offer(Kind::Operator, std::string(textOf(op.value)));
        }
    }

    void offerValues(const Expected& expected)
    {
        const KnownValues known(m_document, expected.signal);
        if (expected.compare == CompareOp::Matches) {
            for (const std::string& pattern : known.patterns)
                offer(Kind::Value, fitsBetweenSlashes(pattern) ? slashedPattern(pattern)
                                                               : quotedText(pattern, '"'));
            return;
        }
        if (expected.compare == CompareOp::In) {
            if (known.values.size() > 1)
                offer(Kind::Value, valueText(known.values));
            offer(Kind::Word, "(");
            return;
        }
        for (const Scalar& value : known.values)
            offer(Kind::Value, toConditionText(value));
        const Signal* const signal = m_document.findSignal(expected.signal);
        const bool isOrder =
            expected.compare == CompareOp::Lt || expected.compare == CompareOp::Lte ||
            expected.compare == CompareOp::Gt || expected.compare == CompareOp::Gte;
        if (isOrder && signal && valueTypeOf(*signal) == ValueType::Number) {
            const auto* first =
                known.values.empty() ? nullptr : std::get_if<double>(&known.values.front());
            const double same = first ? *first : 0;
            offer(Kind::Value, valueText(known.byStyle.value_or(ByStyle{same, same, same})));
        }
    }

    void offerWords(const Expected& expected)
    {
        if (expected.connector) {
            offer(Kind::Word, "and");
            offer(Kind::Word, "or");
        }
        if (expected.ignoring)
            offer(Kind::Word, "ignoring case");
        if (expected.comma)
            offer(Kind::Word, ",");
        if (expected.close || expected.comma)
            offer(Kind::Word, ")");
    }

    /// Without quotes and case: how an item is compared with what is typed.
    static std::string plain(std::string_view text)
    {
        if (!text.empty() && (text.front() == '"' || text.front() == '`' || text.front() == '/'))
            text.remove_prefix(1);
        return foldedAscii(std::string(text));
    }

    void finish()
    {
        auto& items = m_result.items;
        if (!m_isTyping)
            return;
        const std::string typed = plain(m_text.substr(m_result.from, m_offset - m_result.from));
        std::erase_if(items, [&](const ConditionCompletion& item) {
            return plain(item.text).find(typed) == std::string::npos;
        });
        std::vector<ConditionCompletion> sorted;
        for (const bool first : {true, false}) {
            for (const ConditionCompletion& item : items) {
                if (plain(item.text).starts_with(typed) == first)
                    sorted.push_back(item);
            }
        }
        items = std::move(sorted);
        // What is there already, whole, needs no help.
        if (items.size() == 1 &&
            items.front().text == m_text.substr(m_result.from, m_result.to - m_result.from))
            items.clear();
    }

    std::string_view m_text;
    std::size_t m_offset;
    const PolicyDocument& m_document;
    bool m_isTyping = false;
    ConditionCompletions m_result;
};

bool holds(const Condition& condition, const Compare& wanted)
{
    bool found = false;
    forEachCompare(condition, [&](const Compare& compare) { found = found || compare == wanted; });
    return found;
}

ConditionMistake unknownSignal(const Compare& compare, const CompareSpan& span,
                               const PolicyDocument& document)
{
    std::string message = "There is no signal \"" + compare.signal.value + "\"";
    std::vector<std::string_view> names;
    for (const Signal& signal : document.signalList)
        names.emplace_back(signal.id.value);
    const auto nearest =
        names.size() <= kMostNames ? nearestName(compare.signal.value, names) : std::nullopt;
    message +=
        nearest ? "; did you mean " + toConditionText(SignalId(std::string(*nearest))) + "?" : ".";
    return {span.signal, span.signalEnd - span.signal, std::move(message)};
}

std::optional<ConditionMistake> mistakeOf(const Compare& compare, const CompareSpan& span,
                                          const PolicyDocument& document)
{
    const Signal* const signal = document.findSignal(compare.signal);
    if (!signal)
        return unknownSignal(compare, span, document);
    std::string problem = compareProblem(compare, *signal);
    if (problem.empty())
        return std::nullopt;
    if (span.op == span.opEnd) {
        return ConditionMistake{span.signal, span.signalEnd - span.signal,
                                '"' + compare.signal.value + "\" is " +
                                    std::string(inWords(valueTypeOf(*signal))) +
                                    ", so say what it is compared with."};
    }
    return ConditionMistake{span.op, std::max(span.opEnd, span.valueEnd) - span.op,
                            std::move(problem)};
}

} // namespace

std::span<const CompareOp> operatorsFor(ValueType type)
{
    static constexpr CompareOp kNumber[] = {CompareOp::Gte, CompareOp::Gt,    CompareOp::Lte,
                                            CompareOp::Lt,  CompareOp::Eq,    CompareOp::Ne,
                                            CompareOp::In,  CompareOp::Exists};
    static constexpr CompareOp kBoolean[] = {CompareOp::Eq, CompareOp::Ne, CompareOp::Exists};
    static constexpr CompareOp kString[] = {
        CompareOp::Eq,     CompareOp::Ne,     CompareOp::In,      CompareOp::Contains,
        CompareOp::Prefix, CompareOp::Suffix, CompareOp::Matches, CompareOp::Exists};
    switch (type) {
    case ValueType::Number:
        return kNumber;
    case ValueType::Boolean:
        return kBoolean;
    case ValueType::String:
        break;
    }
    return kString;
}

std::optional<ConditionMistake> mistakeOfMeaning(const ConditionReading& reading,
                                                 const PolicyDocument& document,
                                                 const Condition* before)
{
    std::optional<ConditionMistake> mistake;
    std::size_t next = 0;
    forEachCompare(reading.condition, [&](const Compare& compare) {
        const CompareSpan& span = reading.compares.at(next++);
        if (!mistake && !(before && holds(*before, compare)))
            mistake = mistakeOf(compare, span, document);
    });
    return mistake;
}

ConditionCompletions completeCondition(std::string_view text, std::size_t offset,
                                       const PolicyDocument& document)
{
    return Completer(text, offset, document).run();
}

} // namespace signalbox
