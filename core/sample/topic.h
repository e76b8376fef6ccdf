// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

namespace signalbox::sample {

// What the sample is written from: topics of a support desk, by hand. Prompts are the topics' asks
// with their slots filled ("{item}", "{order}", …); simulated answers are put together from what a
// topic says about the facts that were asked for. Arrays end at their first empty entry.

/// Something a customer wants to know.
struct FactText
{
    std::string_view spellings[3]; ///< an answer names the fact if it holds one of them
    std::string_view says[3];      ///< sentences that name it, without contractions
    std::string_view misses[2];    ///< sentences of a model that does not know it
};

enum class AskUse { Opener, FollowUp, Either };

/// One prompt: a message with slots, and a bit for each fact it asks for.
struct AskText
{
    std::string_view text;
    unsigned facts = 0;
    AskUse use = AskUse::Either;
};

/// How likely a small model is to know a topic's facts.
enum class Hardness {
    Easy,
    Hard, ///< and it shows: long, technical, legal
    Tail, ///< and it does not show: short questions about rare cases
};

struct Topic
{
    std::string_view id;
    std::string_view title; ///< as a heading: "Password reset"
    std::string_view about; ///< inside a sentence: "resetting your password"
    Hardness hardness = Hardness::Easy;
    FactText facts[4];
    AskText asks[12];
    std::string_view steps[4];   ///< imperatives, in order
    std::string_view details[5]; ///< true, and not asked for
    std::string_view cautions[2];
};

struct SegmentTopics
{
    std::string_view segment;
    double shareOfTraffic = 0;
    std::span<const Topic> topics;
    std::span<const std::string_view> asides; ///< details that fit every topic of the segment
};

/// All segments, in display order.
[[nodiscard]] std::span<const SegmentTopics> supportDeskSegments();

extern const SegmentTopics kAccountTopics;
extern const SegmentTopics kOrderTopics;
extern const SegmentTopics kBillingTopics;
extern const SegmentTopics kDisputeTopics;
extern const SegmentTopics kTechnicalTopics;
extern const SegmentTopics kPrivacyTopics;

inline bool isFilled(std::string_view text)
{
    return !text.empty();
}
inline bool isFilled(const FactText& fact)
{
    return !fact.says[0].empty();
}
inline bool isFilled(const AskText& ask)
{
    return !ask.text.empty();
}

/// The entries of one of the arrays above before its first empty one.
template<class Entry, std::size_t size>
[[nodiscard]] std::span<const Entry> filled(const Entry (&entries)[size])
{
    const auto* const end =
        std::ranges::find_if_not(entries, [](const Entry& entry) { return isFilled(entry); });
    return {entries, std::size_t(end - entries)};
}

} // namespace signalbox::sample
