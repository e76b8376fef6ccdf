// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_record.h"

#include <core/base/json.h>
#include <core/evidence/evidence_store.h>
#include <core/evidence/lab_store.h>
#include <core/policy/names.h>
#include <core/providers/endpoint.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

/// As the store has it: [{"role": …, "text": …}, …].
std::string messagesJson(const std::vector<Message>& messages)
{
    Json list = Json::array();
    for (const Message& message : messages)
        list.push_back({{"role", std::string(nameOf(message.role))}, {"text", message.text}});
    return toCompactJsonText(list);
}

/// How a model is asked. An address that cannot be used may hold a password: it is left out.
std::string specJson(const ModelSpec& model)
{
    Json spec = {{"provider", model.provider}, {"upstreamModel", model.upstreamModel}};
    if (const auto endpoint = endpointOfModel(model.provider, model.baseUrl))
        spec["baseUrl"] = endpoint->url;
    if (!model.styleGuide.empty())
        spec["styleGuide"] = model.styleGuide;
    return toCompactJsonText(spec);
}

/// Puts `entry` into the list, or in the place of the one that has its id.
/// @return where it is
template<class List, class Entry> int placeIn(List& list, Entry entry)
{
    const auto found = std::ranges::find(list, entry.id, &Entry::id);
    const auto place = static_cast<int>(found - list.begin());
    if (found == list.end())
        list.push_back(std::move(entry));
    else
        *found = std::move(entry);
    return place;
}

template<class Key> std::vector<CellId> cellsOf(const std::map<Key, CellId>& entries)
{
    std::vector<CellId> cells;
    for (const auto& [number, cell] : entries)
        cells.push_back(cell);
    return cells;
}

} // namespace

RunRecord::RunRecord(EvidenceStore* store, QObject* parent) : QObject(parent), m_store(store)
{
    if (!m_store)
        return;
    connect(&writer(), &StoreWriter::written, this, &RunRecord::noteWritten);
    connect(&writer(), &StoreWriter::refused, this, &RunRecord::noteRefused);
    connect(&writer(), &StoreWriter::troubled, this, [this](const Error& error) {
        m_obstacle = error;
        if (!std::exchange(m_isTold, true))
            emit troubled(error);
    });
    connect(&writer(), &StoreWriter::recovered, this, [this] {
        m_obstacle.reset();
        if (std::exchange(m_isTold, false))
            emit recovered();
    });
    connect(&writer(), &StoreWriter::roomChanged, this, [this](bool hasRoom) {
        if (hasRoom && isReady())
            emit ready();
    });
}

StoreWriter& RunRecord::writer() const
{
    return m_store->background().writer();
}

const std::optional<RunId>& RunRecord::id() const
{
    return m_id;
}

bool RunRecord::isOpen() const
{
    return m_begun != 0;
}

void RunRecord::begin(const LabPlan& plan, const std::string& planJson)
{
    if (!m_store || m_begun != 0)
        return;
    RunDraft draft;
    draft.id = plan.id.isEmpty() ? newRunId() : plan.id;
    draft.name = plan.name;
    draft.planJson = planJson;
    m_isNew = true;
    extend(std::move(draft), plan);
}

void RunRecord::takeOver(const RunId& run)
{
    m_id = run;
}

Result<void> RunRecord::goOn(const LabPlan& plan, const std::string& planJson)
{
    if (!m_store || !m_id)
        return {};
    if (auto claimed = m_store->claim(*m_id); !claimed)
        return claimed;
    auto draft = m_store->draft(*m_id);
    if (!draft)
        return Unexpected(draft.error());
    draft->planJson = planJson;
    extend(std::move(*draft), plan);
    return {};
}

/// Puts the run with everything that the plan asks.
void RunRecord::extend(RunDraft draft, const LabPlan& plan)
{
    m_rows.clear();
    m_columns.clear();
    for (const LabPrompt& prompt : plan.prompts)
        m_rows.push_back(placeIn(
            draft.prompts, StoredPrompt{prompt.id, prompt.segment, messagesJson(prompt.messages)}));
    for (const ModelSpec& model : plan.models)
        m_columns.push_back(
            placeIn(draft.lanes, StoredLane{LaneId(model.id.value), specJson(model)}));
    draft.repeats = std::max(draft.repeats, plan.samples);
    m_id = draft.id;
    m_wasBegun = false;
    m_begun = writer().put(RunWritten{std::make_shared<const RunDraft>(std::move(draft))});
    (void)writer().flush(EvidenceStore::kSettleMs); // troubled() says it
    noteWritten();
}

bool RunRecord::isReady() const
{
    if (!m_store)
        return true;
    return m_wasBegun && !m_obstacle && writer().hasRoom();
}

CellKey RunRecord::keyOf(const CellId& cell) const
{
    return {m_rows[cell.prompt], m_columns[cell.model], cell.sample};
}

void RunRecord::started(const CellId& cell, AttemptTicket ticket)
{
    if (m_store)
        writer().put(CellStarted{*m_id, keyOf(cell), ticket});
}

void RunRecord::wrote(const CellId& cell, AttemptTicket ticket, const std::string& text,
                      const std::string& reasoning)
{
    if (m_store && (!text.empty() || !reasoning.empty()))
        writer().put(TextAppended{*m_id, keyOf(cell), ticket, text, reasoning});
}

void RunRecord::finished(const CellId& cell, const StoredAnswer& answer)
{
    if (m_store) {
        m_unwritten[writer().put(CellFinished{*m_id, keyOf(cell), answer})] = cell;
        return;
    }
    m_unwritten[++m_kept] = cell;
    QMetaObject::invokeMethod(this, &RunRecord::noteWritten, Qt::QueuedConnection);
}

void RunRecord::released(const CellId& cell, AttemptTicket ticket)
{
    if (m_store)
        writer().put(CellReleased{*m_id, keyOf(cell), ticket});
}

void RunRecord::over(RunState state)
{
    if (m_store)
        writer().put(RunStateSet{*m_id, state});
}

void RunRecord::noteWritten()
{
    const WriteNumber upTo = m_store ? writer().writtenUpTo() : m_kept;
    const auto isThere = [&](WriteNumber number) {
        return number <= upTo && (!m_store || !writer().wasRefused(number));
    };
    const bool isBegun = m_begun != 0 && isThere(m_begun) && !std::exchange(m_wasBegun, true);
    std::vector<CellId> cells;
    std::erase_if(m_unwritten, [&](const auto& entry) {
        if (!isThere(entry.first))
            return false;
        cells.push_back(entry.second);
        return true;
    });
    if (isBegun) {
        m_isNew = false;
        emit ready();
    }
    if (!cells.empty())
        emit written(cells);
}

void RunRecord::noteRefused(WriteNumber number, const Error& error)
{
    if (number == m_begun) {
        m_begun = 0;
        if (m_isNew)
            m_id.reset();
        emit troubled(error);
        return;
    }
    const auto found = m_unwritten.find(number);
    if (found == m_unwritten.end())
        return;
    const CellId cell = found->second;
    m_unwritten.erase(found);
    emit refused(cell, error);
}

bool RunRecord::hasUnwritten() const
{
    return m_store && !m_unwritten.empty();
}

std::size_t RunRecord::unwrittenCount() const
{
    return m_unwritten.size();
}

bool RunRecord::isUnwritten(const CellId& cell) const
{
    return std::ranges::any_of(m_unwritten,
                               [&](const auto& entry) { return entry.second == cell; });
}

std::vector<CellId> RunRecord::unwritten() const
{
    return cellsOf(m_unwritten);
}

void RunRecord::forget(const CellId& cell)
{
    std::erase_if(m_unwritten, [&](const auto& entry) { return entry.second == cell; });
}

const std::optional<Error>& RunRecord::obstacle() const
{
    return m_obstacle;
}

void RunRecord::retry()
{
    if (!m_store || !m_obstacle)
        return;
    m_obstacle.reset();
    m_isTold = false;
    writer().retryNow();
}

Result<void> RunRecord::flush()
{
    if (!m_store)
        return {};
    auto done = m_store->settle();
    noteWritten();
    return done;
}

} // namespace signalbox
