// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace signalbox {

/// An enum value and its text in files. A table of these is the single place where both are listed.
template<class E> struct EnumName
{
    E value;
    std::string_view name;
};

} // namespace signalbox
