// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_block.h"

#include "basic_widgets.h"
#include "picture_export.h"
#include "plot_parts.h"
#include "plot_table_view.h"
#include "text_views.h"

#include <QFileDialog>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

ChartBlock::ChartBlock(const QString& title, const QString& fileStem, QWidget* parent)
    : QWidget(parent), m_fileStem(fileStem)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kGap);
    m_header = new SectionHeader(title, this);
    m_tableButton = new IconButton(Icon::Table, tr("Show the numbers as a table"), this);
    m_tableButton->setCheckable(true);
    m_tableButton->setObjectName(QStringLiteral("table"));
    auto* saveButton = new IconButton(Icon::Download, tr("Save this chart"), this);
    saveButton->setObjectName(QStringLiteral("save"));
    m_header->addControl(m_tableButton);
    m_header->addControl(saveButton);
    layout->addWidget(m_header);
    m_plotsHolder = new QWidget(this);
    m_plotsLayout = new QVBoxLayout(m_plotsHolder);
    m_plotsLayout->setContentsMargins(0, 0, 0, 0);
    m_plotsLayout->setSpacing(space::kGap);
    layout->addWidget(m_plotsHolder);
    m_table = new PlotTableView(this);
    m_table->hide();
    layout->addWidget(m_table);
    m_notesLayout = new QVBoxLayout;
    m_notesLayout->setSpacing(space::kHalf);
    layout->addLayout(m_notesLayout);
    connect(m_tableButton, &QToolButton::toggled, this, [this](bool on) {
        if (on)
            m_table->setTable(table(), m_header->title());
        m_table->setVisible(on);
        m_plotsHolder->setVisible(!on);
    });
    connect(saveButton, &QToolButton::clicked, this, [this] { save(); });
}

void ChartBlock::setPlots(std::vector<PlotView*> plots, int columns)
{
    m_plots = std::move(plots);
    m_columns = std::max(1, columns);
}

void ChartBlock::setTableSource(std::function<PlotTable()> source)
{
    m_source = std::move(source);
}

void ChartBlock::refreshTable()
{
    if (isTableShown())
        m_table->setTable(table(), m_header->title());
}

bool ChartBlock::isTableShown() const
{
    return m_tableButton->isChecked();
}

void ChartBlock::showTable(bool shown)
{
    m_tableButton->setChecked(shown);
}

PlotTable ChartBlock::table() const
{
    if (m_source)
        return m_source();
    if (m_plots.empty())
        return {};
    if (m_plots.size() == 1)
        return m_plots.front()->table();
    PlotTable all;
    for (const PlotView* plot : m_plots) {
        const PlotTable one = plot->table();
        if (all.columns.isEmpty())
            all.columns = QStringList(tr("Chart")) + one.columns;
        for (const QStringList& row : one.rows)
            all.rows.push_back(QStringList(plot->title()) + row);
    }
    return all;
}

QSize ChartBlock::pictureSize() const
{
    const int rows = (static_cast<int>(m_plots.size()) + m_columns - 1) / m_columns;
    int width = 0;
    int height = 0;
    for (const PlotView* plot : m_plots) {
        const QSize size = plot->size().expandedTo(plot->minimumSizeHint());
        width = std::max(width, size.width());
        height = std::max(height, size.height());
    }
    if (m_plots.size() > 1)
        height += static_cast<int>(plot::kTitleHeight);
    return {m_columns * width + (m_columns - 1) * space::kSection,
            rows * height + (rows - 1) * space::kWide};
}

void ChartBlock::paintPlots(QPainter& painter, const QRectF& rect) const
{
    const auto count = static_cast<int>(m_plots.size());
    const int rows = (count + m_columns - 1) / m_columns;
    const double width = (rect.width() - (m_columns - 1) * space::kSection) / m_columns;
    const double height = (rect.height() - (rows - 1) * space::kWide) / rows;
    for (int i = 0; i < count; ++i) {
        QRectF part(rect.left() + (i % m_columns) * (width + space::kSection),
                    rect.top() + (i / m_columns) * (height + space::kWide), width, height);
        const PlotView& one = *m_plots[static_cast<std::size_t>(i)];
        if (count > 1) {
            painter.setFont(Theme::font(TextRole::BodyStrong));
            painter.setPen(plot::colors().text);
            painter.drawText(part, Qt::AlignLeft | Qt::AlignTop, one.title());
            part.setTop(part.top() + plot::kTitleHeight);
        }
        one.render(painter, part);
    }
}

void ChartBlock::save()
{
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Save the chart"), m_fileStem + QStringLiteral(".svg"),
        tr("Pictures and tables (*.svg *.png *.csv)"));
    if (path.isEmpty())
        return;
    const auto wrong = path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive)
                           ? writeCsv(path, table())
                           : writePicture(path, pictureSize(), m_header->title(),
                                          [this](QPainter& painter, const QRectF& rect) {
                                              paintPlots(painter, rect);
                                          });
    if (wrong)
        tellProblem(this, tr("The chart was not saved"), *wrong);
}

} // namespace signalbox::ui
