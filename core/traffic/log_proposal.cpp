// SPDX-License-Identifier: Apache-2.0
#include "log_detector.h"
#include "log_leaves.h"
#include "log_units.h"

#include <core/base/ascii.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace signalbox {

using namespace traffic_detail;

namespace {

constexpr std::size_t kLines = 50;

using F = LogField;
using U = LogUnit;

struct Synonym
{
    std::string_view name; ///< folded: no case, no '_', '-', '.', ' '
    LogField field;
    LogUnit unit = LogUnit::Plain;
};

// In the order of preference among names of one field.
constexpr std::array kSynonyms = {
    Synonym{"requestid", F::RequestId},
    Synonym{"reqid", F::RequestId},
    Synonym{"xrequestid", F::RequestId},
    Synonym{"callid", F::RequestId},
    Synonym{"generationid", F::RequestId},
    Synonym{"id", F::RequestId},
    Synonym{"uuid", F::RequestId},
    Synonym{"traceid", F::TraceId},
    Synonym{"sessionid", F::SessionId},
    Synonym{"conversationid", F::SessionId},
    Synonym{"threadid", F::SessionId},
    Synonym{"chatid", F::SessionId},
    Synonym{"dialogid", F::SessionId},
    Synonym{"turn", F::TurnIndex, U::OneBased},
    Synonym{"turnindex", F::TurnIndex},
    Synonym{"turnnumber", F::TurnIndex, U::OneBased},
    Synonym{"userid", F::UserId},
    Synonym{"user", F::UserId},
    Synonym{"enduser", F::UserId},
    Synonym{"customerid", F::UserId},
    Synonym{"externaluser", F::UserId},
    Synonym{"tenantid", F::TenantId},
    Synonym{"tenant", F::TenantId},
    Synonym{"teamid", F::TenantId},
    Synonym{"orgid", F::TenantId},
    Synonym{"organizationid", F::TenantId},
    Synonym{"starttime", F::StartTime},
    Synonym{"timestamp", F::StartTime},
    Synonym{"ts", F::StartTime},
    Synonym{"tsstart", F::StartTime},
    Synonym{"time", F::StartTime},
    Synonym{"createdat", F::StartTime},
    Synonym{"created", F::StartTime},
    Synonym{"datetime", F::StartTime},
    Synonym{"date", F::StartTime},
    Synonym{"timems", F::StartTime, U::UnixMilliseconds},
    Synonym{"endtime", F::EndTime},
    Synonym{"completedat", F::EndTime},
    Synonym{"finishedat", F::EndTime},
    Synonym{"latencyms", F::Latency, U::Milliseconds},
    Synonym{"durationms", F::Latency, U::Milliseconds},
    Synonym{"responsetimems", F::Latency, U::Milliseconds},
    Synonym{"elapsedms", F::Latency, U::Milliseconds},
    Synonym{"totalms", F::Latency, U::Milliseconds},
    Synonym{"requestdurationms", F::Latency, U::Milliseconds},
    Synonym{"latencys", F::Latency, U::Seconds},
    Synonym{"latencyseconds", F::Latency, U::Seconds},
    Synonym{"latencysec", F::Latency, U::Seconds},
    Synonym{"durations", F::Latency, U::Seconds},
    Synonym{"durationseconds", F::Latency, U::Seconds},
    Synonym{"latencyus", F::Latency, U::Microseconds},
    Synonym{"durationus", F::Latency, U::Microseconds},
    Synonym{"latencyns", F::Latency, U::Nanoseconds},
    Synonym{"durationns", F::Latency, U::Nanoseconds},
    Synonym{"latency", F::Latency},
    Synonym{"duration", F::Latency},
    Synonym{"responsetime", F::Latency},
    Synonym{"elapsed", F::Latency},
    Synonym{"ttftms", F::TimeToFirstToken, U::Milliseconds},
    Synonym{"timetofirsttokenms", F::TimeToFirstToken, U::Milliseconds},
    Synonym{"firsttokenms", F::TimeToFirstToken, U::Milliseconds},
    Synonym{"ttft", F::TimeToFirstToken},
    Synonym{"timetofirsttoken", F::TimeToFirstToken},
    Synonym{"requestedmodel", F::RequestedModel},
    Synonym{"requestmodel", F::RequestedModel},
    Synonym{"servedmodel", F::ServedModel},
    Synonym{"responsemodel", F::ServedModel},
    Synonym{"modelname", F::ServedModel},
    Synonym{"modelid", F::ServedModel},
    Synonym{"llmmodel", F::ServedModel},
    Synonym{"model", F::ServedModel},
    Synonym{"provider", F::Provider},
    Synonym{"providername", F::Provider},
    Synonym{"vendor", F::Provider},
    Synonym{"route", F::RouteName},
    Synonym{"routename", F::RouteName},
    Synonym{"tier", F::RouteName},
    Synonym{"rule", F::Rule},
    Synonym{"ruleid", F::Rule},
    Synonym{"arm", F::Arm},
    Synonym{"variant", F::Arm},
    Synonym{"variantname", F::Arm},
    Synonym{"propensity", F::Propensity},
    Synonym{"attempt", F::AttemptIndex, U::OneBased},
    Synonym{"attemptindex", F::AttemptIndex},
    Synonym{"retries", F::Retries},
    Synonym{"numretries", F::Retries},
    Synonym{"retrycount", F::Retries},
    Synonym{"statuscode", F::HttpStatus},
    Synonym{"httpstatus", F::HttpStatus},
    Synonym{"responsecode", F::HttpStatus},
    Synonym{"responsestatuscode", F::HttpStatus},
    Synonym{"status", F::Status},
    Synonym{"success", F::Status},
    Synonym{"issuccess", F::Status},
    Synonym{"errorclass", F::ErrorClass},
    Synonym{"errortype", F::ErrorClass},
    Synonym{"errorcode", F::ErrorClass},
    Synonym{"outcome", F::Outcome},
    Synonym{"resolution", F::Outcome},
    Synonym{"prompttokens", F::TokensIn},
    Synonym{"inputtokens", F::TokensIn},
    Synonym{"tokensin", F::TokensIn},
    Synonym{"tokensprompt", F::TokensIn},
    Synonym{"completiontokens", F::TokensOut},
    Synonym{"outputtokens", F::TokensOut},
    Synonym{"tokensout", F::TokensOut},
    Synonym{"tokenscompletion", F::TokensOut},
    Synonym{"cachedtokens", F::TokensCached},
    Synonym{"tokenscached", F::TokensCached},
    Synonym{"cachedprompttokens", F::TokensCached},
    Synonym{"cachereadinputtokens", F::TokensCached},
    Synonym{"reasoningtokens", F::TokensReasoning},
    Synonym{"tokensreasoning", F::TokensReasoning},
    Synonym{"costusd", F::Cost, U::Usd},
    Synonym{"totalcostusd", F::Cost, U::Usd},
    Synonym{"priceusd", F::Cost, U::Usd},
    Synonym{"actualcost", F::Cost, U::Usd},
    Synonym{"totalcost", F::Cost, U::Usd},
    Synonym{"cost", F::Cost, U::Usd},
    Synonym{"spend", F::Cost, U::Usd},
    Synonym{"costmicrousd", F::Cost, U::MicroUsd},
    Synonym{"costmicros", F::Cost, U::MicroUsd},
    Synonym{"costcents", F::Cost, U::UsCents},
    Synonym{"style", F::Style},
    Synonym{"segment", F::Segment},
    Synonym{"category", F::Segment},
    Synonym{"intent", F::Segment},
    Synonym{"topic", F::Segment},
    Synonym{"promptid", F::LabPrompt},
    Synonym{"maxtokens", F::MaxTokens},
    Synonym{"stream", F::Streamed},
    Synonym{"streamed", F::Streamed},
    Synonym{"isstreaming", F::Streamed},
    Synonym{"cached", F::CacheHit},
    Synonym{"cachehit", F::CacheHit},
    Synonym{"tags", F::Tags},
    Synonym{"labels", F::Tags},
    Synonym{"metadata", F::Metadata},
    Synonym{"meta", F::Metadata},
    Synonym{"systemprompt", F::System},
    Synonym{"system", F::System},
    Synonym{"messages", F::Messages},
    Synonym{"inputmessages", F::Messages},
    Synonym{"prompt", F::Prompt},
    Synonym{"input", F::Messages},
    Synonym{"question", F::Prompt},
    Synonym{"query", F::Prompt},
    Synonym{"usermessage", F::Prompt},
    Synonym{"instruction", F::Prompt},
    Synonym{"response", F::Response},
    Synonym{"output", F::Response},
    Synonym{"answer", F::Response},
    Synonym{"completion", F::Response},
    Synonym{"reply", F::Response},
    Synonym{"generation", F::Response},
    Synonym{"choices", F::Response},
};

struct FeedbackSynonym
{
    std::string_view name;
    std::optional<double> min;
    std::optional<double> max;
};
constexpr std::array kFeedbackSynonyms = {
    FeedbackSynonym{"feedback", {}, {}},     FeedbackSynonym{"rating", {}, {}},
    FeedbackSynonym{"score", {}, {}},        FeedbackSynonym{"thumbs", {}, {}},
    FeedbackSynonym{"thumbsup", 0.0, 1.0},   FeedbackSynonym{"satisfied", 0.0, 1.0},
    FeedbackSynonym{"satisfaction", {}, {}}, FeedbackSynonym{"csat", {}, {}},
    FeedbackSynonym{"userfeedback", {}, {}}, FeedbackSynonym{"userrating", {}, {}},
};

std::string foldedName(std::string_view name)
{
    std::string folded;
    for (const char c : name) {
        if (c != '_' && c != '-' && c != '.' && c != ' ')
            folded += foldAscii(c);
    }
    return folded;
}

/// A part of a path to which a name was found.
struct Candidate
{
    LogField field;
    LogUnit unit;
    std::size_t preference; ///< place in the table
    std::size_t depth;
    std::string path;
};

std::optional<std::size_t> synonymOf(std::string_view name)
{
    const std::string folded = foldedName(name);
    const auto found = std::ranges::find(kSynonyms, folded, &Synonym::name);
    if (found == kSynonyms.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - kSynonyms.begin());
}

/// Whether the values that stand there can be of the field at all.
bool suits(LogField field, const LogLeaf& leaf)
{
    switch (field) {
    case F::StartTime:
    case F::EndTime:
        return timeMsIn(leaf.text).has_value() ||
               numberIn(leaf.text).value_or(0) > 1e8; // 1973; no small number is a time
    case F::TokensIn:
    case F::TokensOut:
    case F::TokensCached:
    case F::TokensReasoning:
    case F::Cost:
    case F::HttpStatus:
    case F::TurnIndex:
    case F::AttemptIndex:
    case F::Retries:
    case F::MaxTokens:
        return numberIn(leaf.text).has_value();
    case F::Latency:
    case F::TimeToFirstToken:
        return spanMsIn(leaf.text, U::Milliseconds).has_value();
    default:
        return true;
    }
}

/// Names that hold a whole tree; others name single values.
bool holdsTrees(LogField field)
{
    return field == F::Messages || field == F::Prompt || field == F::Response ||
           field == F::Metadata || field == F::Tags || field == F::System;
}

class Proposal
{
public:
    void add(const LogLeaf& leaf)
    {
        const auto parts = pathParts(leaf.path);
        if (!parts || parts->empty())
            return;
        std::vector<std::string> at;
        for (std::size_t i = 0; i < parts->size() && parts->at(i) != "*"; ++i) {
            at.push_back(parts->at(i));
            const bool isLeaf = i + 1 == parts->size();
            const auto synonym = synonymOf(parts->at(i));
            if (synonym && !isLeaf && holdsTrees(kSynonyms.at(*synonym).field)) {
                addCandidate(*synonym, at, leaf, false);
                // Requests and responses hold models and tokens; what is said is taken whole.
                if (kSynonyms.at(*synonym).field == F::Messages ||
                    kSynonyms.at(*synonym).field == F::Prompt)
                    return;
            } else if (synonym && isLeaf) {
                addCandidate(*synonym, at, leaf, true);
            } else if (isLeaf) {
                addFeedback(parts->at(i), leaf);
            }
        }
    }

    void fill(LogMapping& mapping)
    {
        std::ranges::stable_sort(m_candidates, [](const Candidate& a, const Candidate& b) {
            if (a.field != b.field)
                return a.field < b.field;
            return a.depth != b.depth ? a.depth < b.depth : a.preference < b.preference;
        });
        for (const Candidate& candidate : m_candidates)
            mapping.places.push_back({candidate.field, candidate.path, candidate.unit});
        mapping.lists = std::move(m_feedback);
    }

private:
    void addCandidate(std::size_t synonym, const std::vector<std::string>& at, const LogLeaf& leaf,
                      bool isLeaf)
    {
        const Synonym& named = kSynonyms.at(synonym);
        const std::string path = pathOf(at);
        if (isLeaf && !suits(named.field, leaf))
            return;
        if (std::ranges::find(m_candidates, path, &Candidate::path) == m_candidates.end())
            m_candidates.push_back({named.field, unitOf(named, leaf), synonym, at.size(), path});
    }

    /// A latency without a unit in its name is in seconds if it has a fraction and is small.
    static LogUnit unitOf(const Synonym& named, const LogLeaf& leaf)
    {
        const bool isOpen = named.unit == U::Plain &&
                            (named.field == F::Latency || named.field == F::TimeToFirstToken);
        const auto number = numberIn(leaf.text);
        if (!isOpen || !number)
            return named.unit;
        const bool hasFraction = *number != std::floor(*number);
        return hasFraction && *number < 100 ? U::Seconds : U::Milliseconds;
    }

    void addFeedback(const std::string& name, const LogLeaf& leaf)
    {
        const auto found =
            std::ranges::find(kFeedbackSynonyms, foldedName(name), &FeedbackSynonym::name);
        if (found == kFeedbackSynonyms.end())
            return;
        const bool isKnown = std::ranges::any_of(
            m_feedback, [&](const LogList& list) { return list.places.front().path == leaf.path; });
        if (isKnown)
            return;
        LogList list;
        list.name = name;
        list.scaleMin = found->min;
        list.scaleMax = found->max;
        list.places = {{F::FeedbackValue, leaf.path}};
        m_feedback.push_back(std::move(list));
    }

    std::vector<Candidate> m_candidates = {};
    std::vector<LogList> m_feedback = {};
};

} // namespace

LogMapping proposedMapping(std::string_view text, const LogContainer& container)
{
    LogMapping mapping;
    mapping.name = "Proposed by field names";
    Proposal proposal;
    for (const LeavesOfLine& leaves : firstLeaves(text, container, kLines, mapping.jsonTexts)) {
        for (const LogLeaf& leaf : leaves)
            proposal.add(leaf);
    }
    proposal.fill(mapping);
    return mapping;
}

} // namespace signalbox
