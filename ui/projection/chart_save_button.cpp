// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_save_button.h"

#include <ui/kit/basic_widgets.h>

#include <QFileDialog>
#include <QMenu>

#include <utility>

namespace signalbox::ui {

ChartSaveButton::ChartSaveButton(const QString& what, const QString& fileName, Write write,
                                 Formats formats, QWidget* parent)
    : IconButton(Icon::Download,
                 formats == Formats::TableOnly ? tr("Save %1 (CSV)", "the thing saved").arg(what)
                                               : tr("Save %1 (SVG, PNG, CSV)").arg(what),
                 parent),
      m_fileName(fileName), m_write(std::move(write))
{
    auto* choices = new QMenu(this);
    const auto add = [&](const QString& text, const QString& end, const QString& filter) {
        connect(choices->addAction(text), &QAction::triggered, this,
                [this, end, filter] { save(end, filter); });
    };
    if (formats == Formats::PicturesAndTable) {
        add(tr("Picture that scales (SVG) …"), QStringLiteral(".svg"), tr("SVG pictures (*.svg)"));
        add(tr("Picture (PNG) …"), QStringLiteral(".png"), tr("PNG pictures (*.png)"));
    }
    add(tr("Numbers as a table (CSV) …"), QStringLiteral(".csv"), tr("Tables (*.csv)"));
    setMenu(choices);
    setPopupMode(QToolButton::InstantPopup);
}

void ChartSaveButton::save(const QString& end, const QString& filter)
{
    QString path =
        QFileDialog::getSaveFileName(window(), tr("Save the chart"), m_fileName + end, filter);
    if (path.isEmpty())
        return;
    if (!path.endsWith(end, Qt::CaseInsensitive))
        path += end;
    if (const auto wrong = m_write(path))
        tellProblem(window(), tr("The chart was not saved"), *wrong);
}

} // namespace signalbox::ui
