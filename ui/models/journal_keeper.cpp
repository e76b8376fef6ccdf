// SPDX-License-Identifier: GPL-3.0-or-later
#include "journal_keeper.h"

#include <utility>
#include <variant>

namespace signalbox::ui {

namespace {

/// How long typed text may be nowhere but in memory.
constexpr int kPauseMs = 250;
/// A journal that is larger is started over, with all edits so far as one.
constexpr std::size_t kMostBytes = std::size_t{64} << 20;

} // namespace

JournalKeeper::JournalKeeper(std::filesystem::path folder, Restart restart)
    : m_folder(std::move(folder)), m_restart(std::move(restart))
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &JournalKeeper::keepLate);
}

JournalKeeper::~JournalKeeper()
{
    m_journal.discard();
}

void JournalKeeper::start()
{
    if (m_folder.empty())
        m_journal.discard();
    else
        note(rewrite());
}

void JournalKeeper::keep(const PolicyJournal::Step& step)
{
    if (m_folder.empty() && !m_journal.isOpen())
        return;
    if (step.continuesLast && std::holds_alternative<ReplaceDocument>(step.edit)) {
        m_late = step;
        if (!m_pause.isActive())
            m_pause.start();
        return;
    }
    keepLate();
    write(step);
}

void JournalKeeper::keepTyped(const std::optional<std::string>& text)
{
    m_typed = text;
    const bool isKept = !m_folder.empty() || m_journal.isOpen();
    if (isKept && m_typed != m_writtenTyped && !m_pause.isActive())
        m_pause.start();
}

void JournalKeeper::goOnIn(PolicyJournal left, const std::optional<std::string>& typed)
{
    dropLate();
    m_journal.discard();
    m_journal = std::move(left);
    m_typed = m_writtenTyped = typed;
    note({});
}

void JournalKeeper::leave()
{
    m_journal.release();
    start();
}

bool JournalKeeper::goesOn() const
{
    return m_journal.isOpen() && m_journal.isWhole() && m_journal.bytes() < kMostBytes;
}

void JournalKeeper::write(const PolicyJournal::Step& step)
{
    note(goesOn() ? m_journal.append(step) : rewrite());
}

Result<void> JournalKeeper::rewrite()
{
    dropLate(); // it is in what is written now
    if (!m_journal.isOpen()) {
        auto created = PolicyJournal::create(m_folder);
        if (!created)
            return Unexpected(created.error());
        m_journal = std::move(*created);
    }
    m_writtenTyped.reset();
    auto written = m_restart(m_journal);
    return written && m_typed ? writeTyped() : written;
}

Result<void> JournalKeeper::writeTyped()
{
    auto written = m_journal.appendTyped(m_typed);
    if (written)
        m_writtenTyped = m_typed;
    return written;
}

void JournalKeeper::note(const Result<void>& written)
{
    const QString problem = written ? QString() : QString::fromStdString(toString(written.error()));
    if (std::exchange(m_problem, problem) != problem)
        emit problemChanged();
}

void JournalKeeper::keepLate()
{
    const auto step = std::exchange(m_late, {});
    dropLate();
    if (step)
        write(*step);
    if (m_typed != m_writtenTyped)
        note(goesOn() ? writeTyped() : rewrite());
}

void JournalKeeper::dropLate()
{
    m_pause.stop();
    m_late.reset();
}

} // namespace signalbox::ui
