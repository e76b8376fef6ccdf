// SPDX-License-Identifier: Apache-2.0
#include "cluster_bootstrap.h"

#include "multinomial.h"
#include "row_replay.h"

#include <core/base/random.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <string>
#include <thread>

namespace signalbox {

namespace {

/// Draws that one pass over the conversations serves, so that their sums are read from memory once.
constexpr std::size_t kDrawsAtOnce = 8;

std::uint64_t tailOf(std::uint64_t requests)
{
    return requests - 1 - rankOfP95(requests);
}

} // namespace

struct ClusterBootstrap::Workspace
{
    std::vector<std::vector<std::uint16_t>> weights; ///< per draw, per conversation
};

ClusterBootstrap::ClusterBootstrap(const PackedRows& rows, std::span<const std::uint8_t> choices,
                                   const NoticeabilityTable* noticeability, double reach,
                                   Vectors vectors)
    : m_rows(&rows), m_add(addClustersWith(vectors)),
      m_usdPerUnit(rows.pricesTokens() ? 1e-12 : static_cast<double>(rows.costUnit()) * 1e-12)
{
    sumConversations(choices, noticeability);
    findSlowRows(reach);
}

void ClusterBootstrap::sumConversations(std::span<const std::uint8_t> choices,
                                        const NoticeabilityTable* noticeability)
{
    const auto starts = m_rows->conversationStarts();
    const std::size_t clusters = m_rows->conversationCount();
    for (std::vector<float>* column : {&m_requests, &m_seams, &m_slow})
        column->assign(clusters, 0);
    for (std::vector<double>* column : {&m_cost, &m_quality, &m_loss})
        column->assign(clusters, 0);
    m_all.resize(choices.size());
    const std::int64_t unit = m_rows->pricesTokens() ? 1 : m_rows->costUnit();
    for (std::uint32_t c = 0; c < clusters; ++c) {
        std::int64_t cost = 0;
        std::uint64_t quality = 0;
        std::uint64_t seams = 0;
        std::int64_t loss = 0;
        std::uint8_t last = PackedRows::kUnanswered;
        for (std::size_t row = starts[c]; row < starts[c + 1]; ++row) {
            const std::size_t choice = choices[row];
            cost += m_rows->costPicoAt(row, choice);
            quality += m_rows->qualityAt(row, choice);
            m_all[row] = {m_rows->latencyAt(row, choice), c};
            m_isTimed &= !std::isnan(m_all[row].latencyMs);
            const std::uint8_t voice = m_rows->voiceAt(row, choice);
            if (!noticeability || voice == PackedRows::kUnanswered)
                continue;
            if (last != PackedRows::kUnanswered) {
                ++seams;
                loss += noticeability->at(last, voice);
            }
            last = voice;
        }
        m_requests[c] = static_cast<float>(starts[c + 1] - starts[c]);
        m_seams[c] = static_cast<float>(seams);
        const std::int64_t units = cost / unit; // every row's cost is whole
        m_cost[c] = static_cast<double>(units);
        m_quality[c] = static_cast<double>(quality);
        m_loss[c] = static_cast<double>(loss);
    }
}

void ClusterBootstrap::findSlowRows(double reach)
{
    if (!m_isTimed || m_all.empty())
        return;
    // One order for equal latencies too, so that the walk does not depend on the library.
    const auto isSlower = [](const SlowRow& a, const SlowRow& b) {
        return a.latencyMs != b.latencyMs ? a.latencyMs > b.latencyMs : a.cluster < b.cluster;
    };
    const std::uint64_t tail = tailOf(m_all.size());
    const auto atP95 = m_all.begin() + static_cast<std::ptrdiff_t>(tail);
    std::nth_element(m_all.begin(), atP95, m_all.end(), isSlower);
    // How far the weighted number of requests in the tail strays from its share of the resample.
    std::vector<double> stray(clusterCount(), 0);
    const double share = static_cast<double>(tail) / static_cast<double>(m_all.size());
    for (std::size_t c = 0; c < stray.size(); ++c)
        stray[c] = -share * static_cast<double>(m_requests[c]);
    for (auto row = m_all.begin(); row != atP95; ++row)
        stray[row->cluster] += 1;
    double variance = 0;
    for (const double by : stray)
        variance += by * by;
    const auto width = static_cast<std::uint64_t>(reach * std::sqrt(variance)) + 1;
    const std::uint64_t begin = tail - std::min(tail, width);
    const std::uint64_t end = std::min<std::uint64_t>(m_all.size(), tail + width + 1);
    const auto first = m_all.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = m_all.begin() + static_cast<std::ptrdiff_t>(end);
    std::nth_element(m_all.begin(), first, atP95, isSlower);
    if (last != m_all.end())
        std::nth_element(atP95, last, m_all.end(), isSlower);
    for (auto row = m_all.begin(); row != first; ++row)
        ++m_slow[row->cluster];
    m_walked.assign(first, last);
    std::ranges::sort(m_walked, isSlower);
}

double ClusterBootstrap::p95(const ClusterSums& sums,
                             const std::vector<std::uint16_t>& weights) const
{
    const auto requests = static_cast<std::uint64_t>(sums.requests);
    if (!m_isTimed || requests == 0)
        return std::numeric_limits<double>::quiet_NaN();
    const std::uint64_t allowed = tailOf(requests);
    auto passed = static_cast<std::uint64_t>(sums.slow);
    if (passed > allowed)
        return p95OfAll(allowed, weights);
    for (const SlowRow& row : m_walked) {
        passed += weights[row.cluster];
        if (passed > allowed)
            return static_cast<double>(row.latencyMs);
    }
    return p95OfAll(allowed, weights);
}

double ClusterBootstrap::p95OfAll(std::uint64_t allowed,
                                  const std::vector<std::uint16_t>& weights) const
{
    std::vector<SlowRow> rows = m_all;
    std::ranges::sort(rows, std::ranges::greater(), &SlowRow::latencyMs);
    std::uint64_t passed = 0;
    for (const SlowRow& row : rows) {
        passed += weights[row.cluster];
        if (passed > allowed)
            return static_cast<double>(row.latencyMs);
    }
    return std::numeric_limits<double>::quiet_NaN();
}

void ClusterBootstrap::draw(std::size_t first, std::span<ResampledNumbers> numbers,
                            std::uint64_t seed, Workspace& workspace) const
{
    std::vector<ResampleCounts> counts;
    std::vector<ClusterSums> sums(numbers.size());
    workspace.weights.resize(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        counts.emplace_back(clusterCount(),
                            stableHash("resample " + std::to_string(first + i), seed));
        workspace.weights[i].resize(clusterCount());
    }
    const ClusterColumns columns = {m_requests.data(), m_seams.data(),   m_slow.data(),
                                    m_cost.data(),     m_quality.data(), m_loss.data()};
    for (std::size_t at = 0; at < clusterCount(); at += ResampleCounts::kChunk) {
        const std::size_t count = std::min(ResampleCounts::kChunk, clusterCount() - at);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            std::uint16_t* const weights = workspace.weights[i].data() + at;
            counts[i].next(std::span(weights, count));
            m_add(columns, at, count, weights, sums[i]);
        }
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const ClusterSums& sum = sums[i];
        numbers[i] = {sum.cost * m_usdPerUnit / sum.requests,
                      sum.quality / kQualityScale / sum.requests,
                      sum.seams > 0 ? 1 - sum.loss / NoticeabilityTable::kOne / sum.seams : 1,
                      p95(sum, workspace.weights[i])};
    }
}

bool ClusterBootstrap::run(const BootstrapOptions& options, const Take& take) const
{
    if (clusterCount() == 0)
        return true;
    std::atomic<std::size_t> next{0};
    std::atomic<bool> isStopped = false;
    std::mutex taking;
    const auto work = [&] {
        Workspace workspace;
        std::vector<ResampledNumbers> numbers;
        for (std::size_t first; (first = next.fetch_add(kDrawsAtOnce)) < options.draws;) {
            if (options.stop && options.stop->load(std::memory_order_relaxed)) {
                isStopped = true;
                return;
            }
            numbers.resize(std::min(kDrawsAtOnce, options.draws - first));
            draw(first, numbers, options.seed, workspace);
            const std::scoped_lock lock(taking);
            take(first, numbers);
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (unsigned thread = 1; thread < options.threads; ++thread)
            helpers.emplace_back(work);
        work();
    }
    return !isStopped;
}

std::vector<ResampledNumbers> ClusterBootstrap::run(const BootstrapOptions& options) const
{
    std::vector<ResampledNumbers> all(clusterCount() == 0 ? 0 : options.draws);
    const bool isDone =
        run(options, [&all](std::size_t first, std::span<const ResampledNumbers> numbers) {
            std::ranges::copy(numbers, all.begin() + static_cast<std::ptrdiff_t>(first));
        });
    if (!isDone)
        all.clear();
    return all;
}

} // namespace signalbox
