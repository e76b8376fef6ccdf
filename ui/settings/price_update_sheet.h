// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/prices/price_diff.h>

#include <QDialog>

#include <string>
#include <vector>

class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace signalbox::ui {

class Callout;
class TextLabel;

/// An update of the price book, line by line beside what counts now. A person accepts lines; those
/// that are hardly right, and those that take a model away, have to be accepted one by one.
class PriceUpdateSheet final : public QDialog
{
    Q_OBJECT
public:
    explicit PriceUpdateSheet(BookDiff diff, QWidget* parent = nullptr);

    [[nodiscard]] std::vector<std::string> acceptedKeys() const;

signals:
    /// The book with the accepted lines. The sheet is closed by then.
    void linesAccepted(const signalbox::PriceBook& book);

private:
    void build();
    void fill();
    QTreeWidgetItem* addLine(const std::string& key, UpdateKind kind, bool isDoubtful);
    void addEntry(const EntryUpdate& update);
    void refresh();
    void take();

    BookDiff m_diff;
    TextLabel* m_summary = nullptr;
    Callout* m_doubts = nullptr;
    QTreeWidget* m_lines = nullptr;
    QPushButton* m_take = nullptr;
};

} // namespace signalbox::ui
