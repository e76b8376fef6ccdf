// SPDX-License-Identifier: Apache-2.0
#include "voice_distance.h"
#include "voice_features.h"
#include "voice_reason_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace signalbox {

namespace {

enum class Telling {
    Often, ///< "A hedges twice as often as B"
    Size,  ///< "A writes 40 % longer sentences than B"
    Share, ///< "B rarely offers to help at the end; A does in 35 % of its answers"
    More,  ///< "A writes more formally than B"
};

struct Wording
{
    Telling telling;
    std::string_view does;          ///< verb phrase; of Size: what is long
    std::string_view comparative{}; ///< of Size: "longer"; of More: the words before "than"
    std::string_view adjective{};   ///< of Size: "long"
    std::string_view scale{};       ///< of More: before its numbers, what they measure
    std::string_view unit{};        ///< of More: behind the first
};

constexpr std::array<Wording, kVoiceFeatureCount> kWordings = {{
    {Telling::Size, "answers", "longer", "long"},
    {Telling::Often, "starts a new paragraph"},
    {Telling::Size, "sentences", "longer", "long"},
    {Telling::More,
     "varies the length of its sentences",
     "more",
     {},
     "standard deviation ",
     " words"},
    {Telling::Often, "sets a header"},
    {Telling::Often, "numbers items"},
    {Telling::Often, "sets a bullet point"},
    {Telling::Often, "bolds"},
    {Telling::Often, "writes list items instead of prose"},
    {Telling::Often, "writes code"},
    {Telling::Share, "writes a table"},
    {Telling::Often, "leaves a blank line between lines"},
    {Telling::Often, "hedges"},
    {Telling::Often, "stresses with words like “clearly” or “essential”"},
    {Telling::Often, "uses polite words"},
    {Telling::Often, "uses enthusiastic words"},
    {Telling::Often, "adds a disclaimer"},
    {Telling::Often, "says “must”, “should” or “make sure”"},
    {Telling::Often, "links thoughts with words like “however”"},
    {Telling::Often, "says “I”"},
    {Telling::Often, "says “we”"},
    {Telling::Often, "says “you”"},
    {Telling::Often, "speaks of “it” or “them”"},
    {Telling::Often, "negates"},
    {Telling::Often, "uses contractions"},
    {Telling::Often, "ends a sentence with an exclamation mark"},
    {Telling::Often, "asks"},
    {Telling::Often, "tells the reader what to do"},
    {Telling::Often, "uses emoji"},
    {Telling::More, "writes", "more formally", {}, {}, " of 100"},
    {Telling::More, "sounds", "more positive", {}, {}, " a word"},
    {Telling::Size, "words", "longer", "long"},
    {Telling::Often, "uses long words"},
    {Telling::More, "repeats words nearby", "less", {}, "type-token ratio "},
    {Telling::More, "varies its words", "more", {}, "MTLD "},
    {Telling::More, "is", "harder to read", {}, "school grade "},
    {Telling::Often, "sets a comma"},
    {Telling::Often, "sets a semicolon"},
    {Telling::Often, "sets a colon"},
    {Telling::Often, "uses parentheses"},
    {Telling::Often, "uses quotation marks"},
    {Telling::Often, "uses dashes"},
    {Telling::Often, "joins words with hyphens"},
    {Telling::Share, "opens with “Sure” or “Certainly”"},
    {Telling::Share, "opens with “Here is”"},
    {Telling::Share, "opens with an apology or a refusal"},
    {Telling::Share, "opens with praise or a greeting"},
    {Telling::Share, "opens with a line that ends in a colon"},
    {Telling::Share, "opens with a header, a list or bold text"},
    {Telling::Share, "closes with an offer to help"},
    {Telling::Share, "closes with a summary"},
    {Telling::Share, "ends without punctuation"},
}};

constexpr double kTimesFrom = 1.75;
constexpr double kMostTimes = 20;
constexpr double kRarely = 0.10;

/// "twice", "three times", "13 times"; "1.8 times" where a whole number would be off by over 5 %.
std::string timesInWords(double ratio)
{
    constexpr double kWholeWithin = 0.05;
    constexpr std::array<std::string_view, 13> kNumbers = {
        "",      "",      "twice", "three", "four",   "five",  "six",
        "seven", "eight", "nine",  "ten",   "eleven", "twelve"};
    const double whole = std::round(ratio);
    if (std::abs(ratio - whole) > kWholeWithin * whole + 1e-9) {
        const long tenths = std::lround(ratio * 10);
        return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " times";
    }
    const auto times = static_cast<std::size_t>(whole);
    if (times == 2)
        return "twice";
    return (times < kNumbers.size() ? std::string(kNumbers[times]) : std::to_string(times)) +
           " times";
}

std::string percent(double share)
{
    return std::to_string(std::lround(share * 100)) + " %";
}

/// "0.61", "-1.20".
std::string twoPlaces(double value)
{
    const long hundredths = std::lround(std::abs(value) * 100);
    const std::string cents = std::to_string(hundredths % 100);
    return (value < 0 && hundredths > 0 ? "-" : "") + std::to_string(hundredths / 100) + "." +
           (cents.size() < 2 ? "0" : "") + cents;
}

bool isAboutOne(double ratio)
{
    return std::lround((ratio - 1) * 100) == 0;
}

std::string shareSentence(const Wording& wording, const std::string& more, double moreShare,
                          const std::string& less, double lessShare)
{
    const std::string does(wording.does);
    if (lessShare < kRarely)
        return less + (lessShare > 0 ? " rarely " : " never ") + does + "; " + more + " does in " +
               percent(moreShare) + " of its answers";
    return more + " " + does + " in " + percent(moreShare) + " of its answers, " + less + " in " +
           percent(lessShare);
}

std::string oftenSentence(const Wording& wording, const std::string& more, double moreMean,
                          const std::string& less, double lessMean)
{
    const std::string start = more + " " + std::string(wording.does);
    if (lessMean <= 0)
        return start + "; " + less + " never does";
    const double ratio = moreMean / lessMean;
    if (ratio > kMostTimes)
        return start + " more than twenty times as often as " + less;
    if (ratio >= kTimesFrom)
        return start + " " + timesInWords(ratio) + " as often as " + less;
    if (isAboutOne(ratio))
        return start + " about as often as " + less;
    return start + " " + percent(ratio - 1) + " more often than " + less;
}

std::string sizeSentence(const Wording& wording, const std::string& more, double moreMean,
                         const std::string& less, double lessMean)
{
    const double ratio = lessMean > 0 ? moreMean / lessMean : kMostTimes;
    const std::string what(wording.does);
    if (ratio >= kTimesFrom)
        return more + " writes " + what + " " + timesInWords(std::min(ratio, kMostTimes)) + " as " +
               std::string(wording.adjective) + " as those of " + less;
    if (isAboutOne(ratio))
        return more + " writes " + what + " about as " + std::string(wording.adjective) +
               " as those of " + less;
    return more + " writes " + percent(ratio - 1) + " " + std::string(wording.comparative) + " " +
           what + " than " + less;
}

std::string amountOf(const Wording& wording, double more, double less)
{
    const double ratio = less > 0 ? more / less : kMostTimes + 1;
    const bool isSize = wording.telling == Telling::Size;
    switch (wording.telling) {
    case Telling::Often:
    case Telling::Size: {
        const std::string as = isSize ? " as " + std::string(wording.adjective) : " as often";
        if (less <= 0)
            return isSize ? "more than twenty times" + as : "the other never does";
        if (ratio > kMostTimes)
            return "more than twenty times" + as;
        if (ratio >= kTimesFrom)
            return timesInWords(ratio) + as;
        if (isAboutOne(ratio))
            return "about" + as;
        return percent(ratio - 1) + (isSize ? " longer" : " more often");
    }
    case Telling::Share:
        return "in " + percent(more) + " of its answers, the other in " + percent(less);
    case Telling::More:
        break;
    }
    return std::string(wording.scale) + twoPlaces(more) + std::string(wording.unit) +
           ", the other " + twoPlaces(less);
}

} // namespace

VoiceReasonWords voiceReasonWords(std::size_t feature, double meanA, double meanB)
{
    const Wording& wording = kWordings[feature];
    VoiceReasonWords words;
    words.isMoreInA = meanA > meanB;
    words.trait = wording.does;
    if (wording.telling == Telling::Size)
        words.trait = "writes " + std::string(wording.comparative) + " " + words.trait;
    if (wording.telling == Telling::More)
        words.trait += " " + std::string(wording.comparative);
    words.amount = std::isnan(meanA) || std::isnan(meanB)
                       ? "too little of one to measure"
                       : amountOf(wording, std::max(meanA, meanB), std::min(meanA, meanB));
    return words;
}

std::string voiceReasonSentence(std::size_t feature, const std::string& nameA, double meanA,
                                const std::string& nameB, double meanB)
{
    const Wording& wording = kWordings[feature];
    if (std::isnan(meanA) || std::isnan(meanB))
        return "only one of " + nameA + " and " + nameB + " writes enough to measure its " +
               std::string(voiceFeatureLabel(feature));
    if (meanA == meanB)
        return nameA + " and " + nameB + " do not differ in " +
               std::string(voiceFeatureLabel(feature));
    const bool aIsMore = meanA > meanB;
    const std::string& more = aIsMore ? nameA : nameB;
    const std::string& less = aIsMore ? nameB : nameA;
    const double moreMean = std::max(meanA, meanB);
    const double lessMean = std::min(meanA, meanB);
    switch (wording.telling) {
    case Telling::Often:
        return oftenSentence(wording, more, moreMean, less, lessMean);
    case Telling::Size:
        return sizeSentence(wording, more, moreMean, less, lessMean);
    case Telling::Share:
        return shareSentence(wording, more, moreMean, less, lessMean);
    case Telling::More:
        break;
    }
    return more + " " + std::string(wording.does) + " " + std::string(wording.comparative) +
           " than " + less;
}

std::string lengthSentence(const std::string& nameA, const std::string& nameB, double pairedRatio)
{
    return voiceReasonSentence(feature::LogWords, nameA, pairedRatio, nameB, 1) +
           " on the same prompts";
}

} // namespace signalbox
