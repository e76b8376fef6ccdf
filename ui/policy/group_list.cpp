// SPDX-License-Identifier: GPL-3.0-or-later
#include "group_list.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace signalbox::ui {

GroupList::GroupList(QWidget* parent) : QWidget(parent)
{
    m_rows = new QVBoxLayout(this);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(space::kUnit);
}

GroupList::Row GroupList::makeRow(std::size_t index)
{
    Row row;
    row.box = new QWidget;
    auto* const rows = new QVBoxLayout(row.box);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(space::kHalf);
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kHalf);
    row.label = new TextField(tr("Name of heading %1").arg(index + 1));
    row.label->setObjectName(QStringLiteral("groupLabel"));
    auto* const remove = new IconButton(Icon::Trash, tr("Take heading %1 away").arg(index + 1));
    remove->setObjectName(QStringLiteral("removeGroup"));
    line->addWidget(row.label, 1);
    line->addWidget(remove);
    rows->addLayout(line);
    row.note = new NoteField(tr("Note of heading %1").arg(index + 1), 4);
    row.note->setPlaceholderText(tr("Why these rules belong together"));
    rows->addWidget(row.note);
    connect(row.label, &QLineEdit::textEdited, this, [this, index](const QString& text) {
        m_groups[index].label = text.toStdString();
        emit edited(m_groups, Pace::Typing);
    });
    connect(row.note, &NoteField::textEdited, this, [this, index](const QString& text) {
        m_groups[index].note = text.toStdString();
        emit edited(m_groups, Pace::Typing);
    });
    connect(remove, &IconButton::clicked, this, [this, index] { emit removeRequested(index); });
    return row;
}

void GroupList::show(const std::vector<RuleGroup>& groups)
{
    m_groups = groups;
    if (m_list.size() != groups.size() || m_rows->isEmpty()) {
        m_list.clear();
        clearLayout(m_rows);
        for (std::size_t i = 0; i < groups.size(); ++i) {
            m_list.push_back(makeRow(i));
            m_rows->addWidget(m_list.back().box);
        }
        if (groups.empty()) {
            auto* const hint = new TextLabel(
                tr("Rules that belong together can stand under a heading: mark them and choose "
                   "“Put under a heading”."),
                TextRole::Small);
            hint->setMuted(true);
            hint->setWordWrap(true);
            m_rows->addWidget(hint);
        }
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        m_list[i].label->setValue(groups[i].label.empty() ? groups[i].id : groups[i].label);
        m_list[i].note->setValue(groups[i].note);
    }
}

bool GroupList::focusGroup(std::size_t index)
{
    if (index >= m_list.size())
        return false;
    m_list[index].label->setFocus(Qt::OtherFocusReason);
    m_list[index].label->selectAll();
    return true;
}

QWidget* GroupList::rowOf(std::size_t index) const
{
    return index < m_list.size() ? m_list[index].box : nullptr;
}

} // namespace signalbox::ui
