// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/routing/coded_column.h>
#include <core/routing/compiled_policy.h>
#include <core/traffic/traffic.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// The definitions that a score reads; empty for every other signal. A style signal is read by any
/// comparison with a threshold per style, so a score depends on it too.
[[nodiscard]] std::vector<Signal> definitionsUsedBy(const Signal& signal,
                                                    const PolicyDocument& document);

/// The signals of policies over one traffic, one column per signal definition. Reading the text is
/// what a replay costs; a column is read once and kept until its definition (or one that its score
/// uses, or decideBy) changes. Values come from CompiledPolicy::extract() and nowhere else; of
/// traffic without prompts, from what was kept of it, and a signal that was not is an error.
class SignalColumns
{
public:
    explicit SignalColumns(std::shared_ptr<const Traffic> traffic);
    ~SignalColumns();
    SignalColumns(SignalColumns&&) noexcept;
    SignalColumns& operator=(SignalColumns&&) noexcept;

    /// Makes the columns of every signal of the document current and selects them, document order.
    /// Another table of styles makes every column anew.
    [[nodiscard]] Result<void> select(const PolicyDocument& document,
                                      std::shared_ptr<const UserStyles> styles = {});

    /// The selected signals, document order; valid until the next select().
    [[nodiscard]] std::vector<const CodedColumn*> columns() const;

    /// What the requests say of their style, as texts.
    [[nodiscard]] const CodedColumn& requestStyles();

    /// Values of a row for the selected signals. `slots` has one entry per signal.
    void read(std::size_t row, std::span<SignalSlot> slots) const;

    /// Number per row of a selected signal; NaN where missing or not a number.
    [[nodiscard]] std::vector<double> numbers(std::size_t signal) const;

private:
    struct Column;
    std::shared_ptr<const Traffic> m_traffic;
    std::vector<std::unique_ptr<Column>> m_columns; ///< most recently used last
    std::vector<const Column*> m_selected;
    std::shared_ptr<const UserStyles> m_styles;
    std::optional<CodedColumn> m_requestStyles;

    Result<void> takeKept(const PolicyDocument& document, std::vector<std::size_t>& signalsToRead);
    Column* find(const Signal& signal, const std::vector<Signal>& uses, DecisionUnit decideBy);
    Result<void> extract(const PolicyDocument& document,
                         const std::vector<std::size_t>& signalsToRead);
};

} // namespace signalbox
