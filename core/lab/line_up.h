// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/json.h>
#include <core/base/result.h>
#include <core/policy/document.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

inline constexpr double kMostTemperature = 2;
inline constexpr int kMostSeed = 2'000'000'000;

/// What every model of a run is asked with, unless its column is a Variant that says otherwise.
struct Asking
{
    std::optional<int> maxTokens = 512; ///< longest answer; nullopt: as long as the model likes
    std::optional<double> temperature;  ///< 0 to 2; nullopt: the server's own
    /// Of the first repeat; each further one takes the next number, or they would all be the same
    /// answer. nullopt: the server draws. Not every server looks at it.
    std::optional<int> seed;
    bool operator==(const Asking&) const = default;
};

/// A model asked in another way besides: a column of its own. Its answers are another voice than
/// the model's usual one, and evidence of that one alone.
struct Variant
{
    ModelId of;
    CallOverrides overrides = {}; ///< an answer style in it is passed over
    std::optional<int> seed = {}; ///< in the place of Asking::seed
    bool operator==(const Variant&) const = default;
    /// Whether it asks nothing otherwise.
    [[nodiscard]] bool isNone() const;
};

/// The name of its column, the same whenever the model is asked in this way: "gpt-4 · temperature
/// 0.2 · seed 7". Of a system prompt its first words and a mark of the whole.
[[nodiscard]] ModelId nameOf(const Variant& variant);
/// The column, asked where `base` is.
[[nodiscard]] ModelSpec columnOf(const Variant& variant, ModelSpec base);

/// Which models are asked, how, and how often: a choice that is kept by name.
struct LineUp
{
    std::string name;
    std::vector<ModelId> leftOut; ///< of the policy's models, and perhaps the policy's own column
    std::vector<Variant> variants;
    int samples = 1;
    Asking asking;
    bool operator==(const LineUp&) const = default;
};

[[nodiscard]] Json toJson(const Variant& variant);
/// nullopt if it names no model. What makes no sense in it is passed over.
[[nodiscard]] std::optional<Variant> variantFrom(const Json& json);
/// Members "maxTokens" (null: no limit), "temperature" and "seed" of an object.
void addTo(Json& json, const Asking& asking);
/// What is there and makes sense; else as `usual`.
[[nodiscard]] Asking askingFrom(const Json& json, const Asking& usual = {});

/// Kept line-ups, in the order of their names; none if there is no such file.
/// @return ParseError if the file holds something else; it is left alone then
[[nodiscard]] Result<std::vector<LineUp>> readLineUps(const std::filesystem::path& file);
[[nodiscard]] Result<void> writeLineUps(const std::filesystem::path& file,
                                        std::vector<LineUp> lineUps);

} // namespace signalbox
