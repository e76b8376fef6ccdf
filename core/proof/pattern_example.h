// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// A text that an expression matches, and where it has to stand.
struct PatternMatch
{
    std::string text;
    bool atStart = false; ///< matches only at the start of the whole text
    bool atEnd = false;   ///< matches only at its end
};

/// A portable expression (design.md section 4), read to make up texts that it matches.
class PatternExample
{
public:
    /// Nothing if it is not portable.
    [[nodiscard]] static std::optional<PatternExample> read(std::string_view pattern);

    PatternExample(PatternExample&&) noexcept;
    PatternExample& operator=(PatternExample&&) noexcept;
    ~PatternExample();

    /// Code points of the shortest match, but for contradictory anchors.
    [[nodiscard]] std::size_t leastChars() const;
    /// Whether it minds where it stands.
    [[nodiscard]] bool hasAnchors() const;

    /// A match, short and of letters where there is a choice. Variants differ in alternatives,
    /// characters and repeats. With anchors in odd places it may not match after all.
    [[nodiscard]] PatternMatch match(unsigned variant = 0) const;

    struct Part;

private:
    explicit PatternExample(std::unique_ptr<Part> root);
    std::unique_ptr<Part> m_root;
};

} // namespace signalbox
