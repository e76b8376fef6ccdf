// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as prompts, in every format and in the one that is guessed: reading never crashes;
// every line that could not be read has a number and a sentence; what was read is whole, is written
// and read back equal; templates expand to whole prompts without placeholders of theirs, or say why
// not.

#include <core/base/utf8.h>
#include <core/prompts/prompt_reader.h>
#include <core/prompts/prompt_template.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

namespace {

using namespace signalbox;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void checkReport(const ImportReport& report, std::size_t lines)
{
    require(report.refused().size() == std::min(report.refusedCount(), ImportReport::kShown));
    for (const RefusedLine& refused : report.refused()) {
        require(refused.line <= lines);
        require(!refused.message.empty() && !firstInvalidUtf8(refused.message));
    }
    for (const std::string& note : report.notes())
        require(!note.empty());
}

void checkSet(const PromptSet& set)
{
    std::set<PromptId> ids;
    for (const PromptCase& prompt : set.cases) {
        require(checkCase(prompt).has_value());
        require(ids.insert(prompt.id).second);
        for (const Message& message : messagesOf(prompt))
            require(!firstInvalidUtf8(message.text));
    }
}

void checkRoundTrip(const PromptSet& set)
{
    PromptReadOptions options;
    options.name = set.name;
    const auto again = readPrompts(toPromptJsonLines(set), PromptFormat::JsonLines, options);
    require(again.has_value() && again->report.refusedCount() == 0 && again->set == set);
}

void checkExpansion(const PromptSet& set)
{
    const TemplateExpansion expansion = expandTemplates(set);
    checkSet(expansion.set);
    checkReport(expansion.report, 0);
    require(expansion.set.cases.size() <= kMostExpandedCases);
    require(expansion.set.cases.size() + expansion.report.refusedCount() >= set.cases.size());
}

void checkFormat(std::string_view bytes, PromptFormat format, std::size_t lines)
{
    PromptReadOptions options;
    options.name = "fuzz";
    const auto reading = readPrompts(bytes, format, options);
    if (!reading) {
        require(!reading.error().message.empty());
        return;
    }
    require(reading->format == format && !reading->set.cases.empty());
    checkReport(reading->report, lines);
    checkSet(reading->set);
    checkRoundTrip(reading->set);
    checkExpansion(reading->set);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto text = decodedText(bytes);
    const std::size_t lines = text ? linesOf(*text).size() : 0;
    checkFormat(bytes, guessPromptFormat(bytes), lines);
    for (const PromptFormat format :
         {PromptFormat::JsonLines, PromptFormat::JsonList, PromptFormat::Csv, PromptFormat::Lines,
          PromptFormat::Paragraphs})
        checkFormat(bytes, format, lines);
    return 0;
}
