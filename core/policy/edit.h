// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"

#include <core/base/result.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace signalbox {

// Edits are values. apply() changes the document and returns the edit that takes it back, so undo,
// the journal, the command line and the tests all use the same few operations. Ids must exist
// (or must not, for insertions): otherwise apply() fails and the document is untouched.

struct InsertRule
{
    std::size_t index = 0;
    Rule rule;
    bool operator==(const InsertRule&) const = default;
};
struct RemoveRule
{
    RuleId id;
    bool operator==(const RemoveRule&) const = default;
};
struct ReplaceRule
{
    RuleId id;
    Rule rule;
    bool operator==(const ReplaceRule&) const = default;
};
struct MoveRule
{
    RuleId id;
    std::size_t index = 0;
    bool operator==(const MoveRule&) const = default;
}; ///< index after the move

struct InsertSignal
{
    std::size_t index = 0;
    Signal signal;
    bool operator==(const InsertSignal&) const = default;
};
struct RemoveSignal
{
    SignalId id;
    bool operator==(const RemoveSignal&) const = default;
};
/// A changed id renames every use of it, in conditions and score terms.
struct ReplaceSignal
{
    SignalId id;
    Signal signal;
    bool operator==(const ReplaceSignal&) const = default;
};

struct InsertModel
{
    std::size_t index = 0;
    ModelSpec model;
    bool operator==(const InsertModel&) const = default;
};
struct RemoveModel
{
    ModelId id;
    bool operator==(const RemoveModel&) const = default;
};
/// A changed id renames every use of it, in plans, baseline, holdout and tests.
struct ReplaceModel
{
    ModelId id;
    ModelSpec model;
    bool operator==(const ReplaceModel&) const = default;
};

struct SetOtherwise
{
    Plan plan;
    bool operator==(const SetOtherwise&) const = default;
};
struct SetBaseline
{
    ModelId model;
    bool operator==(const SetBaseline&) const = default;
};
struct SetDecideBy
{
    DecisionUnit unit = DecisionUnit::Request;
    bool operator==(const SetDecideBy&) const = default;
};
struct SetHoldout
{
    std::optional<Holdout> holdout;
    bool operator==(const SetHoldout&) const = default;
};
struct SetAnswerStyle
{
    AnswerStyle style;
    bool operator==(const SetAnswerStyle&) const = default;
};
struct SetVoice
{
    VoiceContract voice;
    bool operator==(const SetVoice&) const = default;
};
struct SetGates
{
    std::vector<Gate> gates;
    bool operator==(const SetGates&) const = default;
};
struct SetGroups
{
    std::vector<RuleGroup> groups;
    bool operator==(const SetGroups&) const = default;
};
struct SetMonitoring
{
    Monitoring monitoring;
    bool operator==(const SetMonitoring&) const = default;
};
struct SetTests
{
    std::vector<PolicyTest> tests;
    bool operator==(const SetTests&) const = default;
};
/// Id, name, revision, note of the document itself.
struct SetTitle
{
    std::string id;
    std::string name;
    int revision = 1;
    std::string note;
    bool operator==(const SetTitle&) const = default;
};
/// The whole document, e.g. from the source view or a restored revision.
struct ReplaceDocument
{
    Boxed<PolicyDocument> document;
    bool operator==(const ReplaceDocument&) const = default;
};

struct EditBatch;

using Edit =
    std::variant<InsertRule, RemoveRule, ReplaceRule, MoveRule, InsertSignal, RemoveSignal,
                 ReplaceSignal, InsertModel, RemoveModel, ReplaceModel, SetOtherwise, SetBaseline,
                 SetDecideBy, SetHoldout, SetAnswerStyle, SetVoice, SetGates, SetGroups,
                 SetMonitoring, SetTests, SetTitle, ReplaceDocument, Boxed<EditBatch>>;

/// Several edits as one: all or none.
struct EditBatch
{
    std::vector<Edit> edits;
    bool operator==(const EditBatch&) const = default;
};

/// Applies an edit and returns its inverse. On failure the document is exactly as before.
[[nodiscard]] Result<Edit> apply(PolicyDocument& document, const Edit& edit);

// For an edit that is no constant std::apply would be the better match: an Edit is a std::variant.
[[nodiscard]] inline Result<Edit> apply(PolicyDocument& document, Edit& edit)
{
    return apply(document, std::as_const(edit));
}
[[nodiscard]] inline Result<Edit> apply(PolicyDocument& document, Edit&& edit)
{
    return apply(document, std::as_const(edit));
}

/// A short sentence for the undo list in plain English, e.g. "Move rule \"Hard questions\"".
[[nodiscard]] std::string describe(const Edit& edit, const PolicyDocument& before);

} // namespace signalbox
