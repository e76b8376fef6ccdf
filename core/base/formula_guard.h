// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace signalbox {

/// A text for a field of CSV, which has no way to say that it is one: what a spreadsheet would take
/// for a formula (it begins with =, +, -, @, a tab or the end of a line) gets an apostrophe in
/// front, and so does what begins with apostrophes and goes on like that.
[[nodiscard]] std::string withFormulaGuard(std::string_view text);
/// The same as a field of CSV, in quotes where it has to be.
[[nodiscard]] std::string csvField(std::string_view text);
/// The same as a cell of the clipboard, where tabs part them.
[[nodiscard]] std::string tabField(std::string_view text);
/// The inverse of withFormulaGuard(); other texts stay as they are.
[[nodiscard]] std::string withoutFormulaGuard(std::string_view text);

} // namespace signalbox
