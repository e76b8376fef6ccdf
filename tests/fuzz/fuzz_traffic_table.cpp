// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a saved table, once as they are and once behind sums that are made right: opening
// and reading stays inside of them, and what cannot be opened is said in a sentence.

#include <core/base/crc32c.h>
#include <core/base/utf8.h>
#include <core/traffic/traffic_file.h>
#include <core/traffic/traffic_summary.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace signalbox;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

template<class T> T at(const std::vector<char>& bytes, std::size_t offset)
{
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

template<class T> void put(std::vector<char>& bytes, std::size_t offset, T value)
{
    std::memcpy(bytes.data() + offset, &value, sizeof value);
}

std::string_view viewOf(const std::vector<char>& bytes)
{
    return {bytes.data(), bytes.size()};
}

void readAll(const Traffic& traffic)
{
    const TrafficSummary summary = summaryOf(traffic);
    require(summary.rows == traffic.rowCount());
    constexpr std::size_t kMostRows = 200; // a list may be as long as all of the file, in each row
    RequestReader reader(traffic);
    for (std::size_t row = 0; row < std::min(traffic.rowCount(), kMostRows); ++row) {
        const Request& request = reader.at(row);
        require(request.messages.size() <= traffic.messages.count());
        require(request.messages.size() == traffic.messagesOf(row).size());
        require(traffic.messages.answerOf(row).size() <= traffic.messages.texts.bytes.size());
        require(traffic.lastMessage(row) ==
                (request.messages.empty() ? std::string_view() : request.messages.back().text));
        (void)traffic.tagsOf(row);
        (void)traffic.costOf(row);
        require(traffic.feedbackOn(row).first <= traffic.feedbackOn(row).second ||
                !std::ranges::is_sorted(traffic.feedback.rowOf));
    }
    const std::vector<std::size_t> starts = traffic.conversationStarts();
    require(starts.size() == traffic.conversationCount() + 1 || traffic.rowCount() == 0);
}

void check(const std::vector<char>& bytes)
{
    const auto file = TrafficFile::read(viewOf(bytes));
    if (!file) {
        require(!file.error().message.empty() && !firstInvalidUtf8(file.error().message));
        return;
    }
    readAll(*file->traffic());
    if (const auto checked = file->verify(); !checked)
        require(!firstInvalidUtf8(checked.error().message));
}

/// With the sums, the size and the place of the directory made right.
std::vector<char> forged(std::vector<char> bytes)
{
    constexpr std::size_t kHeader = 64;
    constexpr std::size_t kSection = 64;
    if (bytes.size() < kHeader)
        return bytes;
    std::memcpy(bytes.data(), "\x89SBT\r\n\x1a\n", 8);
    put<std::uint32_t>(bytes, 8, 1);
    put<std::uint32_t>(bytes, 12, kHeader);
    put<std::uint64_t>(bytes, 16, bytes.size());
    const auto directory = at<std::uint64_t>(bytes, 32);
    const auto size = at<std::uint64_t>(bytes, 40);
    if (directory <= bytes.size() && size <= bytes.size() - directory && size % kSection == 0)
        put<std::uint32_t>(bytes, 48, crc32c(viewOf(bytes).substr(directory, size)));
    put<std::uint32_t>(bytes, 56, crc32c(viewOf(bytes).substr(0, 56)));
    return bytes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::vector<char> bytes(data, data + size); // of its own: its end is watched
    check(bytes);
    check(forged(bytes));
    return 0;
}
