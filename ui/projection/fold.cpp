// SPDX-License-Identifier: GPL-3.0-or-later
#include "fold.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QVBoxLayout>

namespace signalbox::ui {

Fold::Fold(const QString& title, QWidget* parent) : QWidget(parent), m_title(title)
{
    m_rows = new QVBoxLayout(this);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(space::kHalf);
    m_button = new IconButton(Icon::ChevronRight, title, this);
    m_button->setWord(title);
    m_button->setFocusPolicy(Qt::StrongFocus);
    m_rows->addWidget(m_button, 0, Qt::AlignLeft);
    connect(m_button, &QToolButton::clicked, this, [this] { setOpen(!m_isOpen); });
    setOpen(false);
}

void Fold::setContent(QWidget* content)
{
    delete m_content;
    m_content = content;
    if (!content)
        return;
    m_rows->addWidget(content);
    content->setVisible(m_isOpen);
}

void Fold::setOpen(bool open)
{
    m_isOpen = open;
    m_button->setIconShape(open ? Icon::ChevronDown : Icon::ChevronRight);
    const QString doing =
        open ? tr("Hide: %1", "a part of the page") : tr("Show: %1", "a part of the page");
    m_button->setAccessibleName(doing.arg(m_title));
    m_button->setToolTip(plainToolTip(doing.arg(m_title)));
    if (m_content)
        m_content->setVisible(open);
}

} // namespace signalbox::ui
