// SPDX-License-Identifier: Apache-2.0
#include "kept_signals.h"

#include "guide_tokens.h"

#include <core/base/json.h>
#include <core/base/random.h>
#include <core/policy/policy_json.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace signalbox {

using namespace projection_detail;

namespace {

// What a kept value is, in front of it; a missing one is nothing.
constexpr char kNumber = 'n';
constexpr char kBoolean = 'b';
constexpr char kText = 't';

bool readsPromptsItself(const Signal& signal)
{
    if (const auto* const field = std::get_if<FieldSource>(&signal.source))
        return field->field != RequestField::RequestedModel &&
               field->field != RequestField::MaxTokens && field->field != RequestField::HasTools;
    return std::holds_alternative<MeasureSource>(signal.source) ||
           std::holds_alternative<KeywordsSource>(signal.source) ||
           std::holds_alternative<ContainsSource>(signal.source) ||
           std::holds_alternative<RegexSource>(signal.source) ||
           std::holds_alternative<ScriptSource>(signal.source);
}

std::string valueText(const SignalSlot& value)
{
    std::string text;
    switch (value.kind) {
    case SignalSlot::Kind::Missing:
        break;
    case SignalSlot::Kind::Number:
        text = kNumber;
        text.append(reinterpret_cast<const char*>(&value.number), sizeof value.number);
        break;
    case SignalSlot::Kind::Boolean:
        text = kBoolean;
        text += value.number == 0 ? '\0' : '\1';
        break;
    case SignalSlot::Kind::String:
        text = kText;
        text += value.text;
        break;
    }
    return text;
}

SignalSlot valueOf(std::string_view text)
{
    SignalSlot value;
    if (text.size() == 1 + sizeof(double) && text[0] == kNumber) {
        double number = 0;
        std::memcpy(&number, text.data() + 1, sizeof number);
        value.setNumber(number);
    } else if (text.size() == 2 && text[0] == kBoolean) {
        value.setBoolean(text[1] != '\0');
    } else if (!text.empty() && text[0] == kText) {
        value.setText(text.substr(1));
    }
    return value;
}

Result<void> nameRequests(Traffic& traffic)
{
    TextColumnBuilder ids;
    for (std::size_t row = 0; row < traffic.rowCount(); ++row) {
        const std::string_view known = traffic.requestId(row);
        const std::string made =
            known.empty() ? "request " + std::to_string(row + 1) : std::string();
        if (auto added = ids.add(known.empty() ? std::string_view(made) : known); !added)
            return added;
    }
    traffic.requestIds = ids.take();
    return {};
}

void estimateTokens(Traffic& traffic)
{
    std::vector<std::int32_t> estimates(traffic.rowCount(), -1);
    bool isAny = false;
    for (std::size_t row = 0; row < estimates.size(); ++row) {
        if (std::as_const(traffic).inputTokens[row] >= 0)
            continue;
        std::int64_t tokens = 0;
        for (const LoggedMessage& message : traffic.messagesOf(row))
            tokens += estimatedTokens(message.text);
        estimates[row] = static_cast<std::int32_t>(
            std::min<std::int64_t>(tokens, std::numeric_limits<std::int32_t>::max()));
        isAny = true;
    }
    if (isAny)
        traffic.estimatedTokens = std::move(estimates);
}

} // namespace

bool projection_detail::readsPrompts(const Signal& signal, const std::vector<Signal>& uses)
{
    return readsPromptsItself(signal) || std::ranges::any_of(uses, readsPromptsItself);
}

std::string projection_detail::definitionText(const Signal& signal, const std::vector<Signal>& uses,
                                              DecisionUnit decideBy, const UserStyles* styles)
{
    // Notes are for people.
    const auto bare = [](Signal read) {
        read.note.clear();
        return toJson(read);
    };
    Json used = Json::array();
    for (const Signal& each : uses)
        used.push_back(bare(each));
    return toCompactJsonText(
        {{"signal", bare(signal)},
         {"uses", std::move(used)},
         {"decideBy", static_cast<int>(decideBy)},
         {"styles", styles ? std::to_string(stableHash(styles->toText())) : std::string()}});
}

KeptSignal projection_detail::keptSignal(std::string definition, const CodedColumn& column)
{
    NameColumnBuilder values;
    std::vector<std::string> texts;
    for (const SignalSlot& value : column.values())
        texts.push_back(valueText(value));
    const std::size_t rows = column.rowCount();
    std::visit(
        [&](const auto& codes) {
            for (std::size_t row = 0; row < rows; ++row)
                values.set(row, texts[codes[row]]);
        },
        column.codes());
    return {std::move(definition), values.take(rows, {})};
}

CodedColumn projection_detail::columnOf(const KeptSignal& kept, std::size_t rows)
{
    std::vector<SignalSlot> values;
    for (std::size_t i = 0; i < kept.values.names.size(); ++i)
        values.push_back(valueOf(kept.values.names[i]));
    ColumnBuilder builder;
    const SignalSlot missing;
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t code = kept.values.empty() ? values.size() : kept.values.codes[row];
        builder.add(code < values.size() ? values[code] : missing);
    }
    const ColumnBuilder* const parts[] = {&builder};
    return ColumnBuilder::joined(parts);
}

std::vector<std::string> signalsThatReadPrompts(const PolicyDocument& policy)
{
    std::vector<std::string> names;
    for (const Signal& signal : policy.signalList) {
        if (readsPrompts(signal, definitionsUsedBy(signal, policy)))
            names.push_back(signal.id.value);
    }
    return names;
}

Result<Traffic> withoutPrompts(const std::shared_ptr<const Traffic>& traffic,
                               const PolicyDocument* policy,
                               const std::shared_ptr<const UserStyles>& styles)
{
    Traffic kept = *traffic;
    if (policy) {
        SignalColumns signalColumns(traffic);
        if (auto selected = signalColumns.select(*policy, styles); !selected)
            return Unexpected(selected.error());
        const auto columns = signalColumns.columns();
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const Signal& signal = policy->signalList[i];
            const std::vector<Signal> uses = definitionsUsedBy(signal, *policy);
            if (readsPrompts(signal, uses))
                kept.signalValues.push_back(keptSignal(
                    definitionText(signal, uses, policy->decideBy, styles.get()), *columns[i]));
        }
    }
    estimateTokens(kept);
    if (auto named = nameRequests(kept); !named)
        return Unexpected(named.error());
    kept.messages = {};
    kept.promptsLeftOut = true;
    return kept;
}

} // namespace signalbox
