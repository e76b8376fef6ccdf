// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace signalbox {

/// The host of a model's address, without user, port and brackets.
[[nodiscard]] std::string_view hostOf(std::string_view baseUrl);

/// An address without what keys hide in: the user and password before an @, the query and the
/// fragment. No server needs them to be reached, and a policy file holds no key (design.md section
/// 7); so it is this that is written, and whoever meets more says so without repeating it.
[[nodiscard]] std::string withoutSecrets(std::string_view baseUrl);

[[nodiscard]] bool mayHoldSecret(std::string_view baseUrl);

} // namespace signalbox
