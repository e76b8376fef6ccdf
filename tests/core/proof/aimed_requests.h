// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Random requests aimed at what a policy can tell apart: texts with its keywords and of lengths
// around its limits, values at and beside its constants. Made without the prover, to catch it.

#include <core/base/random.h>
#include <core/policy/document.h>
#include <core/policy/document_uses.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace signalbox::test {

class AimedRequests
{
public:
    AimedRequests(const PolicyDocument& policy, std::uint64_t seed)
        : m_policy(policy), m_random(seed)
    {
        collect();
        for (int i = 0; i < kTexts; ++i)
            m_texts.push_back(makeText());
    }

    const Request& next()
    {
        Request& request = m_request;
        request.messages.clear();
        for (std::size_t i = 1 + below(m_random.chance(0.2) ? 12 : 3); i > 0; --i)
            request.messages.push_back(
                {m_random.chance(0.6) ? Role::User : static_cast<Role>(below(4)),
                 m_texts[below(m_texts.size())], below(8) == 0 ? 1 : 0});
        request.requestId = "r" + std::to_string(below(1000));
        request.conversationId = request.requestId;
        request.userId = request.requestId;
        request.style.reset();
        if (m_random.chance(0.75))
            request.style = pick({"concise", "balanced", "detailed", "poetic"});
        request.metadata.clear();
        request.headers.clear();
        for (const Signal& signal : m_policy.signalList) {
            if (const auto* entry = std::get_if<MetadataSource>(&signal.source);
                entry && m_random.chance(0.8)) {
                request.metadata.push_back({entry->key, scalar(entry->type)});
            } else if (const auto* header = std::get_if<HeaderSource>(&signal.source);
                       header && m_random.chance(0.8)) {
                request.headers.push_back({header->name, headerText()});
            }
        }
        request.requestedModel = m_random.chance(0.7) ? text() : std::string();
        request.maxTokens.reset();
        if (m_random.chance(0.7))
            request.maxTokens = static_cast<int>(number());
        request.hasTools = m_random.chance(0.5);
        request.timeMs.reset();
        if (m_random.chance(0.8)) // any minute of any week of a year
            request.timeMs = kNewYear + static_cast<std::int64_t>(below(366U * 24 * 60)) * 60'000;
        request.usage.clear();
        for (const Signal& signal : m_policy.signalList) {
            const auto* meter = std::get_if<UsageSource>(&signal.source);
            if (!meter || !m_random.chance(0.7))
                continue;
            const double shown = std::max(number(), 0.0);
            const bool isMoney = meter->measure == UsageMeasure::SpendUsd;
            request.usage.push_back({signal.id, isMoney ? shown : std::floor(shown)});
        }
        return request;
    }

private:
    static constexpr int kTexts = 150;
    static constexpr std::int64_t kNewYear = 1'704'067'200'000; ///< of 2024 in UTC

    std::size_t below(std::size_t bound) { return m_random.below(bound); }
    std::string pick(const std::vector<std::string>& from)
    {
        return from.empty() ? std::string() : from[below(from.size())];
    }

    void collect()
    {
        const auto collectCompare = [this](const Compare& compare) {
            const auto collectScalar = [this](const Scalar& value) {
                if (const auto* number = std::get_if<double>(&value))
                    m_numbers.push_back(*number);
                if (const auto* text = std::get_if<std::string>(&value))
                    m_strings.push_back(*text);
            };
            if (const auto* limits = std::get_if<ByStyle>(&compare.value))
                m_numbers.insert(m_numbers.end(),
                                 {limits->concise, limits->balanced, limits->detailed});
            else if (const auto* list = std::get_if<std::vector<Scalar>>(&compare.value))
                std::ranges::for_each(*list, collectScalar);
            else if (const auto* number = std::get_if<double>(&compare.value))
                m_numbers.push_back(*number);
            else if (const auto* string = std::get_if<std::string>(&compare.value))
                m_strings.push_back(*string);
        };
        for (const Rule& rule : m_policy.rules)
            forEachCompare(rule.when, collectCompare);
        for (const Signal& signal : m_policy.signalList) {
            if (const auto* score = std::get_if<ScoreSource>(&signal.source)) {
                for (const ScoreTerm& term : score->terms)
                    forEachCompare(term.when, collectCompare);
            } else if (const auto* keywords = std::get_if<KeywordsSource>(&signal.source)) {
                m_words.insert(m_words.end(), keywords->anyOf.begin(), keywords->anyOf.end());
            } else if (const auto* contains = std::get_if<ContainsSource>(&signal.source)) {
                m_words.push_back(contains->text);
            }
        }
    }

    double number()
    {
        const double near = m_numbers.empty() ? 0 : m_numbers[below(m_numbers.size())];
        return near + static_cast<double>(below(5)) - 2 + (m_random.chance(0.1) ? 0.5 : 0);
    }
    std::string text()
    {
        std::string text = pick(m_strings);
        switch (below(7)) {
        case 0:
            return text + pick(m_strings);
        case 1:
            return "x" + text + "y";
        case 2:
            std::ranges::transform(text, text.begin(), [](char c) {
                return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
            });
            return text;
        case 3:
            return pick({"", "other", "coal", "o", "b", "Zoo"});
        default:
            return text;
        }
    }
    Scalar scalar(ValueType type)
    {
        if (m_random.chance(0.1))
            type = static_cast<ValueType>(below(3));
        if (type == ValueType::Number)
            return number();
        if (type == ValueType::Boolean)
            return m_random.chance(0.5);
        return text();
    }
    std::string headerText()
    {
        switch (below(3)) {
        case 0:
            return std::to_string(static_cast<int>(number()));
        case 1:
            return m_random.chance(0.5) ? "true" : "false";
        default:
            return text();
        }
    }
    /// Of a length around one of the limits, with or without words that signals look for.
    std::string makeText()
    {
        std::string made;
        const double limit = std::clamp(number(), 0.0, 4000.0);
        const double length = m_random.chance(0.5) ? limit : limit * 5;
        const bool isPlain = m_random.chance(0.3);
        while (static_cast<double>(made.size()) < length) {
            if (!isPlain && m_random.chance(0.5))
                made += pick(m_words);
            else
                made += pick({"a", "1", "ox", "code", "7 7", "\u00fc", "```", "s", "e", "Coal",
                              "\u043f\u0440\u043e", "\u6f22", "\u03b1\u03b2"});
            made += pick({" ", "", "\n", ", ", "\n\n", ""});
        }
        if (m_random.chance(0.3))
            made.resize(std::min(made.size(), static_cast<std::size_t>(limit)));
        return made;
    }

    const PolicyDocument& m_policy;
    Random m_random;
    Request m_request;
    std::vector<double> m_numbers;
    std::vector<std::string> m_strings;
    std::vector<std::string> m_words;
    std::vector<std::string> m_texts;
};

} // namespace signalbox::test
