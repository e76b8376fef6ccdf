// SPDX-License-Identifier: GPL-3.0-or-later
#include "outline_view.h"

#include "policy_actions.h"
#include "policy_outline_model.h"
#include "policy_paths.h"

#include <ui/kit/theme.h>

#include <QComboBox>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScopedValueRollback>
#include <QStyledItemDelegate>

namespace signalbox::ui {
namespace {

/// Edits a cell that names a model with a list of the models.
class OutlineDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const override
    {
        const QVariant choices = index.data(PolicyOutlineModel::ModelChoicesRole);
        if (!choices.isValid())
            return QStyledItemDelegate::createEditor(parent, option, index);
        auto* const box = new QComboBox(parent);
        box->addItems(choices.toStringList());
        return box;
    }
    void setEditorData(QWidget* editor, const QModelIndex& index) const override
    {
        if (auto* const box = qobject_cast<QComboBox*>(editor))
            box->setCurrentText(index.data(Qt::EditRole).toString());
        else
            QStyledItemDelegate::setEditorData(editor, index);
    }
    void setModelData(QWidget* editor, QAbstractItemModel* model,
                      const QModelIndex& index) const override
    {
        if (const auto* const box = qobject_cast<QComboBox*>(editor))
            model->setData(index, box->currentText());
        else
            QStyledItemDelegate::setModelData(editor, model, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const bool heading =
            !index.siblingAtColumn(0).data(Qt::DecorationRole).value<QIcon>().isNull();
        if (!heading && !index.parent().isValid())
            option->font = Theme::font(TextRole::BodyStrong);
        const bool quiet = index.column() != PolicyOutlineModel::Part ||
                           !index.data(PolicyOutlineModel::EnabledRole).toBool();
        if (quiet && !(option->state & QStyle::State_Selected))
            option->palette.setColor(QPalette::Text, Theme::current().colors().textMuted);
    }
};

} // namespace

OutlineView::OutlineView(PolicyEditor& editor, PolicyActions& actions, PolicyOutlineModel& model,
                         QWidget* parent)
    : QTreeView(parent), m_editor(editor), m_model(model)
{
    setObjectName(QStringLiteral("outlineView"));
    setAccessibleName(tr("Outline of the policy"));
    // Before the view hears of it: rows that go make Qt choose another one, which nobody asked for.
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this] { m_following = true; });
    setModel(&model);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [this] {
        m_following = false;
        followSelection();
    });
    setItemDelegate(new OutlineDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setUniformRowHeights(true);
    setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setAllColumnsShowFocus(true);
    setIndentation(space::kWide + space::kHalf);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(PolicyOutlineModel::Part, QHeaderView::Interactive);
    header()->setSectionResizeMode(PolicyOutlineModel::Value, QHeaderView::Stretch);
    header()->setSectionResizeMode(PolicyOutlineModel::Share, QHeaderView::ResizeToContents);
    header()->resizeSection(PolicyOutlineModel::Part, 280);
    expandToDepth(1);
    actions.attachTo(this);
    connect(&editor, &PolicyEditor::selectionChanged, this, &OutlineView::followSelection);
    connect(&model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex& above, int first, int last) {
                // New parts are seen at once, also the first ones of what was empty.
                expand(above);
                for (int row = first; row <= last; ++row)
                    expand(m_model.index(row, 0, above));
                followSelection();
            });
    followSelection();
}

void OutlineView::followSelection()
{
    const PolicySelection& selection = m_editor.selection();
    // With nothing selected the policy itself is what the inspector shows; a heading is nothing.
    if (selection == PolicySelection{} && currentIndex().isValid() &&
        m_model.selectionAt(currentIndex()) == selection)
        return;
    const QModelIndex index =
        m_model.indexOf(selection == PolicySelection{} ? selectDocument() : selection);
    if (!index.isValid() ||
        (currentIndex().isValid() && index == currentIndex().siblingAtColumn(0)))
        return;
    const QScopedValueRollback following(m_following, true);
    const int column = currentIndex().isValid() ? currentIndex().column() : 0;
    setCurrentIndex(index.siblingAtColumn(column));
    scrollTo(index);
}

void OutlineView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    if (!m_following && current.isValid() && hasFocus())
        m_editor.setSelection(m_model.selectionAt(current));
}

void OutlineView::keyPressEvent(QKeyEvent* event)
{
    const bool plain =
        event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    if (plain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) &&
        state() != EditingState) {
        emit openRequested();
        return;
    }
    if (plain && event->key() == Qt::Key_F2 && currentIndex().isValid()) {
        // The cell that can be edited: the name of a rule, the value of a condition, the model of a
        // call.
        for (const int column : {PolicyOutlineModel::Part, PolicyOutlineModel::Value}) {
            const QModelIndex cell = currentIndex().siblingAtColumn(column);
            if (m_model.flags(cell) & Qt::ItemIsEditable) {
                edit(cell);
                return;
            }
        }
        emit renameRequested();
        return;
    }
    if (event->key() == Qt::Key_Menu) {
        emit menuRequested(viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft()));
        return;
    }
    QTreeView::keyPressEvent(event);
}

void OutlineView::contextMenuEvent(QContextMenuEvent* event)
{
    emit menuRequested(event->globalPos());
}

} // namespace signalbox::ui
