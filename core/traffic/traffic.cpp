// SPDX-License-Identifier: Apache-2.0
#include "traffic.h"

#include "row_texts.h"

#include <algorithm>
#include <utility>

namespace signalbox {

using namespace traffic_detail;

LoggedFeedback FeedbackColumns::operator[](std::size_t entry) const
{
    LoggedFeedback said;
    said.name = name[entry];
    said.source = source[entry];
    said.label = label[entry];
    said.value = value.at(entry, kUnknownNumber);
    said.scaleMin = scaleMin.at(entry, kUnknownNumber);
    said.scaleMax = scaleMax.at(entry, kUnknownNumber);
    said.weight = weight.at(entry, 1);
    return said;
}

std::size_t Traffic::conversationCount() const
{
    return conversationOf.empty() ? 0 : std::size_t(conversationOf.back()) + 1;
}

std::vector<std::size_t> Traffic::conversationStarts() const
{
    std::vector<std::size_t> starts;
    starts.reserve(conversationCount() + 1);
    for (std::size_t row = 0; row < rowCount(); ++row)
        if (row == 0 || conversationOf[row] != conversationOf[row - 1])
            starts.push_back(row);
    starts.push_back(rowCount());
    return starts;
}

Request Traffic::request(std::size_t row) const
{
    RequestReader reader(*this);
    return reader.at(row);
}

std::string_view Traffic::conversationId(std::size_t row) const
{
    return conversationIds[conversationOf[row]];
}

std::optional<std::string> Traffic::styleOf(std::size_t row) const
{
    if (const std::string_view named = style[row]; !named.empty())
        return std::string(named);
    const std::string_view rare = details[row];
    if (rare.empty())
        return std::nullopt;
    Request request;
    readDetails(rare, request);
    return request.style;
}

std::vector<MetadataEntry> Traffic::metadataOf(std::size_t row) const
{
    std::vector<MetadataEntry> entries;
    readMetadata(metadata[row], entries);
    return entries;
}

std::vector<std::string_view> Traffic::tagsOf(std::size_t row) const
{
    return readList(tags[row]);
}

std::optional<Money> Traffic::costOf(std::size_t row) const
{
    const std::int64_t pico = cost.at(row, kUnknownCost);
    return pico == kUnknownCost ? std::nullopt : std::optional(Money{pico});
}

std::vector<LoggedMessage> Traffic::messagesOf(std::size_t row) const
{
    std::vector<std::uint32_t> list;
    messages.listOf(row, list);
    std::vector<LoggedMessage> said;
    said.reserve(list.size());
    for (const std::uint32_t message : list)
        said.push_back(messages[message]);
    return said;
}

std::string_view Traffic::lastMessage(std::size_t row) const
{
    return messages[messages.lastOf(row)].text;
}

std::string_view Traffic::lastUserMessage(std::size_t row) const
{
    for (std::uint32_t at = messages.lastOf(row); at != MessageColumns::kNone;
         at = messages.before(at, row)) {
        if (const LoggedMessage said = messages[at]; said.role == Role::User)
            return said.text;
    }
    return {};
}

std::pair<std::size_t, std::size_t> Traffic::feedbackOn(std::size_t row) const
{
    const auto [begin, end] = std::equal_range(feedback.rowOf.begin(), feedback.rowOf.end(),
                                               static_cast<std::uint32_t>(row));
    return {static_cast<std::size_t>(begin - feedback.rowOf.begin()),
            static_cast<std::size_t>(end - feedback.rowOf.begin())};
}

std::vector<Request> Traffic::sample(std::size_t most) const
{
    const std::size_t count = std::min(rowCount(), most);
    std::vector<Request> requests;
    requests.reserve(count);
    RequestReader reader(*this);
    for (std::size_t i = 0; i < count; ++i)
        requests.push_back(reader.at(i * rowCount() / count));
    return requests;
}

const Request& RequestReader::at(std::size_t row)
{
    readMessages(row);
    m_request.requestId.assign(m_traffic.requestId(row));
    m_request.conversationId.assign(m_traffic.conversationId(row));
    m_request.userId.assign(m_traffic.userId(row));
    m_request.requestedModel.assign(m_traffic.askedModel[row]);
    if (const std::string_view style = m_traffic.style[row]; !style.empty())
        m_request.style = style;
    else
        m_request.style.reset();
    const std::string_view metadata = m_traffic.metadata[row];
    if (metadata.data() != m_metadata.data() || metadata.size() != m_metadata.size()) {
        readMetadata(metadata, m_request.metadata);
        m_metadata = metadata;
    }
    const std::int32_t limit = m_traffic.maxTokens.at(row, Traffic::kNoLimit);
    m_request.maxTokens = limit == Traffic::kNoLimit ? std::nullopt : std::optional<int>(limit);
    m_request.hasTools = m_traffic.hasTools.at(row, 0) != 0;
    m_request.headers.clear();
    m_request.usage.clear();
    m_request.timeMs.reset();
    if (const std::string_view details = m_traffic.details[row]; !details.empty())
        readDetails(details, m_request);
    return m_request;
}

void RequestReader::readMessages(std::size_t row)
{
    m_traffic.messages.listOf(row, m_next);
    std::size_t same = 0;
    while (same < std::min(m_list.size(), m_next.size()) && m_list[same] == m_next[same])
        ++same;
    m_request.messages.resize(m_next.size());
    for (std::size_t i = same; i < m_next.size(); ++i) {
        const LoggedMessage said = m_traffic.messages[m_next[i]];
        m_request.messages[i].role = said.role;
        m_request.messages[i].text.assign(said.text);
        m_request.messages[i].images = said.images;
    }
    m_list.swap(m_next);
}

} // namespace signalbox
