// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// What stands where a key was.
inline constexpr std::string_view kRedacted = "[key removed]";

/// Takes a key out of a text that arrives in pieces, for servers that send back what they were
/// sent. The key may be cut anywhere between pieces. Keys under 8 bytes ("none", "lm-studio" is
/// longer but harmless) are no secrets and would spoil ordinary text: they are left alone.
class StreamRedactor
{
public:
    explicit StreamRedactor(std::string key = {});

    /// The text that may be shown now. The end of a piece is kept back while it could be the
    /// beginning of the key, once at least 4 bytes of it match.
    [[nodiscard]] std::string feed(std::string_view piece);
    /// What was kept back, at the end of the text.
    [[nodiscard]] std::string flush();

private:
    std::string m_key;
    std::vector<std::size_t> m_fallback; ///< Knuth-Morris-Pratt: length of the next shorter match
    std::size_t m_matched = 0;
    std::string m_held;
};

/// A whole text without any of `secrets`; those under 4 bytes are left alone.
[[nodiscard]] std::string withoutSecrets(std::string text, const std::vector<std::string>& secrets,
                                         std::string_view replacement = kRedacted);

/// What a sentence about a call must not repeat: the key, and the prompts that were sent. It is
/// taken out of foreign text before that is cut anywhere, for half a key is no longer found.
class Redaction
{
public:
    Redaction() = default;
    /// @param prompts  raw; those under 16 bytes may be words of any error text and are left alone
    Redaction(std::string key, const std::vector<std::string>& prompts);

    /// The text without the key; an end that could be the beginning of the key goes too.
    [[nodiscard]] std::string withoutKey(std::string text) const;
    /// One harmless line out of foreign text, without the key and without prompts, also those of
    /// which the server repeats only the beginning; then cut as oneLine() cuts. O(n).
    [[nodiscard]] std::string line(std::string_view foreign, std::size_t limitBytes = 240) const;

private:
    [[nodiscard]] std::string withoutPrompts(std::string line) const;

    std::string m_key;
    std::vector<std::string> m_prompts; ///< each as one line, uncut
};

/// One line for people out of foreign text: control and direction characters become spaces,
/// ill-formed UTF-8 becomes U+FFFD, the rest after `limitBytes` is left out with "…".
[[nodiscard]] std::string oneLine(std::string_view text, std::size_t limitBytes = 240);

} // namespace signalbox
