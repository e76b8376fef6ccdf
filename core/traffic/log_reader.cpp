// SPDX-License-Identifier: Apache-2.0
#include "log_reader.h"

#include "log_chunks.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace signalbox {

using namespace traffic_detail;

namespace {

/// Gives what chunks came to on to the sinks, in file order.
class Delivery
{
public:
    Delivery(const LogFile& file, const LogSink& sink, const FeedbackSink& feedbackSink,
             const LogReadOptions& options)
        : m_file(file), m_sink(sink), m_feedbackSink(feedbackSink), m_options(options),
          m_lines(file.linesBefore)
    {}

    void deliver(LogBatch& batch, const LogChunk& chunk)
    {
        for (LoggedRequest& row : batch.rows) {
            row.line += m_lines;
            if (m_options.feedback)
                join(row, batch.texts);
        }
        append(m_report, std::move(batch.report), m_lines, m_options.limits.keptProblems);
        m_lines += batch.fileLines;
        // What nobody will be shown need not be put into words.
        batch.keptProblems = m_options.limits.keptProblems - m_report.problems.size();
        if (m_sink && !batch.rows.empty())
            m_sink(batch.rows);
        if (m_feedbackSink && !batch.feedback.empty())
            m_feedbackSink(batch.feedback);
        if (m_options.progress)
            m_options.progress({chunk.end, m_file.text.size(), m_report.rows, m_report.badLines});
    }

    [[nodiscard]] bool isStopped() const { return m_options.stop && m_options.stop->load(); }
    [[nodiscard]] LogReport take() { return std::move(m_report); }

private:
    void join(LoggedRequest& row, TextArena& texts)
    {
        m_joined.assign(row.feedback.begin(), row.feedback.end());
        m_options.feedback->appendOn(row, m_joined);
        if (m_joined.size() == row.feedback.size())
            return;
        m_report.feedbackJoined += m_joined.size() - row.feedback.size();
        row.feedback = texts.copy(m_joined);
    }

    const LogFile& m_file;
    const LogSink& m_sink;
    const FeedbackSink& m_feedbackSink;
    const LogReadOptions& m_options;
    std::size_t m_lines; ///< of the file before the next chunk
    LogReport m_report = {};
    std::vector<LoggedFeedback> m_joined = {};
};

void readAlone(const LogFile& file, const CompiledMapping& mapping, const LogReadOptions& options,
               Delivery& delivery)
{
    LogBatch batch;
    batch.keptProblems = options.limits.keptProblems;
    LogChunkReader reader(file, mapping, batch);
    std::size_t at = file.begin;
    while (!delivery.isStopped()) {
        const auto chunk = nextChunk(file, at, options.chunkBytes);
        if (!chunk)
            return;
        reader.read(*chunk);
        delivery.deliver(batch, *chunk);
        at = chunk->end;
    }
}

/// A ring of batches: threads take the next chunk and fill the next batch; the caller empties them
/// in order, so that no thread is more than a ring ahead of it.
class ParallelReading
{
public:
    ParallelReading(const LogFile& file, const CompiledMapping& mapping,
                    const LogReadOptions& options, unsigned threads)
        : m_file(file), m_options(options), m_at(file.begin)
    {
        for (unsigned i = 0; i < threads * 2 + 1; ++i)
            m_ring.push_back(std::make_unique<Place>(file, mapping, options.limits.keptProblems));
        for (unsigned i = 0; i < threads; ++i)
            m_threads.emplace_back([this] { work(); });
    }

    ~ParallelReading()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isOver = true;
        }
        m_changed.notify_all();
    }
    ParallelReading(const ParallelReading&) = delete;
    ParallelReading& operator=(const ParallelReading&) = delete;

    void deliverAll(Delivery& delivery)
    {
        while (!delivery.isStopped()) {
            Place* const place = nextFull();
            if (!place)
                return;
            delivery.deliver(place->batch, place->chunk);
            const std::lock_guard lock(m_mutex);
            place->isFull = false;
            ++m_delivered;
            m_changed.notify_all();
        }
    }

private:
    struct Place
    {
        Place(const LogFile& file, const CompiledMapping& mapping, std::size_t keptProblems)
            : reader(file, mapping, batch)
        {
            batch.keptProblems = keptProblems;
        }
        LogBatch batch;
        LogChunkReader reader;
        LogChunk chunk;
        bool isFull = false;
    };

    /// The next place of the ring with its chunk, once it is free; null at the end.
    Place* take()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(
            lock, [this] { return m_isOver || m_isRead || m_taken - m_delivered < m_ring.size(); });
        if (m_isOver || m_isRead)
            return nullptr;
        const auto chunk = nextChunk(m_file, m_at, m_options.chunkBytes);
        if (!chunk) {
            m_isRead = true;
            m_changed.notify_all();
            return nullptr;
        }
        m_at = chunk->end;
        Place* const place = m_ring[m_taken++ % m_ring.size()].get();
        place->chunk = *chunk;
        return place;
    }

    void work()
    {
        while (Place* const place = take()) {
            place->reader.read(place->chunk);
            const std::lock_guard lock(m_mutex);
            place->isFull = true;
            m_changed.notify_all();
        }
    }

    Place* nextFull()
    {
        std::unique_lock lock(m_mutex);
        Place* const place = m_ring[m_delivered % m_ring.size()].get();
        m_changed.wait(lock, [&] { return place->isFull || (m_isRead && m_delivered == m_taken); });
        return place->isFull ? place : nullptr;
    }

    const LogFile& m_file;
    const LogReadOptions& m_options;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::unique_ptr<Place>> m_ring;
    std::size_t m_at;
    std::size_t m_taken = 0;
    std::size_t m_delivered = 0;
    bool m_isRead = false;               ///< no chunk is left
    bool m_isOver = false;               ///< nobody waits for the rest
    std::vector<std::jthread> m_threads; ///< last: they end before all else goes
};

} // namespace

LogContainer sniffContainer(std::string_view text)
{
    constexpr int kLines = 20;
    std::string_view rest = text.substr(tableBegin(text));
    bool isFirstObject = true;
    int objects = 0;
    int others = 0;
    while (!rest.empty() && objects + others < kLines) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::size_t first = rest.substr(0, end).find_first_not_of(" \t\r");
        if (first != std::string_view::npos) {
            const bool isObject = rest[first] == '{' || rest[first] == '[';
            isFirstObject = objects + others == 0 ? isObject : isFirstObject;
            ++(isObject ? objects : others);
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    // A log may begin with a line that is broken; no line of a table begins like an object.
    if (isFirstObject || objects >= others)
        return {};
    return {LogContainer::Kind::Csv, sniffSeparator(text)};
}

Result<LogReport> readLog(std::string_view text, const LogMapping& mapping, const LogSink& sink,
                          const LogReadOptions& options, const FeedbackSink& feedbackSink)
{
    const CompiledMapping compiled(mapping);
    const auto file = openLog(text, compiled, options);
    if (!file)
        return Unexpected(file.error());
    Delivery delivery(*file, sink, feedbackSink, options);
    const unsigned threads =
        options.threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : options.threads;
    if (threads == 1)
        readAlone(*file, compiled, options, delivery);
    else
        ParallelReading(*file, compiled, options, threads).deliverAll(delivery);
    if (delivery.isStopped())
        return fail(ErrorCode::Cancelled, "the reading of the log was stopped");
    return delivery.take();
}

Result<FeedbackTable> readFeedbackRows(std::string_view text, const LogMapping& mapping,
                                       const LogReadOptions& options)
{
    FeedbackTable table;
    if (mapping.feedbackWhen.empty())
        return table;
    const auto report =
        readLog(text, mapping, {}, options, [&table](std::span<const FeedbackRow> rows) {
            for (const FeedbackRow& row : rows)
                table.add(row);
        });
    if (!report)
        return Unexpected(report.error());
    return table;
}

} // namespace signalbox
