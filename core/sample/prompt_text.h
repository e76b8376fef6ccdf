// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support_desk.h"
#include "topic.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace signalbox::sample {

/// What a prompt's slots hold. The same for every model and sample.
struct Slots
{
    std::string_view item; ///< "desk lamp"
    std::string order;     ///< "SD-48213"
    std::string_view day;
    std::string amount; ///< "34.90 euros"
    std::string address;
    std::string about; ///< what it is about, inside a sentence, itself without slots
};

/// How much there is to answer, by the length of the message: longer ones get longer answers.
enum class Effort { Short, Medium, Long };

/// Where a sample prompt comes from.
struct PromptOrigin
{
    const SegmentTopics* segment = nullptr;
    const Topic* topic = nullptr;
    const AskText* ask = nullptr;
    std::size_t index = 0; ///< into supportDeskPrompts()
    Slots slots;
    Effort effort = Effort::Short;
};

/// Origins of supportDeskPrompts(), same order.
[[nodiscard]] const std::vector<PromptOrigin>& promptOrigins();

/// The sample prompt with this text; null for any other text. O(1).
[[nodiscard]] const PromptOrigin* findPromptByText(std::string_view text);

/// `text` with "{item}" and the other slots filled.
[[nodiscard]] std::string fillSlots(std::string_view text, const Slots& slots);

} // namespace signalbox::sample
