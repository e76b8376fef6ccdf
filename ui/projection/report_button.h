// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>
#include <QString>

#include <functional>
#include <optional>

namespace signalbox::ui {

/// Asks for a file and has the page's report written into it: HTML or PDF by the name's end.
class ReportButton : public QPushButton
{
    Q_OBJECT
public:
    /// A sentence if it failed.
    using Write = std::function<std::optional<QString>(const QString& path)>;

    explicit ReportButton(Write write, QWidget* parent = nullptr);

    /// @param name  of the file, without its end
    void setFileName(const QString& name) { m_fileName = name; }

private:
    void save(const QString& end, const QString& filter);

    Write m_write;
    QString m_fileName;
};

} // namespace signalbox::ui
