// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QListView;
class QStandardItemModel;

namespace signalbox::ui {

/// What could be typed next, in a list below the cursor of a field. The field keeps the keyboard
/// and moves the choice; nothing is chosen at first, so that Enter still means the field. Floats in
/// the field's window; a click takes an item.
class CompletionPopup final : public QWidget
{
    Q_OBJECT
public:
    struct Item
    {
        QString text;
        QString detail; ///< muted, at the right; may be empty
    };

    /// @param window  what it floats in; it becomes its parent
    explicit CompletionPopup(QWidget* window);

    /// Shows the items below (or above, where there is no room) a line of the field.
    void showItems(const std::vector<Item>& items, const QRect& lineInWindow);

    void step(int delta);              ///< moves the choice, from the end to the start and back
    [[nodiscard]] int current() const; ///< -1: none is chosen
    [[nodiscard]] int count() const;
    [[nodiscard]] QStringList texts() const;

signals:
    void taken(int item);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QListView* m_list = nullptr;
    QStandardItemModel* m_model = nullptr;
};

} // namespace signalbox::ui
