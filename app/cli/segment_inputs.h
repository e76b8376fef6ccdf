// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include <core/base/result.h>
#include <core/policy/user_styles.h>
#include <core/projection/evidence_table.h>
#include <core/segments/prompt_segments.h>
#include <core/segments/segmentation.h>
#include <core/segments/traffic_segments.h>
#include <core/traffic/traffic.h>
#include <core/voice/answer.h>

#include <memory>
#include <string>
#include <vector>

namespace signalbox::cli {

/// Declares "--segments" of commands that replay traffic.
void declareSegments(CLI::App& app, std::string& file);

/// A file that "traffic segment --save" wrote, or - for standard input.
[[nodiscard]] Result<Segmentation> loadSegmentation(const std::string& source,
                                                    const Streams& streams);

/// Traffic divided by a segmentation, and the means to divide the evidence alike.
class SegmentedInputs
{
public:
    /// @param evidence  the file of recorded answers, for the words of its prompts; empty or
    ///                  "sample": the bundled prompts
    /// @param styles    what its style signals name; may be null
    [[nodiscard]] static Result<SegmentedInputs> make(Segmentation segmentation,
                                                      std::shared_ptr<const Traffic> traffic,
                                                      const std::string& evidence,
                                                      std::shared_ptr<const UserStyles> styles);

    /// The same of a file's segmentation.
    /// @param styles  those of a table that the segmentation names are read from beside its file
    ///                if they are null
    [[nodiscard]] static Result<SegmentedInputs>
    make(Segmentation segmentation, const std::string& file, std::shared_ptr<const Traffic> traffic,
         const std::string& evidence, std::shared_ptr<const UserStyles> styles);

    /// The same by a file; without one, traffic and evidence stay as they are.
    /// @param styles  of the policy; may be null
    [[nodiscard]] static Result<SegmentedInputs> load(const std::string& file,
                                                      std::shared_ptr<const Traffic> traffic,
                                                      const std::string& evidence,
                                                      std::shared_ptr<const UserStyles> styles,
                                                      const Streams& streams);

    [[nodiscard]] const std::shared_ptr<const Traffic>& traffic() const { return m_traffic; }
    [[nodiscard]] const RowSegments& rows() const { return m_rows; }

    [[nodiscard]] Result<void> divide(std::vector<Answer>& answers) const;
    /// @return how its prompts found their segments
    [[nodiscard]] Result<PromptSegments> divide(EvidenceTable& evidence) const;

private:
    [[nodiscard]] Result<PromptSegments> segmentsOf(const std::vector<PromptId>& prompts) const;

    bool m_isDivided = false;
    Segmentation m_segmentation;
    std::shared_ptr<const Traffic> m_traffic;
    RowSegments m_rows;
    PromptMessages m_messages;
    std::shared_ptr<const UserStyles> m_styles;
};

} // namespace signalbox::cli
