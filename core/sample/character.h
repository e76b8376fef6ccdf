// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace signalbox::sample {

/// Whose turns of phrase are used.
enum class Manner {
    Cautious, ///< thanks, hedges, adds what else one should know
    Direct,   ///< says it and stops
    Creative, ///< cheers, headings, pictures
    Warm,     ///< kind and plain: what a style guide can ask of any of them
};

/// A voice as numbers: how often or how much of each habit. Shares are probabilities per chance
/// (an answer, a sentence); counts are means.
struct Character
{
    Manner manner = Manner::Direct;
    double opener = 0;       ///< share of answers that begin with a pleasantry
    double closer = 0;       ///< share that end with an offer
    double flourish = 0;     ///< share with a cheer in between
    double hedge = 0;        ///< share of statements
    double connector = 0;    ///< share of further remarks ("Additionally, …")
    double contraction = 0;  ///< share of the contractions that are possible
    double exclamation = 0;  ///< share of sentence ends; of openers and closers unless creative
    double emoji = 0;        ///< share of sentences
    double growth = 1;       ///< how much more there is to say to a long message: an exponent
    double summary = 0;      ///< share of answers to long messages that say it all again
    double details = 0;      ///< remarks beyond the question
    double cautions = 0;     ///< warnings
    double asides = 0;       ///< sentences that would fit anywhere
    double steps = 0;        ///< share of answers that give steps
    double numberedList = 0; ///< share of the steps that are a list
    double heading = 0;      ///< share of answers
    double bullets = 0;      ///< share of answers with their points as a list
    double bold = 0;         ///< share of key words
    double moodSpread = 0.5; ///< how much one answer differs from the next, in logits
    std::optional<int> maxSentences = std::nullopt;
    std::optional<int> maxWords = std::nullopt;
};

/// The three characters of the account by upstream name ("gpt-4", "gpt-3.5-turbo", "palm-2");
/// anything else is direct.
[[nodiscard]] Character characterOf(std::string_view upstreamModel);

/// The character when it is told how to write. Understood, in plain English and any case:
/// - "at most four sentences", "3 sentences or fewer"; the same with words
/// - no / without / avoid …: markdown, lists, bullets, headings, bold, emoji, exclamation marks,
///   greeting, preamble, opener, pleasantries, closing, offers, sign-off, contractions, hedging
/// - plain (no markdown, emoji, cheers), formal, informal or casual, warm or friendly or kind,
///   brief or concise, detailed or thorough, direct or "to the point"
/// Everything else is ignored, as real models do with most of what they are told.
[[nodiscard]] Character underStyleGuide(Character character, std::string_view styleGuide);

} // namespace signalbox::sample
