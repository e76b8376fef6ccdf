// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as the text of a condition: reading never crashes; a mistake has a sentence and a place
// inside the text; what can be read is written and read back equal; whatever is offered at a place
// replaces a part of the text around it.

#include <core/policy/condition_completion.h>
#include <core/policy/condition_text.h>
#include <core/policy/policy_json.h>
#include <tests/support/design_example.h>
#include <tests/support/random_policy.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t maxSize);

namespace {

using namespace signalbox;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

const PolicyDocument& policy()
{
    static const PolicyDocument document = *parsePolicy(signalbox::test::kDesignExample);
    return document;
}

void checkMistake(const ConditionMistake& mistake, std::string_view text)
{
    require(mistake.message.ends_with('.') || mistake.message.ends_with('?'));
    require(mistake.offset <= text.size() && mistake.length <= text.size() - mistake.offset);
}

void checkReading(std::string_view text)
{
    const auto reading = readConditionText(text);
    if (!reading)
        return checkMistake(reading.error(), text);
    if (const auto mistake = mistakeOfMeaning(*reading, policy()))
        checkMistake(*mistake, text);
    const std::string written = toConditionText(reading->condition);
    const auto again = readConditionText(written);
    require(again && again->condition == reading->condition);
    require(toConditionText(again->condition) == written);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    checkReading(text);
    const std::size_t cursor = size == 0 ? 0 : data[0] % (size + 1);
    const ConditionCompletions offers = completeCondition(text, cursor, policy());
    require(offers.from <= cursor && cursor <= offers.to && offers.to <= size);
    return 0;
}

/// Bytes alone hardly ever become a condition, so some inputs start from one.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t maxSize, unsigned int seed)
{
    if (seed % 16 != 0)
        return LLVMFuzzerMutate(data, size, maxSize);
    const std::string text = toConditionText(signalbox::test::RandomPolicy(seed).condition(4));
    const std::size_t length = std::min(text.size(), maxSize);
    std::copy_n(text.begin(), length, data);
    return LLVMFuzzerMutate(data, length, maxSize);
}
