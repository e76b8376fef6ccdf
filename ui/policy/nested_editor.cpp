// SPDX-License-Identifier: GPL-3.0-or-later
#include "nested_editor.h"

#include "fields.h"
#include "policy_paths.h"

#include <ui/kit/spoken_parts.h>
#include <ui/kit/theme.h>

#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <QVariant>

#include <algorithm>

namespace signalbox::ui {
namespace {

constexpr const char* kPathProperty = "partPath";

} // namespace

// PartFrame

PartFrame::PartFrame(QWidget* parent) : QFrame(parent)
{
    setSpokenRole(this, QAccessible::Grouping);
}

void PartFrame::setCurrent(bool current)
{
    if (current == m_current)
        return;
    m_current = current;
    update();
}

void PartFrame::paintEvent(QPaintEvent* /*event*/)
{
    if (!m_current)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::current().colors();
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.accented.soft);
    painter.drawRoundedRect(rect(), radius::kControl, radius::kControl);
    painter.setBrush(colors.accent);
    painter.drawRoundedRect(QRect(0, space::kHalf, 3, height() - space::kUnit), 1.5, 1.5);
}

// NestedEditor

NestedEditor::NestedEditor(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
}

void NestedEditor::remakeParts(const std::function<void()>& make)
{
    const bool hadKeyboard = hasKeyboard();
    m_isRemaking = true;
    clearLayout(m_layout);
    m_parts.clear();
    m_isRemaking = false;
    make();
    if (hadKeyboard)
        focusPath(m_current);
}

void NestedEditor::addPart(const std::string& path, PartFrame* part)
{
    m_parts.emplace_back(path, part);
}

PartFrame* NestedEditor::partAt(const std::string& path) const
{
    const auto found = std::find_if(m_parts.begin(), m_parts.end(),
                                    [&](const auto& part) { return part.first == path; });
    return found == m_parts.end() ? nullptr : found->second;
}

void NestedEditor::watch(QWidget* widget, const std::string& path)
{
    const QString text = QString::fromStdString(path);
    const auto own = [&](QWidget* each) {
        if (each->property(kPathProperty).isValid())
            return; // belongs to a part inside
        each->setProperty(kPathProperty, text);
        each->installEventFilter(this);
    };
    own(widget);
    for (QWidget* const child : widget->findChildren<QWidget*>())
        own(child);
}

std::string NestedEditor::pathOf(const QObject* watched)
{
    return watched->property(kPathProperty).toString().toStdString();
}

bool NestedEditor::hasKeyboard() const
{
    const QWidget* const focused = window()->focusWidget();
    return focused && isAncestorOf(focused) && focused->property(kPathProperty).isValid();
}

bool NestedEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::MouseButtonPress) {
        const std::string path = pathOf(watched);
        if (path != m_current && hasPath(path)) {
            setCurrentPath(path);
            emit currentPathChanged(path);
        }
    }
    return QWidget::eventFilter(watched, event);
}

void NestedEditor::keyPressEvent(QKeyEvent* event)
{
    if (event->modifiers() & Qt::AltModifier) {
        if (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down) {
            move(m_current, event->key() == Qt::Key_Up ? -1 : 1);
            return;
        }
        if (event->key() == Qt::Key_Delete) {
            remove(m_current);
            return;
        }
    }
    QWidget::keyPressEvent(event);
}

void NestedEditor::setCurrentPath(const std::string& path)
{
    m_current = path;
    markCurrent();
}

void NestedEditor::markCurrent()
{
    // A lone part needs no mark: there is nothing to tell it from.
    for (const auto& [path, part] : m_parts)
        part->setCurrent(path == m_current && m_parts.size() > 1);
}

void NestedEditor::focusPath(const std::string& path)
{
    // A group is no part of its own: its first comparison stands for it.
    const auto inside = std::find_if(m_parts.begin(), m_parts.end(), [&](const auto& part) {
        return pathBelow(path, part.first).has_value();
    });
    if (PartFrame* const part = partAt(path))
        part->focusFirst();
    else if (inside != m_parts.end())
        inside->second->focusFirst();
    else if (!m_parts.empty())
        m_parts.front().second->focusFirst();
    else
        focusEmpty();
}

} // namespace signalbox::ui
