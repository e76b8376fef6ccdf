// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/basic_widgets.h>

#include <QString>

#include <functional>
#include <optional>

namespace signalbox::ui {

/// The same small button at every chart: a menu of the formats that it can be saved in, then the
/// question where to.
class ChartSaveButton : public IconButton
{
    Q_OBJECT
public:
    /// Writes SVG, PNG or CSV by the name's end; a sentence if it failed.
    using Write = std::function<std::optional<QString>(const QString& path)>;
    enum class Formats { PicturesAndTable, TableOnly };

    /// @param what      "the latency chart", for screen readers and the tooltip
    /// @param fileName  proposed, without its end
    ChartSaveButton(const QString& what, const QString& fileName, Write write,
                    Formats formats = Formats::PicturesAndTable, QWidget* parent = nullptr);

private:
    void save(const QString& end, const QString& filter);
    QString m_fileName;
    Write m_write;
};

} // namespace signalbox::ui
