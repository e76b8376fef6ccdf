// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/voice/feature_spans.h>

#include <QString>

#include <string>
#include <vector>

namespace signalbox::ui {

/// The beginning of an answer as a reader sees it (or, if the first passage comes late, the part
/// around that one), with passages marked, as rich text of our own making: what the answer says is
/// escaped, so that nothing in it acts. Marks of Markdown are gone, lines and lists stay; the
/// ellipsis says where more was.
/// @param passages  in order and apart; offsets in bytes of `text`
[[nodiscard]] QString markedExcerpt(const std::string& text, const std::vector<Passage>& passages);

/// The same part of it without marks and styles, on one line: what is spoken.
[[nodiscard]] QString plainExcerpt(const std::string& text, const std::vector<Passage>& passages);

} // namespace signalbox::ui
