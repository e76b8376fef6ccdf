// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace signalbox {

/// Text as it may stand in XML and HTML, in content and in quoted attributes: the five special
/// characters escaped, ill-formed UTF-8 replaced, control characters and bidirectional overrides
/// (which could make a name read as another) made visible as U+FFFD.
[[nodiscard]] std::string xmlText(std::string_view text);

} // namespace signalbox
