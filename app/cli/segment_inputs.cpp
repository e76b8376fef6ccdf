// SPDX-License-Identifier: GPL-3.0-or-later
#include "segment_inputs.h"

#include "inputs.h"

#include <core/evidence/evidence_store.h>
#include <core/lab/recorded_prompts.h>

#include <CLI/CLI.hpp>

#include <utility>

namespace signalbox::cli {

namespace {

Result<PromptMessages> messagesIn(const std::string& evidence)
{
    if (evidence.empty() || evidence == "sample")
        return samplePromptMessages();
    const auto address = parseStoreAddress(evidence);
    if (!address)
        return Unexpected(address.error());
    const auto store = EvidenceStore::openExisting(*address);
    if (!store)
        return Unexpected(store.error());
    return recordedPromptMessages(*store);
}

/// The table that the segmentation's style signals name, if nobody brought one.
Result<std::shared_ptr<const UserStyles>> stylesBeside(const Segmentation& segmentation,
                                                       const std::string& file)
{
    PolicyDocument document;
    document.signalList = segmentation.signalList;
    return loadStyles(document, file, {});
}

} // namespace

void declareSegments(CLI::App& app, std::string& file)
{
    app.add_option("--segments", file,
                   "Divide traffic and lab prompts by this file, which \"traffic segment --save\" "
                   "wrote, instead of by what the log says");
}

Result<Segmentation> loadSegmentation(const std::string& source, const Streams& streams)
{
    const auto text = readInput(source, streams);
    if (!text)
        return Unexpected(text.error());
    auto segmentation = parseSegmentation(*text);
    if (!segmentation) {
        Error error = segmentation.error();
        error.where = source + (error.where.empty() ? "" : ": " + error.where);
        return Unexpected(std::move(error));
    }
    return segmentation;
}

Result<SegmentedInputs> SegmentedInputs::make(Segmentation segmentation,
                                              std::shared_ptr<const Traffic> traffic,
                                              const std::string& evidence,
                                              std::shared_ptr<const UserStyles> styles)
{
    SegmentedInputs inputs;
    auto rows = segmentRows(segmentation, traffic, styles);
    if (!rows)
        return Unexpected(rows.error());
    auto messages = messagesIn(evidence);
    if (!messages)
        return Unexpected(messages.error());
    inputs.m_isDivided = true;
    inputs.m_segmentation = std::move(segmentation);
    inputs.m_rows = std::move(*rows);
    inputs.m_traffic = std::make_shared<const Traffic>(withSegments(*traffic, inputs.m_rows));
    inputs.m_messages = std::move(*messages);
    inputs.m_styles = std::move(styles);
    return inputs;
}

Result<SegmentedInputs> SegmentedInputs::make(Segmentation segmentation, const std::string& file,
                                              std::shared_ptr<const Traffic> traffic,
                                              const std::string& evidence,
                                              std::shared_ptr<const UserStyles> styles)
{
    if (!styles) {
        auto beside = stylesBeside(segmentation, file);
        if (!beside)
            return Unexpected(beside.error());
        styles = std::move(*beside);
    }
    return make(std::move(segmentation), std::move(traffic), evidence, std::move(styles));
}

Result<SegmentedInputs> SegmentedInputs::load(const std::string& file,
                                              std::shared_ptr<const Traffic> traffic,
                                              const std::string& evidence,
                                              std::shared_ptr<const UserStyles> styles,
                                              const Streams& streams)
{
    if (file.empty()) {
        SegmentedInputs inputs;
        inputs.m_traffic = std::move(traffic);
        return inputs;
    }
    auto segmentation = loadSegmentation(file, streams);
    if (!segmentation)
        return Unexpected(segmentation.error());
    return make(std::move(*segmentation), file, std::move(traffic), evidence, std::move(styles));
}

Result<PromptSegments> SegmentedInputs::segmentsOf(const std::vector<PromptId>& prompts) const
{
    if (!m_isDivided)
        return PromptSegments();
    return segmentPrompts(m_segmentation, prompts, m_messages, *m_traffic, m_rows, m_styles);
}

Result<void> SegmentedInputs::divide(std::vector<Answer>& answers) const
{
    std::vector<PromptId> prompts;
    for (const Answer& answer : answers)
        prompts.push_back(answer.prompt);
    const auto segments = segmentsOf(prompts);
    if (!segments)
        return Unexpected(segments.error());
    setSegments(answers, *segments);
    return {};
}

Result<PromptSegments> SegmentedInputs::divide(EvidenceTable& evidence) const
{
    auto segments = segmentsOf(evidence.prompts);
    if (segments)
        setSegments(evidence, *segments);
    return segments;
}

} // namespace signalbox::cli
