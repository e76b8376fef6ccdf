// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "column.h"
#include "logged_request.h"
#include "text_column.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace signalbox {

/// What was said in conversations, every text once. A row has a list of messages, its answer
/// included if the log has it; of that list it keeps what is new against the row before, and refers
/// to the message there after which the new ones come. A row whose history is another one keeps it
/// whole. Reading is safe whatever the columns hold.
class MessageColumns
{
public:
    static constexpr std::uint32_t kNone = 0xffffffff;

    Column<std::uint32_t> begins;  ///< each row's first own message, and their count at the end
    Column<std::uint32_t> parents; ///< the message before it, or kNone; left out if no row has one
    Column<std::uint8_t> answered; ///< 1 if a row's last own message is its answer; may be left out
    Column<std::uint8_t> kinds;    ///< of each message: its role, and 4 times its images up to 63
    Column<std::uint32_t> pictured;      ///< messages of 63 images and more, ascending
    Column<std::uint32_t> pictureCounts; ///< theirs
    TextColumn texts;

    [[nodiscard]] std::size_t count() const { return kinds.size(); } ///< messages in all
    [[nodiscard]] LoggedMessage operator[](std::uint32_t message) const;

    /// The numbers of a row's messages in order, without its answer. O(messages of the row).
    void listOf(std::size_t row, std::vector<std::uint32_t>& messages) const;
    /// The last message of a row, its answer left aside; kNone if it has none.
    [[nodiscard]] std::uint32_t lastOf(std::size_t row) const;
    /// The message before one that is in the list of a row; kNone at the beginning.
    [[nodiscard]] std::uint32_t before(std::uint32_t message, std::size_t row) const;
    [[nodiscard]] std::string_view answerOf(std::size_t row) const;

    bool operator==(const MessageColumns&) const = default;

private:
    struct Own
    {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
    };
    [[nodiscard]] Own ownOf(std::size_t row) const;
    [[nodiscard]] bool isAnswered(std::size_t row) const;
    [[nodiscard]] std::size_t rowOf(std::uint32_t message, std::size_t atMost) const;
};

/// Takes rows' messages as they come, and puts them in order in the end.
class MessageColumnsBuilder
{
public:
    /// @param folder, memoryBytes  see ByteStore
    MessageColumnsBuilder(std::filesystem::path folder, std::size_t memoryBytes);

    /// The next row.
    [[nodiscard]] Result<void> add(std::span<const LoggedMessage> messages,
                                   std::string_view answer);

    /// @param order          the old row of each new one; empty: as they came
    /// @param conversations  of the new rows
    [[nodiscard]] Result<MessageColumns> take(const std::vector<std::uint32_t>& order,
                                              const Column<std::uint32_t>& conversations);

private:
    class Ordering;
    [[nodiscard]] Result<void> addMessage(const LoggedMessage& message);

    std::filesystem::path m_folder;
    std::size_t m_memoryBytes;
    std::vector<std::uint32_t> m_begins{0};
    std::vector<std::uint8_t> m_answered; ///< up to the last row that is
    std::vector<std::uint8_t> m_kinds;
    std::vector<std::uint32_t> m_pictured;
    std::vector<std::uint32_t> m_pictureCounts;
    TextColumnBuilder m_texts;
};

} // namespace signalbox
