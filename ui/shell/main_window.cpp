// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"

#include "help_sheets.h"
#include "policy_notices.h"
#include "policy_tabs.h"
#include "reason_popup.h"
#include "score_words.h"
#include "traffic_files.h"

#include <core/providers/endpoint.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/format.h>
#include <ui/kit/scoreboard.h>
#include <ui/kit/theme.h>
#include <ui/kit/theme_setting.h>
#include <ui/models/server_offers.h>
#include <ui/models/traffic_words.h>

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QMenuBar>
#include <QPointer>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr double kScreenShare = 0.94; ///< a first window leaves room for the desktop's own bars
constexpr int kOldAfterMs = 200;      ///< numbers that follow sooner are not marked as old
constexpr auto kGeometryKey = "window/geometry";
constexpr auto kPageKey = "window/page";

} // namespace

struct MainWindow::Private
{
    MainWindow* q = nullptr;
    Workbench& workbench;
    std::vector<PageEntry> entries;
    PolicyFiles files;
    ServerOffers servers;
    bool wasPainted = false;
    QTimer oldNumbers; ///< runs from when the numbers stopped being those of the shown document

    NavRail* rail = nullptr;
    PolicyTabs* tabs = nullptr;
    Scoreboard* scoreboard = nullptr;
    Badge* simulated = nullptr;                              ///< at the end of the scoreboard
    TextLabel* intervals = nullptr;                          ///< the same: what the ranges are
    NoticeList* notices = nullptr;                           ///< between scoreboard and page
    std::map<PolicyFiles::Task, QPointer<Callout>> failures; ///< among the notices
    QStackedWidget* stack = nullptr;
    std::map<int, QWidget*> pages; ///< made when first shown
    ReasonPopup* reason = nullptr;
    CommandPalette* palette = nullptr;
    PolicyNotices* policyNotices = nullptr;
    Questions questions;
    TrafficFiles* traffic = nullptr;
    QAction* sampleTraffic = nullptr;                  ///< of use only where there is other traffic
    std::vector<PolicyEditor::Recoverable> thrownAway; ///< deleted when the window closes
    QMenu* recentMenu = nullptr;
    QMenu* openMenu = nullptr;         ///< the open policies
    QStringList openNames;             ///< in that menu
    std::vector<QAction*> betweenTabs; ///< of use only where there are several
    ElidedLabel* trafficLabel = nullptr;
    ElidedLabel* priceLabel = nullptr;
    ElidedLabel* evidenceLabel = nullptr;

    Private(MainWindow* window, Workbench& bench, std::vector<PageEntry> pageEntries,
            Questions asked)
        : q(window), workbench(bench), entries(std::move(pageEntries)), files(bench, asked, window),
          servers(bench, window), questions(std::move(asked))
    {}

    void buildFrame();
    [[nodiscard]] QWidget* besideScores();
    void buildFileMenu();
    void buildEditMenu();
    void buildViewMenu();
    void buildHelpMenu();
    void buildStatusBar();
    void connectWorkbench();

    QAction* addAction(QMenu* menu, Icon shape, const QString& text, const QKeySequence& keys,
                       const char* name, std::function<void()> run);
    QWidget* showPageAt(int index);
    void goToPage(int index);
    void focusPage();
    [[nodiscard]] int indexOf(const QString& id) const;
    void updateTitle();
    void updateScores();
    void updateStatus();
    void updateRecent();
    void openPalette();
    void openContextMenu();
    void showShortcuts();
    void showReason(int index);

    void updateOpen();
    void showNext(int step);
    void tellFailure(PolicyFiles::Task task, const QString& title, const QString& detail);
    void withdrawFailure(PolicyFiles::Task task);
    void offerServer(const LocalServer& server);
    void withdrawServer(const QString& baseUrl);
    void noteAge();
    void offerToRestore(const PolicyEditor::Recoverable& left);
    void offerToRestoreAll(const std::vector<PolicyEditor::Recoverable>& left);
    void throwAway(const PolicyEditor::Recoverable& left);
};

// ------------------------------------------------------------------ building

/// What is true of all numbers of the scoreboard.
QWidget* MainWindow::Private::besideScores()
{
    auto* const notes = new QWidget;
    auto* const layout = new QVBoxLayout(notes);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    simulated = Badge::simulated(notes);
    simulated->hide();
    intervals = new TextLabel(tr("%1 intervals").arg(format::percent(0.95, 0)), TextRole::Caption);
    intervals->setMuted(true);
    intervals->hide();
    layout->addStretch(1);
    layout->addWidget(simulated);
    layout->addWidget(intervals);
    layout->addStretch(1);
    return notes;
}

void MainWindow::Private::buildFrame()
{
    auto* central = new QWidget(q);
    auto* columns = new QHBoxLayout(central);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(0);
    rail = new NavRail(central);
    rail->setObjectName(QStringLiteral("rail"));
    for (const PageEntry& entry : entries) {
        if (entry.footer)
            rail->addFooterEntry(entry.icon, entry.label);
        else
            rail->addEntry(entry.icon, entry.label);
    }
    columns->addWidget(rail);

    auto* rows = new QVBoxLayout;
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    tabs = new PolicyTabs(workbench.editor(), central);
    scoreboard = new Scoreboard(central);
    scoreboard->setObjectName(QStringLiteral("scoreboard"));
    scoreboard->setTrailingWidget(besideScores());
    notices = new NoticeList(central);
    stack = new QStackedWidget(central);
    rows->addWidget(tabs); // the numbers are of the policy in front
    rows->addWidget(scoreboard);
    rows->addWidget(notices);
    rows->addWidget(stack, 1);
    columns->addLayout(rows, 1);
    q->setCentralWidget(central);

    reason = new ReasonPopup(q);
    palette = new CommandPalette(q);
    connect(rail, &NavRail::currentChanged, q, [this](int index) {
        if (rail->hasFocus())
            showPageAt(index); // the arrows go on through the pages
        else
            goToPage(index);
    });
    connect(scoreboard, &Scoreboard::scoreActivated, q, [this](int index) { showReason(index); });
    connect(reason, &ReasonPopup::detailsRequested, q,
            [this] { q->showPage(QStringLiteral("projection")); });
}

QAction* MainWindow::Private::addAction(QMenu* menu, Icon shape, const QString& text,
                                        const QKeySequence& keys, const char* name,
                                        std::function<void()> run)
{
    auto* action = new QAction(icon(shape), text, q);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(keys);
    connect(action, &QAction::triggered, q, std::move(run));
    menu->addAction(action);
    return action;
}

void MainWindow::Private::buildFileMenu()
{
    QMenu* menu = q->menuBar()->addMenu(tr("&File"));
    addAction(menu, Icon::Document, tr("&New policy"), QKeySequence::New, "new",
              [this] { files.newPolicy(); });
    addAction(menu, Icon::Open, tr("&Open..."), QKeySequence::Open, "open",
              [this] { files.openChosen(); });
    recentMenu = menu->addMenu(tr("Open &recent"));
    addAction(menu, Icon::Star, tr("Open the &sample \"Support desk\""), {}, "openSample",
              [this] { files.openSample(); });
    menu->addSeparator();
    addAction(menu, Icon::Request, tr("Open &traffic..."), {}, "openTraffic",
              [this] { traffic->openChosen(); });
    sampleTraffic = addAction(menu, Icon::Star, tr("Traffic of the sa&mple"), {}, "sampleTraffic",
                              [this] { traffic->useSample(); });
    menu->addSeparator();
    addAction(menu, Icon::Save, tr("&Save"), QKeySequence::Save, "save", [this] { files.save(); });
    // The standard keys of these two are empty on some desktops.
    addAction(menu, Icon::Save, tr("Save &as..."), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S),
              "saveAs", [this] { files.saveAs(); });
    menu->addSeparator();
    addAction(menu, Icon::Close, tr("&Close policy"), QKeySequence(Qt::CTRL | Qt::Key_W),
              "closePolicy", [this] { files.close(workbench.editor().currentIndex()); });
    addAction(menu, Icon::Close, tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), "quit",
              [this] { q->close(); });
}

void MainWindow::Private::buildEditMenu()
{
    QMenu* menu = q->menuBar()->addMenu(tr("&Edit"));
    QUndoGroup* undo = workbench.editor().undoGroup();
    QAction* undoAction = undo->createUndoAction(q, tr("&Undo"));
    undoAction->setObjectName(QStringLiteral("undo"));
    setLastingName(*undoAction, tr("Undo"));
    undoAction->setIcon(icon(Icon::Undo));
    undoAction->setShortcut(QKeySequence::Undo);
    QAction* redoAction = undo->createRedoAction(q, tr("&Redo"));
    redoAction->setObjectName(QStringLiteral("redo"));
    setLastingName(*redoAction, tr("Redo"));
    redoAction->setIcon(icon(Icon::Redo));
    redoAction->setShortcuts(
        {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)});
    menu->addActions({undoAction, redoAction});
    menu->addSeparator();
    addAction(menu, Icon::Search, tr("&Command palette..."), QKeySequence(Qt::CTRL | Qt::Key_K),
              "palette", [this] { openPalette(); });
    addAction(menu, Icon::More, tr("&Menu of what is selected"),
              QKeySequence(Qt::SHIFT | Qt::Key_F10), "contextMenu", [this] { openContextMenu(); });
}

void MainWindow::Private::buildViewMenu()
{
    QMenu* menu = q->menuBar()->addMenu(tr("&View"));
    for (int index = 0; index < static_cast<int>(entries.size()); ++index) {
        const PageEntry& entry = entries[static_cast<std::size_t>(index)];
        addAction(menu, entry.icon, entry.label, QKeySequence(Qt::ALT | (Qt::Key_1 + index)),
                  qPrintable(QStringLiteral("page.") + entry.id),
                  [this, index] { goToPage(index); });
    }
    menu->addSeparator();
    QAction* next =
        addAction(menu, Icon::Right, tr("&Next policy"), {}, "nextPolicy", [this] { showNext(1); });
    next->setShortcuts(
        {QKeySequence(Qt::CTRL | Qt::Key_Tab), QKeySequence(Qt::CTRL | Qt::Key_PageDown)});
    QAction* previous = addAction(menu, Icon::Left, tr("&Previous policy"), {}, "previousPolicy",
                                  [this] { showNext(-1); });
    previous->setShortcuts({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Tab),
                            QKeySequence(Qt::CTRL | Qt::Key_PageUp)});
    openMenu = menu->addMenu(tr("&Go to policy"));
    betweenTabs = {next, previous, openMenu->menuAction()};
    menu->addSeparator();
    auto* group = new QActionGroup(q);
    const std::array<std::tuple<ThemeChoice, Icon, QString, QString>, 3> themes = {{
        {ThemeChoice::System, Icon::System, tr("Look of the s&ystem"), QStringLiteral("system")},
        {ThemeChoice::Light, Icon::Light, tr("&Light look"), QStringLiteral("light")},
        {ThemeChoice::Dark, Icon::Dark, tr("&Dark look"), QStringLiteral("dark")},
    }};
    for (const auto& [choice, shape, text, key] : themes) {
        QAction* action = addAction(menu, shape, text, {},
                                    qPrintable(QStringLiteral("theme.") + key), [choice = choice] {
                                        Theme::setChoice(choice);
                                        storeThemeChoice(choice);
                                    });
        action->setCheckable(true);
        action->setChecked(choice == Theme::choice());
        group->addAction(action);
        connect(menu, &QMenu::aboutToShow, action, [action, choice = choice] {
            action->setChecked(choice == Theme::choice()); // the settings have the choice, too
        });
    }
    menu->addSeparator();
    QAction* full =
        addAction(menu, Icon::Maximize, tr("&Full screen"), QKeySequence(Qt::Key_F11), "fullScreen",
                  [this] { q->setWindowState(q->windowState() ^ Qt::WindowFullScreen); });
    full->setCheckable(true);
}

void MainWindow::Private::buildHelpMenu()
{
    QMenu* menu = q->menuBar()->addMenu(tr("&Help"));
    addAction(menu, Icon::Key, tr("&Keyboard shortcuts..."), QKeySequence(Qt::Key_F1), "shortcuts",
              [this] { showShortcuts(); });
    addAction(menu, Icon::Info, tr("&About Signalbox..."), {}, "about",
              [this] { showAboutSheet(q); });
}

void MainWindow::Private::buildStatusBar()
{
    QStatusBar* bar = q->statusBar();
    bar->setSizeGripEnabled(false);
    bar->setContentsMargins(space::kWide, 0, space::kWide, 0);
    trafficLabel = new ElidedLabel({}, TextRole::Small, bar);
    priceLabel = new ElidedLabel({}, TextRole::Small, bar);
    evidenceLabel = new ElidedLabel({}, TextRole::Small, bar);
    std::vector<QWidget*> standing;
    for (ElidedLabel* label : {trafficLabel, evidenceLabel, priceLabel}) {
        label->setMuted(true);
        if (label == priceLabel) {
            auto* between = new TextLabel(QStringLiteral("\u00b7"), TextRole::Small, bar);
            between->setMuted(true);
            bar->addPermanentWidget(between);
            standing.push_back(between);
        }
        bar->addPermanentWidget(label, label == trafficLabel ? 1 : 0);
        standing.push_back(label);
    }
    // A message has the whole line as long as it stands.
    bar->setMinimumHeight(bar->sizeHint().height());
    connect(bar, &QStatusBar::messageChanged, q, [standing](const QString& message) {
        for (QWidget* const each : standing)
            each->setVisible(message.isEmpty());
    });
    evidenceLabel->setToolTip(
        plainToolTip(tr("Every answer that the numbers rest on: of each model to each prompt, the "
                        "second ones to the same prompt among them; failed calls do not count.")));
}

void MainWindow::Private::connectWorkbench()
{
    PolicyEditor& editor = workbench.editor();
    connect(&editor, &PolicyEditor::fileChanged, q, [this] { updateTitle(); });
    connect(&editor, &PolicyEditor::documentChanged, q, [this] { updateStatus(); });
    connect(&editor, &PolicyEditor::shownChanged, q, [this] { noteAge(); });
    oldNumbers.setParent(q);
    oldNumbers.setObjectName(QStringLiteral("oldNumbers"));
    oldNumbers.setSingleShot(true);
    oldNumbers.setInterval(kOldAfterMs);
    connect(&oldNumbers, &QTimer::timeout, q, [this] { updateScores(); });
    connect(&servers, &ServerOffers::offered, q,
            [this](const LocalServer& server) { offerServer(server); });
    connect(&servers, &ServerOffers::withdrawn, q,
            [this](const QString& baseUrl) { withdrawServer(baseUrl); });
    policyNotices = new PolicyNotices(editor, *notices, q);
    traffic = new TrafficFiles(workbench, questions, *notices, q);
    connect(&editor, &PolicyEditor::listChanged, q, [this] { updateOpen(); });
    connect(&editor, &PolicyEditor::entryChanged, q, [this] { updateOpen(); });
    connect(tabs, &PolicyTabs::closeRequested, q, [this](int index) { files.close(index); });
    connect(tabs, &PolicyTabs::newRequested, q, [this] { files.newPolicy(); });
    connect(&files, &PolicyFiles::comparisonWanted, q,
            [this] { policyNotices->compareWithDisk(); });
    connect(&files, &PolicyFiles::recentChanged, q, [this] { updateRecent(); });
    connect(&files, &PolicyFiles::failed, q,
            [this](PolicyFiles::Task task, const QString& title, const QString& detail) {
                tellFailure(task, title, detail);
            });
    connect(&files, &PolicyFiles::noted, q, [this](const QString& title, const QString& detail) {
        notices->add(Tone::Neutral, title, detail);
    });
    connect(&files, &PolicyFiles::opened, q, [this] {
        withdrawFailure(PolicyFiles::Task::Open);
        focusPage();
    });
    connect(&files, &PolicyFiles::saved, q, [this](int revision) {
        withdrawFailure(PolicyFiles::Task::Save);
        q->statusBar()->showMessage(tr("Saved as revision %1.").arg(revision), 4000);
    });
    connect(&workbench, &Workbench::projectionChanged, q, [this] {
        noteAge();
        updateScores();
    });
    connect(&workbench, &Workbench::trafficChanged, q, [this] { updateStatus(); });
    connect(&workbench, &Workbench::evidenceChanged, q, [this] { updateStatus(); });
    connect(&workbench, &Workbench::pageRequested, q, &MainWindow::showPage);
    connect(&workbench, &Workbench::notice, q,
            [this](const QString& sentence) { q->statusBar()->showMessage(sentence, 8000); });
}

// ------------------------------------------------------------------ showing

int MainWindow::Private::indexOf(const QString& id) const
{
    const auto found = std::ranges::find(entries, id, &PageEntry::id);
    return found == entries.end() ? -1 : static_cast<int>(found - entries.begin());
}

/// The page, made if need be; null if there is none.
QWidget* MainWindow::Private::showPageAt(int index)
{
    if (index < 0 || index >= static_cast<int>(entries.size()))
        return nullptr;
    QWidget*& page = pages[index];
    if (!page) {
        page = entries[static_cast<std::size_t>(index)].make(workbench, stack);
        stack->addWidget(page);
    }
    rail->setCurrentIndex(index);
    stack->setCurrentWidget(page);
    updateTitle();
    return page;
}

void MainWindow::Private::goToPage(int index)
{
    if (showPageAt(index))
        focusPage();
}

/// What the page is about takes the keys at once.
void MainWindow::Private::focusPage()
{
    if (QWidget* page = stack->currentWidget())
        page->setFocus(Qt::OtherFocusReason);
}

void MainWindow::Private::updateTitle()
{
    const PolicyEditor& editor = workbench.editor();
    const int page = rail->currentIndex();
    const QString label = page < 0 ? QString() : entries[static_cast<std::size_t>(page)].label;
    q->setWindowTitle(
        tr("%1[*] - revision %2 - %3 - Signalbox", "name of the policy, its revision, page")
            .arg(editor.displayName(), QString::number(editor.document().revision), label));
    q->setWindowModified(editor.isModified());
    q->setWindowFilePath({});
}

/// A drag is ahead of its numbers all the time; they are old when they stay behind for a while.
void MainWindow::Private::noteAge()
{
    if (!workbench.projection() || workbench.projectionIsOfShown())
        oldNumbers.stop();
    else if (!oldNumbers.isActive() && !scoreboard->isOld())
        oldNumbers.start();
}

void MainWindow::Private::updateScores()
{
    const bool isBehind = workbench.projection() && !workbench.projectionIsOfShown();
    std::vector<Score> scores =
        scoresOf(workbench.projection(), workbench.savedProjection(),
                 QString::fromStdString(workbench.editor().document().baseline.value),
                 workbench.projectionProblem());
    if (isBehind && !oldNumbers.isActive()) {
        for (Score& score : scores) {
            score.busy = true; // quietly: muted, until the numbers of what is shown are there
            score.reason.prepend(tr("Of an earlier state of the policy.") + QLatin1Char('\n'));
        }
    }
    scoreboard->setScores(scores);
    simulated->setVisible(workbench.projection() && workbench.projection()->simulated);
    intervals->setVisible(workbench.projection().has_value());
}

void MainWindow::Private::updateStatus()
{
    const auto replayed = workbench.traffic();
    trafficLabel->setText(replayed ? trafficWords(*replayed) : tr("No traffic loaded"));
    sampleTraffic->setEnabled(workbench.trafficShelf().isOwn());
    const auto evidence = workbench.evidence();
    evidenceLabel->setText(!evidence ? tr("Evidence: being measured")
                           : evidence->simulated
                               ? tr("Evidence: %1 answers of simulated models")
                                     .arg(format::count(static_cast<qint64>(evidence->answers)))
                               : tr("Evidence: %1 answers")
                                     .arg(format::count(static_cast<qint64>(evidence->answers))));

    std::set<std::string> dates;
    int unknown = 0;
    for (const ModelSpec& model : workbench.editor().document().models) {
        if (model.price)
            dates.insert(model.price->asOf);
        else
            ++unknown;
    }
    QString prices = dates.empty()
                         ? tr("No prices known")
                         : tr("Prices as of %1").arg(QString::fromStdString(*dates.begin()));
    if (unknown > 0 && !dates.empty())
        prices += tr(", %n unknown", nullptr, unknown);
    priceLabel->setText(prices);
}

void MainWindow::Private::showReason(int index)
{
    reason->showFor(reasonOf(static_cast<ScoreKind>(index), workbench.projection(),
                             QString::fromStdString(workbench.editor().document().baseline.value),
                             workbench.projectionProblem()),
                    *scoreboard->tile(index));
}

/// What the menu key does, which many keyboards have not.
void MainWindow::Private::openContextMenu()
{
    QWidget* const asked = q->focusWidget();
    if (!asked)
        return;
    const QPoint place = asked->inputMethodQuery(Qt::ImCursorRectangle).toRect().center();
    QContextMenuEvent event(QContextMenuEvent::Keyboard, place, asked->mapToGlobal(place));
    QCoreApplication::sendEvent(asked, &event);
}

void MainWindow::Private::openPalette()
{
    QList<QAction*> actions;
    if (QWidget* page = stack->currentWidget())
        actions = actionsWithin(*page);
    actions += q->menuBar()->actions();
    palette->setActions(actions);
    palette->open();
}

void MainWindow::Private::showShortcuts()
{
    std::vector<ActionGroup> groups{{tr("Everywhere"), q->menuBar()->actions()}};
    if (const QWidget* page = stack->currentWidget())
        groups.push_back(
            {entries[static_cast<std::size_t>(rail->currentIndex())].label, actionsWithin(*page)});
    showShortcutSheet(q, groups);
}

// ------------------------------------------------------------------ servers

void MainWindow::Private::offerServer(const LocalServer& server)
{
    const std::string url = server.baseUrl;
    const QString models = server.wantsKey
                               ? tr("it wants a key")
                               : tr("%n model(s)", nullptr, static_cast<int>(server.models.size()));
    const auto endpoint = parseEndpoint(url);
    Callout* callout = notices->add(
        Tone::Accent,
        tr("A server answers on this computer: %1 at %2 (%3).", "its name, address, models")
            .arg(QString::fromStdString(server.label),
                 QString::fromStdString(endpoint ? endpoint->origin : url), models),
        tr("Its models can be heard and routed to once you add them in Settings."));
    callout->setObjectName(QStringLiteral("server.") + QString::fromStdString(url));
    connect(callout, &Callout::dismissed, q, [this, url] { servers.settle(url); });
    auto* look = new QAction(tr("Look at it in Settings"), callout);
    callout->addAction(look);
    connect(look, &QAction::triggered, q, [this, url, callout] {
        callout->deleteLater();
        servers.settle(url);
        q->showPage(QStringLiteral("settings"));
    });
}

void MainWindow::Private::withdrawServer(const QString& baseUrl)
{
    if (auto* callout = q->findChild<Callout*>(QStringLiteral("server.") + baseUrl))
        callout->deleteLater();
}

// ------------------------------------------------------------------ files

void MainWindow::Private::updateRecent()
{
    recentMenu->clear();
    const QStringList recent = PolicyFiles::recent();
    recentMenu->setEnabled(!recent.isEmpty());
    for (const QString& file : recent) {
        QAction* action = recentMenu->addAction(file);
        connect(action, &QAction::triggered, q, [this, file] { files.open(file); });
    }
}

void MainWindow::Private::updateOpen()
{
    const PolicyEditor& editor = workbench.editor();
    QStringList names;
    for (int i = 0; i < editor.count(); ++i)
        names << tabs->bar()->tabText(i);
    if (names != openNames) {
        openMenu->clear();
        for (int i = 0; i < editor.count(); ++i) {
            QAction* action = openMenu->addAction(names[i]);
            action->setCheckable(true);
            connect(action, &QAction::triggered, q, [this, i] {
                workbench.editor().setCurrentIndex(i);
                updateOpen(); // the click alone has unchecked it
            });
        }
        openNames = names;
    }
    for (int i = 0; i < editor.count(); ++i)
        openMenu->actions().at(i)->setChecked(i == editor.currentIndex());
    for (QAction* action : betweenTabs)
        action->setEnabled(editor.count() > 1);
}

/// The last attempt is the one that counts.
void MainWindow::Private::tellFailure(PolicyFiles::Task task, const QString& title,
                                      const QString& detail)
{
    withdrawFailure(task);
    failures[task] = notices->add(Tone::Negative, title, detail);
}

/// What was tried may come from the notice's own button.
void MainWindow::Private::withdrawFailure(PolicyFiles::Task task)
{
    if (QPointer<Callout>& told = failures[task]) {
        told->hide();
        told->deleteLater();
        told.clear();
    }
}

/// Around the corner, too. The keyboard leaves the field that it was in first: what was typed there
/// is of this policy, and what is typed next is for no field of the other one.
void MainWindow::Private::showNext(int step)
{
    focusPage();
    PolicyEditor& editor = workbench.editor();
    editor.setCurrentIndex((editor.currentIndex() + step + editor.count()) % editor.count());
}

void MainWindow::Private::offerToRestore(const PolicyEditor::Recoverable& left)
{
    Callout* callout = notices->add(
        Tone::Caution,
        tr("\"%1\" was open when Signalbox stopped unexpectedly; %n edit(s) were not saved.",
           nullptr, left.edits)
            .arg(left.name),
        tr("Restore them to go on where you were, or throw them away."));
    callout->setObjectName(QStringLiteral("recovery"));
    auto* restore = new QAction(tr("Restore"), callout);
    restore->setObjectName(QStringLiteral("restore"));
    auto* discard = new QAction(tr("Throw away"), callout);
    discard->setObjectName(QStringLiteral("throwAway"));
    callout->addAction(restore);
    callout->addAction(discard);
    connect(restore, &QAction::triggered, q, [this, left, callout] {
        if (files.restore(left))
            callout->deleteLater();
    });
    connect(discard, &QAction::triggered, q, [this, left, callout] {
        callout->deleteLater();
        throwAway(left);
    });
}

/// Of many tabs that a crash took: one notice, which can be taken apart.
void MainWindow::Private::offerToRestoreAll(const std::vector<PolicyEditor::Recoverable>& left)
{
    int edits = 0;
    QStringList names;
    for (const PolicyEditor::Recoverable& each : left) {
        edits += each.edits;
        names << tr("\"%1\"", "name of a policy").arg(each.name);
    }
    Callout* callout = notices->add(
        Tone::Caution,
        tr("%1 policies were open when Signalbox stopped unexpectedly; %n edit(s) were not saved.",
           nullptr, edits)
            .arg(format::count(static_cast<qint64>(left.size()))),
        names.join(tr(", ", "between names")));
    callout->setObjectName(QStringLiteral("recoveries"));
    const auto offer = [&](const char* name, const QString& text, auto&& of) {
        auto* action = new QAction(text, callout);
        action->setObjectName(QLatin1String(name));
        callout->addAction(action);
        connect(action, &QAction::triggered, q, [left, callout, of] {
            callout->deleteLater();
            for (const PolicyEditor::Recoverable& each : left)
                of(each);
        });
    };
    offer("restoreAll", tr("Restore all"), [this](const PolicyEditor::Recoverable& each) {
        if (!files.restore(each))
            offerToRestore(each); // the person kept what is open
    });
    offer("throwAllAway", tr("Throw all away"),
          [this](const PolicyEditor::Recoverable& each) { throwAway(each); });
    offer("oneByOne", tr("One by one"),
          [this](const PolicyEditor::Recoverable& each) { offerToRestore(each); });
}

/// The journal goes with the notice or with the window: until then it can be had back, and after a
/// crash it is offered again.
void MainWindow::Private::throwAway(const PolicyEditor::Recoverable& left)
{
    thrownAway.push_back(left);
    Callout* callout = notices->add(
        Tone::Accent,
        tr("%n edit(s) of \"%1\" are thrown away.", nullptr, left.edits).arg(left.name),
        tr("All of it can be brought back until this notice or the window is closed."));
    callout->setObjectName(QStringLiteral("thrownAway"));
    auto* back = new QAction(tr("Bring back"), callout);
    back->setObjectName(QStringLiteral("getBack"));
    callout->addAction(back);
    const auto forget = [this, left] {
        std::erase_if(thrownAway, [&](const PolicyEditor::Recoverable& each) {
            return each.journal == left.journal;
        });
    };
    connect(back, &QAction::triggered, q, [this, left, callout, forget] {
        callout->deleteLater();
        forget();
        offerToRestore(left);
    });
    connect(callout, &Callout::dismissed, q, [left, forget] {
        forget();
        PolicyEditor::discardRecovery(left);
    });
}

// ------------------------------------------------------------------ the window

MainWindow::MainWindow(Workbench& workbench, std::vector<PageEntry> pages, Questions questions,
                       QWidget* parent)
    : QMainWindow(parent),
      d(std::make_unique<Private>(this, workbench, std::move(pages), std::move(questions)))
{
    setObjectName(QStringLiteral("mainWindow"));
    setMinimumSize(1024, 640);
    resize(QSize(1440, 900).boundedTo(screen()->availableSize() * kScreenShare));
    d->buildFrame();
    d->buildFileMenu();
    d->buildEditMenu();
    d->buildViewMenu();
    d->buildHelpMenu();
    d->buildStatusBar();
    d->connectWorkbench();
    d->updateRecent();
    d->updateOpen();
    d->updateTitle();
    d->updateScores();
    d->updateStatus();
    const QSettings settings;
    restoreGeometry(settings.value(QLatin1String(kGeometryKey)).toByteArray());
    const int last = d->indexOf(settings.value(QLatin1String(kPageKey)).toString());
    d->goToPage(std::max(0, last));
}

MainWindow::~MainWindow()
{
    // Pages that go may still commit what was typed; nothing here is left to show it.
    d->workbench.editor().disconnect(this);
    d->workbench.disconnect(this);
}

void MainWindow::openFile(const QString& path)
{
    d->files.open(path);
}

void MainWindow::openLastFiles()
{
    d->files.openLast();
}

void MainWindow::openLastTraffic()
{
    d->traffic->openLast();
}

void MainWindow::showPage(const QString& id)
{
    d->goToPage(d->indexOf(id));
}

QString MainWindow::currentPage() const
{
    const int index = d->rail->currentIndex();
    return index < 0 ? QString() : d->entries[static_cast<std::size_t>(index)].id;
}

void MainWindow::offerRecovery(const std::filesystem::path& journalFolder)
{
    for (const Error& unreadable : PolicyEditor::unreadable(journalFolder)) {
        Callout* callout = d->notices->add(
            Tone::Caution, tr("Not all that was unsaved when Signalbox stopped can be restored."),
            QString::fromStdString(toString(unreadable)));
        callout->setObjectName(QStringLiteral("unreadableJournal"));
    }
    const auto left = PolicyEditor::recoverable(journalFolder);
    if (left.size() > 1)
        return d->offerToRestoreAll(left);
    for (const PolicyEditor::Recoverable& each : left)
        d->offerToRestore(each);
}

void MainWindow::offerServers(const std::vector<std::uint16_t>& ports)
{
    d->servers.search(ports);
}

void MainWindow::paintEvent(QPaintEvent* event)
{
    QMainWindow::paintEvent(event);
    // Behind the event, so that all widgets have been painted and the picture has been handed over.
    if (!std::exchange(d->wasPainted, true))
        QMetaObject::invokeMethod(this, &MainWindow::firstPainted, Qt::QueuedConnection);
}

/// Not every disk tells of changes; who comes back to the window has perhaps just made one.
void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && isActiveWindow())
        d->workbench.editor().current().lookAround();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!d->files.mayLeaveAll()) {
        event->ignore();
        return;
    }
    for (const PolicyEditor::Recoverable& left : std::exchange(d->thrownAway, {}))
        PolicyEditor::discardRecovery(left);
    QSettings settings;
    settings.setValue(QLatin1String(kGeometryKey), saveGeometry());
    settings.setValue(QLatin1String(kPageKey), currentPage());
    event->accept();
}

} // namespace signalbox::ui
