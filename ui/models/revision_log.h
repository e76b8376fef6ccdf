// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>
#include <core/policy/document.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace signalbox::ui {

/// What is known of a saved revision beside its document.
struct RevisionRecord
{
    std::int64_t savedAtMs = 0; ///< Unix time; 0: it was never noted
    std::string note = {};      ///< why it was made, in a person's words; may be empty
    bool isForeign = false;     ///< another program wrote it: the time is when it was read here
    bool operator==(const RevisionRecord&) const = default;
};

/// When the revisions of one policy file were saved, and why. Kept beside their documents in one
/// small file; a folder of earlier versions has none, and nothing is then known of its revisions.
/// A record counts for the very document that it was made for; what another program wrote has one
/// once it was read here. Qt-free; owned by PolicyEditor, GUI thread.
class RevisionLog
{
public:
    /// Reads what lies in a folder; what cannot be read counts as nothing. Empty: kept in memory.
    void load(const std::filesystem::path& folder);
    /// Writes all there is into another folder, and goes on there.
    Result<void> moveTo(const std::filesystem::path& folder);

    /// Nothing known: an empty record.
    [[nodiscard]] RevisionRecord of(const PolicyDocument& revision) const;
    /// On failure the record is known to this object all the same.
    Result<void> set(const PolicyDocument& revision, RevisionRecord record);

private:
    struct Entry
    {
        int revision = 0;
        std::string digest; ///< of the policy without its release record
        RevisionRecord record;
    };
    [[nodiscard]] Result<void> write() const;

    std::filesystem::path m_folder;
    std::vector<Entry> m_entries; ///< newest last
};

} // namespace signalbox::ui
