// SPDX-License-Identifier: Apache-2.0
#include "traffic_builder.h"

#include "row_texts.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace signalbox {

using namespace traffic_detail;

namespace {

using Order = std::vector<std::uint32_t>; ///< the old row of each new one; empty: as they came

constexpr std::size_t kMostRows = 0xfffffffe;
constexpr std::size_t kMostSegments = std::size_t{std::numeric_limits<std::uint16_t>::max()} + 1;

/// A number for each row; none is kept before the first row that has one.
template<class T> class NumberColumnBuilder
{
public:
    explicit NumberColumnBuilder(T unknown) : m_unknown(unknown) {}

    void set(std::size_t row, T value)
    {
        if (std::isnan(static_cast<double>(value)) || value == m_unknown)
            return;
        m_values.resize(row, m_unknown);
        m_values.push_back(value);
    }

    /// @return without rows if none has a value
    Column<T> take(std::size_t rows, const Order& order)
    {
        return m_values.empty() ? Column<T>() : takeAll(rows, order);
    }

    Column<T> takeAll(std::size_t rows, const Order& order)
    {
        m_values.resize(rows, m_unknown);
        if (order.empty())
            return std::move(m_values);
        std::vector<T> ordered(rows);
        std::ranges::transform(order, ordered.begin(),
                               [this](std::uint32_t row) { return m_values[row]; });
        m_values = {};
        return ordered;
    }

private:
    T m_unknown;
    std::vector<T> m_values = {};
};

std::int32_t narrowed(std::int64_t count)
{
    return static_cast<std::int32_t>(
        std::clamp<std::int64_t>(count, -1, std::numeric_limits<std::int32_t>::max()));
}

std::int64_t picoOf(double usd)
{
    return std::isnan(usd) ? Traffic::kUnknownCost : Money::fromUsd(usd).pico;
}

std::uint8_t codeOf(const std::optional<bool>& flag)
{
    return !flag ? std::uint8_t{0} : *flag ? std::uint8_t{1} : std::uint8_t{2};
}

std::uint16_t httpOf(int status)
{
    return static_cast<std::uint16_t>(std::clamp(status, 0, 999));
}

/// Entries of rows, of which a row may have several.
class EntryOrder
{
public:
    void add(std::size_t row) { m_rows.push_back(static_cast<std::uint32_t>(row)); }
    [[nodiscard]] std::size_t size() const { return m_rows.size(); }

    /// Sorts the entries as their rows are to be.
    Order take(std::size_t rows, const Order& order, Column<std::uint32_t>& rowOf)
    {
        if (order.empty()) {
            rowOf = std::move(m_rows); // they came row by row
            return {};
        }
        std::vector<std::uint32_t> newRow(rows);
        for (std::size_t row = 0; row < rows; ++row)
            newRow[order[row]] = static_cast<std::uint32_t>(row);
        Order entries(m_rows.size());
        std::iota(entries.begin(), entries.end(), 0U);
        std::ranges::stable_sort(entries, {},
                                 [&](std::uint32_t entry) { return newRow[m_rows[entry]]; });
        std::vector<std::uint32_t> sorted;
        sorted.reserve(entries.size());
        for (const std::uint32_t entry : entries)
            sorted.push_back(newRow[m_rows[entry]]);
        rowOf = std::move(sorted);
        return entries;
    }

private:
    std::vector<std::uint32_t> m_rows = {};
};

class FeedbackBuilder
{
public:
    void add(std::size_t row, std::span<const LoggedFeedback> said)
    {
        for (const LoggedFeedback& feedback : said) {
            const std::size_t entry = m_entries.size();
            m_value.set(entry, feedback.value);
            m_scaleMin.set(entry, feedback.scaleMin);
            m_scaleMax.set(entry, feedback.scaleMax);
            m_weight.set(entry, static_cast<float>(feedback.weight));
            m_name.set(entry, feedback.name);
            m_source.set(entry, feedback.source);
            m_label.set(entry, feedback.label);
            m_entries.add(row);
        }
    }

    FeedbackColumns take(std::size_t rows, const Order& order)
    {
        FeedbackColumns columns;
        const std::size_t count = m_entries.size();
        const Order entries = m_entries.take(rows, order, columns.rowOf);
        columns.value = m_value.take(count, entries);
        columns.scaleMin = m_scaleMin.take(count, entries);
        columns.scaleMax = m_scaleMax.take(count, entries);
        columns.weight = m_weight.take(count, entries);
        columns.name = m_name.take(count, entries);
        columns.source = m_source.take(count, entries);
        columns.label = m_label.take(count, entries);
        return columns;
    }

private:
    EntryOrder m_entries;
    NumberColumnBuilder<double> m_value{kUnknownNumber};
    NumberColumnBuilder<double> m_scaleMin{kUnknownNumber};
    NumberColumnBuilder<double> m_scaleMax{kUnknownNumber};
    NumberColumnBuilder<float> m_weight{1};
    NameColumnBuilder m_name;
    NameColumnBuilder m_source;
    NameColumnBuilder m_label;
};

class AttemptsBuilder
{
public:
    void add(std::size_t row, std::span<const LoggedAttempt> made)
    {
        for (const LoggedAttempt& attempt : made) {
            const std::size_t entry = m_entries.size();
            m_index.set(entry, attempt.index);
            m_provider.set(entry, attempt.provider);
            m_model.set(entry, attempt.model);
            m_error.set(entry, attempt.errorClass);
            m_status.set(entry, static_cast<std::uint8_t>(attempt.status));
            m_httpStatus.set(entry, httpOf(attempt.httpStatus));
            m_startMs.set(entry, attempt.startMs);
            m_latencyMs.set(entry, static_cast<float>(attempt.latencyMs));
            m_cost.set(entry, picoOf(attempt.costUsd));
            m_inputTokens.set(entry, narrowed(attempt.tokensIn));
            m_outputTokens.set(entry, narrowed(attempt.tokensOut));
            m_entries.add(row);
        }
    }

    AttemptColumns take(std::size_t rows, const Order& order)
    {
        AttemptColumns columns;
        const std::size_t count = m_entries.size();
        const Order entries = m_entries.take(rows, order, columns.rowOf);
        columns.index = m_index.take(count, entries);
        columns.provider = m_provider.take(count, entries);
        columns.model = m_model.take(count, entries);
        columns.error = m_error.take(count, entries);
        columns.status = m_status.take(count, entries);
        columns.httpStatus = m_httpStatus.take(count, entries);
        columns.startMs = m_startMs.take(count, entries);
        columns.latencyMs = m_latencyMs.take(count, entries);
        columns.cost = m_cost.take(count, entries);
        columns.inputTokens = m_inputTokens.take(count, entries);
        columns.outputTokens = m_outputTokens.take(count, entries);
        return columns;
    }

private:
    EntryOrder m_entries;
    NumberColumnBuilder<std::int32_t> m_index{-1};
    NameColumnBuilder m_provider;
    NameColumnBuilder m_model;
    NameColumnBuilder m_error;
    NumberColumnBuilder<std::uint8_t> m_status{0};
    NumberColumnBuilder<std::uint16_t> m_httpStatus{0};
    NumberColumnBuilder<std::int64_t> m_startMs{0};
    NumberColumnBuilder<float> m_latencyMs{std::numeric_limits<float>::quiet_NaN()};
    NumberColumnBuilder<std::int64_t> m_cost{Traffic::kUnknownCost};
    NumberColumnBuilder<std::int32_t> m_inputTokens{-1};
    NumberColumnBuilder<std::int32_t> m_outputTokens{-1};
};

/// Finds the conversation of a row by what was said before its last message: a row that ended there
/// is one turn earlier.
class Histories
{
public:
    /// @return the conversation that the messages go on with, or Traffic::kNone
    [[nodiscard]] std::uint32_t find(std::span<const LoggedMessage> messages, std::string_view user)
    {
        m_ends.clear();
        std::size_t hash = hashOf(user);
        bool isAnswered = false;
        for (const LoggedMessage& message : messages) {
            isAnswered = isAnswered || message.role == Role::Assistant;
            hash = with(hash, message);
            m_ends.push_back(hash);
        }
        if (!isAnswered)
            return Traffic::kNone; // a first turn; many begin alike
        for (const auto& [end, conversation] : m_first)
            m_known[end] = conversation;
        m_first.clear();
        m_hasTurns = true;
        for (std::size_t i = m_ends.size() - 1; i-- > 0;) {
            if (const auto known = m_known.find(m_ends[i]); known != m_known.end())
                return known->second;
        }
        return Traffic::kNone;
    }

    /// After find() of the same messages.
    void add(std::string_view answer, std::uint32_t conversation)
    {
        if (m_ends.empty())
            return;
        const std::size_t end =
            answer.empty() ? m_ends.back() : with(m_ends.back(), {Role::Assistant, answer, 0});
        if (m_hasTurns)
            m_known[end] = conversation;
        else
            m_first.emplace_back(end, conversation);
    }

private:
    static std::size_t hashOf(std::string_view text) { return std::hash<std::string_view>()(text); }
    static std::size_t with(std::size_t hash, const LoggedMessage& message)
    {
        constexpr std::size_t kOdd = 0x9E3779B97F4A7C15; // of Knuth's multiplicative hashing
        return (hash ^ (hashOf(message.text) + static_cast<std::size_t>(message.role))) * kOdd +
               (hash >> 29);
    }

    /// Before any row goes on with another; a log may have none that does.
    std::vector<std::pair<std::size_t, std::uint32_t>> m_first;
    bool m_hasTurns = false;
    std::unordered_map<std::size_t, std::uint32_t> m_known;
    std::vector<std::size_t> m_ends;
};

} // namespace

struct TrafficBuilder::Rows
{
    explicit Rows(const TrafficBuilderOptions& chosen)
        : options(chosen), messages(chosen.scratchFolder, chosen.memoryBytes),
          requestIds(ByteStore(chosen.scratchFolder, chosen.memoryBytes))
    {}

    /// What orders a row.
    struct Key
    {
        std::uint32_t conversation = 0;
        std::uint32_t turn = 0;
        std::int64_t timeMs = 0;
        [[nodiscard]] auto asTuple() const { return std::tuple(conversation, turn, timeMs); }
    };

    std::uint32_t newConversation()
    {
        rowsOf.push_back(0);
        idOf.push_back(Traffic::kNone);
        return static_cast<std::uint32_t>(rowsOf.size() - 1);
    }

    std::uint32_t conversationNamed(std::string_view id)
    {
        const std::uint32_t number = ids.numberOf(id);
        if (number == conversationOfId.size()) {
            conversationOfId.push_back(newConversation());
            idOf.back() = number;
        }
        return conversationOfId[number];
    }

    std::uint32_t conversationOf(const LoggedRequest& row)
    {
        if (!row.sessionId.empty())
            return conversationNamed(row.sessionId);
        if (options.unnamed == TrafficBuilderOptions::Unnamed::Alone)
            return newConversation();
        std::uint32_t found = histories.find(row.messages, row.userId);
        if (found == Traffic::kNone)
            found = newConversation();
        else
            ++joined;
        histories.add(row.response, found);
        return found;
    }

    Result<void> checkRoom(std::string_view segment)
    {
        if (count >= kMostRows)
            return fail(ErrorCode::TooLarge, "more than 4 billion requests");
        const bool isNew = segments.numberOf(segment) >= kMostSegments;
        return isNew ? Result<void>(fail(ErrorCode::TooLarge, "more than 65,536 different segments",
                                         "segment"))
                     : Result<void>();
    }

    void addKey(std::uint32_t conversation, std::size_t turn, std::int64_t time)
    {
        const Key key{conversation,
                      static_cast<std::uint32_t>(
                          std::min<std::size_t>(turn, std::numeric_limits<std::uint32_t>::max())),
                      time};
        isOrdered = isOrdered && (keys.empty() || keys.back().asTuple() <= key.asTuple());
        keys.push_back(key);
        ++rowsOf[conversation];
    }

    void addShared(std::string_view segment, const std::optional<std::string_view>& promptId,
                   std::int64_t inputTokenCount)
    {
        segmentOf.push_back(static_cast<std::uint16_t>(segments.numberOf(segment)));
        if (promptId)
            promptOf.set(count, prompts.numberOf(*promptId));
        inputTokens.set(count, narrowed(inputTokenCount));
    }

    Order order() const
    {
        if (isOrdered)
            return {};
        Order rows(count);
        std::iota(rows.begin(), rows.end(), 0U);
        std::ranges::stable_sort(rows, {},
                                 [this](std::uint32_t row) { return keys[row].asTuple(); });
        return rows;
    }

    void takeKeys(Traffic& traffic, const Order& rows)
    {
        traffic.conversationOf.reserve(count);
        traffic.turnOf.reserve(count);
        traffic.timeMs.reserve(count);
        for (std::size_t row = 0; row < count; ++row) {
            const Key& key = keys[rows.empty() ? row : rows[row]];
            const bool isFirst =
                row == 0 || traffic.conversationOf.span().back() != key.conversation;
            traffic.turnOf.push_back(
                nextTurn(key.turn, isFirst ? 0 : traffic.turnOf.span().back()));
            traffic.conversationOf.push_back(key.conversation);
            traffic.timeMs.push_back(key.timeMs);
            if (key.timeMs == 0)
                continue;
            traffic.firstMs =
                traffic.firstMs == 0 ? key.timeMs : std::min(traffic.firstMs, key.timeMs);
            traffic.lastMs = std::max(traffic.lastMs, key.timeMs);
        }
        keys = {};
    }

    /// A log may hold whole conversations (the count of user messages is the turn) or last messages
    /// only (the count is always 1): the turn rises in both.
    static std::uint16_t nextTurn(std::uint32_t stated, std::uint16_t previous)
    {
        constexpr std::uint32_t kMax = std::numeric_limits<std::uint16_t>::max();
        return static_cast<std::uint16_t>(
            std::min(std::max<std::uint32_t>(stated, previous + 1U), kMax));
    }

    Result<void> takeConversationIds(Traffic& traffic)
    {
        if (ids.size() == 0 && joined == 0)
            return {};
        TextColumnBuilder texts;
        for (std::size_t i = 0; i < rowsOf.size(); ++i) {
            // Splits that keep a conversation together need its name.
            const std::string made =
                rowsOf[i] > 1 ? "conversation " + std::to_string(i + 1) : std::string();
            if (auto added = texts.add(idOf[i] == Traffic::kNone ? made : ids[idOf[i]]); !added)
                return added;
        }
        traffic.conversationIds = texts.take();
        return {};
    }

    /// Segments and prompts are numbered as the rows are ordered, whatever the order in which they
    /// came.
    void takeSegments(Traffic& traffic, const Order& rows)
    {
        std::vector<std::uint32_t> newSegment(segments.size(), Traffic::kNone);
        std::vector<std::uint32_t> newPrompt(prompts.size(), Traffic::kNone);
        Column<std::uint32_t> oldPrompts = promptOf.takeAll(count, rows);
        std::vector<std::uint16_t> segmentNumbers(count);
        std::vector<std::uint32_t> promptNumbers(count);
        for (std::size_t row = 0; row < count; ++row) {
            std::uint32_t& segment = newSegment[segmentOf[rows.empty() ? row : rows[row]]];
            if (segment == Traffic::kNone) {
                segment = static_cast<std::uint32_t>(traffic.segments.size());
                traffic.segments.emplace_back(segments[segmentOf[rows.empty() ? row : rows[row]]]);
            }
            segmentNumbers[row] = static_cast<std::uint16_t>(segment);
            const std::uint32_t old = oldPrompts.span()[row];
            if (old != Traffic::kNone && newPrompt[old] == Traffic::kNone) {
                newPrompt[old] = static_cast<std::uint32_t>(traffic.prompts.size());
                traffic.prompts.emplace_back(std::string(prompts[old]));
            }
            promptNumbers[row] = old == Traffic::kNone ? Traffic::kNone : newPrompt[old];
        }
        segmentOf = {};
        traffic.segmentOf = std::move(segmentNumbers);
        traffic.promptOf = std::move(promptNumbers);
        traffic.inputTokens = inputTokens.takeAll(count, rows);
    }

    Result<void> takeRequestIds(Traffic& traffic, const Order& rows)
    {
        if (!hasRequestIds)
            return {};
        TextColumn asTheyCame = requestIds.take();
        if (rows.empty()) {
            traffic.requestIds = std::move(asTheyCame);
            return {};
        }
        TextColumnBuilder ordered(ByteStore(options.scratchFolder, options.memoryBytes));
        for (const std::uint32_t row : rows) {
            if (auto added = ordered.add(asTheyCame[row]); !added)
                return added;
        }
        traffic.requestIds = ordered.take();
        return {};
    }

    void takeLog(Traffic& traffic, const Order& rows)
    {
        traffic.askedModel = askedModel.take(count, rows);
        traffic.servedModel = servedModel.take(count, rows);
        traffic.provider = provider.take(count, rows);
        traffic.route = route.take(count, rows);
        traffic.rule = rule.take(count, rows);
        traffic.arm = arm.take(count, rows);
        traffic.outcome = outcome.take(count, rows);
        traffic.error = error.take(count, rows);
        traffic.tenant = tenant.take(count, rows);
        traffic.status = status.take(count, rows);
        traffic.httpStatus = httpStatus.take(count, rows);
        traffic.retries = retries.take(count, rows);
        traffic.streamed = streamed.take(count, rows);
        traffic.cacheHit = cacheHit.take(count, rows);
        traffic.outputTokens = outputTokens.take(count, rows);
        traffic.cachedTokens = cachedTokens.take(count, rows);
        traffic.reasoningTokens = reasoningTokens.take(count, rows);
        traffic.cost = cost.take(count, rows);
        traffic.firstTokenMs = firstTokenMs.take(count, rows);
        traffic.totalMs = totalMs.take(count, rows);
        traffic.propensity = propensity.take(count, rows);
        traffic.tags = tags.take(count, rows);
        traffic.feedback = feedback.take(count, rows);
        traffic.attempts = attempts.take(count, rows);
    }

    void takeRequests(Traffic& traffic, const Order& rows)
    {
        traffic.user = user.take(count, rows);
        traffic.style = style.take(count, rows);
        traffic.metadata = metadata.take(count, rows);
        traffic.details = details.take(count, rows);
        traffic.maxTokens = maxTokens.take(count, rows);
        traffic.hasTools = hasTools.take(count, rows);
    }

    TrafficBuilderOptions options;
    std::size_t count = 0;
    std::size_t joined = 0;
    bool isOrdered = true;
    bool hasRequestIds = false;
    bool isSynthetic = false;

    NameNumbers ids; ///< of conversations that have one
    std::vector<std::uint32_t> conversationOfId;
    std::vector<std::uint32_t> idOf;   ///< per conversation, or kNone
    std::vector<std::uint32_t> rowsOf; ///< per conversation
    Histories histories;

    std::vector<Key> keys;
    NameNumbers segments;
    NameNumbers prompts;
    std::vector<std::uint16_t> segmentOf;
    NumberColumnBuilder<std::uint32_t> promptOf{Traffic::kNone};
    NumberColumnBuilder<std::int32_t> inputTokens{-1};

    MessageColumnsBuilder messages;
    TextColumnBuilder requestIds;
    NameColumnBuilder user;
    NameColumnBuilder style;
    NameColumnBuilder metadata;
    NameColumnBuilder details;
    NumberColumnBuilder<std::int32_t> maxTokens{Traffic::kNoLimit};
    NumberColumnBuilder<std::uint8_t> hasTools{0};

    NameColumnBuilder askedModel;
    NameColumnBuilder servedModel;
    NameColumnBuilder provider;
    NameColumnBuilder route;
    NameColumnBuilder rule;
    NameColumnBuilder arm;
    NameColumnBuilder outcome;
    NameColumnBuilder error;
    NameColumnBuilder tenant;
    NumberColumnBuilder<std::uint8_t> status{0};
    NumberColumnBuilder<std::uint16_t> httpStatus{0};
    NumberColumnBuilder<std::int16_t> retries{-1};
    NumberColumnBuilder<std::uint8_t> streamed{0};
    NumberColumnBuilder<std::uint8_t> cacheHit{0};
    NumberColumnBuilder<std::int32_t> outputTokens{-1};
    NumberColumnBuilder<std::int32_t> cachedTokens{-1};
    NumberColumnBuilder<std::int32_t> reasoningTokens{-1};
    NumberColumnBuilder<std::int64_t> cost{Traffic::kUnknownCost};
    NumberColumnBuilder<float> firstTokenMs{std::numeric_limits<float>::quiet_NaN()};
    NumberColumnBuilder<float> totalMs{std::numeric_limits<float>::quiet_NaN()};
    NumberColumnBuilder<float> propensity{std::numeric_limits<float>::quiet_NaN()};
    NameColumnBuilder tags;
    FeedbackBuilder feedback;
    AttemptsBuilder attempts;

    std::vector<LoggedMessage> said; ///< scratch
    std::string text;                ///< scratch
};

TrafficBuilder::TrafficBuilder(const TrafficBuilderOptions& options)
    : m_rows(std::make_unique<Rows>(options))
{}
TrafficBuilder::~TrafficBuilder() = default;
TrafficBuilder::TrafficBuilder(TrafficBuilder&&) noexcept = default;
TrafficBuilder& TrafficBuilder::operator=(TrafficBuilder&&) noexcept = default;

std::size_t TrafficBuilder::rowCount() const
{
    return m_rows->count;
}

std::size_t TrafficBuilder::joinedByHistory() const
{
    return m_rows->joined;
}

Result<void> TrafficBuilder::add(const Request& request, const RequestNote& note)
{
    Rows& rows = *m_rows;
    if (auto room = rows.checkRoom(note.segment); !room)
        return room;
    rows.said.clear();
    std::size_t asked = 0;
    for (const Message& message : request.messages) {
        rows.said.push_back({message.role, message.text, message.images});
        asked += message.role == Role::User ? 1 : 0;
    }
    if (auto added = rows.messages.add(rows.said, {}); !added)
        return added;
    if (auto added = rows.requestIds.add(request.requestId); !added)
        return added;
    const std::size_t row = rows.count;
    rows.addKey(request.conversationId.empty() ? rows.newConversation()
                                               : rows.conversationNamed(request.conversationId),
                asked, note.timeMs);
    rows.addShared(note.segment, note.promptId, note.inputTokens);
    rows.hasRequestIds = rows.hasRequestIds || !request.requestId.empty();
    rows.user.set(row, request.userId);
    rows.style.set(row, request.style ? std::string_view(*request.style) : std::string_view());
    writeMetadata(request.metadata, rows.text);
    rows.metadata.set(row, rows.text);
    rows.details.set(row, detailsOf(request));
    rows.askedModel.set(row, request.requestedModel);
    rows.maxTokens.set(row, request.maxTokens.value_or(Traffic::kNoLimit));
    rows.hasTools.set(row, request.hasTools ? 1 : 0);
    ++rows.count;
    return {};
}

Result<void> TrafficBuilder::add(const LoggedRequest& from)
{
    Rows& rows = *m_rows;
    const std::string_view segment = from.segment.empty() ? Traffic::kUnlabelled : from.segment;
    if (auto room = rows.checkRoom(segment); !room)
        return room;
    if (auto added = rows.messages.add(from.messages, from.response); !added)
        return added;
    if (auto added = rows.requestIds.add(from.requestId); !added)
        return added;
    const std::size_t row = rows.count;
    const auto asked = static_cast<std::size_t>(
        std::ranges::count(from.messages, Role::User, &LoggedMessage::role));
    rows.addKey(rows.conversationOf(from),
                from.turnIndex < 0 ? asked : static_cast<std::size_t>(from.turnIndex) + 1,
                from.startMs);
    rows.addShared(segment, from.promptId.empty() ? std::nullopt : std::optional(from.promptId),
                   from.tokensIn);
    rows.hasRequestIds = rows.hasRequestIds || !from.requestId.empty();
    rows.user.set(row, from.userId);
    rows.style.set(row, from.style);
    writeMetadata(from.metadata, rows.text);
    rows.metadata.set(row, rows.text);
    writeList(from.tags, rows.text);
    rows.tags.set(row, rows.text);
    rows.askedModel.set(row, from.requestedModel);
    rows.servedModel.set(row, from.servedModel);
    rows.provider.set(row, from.provider);
    rows.route.set(row, from.routeName);
    rows.rule.set(row, from.ruleId);
    rows.arm.set(row, from.arm);
    rows.outcome.set(row, from.outcome);
    rows.error.set(row, from.errorClass);
    rows.tenant.set(row, from.tenantId);
    rows.status.set(row, static_cast<std::uint8_t>(from.status));
    rows.httpStatus.set(row, httpOf(from.httpStatus));
    rows.retries.set(row, static_cast<std::int16_t>(std::clamp(from.retries, -1, 32767)));
    rows.streamed.set(row, codeOf(from.streamed));
    rows.cacheHit.set(row, codeOf(from.cacheHit));
    rows.outputTokens.set(row, narrowed(from.tokensOut));
    rows.cachedTokens.set(row, narrowed(from.tokensCached));
    rows.reasoningTokens.set(row, narrowed(from.tokensReasoning));
    rows.cost.set(row, picoOf(from.costUsd));
    rows.firstTokenMs.set(row, static_cast<float>(from.ttftMs));
    rows.totalMs.set(row, static_cast<float>(from.latencyMs));
    rows.propensity.set(row, static_cast<float>(from.propensity));
    rows.maxTokens.set(row, from.maxTokens < 0 ? Traffic::kNoLimit : from.maxTokens);
    rows.feedback.add(row, from.feedback);
    rows.attempts.add(row, from.attempts);
    rows.isSynthetic = rows.isSynthetic || from.synthetic.value_or(false);
    ++rows.count;
    return {};
}

Result<Traffic> TrafficBuilder::take(std::string name)
{
    Rows& rows = *m_rows;
    Traffic traffic;
    traffic.name = std::move(name);
    traffic.synthetic = rows.isSynthetic;
    const Order order = rows.order();
    rows.takeKeys(traffic, order);
    rows.takeSegments(traffic, order);
    if (auto taken = rows.takeConversationIds(traffic); !taken)
        return Unexpected(taken.error());
    if (auto taken = rows.takeRequestIds(traffic, order); !taken)
        return Unexpected(taken.error());
    rows.takeLog(traffic, order);
    rows.takeRequests(traffic, order);
    auto messages = rows.messages.take(order, traffic.conversationOf);
    if (!messages)
        return Unexpected(messages.error());
    traffic.messages = std::move(*messages);
    m_rows = std::make_unique<Rows>(rows.options);
    return traffic;
}

} // namespace signalbox
