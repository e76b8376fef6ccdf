// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.h"

#include <array>
#include <string>
#include <vector>

namespace signalbox {

/// One of the four numbers that the product is about, in words.
struct Headline
{
    std::string name;
    std::string value;
    std::string interval; ///< "" where it has no width
    std::string meaning;
};

/// Rows of words under a header; the first column names, the others are numbers.
struct SheetTable
{
    std::string title;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
};

/// What a report says of a projection, whatever it is written on: text, HTML, paper. English, in
/// the order in which it is read.
struct ProjectionSheet
{
    std::string title; ///< "Support desk, revision 7"
    bool isSimulated = false;
    std::string traffic; ///< "" if it has no name
    std::string basis;   ///< requests, conversations, answers
    std::array<Headline, 4> numbers;
    std::string gates;              ///< how many are met, and how often all of them
    std::vector<GateResult> judged; ///< worst first
    SheetTable tiers;
    SheetTable segments;
    SheetTable rules;
    SheetTable models;
    std::vector<std::string> notes;
};

[[nodiscard]] ProjectionSheet sheetOf(const Projection& projection, const PolicyDocument& document);

} // namespace signalbox
