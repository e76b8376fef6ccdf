// SPDX-License-Identifier: Apache-2.0
#include "names.h"

namespace signalbox {

namespace {

constexpr EnumName<CompareOp> kCompareOps[] = {
    {CompareOp::Eq, "eq"},           {CompareOp::Ne, "ne"},
    {CompareOp::Lt, "lt"},           {CompareOp::Lte, "lte"},
    {CompareOp::Gt, "gt"},           {CompareOp::Gte, "gte"},
    {CompareOp::In, "in"},           {CompareOp::Contains, "contains"},
    {CompareOp::Prefix, "prefix"},   {CompareOp::Suffix, "suffix"},
    {CompareOp::Matches, "matches"}, {CompareOp::Exists, "exists"}};
constexpr EnumName<TextScope> kTextScopes[] = {{TextScope::LastUser, "lastUser"},
                                               {TextScope::AllUser, "allUser"},
                                               {TextScope::System, "system"},
                                               {TextScope::All, "all"}};
constexpr EnumName<TextMeasure> kTextMeasures[] = {{TextMeasure::Chars, "chars"},
                                                   {TextMeasure::Words, "words"},
                                                   {TextMeasure::Tokens, "tokens"},
                                                   {TextMeasure::Lines, "lines"},
                                                   {TextMeasure::CodeShare, "codeShare"}};
constexpr EnumName<KeywordMatch> kKeywordMatches[] = {{KeywordMatch::Substring, "substring"},
                                                      {KeywordMatch::Word, "word"}};
constexpr EnumName<ValueType> kValueTypes[] = {
    {ValueType::Number, "number"}, {ValueType::Boolean, "boolean"}, {ValueType::String, "string"}};
constexpr EnumName<RequestField> kRequestFields[] = {
    {RequestField::Turn, "turn"},
    {RequestField::Messages, "messages"},
    {RequestField::RequestedModel, "requestedModel"},
    {RequestField::MaxTokens, "maxTokens"},
    {RequestField::HasTools, "hasTools"},
    {RequestField::HasImages, "hasImages"},
    {RequestField::LastRole, "lastRole"}};
constexpr EnumName<AttemptFailure> kAttemptFailures[] = {
    {AttemptFailure::Timeout, "timeout"},
    {AttemptFailure::RateLimit, "rateLimit"},
    {AttemptFailure::ServerError, "serverError"},
    {AttemptFailure::Connect, "connect"},
    {AttemptFailure::ContentFilter, "contentFilter"},
    {AttemptFailure::BadAnswer, "badAnswer"}};
static_assert(std::size(kAttemptFailures) == kAttemptFailureCount, "name the new failure");
constexpr EnumName<ChainMode> kChainModes[] = {{ChainMode::Cancel, "cancel"},
                                               {ChainMode::Hedge, "hedge"}};
constexpr EnumName<SystemPromptMode> kSystemPromptModes[] = {
    {SystemPromptMode::Prepend, "prepend"}, {SystemPromptMode::Replace, "replace"}};
constexpr EnumName<PoolPick> kPoolPicks[] = {
    {PoolPick::Latency, "latency"}, {PoolPick::Cost, "cost"}, {PoolPick::Load, "load"}};
constexpr EnumName<Weekday> kWeekdays[] = {
    {Weekday::Mon, "mon"}, {Weekday::Tue, "tue"}, {Weekday::Wed, "wed"}, {Weekday::Thu, "thu"},
    {Weekday::Fri, "fri"}, {Weekday::Sat, "sat"}, {Weekday::Sun, "sun"}};
constexpr EnumName<UsageMeasure> kUsageMeasures[] = {{UsageMeasure::Requests, "requestRate"},
                                                     {UsageMeasure::InputTokens, "tokenRate"},
                                                     {UsageMeasure::SpendUsd, "spend"}};
constexpr EnumName<UsageUnit> kUsageUnits[] = {
    {UsageUnit::All, "all"}, {UsageUnit::User, "user"}, {UsageUnit::Conversation, "conversation"}};
constexpr EnumName<StickyUnit> kStickyUnits[] = {{StickyUnit::Request, "request"},
                                                 {StickyUnit::Conversation, "conversation"},
                                                 {StickyUnit::User, "user"}};
constexpr EnumName<GateMetric> kGateMetrics[] = {
    {GateMetric::CostSaving, "costSaving"},
    {GateMetric::CostPer1k, "costPer1kRequests"},
    {GateMetric::LatencyP95Ms, "latencyP95Ms"},
    {GateMetric::Satisfaction, "satisfaction"},
    {GateMetric::SatisfactionRatio, "satisfactionRatio"},
    {GateMetric::Consistency, "consistency"}};
constexpr EnumName<GateScope> kGateScopes[] = {
    {GateScope::Total, "total"}, {GateScope::Segment, "segment"}, {GateScope::Tier, "tier"}};
constexpr EnumName<Role> kRoles[] = {{Role::System, "system"},
                                     {Role::User, "user"},
                                     {Role::Assistant, "assistant"},
                                     {Role::Tool, "tool"}};
constexpr EnumName<DecisionUnit> kDecisionUnits[] = {{DecisionUnit::Request, "request"},
                                                     {DecisionUnit::Conversation, "conversation"}};

} // namespace

template<> std::span<const EnumName<CompareOp>> namesOf<CompareOp>()
{
    return kCompareOps;
}

template<> std::span<const EnumName<TextScope>> namesOf<TextScope>()
{
    return kTextScopes;
}

template<> std::span<const EnumName<TextMeasure>> namesOf<TextMeasure>()
{
    return kTextMeasures;
}

template<> std::span<const EnumName<KeywordMatch>> namesOf<KeywordMatch>()
{
    return kKeywordMatches;
}

template<> std::span<const EnumName<ValueType>> namesOf<ValueType>()
{
    return kValueTypes;
}

template<> std::span<const EnumName<RequestField>> namesOf<RequestField>()
{
    return kRequestFields;
}

template<> std::span<const EnumName<AttemptFailure>> namesOf<AttemptFailure>()
{
    return kAttemptFailures;
}

template<> std::span<const EnumName<ChainMode>> namesOf<ChainMode>()
{
    return kChainModes;
}

template<> std::span<const EnumName<SystemPromptMode>> namesOf<SystemPromptMode>()
{
    return kSystemPromptModes;
}

template<> std::span<const EnumName<PoolPick>> namesOf<PoolPick>()
{
    return kPoolPicks;
}

template<> std::span<const EnumName<Weekday>> namesOf<Weekday>()
{
    return kWeekdays;
}

template<> std::span<const EnumName<UsageMeasure>> namesOf<UsageMeasure>()
{
    return kUsageMeasures;
}

template<> std::span<const EnumName<UsageUnit>> namesOf<UsageUnit>()
{
    return kUsageUnits;
}

template<> std::span<const EnumName<StickyUnit>> namesOf<StickyUnit>()
{
    return kStickyUnits;
}

template<> std::span<const EnumName<GateMetric>> namesOf<GateMetric>()
{
    return kGateMetrics;
}

template<> std::span<const EnumName<GateScope>> namesOf<GateScope>()
{
    return kGateScopes;
}

template<> std::span<const EnumName<Role>> namesOf<Role>()
{
    return kRoles;
}

template<> std::span<const EnumName<DecisionUnit>> namesOf<DecisionUnit>()
{
    return kDecisionUnits;
}

std::string_view inWords(ValueType type)
{
    switch (type) {
    case ValueType::Number:
        return "a number";
    case ValueType::Boolean:
        return "true or false";
    case ValueType::String:
        break;
    }
    return "a text";
}

std::string_view sourceNameOf(const Signal& signal)
{
    struct Namer
    {
        std::string_view operator()(const ScoreSource& /*source*/) const { return "score"; }
        std::string_view operator()(const MeasureSource& source) const
        {
            return nameOf(source.measure);
        }
        std::string_view operator()(const KeywordsSource& /*source*/) const { return "keywords"; }
        std::string_view operator()(const ContainsSource& /*source*/) const { return "contains"; }
        std::string_view operator()(const RegexSource& /*source*/) const { return "regex"; }
        std::string_view operator()(const ScriptSource& /*source*/) const { return "script"; }
        std::string_view operator()(const StyleSource& /*source*/) const { return "style"; }
        std::string_view operator()(const MetadataSource& /*source*/) const { return "metadata"; }
        std::string_view operator()(const HeaderSource& /*source*/) const { return "header"; }
        std::string_view operator()(const FieldSource& source) const
        {
            return nameOf(source.field);
        }
        std::string_view operator()(const TimeWindowSource& /*source*/) const
        {
            return "timeWindow";
        }
        std::string_view operator()(const UsageSource& source) const
        {
            return nameOf(source.measure);
        }
    };
    return std::visit(Namer{}, signal.source);
}

} // namespace signalbox
