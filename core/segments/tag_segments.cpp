// SPDX-License-Identifier: Apache-2.0
#include "tag_segments.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace signalbox {

using namespace segments_detail;

namespace {

constexpr std::size_t kNamedKeys = 8;

/// Calls `visit(code, entries)` for each different text of metadata, once.
template<class Visit> void forEachMetadata(const Traffic& traffic, const Visit& visit)
{
    std::vector<bool> isSeen(traffic.metadata.names.size(), false);
    for (std::size_t row = 0; row < traffic.metadata.codes.size(); ++row) {
        const std::uint32_t code = traffic.metadata.codes[row];
        if (code >= isSeen.size() || isSeen[code])
            continue;
        isSeen[code] = true;
        visit(code, traffic.metadataOf(row));
    }
}

std::vector<std::size_t> rowsPerMetadata(const Traffic& traffic)
{
    std::vector<std::size_t> rows(traffic.metadata.names.size(), 0);
    for (std::size_t row = 0; row < traffic.metadata.codes.size(); ++row) {
        if (const std::uint32_t code = traffic.metadata.codes[row]; code < rows.size())
            ++rows[code];
    }
    return rows;
}

/// The most frequent first, equally frequent ones by their bytes.
std::vector<std::pair<std::string, std::size_t>>
byFrequency(const std::map<std::string, std::size_t>& counts)
{
    std::vector<std::pair<std::string, std::size_t>> list(counts.begin(), counts.end());
    std::ranges::stable_sort(list, std::greater(), &std::pair<std::string, std::size_t>::second);
    return list;
}

Unexpected noSuchTag(const Traffic& traffic, const std::string& key)
{
    std::map<std::string, std::size_t> keys;
    const std::vector<std::size_t> rows = rowsPerMetadata(traffic);
    forEachMetadata(traffic, [&](std::uint32_t code, const std::vector<MetadataEntry>& entries) {
        for (const MetadataEntry& entry : entries)
            keys[entry.key] += rows[code];
    });
    std::string hint;
    const auto list = byFrequency(keys);
    for (std::size_t i = 0; i < std::min(list.size(), kNamedKeys); ++i)
        hint += (i == 0 ? "" : ", ") + list[i].first;
    if (list.size() > kNamedKeys)
        hint += " and " + std::to_string(list.size() - kNamedKeys) + " more";
    return fail(ErrorCode::NotFound, "no request has the tag \"" + key + "\"", {},
                list.empty() ? "the requests have no metadata" : "they have " + hint);
}

} // namespace

std::vector<std::string> segments_detail::tagOfMetadata(const Traffic& traffic,
                                                        const std::string& key)
{
    std::vector<std::string> tags(traffic.metadata.names.size());
    forEachMetadata(traffic, [&](std::uint32_t code, const std::vector<MetadataEntry>& entries) {
        // Of several entries of one name the first counts, as for signals.
        const auto entry = std::ranges::find(entries, key, &MetadataEntry::key);
        if (entry != entries.end())
            tags[code] = tagText(entry->value);
    });
    return tags;
}

Result<TagFinding> segmentsByTag(const Traffic& traffic, const std::string& key, std::size_t most)
{
    const std::vector<std::string> tags = tagOfMetadata(traffic, key);
    const std::vector<std::size_t> rows = rowsPerMetadata(traffic);
    std::map<std::string, std::size_t> counts;
    std::size_t tagged = 0;
    for (std::size_t code = 0; code < tags.size(); ++code) {
        if (tags[code].empty())
            continue;
        counts[tags[code]] += rows[code];
        tagged += rows[code];
    }
    if (tagged == 0)
        return noSuchTag(traffic, key);
    TagFinding found;
    found.values = counts.size();
    found.without = traffic.rowCount() - tagged;
    found.inTheRest = tagged;
    SegmentsByTag by;
    by.key = key;
    for (const auto& [value, count] : byFrequency(counts)) {
        const bool isTaken = value == found.segmentation.rest || value == Traffic::kUnlabelled;
        if (by.values.size() == std::min(most, kMostSegments) || isTaken ||
            !nameProblem(value).empty())
            continue;
        by.values.push_back(value);
        found.inTheRest -= count;
    }
    found.segmentation.by = std::move(by);
    if (auto checked = checkSegmentation(found.segmentation); !checked)
        return Unexpected(std::move(checked.error()));
    return found;
}

} // namespace signalbox
