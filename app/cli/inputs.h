// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/projection/projection.h>
#include <core/traffic/traffic.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox::cli {

/// Prints an error the way every command does and gives the exit code for it.
int report(const Streams& streams, const Error& error);

/// A policy file, "-" for standard input, or the word "sample".
[[nodiscard]] Result<PolicyDocument> loadPolicy(const std::string& source, const Streams& streams);

/// Traffic and evidence of a projection.
struct ProjectionInputs
{
    std::string policy;
    std::string traffic;  ///< JSON lines; empty: the bundled sample
    std::string evidence; ///< an evidence file (SQLite); empty: simulated models are played
    void declare(CLI::App& app);
};

/// A policy with its numbers.
struct ProjectedPolicy
{
    PolicyDocument document;
    Projection projection;
    std::vector<FrontierPoint> points; ///< the policy, single models, mixes; only if asked for
};
[[nodiscard]] Result<ProjectedPolicy> project(const ProjectionInputs& inputs,
                                              const Streams& streams, bool withPoints);

/// Projects a document that is at hand over traffic and answers at hand.
[[nodiscard]] Result<ProjectedPolicy> project(const PolicyDocument& document,
                                              std::shared_ptr<const Traffic> traffic,
                                              const std::vector<Answer>& answers, bool withPoints);

/// Now, as ISO 8601 in UTC.
[[nodiscard]] std::string isoNow();

} // namespace signalbox::cli
