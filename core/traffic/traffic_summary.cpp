// SPDX-License-Identifier: Apache-2.0
#include "traffic_summary.h"

#include "traffic_sections.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <tuple>
#include <type_traits>
#include <utility>

namespace signalbox {

using namespace traffic_detail;

namespace {

std::vector<TrafficSummary::Share> sortedShares(std::vector<TrafficSummary::Share> shares)
{
    std::erase_if(shares, [](const auto& share) { return share.rows == 0; });
    std::ranges::stable_sort(shares, std::greater(), &TrafficSummary::Share::rows);
    return shares;
}

std::vector<TrafficSummary::Share> sharesOf(const NameColumn& column)
{
    std::vector<TrafficSummary::Share> shares;
    for (std::size_t i = 0; i < column.names.size(); ++i)
        shares.push_back({std::string(column.names[i]), 0});
    for (std::size_t row = 0; row < column.codes.size(); ++row) {
        if (const std::uint32_t code = column.codes[row]; code < shares.size())
            ++shares[code].rows;
    }
    std::erase_if(shares, [](const auto& share) { return share.name.empty(); });
    return sortedShares(std::move(shares));
}

std::vector<TrafficSummary::Share> segmentsOf(const Traffic& traffic)
{
    std::vector<TrafficSummary::Share> shares;
    for (const std::string& name : traffic.segments)
        shares.push_back({name, 0});
    for (const std::uint16_t segment : traffic.segmentOf)
        ++shares[segment].rows;
    return sortedShares(std::move(shares));
}

TrafficSummary::Times timesOf(const Column<float>& column)
{
    std::vector<float> known;
    std::ranges::copy_if(column, std::back_inserter(known),
                         [](float ms) { return !std::isnan(ms); });
    TrafficSummary::Times times;
    times.rows = known.size();
    const auto quantile = [&known](double p) {
        const auto rank =
            static_cast<std::size_t>(std::ceil(p * static_cast<double>(known.size())));
        const auto at =
            known.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1)) - 1;
        std::ranges::nth_element(known, at);
        return static_cast<double>(*at);
    };
    if (!known.empty()) {
        times.p50Ms = quantile(0.5);
        times.p95Ms = quantile(0.95);
    }
    return times;
}

TrafficSummary::Sum sumOf(const Column<std::int32_t>& column)
{
    TrafficSummary::Sum sum;
    for (const std::int32_t count : column) {
        if (count < 0)
            continue;
        ++sum.rows;
        sum.total += count;
    }
    return sum;
}

void addCosts(const Traffic& traffic, TrafficSummary& summary)
{
    std::optional<Money> sum = Money{};
    for (const std::int64_t pico : traffic.cost) {
        if (pico == Traffic::kUnknownCost)
            continue;
        ++summary.costRows;
        sum = sum ? checkedSum(*sum, Money{pico}) : std::nullopt;
    }
    if (summary.costRows > 0)
        summary.cost = sum;
}

std::vector<TrafficSummary::Feedback> feedbackOf(const FeedbackColumns& feedback)
{
    FeedbackScales scales;
    for (std::size_t i = 0; i < feedback.size(); ++i)
        scales.add(feedback[i]);
    std::map<std::pair<std::string, std::string>, TrafficSummary::Feedback> found;
    for (std::size_t i = 0; i < feedback.size(); ++i) {
        const LoggedFeedback said = feedback[i];
        TrafficSummary::Feedback& kind = found[{std::string(said.name), std::string(said.source)}];
        ++kind.count;
        const double value = scales.normalised(said);
        if (std::isnan(value))
            continue;
        kind.scale = scales.scaleOf(said).origin;
        kind.mean = (kind.scaled == 0 ? 0 : kind.mean) + value; // the sum, until all are known
        ++kind.scaled;
    }
    std::vector<TrafficSummary::Feedback> list;
    for (auto& [key, kind] : found) {
        std::tie(kind.name, kind.source) = key;
        if (kind.scaled > 0)
            kind.mean /= static_cast<double>(kind.scaled);
        list.push_back(kind);
    }
    return list;
}

void addRows(const Traffic& traffic, TrafficSummary& summary)
{
    const std::vector<std::size_t> starts = traffic.conversationStarts();
    for (std::size_t i = 0; i + 1 < starts.size(); ++i)
        summary.longestConversation =
            std::max(summary.longestConversation, starts[i + 1] - starts[i]);
    for (std::size_t row = 0; row < summary.rows; ++row) {
        if (traffic.hasPrompts() && traffic.messages.lastOf(row) != MessageColumns::kNone)
            ++summary.prompts;
        const std::uint8_t status = traffic.status.at(row, 0);
        summary.succeeded += status == static_cast<std::uint8_t>(LogStatus::Success) ? 1 : 0;
        summary.failed += status == static_cast<std::uint8_t>(LogStatus::Failure) ? 1 : 0;
        summary.answers += traffic.messages.answered.at(row, 0) != 0 ? 1 : 0;
        summary.propensities += std::isnan(traffic.propensity.at(row, std::nanf(""))) ? 0 : 1;
    }
}

} // namespace

TrafficSummary summaryOf(const Traffic& traffic)
{
    TrafficSummary summary;
    summary.rows = traffic.rowCount();
    summary.conversations = traffic.conversationCount();
    summary.servedModels = sharesOf(traffic.servedModel);
    summary.askedModels = sharesOf(traffic.askedModel);
    summary.providers = sharesOf(traffic.provider);
    summary.outcomes = sharesOf(traffic.outcome);
    summary.errors = sharesOf(traffic.error);
    summary.segments = segmentsOf(traffic);
    summary.users = sharesOf(traffic.user).size();
    summary.totalMs = timesOf(traffic.totalMs);
    summary.firstTokenMs = timesOf(traffic.firstTokenMs);
    summary.inputTokens = sumOf(traffic.inputTokens);
    summary.outputTokens = sumOf(traffic.outputTokens);
    summary.attempts = traffic.attempts.size();
    summary.feedback = feedbackOf(traffic.feedback);
    addRows(traffic, summary);
    addCosts(traffic, summary);
    trafficColumns(traffic, [&summary](const std::string& name, const auto& column) {
        std::size_t bytes = 0;
        if constexpr (std::is_same_v<std::decay_t<decltype(column)>, CodeColumn>)
            bytes = std::visit([](const auto& codes) { return codes.span().size_bytes(); },
                               column.codes);
        else
            bytes = column.span().size_bytes();
        if (bytes > 0)
            summary.parts.push_back({name, bytes});
    });
    return summary;
}

} // namespace signalbox
