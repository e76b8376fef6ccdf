// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_bar.h"

#include "facts_line.h"
#include "import_sheet.h"
#include "limits_button.h"
#include "line_up_sheet.h"
#include "models_button.h"
#include "run_settings_button.h"
#include "spending_button.h"
#include "traffic_sheet.h"

#include <core/base/files.h>
#include <core/lab/conversation.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/text_views.h>

#include <QAction>
#include <QClipboard>
#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kYoursShown = 3; ///< own prompts in the bar; the table has all
constexpr int kWordsPx = 1'400;        ///< of this bar, from where on icons have words beside them
constexpr int kRunWordsPx = 1'180;     ///< from where on those of the run's row have
constexpr int kSettingsPx = 1'120;     ///< from where on the button of the run's settings says them
constexpr int kLeastTypedPx = 96;
constexpr int kLimitsMs = 500; ///< between two looks at what is known of limits
constexpr std::size_t kMostFileBytes = std::size_t{16} << 20; ///< read while the window waits

QLabel* labelFor(const QString& text, QWidget* buddy, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setBuddy(buddy);
    label->setToolTip(buddy->toolTip());
    return label;
}

/// Nobody is paid for a simulated answer.
bool isSimulated(const LabSession& session)
{
    return std::ranges::all_of(
        session.models(), [&](const ModelSpec& column) { return session.isSimulated(column); });
}

/// Whether it is said already that these are list prices.
enum class Basis { ToSay, Said };

/// "9 answers", "about $0.55, at most $2.1", or what they would cost at list prices.
QStringList costFacts(const Preflight& flight, Basis basis = Basis::ToSay)
{
    QString answers = LabBar::tr("%n answer(s)", nullptr, static_cast<int>(flight.cells));
    const std::size_t reused = flight.forecast.reused;
    if (reused > 0)
        answers += LabBar::tr(", %n of them reused", nullptr, static_cast<int>(reused));
    if (flight.simulated && flight.expected)
        return {answers, (basis == Basis::Said ? LabBar::tr("about %1", "an amount of money")
                                               : LabBar::tr("about %1 at list prices"))
                             .arg(format::money(flight.expected->usd(), 2))};
    if (flight.expected && flight.worst)
        return {answers, LabBar::tr("about %1, at most %2")
                             .arg(format::money(flight.expected->usd(), 2),
                                  format::money(flight.worst->usd(), 2))};
    return {answers, LabBar::tr("cost unknown: %n model(s) without a price", nullptr,
                                static_cast<int>(flight.unpricedModels))};
}

/// The same as a part of a sentence.
QString costText(const Preflight& flight, Basis basis = Basis::ToSay)
{
    return costFacts(flight, basis).join(LabBar::tr(", "));
}

} // namespace

LabBar::LabBar(LabSession& session, Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_session(session), m_workbench(workbench)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kWide, space::kGap, space::kWide, space::kUnit);
    layout->setSpacing(space::kUnit);
    buildHead();
    m_second = new QWidget(this);
    m_row = new QHBoxLayout(m_second);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(space::kUnit);
    layout->addWidget(m_second);
    buildChoices();
    buildShown();
    buildRun();
    buildYours();
    refresh();
    connect(&session, &LabSession::wasReset, this, [this] {
        ++m_resets;
        refresh();
    });
    connect(&session, &LabSession::costsChanged, this, [this] { refresh(); });
    connect(&session, &LabSession::progressChanged, this, [this] { refresh(); });
    connect(&session, &LabSession::finished, this, [this] { refresh(); });
    connect(&session, &LabSession::keepFailed, this, [this] {
        ++m_refusals;
        m_shownCount.reset(); // what was typed is not taken
        refresh();
    });
    connect(&session, &LabSession::forecastChanged, this, [this] { refreshPreflight(); });
}

/// The row of the whole page: what is shown, how far it is, and what can be done with it.
void LabBar::buildHead()
{
    m_head = new QHBoxLayout;
    m_head->setSpacing(space::kUnit);
    m_status = new FactsLine(this);
    m_status->setObjectName(QStringLiteral("preflight"));
    QSizePolicy policy = m_status->sizePolicy();
    policy.setRetainSizeWhenHidden(true); // what stands at the end stays there
    m_status->setSizePolicy(policy);
    m_head->addSpacing(space::kUnit);
    m_head->addWidget(m_status, 1);
    m_models = new ModelsButton(m_session, m_workbench, this);
    m_head->addWidget(m_models);
    addModelActions();
    static_cast<QVBoxLayout*>(layout())->addLayout(m_head);
}

void LabBar::addModelActions()
{
    auto* const lineUp = new QAction(icon(Icon::Settings), tr("&Line-up\u2026"), this);
    lineUp->setObjectName(QStringLiteral("lineUp"));
    lineUp->setToolTip(
        plainToolTip(tr("Temperature, length and seed, and a model asked in several ways")));
    connect(lineUp, &QAction::triggered, this, &LabBar::showLineUp);
    auto* const add = new QAction(icon(Icon::Add), tr("&Add models\u2026"), this);
    add->setObjectName(QStringLiteral("addModels"));
    add->setToolTip(plainToolTip(tr("Other models for the policy, in the settings")));
    connect(add, &QAction::triggered, this,
            [this] { m_workbench.requestPage(QStringLiteral("settings")); });
    for (QAction* const action : {lineUp, add}) {
        addAction(action);
        m_models->popover()->addWay(action);
    }
}

/// What to send.
void LabBar::buildChoices()
{
    m_choices = new QWidget(m_second);
    auto* row = new QHBoxLayout(m_choices);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kUnit);
    m_prompts = new QSpinBox(m_choices);
    m_prompts->setObjectName(QStringLiteral("promptCount"));
    m_prompts->setRange(0, static_cast<int>(m_workbench.prompts().size()));
    m_prompts->setToolTip(
        tr("How many of the sample's %n prompt(s) to send, taken in turn from its segments",
           nullptr, m_prompts->maximum()));
    m_typed = new QLineEdit(m_choices);
    m_typed->setObjectName(QStringLiteral("typedPrompt"));
    m_typed->setAccessibleName(tr("Your own prompt"));
    m_typed->setPlaceholderText(tr("Your own prompt, then Enter"));
    m_typed->setMinimumWidth(kLeastTypedPx);
    row->addWidget(labelFor(tr("&Prompts"), m_prompts, m_choices));
    row->addWidget(m_prompts);
    row->addWidget(m_typed, 1);
    m_import = makeImport();
    row->addWidget(m_import);
    m_settings = new RunSettingsButton(m_session, m_choices);
    row->addWidget(m_settings);
    connect(m_settings->popover(), &RunSettingsPopover::lineUpRequested, this, &LabBar::showLineUp);
    m_row->addWidget(m_choices, 1);

    connect(m_prompts, &QSpinBox::editingFinished, this, [this] {
        m_session.setSamplePromptCount(static_cast<std::size_t>(m_prompts->value()));
    });
    connect(m_typed, &QLineEdit::returnPressed, this, [this] { takeTyped(); });
}

/// In place of the choices, while the table shows a run that is over.
void LabBar::buildShown()
{
    m_shown = new QWidget(m_second);
    m_shown->setObjectName(QStringLiteral("shownRun"));
    auto* row = new QHBoxLayout(m_shown);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kUnit);
    m_shownTitle = new ElidedLabel({}, TextRole::BodyStrong, m_shown);
    m_shownTitle->setObjectName(QStringLiteral("shownRun.title"));
    row->addWidget(m_shownTitle, 1);
    m_reprice = new QPushButton(tr("At today's prices\u2026"), m_shown);
    m_reprice->setObjectName(QStringLiteral("shownRun.reprice"));
    m_reprice->setToolTip(plainToolTip(
        tr("What this run would cost now, beside what was recorded, which stays as it is")));
    setButtonKind(m_reprice, ButtonKind::Quiet);
    connect(m_reprice, &QPushButton::clicked, this, &LabBar::repriceRequested);
    row->addWidget(m_reprice);
    m_goOn = new QPushButton(tr("Go on with it"), m_shown);
    m_goOn->setObjectName(QStringLiteral("shownRun.goOn"));
    row->addWidget(m_goOn);
    connect(m_goOn, &QPushButton::clicked, this, [this] {
        if (const auto gone = m_session.goOnWithShown(); !gone)
            emit importFailed(tr("The run cannot go on."),
                              QString::fromStdString(toString(gone.error())));
        else
            (m_retry->isVisible() ? m_retry : m_start)->setFocus(Qt::OtherFocusReason);
    });
    m_back = new QPushButton(tr("Back to your prompts"), m_shown);
    m_back->setObjectName(QStringLiteral("shownRun.back"));
    m_back->setToolTip(plainToolTip(tr("Show the prompts and models that can be sent")));
    row->addWidget(m_back);
    m_row->addWidget(m_shown, 1);
    connect(m_back, &QPushButton::clicked, this, [this] {
        m_session.showPresent();
        if (m_typed->isVisibleTo(this))              // else the page has seen to the keyboard
            m_typed->setFocus(Qt::OtherFocusReason); // the button goes
    });
}

QPushButton* LabBar::makeImport()
{
    auto* button = new QPushButton(tr("Import\u2026"), m_choices);
    button->setObjectName(QStringLiteral("importPrompts"));
    button->setAccessibleName(tr("Import prompts or answers"));
    button->setToolTip(plainToolTip(
        tr("From a file or the clipboard: prompts (lines, a table, JSON), or answers that were "
           "recorded elsewhere (JSON lines, a table, promptfoo, a report of Signalbox). Tables can "
           "be CSV or workbooks (.xlsx). A file can also be dropped on this page. Or from the "
           "traffic: recorded conversations, by segment.")));
    m_ask = [](QWidget* parent) {
        return QFileDialog::getOpenFileName(parent->window(), tr("Import prompts or answers"), {},
                                            tr("Prompts or answers (*.jsonl *.json *.csv *.tsv "
                                               "*.xlsx *.txt *.md *.html);;All files (*)"));
    };
    auto* menu = new QMenu(button);
    QAction* const file = menu->addAction(icon(Icon::Open), tr("From a &file\u2026"));
    file->setObjectName(QStringLiteral("importFromFile"));
    connect(file, &QAction::triggered, this, [this] {
        if (const QString path = m_ask(this); !path.isEmpty())
            importFile(path);
    });
    QAction* const paste = menu->addAction(icon(Icon::Paste), tr("From the &clipboard"));
    paste->setObjectName(QStringLiteral("importFromClipboard"));
    connect(paste, &QAction::triggered, this,
            [this] { importText(QGuiApplication::clipboard()->text()); });
    QAction* const traffic = menu->addAction(icon(Icon::Request), tr("From the &traffic\u2026"));
    traffic->setObjectName(QStringLiteral("importFromTraffic"));
    traffic->setToolTip(tr("Conversations that were recorded, by segment"));
    connect(traffic, &QAction::triggered, this, [this] { importTraffic(); });
    connect(menu, &QMenu::aboutToShow, traffic, [this, traffic] {
        const auto recorded = m_workbench.traffic();
        traffic->setEnabled(recorded && recorded->rowCount() > 0);
    });
    button->setMenu(menu);
    return button;
}

void LabBar::showLineUp()
{
    if (m_session.isRunning() || m_session.shownRun())
        return;
    std::vector<ModelId> models;
    for (const ModelSpec& model : m_workbench.editor().document().models)
        models.push_back(model.id);
    const std::filesystem::path& folder = m_workbench.dataFolder();
    auto* sheet = new LineUpSheet(m_session.lineUp(), std::move(models), m_session.policyColumn(),
                                  folder.empty() ? folder : folder / "line-ups.json", window());
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &QDialog::accepted, this,
            [this, sheet] { m_session.setLineUp(sheet->lineUp()); });
    sheet->open();
}

void LabBar::importTraffic()
{
    const auto traffic = m_workbench.traffic();
    if (!traffic || traffic->rowCount() == 0)
        return;
    auto* sheet = new TrafficSheet(traffic, window());
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &TrafficSheet::taken, this,
            [this, sheet] { m_session.addPrompts(sheet->prompts()); });
    sheet->open();
}

void LabBar::importFile(const QString& path)
{
    const auto bytes = readFile(path.toStdString(), kMostFileBytes);
    if (!bytes) {
        emit importFailed(tr("The file could not be read."),
                          QString::fromStdString(toString(bytes.error())));
        return;
    }
    showImport(QByteArray::fromStdString(*bytes), QFileInfo(path).fileName());
}

void LabBar::importText(const QString& text)
{
    if (text.trimmed().isEmpty())
        emit importFailed(tr("There is no text on the clipboard."),
                          tr("Copy prompts or answers first: lines, rows of a table, or JSON."));
    else
        showImport(text.toUtf8(), {});
}

void LabBar::showImport(const QByteArray& bytes, const QString& from)
{
    auto* sheet = new ImportSheet(bytes, from, m_workbench.editor().document().models, window());
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &ImportSheet::taken, this, [this, sheet, from] {
        if (!sheet->answers()) {
            m_session.addPrompts(sheet->prompts());
            return;
        }
        const QString name = from.isEmpty() ? tr("answers from the clipboard") : from;
        if (const auto taken = m_session.takeAnswers(*sheet->answers(), name); !taken)
            emit importFailed(tr("The answers were not taken."),
                              QString::fromStdString(toString(taken.error())));
    });
    sheet->open();
}

void LabBar::buildYours()
{
    m_yours = new QWidget(this);
    m_yours->setObjectName(QStringLiteral("yours"));
    auto* row = new QHBoxLayout(m_yours);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    m_yourRows = new QVBoxLayout;
    m_yourRows->setSpacing(space::kHalf);
    row->addLayout(m_yourRows, 1);
    m_which = new SegmentedControl(tr("Which prompts to send"), m_yours);
    m_which->setObjectName(QStringLiteral("whichPrompts"));
    m_which->addSegment(tr("With the sample's prompts"));
    m_which->addSegment(tr("Only yours"));
    row->addWidget(m_which, 0, Qt::AlignTop);
    connect(m_which, &SegmentedControl::currentChanged, this,
            [this](int index) { m_session.setSendsOnlyOwn(index == 1); });
    layout()->addWidget(m_yours);
}

/// @return false: it stands in the field still, because the table may not change
bool LabBar::takeTyped()
{
    const QString text = m_typed->text();
    if (!m_session.addPrompt(text))
        return false;
    m_typed->clear();
    return true;
}

void LabBar::send()
{
    if (m_session.isRunning()) {
        if (m_session.run().isPaused())
            m_session.start();
        return;
    }
    const int before = m_resets;
    if (m_session.shownRun() || !takeWhatIsTyped())
        return;
    if (!restText().isEmpty())
        m_session.rerunFailed();
    else if (m_session.hasAnswers() && m_resets != before)
        return; // another table, and every answer is there: the bar says what sending again costs
    else if (m_start->isEnabled())
        m_session.start();
}

/// Everything anew, also what is answered.
void LabBar::sendAgain()
{
    if (takeWhatIsTyped() && m_start->isEnabled())
        m_session.start();
}

/// What stands in the fields and is not entered yet.
/// @return false: some of it was not taken
bool LabBar::takeWhatIsTyped()
{
    const int before = m_refusals;
    m_prompts->interpretText();
    m_session.setSamplePromptCount(static_cast<std::size_t>(m_prompts->value()));
    return m_refusals == before && takeTyped();
}

void LabBar::pauseOrGoOn()
{
    if (m_session.run().isPaused())
        m_session.start();
    else
        m_session.pause();
}

void LabBar::buildRun()
{
    m_progress = new ProgressStrip(m_second);
    m_progress->layout()->setContentsMargins(0, 0, 0, space::kTiny); // as high as what it replaces
    m_row->addWidget(m_progress, 1);
    m_limits = new LimitsButton(m_second);
    m_row->addWidget(m_limits);
    m_spending = new SpendingButton(m_session, m_second);
    m_row->addWidget(m_spending);
    m_failed = new QPushButton(m_second);
    m_failed->setObjectName(QStringLiteral("nextFailed"));
    m_failed->setIcon(icon(Icon::Warning));
    m_failed->setToolTip(plainToolTip(tr("Go to the next failed answer  F4")));
    setButtonKind(m_failed, ButtonKind::Alarm);
    m_row->addWidget(m_failed);
    m_pause = new QPushButton(tr("Pause"), m_second);
    m_pause->setObjectName(QStringLiteral("pause"));
    m_row->addWidget(m_pause);
    m_start = new QPushButton(tr("Send"), m_second);
    m_start->setObjectName(QStringLiteral("start"));
    m_row->addWidget(m_start);
    m_retry = new QPushButton(tr("Retry failed"), m_second);
    m_retry->setObjectName(QStringLiteral("retryFailed"));
    setButtonKind(m_retry, ButtonKind::Primary);
    m_row->addWidget(m_retry);
    m_nextLimits.setInterval(kLimitsMs);
    connect(&m_nextLimits, &QTimer::timeout, this, [this] { refreshLimits(); });
    connect(m_start, &QPushButton::clicked, this, [this] {
        if (m_session.hasAnswers() && !m_session.isRunning())
            sendAgain();
        else
            send();
    });
    connect(m_pause, &QPushButton::clicked, this, [this] { m_session.pause(); });
    connect(m_retry, &QPushButton::clicked, this, [this] { send(); });
    connect(m_failed, &QPushButton::clicked, this, &LabBar::nextFailedRequested);
    connect(m_progress, &ProgressStrip::cancelRequested, this, [this] { m_session.stop(); });
    m_progress->setCancellable(true);
}

void LabBar::showCaps()
{
    m_spending->open();
}

bool LabBar::mayChoose() const
{
    return !m_session.isRunning() && !m_session.shownRun();
}

void LabBar::showSettings()
{
    if (mayChoose())
        m_settings->open();
}

void LabBar::showModels()
{
    if (mayChoose())
        m_models->open();
}

void LabBar::setPurpose(Purpose purpose)
{
    m_purpose = purpose;
    refreshRows();
}

void LabBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool hasRunWords = width() >= kRunWordsPx;
    m_spending->setWordy(hasRunWords);
    m_settings->setBrief(width() < kSettingsPx);
    emit runWordsFitChanged(hasRunWords);
    emit wordsFitChanged(width() >= kWordsPx);
}

void LabBar::addAtStart(QWidget* widget)
{
    m_head->insertWidget(0, widget);
    m_lastTool = widget;
}

/// Before the models, whose place is the same whatever tools there are.
void LabBar::addTool(QWidget* widget)
{
    m_head->insertWidget(m_head->indexOf(m_models), widget);
    setTabOrder(m_lastTool, widget);
    setTabOrder(widget, m_models);
    m_lastTool = widget;
}

void LabBar::addAtEnd(QWidget* widget)
{
    m_head->addWidget(widget);
    setTabOrder(m_models, widget);
}

void LabBar::addToRun(QWidget* widget)
{
    m_row->insertWidget(m_row->indexOf(m_spending) + 1, widget);
    setTabOrder(m_spending, widget);
    m_ofRun.push_back(widget);
    refreshRows();
}

/// The newest typed prompts, each with a way to take it back.
void LabBar::refreshYours()
{
    const std::vector<LabPrompt>& typed = m_session.ownPrompts();
    m_which->setCurrentIndex(m_session.sendsOnlyOwn() ? 1 : 0);
    std::vector<PromptId> ids;
    for (const LabPrompt& prompt : typed)
        ids.push_back(prompt.id);
    if (ids == m_shownPrompts)
        return;
    m_shownPrompts = ids;
    while (QLayoutItem* item = m_yourRows->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    // A conversation is one of them.
    const Conversations conversations(typed);
    std::size_t shown = 0;
    std::size_t all = 0;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (conversations.beginning(i) != i)
            continue;
        if (++all > kYoursShown)
            continue;
        m_yourRows->addWidget(makeYours(typed[i], conversations.length(i)));
        ++shown;
    }
    if (all > shown) {
        auto* more = new TextLabel(
            tr("and %n more, all in the table", nullptr, static_cast<int>(all - shown)),
            TextRole::Small, m_yours);
        more->setMuted(true);
        auto* const line = new QWidget(m_yours);
        auto* const layout = new QHBoxLayout(line);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(space::kGap);
        auto* const takeBack = new QPushButton(tr("Take all of yours back"), line);
        takeBack->setObjectName(QStringLiteral("yours.removeAll"));
        setButtonKind(takeBack, ButtonKind::Quiet);
        layout->addWidget(more);
        layout->addWidget(takeBack);
        layout->addStretch(1);
        m_yourRows->addWidget(line);
        connect(takeBack, &QPushButton::clicked, this, [this] {
            m_typed->setFocus(Qt::OtherFocusReason); // the button goes
            m_session.removeOwnPrompts();
        });
    }
}

/// @param turns  of the conversation that it begins
QWidget* LabBar::makeYours(const LabPrompt& prompt, int turns)
{
    auto* row = new QWidget(m_yours);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    auto* yours =
        new TextLabel(tr("Yours", "a prompt that the person typed"), TextRole::Small, row);
    yours->setMuted(true);
    layout->addWidget(yours);
    const QString text = QString::fromStdString(prompt.messages.back().text);
    auto* label = new ElidedLabel(text, TextRole::Body, row);
    label->setObjectName(QStringLiteral("yours.text"));
    layout->addWidget(label, 1);
    if (turns > 1) {
        auto* more = new TextLabel(tr("%n turn(s)", nullptr, turns), TextRole::Small, row);
        more->setMuted(true);
        layout->addWidget(more);
    }
    auto* remove = new IconButton(
        Icon::Close, turns > 1 ? tr("Take this conversation back") : tr("Take this prompt back"),
        row);
    remove->setObjectName(QStringLiteral("yours.remove"));
    layout->addWidget(remove);
    connect(remove, &QToolButton::clicked, this, [this, id = prompt.id] {
        m_typed->setFocus(Qt::OtherFocusReason); // the button goes
        m_session.removePrompt(id);
    });
    return row;
}

/// "60 prompts × 3 models = 180 answers", "about $0.55, at most $2.1".
QStringList LabBar::preflightFacts() const
{
    const Preflight flight = m_session.preflight();
    QStringList factors = {
        tr("%n prompt(s)", nullptr, static_cast<int>(m_session.prompts().size()))};
    if (m_session.samples() > 1)
        factors << tr("%n time(s)", nullptr, m_session.samples());
    const auto variants = static_cast<int>(m_session.run().plan().variants.size());
    const int plain = static_cast<int>(flight.models) - variants;
    QString models = tr("%n model(s)", nullptr, plain);
    if (variants > 0)
        models = plain == 0 ? tr("%n variant(s)", "of a model", variants)
                            : tr("%1 + %2", "\"3 models\", \"1 variant\"")
                                  .arg(models, tr("%n variant(s)", "of a model", variants));
    if (variants > 0 && plain > 0 && !flight.hasPolicy)
        models = tr("(%1)", "3 models + 1 variant").arg(models);
    factors << (!flight.hasPolicy    ? models
                : flight.models == 0 ? tr("the policy", "a factor: 60 prompts × the policy")
                                     : tr("(%1 + the policy)", "\"3 models\"").arg(models));
    QStringList facts = costFacts(flight);
    facts.front() = tr("%1 = %2", "60 prompts × 3 models, 180 answers")
                        .arg(factors.join(QStringLiteral(" \u00d7 ")), facts.front());
    if (const QString asking = askingText(); !asking.isEmpty())
        facts << asking;
    if (flight.simulated)
        facts << tr("nothing is billed");
    return facts;
}

/// What is chosen otherwise than usual: "temperature 0, seed 7, at most 60 tokens".
QString LabBar::askingText() const
{
    const Asking& asking = m_session.asking();
    QStringList parts;
    if (asking.temperature)
        parts << tr("temperature %1").arg(QLocale().toString(*asking.temperature));
    if (asking.seed)
        parts << tr("seed %1").arg(format::count(*asking.seed));
    if (!asking.maxTokens)
        parts << tr("answers of any length");
    else if (asking.maxTokens != Asking().maxTokens)
        parts << tr("at most %1 tokens").arg(format::count(*asking.maxTokens));
    return parts.join(tr(", "));
}

/// "171 of 180 answered", "$0.546 spent".
QStringList LabBar::progressFacts() const
{
    const LabProgress progress = m_session.run().progress();
    const int answered = static_cast<int>(progress.answered());
    QStringList facts = {tr("%1 of %n answered", nullptr, static_cast<int>(progress.total))
                             .arg(format::count(answered))};
    if (progress.stopped > 0)
        facts << tr("%n stopped", nullptr, static_cast<int>(progress.stopped));
    if (const auto spent = m_session.spent())
        facts << (isSimulated(m_session) ? tr("%1 at list prices", "an amount of money")
                                         : tr("%1 spent", "an amount of money"))
                     .arg(format::money(spent->usd()));
    if (m_session.run().capReached())
        facts << tr("held by its cap", "a run");
    else if (m_session.run().isPaused())
        facts << tr("paused");
    return facts;
}

/// "3,000 answers", "10 models", "300 prompts", "from 24 Nov 2026".
QStringList LabBar::shownFacts() const
{
    const ShownRun& shown = *m_session.shownRun();
    const LabPlan& plan = shown.plan;
    const QDate day = QDateTime::fromMSecsSinceEpoch(shown.info.createdAtMs).date();
    return {tr("%n answer(s)", nullptr, static_cast<int>(m_session.stored()->shown)),
            tr("%n model(s)", nullptr, static_cast<int>(plan.models.size())),
            tr("%n prompt(s)", nullptr, static_cast<int>(plan.prompts.size())),
            shown.isFromElsewhere
                ? tr("imported %1", "a date").arg(QLocale().toString(day, QLocale::ShortFormat))
                : tr("from %1", "a date").arg(QLocale().toString(day, QLocale::ShortFormat))};
}

/// "171 answers from 24 Nov 2026, stored", "9 not asked".
QStringList LabBar::storedFacts() const
{
    const StoredAnswers& stored = *m_session.stored();
    const QDate day = QDateTime::fromMSecsSinceEpoch(stored.run.createdAtMs).date();
    QStringList facts = {tr("%n answer(s) from %1, stored", nullptr, static_cast<int>(stored.shown))
                             .arg(QLocale().toString(day, QLocale::ShortFormat))};
    const LabProgress progress = m_session.run().progress();
    if (const std::size_t stopped = progress.stopped - progress.heldBack; stopped > 0)
        facts << tr("%n stopped", nullptr, static_cast<int>(stopped));
    if (progress.heldBack > 0)
        facts << tr("%n not asked", nullptr, static_cast<int>(progress.heldBack));
    return facts;
}

/// What Ctrl+Return would send: "retry: 9 answers, about $0.03, at most $0.1".
QString LabBar::nextText() const
{
    const bool isAll = restText().isEmpty();
    const Preflight flight = isAll ? m_session.preflight() : m_session.preflightOfRest();
    const QString text = isAll ? tr("all again: %1", "180 answers, about $0.55")
                         : m_session.run().progress().stopped > 0
                             ? tr("the rest: %1", "9 answers, about $0.03")
                             : tr("retry: %1", "9 answers, about $0.03");
    const bool isSaid =
        isSimulated(m_session) && !m_session.stored() && m_session.spent().has_value();
    return text.arg(costText(flight, isSaid ? Basis::Said : Basis::ToSay));
}

/// Of the button that asks what is not answered; empty if all is.
QString LabBar::restText() const
{
    const LabProgress progress = m_session.run().progress();
    if (!m_session.hasAnswers() || m_session.isRunning() || m_session.shownRun())
        return {};
    if (progress.stopped > 0)
        return tr("Send the rest");
    return progress.failed > 0 ? tr("Retry failed") : QString();
}

void LabBar::refresh()
{
    QWidget* focused = window()->focusWidget();
    refreshChoices();
    refreshRows();
    refreshButtons();
    refreshProgress();
    refreshLimits();
    refreshPreflight();
    m_spending->refresh();
    if (focused && isAncestorOf(focused))
        keepTheKeyboard(focused);
}

void LabBar::refreshChoices()
{
    if (m_session.shownRun()) {
        refreshShown();
        return;
    }
    showPromptCount();
    m_settings->refresh();
    m_models->refresh();
    refreshYours();
}

/// If it is another one: a run goes on, and prices come, while a person types a number.
void LabBar::showPromptCount()
{
    const auto count = static_cast<int>(m_session.samplePromptCount());
    if (m_shownCount == count)
        return;
    m_shownCount = count;
    m_prompts->setValue(count);
}

/// A run takes the place of the choices for it. What is sent belongs to the answers; a run that is
/// under way, or looked at, is told wherever the person is.
void LabBar::refreshRows()
{
    const bool isRunning = m_session.isRunning();
    const bool isShown = m_session.shownRun().has_value();
    const bool isSending = m_purpose == Purpose::Sending;
    m_second->setVisible(isSending || isRunning || isShown);
    m_choices->setVisible(!isRunning && !isShown);
    m_shown->setVisible(isShown);
    m_reprice->setVisible(isSending);
    m_goOn->setVisible(isSending && isShown && !m_session.shownRun()->isFromElsewhere);
    m_progress->setVisible(isRunning);
    m_yours->setVisible(isSending && !isShown && !m_session.ownPrompts().empty());
    m_yours->setEnabled(!isRunning);
    m_models->setVisible(!isShown);
    m_models->setEnabled(!isRunning);
    m_status->setVisible(isSending || isRunning);
    for (QWidget* const widget : m_ofRun)
        widget->setVisible(isSending || isRunning);
    const auto failed = static_cast<int>(m_session.run().progress().failed);
    m_failed->setText(tr("%n failed", nullptr, failed));
    m_failed->setVisible(failed > 0 && (isSending || isRunning));
}

void LabBar::refreshShown()
{
    const ShownRun& shown = *m_session.shownRun();
    const QString name = withVisibleControls(QString::fromStdString(shown.info.name));
    m_shownTitle->setText(
        shown.isFromElsewhere
            ? tr("Answers of %1, recorded elsewhere", "the name of a file").arg(name)
            : tr("An earlier run of %1, as it was", "the name of a policy").arg(name));
    const QString obstacle = m_session.goOnObstacle();
    const LabProgress progress = m_session.run().progress();
    const auto rest = static_cast<int>(progress.stopped + progress.failed);
    m_goOn->setEnabled(obstacle.isEmpty());
    m_goOn->setText(rest > 0 ? tr("Ask the rest\u2026") : tr("Go on with it"));
    const QString what = rest > 0 ? tr("%n cell(s) of this run have no answer.", nullptr, rest)
                                  : tr("Every cell of this run has an answer.");
    m_goOn->setToolTip(plainToolTip(
        obstacle.isEmpty() ? tr("%1 Its prompts and models are chosen again; nothing is sent until "
                                "you say so.",
                                "how many cells have no answer")
                                 .arg(what)
                           : obstacle));
    m_goOn->setAccessibleDescription(obstacle.isEmpty() ? what : obstacle);
}

void LabBar::refreshButtons()
{
    const bool running = m_session.isRunning();
    const bool paused = m_session.run().isPaused();
    m_start->setText(paused                               ? tr("Go on")
                     : m_session.hasAnswers() && !running ? tr("Send again")
                                                          : tr("Send"));
    m_start->setVisible((!running || paused) && !m_session.shownRun());
    m_pause->setVisible(running && !paused);
    const QString rest = restText();
    setButtonKind(m_start, rest.isEmpty() ? ButtonKind::Primary : ButtonKind::Normal);
    m_retry->setText(rest);
    m_retry->setVisible(!rest.isEmpty());
}

/// A run disables or hides what had the keyboard: the button that acts on the run gets it, and the
/// field that had it before gets it back in the end. (Not the button that sends: the key that was
/// to pause must not send again.)
void LabBar::keepTheKeyboard(QWidget* focused)
{
    if (focused->isEnabled() && focused->isVisibleTo(this))
        return;
    if (m_session.shownRun()) {
        m_back->setFocus(Qt::OtherFocusReason);
        return;
    }
    if (!m_session.isRunning()) {
        QWidget* const before = std::exchange(m_focusBefore, nullptr);
        QWidget* const next = before ? before : m_typed;
        if (next->isVisibleTo(this))
            next->setFocus(Qt::OtherFocusReason);
        else
            emit keyboardReturned();
        return;
    }
    if (m_choices->isAncestorOf(focused) || m_yours->isAncestorOf(focused) || focused == m_models)
        m_focusBefore = focused;
    QWidget* acting = m_session.run().isPaused() ? m_start : m_pause;
    acting->setFocus(Qt::OtherFocusReason);
}

/// What Ctrl+Return would send, behind what is there; in tooltips what each button would.
void LabBar::refreshPreflight()
{
    if (m_session.isRunning() || m_session.shownRun()) {
        m_status->setFacts(m_session.isRunning() ? progressFacts() : shownFacts());
        return;
    }
    const QStringList all = preflightFacts();
    QStringList lines = all;
    if (isSimulated(m_session))
        lines << tr("All models are simulated: nothing is sent.");
    m_start->setEnabled(m_session.preflight().cells > 0);
    m_start->setToolTip(plainToolTip(lines.join(QLatin1Char('\n'))));
    if (m_session.hasAnswers()) {
        QStringList facts = m_session.stored() ? storedFacts() : progressFacts();
        facts << nextText();
        if (isSimulated(m_session))
            facts << tr("nothing is billed");
        m_status->setFacts(facts);
    } else {
        m_status->setFacts(all);
    }
    m_retry->setToolTip(plainToolTip(costText(m_session.preflightOfRest())));
}

void LabBar::refreshLimits()
{
    m_limits->setLimits(m_session.limits());
    if (m_session.isRunning() != m_nextLimits.isActive())
        m_session.isRunning() ? m_nextLimits.start() : m_nextLimits.stop();
}

void LabBar::refreshProgress()
{
    const LabProgress progress = m_session.run().progress();
    const auto finished = static_cast<int>(progress.finished);
    const auto total = static_cast<int>(progress.total);
    m_progress->setText(
        total == 0
            ? QString()
            : tr("%1 done", "a share of a run").arg(format::percent(double(finished) / total, 0)));
    m_progress->setProgress(finished, total);
    if (m_session.isRunning())
        m_status->setFacts(progressFacts());
}

} // namespace signalbox::ui
