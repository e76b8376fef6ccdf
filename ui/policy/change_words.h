// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/diff.h>
#include <core/policy/document.h>
#include <ui/models/policy_editor.h>

#include <QString>

#include <vector>

namespace signalbox::ui {

/// One difference between two policies as a person reads it: a whole sentence, and what stood there
/// before and after, in the words of the other views. `before` is empty where something is new,
/// `after` where it is gone.
struct ChangeLine
{
    Change::Kind kind = Change::Kind::Changed;
    QString sentence;
    QString before;
    QString after;
    PolicySelection place; ///< of the part in the later document; Nothing if it is gone
    bool operator==(const ChangeLine&) const = default;
};

/// All differences in document order. Order where it says nothing, the number of the revision and
/// the record of a release are none; what only got another id is one.
[[nodiscard]] std::vector<ChangeLine> changeLines(const PolicyDocument& before,
                                                  const PolicyDocument& after);

} // namespace signalbox::ui
