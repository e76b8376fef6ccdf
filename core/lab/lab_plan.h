// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "line_up.h"
#include "run_caps.h"
#include "token_guess.h"

#include <core/base/ids.h>
#include <core/policy/document.h>
#include <core/policy/request.h>

#include <QMetaType>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

struct LabPrompt
{
    PromptId id;
    std::string segment;
    std::vector<Message> messages; ///< system prompt and history included, last is the user's
    /// Scores an answer text in [0, 1]; absent: no outcome is measured.
    std::function<double(const std::string&)> outcome;
    /// Of a later turn of a conversation: the prompt that is the turn before. `messages` has its
    /// words and not its answer, which is the asked model's own; see conversation.h.
    PromptId follows = {};
    std::vector<std::string> tags = {}; ///< of a person's own, to find it by
};

class PolicyColumn;

constexpr int kUsualRetries = 2;
constexpr int kMostSamples = 20; ///< answers of a model to a prompt in one run

struct LabPlan
{
    std::string name;
    std::vector<LabPrompt> prompts;
    std::vector<ModelSpec> models;
    /// Models of the policy that were not to be asked. Only recorded, so that the next table can
    /// leave them out again.
    std::vector<ModelId> leftOut = {};
    /// What stands behind the one of `models` that is a policy; see addPolicyColumn(). Null: none
    /// is, or nothing is to be asked of it any more.
    std::shared_ptr<const PolicyColumn> policy = {};
    int samples = 1;
    Asking asking = {};                       ///< but for variants
    std::map<ModelId, Variant> variants = {}; ///< of `models`, those that are asked otherwise
    int inFlight = 24; ///< calls at once, over all models; servers hold them back as they like
    /// Of these, at any one server on this computer: it mostly answers one call after the other,
    /// and the time that a call stands in its queue would pass for the model's.
    int inFlightHere = 1;
    /// Of a call that failed before its first word, where another can help; 0 switches them off.
    /// What a server refuses with 429 comes back as often as it takes, up to ten times.
    int retries = kUsualRetries;
    int firstBackoffMs = 500; ///< the longest wait before the first of them; see retryWaitMs()
    std::uint64_t jitterSeed = 1;
    /// Whether an answer that the store has to exactly the same request is taken instead of asking
    /// again: marked, at no cost. Never for a repeat that a person wants.
    enum class Reuse { Never, ExactRequest };
    Reuse reuse = Reuse::Never;
    RunCaps caps = {}; ///< kept with the run; see RunBudget
    RunId id = {};     ///< that it will have in the store; empty: a new one
    Tokenizers tokenizers = {}; ///< for what servers do not count
};

struct CellId
{
    std::size_t prompt = 0; ///< indices into the plan
    std::size_t model = 0;
    int sample = 0;
    auto operator<=>(const CellId&) const = default;
};

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::CellId)
