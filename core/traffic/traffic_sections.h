// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "traffic.h"

#include <string>
#include <type_traits>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// Gives every plain column of a table, or of a constant one, to `visit(name, column)`: a
/// Column<T>. The columns of texts as the columns of which they consist. The one list of what a
/// file holds; the order is that of the file.
template<class Table, class Visit> void trafficColumns(Table& table, const Visit& visit)
{
    const auto texts = [&visit](const std::string& name, auto& column) {
        visit(name + ".starts", column.starts);
        visit(name + ".ends", column.ends);
        visit(name + ".bytes", column.bytes);
    };
    const auto names = [&visit, &texts](const std::string& name, auto& column) {
        visit(name + ".codes", column.codes);
        texts(name + ".names", column.names);
    };
    visit("conversation", table.conversationOf);
    visit("turn", table.turnOf);
    visit("segment", table.segmentOf);
    visit("prompt", table.promptOf);
    visit("inputTokens", table.inputTokens);
    visit("timeMs", table.timeMs);
    names("askedModel", table.askedModel);
    names("servedModel", table.servedModel);
    names("provider", table.provider);
    names("route", table.route);
    names("rule", table.rule);
    names("arm", table.arm);
    names("outcome", table.outcome);
    names("error", table.error);
    names("tenant", table.tenant);
    visit("status", table.status);
    visit("httpStatus", table.httpStatus);
    visit("retries", table.retries);
    visit("streamed", table.streamed);
    visit("cacheHit", table.cacheHit);
    visit("outputTokens", table.outputTokens);
    visit("cachedTokens", table.cachedTokens);
    visit("reasoningTokens", table.reasoningTokens);
    visit("cost", table.cost);
    visit("firstTokenMs", table.firstTokenMs);
    visit("totalMs", table.totalMs);
    visit("propensity", table.propensity);
    names("tags", table.tags);
    visit("feedback.row", table.feedback.rowOf);
    visit("feedback.value", table.feedback.value);
    visit("feedback.scaleMin", table.feedback.scaleMin);
    visit("feedback.scaleMax", table.feedback.scaleMax);
    visit("feedback.weight", table.feedback.weight);
    names("feedback.name", table.feedback.name);
    names("feedback.source", table.feedback.source);
    names("feedback.label", table.feedback.label);
    visit("attempt.row", table.attempts.rowOf);
    visit("attempt.index", table.attempts.index);
    names("attempt.provider", table.attempts.provider);
    names("attempt.model", table.attempts.model);
    names("attempt.error", table.attempts.error);
    visit("attempt.status", table.attempts.status);
    visit("attempt.httpStatus", table.attempts.httpStatus);
    visit("attempt.startMs", table.attempts.startMs);
    visit("attempt.latencyMs", table.attempts.latencyMs);
    visit("attempt.cost", table.attempts.cost);
    visit("attempt.inputTokens", table.attempts.inputTokens);
    visit("attempt.outputTokens", table.attempts.outputTokens);
    texts("conversationId", table.conversationIds);
    texts("requestId", table.requestIds);
    names("user", table.user);
    names("style", table.style);
    names("metadata", table.metadata);
    names("details", table.details);
    visit("maxTokens", table.maxTokens);
    visit("hasTools", table.hasTools);
    for (std::size_t i = 0; i < table.signalValues.size(); ++i)
        names("signal." + std::to_string(i), table.signalValues[i].values);
    visit("estimatedTokens", table.estimatedTokens);
    visit("message.begin", table.messages.begins);
    visit("message.parent", table.messages.parents);
    visit("message.answered", table.messages.answered);
    visit("message.kind", table.messages.kinds);
    visit("message.pictured", table.messages.pictured);
    visit("message.pictures", table.messages.pictureCounts);
    texts("message", table.messages.texts); // last: it is most of the file
}

} // namespace signalbox::traffic_detail
