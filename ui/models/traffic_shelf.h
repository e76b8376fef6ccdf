// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>
#include <core/traffic/traffic.h>

#include <QObject>
#include <QString>

#include <cstddef>
#include <filesystem>
#include <memory>

namespace signalbox::ui {

/// The traffic that all pages replay: that of the sample, or a table of the person's. Owned by the
/// workbench; GUI thread. Files are read on another one.
class TrafficShelf : public QObject
{
    Q_OBJECT
public:
    /// Tables up to this size are checked to the last byte before they are shown; of larger ones,
    /// which are mapped and shown at once, the check follows.
    static constexpr std::size_t kCheckedFirstBytes = std::size_t{256} << 20;

    explicit TrafficShelf(std::size_t checkedFirstBytes = kCheckedFirstBytes,
                          QObject* parent = nullptr);
    ~TrafficShelf() override;

    [[nodiscard]] std::shared_ptr<const Traffic> traffic() const { return m_traffic; } ///< or null
    /// Of the table that is shown; empty for the sample and for what came from no file.
    [[nodiscard]] const std::filesystem::path& file() const { return m_file; }
    /// Whether what is shown, or is being opened, is a person's.
    [[nodiscard]] bool isOwn() const { return m_isOwn; }

    /// What comes from no file.
    void set(std::shared_ptr<const Traffic> traffic);
    void showSample();
    /// Until it is open, and if it is refused, what was there stays; without anything, the sample
    /// comes. The last one that was asked for counts.
    void open(const std::filesystem::path& table);

signals:
    void changed();
    void opened(); ///< what open() asked for is shown
    /// It cannot be read, or is not what was written.
    void refused(const QString& file, const signalbox::Error& why);

private:
    struct Opened;
    static Opened read(const std::filesystem::path& table, std::size_t checkedFirstBytes);
    void take(const Opened& found);
    void checkLater(const Opened& found);
    void refuse(const std::filesystem::path& table, const Error& why);

    std::size_t m_checkedFirstBytes;
    std::shared_ptr<const Traffic> m_traffic;
    std::filesystem::path m_file;
    bool m_isOwn = false;
    int m_asked = 0; ///< late answers to earlier questions are dropped
    int m_shown = 0; ///< counts what was shown: a check is of the table that is
};

} // namespace signalbox::ui
