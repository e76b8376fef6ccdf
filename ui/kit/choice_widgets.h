// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "icons.h"
#include "spoken_parts.h"

#include <QLineEdit>
#include <QWidget>

#include <vector>

class QButtonGroup;

namespace signalbox::ui {

/// Two to five choices side by side, one of them chosen. Arrow keys move the choice.
class SegmentedControl : public QWidget, public SpokenParts
{
    Q_OBJECT
public:
    /// `name` is the accessible name: what is being chosen.
    explicit SegmentedControl(const QString& name, QWidget* parent = nullptr);

    /// Returns the index of the new segment. The first one becomes current.
    int addSegment(const QString& text, const QString& toolTip = {});
    int addSegment(Icon icon, const QString& name);
    [[nodiscard]] int count() const { return static_cast<int>(m_segments.size()); }
    [[nodiscard]] int currentIndex() const { return m_current; }
    /// Does not emit currentChanged() if the index is current already or out of range.
    void setCurrentIndex(int index);
    void setSegmentEnabled(int index, bool enabled);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }
    /// Where a segment is, in widget coordinates.
    [[nodiscard]] QRect segmentRect(int index) const;

    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::Grouping; }
    [[nodiscard]] std::vector<SpokenPart> spokenParts() const override;
    void pressPart(int part) override;

signals:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* /*event*/) override { partsChanged(); }
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Segment
    {
        QString text;
        QString toolTip;
        int icon = -1;
        bool enabled = true;
    };
    [[nodiscard]] int segmentWidth(const Segment& segment) const;
    [[nodiscard]] int segmentAt(QPoint position) const;
    void updateAccessibleText();
    std::vector<Segment> m_segments;
    QString m_name;
    int m_current = -1;
};

/// A line edit with a magnifier and a cross. Escape clears; textSettled() comes a moment after
/// typing pauses, so that filtering stays cheap.
class SearchField : public QLineEdit
{
    Q_OBJECT
public:
    /// `placeholder` is also the accessible name: "Search prompts".
    explicit SearchField(const QString& placeholder, QWidget* parent = nullptr);

signals:
    void textSettled(const QString& text);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
};

/// The left rail: one entry per page with icon and label, a footer part at the bottom. Up and Down
/// move, Home and End jump; Ctrl+1 … are actions of the shell.
class NavRail : public QWidget, public SpokenParts
{
    Q_OBJECT
public:
    explicit NavRail(QWidget* parent = nullptr);

    int addEntry(Icon icon, const QString& label, const QString& toolTip = {});
    /// Entries of the footer sit at the bottom; they count on behind the others.
    int addFooterEntry(Icon icon, const QString& label, const QString& toolTip = {});
    [[nodiscard]] int count() const { return static_cast<int>(m_entries.size()); }
    [[nodiscard]] int currentIndex() const { return m_current; }
    void setCurrentIndex(int index);
    [[nodiscard]] QRect entryRect(int index) const;

    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::PageTabList; }
    [[nodiscard]] std::vector<SpokenPart> spokenParts() const override;
    void pressPart(int part) override { setCurrentIndex(part); }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* /*event*/) override { partsChanged(); }
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Entry
    {
        Icon icon;
        QString label;
        QString toolTip;
        bool footer = false;
    };
    int add(Entry entry);
    void paintEntry(QPainter& painter, int index) const;
    [[nodiscard]] int entryAt(QPoint position) const;
    std::vector<Entry> m_entries;
    int m_current = -1;
    int m_hovered = -1;
};

} // namespace signalbox::ui
