// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>

#include <string>
#include <string_view>

namespace signalbox {

/// Rewrites an expression of the portable subset (design.md section 4) for an engine that matches
/// bytes, so that code points, the ASCII-only folding of `ignoreCase` and `$` (the very end, not
/// before a last newline) depend on no engine's habits: classes become alternatives of
/// UTF-8 sequences, letters become classes. Ill-formed bytes are matched by nothing.
/// The result uses only literals, \xHH, positive classes, (?:…), |, repeats, ^ and \z.
/// Errors: InvalidArgument, naming the construct that is outside of the subset.
[[nodiscard]] Result<std::string> toBytePattern(std::string_view pattern, bool ignoreCase);

} // namespace signalbox
