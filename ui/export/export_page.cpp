// SPDX-License-Identifier: GPL-3.0-or-later
#include "export_page.h"

#include <core/base/files.h>
#include <core/exchange/policy_release.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/kit/told_numbers.h>
#include <ui/kit/verdict_mark.h>
#include <ui/models/gate_words.h>

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QResizeEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <compare>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace signalbox::ui {

namespace {

constexpr int kGatesWidthPx = 400;
constexpr int kBoxIndentPx = 23;       ///< from the left of a check box to its text
constexpr int kPreviewWidthPx = 880;   ///< more holds no line of a policy file
constexpr int kTwoGateColumnsPx = 700; ///< from this width of the gates on

/// What stands in the way of a release comes first.
int rankOf(Verdict verdict)
{
    return verdict == Verdict::NotMet ? 0 : verdict == Verdict::NotShown ? 1 : 2;
}

QString askWithDialog(QWidget* parent, const QString& suggestion)
{
    QFileDialog dialog(parent, ExportPage::tr("Export the policy"), QString(),
                       ExportPage::tr("Policy files (*.json)"));
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setDefaultSuffix(QStringLiteral("json")); // asks about the file that will be written
    dialog.selectFile(suggestion);
    return dialog.exec() == QDialog::Accepted ? dialog.selectedFiles().value(0) : QString();
}

std::string isoNow()
{
    return QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
}

/// A shell word, quoted where it needs to be.
QString quoted(const QString& word)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./:=-]+$"));
    if (word.contains(plain))
        return word;
    return QLatin1Char('\'') + QString(word).replace(QLatin1Char('\''), QStringLiteral("'\\''")) +
           QLatin1Char('\'');
}

format::Unit unitOf(GateMetric metric)
{
    switch (metric) {
    case GateMetric::CostPer1k:
        return format::Unit::Usd;
    case GateMetric::LatencyP95Ms:
        return format::Unit::Milliseconds;
    case GateMetric::Consistency:
        return format::Unit::Score;
    case GateMetric::CostSaving:
    case GateMetric::Satisfaction:
    case GateMetric::SatisfactionRatio:
        return format::Unit::Share;
    }
    return format::Unit::Plain;
}

/// "65 % (51 to 79 %), asked: at least 95 %", with the digits of the scoreboard.
QString numbersOf(const GateResult& result)
{
    const format::Unit unit = unitOf(result.gate.metric);
    const bool isLeast = result.gate.atLeast.has_value();
    const double asked = isLeast ? *result.gate.atLeast : result.gate.atMost.value_or(0);
    const QString limit = (isLeast ? ExportPage::tr("at least %1") : ExportPage::tr("at most %1"))
                              .arg(format::toldLimit(asked, unit));
    if (!result.estimate)
        return ExportPage::tr("not known, asked: %1").arg(limit);
    const Estimate& of = *result.estimate;
    const QString value = format::toldEstimate(of.value, of.low, of.high, unit);
    const QString interval = format::toldInterval(of.low, of.high, unit, asked);
    return interval.isEmpty() ? ExportPage::tr("%1, asked: %2", "number, limit").arg(value, limit)
                              : ExportPage::tr("%1 (%2), asked: %3", "number, interval, limit")
                                    .arg(value, interval, limit);
}

} // namespace

struct ExportPage::Private
{
    Private(ExportPage* page, Workbench& bench, AskFile ask)
        : q(page), workbench(bench), askFile(ask ? std::move(ask) : askWithDialog)
    {}

    ExportPage* q;
    Workbench& workbench;
    AskFile askFile;
    /// What is acknowledged: a gate of a policy, and the whole sentence about it. With another
    /// number, limit or verdict it is another thing to know, and has to be acknowledged anew.
    struct Acknowledgement
    {
        std::string gate; ///< policy id and name
        std::string sentence;
        auto operator<=>(const Acknowledgement&) const = default;
    };
    std::set<Acknowledgement> acknowledged;
    std::vector<std::string> shownRows; ///< what the gate rows were built from
    bool isStale = true;                ///< to be refreshed when it is seen again

    CodeEditor* preview = nullptr;
    SectionHeader* previewHeader = nullptr;
    SectionHeader* gatesHeader = nullptr;
    QSplitter* splitter = nullptr;
    bool isSplitByHand = false;
    QScrollArea* scroll = nullptr;
    QPushButton* below = nullptr;   ///< how many rows are out of sight, and the way there
    QWidget* gates = nullptr;       ///< of the scroll area; the rows are its children
    std::vector<QWidget*> gateRows; ///< what stands in the way first
    int gateColumns = 0;            ///< as arranged
    Callout* outcome = nullptr;
    QLineEdit* why = nullptr;
    std::string whyOf; ///< the policy that `why` was written about
    QPushButton* exportButton = nullptr;
    TextLabel* blocked = nullptr;
    ElidedLabel* command = nullptr;
    TextLabel* commandNote = nullptr;
    IconButton* copy = nullptr;

    void buildPreview();
    void buildGates();
    void refresh();
    void refreshGates();
    void refreshPreview();
    void refreshCommand();
    void addGateRow(const GateResult& result, const OpenGate* open);
    void addNoGatesRow(const OpenGate& open);
    [[nodiscard]] QWidget* makeAcknowledgement(QWidget* row, const OpenGate& open,
                                               const QString& text);
    [[nodiscard]] QWidget* makeLapsed(QWidget* row, const OpenGate& open) const;
    [[nodiscard]] Acknowledgement acknowledgementOf(const OpenGate& gate) const;
    [[nodiscard]] bool isLapsed(const Acknowledgement& before) const;
    [[nodiscard]] bool hasLapsed(const OpenGate& gate) const;
    void arrange();
    void arrangeGates();
    void countBelow();
    [[nodiscard]] int wantedGateColumns() const;
    [[nodiscard]] QString blockedText(const Error& error) const;
    [[nodiscard]] std::vector<std::string> acknowledgedNames() const;
    [[nodiscard]] QString reason() const;
    [[nodiscard]] PolicyDocument document() const;
    [[nodiscard]] Result<std::string> released() const;
    [[nodiscard]] bool isSample() const;
    [[nodiscard]] QString commandLine() const;
    void exportNow();
    void showFailure(const QString& detail);
};

void ExportPage::Private::buildPreview()
{
    auto* side = new QWidget(splitter);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(space::kWide, space::kWide, space::kUnit, space::kWide);
    layout->setSpacing(space::kUnit);
    previewHeader = new SectionHeader(tr("Policy file"), side);
    preview = new CodeEditor(tr("Preview of the policy file"), side);
    preview->setObjectName(QStringLiteral("preview"));
    preview->setReadOnly(true);
    preview->setLanguage(SourceLanguage::Json);
    layout->addWidget(previewHeader);
    auto* card = new Card(side);
    card->setContent(preview);
    layout->addWidget(card, 1);

    auto* row = new QHBoxLayout;
    row->setSpacing(space::kUnit);
    auto* caption = new TextLabel(tr("From a terminal:"), TextRole::Small, side);
    caption->setMuted(true);
    command = new ElidedLabel({}, TextRole::Mono, side);
    command->setObjectName(QStringLiteral("command"));
    copy = new IconButton(Icon::Copy, tr("Copy the command that exports the same file"), side);
    copy->setObjectName(QStringLiteral("copy"));
    connect(copy, &QToolButton::clicked, q,
            [this] { QGuiApplication::clipboard()->setText(command->text()); });
    row->addWidget(caption);
    row->addWidget(command, 1);
    row->addWidget(copy);
    layout->addLayout(row);
    commandNote = new TextLabel({}, TextRole::Small, side);
    commandNote->setObjectName(QStringLiteral("commandNote"));
    commandNote->setMuted(true);
    commandNote->setWordWrap(true);
    layout->addWidget(commandNote);
    splitter->addWidget(side);
    splitter->setStretchFactor(0, 1);
}

void ExportPage::Private::buildGates()
{
    auto* side = new QWidget(splitter);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(space::kUnit, space::kWide, 0, space::kWide);
    layout->setSpacing(space::kUnit);
    gatesHeader = new SectionHeader(tr("Release gates"), side);
    layout->addWidget(gatesHeader);
    gatesHeader->setContentsMargins(0, 0, space::kWide, 0);

    scroll = new QScrollArea(side);
    scroll->setAccessibleName(tr("Release gates"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    gates = new QWidget(scroll);
    scroll->setWidget(gates);
    layout->addWidget(scroll, 1);
    below = new QPushButton(side);
    below->setObjectName(QStringLiteral("below"));
    below->setAccessibleName(tr("Further gates"));
    below->setIcon(icon(Icon::ChevronDown));
    setButtonKind(below, ButtonKind::Quiet);
    layout->addWidget(below, 0, Qt::AlignLeft);
    connect(below, &QPushButton::clicked, q, [this] {
        QScrollBar* bar = scroll->verticalScrollBar();
        bar->setValue(bar->value() + bar->pageStep());
    });
    connect(scroll->verticalScrollBar(), &QScrollBar::valueChanged, q, [this] { countBelow(); });
    connect(scroll->verticalScrollBar(), &QScrollBar::rangeChanged, q, [this] { countBelow(); });

    auto* foot = new QWidget(side);
    layout->addWidget(foot);
    layout = new QVBoxLayout(foot);
    layout->setContentsMargins(0, 0, space::kWide, 0);
    layout->setSpacing(space::kUnit);
    layout->addWidget(makeLine(Qt::Horizontal));
    blocked = new TextLabel({}, TextRole::Small, side);
    blocked->setObjectName(QStringLiteral("blocked"));
    blocked->setWordWrap(true);
    outcome = new Callout(Tone::Positive, side);
    outcome->setObjectName(QStringLiteral("outcome"));
    outcome->setDismissible(true);
    outcome->hide();
    connect(outcome, &Callout::dismissed, outcome, &QWidget::hide);
    exportButton = new QPushButton(tr("Export…"), side);
    exportButton->setObjectName(QStringLiteral("export"));
    setButtonKind(exportButton, ButtonKind::Primary);
    connect(exportButton, &QPushButton::clicked, q, [this] { exportNow(); });
    why = new QLineEdit(side);
    why->setObjectName(QStringLiteral("reason"));
    why->setAccessibleName(tr("Why the accepted gates may pass"));
    why->setPlaceholderText(tr("Why may it leave all the same? Optional, kept in the file"));
    why->setMaxLength(static_cast<int>(kMostReasonLength));
    connect(why, &QLineEdit::textEdited, q, [this] { refreshPreview(); });
    layout->addWidget(outcome);
    layout->addWidget(blocked);
    layout->addWidget(why);
    layout->addWidget(exportButton);
    side->setMinimumWidth(kGatesWidthPx);
    splitter->addWidget(side);
}

ExportPage::Private::Acknowledgement
ExportPage::Private::acknowledgementOf(const OpenGate& gate) const
{
    return {workbench.editor().document().id + '\n' + gate.name, gate.reason};
}

/// Whether nothing that is known now is what was acknowledged then.
bool ExportPage::Private::isLapsed(const Acknowledgement& before) const
{
    const auto& projection = workbench.projection();
    return projection && std::ranges::none_of(openGates(*projection), [&](const OpenGate& gate) {
               return acknowledgementOf(gate) == before;
           });
}

/// Whether the gate was acknowledged when something else was known of it.
bool ExportPage::Private::hasLapsed(const OpenGate& gate) const
{
    const Acknowledgement now = acknowledgementOf(gate);
    return !acknowledged.contains(now) &&
           std::ranges::any_of(acknowledged, [&](const Acknowledgement& before) {
               return before.gate == now.gate && isLapsed(before);
           });
}

/// Names of the gates whose every open result is acknowledged.
std::vector<std::string> ExportPage::Private::acknowledgedNames() const
{
    const auto& projection = workbench.projection();
    if (!projection)
        return {};
    std::map<std::string, bool> all;
    for (const OpenGate& gate : openGates(*projection)) {
        const bool known = acknowledged.contains(acknowledgementOf(gate));
        const auto [place, isNew] = all.emplace(gate.name, known);
        place->second = place->second && known;
    }
    std::vector<std::string> names;
    for (const auto& [name, known] : all) {
        if (known)
            names.push_back(name);
    }
    return names;
}

/// Why what is acknowledged may pass; empty where nothing is.
QString ExportPage::Private::reason() const
{
    return acknowledgedNames().empty() ? QString() : why->text().simplified();
}

/// With the number that it gets when it is saved: two policies never leave under one number.
PolicyDocument ExportPage::Private::document() const
{
    PolicyDocument document = workbench.editor().document();
    document.revision = workbench.editor().nextRevision();
    return document;
}

Result<std::string> ExportPage::Private::released() const
{
    const auto& projection = workbench.projection();
    // The record in the file says what was known of this very policy, not of the one before an
    // edit.
    if (!projection || !workbench.projectionIsCurrent())
        return fail(ErrorCode::NotFound,
                    workbench.projectionProblem().isEmpty()
                        ? tr("The gates are still being computed for this policy.").toStdString()
                        : workbench.projectionProblem().toStdString());
    if (const auto ready = workbench.editor().mayBeSaved(); !ready)
        return Unexpected(ready.error());
    return releasePolicy(document(), *projection, acknowledgedNames(), isoNow(),
                         reason().toStdString());
}

QString ExportPage::Private::blockedText(const Error& error) const
{
    if (error.code != ErrorCode::Refused || !workbench.projection())
        return format::unbroken(QString::fromStdString(toString(error)));
    if (workbench.projection()->gates.empty())
        return tr("No gates are set. Set some on the Policy page, or accept above that there are "
                  "none.");
    int notMet = 0;
    int notShown = 0;
    int known = 0;
    for (const OpenGate& gate : openGates(*workbench.projection())) {
        ++(gate.verdict == Verdict::NotMet ? notMet : notShown);
        known += acknowledged.contains(acknowledgementOf(gate)) ? 1 : 0;
    }
    QStringList counts;
    if (notMet > 0)
        counts << tr("%n gate(s) not met", nullptr, notMet);
    if (notShown > 0)
        counts << tr("%n gate(s) not shown by the data", nullptr, notShown);
    return tr("%1. Repair the policy, or accept each one above: %2 of %3 done.")
        .arg(counts.join(tr(", ", "between two counts")), format::count(known),
             format::count(notMet + notShown));
}

/// What is asked, its verdict, and the number in one line; the whole sentence is the tooltip.
void ExportPage::Private::addGateRow(const GateResult& result, const OpenGate* open)
{
    auto* row = new QWidget(gates);
    auto* layout = new QVBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny);
    auto* head = new QHBoxLayout;
    head->setSpacing(space::kUnit);
    QString title = gateMetricText(result.gate.metric);
    if (!result.subject.empty())
        title = tr("%1, %2", "gate, segment or tier")
                    .arg(title, QString::fromStdString(result.subject));
    if (open) {
        head->addWidget(makeAcknowledgement(row, *open, tr("Accept: %1").arg(title)), 1);
    } else {
        auto* name = new ElidedLabel(title, TextRole::Body, row);
        name->setMuted(true);
        head->addWidget(name, 1);
    }
    head->addWidget(new VerdictMark(gateVerdictOf(result.verdict), row), 0, Qt::AlignVCenter);
    layout->addLayout(head);
    const QString detail = format::unbroken(QString::fromStdString(result.detail));
    auto* numbers = new ElidedLabel(numbersOf(result), TextRole::Small, row);
    numbers->setMuted(true);
    numbers->setToolTip(plainToolTip(detail));
    numbers->setAccessibleDescription(detail);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(open ? kBoxIndentPx : 0, 0, 0, 0);
    line->addWidget(numbers);
    layout->addLayout(line);
    if (open)
        layout->addWidget(makeLapsed(row, *open));
    gateRows.push_back(row);
}

/// How many rows end below what is seen of them.
void ExportPage::Private::countBelow()
{
    const int bottom = scroll->verticalScrollBar()->value() + scroll->viewport()->height();
    const auto hidden = std::ranges::count_if(gateRows, [&](const QWidget* row) {
        return row->geometry().bottom() > bottom + space::kHalf;
    });
    below->setText(tr("%n more below", nullptr, static_cast<int>(hidden)));
    // It keeps its room, or the rows would move when the last one comes into sight.
    below->setEnabled(hidden > 0);
    below->setVisible(scroll->verticalScrollBar()->maximum() > 0);
}

/// The preview is as wide as its lines are, the gates take the rest: until somebody decides
/// otherwise.
void ExportPage::Private::arrange()
{
    if (!isSplitByHand) {
        const int all = splitter->width() - splitter->handleWidth();
        const int left = std::clamp(all - kGatesWidthPx, 0, kPreviewWidthPx);
        splitter->setSizes({left, all - left});
    }
    if (gateColumns != wantedGateColumns())
        arrangeGates();
}

int ExportPage::Private::wantedGateColumns() const
{
    return splitter->widget(1)->width() >= kTwoGateColumnsPx ? 2 : 1;
}

void ExportPage::Private::arrangeGates()
{
    gateColumns = wantedGateColumns();
    delete gates->layout();
    auto* grid = new QGridLayout(gates);
    grid->setContentsMargins(0, 0, space::kWide, 0);
    grid->setHorizontalSpacing(space::kSection);
    grid->setVerticalSpacing(space::kGap);
    int place = 0;
    for (QWidget* row : gateRows) {
        grid->addWidget(row, place / gateColumns, place % gateColumns, Qt::AlignTop);
        ++place;
    }
    for (int column = 0; column < gateColumns; ++column)
        grid->setColumnStretch(column, 1);
    grid->setRowStretch(place / gateColumns + 1, 1);
    keepRightInset(scroll, space::kWide);
}

/// A policy of which nothing is asked has one thing to acknowledge, too.
void ExportPage::Private::addNoGatesRow(const OpenGate& open)
{
    auto* row = new QWidget(gates);
    auto* layout = new QVBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    auto* meaning = new TextLabel(tr("Nothing is asked of this policy before it leaves. Gates are "
                                     "set on the Policy page, in the inspector of the policy."),
                                  TextRole::Small, row);
    meaning->setWordWrap(true);
    meaning->setMuted(true);
    layout->addWidget(makeAcknowledgement(row, open, tr("Accept: no gates are set")));
    layout->addWidget(meaning);
    layout->addWidget(makeLapsed(row, open));
    gateRows.push_back(row);
}

QWidget* ExportPage::Private::makeLapsed(QWidget* row, const OpenGate& open) const
{
    auto* lapsed = new TextLabel(tr("No longer accepted: the policy or the evidence has changed "
                                    "since."),
                                 TextRole::Small, row);
    lapsed->setObjectName(QStringLiteral("lapsed.") + QString::fromStdString(open.name));
    lapsed->setWordWrap(true);
    lapsed->setVisible(hasLapsed(open));
    return lapsed;
}

/// @param text  names what a tick accepts
QWidget* ExportPage::Private::makeAcknowledgement(QWidget* row, const OpenGate& open,
                                                  const QString& text)
{
    const QString name = QString::fromStdString(open.name);
    const Acknowledgement key = acknowledgementOf(open);
    auto* check = new QCheckBox(withoutMnemonics(withVisibleControls(text)), row);
    check->setObjectName(QStringLiteral("acknowledge.") + name);
    check->setAccessibleName(text);
    check->setFont(Theme::font(TextRole::BodyStrong));
    check->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // a long name gives way
    check->setToolTip(plainToolTip(text + QLatin1Char('\n') +
                                   format::unbroken(QString::fromStdString(open.reason))));
    check->setChecked(acknowledged.contains(key));
    connect(check, &QCheckBox::toggled, q, [this, key, row, name](bool on) {
        if (on)
            acknowledged.insert(key);
        else
            acknowledged.erase(key);
        std::erase_if(acknowledged, [&](const Acknowledgement& before) {
            return before.gate == key.gate && isLapsed(before);
        });
        row->findChild<TextLabel*>(QStringLiteral("lapsed.") + name)->hide(); // seen, and answered
        refreshPreview();
    });
    return check;
}

void ExportPage::Private::refreshGates()
{
    const auto& projection = workbench.projection();
    gatesHeader->setNote(!projection                    ? tr("being computed")
                         : projection->simulatedAnswers ? tr("on answers of simulated models")
                         : projection->syntheticTraffic ? tr("on synthetic traffic")
                                                        : QString());
    std::vector<std::string> rows;
    if (projection) {
        for (const GateResult& result : projection->gates)
            rows.push_back(workbench.editor().document().id + '\n' + result.reason);
        if (rows.empty())
            rows.push_back(workbench.editor().document().id + '\n' + kNoGates);
    }
    if (rows == shownRows)
        return; // nobody loses the focus over numbers that did not change
    shownRows = std::move(rows);

    const QWidget* const focused = gates->focusWidget();
    const QString focusedName = focused && focused->hasFocus() ? focused->objectName() : QString();
    qDeleteAll(gateRows);
    gateRows.clear();
    if (projection) {
        const std::vector<OpenGate> open = openGates(*projection); // in the order of the results
        auto next = open.begin();
        std::vector<std::pair<const GateResult*, const OpenGate*>> pairs;
        for (const GateResult& result : projection->gates)
            pairs.emplace_back(&result, result.verdict == Verdict::Met ? nullptr : &*next++);
        std::ranges::stable_sort(pairs, {},
                                 [](const auto& row) { return rankOf(row.first->verdict); });
        for (const auto& [result, gate] : pairs)
            addGateRow(*result, gate);
        if (pairs.empty())
            addNoGatesRow(open.front());
    }
    arrangeGates();
    for (QWidget* row : gateRows)
        row->show();
    countBelow();
    if (auto* again = q->findChild<QCheckBox*>(focusedName); again && !focusedName.isEmpty())
        again->setFocus();
}

void ExportPage::Private::refreshPreview()
{
    if (whyOf != workbench.editor().document().id) { // it was about another policy
        whyOf = workbench.editor().document().id;
        why->clear();
    }
    why->setVisible(!acknowledgedNames().empty());
    const auto text = released();
    const int scrolled = preview->verticalScrollBar()->value();
    preview->setPlainText(QString::fromStdString(text ? *text : toPolicyText(document())));
    preview->verticalScrollBar()->setValue(scrolled);
    const PolicyEditor& editor = workbench.editor();
    const QString revision = format::count(editor.nextRevision());
    // What is exported is what is open, saved or not.
    const QString which = editor.isModified()
                              ? tr("revision %1 with edits that are not saved yet").arg(revision)
                              : tr("revision %1").arg(revision);
    previewHeader->setNote(
        tr("%1, %2", "which revision, state of the preview")
            .arg(which, text ? tr("as it will be written") : tr("not released yet")));
    exportButton->setEnabled(text.has_value());
    blocked->setVisible(!text);
    if (!text)
        blocked->setText(blockedText(text.error()));
    refreshCommand();
}

void ExportPage::Private::refreshCommand()
{
    const QString line = commandLine();
    copy->setEnabled(!line.isEmpty());
    command->setRole(line.isEmpty() ? TextRole::Small : TextRole::Mono);
    command->setText(line.isEmpty() ? tr("save the policy to get the command that exports it")
                                    : line);
    commandNote->setText(
        isSample() ? tr("It stops at the same gates. This is the sample policy that comes with "
                        "Signalbox, unchanged.")
                   : tr("It stops at the same gates."));
    commandNote->setVisible(!line.isEmpty());
}

/// The policy that comes with the program, as it came.
bool ExportPage::Private::isSample() const
{
    const PolicyEditor& editor = workbench.editor();
    return editor.filePath().empty() && editor.document() == supportDeskPolicy();
}

/// The command that exports the shown policy; empty if no file holds it.
QString ExportPage::Private::commandLine() const
{
    const PolicyEditor& editor = workbench.editor();
    if (!isSample() && (editor.filePath().empty() || editor.isModified()))
        return QString();
    if (editor.nextRevision() != editor.document().revision)
        return QString(); // the file holds a number that another policy has taken
    QString line = QStringLiteral("signalbox-cli export ") +
                   quoted(isSample() ? QStringLiteral("sample")
                                     : QString::fromStdString(editor.filePath().string()));
    for (const std::string& name : acknowledgedNames())
        line += QStringLiteral(" --acknowledge ") + quoted(QString::fromStdString(name));
    if (!reason().isEmpty())
        line += QStringLiteral(" --reason ") + quoted(reason());
    return line;
}

void ExportPage::Private::refresh()
{
    isStale = !q->isVisible();
    if (isStale)
        return; // lint, text and highlighting of every edit are for a page that is seen
    const auto& projection = workbench.projection();
    if (!projection || !projection->quick) // a gesture's numbers come and go
        refreshGates();
    refreshPreview();
}

void ExportPage::Private::exportNow()
{
    const QString name = QString::fromStdString(workbench.editor().document().id) +
                         QStringLiteral("-r%1.json").arg(workbench.editor().nextRevision());
    QString path = askFile(q, name);
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty()) {
        path += QStringLiteral(".json");
        if (QFileInfo::exists(path)) { // nobody was asked about that one
            showFailure(tr("%1 exists already. Choose it, or another name.").arg(path));
            return;
        }
    }
    const PolicyDocument leaving = document();
    const auto text = released();
    const auto written = text ? writeFileAtomically(path.toStdString(), *text)
                              : Result<void>(Unexpected(text.error()));
    if (!written) {
        showFailure(QString::fromStdString(toString(written.error())));
        return;
    }
    workbench.editor().noteExported(leaving);
    outcome->setMessage(Tone::Positive, tr("Exported as revision %1.").arg(leaving.revision), path);
    outcome->show();
}

void ExportPage::Private::showFailure(const QString& detail)
{
    outcome->setMessage(Tone::Negative, tr("Not exported."), detail);
    outcome->show();
}

ExportPage::ExportPage(Workbench& workbench, QWidget* parent, AskFile askFile)
    : QWidget(parent), d(std::make_unique<Private>(this, workbench, std::move(askFile)))
{
    setAccessibleName(tr("Export"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    d->splitter = new QSplitter(this);
    d->splitter->setChildrenCollapsible(false);
    layout->addWidget(d->splitter);
    d->buildPreview();
    d->buildGates();
    connect(d->splitter, &QSplitter::splitterMoved, this, [this] {
        d->isSplitByHand = true;
        d->arrange();
    });
    connect(&workbench, &Workbench::projectionChanged, this, [this] { d->refresh(); });
    connect(&workbench.editor(), &PolicyEditor::documentChanged, this, [this] {
        d->outcome->hide(); // it was about the policy as it was
        d->refresh();
    });
    connect(&workbench.editor(), &PolicyEditor::fileChanged, this, [this] { d->refresh(); });
}

void ExportPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (d->isStale)
        d->refresh();
}

void ExportPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->arrange();
}

ExportPage::~ExportPage() = default;

} // namespace signalbox::ui
