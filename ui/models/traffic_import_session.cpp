// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic_import_session.h"

#include "background.h"

#include <core/projection/kept_signals.h>
#include <core/traffic/traffic_file.h>

#include <atomic>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kTickMs = 100;

TrafficImportOptions optionsOf(const TrafficImportOrder& order)
{
    TrafficImportOptions options;
    options.mapping = order.mapping;
    options.redactor = order.redactor.get();
    options.scratchFolder = order.table.parent_path();
    return options;
}

/// Those that could not be read are kept as they are told to be: nothing of them says more than the
/// table may.
void keepAside(const TrafficImportOrder& order, const TrafficImport& import, ImportedTable& done)
{
    AsideOptions options;
    options.redactor = order.redactor.get();
    if (order.leavesOutPrompts)
        options.texts = AsideOptions::Texts::LeaveOut;
    const std::filesystem::path aside = asideOf(order.table);
    const auto written = writeAside(import.logs, aside, options);
    if (!written)
        done.asideProblem = toString(written.error());
    else if (*written > 0)
        done.aside = aside;
}

} // namespace

/// What both threads know of an import.
struct TrafficImportSession::Progress
{
    std::atomic<bool> stop = false;
    std::atomic<Step> step = Step::Reading;
    std::atomic<std::size_t> done = 0;
    std::atomic<std::size_t> inAll = 0;
    std::atomic<std::size_t> rows = 0;

    void begin(Step next)
    {
        done = inAll = 0;
        step = next;
    }
};

std::filesystem::path asideOf(const std::filesystem::path& table)
{
    return table.string() + ".aside.jsonl";
}

TrafficImportSession::TrafficImportSession(QObject* parent) : QObject(parent)
{
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &TrafficImportSession::progressed);
}

TrafficImportSession::~TrafficImportSession()
{
    cancel();
}

void TrafficImportSession::cancel()
{
    if (m_progress)
        m_progress->stop = true;
}

TrafficImportSession::State TrafficImportSession::state() const
{
    if (!m_progress)
        return {};
    const std::size_t inAll = m_progress->inAll;
    const double share =
        inAll == 0 ? 0 : static_cast<double>(m_progress->done.load()) / static_cast<double>(inAll);
    return {m_progress->step, share, m_progress->rows};
}

Result<ImportedTable> TrafficImportSession::import(const TrafficImportOrder& order,
                                                   Progress& progress)
{
    const auto isStopped = [&progress] { return progress.stop.load(); };
    const auto stopped = [] { return fail(ErrorCode::Cancelled, "the import was stopped"); };
    TrafficImportOptions options = optionsOf(order);
    options.stop = &progress.stop;
    options.progress = [&progress](const LogProgress& read) {
        progress.done = read.bytesRead;
        progress.inAll = read.bytesInAll;
        progress.rows = read.rows;
    };
    auto imported = importTraffic({order.log}, options);
    if (!imported)
        return Unexpected(imported.error());
    ImportedTable done;
    done.table = order.table;
    done.badLines = imported->logs.front().report.badLines;
    done.redactions = imported->redactions;
    auto traffic = std::make_shared<Traffic>(std::move(imported->traffic));
    if (order.leavesOutPrompts) {
        if (isStopped())
            return stopped();
        progress.begin(Step::KeepingSignals);
        auto without =
            withoutPrompts(traffic, order.policy ? &*order.policy : nullptr, order.styles);
        if (!without)
            return Unexpected(without.error());
        traffic = std::make_shared<Traffic>(std::move(*without));
        if (order.policy)
            done.keptSignals = signalsThatReadPrompts(*order.policy);
    }
    if (isStopped())
        return stopped();
    progress.begin(Step::Writing);
    TrafficSaveOptions saving;
    saving.stop = &progress.stop;
    saving.progress = [&progress](std::size_t written, std::size_t inAll) {
        progress.done = written;
        progress.inAll = inAll;
    };
    if (auto saved = saveTraffic(*traffic, order.table, saving); !saved)
        return Unexpected(saved.error());
    done.requests = traffic->rowCount();
    done.conversations = traffic->conversationCount();
    keepAside(order, *imported, done);
    return done;
}

void TrafficImportSession::start(TrafficImportOrder order)
{
    if (m_progress)
        return;
    m_progress = std::make_shared<Progress>();
    m_tick.start();
    inBackground(
        this,
        [order = std::move(order), progress = m_progress] { return import(order, *progress); },
        [this](const Result<ImportedTable>& done) {
            m_tick.stop();
            m_progress.reset();
            if (done)
                emit finished(*done);
            else
                emit failed(done.error());
        });
}

} // namespace signalbox::ui
