// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/lab/line_up.h>

#include <string>

namespace signalbox::cli {

/// Reads "MODEL:temperature=0,maxTokens=60,seed=7,system=FILE"; each part once, in any order. The
/// file's text is put in front of the system prompt.
/// @return InvalidArgument with what is wrong; IoError if the file cannot be read
[[nodiscard]] Result<Variant> parseVariant(const std::string& text);

} // namespace signalbox::cli
