// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// Recognises an event that is an earlier one again with another text in it. A streamed answer is
/// mostly such events, some two hundred bytes for one word; reading each as JSON is most of what a
/// client does. What it says is what reading the JSON would have said, or nothing.
class RepeatedEvent
{
public:
    /// The text in `data` if all around it is as in the learned event; nullopt if it must be read.
    /// Into `data`. O(n).
    [[nodiscard]] std::optional<std::string_view> textIn(std::string_view data) const;

    /// @param data  an object that was read, compact JSON
    /// @param key   of the one member of it that holds `text`
    /// What cannot be told apart for sure (escapes, the key twice) is not learned.
    void learn(std::string_view data, std::string_view key, std::string_view text);

private:
    std::string m_before; ///< up to the quote that opens the text; empty: nothing is learned
    std::string m_after;  ///< from the quote that closes it
};

} // namespace signalbox
