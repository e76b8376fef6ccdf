// SPDX-License-Identifier: Apache-2.0
#include "signal_columns.h"

#include "kept_signals.h"

#include <core/base/parallel.h>
#include <core/policy/document_uses.h>

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <utility>

namespace signalbox {

using namespace projection_detail;

namespace {

constexpr std::size_t kKeptColumns = 96;
constexpr std::size_t kRowsPerThread = 512;

} // namespace

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

/// One signal's values.
struct SignalColumns::Column
{
    Signal signal;
    std::vector<Signal> uses;
    DecisionUnit decideBy = DecisionUnit::Request;
    CodedColumn values;
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
    if (m_traffic->promptsLeftOut) {
        if (auto taken = takeKept(document, missing); !taken)
            return taken;
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

/// Takes the columns that were kept of prompts; what is left can be read without them.
Result<void> SignalColumns::takeKept(const PolicyDocument& document,
                                     std::vector<std::size_t>& signalsToRead)
{
    std::vector<std::size_t> rest;
    for (const std::size_t i : signalsToRead) {
        const Signal& signal = document.signalList[i];
        const std::vector<Signal> uses = definitionsUsedBy(signal, document);
        if (!readsPrompts(signal, uses)) {
            rest.push_back(i);
            continue;
        }
        const auto kept =
            std::ranges::find(m_traffic->signalValues,
                              definitionText(signal, uses, document.decideBy, m_styles.get()),
                              &KeptSignal::definition);
        if (kept == m_traffic->signalValues.end())
            return fail(ErrorCode::NotFound,
                        "the signal \"" + signal.id.value +
                            "\" reads prompts, which this traffic was imported without",
                        {}, "import the log again with this policy, or with its prompts");
        auto column = std::make_unique<Column>();
        column->signal = signal;
        column->uses = uses;
        column->decideBy = document.decideBy;
        column->values = columnOf(*kept, m_traffic->rowCount());
        m_columns.push_back(std::move(column));
    }
    signalsToRead = std::move(rest);
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

    std::vector<std::size_t> slotOf;
    for (const auto& column : made) {
        const auto at = std::ranges::find(reading.signalList, column->signal.id, &Signal::id);
        slotOf.push_back(static_cast<std::size_t>(at - reading.signalList.begin()));
    }
    std::mutex lock;
    std::map<std::size_t, std::vector<ColumnBuilder>> blocks; // by their first row
    forBlocks(m_traffic->rowCount(), kRowsPerThread, [&](std::size_t begin, std::size_t end) {
        CompiledPolicy::Scratch scratch(*compiled);
        RequestReader requests(*m_traffic);
        std::vector<ColumnBuilder> builders(made.size());
        for (std::size_t row = begin; row < end; ++row) {
            const std::span<const SignalSlot> slots = compiled->extract(requests.at(row), scratch);
            for (std::size_t c = 0; c < made.size(); ++c)
                builders[c].add(slots[slotOf[c]]);
        }
        const std::lock_guard guard(lock);
        blocks.emplace(begin, std::move(builders));
    });
    for (std::size_t c = 0; c < made.size(); ++c) {
        std::vector<const ColumnBuilder*> parts;
        for (const auto& [begin, builders] : blocks)
            parts.push_back(&builders[c]);
        made[c]->values = ColumnBuilder::joined(parts);
    }
    std::ranges::move(made, std::back_inserter(m_columns));
    return {};
}

std::vector<const CodedColumn*> SignalColumns::columns() const
{
    std::vector<const CodedColumn*> columns;
    for (const Column* column : m_selected)
        columns.push_back(&column->values);
    return columns;
}

const CodedColumn& SignalColumns::requestStyles()
{
    if (!m_requestStyles) {
        ColumnBuilder builder;
        for (std::size_t row = 0; row < m_traffic->rowCount(); ++row)
            builder.add(SignalSlot::ofText(m_traffic->style[row]));
        const ColumnBuilder* const parts[] = {&builder};
        m_requestStyles = ColumnBuilder::joined(parts);
    }
    return *m_requestStyles;
}

void SignalColumns::read(std::size_t row, std::span<SignalSlot> slots) const
{
    for (std::size_t i = 0; i < m_selected.size(); ++i)
        slots[i] = m_selected[i]->values.at(row);
}

std::vector<double> SignalColumns::numbers(std::size_t signal) const
{
    const CodedColumn& column = m_selected[signal]->values;
    std::vector<double> result(column.rowCount(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t row = 0; row < result.size(); ++row) {
        if (const SignalSlot& value = column.at(row); value.kind == SignalSlot::Kind::Number)
            result[row] = value.number;
    }
    return result;
}

} // namespace signalbox
