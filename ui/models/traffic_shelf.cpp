// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic_shelf.h"

#include "background.h"

#include <core/sample/support_desk.h>
#include <core/traffic/traffic_file.h>

#include <optional>
#include <utility>

namespace signalbox::ui {

struct TrafficShelf::Opened
{
    std::filesystem::path path;
    Result<TrafficFile> table;
    bool isChecked = false;
};

TrafficShelf::TrafficShelf(std::size_t checkedFirstBytes, QObject* parent)
    : QObject(parent), m_checkedFirstBytes(checkedFirstBytes)
{}

TrafficShelf::~TrafficShelf() = default;

void TrafficShelf::set(std::shared_ptr<const Traffic> traffic)
{
    ++m_asked;
    ++m_shown;
    m_traffic = std::move(traffic);
    m_file.clear();
    m_isOwn = false;
    emit changed();
}

void TrafficShelf::showSample()
{
    m_isOwn = false;
    inBackground(
        this, [] { return std::make_shared<const Traffic>(supportDeskTraffic()); },
        [this, asked = ++m_asked](std::shared_ptr<const Traffic> traffic) {
            if (asked == m_asked)
                set(std::move(traffic));
        });
}

TrafficShelf::Opened TrafficShelf::read(const std::filesystem::path& table,
                                        std::size_t checkedFirstBytes)
{
    Opened found{table, TrafficFile::open(table)};
    if (!found.table || found.table->bytes() > checkedFirstBytes)
        return found;
    if (auto checked = found.table->verify(); !checked)
        found.table = Unexpected(checked.error());
    found.isChecked = true;
    return found;
}

void TrafficShelf::open(const std::filesystem::path& table)
{
    m_isOwn = true;
    inBackground(
        this, [table, most = m_checkedFirstBytes] { return read(table, most); },
        [this, asked = ++m_asked](Opened found) {
            if (asked != m_asked)
                return;
            if (found.table)
                take(found);
            else
                refuse(found.path, found.table.error());
        });
}

void TrafficShelf::take(const Opened& found)
{
    ++m_shown;
    m_traffic = found.table->traffic();
    m_file = found.path;
    if (!found.isChecked)
        checkLater(found);
    emit changed();
    emit opened();
}

/// A damaged table is taken away again: numbers from it are none. Another that is being opened goes
/// on being opened.
void TrafficShelf::checkLater(const Opened& found)
{
    inBackground(
        this, [table = *found.table] { return table.verify(); },
        [this, shown = m_shown, asked = m_asked, path = found.path](const Result<void>& checked) {
            if (checked || shown != m_shown)
                return;
            m_traffic.reset();
            m_file.clear();
            if (asked == m_asked)
                showSample();
            emit refused(QString::fromStdString(path.string()), checked.error());
        });
}

void TrafficShelf::refuse(const std::filesystem::path& table, const Error& why)
{
    if (!m_traffic) {
        m_file.clear();
        showSample();
    }
    m_isOwn = !m_file.empty();
    emit refused(QString::fromStdString(table.string()), why);
}

} // namespace signalbox::ui
