// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeView>

namespace signalbox::ui {

/// The tree of a TraceModel: a mark for what came of a row, its name, and below it the value of
/// the request beside what was asked for. Marks differ in shape, and words at the right say the
/// same. Grows to its rows instead of scrolling inside a panel that scrolls.
class TraceView final : public QTreeView
{
    Q_OBJECT
public:
    explicit TraceView(QWidget* parent = nullptr);

    void setModel(QAbstractItemModel* model) override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
};

} // namespace signalbox::ui
