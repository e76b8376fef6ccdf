// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/prices/accepted_book.h>
#include <core/projection/behaviour_diff.h>
#include <core/projection/evidence_table.h>
#include <core/projection/projection.h>
#include <core/routing/compiled_policy.h>
#include <core/traffic/traffic.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox::cli {

/// Prints an error the way every command does and gives the exit code of work that failed.
int report(const Streams& streams, const Error& error);
/// The same for a value on the command line that cannot be: the exit code of wrong use.
int reportWrongUse(const Streams& streams, const Error& error);

inline constexpr std::size_t kMostInputBytes = std::size_t{64} << 20;

/// The whole content of a file, or of standard input for "-". TooLarge over `limitBytes`; no more
/// than that is ever held.
[[nodiscard]] Result<std::string> readInput(const std::string& source, const Streams& streams,
                                            std::size_t limitBytes = kMostInputBytes);

/// A policy file, "-" for standard input, or the word "sample".
[[nodiscard]] Result<PolicyDocument> loadPolicy(const std::string& source, const Streams& streams);

/// The same, ready to decide.
/// @param styles  the table of users' answer styles; empty: the one that the policy names, from
///                its folder
[[nodiscard]] Result<CompiledPolicy>
compilePolicy(const std::string& source, const std::string& styles, const Streams& streams);

/// A model of an OpenAI-compatible server.
/// @param text    MODEL@URL
/// @param option  that has it, for the error
[[nodiscard]] Result<ModelSpec> addedModel(const std::string& text, const std::string& keyRef,
                                           const std::string& option);

/// What recorded answers say of the models of a policy, each under its present style guide.
/// @param source  an evidence file, or the word "sample"; simulated models that it has no answers
///                of say theirs
[[nodiscard]] Result<EvidenceTable> loadEvidence(const std::string& source,
                                                 const PolicyDocument& document);

/// What a projection takes for evidence: recorded answers of a file, or with no file what simulated
/// models say.
[[nodiscard]] Result<EvidenceTable> loadProjectedEvidence(const std::string& path,
                                                          const PolicyDocument& document);

/// A table of "traffic import", JSON lines, or the word "sample" (also if empty).
[[nodiscard]] Result<std::shared_ptr<const Traffic>> loadTraffic(const std::string& path,
                                                                 const Streams& streams);

/// What a policy's style signals name: of a table that is given, or the one beside the policy.
[[nodiscard]] Result<std::shared_ptr<const UserStyles>>
loadStyles(const PolicyDocument& document, const std::string& source, const std::string& styles);

/// Traffic and evidence of a projection.
struct ProjectionInputs
{
    std::string policy;
    std::vector<std::string> earlier; ///< policy files that it is compared with
    std::string traffic;              ///< see loadTraffic()
    std::string evidence; ///< an evidence file (SQLite); empty: simulated models are played
    std::string segments; ///< a saved segmentation; empty: those of the log
    void declare(CLI::App& app);
};

/// A policy with its numbers.
struct ProjectedPolicy
{
    PolicyDocument document;
    Projection projection;
    /// Baselines, the policy, earlier revisions; only if asked for.
    std::vector<FrontierPoint> points;
    std::shared_ptr<const UserStyles> styles; ///< what it was projected with; may be null
};
[[nodiscard]] Result<ProjectedPolicy> project(const ProjectionInputs& inputs,
                                              const Streams& streams, bool withPoints);

/// Projects a document that is at hand over traffic and answers at hand.
/// @param styles  what its style signals name; may be null
[[nodiscard]] Result<ProjectedPolicy> project(const PolicyDocument& document,
                                              std::shared_ptr<const Traffic> traffic,
                                              const std::vector<Answer>& answers, bool withPoints,
                                              std::shared_ptr<const UserStyles> styles = {});

/// A policy that was, with the table that its style signals name; null if they name none.
struct EarlierRevision
{
    PolicyDocument document;
    std::shared_ptr<const UserStyles> styles;
};

using AnswersOf = std::function<Result<std::vector<Answer>>(const PolicyDocument&)>;

/// Adds earlier revisions to the points, each by its own styles, and judged by the policy's own
/// gates: a chart has one set.
/// @param answersOf  the answers of a revision's models; asked once for equal models and styles
[[nodiscard]] Result<void> addRevisions(ProjectedPolicy& projected,
                                        const std::vector<EarlierRevision>& revisions,
                                        const std::shared_ptr<const Traffic>& traffic,
                                        const AnswersOf& answersOf);

/// Two policies, and what they are replayed over.
struct BehaviourInputs
{
    std::string before;
    std::string after;
    std::string traffic;  ///< see loadTraffic()
    std::string evidence; ///< an evidence file; empty: simulated models are played
    std::string segments; ///< a saved segmentation; empty: those of the log
};
[[nodiscard]] Result<BehaviourDiff> compareBehaviour(const BehaviourInputs& inputs,
                                                     const PolicyDocument& before,
                                                     const PolicyDocument& after,
                                                     const Streams& streams);

/// The price book that the window counts with: the program's, or the one with the updates that a
/// person accepted there. Says on streams.err if that cannot be read.
[[nodiscard]] BookInUse priceBookInUse(const Streams& streams);

/// Now, as ISO 8601 in UTC.
[[nodiscard]] std::string isoNow();

} // namespace signalbox::cli
