// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace signalbox {

/// What a policy may write as a model's provider, and what that stands for where the model says no
/// more. A policy for another router may name others.
struct KnownProvider
{
    std::string_view name;
    std::string_view label;            ///< for people; a name of its own, in every language
    std::string_view baseUrl = {};     ///< of a model without address; empty: it has to name one
    std::string_view example = {};     ///< an address, where there is no usual one
    std::string_view keyVariable = {}; ///< where its key usually stands in the environment
};

[[nodiscard]] std::span<const KnownProvider> knownProviders();
/// Null if there is none of that name.
[[nodiscard]] const KnownProvider* knownProvider(std::string_view name);

} // namespace signalbox
