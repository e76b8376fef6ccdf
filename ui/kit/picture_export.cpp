// SPDX-License-Identifier: GPL-3.0-or-later
#include "picture_export.h"

#include "plots.h"
#include "theme.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace signalbox::ui {

namespace {

constexpr qreal kPictureScale = 2; ///< of PNG pictures, so that they hold in print

QString tr(const char* text)
{
    return QCoreApplication::translate("PictureExport", text);
}

std::optional<QString> writeBytes(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return tr("The file %1 could not be written: %2").arg(path, file.errorString());
    return std::nullopt;
}

QByteArray svgOf(QSize size, const QString& title,
                 const std::function<void(QPainter&, const QRectF&)>& paint)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(), size));
    generator.setTitle(title);
    generator.setResolution(96);
    QPainter painter(&generator);
    painter.fillRect(QRect(QPoint(), size), Theme::current().colors().surface);
    paint(painter, QRectF(QPointF(), size));
    painter.end();
    return buffer.data();
}

QByteArray pngOf(QSize size, const QString& title,
                 const std::function<void(QPainter&, const QRectF&)>& paint)
{
    QImage image(size * kPictureScale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(kPictureScale);
    image.fill(Theme::current().colors().surface);
    image.setText(QStringLiteral("Title"), title);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    paint(painter, QRectF(QPointF(), size));
    painter.end();
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data();
}

} // namespace

std::optional<QString> writePicture(const QString& path, QSize size, const QString& title,
                                    const std::function<void(QPainter&, const QRectF&)>& paint)
{
    if (path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive))
        return writeBytes(path, svgOf(size, title, paint));
    if (path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive))
        return writeBytes(path, pngOf(size, title, paint));
    return tr("Pictures are written as .svg or .png; %1 is neither.").arg(path);
}

std::optional<QString> writePlot(const PlotView& plot, const QString& path)
{
    if (path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive))
        return writeCsv(path, plot.table());
    const QSize size = plot.size().expandedTo(plot.minimumSizeHint());
    return writePicture(path, size, plot.title(),
                        [&](QPainter& painter, const QRectF& rect) { plot.render(painter, rect); });
}

std::optional<QString> writeCsv(const QString& path, const PlotTable& table)
{
    return writeBytes(path, table.toCsv().toUtf8());
}

} // namespace signalbox::ui
