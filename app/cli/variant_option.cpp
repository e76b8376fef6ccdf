// SPDX-License-Identifier: GPL-3.0-or-later
#include "variant_option.h"

#include <core/base/files.h>

#include <charconv>
#include <sstream>
#include <utility>

namespace signalbox::cli {

namespace {

constexpr std::size_t kMostPromptBytes = std::size_t{1} << 20;

Unexpected wrong(const std::string& what, const std::string& part)
{
    return fail(ErrorCode::InvalidArgument, what, part,
                "write it as MODEL:temperature=0,maxTokens=60,seed=7,system=FILE");
}

template<class Number>
std::optional<Number> numberIn(const std::string& text, Number least, Number most)
{
    Number value{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size() || !(value >= least) ||
        !(value <= most))
        return std::nullopt;
    return value;
}

Result<void> take(Variant& variant, const std::string& key, const std::string& value)
{
    const std::string part = key + '=' + value;
    if (key == "temperature") {
        variant.overrides.temperature = numberIn(value, 0.0, kMostTemperature);
        return variant.overrides.temperature ? Result<void>()
                                             : wrong("a temperature is a number from 0 to 2", part);
    }
    if (key == "maxTokens") {
        variant.overrides.maxTokens = numberIn(value, 1, kMostSeed);
        return variant.overrides.maxTokens ? Result<void>()
                                           : wrong("a length is a number of tokens", part);
    }
    if (key == "seed") {
        variant.seed = numberIn(value, 0, kMostSeed);
        return variant.seed ? Result<void>() : wrong("a seed is a whole number from 0", part);
    }
    if (key != "system")
        return wrong("a model cannot be asked otherwise by this", part);
    auto prompt = readFile(value, kMostPromptBytes);
    if (!prompt)
        return Unexpected(prompt.error());
    variant.overrides.system = SystemPrompt{SystemPromptMode::Prepend, std::move(*prompt)};
    return {};
}

} // namespace

Result<Variant> parseVariant(const std::string& text)
{
    // A model's own name may hold colons: "llama3:8b".
    const std::size_t colon = text.rfind(':', text.find('='));
    if (colon == std::string::npos || colon == 0)
        return wrong("a variant names its model and how it is asked otherwise", text);
    Variant variant;
    variant.of = ModelId(text.substr(0, colon));
    std::istringstream parts(text.substr(colon + 1));
    for (std::string part; std::getline(parts, part, ',');) {
        const std::size_t equals = part.find('=');
        const std::string value =
            equals == std::string::npos ? std::string() : part.substr(equals + 1);
        if (auto taken = take(variant, part.substr(0, equals), value); !taken)
            return Unexpected(taken.error());
    }
    if (variant.isNone())
        return wrong("a variant says how its model is asked otherwise", text);
    return variant;
}

} // namespace signalbox::cli
