// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_field_table.h"

#include "log_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QComboBox>
#include <QHeaderView>
#include <QWheelEvent>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kFieldPx = 190;
constexpr int kFromPx = 280;
constexpr int kUnitPx = 170;

/// One of many in a list that scrolls: the wheel is the list's.
class RowChoice final : public QComboBox
{
public:
    using QComboBox::QComboBox;

protected:
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

QString text(const std::string& utf8)
{
    return withVisibleControls(QString::fromStdString(utf8).simplified());
}

} // namespace

LogFieldTable::LogFieldTable(const LogDetection& detection, QWidget* parent)
    : QTreeWidget(parent), m_detection(detection), m_choices(columnChoices(detection))
{
    setAccessibleName(tr("Fields and where they are read from"));
    setColumnCount(ColumnCount);
    setHeaderLabels({tr("Field"), tr("Read from"), tr("Unit"), tr("For example")});
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setSelectionMode(QAbstractItemView::NoSelection);
    setFocusPolicy(Qt::NoFocus); // its rows' choices take the keys
    header()->setStretchLastSection(true);
    header()->resizeSection(Field, kFieldPx);
    header()->resizeSection(From, kFromPx);
    header()->resizeSection(Unit, kUnitPx);
    for (const LogField field : assignableFields())
        addRow(field);
}

void LogFieldTable::addRow(LogField field)
{
    Row row{field, new QTreeWidgetItem(this, {fieldWords(field)}), new RowChoice(this), nullptr};
    row.item->setToolTip(Field, plainToolTip(fieldPurpose(field)));
    row.item->setSizeHint(Field, QSize(kFieldPx, space::kControl + space::kHalf));
    row.column->setObjectName(QStringLiteral("logColumn.") +
                              QLatin1String(logFieldName(field).data(),
                                            static_cast<qsizetype>(logFieldName(field).size())));
    row.column->setAccessibleName(tr("%1 is read from", "a field").arg(fieldWords(field)));
    row.column->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setItemWidget(row.item, From, row.column);
    for (int i = 0; i <= static_cast<int>(LogUnit::OneBased); ++i) {
        const auto unit = static_cast<LogUnit>(i);
        if (unit == LogUnit::Plain || !fits(unit, field))
            continue;
        if (!row.unit) {
            row.unit = new RowChoice(this);
            row.unit->setAccessibleName(tr("Unit of %1", "a field").arg(fieldWords(field)));
            row.unit->addItem(unitWords(LogUnit::Plain), static_cast<int>(LogUnit::Plain));
            setItemWidget(row.item, Unit, row.unit);
        }
        row.unit->addItem(unitWords(unit), i);
    }
    fillColumns(row);
    m_rows.push_back(row);
    connect(row.column, &QComboBox::activated, this, [this, row] { assignFrom(row, true); });
    if (row.unit)
        connect(row.unit, &QComboBox::activated, this, [this, row] { assignFrom(row, false); });
}

void LogFieldTable::fillColumns(const Row& row)
{
    row.column->addItem(tr("not read", "a field of a log"), QString());
    for (const LogColumnChoice& choice : m_choices) {
        if (choice.isTree && !readsTrees(row.field))
            continue;
        row.column->addItem(columnWords(choice.path), QString::fromStdString(choice.path));
        row.column->setItemData(row.column->count() - 1, plainToolTip(text(choice.example)),
                                Qt::ToolTipRole);
    }
}

void LogFieldTable::setMapping(const LogMapping& mapping)
{
    m_mapping = mapping;
    for (const Row& row : m_rows)
        show(row);
}

/// A place that the first lines have not, or one with stars in a key, is none of the choices and is
/// added to them.
void LogFieldTable::show(const Row& row)
{
    const auto place = placeOf(m_mapping, row.field, m_detection);
    const std::string path = place ? linePathOf(m_mapping, *place) : std::string();
    const QString asText = QString::fromStdString(path);
    int index = row.column->findData(asText);
    if (index < 0) {
        row.column->addItem(columnWords(path), asText);
        index = row.column->count() - 1;
    }
    row.column->setCurrentIndex(index);
    if (row.unit) {
        row.unit->setEnabled(place.has_value());
        row.unit->setCurrentIndex(std::max(
            0, row.unit->findData(static_cast<int>(place ? place->unit : LogUnit::Plain))));
    }
    const QString example = place ? text(exampleAt(m_detection, path)) : QString();
    row.item->setText(Example, place && example.isEmpty()
                                   ? tr("not in the first lines", "a value of a log")
                                   : example);
    row.item->setToolTip(Example, plainToolTip(example));
}

void LogFieldTable::assignFrom(const Row& row, bool isOtherColumn)
{
    const std::string path = row.column->currentData().toString().toStdString();
    if (path.empty()) {
        unassign(m_mapping, row.field);
    } else {
        const LogUnit unit = isOtherColumn || !row.unit
                                 ? likelyUnit(row.field, path, m_detection)
                                 : static_cast<LogUnit>(row.unit->currentData().toInt());
        assign(m_mapping, row.field, path, unit, m_detection);
    }
    show(row);
    emit assigned();
}

QComboBox* LogFieldTable::columnChoice(LogField field) const
{
    const auto row = std::ranges::find(m_rows, field, &Row::field);
    return row == m_rows.end() ? nullptr : row->column;
}

} // namespace signalbox::ui
