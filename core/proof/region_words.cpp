// SPDX-License-Identifier: Apache-2.0
#include "region_words.h"

#include "proof_context.h"

#include <core/base/json.h>
#include <core/policy/condition_text.h>

#include <nlohmann/json.hpp>

#include <cmath>
#include <vector>

namespace signalbox {

namespace {

constexpr std::size_t kMostTexts = 4;

std::string numberWords(double number)
{
    return toConditionText(Scalar(number));
}

/// "is over 500", "is 7", "is from 200 to 500"
std::string rangeWords(const NumberRange& range)
{
    const bool hasLow = std::isfinite(range.low);
    const bool hasHigh = std::isfinite(range.high);
    if (hasLow && hasHigh && range.low == range.high)
        return numberWords(range.low);
    const std::string low = (range.isLowOpen ? "over " : "at least ") + numberWords(range.low);
    const std::string high = (range.isHighOpen ? "under " : "at most ") + numberWords(range.high);
    if (hasLow && hasHigh && !range.isLowOpen && !range.isHighOpen)
        return "from " + numberWords(range.low) + " to " + numberWords(range.high);
    if (hasLow && hasHigh)
        return low + " and " + high;
    return hasLow ? low : high;
}

/// A count from 0 on is any below its top.
NumberRange readable(NumberRange range, const RegionSpace::Variable& variable)
{
    const ValueCell& first =
        variable.cells[variable.cells.front().kind == ValueCell::Kind::Missing ? 1 : 0];
    const ValueCell& last = variable.cells.back();
    if (range.low == first.range.low && range.low != range.high)
        range.low = -std::numeric_limits<double>::infinity();
    if (range.high == last.range.high && range.low != range.high)
        range.high = std::numeric_limits<double>::infinity();
    return range;
}

std::string numbersInWords(const RegionSpace::Variable& variable, const CellSet& cells)
{
    std::vector<std::string> runs;
    for (std::size_t cell = cells.next(); cell < cells.size();) {
        if (variable.cells[cell].kind == ValueCell::Kind::Missing) {
            cell = cells.next(cell + 1);
            continue;
        }
        NumberRange run = variable.cells[cell].range;
        while (cell + 1 < cells.size() && cells.has(cell + 1)) {
            ++cell;
            run.high = variable.cells[cell].range.high;
            run.isHighOpen = variable.cells[cell].range.isHighOpen;
        }
        runs.push_back(rangeWords(readable(run, variable)));
        cell = cells.next(cell + 1);
    }
    if (variable.cells.front().kind == ValueCell::Kind::Missing && cells.has(0))
        runs.emplace_back("missing");
    return "is " + listed(runs, " or ");
}

std::string textsInWords(const RegionSpace::Variable& variable, const CellSet& cells)
{
    const auto namesOf = [&](const CellSet& some) {
        std::vector<std::string> names;
        forEachCell(some, [&](std::size_t index) {
            const ValueCell& cell = variable.cells[index];
            if (cell.kind == ValueCell::Kind::Missing) {
                names.emplace_back("missing");
            } else if (cell.kind == ValueCell::Kind::OtherSpelling) {
                names.push_back("another spelling of " + toConditionText(Scalar(cell.text)));
            } else if (cell.kind == ValueCell::Kind::Style) {
                names.push_back(cell.text.empty() ? "not asked for" : cell.text);
            } else if (cell.kind == ValueCell::Kind::OtherText) {
                names.emplace_back("another text");
            } else {
                names.push_back(toConditionText(Scalar(cell.text)));
            }
        });
        if (names.size() > kMostTexts) {
            const std::size_t more = names.size() - kMostTexts;
            names.resize(kMostTexts);
            names.push_back("one of " + std::to_string(more) + " more");
        }
        return names;
    };
    const CellSet rest = CellSet::all(cells.size()) - cells;
    const bool isOpenEnded =
        variable.cells.back().kind == ValueCell::Kind::OtherText && cells.has(cells.size() - 1);
    if (isOpenEnded)
        return "is not " + listed(namesOf(rest), " or ");
    return "is " + listed(namesOf(cells), " or ");
}

} // namespace

std::string cellsInWords(const RegionSpace& space, std::size_t index, const CellSet& cells)
{
    if (cells.isAll())
        return {};
    const RegionSpace::Variable& variable = space.variables()[index];
    if (variable.kind == RegionSpace::Variable::Kind::Style)
        return "the style " + textsInWords(variable, cells);
    if (variable.kind == RegionSpace::Variable::Kind::Open) {
        const std::string text = toConditionText({space.atoms()[variable.atom].compare});
        return cells.has(1) ? text : "not " + text;
    }
    const std::string name = toConditionText(space.document().signalList[variable.signal].id) + ' ';
    switch (variable.cells.back().kind) {
    case ValueCell::Kind::Number:
        return name + numbersInWords(variable, cells);
    case ValueCell::Kind::Boolean: {
        std::vector<std::string> values;
        forEachCell(cells, [&](std::size_t cell) {
            const bool isThere = variable.cells[cell].kind == ValueCell::Kind::Boolean;
            values.emplace_back(!isThere                     ? "missing"
                                : variable.cells[cell].truth ? "true"
                                                             : "false");
        });
        return name + "is " + listed(values, " or ");
    }
    default:
        return name + textsInWords(variable, cells);
    }
}

} // namespace signalbox
