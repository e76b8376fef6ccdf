// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "segmentation.h"

#include <core/policy/document.h>
#include <core/policy/user_styles.h>
#include <core/routing/compiled_policy.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

// Inside of core/segments: a segmentation as a policy, so that its signals and conditions are read
// by the very code that decides requests.
namespace signalbox::segments_detail {

/// The segmentation's signals and, by expression, one rule a segment in its order.
[[nodiscard]] PolicyDocument policyOf(const Segmentation& segmentation);

/// Errors stand where the segmentation's file has what they are about.
[[nodiscard]] Result<CompiledPolicy>
compileSegmentation(const Segmentation& segmentation,
                    const std::shared_ptr<const UserStyles>& styles = {});

/// The definitions of these signals in a policy, its order, with what their scores use.
[[nodiscard]] std::vector<Signal> definitionsOf(const std::set<SignalId>& wanted,
                                                const PolicyDocument& policy);

/// The meter that a signal reads, itself or by its score; null if none.
[[nodiscard]] const Signal* meterBehind(const Signal& signal, const PolicyDocument& policy);

[[nodiscard]] const Signal* findSignal(const std::vector<Signal>& list, const SignalId& id);

} // namespace signalbox::segments_detail
