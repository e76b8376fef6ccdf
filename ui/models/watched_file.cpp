// SPDX-License-Identifier: GPL-3.0-or-later
#include "watched_file.h"

#include <core/base/files.h>
#include <core/base/md5.h>

#include <sys/stat.h>

#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kSettleMs = 150;

} // namespace

WatchedFile::WatchedFile(std::size_t limitBytes, QObject* parent)
    : QObject(parent), m_limitBytes(limitBytes)
{
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMs);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, [this] {
        m_wasTold = true;
        m_settle.start();
    });
    // A file that is replaced, or comes back, is another file: only its folder tells of it.
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, [this] { m_settle.start(); });
    connect(&m_settle, &QTimer::timeout, this, [this] {
        if (std::exchange(m_wasTold, false) || stampNow() != m_seen)
            look();
    });
}

void WatchedFile::setKnown(const std::filesystem::path& path, std::string_view content)
{
    m_path = path;
    m_knownDigest = md5Hex(content);
    m_knownProblem.reset();
    m_seen = stampNow();
    m_settle.stop();
    m_wasTold = false;
    watch();
    take(State::AsKnown, {}, {});
}

void WatchedFile::accept()
{
    if (m_state != State::Changed && m_state != State::Unreadable)
        return;
    m_knownDigest = md5Hex(m_content);
    m_knownProblem = m_problem;
    take(State::AsKnown, {}, {});
}

WatchedFile::State WatchedFile::look()
{
    if (m_path.empty())
        return m_state;
    m_seen = stampNow();
    auto text = readFile(m_path, m_limitBytes);
    watch();
    const bool isKnown =
        text ? md5Hex(*text) == m_knownDigest && !m_knownProblem : m_knownProblem == text.error();
    if (isKnown)
        take(State::AsKnown, {}, {});
    else if (text)
        take(State::Changed, std::move(*text), {});
    else if (text.error().code == ErrorCode::NotFound)
        take(State::Gone, {}, {});
    else
        take(State::Unreadable, {}, text.error());
    return m_state;
}

WatchedFile::Stamp WatchedFile::stampNow() const
{
    struct stat info = {};
    if (m_path.empty() || ::stat(m_path.c_str(), &info) != 0)
        return {};
    return {info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

/// The file and its folder, as far as they are there; a replaced file has to be named anew.
void WatchedFile::watch()
{
    QStringList wanted;
    std::error_code failed;
    const auto absolute = std::filesystem::absolute(m_path, failed);
    if (!m_path.empty() && !failed) {
        for (const auto& path : {absolute, absolute.parent_path()}) {
            if (std::filesystem::exists(path, failed))
                wanted << QString::fromStdString(path.string());
        }
    }
    for (const QString& path : m_watcher.files() + m_watcher.directories()) {
        if (!wanted.contains(path))
            m_watcher.removePath(path);
    }
    for (const QString& path : wanted) {
        if (!m_watcher.files().contains(path) && !m_watcher.directories().contains(path))
            m_watcher.addPath(path);
    }
}

void WatchedFile::take(State state, std::string content, std::optional<Error> problem)
{
    const bool isNews = state != m_state || content != m_content || problem != m_problem;
    m_state = state;
    m_content = std::move(content);
    m_problem = std::move(problem);
    if (isNews)
        emit changed();
}

} // namespace signalbox::ui
