// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"
#include "edit.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

// Find and replace over a policy: everything in it that somebody wrote. Pure; what is replaced
// comes as one edit.

struct FindQuery
{
    std::string text;        ///< to the letter; an empty one finds nothing
    bool matchCase = false;  ///< else ASCII case is folded
    bool wholeWords = false; ///< not inside a longer run of ASCII letters, digits and underscores
};

/// What kind of thing a text is.
enum class FindKind {
    Name, ///< the policy's name, a rule's label
    Note,
    Id,      ///< of a signal, model or rule: replaced by renaming it, all its uses with it
    Use,     ///< where a signal, model or rule is named
    Value,   ///< what a condition compares with; numbers are found as they are written
    Keyword, ///< a keyword, a text or an expression of a signal
    Prompt,  ///< a message of a stored test, a style guide
    Setting, ///< provider, name on the wire, address, metadata key, header
    Salt,    ///< of a split or the holdout
};

/// A place where a text was found.
struct FindHit
{
    FindKind kind = FindKind::Name;
    std::string path;       ///< JSON path, e.g. "rules[2].when.any[0].value"
    std::string text;       ///< all that stands there
    std::size_t offset = 0; ///< of the hit in it, in bytes
    std::size_t length = 0;
    bool operator==(const FindHit&) const = default;
};

/// All places, in document order. Hits in one text do not overlap. O(size of the document).
[[nodiscard]] std::vector<FindHit> findText(const PolicyDocument& document, const FindQuery& query);

/// What replacing would do.
struct Replacement
{
    std::optional<Edit> edit; ///< nothing if nothing changes
    std::size_t replaced = 0; ///< hits, uses that follow a renamed thing included
    struct Refusal
    {
        FindHit hit;
        std::string sentence; ///< why it stays, with its full stop
        bool operator==(const Refusal&) const = default;
    };
    std::vector<Refusal> refused;
};

/// Replaces every hit that can be; the edit applies to `document`. Ids are renamed unless the new
/// one is empty or taken; where it is taken, the uses go over to the thing that has it. A number
/// stays one, and settings and keywords are never emptied. Salts, the policy's own id, references
/// to keys and what is asked at a provider are changed in their own fields only.
[[nodiscard]] Replacement replaceAll(const PolicyDocument& document, const FindQuery& query,
                                     std::string_view replacement);
/// The same for one hit of findText().
[[nodiscard]] Replacement replaceHit(const PolicyDocument& document, const FindQuery& query,
                                     const FindHit& hit, std::string_view replacement);

} // namespace signalbox
