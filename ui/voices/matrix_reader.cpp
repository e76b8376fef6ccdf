// SPDX-License-Identifier: GPL-3.0-or-later
#include "matrix_reader.h"

#include "answer_delegate.h"
#include "answer_facts.h"
#include "cell_menu.h"
#include "facts_line.h"
#include "focus_view.h"
#include "note_editor.h"
#include "reading_bar.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QSettings>
#include <QTableView>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr char kAsWrittenKey[] = "voices/asWritten";

} // namespace

MatrixReader::MatrixReader(LabSession& session, ReadingRows& rows, CellRemarks& remarks,
                           const Views& views, QWidget* page)
    : QObject(page), m_session(session), m_rows(rows), m_remarks(remarks), m_views(views)
{
    buildFinding(page);
    buildKeys();
    buildEmpty();
    buildRemarks();
    showReading();
}

MatrixReader::~MatrixReader() = default;

QAction* MatrixReader::makeFindAction(QWidget* page)
{
    auto* const find = new QAction(icon(Icon::Filter), tr("Find and filter answers"), page);
    find->setObjectName(QStringLiteral("findAnswers"));
    find->setToolTip(tr("Find and filter answers (Ctrl+F)"));
    find->setCheckable(true);
    setSearchWords(*find, tr("search look text starred failed refused segment tag longest"));
    page->addAction(find);
    return find;
}

void MatrixReader::buildFinding(QWidget* page)
{
    m_bar = new ReadingBar(page);
    m_bar->hide();
    connect(m_views.find, &QAction::triggered, this, &MatrixReader::setOpen);
    // The key leads into the field also where the bar is open; the button closes it.
    addKey(tr("Find in the answers"), {QKeySequence::Find}, page, Qt::WindowShortcut,
           &MatrixReader::openBar);
    connect(m_bar, &ReadingBar::criteriaChanged, this, &MatrixReader::takeCriteria);
    connect(m_bar, &ReadingBar::closeRequested, this, [this] { setOpen(false); });
    connect(m_bar, &ReadingBar::stepRequested, this, &MatrixReader::step);
    connect(&m_rows, &QAbstractItemModel::modelAboutToBeReset, this, &MatrixReader::keepPlace);
    connect(&m_rows, &QAbstractItemModel::modelReset, this, &MatrixReader::restorePlace);
    connect(&m_rows, &ReadingRows::readingChanged, this, [this] {
        m_views.table->viewport()->update(); // other hits, perhaps, in the same rows
        showReading();
    });
    connect(&m_session, &LabSession::aboutToReset, this, [this] { m_isNewTable = true; });
    connect(&m_session, &LabSession::wasReset, this, [this] {
        m_isNewTable = false;
        m_bar->setSegments(m_rows.segments());
        m_bar->setTags(m_rows.tags());
        takeCriteria(); // the chosen segment or tag may be gone
    });
    connect(m_views.table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this] { showReading(); });
    m_bar->setSegments(m_rows.segments());
    m_bar->setTags(m_rows.tags());
    addKey(tr("Next hit"), {Qt::Key_F3}, page, Qt::WindowShortcut, &MatrixReader::stepOn);
    addKey(tr("Previous hit"), {Qt::SHIFT | Qt::Key_F3}, page, Qt::WindowShortcut,
           &MatrixReader::stepBack);
}

QAction* MatrixReader::addKey(const QString& text, const QList<QKeySequence>& keys, QWidget* owner,
                              Qt::ShortcutContext context, void (MatrixReader::*run)())
{
    auto* const action = new QAction(text, owner);
    action->setShortcuts(keys);
    action->setShortcutContext(context);
    connect(action, &QAction::triggered, this, run);
    owner->addAction(action);
    return action;
}

/// Single letters work in the matrix and in the answers only: elsewhere somebody may be typing.
void MatrixReader::buildKeys()
{
    constexpr auto kHere = Qt::WidgetWithChildrenShortcut;
    QWidget* const keys = m_views.keys;
    addKey(tr("Star the answer, or take the star away"), {Qt::Key_S}, keys, kHere,
           &MatrixReader::toggleStar);
    addKey(tr("Write a note on the answer"), {Qt::Key_N}, keys, kHere, &MatrixReader::writeNote);
    addKey(tr("Compare the other answers with this one"), {Qt::Key_R}, keys, kHere,
           &MatrixReader::toggleReference);
    addKey(tr("Show this answer alone, or all of them"), {Qt::Key_M}, keys, kHere,
           &MatrixReader::toggleAlone);
    addKey(tr("Show answers as they were written, or rendered"), {Qt::Key_W}, keys, kHere,
           &MatrixReader::toggleForm);
    addKey(tr("Copy the answer as it was written"), {Qt::Key_C}, keys, kHere,
           &MatrixReader::copyAnswer);
    addKey(tr("Copy the answer as a Markdown quote"), {Qt::Key_Q}, keys, kHere,
           &MatrixReader::copyQuote);
    addKey(tr("Read the whole answer"), {Qt::Key_Return, Qt::Key_Enter}, m_views.table,
           Qt::WidgetShortcut, &MatrixReader::readWhole);
    addKey(tr("Copy the prompt with its answers and notes"), {QKeySequence::Copy}, m_views.table,
           Qt::WidgetShortcut, &MatrixReader::copyRow);
    addKey(tr("Copy the table as it is read"), {Qt::CTRL | Qt::SHIFT | Qt::Key_C}, keys, kHere,
           &MatrixReader::copyTable);
    connect(m_views.focus, &FocusView::formChosen, this, &MatrixReader::chooseForm);
    const bool isAsWritten = QSettings().value(QLatin1String(kAsWrittenKey)).toBool();
    setForm(isAsWritten ? TextForm::AsWritten : TextForm::Rendered);
    connect(m_views.focus, &FocusView::aloneChanged, this, [this] {
        m_views.table->setVisible(m_views.focus->alone() < 0);
        m_escape->setEnabled(m_views.focus->alone() >= 0);
    });
    m_escape =
        addKey(tr("Show all answers"), {Qt::Key_Escape}, keys, kHere, &MatrixReader::leaveAlone);
    m_escape->setEnabled(false);
}

void MatrixReader::setForm(TextForm form)
{
    m_form = form;
    m_views.delegate->setForm(form);
    m_views.table->viewport()->update();
    m_views.focus->setForm(form);
}

/// A person who reads what was written finds it like that again.
void MatrixReader::chooseForm(TextForm form)
{
    if (form == m_form)
        return;
    QSettings().setValue(QLatin1String(kAsWrittenKey), form == TextForm::AsWritten);
    setForm(form);
}

void MatrixReader::toggleForm()
{
    chooseForm(m_form == TextForm::Rendered ? TextForm::AsWritten : TextForm::Rendered);
}

void MatrixReader::buildEmpty()
{
    m_empty = new EmptyState(Icon::Filter, tr("No prompt is left"),
                             tr("Nothing in the table fits everything that is asked for above."),
                             m_views.table->viewport());
    m_empty->setObjectName(QStringLiteral("nothingLeft"));
    auto* const clear = new QAction(tr("Show all prompts"), m_empty);
    connect(clear, &QAction::triggered, this, &MatrixReader::showAll);
    m_empty->setAction(clear);
    m_empty->hide();
    m_views.table->viewport()->installEventFilter(this);
}

void MatrixReader::buildRemarks()
{
    m_note = new NoteEditor(m_views.table);
    m_views.focus->setRemarks(&m_remarks);
    connect(m_views.delegate, &AnswerDelegate::starClicked, this, [this](const QModelIndex& at) {
        if (const auto id = m_rows.cellIdOf(at))
            starCell(*id);
    });
    connect(m_views.focus, &FocusView::starRequested, this, &MatrixReader::starCell);
    connect(m_views.focus, &FocusView::noteRequested, this, &MatrixReader::noteCell);
    connect(&m_remarks, &CellRemarks::problemChanged, this, &MatrixReader::showProblem);
}

bool MatrixReader::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        m_empty->setGeometry(m_views.table->viewport()->rect());
    return QObject::eventFilter(watched, event);
}

void MatrixReader::setOpen(bool open)
{
    m_views.find->setChecked(open);
    m_bar->setVisible(open);
    if (open) {
        emit wanted();
        m_bar->takeFocus();
    } else {
        m_bar->clear();
        m_views.table->setFocus(Qt::OtherFocusReason);
    }
}

void MatrixReader::openBar()
{
    setOpen(true);
}

void MatrixReader::showAll()
{
    m_bar->clear();
    m_views.table->setFocus(Qt::OtherFocusReason);
}

void MatrixReader::takeCriteria()
{
    const ReadingCriteria criteria = m_bar->criteria();
    m_views.focus->setSought(criteria.words);
    m_rows.setCriteria(criteria);
    m_views.table->viewport()->update(); // the words are marked
    showReading();
}

void MatrixReader::showReading()
{
    const bool isSearching = m_rows.isSearching();
    m_bar->setCounts(m_rows.rowCount(), m_rows.total(), m_rows.hitCount(),
                     m_rows.hitNumber(m_views.table->currentIndex()), isSearching);
    m_empty->setVisible(m_rows.rowCount() == 0 && m_rows.total() > 0);
    if (!isSearching && std::exchange(m_stepsWhenFound, false))
        step(true);
}

/// The row that is read stays the one that is read, while it is in sight.
void MatrixReader::keepPlace()
{
    const QModelIndex now = m_rows.mapToSource(m_views.table->currentIndex());
    m_placeRow = now.row();
    m_placeColumn = now.column();
}

void MatrixReader::restorePlace()
{
    if (m_isNewTable)
        return; // the page chooses a place, once all views have followed
    if (m_rows.rowCount() == 0) {
        m_views.focus->showPrompt(-1);
        return;
    }
    const QModelIndex table = m_rows.sourceModel()->index(m_placeRow, m_placeColumn);
    QModelIndex place = m_rows.mapFromSource(table);
    if (!place.isValid())
        place = m_rows.index(0, std::max(0, m_placeColumn));
    m_views.table->setCurrentIndex(place);
    m_views.table->scrollTo(place);
}

void MatrixReader::goTo(const QModelIndex& tableIndex)
{
    if (!m_rows.mapFromSource(tableIndex).isValid())
        m_bar->clear();
    const QModelIndex place = m_rows.mapFromSource(tableIndex);
    m_views.table->setCurrentIndex(place);
    m_views.table->scrollTo(place);
    m_views.table->setFocus(Qt::OtherFocusReason);
}

void MatrixReader::step(bool forward)
{
    if (!m_bar->isVisible() || m_bar->criteria().words.isEmpty()) {
        setOpen(true);
        return;
    }
    if (m_bar->criteria() != m_rows.criteria())
        takeCriteria(); // typed a moment ago
    if (m_rows.isSearching()) {
        m_stepsWhenFound = true;
        return;
    }
    const QModelIndex next = m_rows.nextHit(m_views.table->currentIndex(), forward);
    if (!next.isValid())
        return;
    m_views.table->setCurrentIndex(next);
    m_views.table->scrollTo(next);
    if (next.column() > 0)
        m_views.focus->showHit(next.column() - 1);
}

/// The answer whose column has the keyboard, else the current one of the matrix.
std::optional<CellId> MatrixReader::cellAtHand() const
{
    const int alone = m_views.focus->alone();
    const int model = alone >= 0 ? alone : m_views.focus->modelWithFocus();
    if (model >= 0 && m_views.focus->prompt() >= 0)
        return CellId{static_cast<std::size_t>(m_views.focus->prompt()),
                      static_cast<std::size_t>(model), 0};
    return m_rows.cellIdOf(m_views.table->currentIndex());
}

QString MatrixReader::titleOf(const CellId& id) const
{
    return tr("Note on %1, prompt %2", "a model, number")
        .arg(QString::fromStdString(m_session.models()[id.model].id.value))
        .arg(id.prompt + 1);
}

/// On the screen.
QRect MatrixReader::placeOf(const CellId& id) const
{
    const QWidget* const viewport = m_views.table->viewport();
    const QRect cell = m_views.table->visualRect(m_rows.indexOf(id));
    const bool isInMatrix = m_views.table->isVisible() && viewport->rect().intersects(cell) &&
                            m_views.focus->modelWithFocus() < 0;
    return isInMatrix ? QRect(viewport->mapToGlobal(cell.topLeft()), cell.size())
                      : m_views.focus->placeOf(static_cast<int>(id.model));
}

void MatrixReader::toggleStar()
{
    if (const auto id = cellAtHand())
        starCell(*id);
    else
        emit told(tr("Choose an answer first: a star is for one answer."));
}

void MatrixReader::starCell(const CellId& id)
{
    const CellRemark* const remark = m_remarks.of(id);
    if (const auto done = m_remarks.setStarred(id, !(remark && remark->isStarred)); !done) {
        emit told(tr("The answer cannot be starred: %1")
                      .arg(QString::fromStdString(toString(done.error()))));
        m_views.focus->showPrompt(m_views.focus->prompt()); // its button was pressed
    }
}

void MatrixReader::writeNote()
{
    if (const auto id = cellAtHand())
        noteCell(*id);
    else
        emit told(tr("Choose an answer first: a note is on one answer."));
}

void MatrixReader::noteCell(const CellId& id)
{
    const CellRemark* const remark = m_remarks.of(id);
    const LabRun* const run = &m_session.run();
    m_note->open(titleOf(id), remark ? remark->note : QString(), placeOf(id),
                 [this, id, run](const QString& text) {
                     if (run != &m_session.run())
                         return; // another table came meanwhile
                     if (const auto kept = m_remarks.setNote(id, text); !kept)
                         m_views.notices->add(Tone::Negative, tr("The note cannot be kept."),
                                              QString::fromStdString(toString(kept.error())) +
                                                  QLatin1Char('\n') + text);
                 });
}

void MatrixReader::toggleReference()
{
    if (const auto id = cellAtHand())
        m_views.focus->setReference(static_cast<int>(id->model));
    else
        m_views.focus->setReference(-1);
}

void MatrixReader::toggleAlone()
{
    if (m_views.focus->alone() >= 0) {
        leaveAlone();
        return;
    }
    const auto id = cellAtHand();
    if (!id) {
        emit told(tr("Choose an answer first: one is shown alone."));
        return;
    }
    m_views.focus->setAlone(static_cast<int>(id->model));
    m_views.focus->focusOn(static_cast<int>(id->model));
}

void MatrixReader::leaveAlone()
{
    m_views.focus->setAlone(-1);
    m_views.table->setFocus(Qt::OtherFocusReason);
}

void MatrixReader::addTo(CellMenu& menu)
{
    menu.setFirst([this](QMenu& actions, const CellId& id) { fillMenu(actions, id); });
}

/// The keys are those of buildKeys().
void MatrixReader::fillMenu(QMenu& menu, const CellId& id)
{
    const auto add = [&](Icon shape, const QString& text, QLatin1String key, const char* name,
                         auto run) {
        QAction* const entry = menu.addAction(icon(shape), text + QLatin1Char('\t') + key);
        entry->setObjectName(QLatin1String(name));
        connect(entry, &QAction::triggered, this, run);
        return entry;
    };
    const CellRemark* const remark = m_remarks.of(id);
    const bool hasText = !m_session.run().cell(id).answer.text.empty();
    add(Icon::Star, remark && remark->isStarred ? tr("Take the &star away") : tr("&Star"),
        QLatin1String("S"), "cellMenu.star", [this, id] { starCell(id); });
    add(Icon::Edit, tr("&Note\u2026"), QLatin1String("N"), "cellMenu.note",
        [this, id] { noteCell(id); });
    menu.addSeparator();
    add(Icon::Copy, tr("&Copy as written"), QLatin1String("C"), "cellMenu.copy", [this, id] {
        copyText(id);
    })->setEnabled(hasText);
    add(Icon::Copy, tr("Copy as Markdown &quote"), QLatin1String("Q"), "cellMenu.quote",
        [this, id] { copyAsQuote(id); })
        ->setEnabled(hasText);
    menu.addSeparator();
    add(Icon::Eye, tr("&Read the whole answer"), QLatin1String("Enter"), "cellMenu.read",
        [this] { readWhole(); });
    add(Icon::Compare, tr("Compare the &others with it"), QLatin1String("R"), "cellMenu.compare",
        [this] { toggleReference(); });
}

void MatrixReader::copyAnswer()
{
    if (const auto id = cellAtHand())
        copyText(*id);
    else
        emit told(tr("Choose an answer first: one is copied."));
}

void MatrixReader::copyQuote()
{
    if (const auto id = cellAtHand())
        copyAsQuote(*id);
    else
        emit told(tr("Choose an answer first: one is copied."));
}

void MatrixReader::copyText(const CellId& id)
{
    QGuiApplication::clipboard()->setText(
        QString::fromStdString(m_session.run().cell(id).answer.text));
    emit told(tr("The answer is copied as it was written."));
}

/// "> Thanks for asking.", and who said it: "> \u2014 gpt-4, $5.9 per 1,000".
void MatrixReader::copyAsQuote(const CellId& id)
{
    const ModelSpec& model = m_session.models()[id.model];
    QStringList said = {QString::fromStdString(model.id.value)};
    if (const auto cost = m_session.costOf(id))
        said << answerFacts::cost(cost->usd());
    if (m_session.isSimulated(model))
        said << tr("simulated");
    const QString text = QString::fromStdString(m_session.run().cell(id).answer.text).trimmed();
    QString quote = QStringLiteral("> ");
    quote += QString(text).replace(QLatin1Char('\n'), QLatin1String("\n> "));
    quote += QStringLiteral("\n>\n> \u2014 %1\n").arg(said.join(QLatin1String(", ")));
    QGuiApplication::clipboard()->setText(quote);
    emit told(tr("The answer is copied as a quote, with its model and cost."));
}

/// The keyboard goes there.
void MatrixReader::readWhole()
{
    const QModelIndex now = m_views.table->currentIndex();
    if (!now.isValid())
        return;
    if (m_views.focus->isFolded())
        emit unfoldRequested();
    m_views.focus->showPrompt(m_rows.mapToSource(now).row());
    m_views.focus->focusOn(std::max(0, now.column() - 1));
}

void MatrixReader::copyRow()
{
    const QModelIndex now = m_views.table->currentIndex();
    if (!now.isValid())
        return;
    QGuiApplication::clipboard()->setText(m_rows.asText(now.row()));
    emit told(tr("The prompt is copied with its answers and notes."));
}

void MatrixReader::copyTable()
{
    QGuiApplication::clipboard()->setText(m_rows.asText());
    emit told(
        tr("%n prompt(s) are copied with their answers and notes.", nullptr, m_rows.rowCount()));
}

void MatrixReader::showProblem()
{
    const QString& problem = m_remarks.problem();
    if (problem.isEmpty()) {
        if (m_notice) {
            m_notice->hide();
            m_notice->deleteLater();
            m_notice = nullptr;
        }
        return;
    }
    if (!m_notice) {
        m_notice = m_views.notices->add(Tone::Negative, {}, {});
        m_notice->setObjectName(QStringLiteral("noteNotice"));
    }
    m_notice->setMessage(Tone::Negative, tr("What you said of an answer is here, and not on disk."),
                         problem);
}

} // namespace signalbox::ui
