// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "part_drop.h"

#include <QToolButton>

#include <array>
#include <optional>
#include <vector>

class QAction;
class QMimeData;

namespace signalbox::ui {

/// A part of a policy in the tool bar. Dragged to the canvas it goes where it is let go; pressed it
/// does its action, which means what is selected, and says so where nothing is.
class PartButton final : public QToolButton
{
    Q_OBJECT
public:
    /// Where its word stands. The tooltip has its whole name and its keys in any case.
    enum class Word { Beside, Below, Nowhere };

    /// @param word  a short one for what is added, e.g. "Rule"
    PartButton(FlowPart part, QAction* action, const QString& word, QWidget* parent = nullptr);

    void setWord(Word place);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

    /// The data of a drag, and the part of it; nullopt if it carries none.
    [[nodiscard]] static QMimeData* mimeOf(FlowPart part);
    [[nodiscard]] static std::optional<FlowPart> partOf(const QMimeData* mime);

signals:
    void placeWanted(const QString& sentence);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] QPixmap label() const;

    FlowPart m_part;
    QPoint m_pressed;
};

/// The parts in a row, with their words beside them, below them or not at all, as there is room: it
/// gives way before anything else in its line does.
class PartBar final : public QWidget
{
    Q_OBJECT
public:
    explicit PartBar(QWidget* parent = nullptr);

    PartButton* add(FlowPart part, QAction* action, const QString& word);
    /// Something that stands behind the parts, always the same.
    void addLast(QWidget* widget);

    [[nodiscard]] PartButton::Word word() const { return m_word; }
    [[nodiscard]] int widthFor(PartButton::Word word) const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void measure();
    [[nodiscard]] PartButton::Word fitting() const;
    void setWord(PartButton::Word word);

    std::vector<PartButton*> m_buttons;
    QWidget* m_last = nullptr;
    std::array<int, 3> m_widths{}; ///< by PartButton::Word
    PartButton::Word m_word = PartButton::Word::Nowhere;
};

} // namespace signalbox::ui
