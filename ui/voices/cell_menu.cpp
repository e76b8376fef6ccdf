// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell_menu.h"

#include "answer_facts.h"
#include "facts_line.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/sheet_buttons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_table_model.h>

#include <QAbstractProxyModel>
#include <QAction>
#include <QDateTime>
#include <QDialog>
#include <QLocale>
#include <QMenu>
#include <QTableView>
#include <QVBoxLayout>

namespace signalbox::ui {

namespace {

constexpr QSize kSheetSize(560, 420);
constexpr qsizetype kMostEarlier = 12;

QString momentOf(const StoredAnswer& answer)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(answer.recordedAtMs),
                              QLocale::ShortFormat);
}

QString stateOf(const StoredAnswer& answer)
{
    switch (answer.state) {
    case StoredState::Cached:
        return answerFacts::reused();
    case StoredState::Failed:
        return CellMenu::tr("failed", "an answer");
    case StoredState::Stopped:
        return CellMenu::tr("stopped", "an answer");
    case StoredState::Refused:
        return CellMenu::tr("refused", "an answer");
    case StoredState::Filtered:
        return CellMenu::tr("withheld", "an answer");
    case StoredState::Cut:
        return CellMenu::tr("cut off", "an answer");
    case StoredState::Queued:
    case StoredState::Running:
    case StoredState::Done:
        break;
    }
    return answer.cost ? format::money(answer.cost->usd())
                       : CellMenu::tr("cost unknown", "of an answer");
}

} // namespace

CellMenu::CellMenu(LabSession& session, LabTableModel& model, QTableView& table, QObject* parent)
    : QObject(parent), m_session(session), m_model(model), m_table(table)
{
    m_menu = new QMenu(&table);
    m_menu->setObjectName(QStringLiteral("cellMenu"));
    m_menu->setToolTipsVisible(true);
    m_again = new QAction(icon(Icon::Retry), tr("Ask this model again"), &table);
    m_again->setObjectName(QStringLiteral("askAgain"));
    m_again->setShortcut(QKeySequence(Qt::Key_F5));
    m_again->setShortcutContext(Qt::WidgetShortcut);
    m_again->setToolTip(tr(
        "Sends this prompt to this model once more. The answer that is there stays in the store, "
        "and in the table if the repeat gives none. Later turns of its conversation are asked anew "
        "if the repeat says otherwise."));
    table.addAction(m_again);
    connect(m_again, &QAction::triggered, this, [this] { askAgain(m_table.currentIndex()); });
    table.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&table, &QTableView::customContextMenuRequested, this, [this](const QPoint& at) {
        // The menu key names no cell that the mouse is over.
        const QModelIndex under = m_table.indexAt(at);
        const QModelIndex index = under.isValid() ? under : m_table.currentIndex();
        if (!index.isValid() || index.column() == 0)
            return;
        m_table.setCurrentIndex(index);
        menuFor(index)->popup(m_table.viewport()->mapToGlobal(
            under.isValid() ? at : m_table.visualRect(index).center()));
    });
}

/// The table shows the rows in an order of its own.
CellId CellMenu::cellOf(const QModelIndex& index) const
{
    const auto* const rows = qobject_cast<const QAbstractProxyModel*>(index.model());
    return m_model.cellIdOf(rows ? rows->mapToSource(index) : index);
}

QMenu* CellMenu::menuFor(const QModelIndex& index)
{
    fill(index);
    return m_menu;
}

bool CellMenu::canAskAgain(const QModelIndex& index) const
{
    if (!index.isValid() || index.column() == 0 || m_session.shownRun())
        return false;
    const CellState state = m_session.run().cell(cellOf(index)).state;
    return state == CellState::Done || state == CellState::Failed || state == CellState::Stopped;
}

void CellMenu::askAgain(const QModelIndex& index)
{
    if (canAskAgain(index))
        m_session.rerun(cellOf(index));
}

void CellMenu::fill(const QModelIndex& index)
{
    m_menu->clear();
    const CellId cell = cellOf(index);
    if (m_first) {
        m_first(*m_menu, cell);
        m_menu->addSeparator();
    }
    const QString name = QString::fromStdString(m_session.models()[cell.model].id.value);
    QAction* const again =
        m_menu->addAction(m_again->icon(), tr("&Ask %1 again").arg(withoutMnemonics(name)));
    again->setObjectName(QStringLiteral("cellMenu.askAgain"));
    again->setShortcut(m_again->shortcut());
    again->setToolTip(m_again->toolTip());
    again->setEnabled(canAskAgain(index));
    connect(again, &QAction::triggered, this,
            [this, at = QPersistentModelIndex(index)] { askAgain(at); });
    addEarlier(cell);
}

/// The answers that a repeat has replaced, the newest first.
void CellMenu::addEarlier(const CellId& cell)
{
    const auto earlier = m_session.earlierAnswers(cell);
    if (!earlier || earlier->empty())
        return;
    m_menu->addSeparator();
    QMenu* const menu = m_menu->addMenu(
        icon(Icon::History),
        tr("&Earlier answers (%1)").arg(format::count(static_cast<qint64>(earlier->size()))));
    menu->setObjectName(QStringLiteral("cellMenu.earlier"));
    qsizetype shown = 0;
    for (auto answer = earlier->rbegin(); answer != earlier->rend() && shown < kMostEarlier;
         ++answer, ++shown) {
        QAction* const entry = menu->addAction(joinedFacts({momentOf(*answer), stateOf(*answer)}));
        connect(entry, &QAction::triggered, this,
                [this, cell, each = *answer] { showAnswer(cell, each); });
    }
}

void CellMenu::showAnswer(const CellId& cell, const StoredAnswer& answer)
{
    auto* sheet = new QDialog(m_table.window());
    sheet->setObjectName(QStringLiteral("earlierAnswer"));
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->resize(kSheetSize);
    const QString name = QString::fromStdString(m_session.models()[cell.model].id.value);
    sheet->setWindowTitle(tr("An earlier answer of %1").arg(name));
    auto* rows = new QVBoxLayout(sheet);
    auto* facts =
        new TextLabel(joinedFacts({momentOf(answer), stateOf(answer)}), TextRole::Small, sheet);
    facts->setMuted(true);
    rows->addWidget(facts);
    auto* text = new PlainTextPane(sheet->windowTitle(), sheet);
    text->setWholeText(QString::fromStdString(answer.text.empty() ? answer.failure : answer.text));
    rows->addWidget(text, 1);
    addCloseButton(sheet, rows);
    sheet->open();
}

} // namespace signalbox::ui
