// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signal_columns.h"

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/policy/user_styles.h>
#include <core/traffic/traffic.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// Reads the signals of a policy off the prompts of a table and then leaves the prompts out: what
/// the policy decides by stays known, what was said does not. Requests without an id get one, so
/// that splits by request still tell them apart. Estimates of input tokens stay. Answers go too.
/// Signals that read no prompt (style, metadata, headers, time, meters, the model that was asked
/// for) are not kept, since they still can be read.
/// @param policy  null: no signal is kept
/// O(bytes of prompts), on all cores.
[[nodiscard]] Result<Traffic> withoutPrompts(const std::shared_ptr<const Traffic>& traffic,
                                             const PolicyDocument* policy,
                                             const std::shared_ptr<const UserStyles>& styles = {});

/// Names of a policy's signals that withoutPrompts() keeps, document order.
[[nodiscard]] std::vector<std::string> signalsThatReadPrompts(const PolicyDocument& policy);

namespace projection_detail {

/// Whether a signal, or one that it uses, reads what was said.
[[nodiscard]] bool readsPrompts(const Signal& signal, const std::vector<Signal>& uses);

/// All that the values of a signal depend on, as text.
[[nodiscard]] std::string definitionText(const Signal& signal, const std::vector<Signal>& uses,
                                         DecisionUnit decideBy, const UserStyles* styles);

[[nodiscard]] KeptSignal keptSignal(std::string definition, const CodedColumn& column);
[[nodiscard]] CodedColumn columnOf(const KeptSignal& kept, std::size_t rows);

} // namespace projection_detail

} // namespace signalbox
