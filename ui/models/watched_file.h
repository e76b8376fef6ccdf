// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox::ui {

/// A file as the program last read or wrote it, and what has become of it since in other hands. The
/// operating system tells of changes; look() reads for itself, because not every disk tells, and
/// because a save must be sure. GUI thread.
class WatchedFile : public QObject
{
    Q_OBJECT
public:
    enum class State {
        AsKnown,    ///< or nothing is watched
        Changed,    ///< content() lies there instead
        Unreadable, ///< something lies there that cannot be read: problem()
        Gone,
    };

    /// @param limitBytes  a file that has become larger counts as unreadable
    explicit WatchedFile(std::size_t limitBytes, QObject* parent = nullptr);

    /// From now on about this file, which was just read, or written, with this content. An empty
    /// path watches nothing.
    void setKnown(const std::filesystem::path& path, std::string_view content);

    /// From now on what was seen last is what is known, be it readable or not.
    void accept();

    /// As it was when it was last looked at.
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const std::string& content() const { return m_content; }
    [[nodiscard]] const std::optional<Error>& problem() const { return m_problem; }
    /// Reads the file now.
    State look();

signals:
    /// Another state, or other content in the same one.
    void changed();

private:
    /// What tells a file that was written from one that was not, but for the same size in the same
    /// tick of its clock.
    struct Stamp
    {
        std::uintmax_t device = 0;
        std::uintmax_t node = 0;
        std::intmax_t size = -1; ///< -1: no file
        std::intmax_t seconds = 0;
        std::intmax_t nanoseconds = 0;
        bool operator==(const Stamp&) const = default;
    };
    [[nodiscard]] Stamp stampNow() const;
    void watch();
    void take(State state, std::string content, std::optional<Error> problem);

    std::size_t m_limitBytes;
    std::filesystem::path m_path;
    std::string m_knownDigest;
    std::optional<Error> m_knownProblem; ///< accepted instead of content
    Stamp m_seen;
    State m_state = State::AsKnown;
    std::string m_content;
    std::optional<Error> m_problem;
    QFileSystemWatcher m_watcher;
    QTimer m_settle;        ///< a writer that truncates first is given the time to write
    bool m_wasTold = false; ///< of this very file, not of its folder
};

} // namespace signalbox::ui
