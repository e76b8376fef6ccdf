// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cluster_kernels.h"
#include "packed_rows.h"
#include "replay_totals.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace signalbox {

/// The four numbers of one resample.
struct ResampledNumbers
{
    double meanCostUsd = 0;
    double meanQuality = 0;
    double consistency = 1;
    double latencyP95Ms = 0; ///< NaN if any latency is unknown
    bool operator==(const ResampledNumbers&) const = default;
};

struct BootstrapOptions
{
    std::size_t draws = 2000;
    std::uint64_t seed = 1;
    unsigned threads = 1;
    const std::atomic<bool>* stop = nullptr; ///< set to give up; what has come is good
};

/// Bootstrap of whole conversations (measures.md section 4): a resample takes as many of them as
/// there are, with replacement, and weighs each of its requests by how often it was taken; cost,
/// quality, seams and p95 come from the same resample. Draw d depends on (seed, d) and the number
/// of conversations alone: not on threads, and not on the policy, so that two policies resampled
/// with one seed are paired, draw by draw (savings, ratios, P(all gates hold)).
///
/// A conversation enters as six sums, so a draw is a pass over conversations, not requests. p95
/// needs single requests, but only those near it: requests beyond what ten standard errors reach
/// above are counted per conversation, those within are walked, slowest first. Should a resample
/// leave that range after all, it is looked for among all requests.
///
/// Conversations only: lab prompts, and what was measured on them (nu, failure shares), stay as
/// they are. Immutable; may be shared between threads. Memory: 36 bytes a conversation and 8 a
/// request.
class ClusterBootstrap
{
public:
    /// @param rows           has to live on
    /// @param choices        one per row
    /// @param noticeability  null: consistency stays 1
    /// @param reach          standard errors around p95 that are walked
    ClusterBootstrap(const PackedRows& rows, std::span<const std::uint8_t> choices,
                     const NoticeabilityTable* noticeability = nullptr, double reach = 10,
                     Vectors vectors = bestVectors());

    /// Some neighbouring draws. Called as they are ready, in no order, never twice at once.
    using Take = std::function<void(std::size_t firstDraw, std::span<const ResampledNumbers>)>;

    /// False if stopped.
    bool run(const BootstrapOptions& options, const Take& take) const;

    /// All of them, in order; empty if stopped.
    [[nodiscard]] std::vector<ResampledNumbers> run(const BootstrapOptions& options) const;

private:
    struct SlowRow
    {
        float latencyMs = 0;
        std::uint32_t cluster = 0;
    };
    struct Workspace;

    void sumConversations(std::span<const std::uint8_t> choices,
                          const NoticeabilityTable* noticeability);
    void findSlowRows(double reach);
    void draw(std::size_t first, std::span<ResampledNumbers> numbers, std::uint64_t seed,
              Workspace& workspace) const;
    [[nodiscard]] double p95(const ClusterSums& sums,
                             const std::vector<std::uint16_t>& weights) const;
    [[nodiscard]] double p95OfAll(std::uint64_t allowed,
                                  const std::vector<std::uint16_t>& weights) const;
    [[nodiscard]] std::size_t clusterCount() const { return m_requests.size(); }

    const PackedRows* m_rows;
    AddClusters m_add;
    double m_usdPerUnit;
    std::vector<float> m_requests;
    std::vector<float> m_seams;
    std::vector<float> m_slow;
    std::vector<double> m_cost;
    std::vector<double> m_quality;
    std::vector<double> m_loss;
    std::vector<SlowRow> m_all;    ///< of every request, in no order
    std::vector<SlowRow> m_walked; ///< slowest first
    bool m_isTimed = true;
};

} // namespace signalbox
