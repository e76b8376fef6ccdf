// SPDX-License-Identifier: Apache-2.0
#include "message_columns.h"

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

constexpr std::uint8_t kRoleBits = 3;
constexpr int kManyImages = 63;

} // namespace

LoggedMessage MessageColumns::operator[](std::uint32_t message) const
{
    LoggedMessage said;
    if (message >= kinds.size())
        return said;
    said.role = static_cast<Role>(kinds[message] & kRoleBits);
    said.images = kinds[message] >> 2;
    if (said.images == kManyImages) {
        const auto found = std::lower_bound(pictured.begin(), pictured.end(), message);
        const auto at = static_cast<std::size_t>(found - pictured.begin());
        if (found != pictured.end() && *found == message)
            said.images = static_cast<int>(pictureCounts.at(at, kManyImages) & 0x7fffffffU);
    }
    said.text = texts[message];
    return said;
}

MessageColumns::Own MessageColumns::ownOf(std::size_t row) const
{
    if (row + 1 >= begins.size())
        return {};
    const auto all = static_cast<std::uint32_t>(count());
    const std::uint32_t begin = std::min(begins[row], all);
    return {begin, std::clamp(begins[row + 1], begin, all)};
}

bool MessageColumns::isAnswered(std::size_t row) const
{
    return answered.at(row, 0) != 0;
}

std::size_t MessageColumns::rowOf(std::uint32_t message, std::size_t atMost) const
{
    // Nearly always the row before.
    for (std::size_t tries = 0; tries < 2 && atMost > 0; ++tries) {
        if (begins[atMost] <= message)
            return atMost;
        --atMost;
    }
    const auto* const end = begins.begin() + atMost + 1;
    const auto* const found = std::upper_bound(begins.begin(), end, message);
    return found == begins.begin() ? 0 : static_cast<std::size_t>(found - begins.begin()) - 1;
}

std::uint32_t MessageColumns::lastOf(std::size_t row) const
{
    const Own own = ownOf(row);
    const std::uint32_t end = own.end - (isAnswered(row) && own.end > own.begin ? 1 : 0);
    if (end > own.begin)
        return end - 1;
    const std::uint32_t parent = parents.at(row, kNone);
    return parent < own.begin ? parent : kNone;
}

std::uint32_t MessageColumns::before(std::uint32_t message, std::size_t row) const
{
    if (row + 1 >= begins.size())
        return kNone;
    const std::size_t owner = rowOf(message, row);
    if (message > begins[owner])
        return message - 1;
    const std::uint32_t parent = parents.at(owner, kNone);
    return parent < message ? parent : kNone; // it always falls: no list goes round
}

void MessageColumns::listOf(std::size_t row, std::vector<std::uint32_t>& messages) const
{
    messages.clear();
    for (std::uint32_t at = lastOf(row); at != kNone;) {
        const std::size_t owner = rowOf(at, row);
        const std::uint32_t begin = std::min(begins[owner], at);
        for (std::uint32_t own = at + 1; own-- > begin;)
            messages.push_back(own);
        const std::uint32_t parent = parents.at(owner, kNone);
        at = parent < begin ? parent : kNone;
        row = owner;
    }
    std::ranges::reverse(messages);
}

std::string_view MessageColumns::answerOf(std::size_t row) const
{
    const Own own = ownOf(row);
    return isAnswered(row) && own.end > own.begin ? texts[own.end - 1] : std::string_view();
}

MessageColumnsBuilder::MessageColumnsBuilder(std::filesystem::path folder, std::size_t memoryBytes)
    : m_folder(std::move(folder)), m_memoryBytes(memoryBytes),
      m_texts(ByteStore(m_folder, m_memoryBytes))
{}

Result<void> MessageColumnsBuilder::addMessage(const LoggedMessage& message)
{
    if (m_kinds.size() >= MessageColumns::kNone - 1)
        return fail(ErrorCode::TooLarge, "more than 4 billion messages");
    if (auto added = m_texts.add(message.text); !added)
        return added;
    const int images = std::max(message.images, 0);
    if (images >= kManyImages) {
        m_pictured.push_back(static_cast<std::uint32_t>(m_kinds.size()));
        m_pictureCounts.push_back(static_cast<std::uint32_t>(images));
    }
    m_kinds.push_back(static_cast<std::uint8_t>(static_cast<int>(message.role) +
                                                4 * std::min(images, kManyImages)));
    return {};
}

Result<void> MessageColumnsBuilder::add(std::span<const LoggedMessage> messages,
                                        std::string_view answer)
{
    for (const LoggedMessage& message : messages) {
        if (auto added = addMessage(message); !added)
            return added;
    }
    if (!answer.empty()) {
        if (auto added = addMessage({Role::Assistant, answer, 0}); !added)
            return added;
        m_answered.resize(m_begins.size() - 1, 0);
        m_answered.push_back(1);
    }
    m_begins.push_back(static_cast<std::uint32_t>(m_kinds.size()));
    return {};
}

/// Gives the rows of one builder to another in their order, each with what is new in it.
class MessageColumnsBuilder::Ordering
{
public:
    Ordering(const MessageColumns& from, MessageColumnsBuilder& to) : m_from(from), m_to(to) {}

    Result<void> add(std::size_t row, bool isFirst)
    {
        if (isFirst)
            m_before.clear();
        const std::uint32_t begin = m_from.begins[row];
        const std::uint32_t end = m_from.begins[row + 1];
        const bool isAnswered = m_from.answered.at(row, 0) != 0;
        const std::size_t asked = end - begin - (isAnswered ? 1 : 0);
        std::size_t shared = 0;
        // An answer is a row's own, even if the same was said before.
        while (shared < std::min(asked, m_before.size()) &&
               isSame(m_before[shared].from, begin + static_cast<std::uint32_t>(shared)))
            ++shared;
        m_parents.push_back(shared == 0 ? MessageColumns::kNone : m_before[shared - 1].to);
        m_anyParent = m_anyParent || shared > 0;
        m_before.resize(shared);
        m_own.clear();
        for (auto at = begin + static_cast<std::uint32_t>(shared); at < end; ++at) {
            m_before.push_back(
                {at, static_cast<std::uint32_t>(m_to.m_kinds.size() + m_own.size())});
            m_own.push_back(m_from[at]);
        }
        if (!isAnswered)
            return m_to.add(m_own, {});
        const std::string_view answer = m_own.back().text;
        m_own.pop_back();
        return m_to.add(m_own, answer);
    }

    [[nodiscard]] Column<std::uint32_t> takeParents()
    {
        return m_anyParent ? Column<std::uint32_t>(std::move(m_parents)) : Column<std::uint32_t>();
    }

private:
    struct Said
    {
        std::uint32_t from = 0;
        std::uint32_t to = 0;
    };

    [[nodiscard]] bool isSame(std::uint32_t a, std::uint32_t b) const
    {
        const LoggedMessage first = m_from[a];
        const LoggedMessage second = m_from[b];
        return first.role == second.role && first.images == second.images &&
               first.text == second.text;
    }

    const MessageColumns& m_from;
    MessageColumnsBuilder& m_to;
    std::vector<Said> m_before = {}; ///< the messages of the row before, its answer last
    std::vector<LoggedMessage> m_own = {};
    std::vector<std::uint32_t> m_parents = {};
    bool m_anyParent = false;
};

Result<MessageColumns> MessageColumnsBuilder::take(const std::vector<std::uint32_t>& order,
                                                   const Column<std::uint32_t>& conversations)
{
    MessageColumns columns;
    if (m_kinds.empty())
        return columns;
    columns.begins = std::exchange(m_begins, {0});
    columns.answered = std::exchange(m_answered, {});
    columns.kinds = std::exchange(m_kinds, {});
    columns.pictured = std::exchange(m_pictured, {});
    columns.pictureCounts = std::exchange(m_pictureCounts, {});
    columns.texts = m_texts.take();
    const bool haveTurns = std::ranges::adjacent_find(conversations) != conversations.end();
    if (order.empty() && !haveTurns)
        return columns;
    MessageColumnsBuilder ordered(m_folder, m_memoryBytes);
    Ordering ordering(columns, ordered);
    for (std::size_t row = 0; row < conversations.size(); ++row) {
        const bool isFirst = row == 0 || conversations[row] != conversations[row - 1];
        if (auto added = ordering.add(order.empty() ? row : order[row], isFirst); !added)
            return Unexpected(added.error());
    }
    auto inOrder = ordered.take({}, {});
    if (inOrder)
        inOrder->parents = ordering.takeParents();
    return inOrder;
}

} // namespace signalbox
