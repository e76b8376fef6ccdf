// SPDX-License-Identifier: Apache-2.0
#include "paragraph_alignment.h"

#include "character_class.h"
#include "phrase_difference.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kMostPairs = 250'000;
constexpr double kLeastShare = 0.2; ///< of common words: less is chance

using Words = std::vector<int>; ///< numbers of the words, sorted

std::vector<Words> wordNumbers(const std::vector<std::string_view>& paragraphs,
                               std::unordered_map<std::string, int>& known)
{
    std::vector<Words> all;
    for (const std::string_view paragraph : paragraphs) {
        Words words;
        for (const TextSpan& span : wordsOf(paragraph))
            words.push_back(
                known.try_emplace(toLowerCase(span.of(paragraph)), static_cast<int>(known.size()))
                    .first->second);
        std::ranges::sort(words);
        all.push_back(std::move(words));
    }
    return all;
}

/// Twice the common words over all words of both (Dice, with repeats), 0 to 1.
double likeness(const Words& a, const Words& b)
{
    if (a.empty() || b.empty())
        return 0;
    std::size_t common = 0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i] == b[j]) {
            ++common;
            ++i;
            ++j;
        } else {
            a[i] < b[j] ? ++i : ++j;
        }
    }
    return 2.0 * static_cast<double>(common) / static_cast<double>(a.size() + b.size());
}

struct Pair
{
    std::size_t text = 0;
    std::size_t other = 0;
};

/// Pairs in order whose likenesses sum up to the most (global alignment with free gaps).
std::vector<Pair> likestPairs(const std::vector<Words>& texts, const std::vector<Words>& others)
{
    const std::size_t width = others.size() + 1;
    std::vector<double> best((texts.size() + 1) * width, 0);
    std::vector<double> like(texts.size() * others.size(), 0);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        for (std::size_t j = 0; j < others.size(); ++j) {
            const double share = likeness(texts[i], others[j]);
            like[i * others.size() + j] = share < kLeastShare ? 0 : share;
            best[(i + 1) * width + j + 1] =
                std::max({best[i * width + j + 1], best[(i + 1) * width + j],
                          best[i * width + j] + like[i * others.size() + j]});
        }
    }
    std::vector<Pair> pairs;
    for (std::size_t i = texts.size(), j = others.size(); i > 0 && j > 0;) {
        const double here = best[i * width + j];
        if (best[(i - 1) * width + j] == here) {
            --i;
        } else if (best[i * width + j - 1] == here) {
            --j;
        } else {
            pairs.push_back({--i, --j});
        }
    }
    std::ranges::reverse(pairs);
    return pairs;
}

} // namespace

std::vector<std::size_t> alignParagraphs(const std::vector<std::string_view>& texts,
                                         const std::vector<std::string_view>& others)
{
    std::vector<std::size_t> beside(texts.size(), 0);
    if (others.empty() || texts.empty())
        return beside;
    std::vector<Pair> fixed;
    if (texts.size() * others.size() <= kMostPairs) {
        std::unordered_map<std::string, int> known;
        const std::vector<Words> mine = wordNumbers(texts, known);
        fixed = likestPairs(mine, wordNumbers(others, known));
    }
    // Both ends belong together, unless something better is known of them.
    if (fixed.empty() || fixed.front().text > 0)
        fixed.insert(fixed.begin(), {0, 0});
    if (fixed.back().text + 1 < texts.size())
        fixed.push_back({texts.size() - 1, others.size() - 1});
    for (std::size_t k = 0; k < fixed.size(); ++k) {
        beside[fixed[k].text] = fixed[k].other;
        if (k + 1 == fixed.size())
            break;
        const std::size_t gap = fixed[k + 1].text - fixed[k].text;
        const std::size_t otherGap = fixed[k + 1].other - fixed[k].other;
        for (std::size_t step = 1; step < gap; ++step)
            beside[fixed[k].text + step] = fixed[k].other + step * otherGap / gap;
    }
    return beside;
}

std::vector<std::string_view> paragraphsOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    for (;;) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return lines;
        text.remove_prefix(end + 1);
    }
}

} // namespace signalbox
