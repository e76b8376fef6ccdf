// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <functional>
#include <string>
#include <utility>
#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

/// One part of a nested editor: the fields of a comparison or of a plan's node. Wears a mark while
/// it is the current one.
class PartFrame : public QFrame
{
    Q_OBJECT
public:
    explicit PartFrame(QWidget* parent = nullptr);

    void setCurrent(bool current);
    /// Gives the keyboard to what is most likely to be changed.
    virtual void focusFirst() = 0;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    bool m_current = false;
};

/// What editors of conditions and of plans have in common: a tree of parts that are named by their
/// paths, one of which is current. The part that gets the keyboard or a click becomes it; Alt+Up
/// and Alt+Down move it among its siblings, Alt+Delete takes it away.
class NestedEditor : public QWidget
{
    Q_OBJECT
public:
    explicit NestedEditor(QWidget* parent = nullptr);

    /// Marks the part at this path, e.g. "any[1]" or "chain.steps[0]".
    void setCurrentPath(const std::string& path);
    [[nodiscard]] const std::string& currentPath() const { return m_current; }
    /// Gives the keyboard to the part at this path, else to the first one.
    void focusPath(const std::string& path);
    [[nodiscard]] PartFrame* partAt(const std::string& path) const; ///< null if none

signals:
    void currentPathChanged(const std::string& path);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

    /// Does the shown value have something at this path?
    [[nodiscard]] virtual bool hasPath(const std::string& path) const = 0;
    virtual void move(const std::string& path, int delta) = 0;
    virtual void remove(const std::string& path) = 0;
    /// The keyboard is wanted where there is no part yet.
    virtual void focusEmpty() {}

    using Parts = std::vector<std::pair<std::string, PartFrame*>>;
    [[nodiscard]] const Parts& parts() const { return m_parts; }
    void addPart(const std::string& path, PartFrame* part);
    /// Deletes all parts and has them made anew; the part that had the keyboard gets it again.
    /// Old parts that lose it may finish an edit, which comes back as a new value while they go:
    /// such a value is to be kept for make(), see isRemaking().
    void remakeParts(const std::function<void()>& make);
    [[nodiscard]] bool isRemaking() const { return m_isRemaking; }
    [[nodiscard]] QVBoxLayout* partsLayout() const { return m_layout; }
    /// Makes a widget with all inside it belong to a path, unless an inner part owns it already.
    void watch(QWidget* widget, const std::string& path);
    void markCurrent();
    /// The path of a widget that is watched; empty for others.
    [[nodiscard]] static std::string pathOf(const QObject* watched);

    std::string m_current;

private:
    [[nodiscard]] bool hasKeyboard() const;

    QVBoxLayout* m_layout;
    Parts m_parts;
    bool m_isRemaking = false;
};

} // namespace signalbox::ui
