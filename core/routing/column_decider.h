// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "coded_column.h"
#include "column_kernels.h"
#include "compiled_policy.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace signalbox {

/// A policy over columns of signals instead of one request after the other: each comparison is
/// asked of each value a column has, once, and then the rules are evaluated for blocks of requests
/// without a branch. Decides as CompiledPolicy::route() does, which is what made it. Immutable;
/// may be shared between threads.
class ColumnDecider
{
public:
    /// What takes a request: 0 for the policy's otherwise, else a rule (or its margin). The holdout
    /// and the splits, which ask for a request's keys, come after it.
    using Claim = std::uint16_t;

    /// @param policy   has to live on
    /// @param columns  one per signal of its document, in its order; they have to live on
    /// @param styles   what the requests say of theirs, as texts; needed if needsStyles()
    ColumnDecider(const CompiledPolicy& policy, std::span<const CodedColumn* const> columns,
                  const CodedColumn* styles = nullptr, Vectors vectors = bestVectors());
    ~ColumnDecider();
    ColumnDecider(const ColumnDecider&) = delete;
    ColumnDecider& operator=(const ColumnDecider&) = delete;

    /// Whether limits follow the style that a request names, not one that a signal reads.
    [[nodiscard]] static bool needsStyles(const CompiledPolicy& policy);

    /// Which claim takes each of the rows from `firstRow` on.
    void claim(std::size_t firstRow, std::span<Claim> claims) const;

    /// Whether the decision still depends on the request's keys.
    [[nodiscard]] bool isDrawn(Claim claim) const;
    [[nodiscard]] Decision decisionOf(Claim claim, const RoutingKeys& keys) const;

private:
    struct Program;
    std::unique_ptr<const Program> m_program;
};

} // namespace signalbox
