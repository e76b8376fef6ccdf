// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>
#include <core/policy/document.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace signalbox::ui {

/// Under which numbers policies have left the program: what a router runs is told apart by its id
/// and its number, so that none may stand for two policies. Kept by the policy's id, whatever file
/// it lies in, and across starts if there is a folder; there it is read again whenever another
/// window has written. Qt-free; shared by all open policies, GUI thread.
class ExportedRevisions
{
public:
    /// Where the numbers are kept, one small file a policy; made when first needed. Empty: they are
    /// known as long as this object lives.
    void setFolder(const std::filesystem::path& folder);

    /// Notes that the policy left under the number it carries. Another window's numbers are kept.
    /// On failure it is known to this object all the same.
    Result<void> add(const PolicyDocument& exported);

    /// The highest number that has been used up; 0 for none.
    [[nodiscard]] int highest(const std::string& policyId) const;
    /// The highest number under which this very policy left, its own number aside.
    [[nodiscard]] std::optional<int> numberOf(const PolicyDocument& document) const;
    /// Whether this very policy left under the document's number.
    [[nodiscard]] bool has(const PolicyDocument& document) const;
    /// Whether another policy of this id left under the document's number.
    [[nodiscard]] bool isTaken(const PolicyDocument& document) const;

private:
    struct Left
    {
        int revision = 0;
        std::string digest; ///< of the policy without number and release record
        bool operator==(const Left&) const = default;
    };
    [[nodiscard]] std::filesystem::path fileOf(const std::string& policyId) const;
    [[nodiscard]] std::vector<Left> stored(const std::string& policyId) const;
    /// What tells a file from the one that was read: each write makes another.
    struct Stamp
    {
        std::uintmax_t node = 0;
        std::intmax_t size = 0;
        std::intmax_t seconds = 0;
        std::intmax_t nanoseconds = 0;
        bool operator==(const Stamp&) const = default;
    };
    [[nodiscard]] Stamp stampOf(const std::string& policyId) const;
    struct Known
    {
        std::optional<Stamp> readAt; ///< none: not read yet
        std::vector<Left> list;
    };
    [[nodiscard]] std::vector<Left>& known(const std::string& policyId) const;
    static std::string digestOf(PolicyDocument document);

    std::filesystem::path m_folder;
    mutable std::map<std::string, Known> m_left; ///< by policy id, read when asked for
};

} // namespace signalbox::ui
