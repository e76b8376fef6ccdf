// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/traffic_log.h>

#include <QTreeWidget>

class QComboBox;

namespace signalbox::ui {

/// Each field of a request, the column of the log that it is read from, its unit and a value; a
/// choice in each row assigns another column. Owns the mapping that it shows.
class LogFieldTable final : public QTreeWidget
{
    Q_OBJECT
public:
    /// @param detection  of the log; must live as long
    explicit LogFieldTable(const LogDetection& detection, QWidget* parent = nullptr);

    void setMapping(const LogMapping& mapping);
    [[nodiscard]] const LogMapping& mapping() const { return m_mapping; }

    /// Of the row of a field; null where it has none.
    [[nodiscard]] QComboBox* columnChoice(LogField field) const;

signals:
    void assigned(); ///< by a person

private:
    enum Column { Field, From, Unit, Example, ColumnCount };
    struct Row
    {
        LogField field;
        QTreeWidgetItem* item = nullptr;
        QComboBox* column = nullptr;
        QComboBox* unit = nullptr; ///< null: the field has none
    };
    void addRow(LogField field);
    void fillColumns(const Row& row);
    void show(const Row& row);
    void assignFrom(const Row& row, bool isOtherColumn);

    const LogDetection& m_detection;
    std::vector<LogColumnChoice> m_choices;
    LogMapping m_mapping;
    std::vector<Row> m_rows;
};

} // namespace signalbox::ui
