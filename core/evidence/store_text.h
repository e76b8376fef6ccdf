// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>

namespace signalbox {

/// Text as both databases can hold it. PostgreSQL refuses the code point zero, which a model may
/// well write: it is stored as the two characters SUB (U+001A) and "0", and SUB itself as two SUBs.
/// Ill-formed UTF-8 becomes U+FFFD. O(n).
[[nodiscard]] QString toStoredText(const std::string& utf8);

/// The inverse.
[[nodiscard]] std::string fromStoredText(const QString& stored);

} // namespace signalbox
