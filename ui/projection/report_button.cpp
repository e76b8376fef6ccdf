// SPDX-License-Identifier: GPL-3.0-or-later
#include "report_button.h"

#include <ui/kit/basic_widgets.h>

#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QSettings>

#include <utility>

namespace signalbox::ui {

namespace {
constexpr auto kFolderKey = "projection/reports";
}

ReportButton::ReportButton(Write write, QWidget* parent)
    : QPushButton(tr("Save report"), parent), m_write(std::move(write)),
      m_fileName(QStringLiteral("projection"))
{
    setToolTip(plainToolTip(tr("What this page shows, with what it assumes, for people without "
                               "Signalbox: one file, no scripts.")));
    auto* const choices = new QMenu(this);
    const auto add = [&](const QString& text, const QString& end, const QString& filter) {
        connect(choices->addAction(text), &QAction::triggered, this,
                [this, end, filter] { save(end, filter); });
    };
    add(tr("For a browser (HTML)..."), QStringLiteral(".html"), tr("Pages for a browser (*.html)"));
    add(tr("For paper (PDF)..."), QStringLiteral(".pdf"), tr("PDF documents (*.pdf)"));
    setMenu(choices);
}

void ReportButton::save(const QString& end, const QString& filter)
{
    const QString folder = QSettings().value(QLatin1String(kFolderKey)).toString();
    const QString proposed =
        folder.isEmpty() ? m_fileName + end : folder + QLatin1Char('/') + m_fileName + end;
    QString path = QFileDialog::getSaveFileName(window(), tr("Save the report"), proposed, filter);
    if (path.isEmpty())
        return;
    if (!path.endsWith(end, Qt::CaseInsensitive))
        path += end;
    QSettings().setValue(QLatin1String(kFolderKey), QFileInfo(path).absolutePath());
    if (const auto wrong = m_write(path))
        tellProblem(window(), tr("The report was not saved"), *wrong);
}

} // namespace signalbox::ui
