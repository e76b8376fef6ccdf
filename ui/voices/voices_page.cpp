// SPDX-License-Identifier: GPL-3.0-or-later
#include "voices_page.h"

#include "answer_delegate.h"
#include "cap_notice.h"
#include "cell_menu.h"
#include "comparison_view.h"
#include "facts_line.h"
#include "focus_view.h"
#include "lab_bar.h"
#include "matrix_reader.h"
#include "matrix_splitter.h"
#include "matrix_table.h"
#include "model_header.h"
#include "queue_button.h"
#include "reading_bar.h"
#include "reprice_sheet.h"
#include "run_exporter.h"
#include "tasting_view.h"

#include <core/lab/conversation.h>
#include <core/lab/own_prompts.h>
#include <core/lab/policy_column.h>
#include <core/voice/spoken_answers.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/background.h>
#include <ui/models/evidence_answers.h>
#include <ui/models/lab_session.h>
#include <ui/models/lab_table_model.h>
#include <ui/models/stored_runs.h>
#include <ui/models/voice_comparison.h>

#include <QAbstractButton>
#include <QAction>
#include <QDateTime>
#include <QDragEnterEvent>
#include <QHeaderView>
#include <QLocale>
#include <QMenu>
#include <QMimeData>
#include <QPointer>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr char kFoldedKey[] = "voices/answersFolded";
constexpr int kMostRuns = 20;     ///< in the menu of runs
constexpr int kRunsLookedAt = 60; ///< for these; some have no answer
constexpr int kMeasuringMs = 100; ///< between two looks at how far a measurement is

/// Adds the icons that a header needs and the table model, which knows no widgets, cannot give.
class MarkedTableModel : public LabTableModel
{
public:
    using LabTableModel::LabTableModel;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override
    {
        if (role == Qt::DecorationRole && orientation == Qt::Horizontal && section > 0 &&
            LabTableModel::headerData(section, orientation, RouteRole).toBool())
            return icon(Icon::Policy);
        if (role == Qt::DecorationRole && orientation == Qt::Horizontal && section > 0)
            return modelIcon(
                LabTableModel::headerData(section, orientation, ModelIndexRole).toInt());
        return LabTableModel::headerData(section, orientation, role);
    }
};

} // namespace

struct VoicesPage::Private
{
    VoicesPage* q = nullptr;
    Workbench& workbench;
    LabSession session;
    MarkedTableModel model;
    CellRemarks remarks;
    ReadingRows reading; ///< what the matrix shows of `model`
    MatrixReader* reader = nullptr;

    LabBar* bar = nullptr;
    SegmentedControl* views = nullptr;
    QWidget* findButton = nullptr;   ///< of the answers alone
    QWidget* exportButton = nullptr; ///< of what a report has: answers and comparison
    NoticeList* notices = nullptr;
    QStackedWidget* stack = nullptr;
    EmptyState* nothingSent = nullptr; ///< in place of the answers while there are none
    QPointer<Callout> resumeNotice;
    QPointer<Callout> failNotice; ///< while something is in the way of the store
    QPointer<Callout> sleepNotice;
    QPointer<Callout> keepNotice;      ///< while answers hold the table
    std::optional<RunId> dismissedRun; ///< not offered again
    QWidget* answersPane = nullptr;    ///< the reading bar and `splitter`
    MatrixSplitter* splitter = nullptr;
    QTableView* table = nullptr;
    FocusView* focus = nullptr;
    QAction* find = nullptr;
    QAction* save = nullptr;
    QAction* runs = nullptr;
    RunExporter* exporter = nullptr;
    QueuedRuns* queue = nullptr;
    QAction* fold = nullptr; ///< hides or shows `focus`, less its first line
    QAction* send = nullptr; ///< offered where there are no answers yet
    ComparisonView* comparison = nullptr;
    TastingView* tasting = nullptr;
    bool isComparing = false;
    QTimer measuring;          ///< says how far it is
    bool compareAgain = false; ///< something changed since the running measurement began

    Private(VoicesPage* page, Workbench& bench)
        : q(page), workbench(bench), session(bench, page), model(session, page),
          remarks(session, bench.evidenceStore(), page), reading(session, model, remarks, page)
    {}

    void buildHead(QVBoxLayout* layout);
    void addWordWhereItFits(IconButton& button, const QString& word) const;
    void buildAnswers();
    void buildFold();
    void setFolded(bool folded);
    void selectFirstPrompt(); ///< the one whose whole answers are shown then
    void buildComparison();
    void buildTasting();
    void buildActions();
    void connectSession();
    void sayThatItSlept(qint64 sleptMs);
    void dropKeepNotice();
    static void drop(QPointer<Callout>& notice);
    [[nodiscard]] static QString failTitle(const LabRun& run);
    void showTools();
    void showView();
    void compare();
    void showMeasuring(std::size_t done, std::size_t pairs);
    void updateResumeNotice();
    void showNextFailed();
    void buildExport();
    void refreshExport();
    [[nodiscard]] QWidget* makeRunsButton();
    void fillRuns(QMenu& menu);
    void showRun(const RunId& id);
    void reprice();
    [[nodiscard]] QString textOf(const PromptId& id) const; ///< empty: a prompt that is gone
    [[nodiscard]] bool isInTable(const PromptId& id) const;
};

void VoicesPage::Private::buildHead(QVBoxLayout* layout)
{
    // Made first, so that the keyboard comes to it first.
    views = new SegmentedControl(tr("What to show"), q);
    views->setObjectName(QStringLiteral("views"));
    views->addSegment(tr("Answers"));
    views->addSegment(tr("Comparison"));
    views->addSegment(tr("Blind tasting"));
    bar = new LabBar(session, workbench, q);
    layout->addWidget(bar);
    bar->addAtStart(views);
    queue = new QueuedRuns(session, workbench, q);
    connect(queue, &QueuedRuns::passedOver, q, [this](const QString& name, const QString& why) {
        notices->add(Tone::Caution, tr("A queued run of %1 was passed over.").arg(name), why);
    });
    auto* const queueButton = new QueueButton(*queue);
    bar->addToRun(queueButton);
    connect(bar, &LabBar::runWordsFitChanged, queueButton, &QueueButton::setWordy);
    find = MatrixReader::makeFindAction(q);
    auto* const filter = new IconButton(find);
    addWordWhereItFits(*filter, tr("Filter", "a button"));
    bar->addTool(filter);
    findButton = filter;
    buildExport();
    bar->addAtEnd(makeRunsButton());
    connect(bar, &LabBar::keyboardReturned, views, [this] { views->setFocus(); });
    connect(bar, &LabBar::repriceRequested, q, [this] { reprice(); });
    connect(bar, &LabBar::nextFailedRequested, q, [this] { showNextFailed(); });
    notices = new NoticeList(q);
    layout->addWidget(notices);
    layout->addWidget(exporter->strip());
    auto* held = new CapNotice(session, *notices, q);
    connect(held, &CapNotice::capsRequested, bar, &LabBar::showCaps);
    connect(bar, &LabBar::importFailed, q, [this](const QString& title, const QString& detail) {
        notices->add(Tone::Caution, title, detail);
    });
}

void VoicesPage::Private::addWordWhereItFits(IconButton& button, const QString& word) const
{
    connect(bar, &LabBar::wordsFitChanged, &button,
            [&button, word](bool fit) { button.setWord(fit ? word : QString()); });
}

/// What is on screen, or an earlier run, as a file.
void VoicesPage::Private::buildExport()
{
    exporter = new RunExporter(workbench, session, q);
    save = new QAction(icon(Icon::Download), tr("Export the run\u2026"), q);
    save->setObjectName(QStringLiteral("exportRun"));
    save->setEnabled(false); // until there are answers; its button follows the change
    save->setToolTip(tr("As a report (HTML, PDF), a workbook (.xlsx), CSV or JSON lines"));
    setSearchWords(*save,
                   tr("save answers csv json download spreadsheet excel xlsx html pdf report"));
    q->addAction(save);
    connect(save, &QAction::triggered, q, [this] { exporter->ask(); });
    auto* const button = new QPushButton(save->icon(), {});
    button->setAccessibleName(tr("Export the run"));
    connect(bar, &LabBar::wordsFitChanged, button,
            [button](bool fit) { button->setText(fit ? tr("Export", "a button") : QString()); });
    button->setFlat(true);
    button->setObjectName(QStringLiteral("exportButton"));
    button->setToolTip(save->toolTip());
    button->setEnabled(false);
    connect(button, &QPushButton::clicked, save, &QAction::trigger);
    connect(save, &QAction::changed, button, [this, button] {
        button->setEnabled(save->isEnabled());
        button->setIcon(save->icon());
    });
    bar->addTool(button);
    exportButton = button;
    connect(exporter, &RunExporter::busyChanged, q, [this] { refreshExport(); });
    connect(exporter, &RunExporter::failed, q, [this](const QString& title, const QString& detail) {
        notices->add(Tone::Negative, title, detail);
    });
}

void VoicesPage::Private::refreshExport()
{
    save->setEnabled(session.hasAnswers() && !exporter->isBusy());
}

/// Everything that is in the store can be seen again.
QWidget* VoicesPage::Private::makeRunsButton()
{
    runs = new QAction(icon(Icon::History), tr("Earlier runs"), q);
    runs->setObjectName(QStringLiteral("earlierRuns"));
    runs->setToolTip(tr("Earlier runs and imported answers"));
    setSearchWords(*runs, tr("history open past evidence"));
    q->addAction(runs);
    auto* const button = new IconButton(runs);
    addWordWhereItFits(*button, tr("Earlier runs", "a button"));
    auto* const menu = new QMenu(button);
    menu->setObjectName(QStringLiteral("runsMenu"));
    menu->setToolTipsVisible(true);
    connect(runs, &QAction::triggered, q, [this, button, menu] {
        fillRuns(*menu);
        menu->popup(button->mapToGlobal(QPoint(0, button->height())));
    });
    return button;
}

/// The newest first; the table's own is marked.
void VoicesPage::Private::fillRuns(QMenu& menu)
{
    menu.clear();
    const auto add = [&](const QString& text, bool isShown, std::function<void()> show) {
        QAction* const entry = menu.addAction(withoutMnemonics(text));
        entry->setCheckable(true);
        entry->setChecked(isShown);
        entry->setEnabled(!session.isRunning());
        connect(entry, &QAction::triggered, q, std::move(show));
    };
    add(tr("Your prompts and the policy's models"), !session.shownRun(),
        [this] { session.showPresent(); });
    QAction* const anew = menu.addAction(tr("What is shown at today's prices\u2026"));
    anew->setObjectName(QStringLiteral("reprice"));
    anew->setEnabled(session.run().id().has_value() && !session.isRunning());
    connect(anew, &QAction::triggered, q, [this] { reprice(); });
    menu.addSeparator();
    int listed = 0;
    for (const RunSummary& run : newestRuns(workbench.evidenceStore(), kRunsLookedAt)) {
        if (run.settled == 0)
            continue;
        if (++listed > kMostRuns)
            break;
        const QDateTime at = QDateTime::fromMSecsSinceEpoch(run.createdAtMs);
        add(joinedFacts({QLocale().toString(at, QLocale::ShortFormat),
                         withVisibleControls(QString::fromStdString(run.name)),
                         tr("%n answer(s)", nullptr, static_cast<int>(run.settled - run.failed))}),
            session.shownRun() && session.shownRun()->info.id == run.id,
            [this, id = run.id] { showRun(id); });
    }
    if (listed == 0)
        menu.addAction(tr("Nothing is stored yet"))->setEnabled(false);
}

void VoicesPage::Private::reprice()
{
    EvidenceStore* const store = workbench.evidenceStore();
    const auto& id = session.run().id();
    if (!store || !id)
        return;
    const auto run = store->run(*id);
    if (!run) {
        notices->add(Tone::Negative, tr("The run cannot be priced."),
                     QString::fromStdString(toString(run.error())));
        return;
    }
    auto* sheet = new RepriceSheet(*store, *run, workbench.editor().document().models,
                                   workbench.prices().book(), q->window());
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->open();
}

void VoicesPage::Private::showRun(const RunId& id)
{
    if (const auto shown = session.show(id); !shown)
        notices->add(Tone::Negative, tr("The run cannot be shown."),
                     QString::fromStdString(toString(shown.error())));
}

void VoicesPage::Private::buildAnswers()
{
    answersPane = new QWidget(stack);
    auto* const pane = new QVBoxLayout(answersPane);
    pane->setContentsMargins(0, 0, 0, 0);
    pane->setSpacing(0);
    splitter = new MatrixSplitter(answersPane);
    splitter->setObjectName(QStringLiteral("answers"));
    table = new MatrixTable(splitter);
    table->setObjectName(QStringLiteral("matrix"));
    table->setAccessibleName(tr("Prompts and answers"));
    if (auto* const corner = table->findChild<QAbstractButton*>())
        corner->setAccessibleName(tr("Select all answers"));
    table->setModel(&reading);
    table->setMouseTracking(true); // a cell under the pointer shows its star
    auto* const header = new ModelHeader(table);
    header->followSideways(table->horizontalScrollBar());
    table->setHorizontalHeader(header);
    auto* delegate = new AnswerDelegate(table);
    table->setItemDelegate(delegate);
    table->verticalHeader()->setDefaultSectionSize(delegate->sizeHint({}, {}).height());
    table->verticalHeader()->hide();
    table->setShowGrid(false);
    table->setFrameShape(QFrame::NoFrame);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    focus = new FocusView(session, splitter);
    focus->standBelow(table);
    splitter->setViews(table, focus);
    reader = new MatrixReader(session, reading, remarks,
                              {table, delegate, focus, notices, splitter, find}, q);
    pane->addWidget(reader->bar());
    pane->addWidget(splitter, 1);
    connect(reader, &MatrixReader::told, &workbench, &Workbench::notice);
    connect(reader, &MatrixReader::wanted, q, [this] { views->setCurrentIndex(0); });
    stack->addWidget(answersPane);
    nothingSent = new EmptyState(Icon::Voices, {}, {}, stack);
    nothingSent->setObjectName(QStringLiteral("nothingSent"));
    send = new QAction(tr("Send the prompts"), q);
    connect(send, &QAction::triggered, q, [this] { bar->send(); });
    nothingSent->setAction(send);
    stack->addWidget(nothingSent);
    auto* const cells = new CellMenu(session, model, *table, q);
    reader->addTo(*cells);
    connect(reader, &MatrixReader::unfoldRequested, q, [this] { setFolded(false); });
    connect(table->selectionModel(), &QItemSelectionModel::currentChanged, q,
            [this](const QModelIndex& now) { focus->showPrompt(reading.mapToSource(now).row()); });
    buildFold();
    selectFirstPrompt();
}

/// A person who reads in the matrix alone finds it like that again.
void VoicesPage::Private::buildFold()
{
    fold = new QAction(q);
    fold->setObjectName(QStringLiteral("fold"));
    fold->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_3));
    fold->setShortcutContext(Qt::WindowShortcut);
    q->addAction(fold);
    focus->setFoldAction(fold);
    const auto turn = [this] {
        setFolded(!focus->isFolded());
        QSettings().setValue(QLatin1String(kFoldedKey), focus->isFolded());
    };
    connect(fold, &QAction::triggered, q, turn);
    connect(splitter, &MatrixSplitter::handleDoubleClicked, q, turn);
    setFolded(QSettings().value(QLatin1String(kFoldedKey)).toBool());
}

void VoicesPage::Private::setFolded(bool folded)
{
    fold->setText(folded ? tr("Show the whole answers") : tr("Hide the whole answers"));
    fold->setIcon(icon(folded ? Icon::ChevronUp : Icon::ChevronDown));
    focus->setFolded(folded);
    splitter->snap();
}

void VoicesPage::Private::selectFirstPrompt()
{
    table->setCurrentIndex(reading.index(0, 0)); // of no prompts: nothing
}

void VoicesPage::Private::buildComparison()
{
    comparison = new ComparisonView(stack);
    comparison->setObjectName(QStringLiteral("comparison"));
    comparison->setPromptSource({[this](const PromptId& id) { return textOf(id); },
                                 [this](const PromptId& id) { return isInTable(id); }});
    stack->addWidget(comparison);
    connect(comparison, &ComparisonView::heardStyleChanged, q, [this] { compare(); });
    connect(comparison, &ComparisonView::adoptStyleRequested, q, [this](const AnswerStyle& style) {
        if (const auto set = workbench.editor().push(SetAnswerStyle{style}); !set)
            tellProblem(q, tr("The policy was not changed"),
                        QString::fromStdString(set.error().message));
    });
    const auto followPolicy = [this] {
        comparison->setPolicyStyle(workbench.editor().document().answerStyle);
    };
    const auto followProjection = [this] { comparison->setProjection(workbench.projection()); };
    connect(&workbench, &Workbench::projectionChanged, q, followProjection);
    connect(&workbench.editor(), &PolicyEditor::documentChanged, q, followPolicy);
    followPolicy();
    followProjection();
    connect(views, &SegmentedControl::currentChanged, q, [this] { showView(); });
}

void VoicesPage::Private::buildTasting()
{
    tasting = new TastingView(workbench, session, send, stack);
    tasting->setObjectName(QStringLiteral("tasting"));
    stack->addWidget(tasting);
}

QString VoicesPage::Private::textOf(const PromptId& id) const
{
    for (const LabPrompt& prompt : session.prompts()) {
        if (prompt.id == id)
            return QString::fromStdString(prompt.messages.back().text);
    }
    const auto& all = workbench.prompts();
    const auto found = std::ranges::find(all, id, &SamplePrompt::id);
    return found == all.end() ? QString() : QString::fromStdString(found->text);
}

bool VoicesPage::Private::isInTable(const PromptId& id) const
{
    return std::ranges::find(session.prompts(), id, &LabPrompt::id) != session.prompts().end();
}

/// Each view has above it what concerns it. Only a key sends from the comparison or the tasting.
void VoicesPage::Private::showTools()
{
    const int view = views->currentIndex();
    bar->setPurpose(view == 0 ? LabBar::Purpose::Sending : LabBar::Purpose::Reading);
    findButton->setVisible(view == 0);
    exportButton->setVisible(view != 2);
    refreshExport();
}

void VoicesPage::Private::showView()
{
    showTools();
    if (views->currentIndex() == 1) {
        stack->setCurrentWidget(comparison);
        compare();
        return;
    }
    if (views->currentIndex() == 2) {
        stack->setCurrentWidget(tasting);
        tasting->enter();
        return;
    }
    const QString& obstacle = session.storedObstacle();
    nothingSent->setTexts(
        obstacle.isEmpty() ? tr("Nothing has been sent yet")
                           : tr("Nothing has been sent yet to the models as they are now"),
        obstacle.isEmpty()
            ? tr("Every prompt goes to every model, side by side. Answers stream in and are kept.")
            : obstacle);
    const bool hasRows = session.hasAnswers() || !session.ownPrompts().empty();
    stack->setCurrentWidget(hasRows ? answersPane : nothingSent);
    find->setEnabled(hasRows);
}

/// From the selected row down, and then from the top.
void VoicesPage::Private::showNextFailed()
{
    const QModelIndex next = model.nextFailed(reading.mapToSource(table->currentIndex()));
    if (!next.isValid())
        return;
    views->setCurrentIndex(0);
    reader->goTo(next);
}

/// The keys work wherever the focus is, as long as the page is shown: what had the focus when a run
/// began is disabled, and then nothing may have it.
void VoicesPage::Private::buildActions()
{
    const auto add = [this](const QString& text, const QKeySequence& keys,
                            std::function<void()> run) {
        auto* action = new QAction(text, q);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WindowShortcut);
        connect(action, &QAction::triggered, q, std::move(run));
        q->addAction(action);
    };
    add(tr("Send the prompts, or go on"), QKeySequence(Qt::CTRL | Qt::Key_Return),
        [this] { bar->send(); });
    add(tr("Pause sending, or go on"), QKeySequence(Qt::CTRL | Qt::Key_P),
        [this] { bar->pauseOrGoOn(); });
    add(tr("Stop sending"), QKeySequence(Qt::CTRL | Qt::Key_Period), [this] { session.stop(); });
    const auto mayChoose = [this] {
        if (!bar->mayChoose())
            emit workbench.notice(tr("What is sent is chosen while nothing is being sent and no "
                                     "earlier run is shown."));
        return bar->mayChoose();
    };
    add(tr("Run settings\u2026"), {}, [this, mayChoose] {
        if (!mayChoose())
            return;
        views->setCurrentIndex(0);
        bar->showSettings();
    });
    add(tr("Choose the models of the table\u2026"), {}, [this, mayChoose] {
        if (mayChoose())
            bar->showModels();
    });
    add(tr("Costs and caps\u2026"), {}, [this] {
        views->setCurrentIndex(0);
        bar->showCaps();
    });
    add(tr("Go to the next failed answer"), QKeySequence(Qt::Key_F4), [this] { showNextFailed(); });
    add(tr("Show the answers"), QKeySequence(Qt::CTRL | Qt::Key_1),
        [this] { views->setCurrentIndex(0); });
    add(tr("Show the comparison"), QKeySequence(Qt::CTRL | Qt::Key_2),
        [this] { views->setCurrentIndex(1); });
    add(tr("Taste the answers blind"), QKeySequence(Qt::CTRL | Qt::Key_4), [this] {
        views->setCurrentIndex(2);
        tasting->takeFocus();
    });
}

/// A run that slept along goes on by itself; what has become of its calls is said once.
void VoicesPage::Private::sayThatItSlept(qint64 sleptMs)
{
    if (!session.isRunning())
        return;
    drop(sleepNotice);
    sleepNotice = notices->add(
        Tone::Caution,
        tr("This computer slept for %1 during the run.").arg(format::milliseconds(double(sleptMs))),
        tr("The run goes on. What was cut off before its first word is sent again; an answer that "
           "had begun and was cut off says so, and can be sent again."));
    sleepNotice->setObjectName(QStringLiteral("sleepNotice"));
}

/// Once everything is on disk, however it came there.
void VoicesPage::Private::dropKeepNotice()
{
    if (!session.run().hasUnwritten())
        drop(keepNotice);
}

void VoicesPage::Private::drop(QPointer<Callout>& notice)
{
    if (!notice)
        return;
    notice->hide();
    notice->deleteLater(); // its button may be what is handled now
    notice = nullptr;
}

/// What has become of a run whose store has something in its way.
QString VoicesPage::Private::failTitle(const LabRun& run)
{
    if (run.isPaused())
        return run.hasUnwritten() ? tr("The run is paused: an answer could not be kept.")
                                  : tr("The run is paused: answers could not be kept.");
    return run.hasUnwritten()
               ? tr("An answer could not be kept.")
               : tr("Every answer is kept, but the run could not be marked as finished.");
}

void VoicesPage::Private::connectSession()
{
    connect(&session, &LabSession::progressChanged, q, [this] {
        dropKeepNotice();
        if (views->currentIndex() != 1)
            showView();
        else
            showTools();
    });
    connect(&session, &LabSession::wasReset, q, [this] {
        dropKeepNotice();
        selectFirstPrompt();
        showView(); // of other models perhaps, so it is compared anew, too
        updateResumeNotice();
    });
    connect(&session, &LabSession::started, q, [this] {
        drop(failNotice); // it says so again if it is so again
        updateResumeNotice();
    });
    connect(&session, &LabSession::resumeFailed, q, [this](const QString& sentence) {
        notices->add(Tone::Negative, tr("The interrupted run cannot go on."), sentence);
    });
    connect(&session, &LabSession::failed, q, [this](const QString& sentence) {
        if (!failNotice) {
            failNotice = notices->add(Tone::Negative, {}, {});
            failNotice->setObjectName(QStringLiteral("failNotice"));
        }
        failNotice->setMessage(Tone::Negative, failTitle(session.run()), sentence);
    });
    connect(&session, &LabSession::recovered, q, [this] { drop(failNotice); });
    connect(&workbench, &Workbench::woke, q, [this](qint64 sleptMs) { sayThatItSlept(sleptMs); });
    connect(&session, &LabSession::keepFailed, q, [this](const QString& sentence) {
        if (!keepNotice) {
            keepNotice = notices->add(Tone::Negative, {}, {});
            keepNotice->setObjectName(QStringLiteral("keepNotice"));
        }
        keepNotice->setMessage(
            Tone::Negative,
            tr("The table stays as it is: some of its answers are not on disk yet."), sentence);
    });
    connect(&session, &LabSession::finished, q, [this] {
        if (views->currentIndex() == 1)
            compare();
        else if (views->currentIndex() == 2)
            tasting->enter();
    });
    connect(&workbench, &Workbench::evidenceChanged, q, [this] {
        if (views->currentIndex() == 1)
            compare();
    });
}

/// Measures off this thread what is recorded of the chosen models. One measurement runs at a time;
/// what changes meanwhile is measured after it.
void VoicesPage::Private::compare()
{
    compareAgain = isComparing;
    if (isComparing)
        return;
    isComparing = true;
    showMeasuring(0, 0);
    PolicyDocument document = workbench.editor().document();
    document.models = session.models();
    // A run that is shown as it was is measured as it was, its rows in their order.
    std::optional<std::vector<Answer>> shown;
    std::vector<PromptId> rows;
    if (session.shownRun()) {
        shown = session.answers();
        for (const LabPrompt& prompt : session.prompts())
            rows.push_back(prompt.id);
    }
    // The policy is no model of the evidence: what it answered is in the table.
    std::vector<Answer> policys;
    if (!shown) {
        policys = session.answers();
        std::erase_if(policys, [](const Answer& answer) { return !isPolicyVoice(answer.model); });
    }
    if (!shown && policys.size() < kFewestCommonPrompts)
        std::erase_if(document.models, isPolicyColumn);
    std::vector<ModelId> ids;
    std::vector<int> looks;
    for (const ModelSpec& spec : document.models) {
        ids.push_back(spec.id);
        looks.push_back(session.policyIndexOf(spec.id));
    }
    VoiceQuestion asked;
    asked.models = std::move(ids);
    asked.order = std::move(rows);
    asked.style = comparison->heardStyle();
    asked.pairsDone = std::make_shared<std::atomic<std::size_t>>(0);
    measuring.disconnect();
    measuring.callOnTimeout(
        q, [this, done = asked.pairsDone, pairs = asked.pairs()] { showMeasuring(*done, pairs); });
    measuring.start(kMeasuringMs);
    inBackground(
        q,
        [document, asked = std::move(asked), policys = std::move(policys), shown = std::move(shown),
         all = workbench.sharedAnswers(), prompts = session.prompts()]() mutable {
            VoiceQuestion question = std::move(asked);
            question.answers = shown ? *shown : answersFor(document, all);
            if (!shown)
                dropOutOfStep(question.answers, prompts);
            question.turns = turnsBefore(prompts);
            question.golden = goldenAnswers(document.voice.golden, question.answers);
            std::ranges::copy(policys, std::back_inserter(question.answers));
            return compareVoices(std::move(question));
        },
        [this, looks](VoiceComparison result) {
            isComparing = false;
            measuring.stop();
            comparison->setComparison(std::move(result), looks);
            if (std::exchange(compareAgain, false))
                compare();
        });
}

/// What was measured before stays in sight until it is measured anew.
void VoicesPage::Private::showMeasuring(std::size_t done, std::size_t pairs)
{
    if (comparison->comparison().isEnough())
        return;
    const QString what =
        done < pairs ? tr("Every answer is read, and every pair of models is compared.")
                     : tr("Every pair of models is compared. What gives them away comes next.");
    const QString sofar =
        tr("Pairs so far: %1 of %2.")
            .arg(format::count(static_cast<int>(done)), format::count(static_cast<int>(pairs)));
    comparison->setMessage(tr("Measuring the voices \u2026"),
                           done == 0 || done >= pairs ? what : what + QLatin1Char('\n') + sofar);
}

/// Offers to go on with an interrupted run, or says why that cannot be; gone once anything is sent.
void VoicesPage::Private::updateResumeNotice()
{
    const auto interrupted = session.interruptedRun();
    if (!interrupted || interrupted->info.id == dismissedRun) {
        drop(resumeNotice);
        return;
    }
    if (!resumeNotice) {
        resumeNotice = notices->add(Tone::Caution, {}, {});
        resumeNotice->setObjectName(QStringLiteral("resumeNotice"));
    }
    resumeNotice->disconnect(q);
    connect(resumeNotice, &Callout::dismissed, q,
            [this, id = interrupted->info.id] { dismissedRun = id; });
    resumeNotice->clearActions();
    if (!interrupted->obstacle.isEmpty()) {
        const QString kept =
            tr("%n answer(s) are kept.", nullptr, static_cast<int>(interrupted->info.settled));
        resumeNotice->setMessage(Tone::Caution,
                                 tr("The last run was interrupted and cannot go on now."),
                                 interrupted->obstacle + QLatin1Char(' ') + kept);
        return;
    }
    resumeNotice->setMessage(Tone::Caution, tr("The last run was interrupted."),
                             tr("%n answer(s) are kept and will not be sent again.", nullptr,
                                static_cast<int>(interrupted->info.settled)));
    auto* action = new QAction(tr("Go on with it"), resumeNotice);
    connect(action, &QAction::triggered, q,
            [this, run = interrupted->info] { session.resume(run); });
    resumeNotice->addAction(action);
}

VoicesPage::VoicesPage(Workbench& workbench, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, workbench))
{
    setAccessibleName(tr("Voices"));
    setAcceptDrops(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    d->buildHead(layout);
    d->stack = new QStackedWidget(this);
    layout->addWidget(d->stack, 1);
    d->buildAnswers();
    d->buildComparison();
    d->buildTasting();
    d->buildActions();
    d->connectSession();
    d->showView();
    d->updateResumeNotice();
}

VoicesPage::~VoicesPage()
{
    // The views go first: while they hide, they still ask their models.
    qDeleteAll(findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
}

/// A file of prompts or answers, or text that holds some.
void VoicesPage::dragEnterEvent(QDragEnterEvent* event)
{
    const QMimeData* const dragged = event->mimeData();
    const QList<QUrl> urls = dragged->urls();
    const bool isFile = urls.size() == 1 && urls.front().isLocalFile();
    if (!d->session.isRunning() && (isFile || (urls.isEmpty() && dragged->hasText())))
        event->acceptProposedAction();
}

void VoicesPage::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.isEmpty())
        d->bar->importText(event->mimeData()->text());
    else
        d->bar->importFile(urls.front().toLocalFile());
}

RunExporter& VoicesPage::exporter()
{
    return *d->exporter;
}

LabSession& VoicesPage::session()
{
    return d->session;
}

} // namespace signalbox::ui
