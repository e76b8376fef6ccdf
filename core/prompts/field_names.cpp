// SPDX-License-Identifier: Apache-2.0
#include "field_names.h"

#include <core/base/ascii.h>
#include <core/base/enum_name.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace signalbox {

namespace {

/// Small letters, nothing between words. The first name of a field is its usual one.
constexpr std::array kNames = {
    EnumName<ImportField>{ImportField::Id, "id"},
    EnumName<ImportField>{ImportField::Id, "promptid"},
    EnumName<ImportField>{ImportField::Id, "questionid"},
    EnumName<ImportField>{ImportField::Segment, "segment"},
    EnumName<ImportField>{ImportField::Segment, "category"},
    EnumName<ImportField>{ImportField::Segment, "topic"},
    EnumName<ImportField>{ImportField::Tags, "tags"},
    EnumName<ImportField>{ImportField::Tags, "labels"},
    EnumName<ImportField>{ImportField::System, "system"},
    EnumName<ImportField>{ImportField::System, "systemprompt"},
    EnumName<ImportField>{ImportField::Prompt, "prompt"},
    EnumName<ImportField>{ImportField::Prompt, "prompttext"},
    EnumName<ImportField>{ImportField::Prompt, "question"},
    EnumName<ImportField>{ImportField::Prompt, "input"},
    EnumName<ImportField>{ImportField::Prompt, "instruction"},
    EnumName<ImportField>{ImportField::Prompt, "query"},
    EnumName<ImportField>{ImportField::Turns, "turns"},
    EnumName<ImportField>{ImportField::Turns, "messages"},
    EnumName<ImportField>{ImportField::Turns, "conversation"},
    EnumName<ImportField>{ImportField::Variables, "variables"},
    EnumName<ImportField>{ImportField::Variables, "vars"},
    EnumName<ImportField>{ImportField::Model, "model"},
    EnumName<ImportField>{ImportField::Model, "modelid"},
    EnumName<ImportField>{ImportField::Model, "generator"},
    EnumName<ImportField>{ImportField::Answer, "answer"},
    EnumName<ImportField>{ImportField::Answer, "output"},
    EnumName<ImportField>{ImportField::Answer, "response"},
    EnumName<ImportField>{ImportField::Answer, "completion"},
    EnumName<ImportField>{ImportField::Sample, "sample"},
    EnumName<ImportField>{ImportField::ServedModel, "servedmodel"},
    EnumName<ImportField>{ImportField::InputTokens, "inputtokens"},
    EnumName<ImportField>{ImportField::InputTokens, "prompttokens"},
    EnumName<ImportField>{ImportField::OutputTokens, "outputtokens"},
    EnumName<ImportField>{ImportField::OutputTokens, "completiontokens"},
    EnumName<ImportField>{ImportField::FirstTokenMs, "firsttokenms"},
    EnumName<ImportField>{ImportField::FirstTokenMs, "ttftms"},
    EnumName<ImportField>{ImportField::TotalMs, "totalms"},
    EnumName<ImportField>{ImportField::TotalMs, "latencyms"},
    EnumName<ImportField>{ImportField::CostUsd, "costusd"},
    EnumName<ImportField>{ImportField::CostUsd, "cost"},
    EnumName<ImportField>{ImportField::Satisfied, "satisfied"},
    EnumName<ImportField>{ImportField::State, "state"},
    EnumName<ImportField>{ImportField::Failure, "failure"},
    EnumName<ImportField>{ImportField::Failure, "error"},
    EnumName<ImportField>{ImportField::FailureKind, "failurekind"},
    EnumName<ImportField>{ImportField::Reasoning, "reasoning"},
    EnumName<ImportField>{ImportField::StyleGuide, "styleguide"},
    EnumName<ImportField>{ImportField::Simulated, "simulated"},
    EnumName<ImportField>{ImportField::Reused, "reused"},
    EnumName<ImportField>{ImportField::TokensEstimated, "tokensestimated"},
    EnumName<ImportField>{ImportField::CostStated, "coststated"},
    EnumName<ImportField>{ImportField::RecordedAt, "recordedat"},
    EnumName<ImportField>{ImportField::Route, "route"},
};

std::string normalized(std::string_view name)
{
    std::string result;
    for (const char c : name) {
        if (c != ' ' && c != '_' && c != '-')
            result += foldAscii(c);
    }
    return result;
}

} // namespace

std::optional<ImportField> importFieldNamed(std::string_view name)
{
    const auto* const found =
        std::ranges::find(kNames, normalized(name), &EnumName<ImportField>::name);
    return found == kNames.end() ? std::nullopt : std::optional(found->value);
}

std::optional<std::size_t> turnNumberNamed(std::string_view name)
{
    constexpr std::size_t kMostTurns = 100;
    const std::string text = normalized(name);
    for (const std::string_view stem : {"turn", "user"}) {
        if (!text.starts_with(stem))
            continue;
        std::size_t number = 0;
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data() + stem.size(), end, number);
        if (read.ec == std::errc() && read.ptr == end && number >= 1 && number <= kMostTurns)
            return number;
    }
    return std::nullopt;
}

std::string_view importFieldName(ImportField field)
{
    return std::ranges::find(kNames, field, &EnumName<ImportField>::value)->name;
}

} // namespace signalbox
