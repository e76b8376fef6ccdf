// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "revision_log.h"

#include <core/base/result.h>
#include <core/policy/document.h>

#include <filesystem>
#include <vector>

namespace signalbox::ui {

/// The last saved revisions of one policy, and when and why each was saved. They lie in a folder by
/// the place of the policy's file, so that two policies of one id, e.g. a copy, each have their
/// own. What was saved lies there from then on, whatever becomes of the policy's file; where two
/// have one number, because another program changed the file and not the number, both do.
/// Qt-free; owned by OpenPolicy, GUI thread.
class KeptRevisions
{
public:
    static constexpr std::size_t kMost = 10;

    /// @param root  where the folders of all policies lie; empty: kept in memory
    /// @param file  of the policy; empty: it has none
    void setPlace(const std::filesystem::path& root, const std::filesystem::path& file);

    /// Reads what lies there. Whatever it is: only other revisions of this very policy count.
    /// @param current  as the policy's file has it; it is no part of the list
    void load(const PolicyDocument& current);
    /// The policy's file has this now; what another window has kept in the meantime counts, too.
    void setCurrent(const PolicyDocument& current);
    /// Before the policy is written over another file: that file, whatever it is, and the revisions
    /// kept for its place go into a folder named after it.
    /// @return that folder; empty if nothing was there to keep
    [[nodiscard]] Result<std::filesystem::path> makeRoomAt(const std::filesystem::path& file);
    /// A copy takes its past along to its own place, where room was made.
    [[nodiscard]] Result<void> moveTo(const std::filesystem::path& file);
    /// What the policy's file had until now becomes one of the list.
    [[nodiscard]] Result<void> add(const PolicyDocument& before);
    /// Keeps what was saved, which is to become one of the list sooner or later.
    [[nodiscard]] Result<void> keep(const PolicyDocument& saved) const;

    /// The highest number first; of one number, what was kept last.
    [[nodiscard]] const std::vector<PolicyDocument>& list() const { return m_list; }
    [[nodiscard]] int highest() const;                   ///< the highest number; 0 for none
    void setList(std::vector<PolicyDocument> revisions); ///< in any order; not written
    [[nodiscard]] RevisionLog& log() { return m_log; }
    [[nodiscard]] const RevisionLog& log() const { return m_log; }

private:
    void keepMost();

    std::filesystem::path m_root;
    std::filesystem::path m_folder; ///< of this policy
    std::vector<PolicyDocument> m_list;
    RevisionLog m_log;
};

} // namespace signalbox::ui
