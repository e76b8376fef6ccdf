// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/json.h>
#include <core/projection/evidence_cover.h>
#include <core/segments/cluster_segments.h>
#include <core/segments/prompt_segments.h>
#include <core/segments/segmentation.h>
#include <core/segments/tag_segments.h>
#include <core/segments/traffic_segments.h>

#include <cstddef>
#include <optional>
#include <string>

namespace signalbox::cli {

/// What "traffic segment" did.
struct SegmentOutcome
{
    std::string traffic; ///< its name
    Segmentation segmentation;
    RowSegments rows;
    std::optional<TagFinding> tag;          ///< if it was found by a tag just now
    std::optional<ClusterFinding> clusters; ///< if they were found just now
    std::optional<EvidenceCover> cover;     ///< if evidence was given
    PromptSegments prompts;                 ///< of that evidence
    std::string table;                      ///< where it is; empty: not written
    std::string saved;                      ///< where the segmentation is; empty: not written
};

/// In at most 100 columns where names and signals allow it.
[[nodiscard]] std::string segmentLines(const SegmentOutcome& outcome);
[[nodiscard]] Json segmentJson(const SegmentOutcome& outcome);

} // namespace signalbox::cli
