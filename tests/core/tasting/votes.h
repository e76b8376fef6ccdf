// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/tasting/vote.h>

#include <string>
#include <string_view>

namespace signalbox::tests {

/// A ranking in short: ranking("ann", "p1", "a > b = c").
inline Ranking ranking(const char* rater, const std::string& prompt, std::string_view order)
{
    Ranking result;
    result.rater = RaterId(rater);
    result.prompt = PromptId(prompt);
    result.places.emplace_back();
    std::string model;
    const auto endModel = [&] {
        if (!model.empty())
            result.places.back().emplace_back(model);
        model.clear();
    };
    for (const char c : order) {
        if (c == '>' || c == '=')
            endModel();
        if (c == '>')
            result.places.emplace_back();
        else if (c != '=' && c != ' ')
            model += c;
    }
    endModel();
    return result;
}

} // namespace signalbox::tests
