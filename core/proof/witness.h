// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "region_search.h"
#include "text_writer.h"
#include "time_windows.h"

#include <core/routing/compiled_policy.h>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// Makes requests for regions: texts of the wanted lengths with and without what signals look for,
/// and whatever else a caller sends. Nothing is taken on trust: whoever asks says by deciding the
/// request whether it is right. Refers to the space.
class WitnessMaker
{
public:
    explicit WitnessMaker(const RegionSpace& space);

    /// Whether a request is what it was made for; decides it.
    using Check = std::function<bool(const Request&)>;
    /// The first of several requests made for the region that is right.
    [[nodiscard]] std::optional<Request> make(const Region& region, const Check& isRight) const;

private:
    static constexpr std::size_t kScopes = 4;
    struct Draft;

    [[nodiscard]] std::optional<Request> build(const Region& region, unsigned variant) const;
    void addNeeds(const Region& region, unsigned variant, Draft& draft) const;
    [[nodiscard]] bool addSent(const Region& region, unsigned variant, Draft& draft) const;
    [[nodiscard]] bool addField(RequestField field, const CellSet& cells, std::size_t variable,
                                unsigned variant, Draft& draft) const;
    [[nodiscard]] bool addTime(const Region& region, Draft& draft) const;
    void addRoles(const Region& region, unsigned variant, Draft& draft) const;
    [[nodiscard]] static bool writeMessages(bool isFirstOnly, unsigned variant, Draft& draft);
    [[nodiscard]] static bool addMessages(const TextNeeds& all, unsigned variant, Draft& draft,
                                          std::vector<Message>& messages);
    [[nodiscard]] std::optional<std::string> textFor(const Region& region, std::size_t variable,
                                                     std::size_t cell, unsigned variant) const;
    /// The value of the easiest cell; monostate to send nothing. Nothing if there is none.
    [[nodiscard]] std::optional<SignalValue> valueFor(const Region& region, std::size_t variable,
                                                      unsigned variant) const;

    const RegionSpace& m_space;
    std::vector<std::vector<PatternMatch>> m_matches; ///< per variable: what would make it true
    std::vector<std::size_t> m_windows;               ///< variables that are time windows
    TimeExamples m_times;                             ///< of these
};

} // namespace signalbox
