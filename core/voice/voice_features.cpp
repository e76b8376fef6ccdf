// SPDX-License-Identifier: Apache-2.0
#include "voice_features.h"

#include <cmath>

namespace signalbox {

namespace {

struct FeatureInfo
{
    std::string_view name;
    std::string_view label;
    FeatureScale scale;
    bool neutral;
};

using enum FeatureScale;

constexpr std::array<FeatureInfo, kVoiceFeatureCount> kFeatures = {{
    {"v_logwords", "words", Count, true},
    {"v_logparas", "paragraphs", Count, true},
    {"v_sentlen", "sentence length", Amount, true},
    {"v_sentlen_sd", "variation of sentence length", Amount, true},
    {"f_header", "headers", Count, true},
    {"f_ol", "numbered items", Count, true},
    {"f_ul", "bullet points", Count, true},
    {"f_bold", "bold passages", Count, true},
    {"f_listshare", "share of lines in lists", Amount, true},
    {"f_code", "share of code", Amount, true},
    {"f_table", "tables", Share, true},
    {"f_doublenl", "blank lines between lines", Amount, true},
    {"t_hedge", "hedges", Amount, false},
    {"t_boost", "boosters", Amount, false},
    {"t_polite", "polite words", Amount, false},
    {"t_enthus", "enthusiastic words", Amount, false},
    {"t_disclaim", "disclaimers", Amount, false},
    {"t_oblig", "words of obligation", Amount, false},
    {"t_connect", "connectives", Amount, false},
    {"t_p1s", "“I” and “my”", Amount, false},
    {"t_p1p", "“we” and “our”", Amount, false},
    {"t_p2", "“you” and “your”", Amount, false},
    {"t_p3", "third person", Amount, false},
    {"t_neg", "negations", Amount, false},
    {"t_contr", "contractions", Amount, false},
    {"t_exclam", "exclamations", Amount, true},
    {"t_quest", "questions", Amount, true},
    {"t_imper", "imperatives", Amount, false},
    {"t_emoji", "emoji", Amount, true},
    {"t_formal", "formality", Level, false},
    {"t_sent", "sentiment", Level, false},
    {"l_wordlen", "word length", Amount, true},
    {"l_long", "long words", Amount, false},
    {"l_mattr", "variety of words nearby", Amount, true},
    {"l_mtld", "variety of words", Level, true},
    {"l_fkgl", "reading grade", Level, false},
    {"p_comma", "commas", Amount, true},
    {"p_semi", "semicolons", Amount, true},
    {"p_colon", "colons", Amount, true},
    {"p_paren", "parentheses", Amount, true},
    {"p_quote", "quotation marks", Amount, true},
    {"p_dash", "dashes", Amount, true},
    {"p_hyphen", "hyphens", Amount, true},
    {"o_open_certainly", "opens with “Sure” or “Certainly”", Share, false},
    {"o_open_here", "opens with “Here is”", Share, false},
    {"o_open_refuse", "opens with an apology or refusal", Share, false},
    {"o_open_praise", "opens with praise or a greeting", Share, false},
    {"o_open_colon", "opens with a line that ends in a colon", Share, true},
    {"o_open_md", "opens with a header, list or bold text", Share, true},
    {"o_close_offer", "offers to help at the end", Share, false},
    {"o_close_summary", "closes with a summary", Share, false},
    {"o_end_nopunct", "ends without punctuation", Share, true},
}};

} // namespace

const std::array<std::string_view, kVoiceFeatureCount>& voiceFeatureNames()
{
    static const auto names = [] {
        std::array<std::string_view, kVoiceFeatureCount> result;
        for (std::size_t i = 0; i < result.size(); ++i)
            result[i] = kFeatures[i].name;
        return result;
    }();
    return names;
}

std::string_view voiceFeatureLabel(std::size_t feature)
{
    return kFeatures[feature].label;
}

FeatureScale voiceFeatureScale(std::size_t feature)
{
    return kFeatures[feature].scale;
}

bool isLanguageNeutral(std::size_t feature)
{
    return kFeatures[feature].neutral;
}

const std::vector<std::size_t>& languageNeutralFeatures()
{
    static const auto indices = [] {
        std::vector<std::size_t> result;
        for (std::size_t i = 0; i < kFeatures.size(); ++i) {
            if (kFeatures[i].neutral)
                result.push_back(i);
        }
        return result;
    }();
    return indices;
}

double toldValue(const AnswerStats& stats, std::size_t feature)
{
    const double value = stats.features[feature];
    if (feature == feature::Mtld)
        return std::exp(value);
    return kFeatures[feature].scale == Count ? std::expm1(value) : value;
}

bool looksEnglish(const AnswerStats& stats)
{
    constexpr double kLeastShare = 0.15;
    return !(stats.functionWordShare < kLeastShare);
}

} // namespace signalbox
