// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"
#include "user_styles.h"

#include <core/base/result.h>

#include <filesystem>
#include <memory>
#include <string>

namespace signalbox {

/// The file that the policy's style signals name: the first that does; empty if none.
[[nodiscard]] std::string styleTableOf(const PolicyDocument& document);

/// Reads that file from the policy's folder; null if the policy names none. A name that leads out
/// of the folder is InvalidArgument: a policy from elsewhere must not say which files are read.
[[nodiscard]] Result<std::shared_ptr<const UserStyles>>
readStylesOf(const PolicyDocument& document, const std::filesystem::path& folder);

} // namespace signalbox
