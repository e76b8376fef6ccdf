// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace signalbox {

// Reports as plain text in at most 100 columns.

/// Rows of cells as aligned text: the first column to the left, numbers to the right.
class TextTable
{
public:
    explicit TextTable(std::vector<std::string> header) { add(std::move(header)); }

    void add(std::vector<std::string> row);
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> m_rows;
    std::vector<std::size_t> m_widths;
};

/// Breaks a sentence into lines of at most 100 columns; a number and its unit stay together.
/// @param first, rest  what the first line, and each further one, begins with
[[nodiscard]] std::string wrapped(const std::string& words, const std::string& first,
                                  const std::string& rest);

} // namespace signalbox
