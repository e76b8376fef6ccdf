// SPDX-License-Identifier: GPL-3.0-or-later
#include "write_queue.h"

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

/// What is lost without harm but for the last moments of an unfinished answer.
bool isPatient(const StoreWrite& write)
{
    return std::holds_alternative<TextAppended>(write) ||
           std::holds_alternative<CellStarted>(write);
}

} // namespace

void WriteQueue::noteWaiting(AttemptTicket ticket, Place place, bool isText)
{
    Attempt& attempt = m_attempts[ticket];
    attempt.waiting.push_back(place);
    attempt.isTextLast = isText;
    if (isText)
        attempt.text = place;
}

void WriteQueue::noteTaken(Place place)
{
    const auto& write = std::get<StoreWrite>(place->what);
    const auto* started = std::get_if<CellStarted>(&write);
    const auto* piece = std::get_if<TextAppended>(&write);
    if (!started && !piece)
        return;
    const auto attempt = m_attempts.find(started ? started->ticket : piece->ticket);
    if (attempt == m_attempts.end())
        return;
    std::erase(attempt->second.waiting, place);
    if (attempt->second.isTextLast && attempt->second.text == place)
        attempt->second.isTextLast = false;
}

bool WriteQueue::joinText(const TextAppended& text)
{
    const auto attempt = m_attempts.find(text.ticket);
    if (attempt == m_attempts.end() || !attempt->second.isTextLast)
        return false;
    auto& piece = std::get<TextAppended>(std::get<StoreWrite>(attempt->second.text->what));
    piece.text += text.text;
    piece.reasoning += text.reasoning;
    m_bytes += text.text.size() + text.reasoning.size();
    return true;
}

void WriteQueue::drop(Place place)
{
    const auto& write = std::get<StoreWrite>(place->what);
    m_bytes -= bytesOf(write);
    m_urgent -= isPatient(write) ? 0 : 1;
    m_entries.erase(place);
}

/// The attempt is over: what waits of it need not be written.
void WriteQueue::forget(AttemptTicket ticket)
{
    const auto attempt = m_attempts.find(ticket);
    if (attempt == m_attempts.end())
        return;
    for (const Place place : attempt->second.waiting)
        drop(place);
    m_attempts.erase(attempt);
}

WriteNumber WriteQueue::add(StoreWrite write)
{
    ++m_last;
    auto* text = std::get_if<TextAppended>(&write);
    if (text) {
        if (joinText(*text))
            return m_last;
        text->seq = m_attempts[text->ticket].pieces++;
    }
    if (const auto* finished = std::get_if<CellFinished>(&write))
        forget(finished->answer.ticket);
    m_bytes += bytesOf(write);
    m_urgent += isPatient(write) ? 0 : 1;
    m_entries.push_back({m_last, std::move(write)});
    const Place place = std::prev(m_entries.end());
    const auto& kept = std::get<StoreWrite>(place->what);
    if (const auto* started = std::get_if<CellStarted>(&kept))
        noteWaiting(started->ticket, place, false);
    else if (const auto* piece = std::get_if<TextAppended>(&kept))
        noteWaiting(piece->ticket, place, true);
    else if (const auto* released = std::get_if<CellReleased>(&kept))
        m_attempts.erase(released->ticket); // its text stays as it is, and is written
    return m_last;
}

WriteNumber WriteQueue::add(StoreJob job)
{
    m_entries.push_back({++m_last, std::move(job)});
    ++m_urgent;
    return m_last;
}

WriteQueue::Batch WriteQueue::take(std::size_t mostWrites, std::size_t mostBytes)
{
    Batch batch;
    std::size_t bytes = 0;
    while (!m_entries.empty()) {
        Entry& front = m_entries.front();
        if (auto* job = std::get_if<StoreJob>(&front.what)) {
            if (!batch.writes.empty())
                break;
            batch.job = std::move(*job);
            batch.upTo = front.number;
            --m_urgent;
            m_entries.pop_front();
            break;
        }
        auto& write = std::get<StoreWrite>(front.what);
        const std::size_t size = bytesOf(write);
        if (!batch.writes.empty() &&
            (batch.writes.size() >= mostWrites || bytes + size > mostBytes))
            break;
        bytes += size;
        m_bytes -= size;
        m_urgent -= isPatient(write) ? 0 : 1;
        noteTaken(m_entries.begin());
        batch.upTo = front.number;
        batch.numbers.push_back(front.number);
        batch.writes.push_back(std::move(write));
        m_entries.pop_front();
    }
    if (m_entries.empty())
        batch.upTo = m_last; // with everything that was joined to what was taken
    return batch;
}

} // namespace signalbox
