// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/voice/feature_spans.h>

#include <QString>

#include <string>
#include <vector>

namespace signalbox::ui {

/// A passage in which a trait is heard.
struct HeardPassage
{
    Passage place;
    int trait = 0; ///< its number in the list of traits, from 1
};

/// The beginning of an answer as a reader sees it (or, if the first passage comes late, the part
/// around that one), with passages marked, as rich text of our own making: what the answer says is
/// escaped, so that nothing in it acts. Marks of Markdown are gone, lines and lists stay; the
/// ellipsis says where more was. The number of its trait stands before each passage.
/// @param passages  in any order, may overlap; offsets in bytes of `text`
[[nodiscard]] QString markedExcerpt(const std::string& text,
                                    const std::vector<HeardPassage>& passages);

/// The same part of it without marks and styles, on one line: what is spoken.
[[nodiscard]] QString plainExcerpt(const std::string& text,
                                   const std::vector<HeardPassage>& passages);

} // namespace signalbox::ui
