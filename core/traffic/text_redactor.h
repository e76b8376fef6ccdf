// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// Something to look for beside what is built in.
struct RedactionPattern
{
    std::string kind;    ///< stands in the mark: "order" becomes "[order]"
    std::string pattern; ///< RE2; matches of nothing are left alone
};

struct RedactionCount
{
    std::string kind;
    std::size_t count = 0;
    bool operator==(const RedactionCount&) const = default;
};

/// Replaces what could name a person or open a door by the kind of thing it was: "[email]",
/// "[phone]", "[card]" (13 to 19 digits whose check digit fits), "[iban]" (checked too), "[key]"
/// (of model providers, clouds, code hosts and chats, tokens of three parts, private keys in PEM).
/// The same text in gives the same text out. Found by shape: names and addresses of people are not,
/// and a number may be taken for a phone's. Well-formed UTF-8 stays so. Own patterns go first.
///
/// Immutable; use it from any thread. O(n), without own patterns 100 MB/s of prose and more.
class TextRedactor
{
public:
    /// @param leaves  kinds of builtInKinds() that stay
    /// Fails for a pattern that RE2 does not understand, with its number from 0 in `where`, and for
    /// a kind that is no word.
    [[nodiscard]] static Result<TextRedactor> make(const std::vector<RedactionPattern>& own = {},
                                                   std::vector<std::string> leaves = {});
    /// What is known by its shape, as it stands in the marks.
    [[nodiscard]] static const std::vector<std::string>& builtInKinds();
    ~TextRedactor();
    TextRedactor(TextRedactor&& other) noexcept;
    TextRedactor& operator=(TextRedactor&& other) noexcept;

    /// @param counts  how often each kind was replaced is added here, in the order of first finding
    [[nodiscard]] std::string redacted(std::string_view text,
                                       std::vector<RedactionCount>& counts) const;

private:
    struct Own;
    TextRedactor();
    std::vector<std::unique_ptr<const Own>> m_own;
    std::vector<std::string> m_leaves;
};

} // namespace signalbox
