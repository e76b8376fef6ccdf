// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logged_request.h"

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// A row as one attempt at a request.
[[nodiscard]] LoggedAttempt attemptOf(const LoggedRequest& row);

/// Fills in what a request does not say itself but its attempts do: cost and tokens are their sums
/// (unknown if one of them is), latency is from the first start to the last end, and the model, the
/// provider and the status are those of the last. Attempts are in order.
void fillFromAttempts(LoggedRequest& request);

} // namespace signalbox::traffic_detail
