// SPDX-License-Identifier: Apache-2.0
#include "signal_columns.h"

#include <core/base/parallel.h>
#include <core/policy/document_uses.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <unordered_set>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kKeptColumns = 96;
constexpr std::size_t kRowsPerThread = 512;

/// The definitions that a score reads; empty for every other signal. A style signal is read by any
/// comparison with a threshold per style, so a score depends on it too.
std::vector<Signal> definitionsUsedBy(const Signal& signal, const PolicyDocument& document)
{
    const auto* score = std::get_if<ScoreSource>(&signal.source);
    if (!score)
        return {};
    std::vector<SignalId> ids;
    for (const ScoreTerm& term : score->terms)
        forEachCompare(term.when, [&](const Compare& compare) { ids.push_back(compare.signal); });
    std::vector<Signal> used;
    for (const Signal& other : document.signalList) {
        if (std::holds_alternative<StyleSource>(other.source) ||
            std::ranges::find(ids, other.id) != ids.end())
            used.push_back(other);
    }
    return used;
}

} // namespace

/// One signal's values, structure of arrays; texts are interned.
struct SignalColumns::Column
{
    Signal signal;
    std::vector<Signal> uses;
    DecisionUnit decideBy = DecisionUnit::Request;

    std::vector<SignalSlot::Kind> kinds;
    std::vector<double> values;
    std::vector<std::string_view> texts; ///< empty unless the signal is a string
    std::unordered_set<std::string> pool;
};

SignalColumns::SignalColumns(std::shared_ptr<const Traffic> traffic) : m_traffic(std::move(traffic))
{}
SignalColumns::~SignalColumns() = default;
SignalColumns::SignalColumns(SignalColumns&&) noexcept = default;
SignalColumns& SignalColumns::operator=(SignalColumns&&) noexcept = default;

SignalColumns::Column* SignalColumns::find(const Signal& signal, const std::vector<Signal>& uses,
                                           DecisionUnit decideBy)
{
    for (auto it = m_columns.begin(); it != m_columns.end(); ++it) {
        Column& column = **it;
        if (column.decideBy == decideBy && column.signal == signal && column.uses == uses) {
            std::rotate(it, it + 1, m_columns.end());
            return m_columns.back().get();
        }
    }
    return nullptr;
}

Result<void> SignalColumns::select(const PolicyDocument& document,
                                   std::shared_ptr<const UserStyles> styles)
{
    if (styles != m_styles) {
        m_selected.clear();
        m_columns.clear();
        m_styles = std::move(styles);
    }
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < document.signalList.size(); ++i) {
        const Signal& signal = document.signalList[i];
        if (!find(signal, definitionsUsedBy(signal, document), document.decideBy))
            missing.push_back(i);
    }
    if (!missing.empty()) {
        if (const Result<void> extracted = extract(document, missing); !extracted)
            return extracted;
    }
    m_selected.clear();
    for (const Signal& signal : document.signalList)
        m_selected.push_back(find(signal, definitionsUsedBy(signal, document), document.decideBy));
    // The selected columns were just moved to the end; what falls off the front is long unused.
    const std::size_t kept = std::max(kKeptColumns, m_selected.size());
    if (m_columns.size() > kept)
        m_columns.erase(m_columns.begin(), m_columns.end() - static_cast<std::ptrdiff_t>(kept));
    return {};
}

Result<void> SignalColumns::extract(const PolicyDocument& document,
                                    const std::vector<std::size_t>& signalsToRead)
{
    // A policy of just these signals and what they use, so that nothing else is read again.
    PolicyDocument reading;
    reading.id = document.id;
    reading.name = document.name;
    reading.models = document.models;
    reading.baseline = document.baseline;
    reading.decideBy = document.decideBy;
    reading.otherwise = document.otherwise; // which compiles, as the policy did
    std::vector<std::unique_ptr<Column>> made;
    for (const std::size_t i : signalsToRead) {
        auto column = std::make_unique<Column>();
        column->signal = document.signalList[i];
        column->uses = definitionsUsedBy(column->signal, document);
        column->decideBy = document.decideBy;
        made.push_back(std::move(column));
    }
    for (const Signal& signal : document.signalList) {
        const bool needed = std::ranges::any_of(made, [&](const auto& column) {
            return column->signal.id == signal.id ||
                   std::ranges::find(column->uses, signal) != column->uses.end();
        });
        if (needed)
            reading.signalList.push_back(signal);
    }
    const Result<CompiledPolicy> compiled = CompiledPolicy::compile(reading, nullptr, m_styles);
    if (!compiled)
        return Unexpected(compiled.error());

    const std::size_t rows = m_traffic->rowCount();
    std::vector<std::size_t> slotOf;
    for (auto& column : made) {
        const auto at = std::ranges::find(reading.signalList, column->signal.id, &Signal::id);
        slotOf.push_back(static_cast<std::size_t>(at - reading.signalList.begin()));
        column->kinds.resize(rows);
        column->values.resize(rows);
        if (valueTypeOf(column->signal) == ValueType::String)
            column->texts.resize(rows);
    }
    std::mutex poolLock;
    forBlocks(rows, kRowsPerThread, [&](std::size_t begin, std::size_t end) {
        CompiledPolicy::Scratch scratch(*compiled);
        for (std::size_t row = begin; row < end; ++row) {
            const std::span<const SignalSlot> slots =
                compiled->extract(m_traffic->requests[row], scratch);
            for (std::size_t c = 0; c < made.size(); ++c) {
                const SignalSlot& slot = slots[slotOf[c]];
                made[c]->kinds[row] = slot.kind;
                made[c]->values[row] = slot.number;
                if (slot.kind == SignalSlot::Kind::String) {
                    const std::lock_guard guard(poolLock);
                    made[c]->texts[row] = *made[c]->pool.emplace(slot.text).first;
                }
            }
        }
    });
    std::ranges::move(made, std::back_inserter(m_columns));
    return {};
}

void SignalColumns::read(std::size_t row, std::span<SignalSlot> slots) const
{
    for (std::size_t i = 0; i < m_selected.size(); ++i) {
        const Column& column = *m_selected[i];
        slots[i].kind = column.kinds[row];
        slots[i].number = column.values[row];
        slots[i].text = column.texts.empty() ? std::string_view() : column.texts[row];
    }
}

std::vector<double> SignalColumns::numbers(std::size_t signal) const
{
    const Column& column = *m_selected[signal];
    std::vector<double> result(column.values);
    for (std::size_t row = 0; row < result.size(); ++row) {
        if (column.kinds[row] != SignalSlot::Kind::Number)
            result[row] = std::numeric_limits<double>::quiet_NaN();
    }
    return result;
}

} // namespace signalbox
