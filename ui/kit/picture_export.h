// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QString>

#include <functional>
#include <optional>

class QPainter;
class QRectF;

namespace signalbox::ui {

class PlotView;
struct PlotTable;

/// Paints a picture of `size` into `path`: SVG or PNG by the name's end (PNG at twice the size).
/// The file is replaced atomically. Returns a sentence if that failed.
[[nodiscard]] std::optional<QString>
writePicture(const QString& path, QSize size, const QString& title,
             const std::function<void(QPainter&, const QRectF&)>& paint);

/// A plot as SVG, PNG or, with the name's end .csv, its table. Colours are those of the current
/// theme.
[[nodiscard]] std::optional<QString> writePlot(const PlotView& plot, const QString& path);

/// A table as CSV, atomically.
[[nodiscard]] std::optional<QString> writeCsv(const QString& path, const PlotTable& table);

} // namespace signalbox::ui
