// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "judge_plan.h"

#include <core/policy/request.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// What a judge says of a pair.
enum class PairVerdict { First, Second, Tie };

/// The messages of a call: the rules as a system message, then the material. Names of models are
/// taken out as for people. The material stands between lines with a mark that is drawn anew for
/// each call from the tasting's seed, which is younger than the answers: an answer cannot know it,
/// so it cannot pretend to end, and the rules say that whatever stands between the marks is no
/// order. The same call always gives the same messages, so that it can be found again.
/// @param plan  whose axes a ToneCall names
[[nodiscard]] std::vector<Message> judgeMessages(const JudgePlan& plan, const JudgeCall& call,
                                                 const Tasting& tasting);

/// The verdict in a judge's words, {"verdict": "first"}, wherever it stands in them: within a code
/// fence, before or after other text; a leading <think> block is passed over. Never a guess:
/// nothing if there is none, if its value is not one of the three words, if the same member stands
/// twice in an object, or if two objects say different things.
[[nodiscard]] std::optional<PairVerdict> readPairVerdict(std::string_view reply);

/// Likewise one whole number from kLowestRating to kHighestRating for every axis, turned back where
/// the scale was; by axis. Nothing if one is missing, out of range or not whole.
[[nodiscard]] std::optional<std::map<std::string, int>>
readToneVerdict(std::string_view reply, const std::vector<std::string>& axes, bool isTurned);

/// Replies that keep to the rules, for what a call will cost before any verdict is known.
struct VerdictExamples
{
    std::string shortest; ///< a bare verdict
    std::string usual;    ///< with all that the rules ask for
};
/// Of a call's messages, judgeMessages(); nothing of others.
[[nodiscard]] std::optional<VerdictExamples> verdictExamples(const std::vector<Message>& messages);

/// What the bundled simulator says when it is asked as a judge; nothing if it is not. It does not
/// read: of two answers it takes the one with fewer words if that has at least a tenth fewer, else
/// the first; one answer it places on every axis alike, by its words: at 1 below 21, and one step
/// higher for every 40 more. It is there so that the way of a judge can be gone without a key, and
/// is no judgement.
[[nodiscard]] std::optional<std::string> simulatedVerdict(const std::vector<Message>& messages);

} // namespace signalbox
