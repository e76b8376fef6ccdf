// SPDX-License-Identifier: GPL-3.0-or-later
#include "export_page.h"

#include <core/base/files.h>
#include <core/exchange/policy_release.h>
#include <core/policy/policy_json.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/scoreboard.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QDateTime>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <set>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kGatesWidthPx = 400;

QString askWithDialog(QWidget* parent, const QString& suggestion)
{
    return QFileDialog::getSaveFileName(parent, ExportPage::tr("Export the policy"), suggestion,
                                        ExportPage::tr("Policy files (*.json)"));
}

GateVerdict verdictOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Met:
        return GateVerdict::Met;
    case Verdict::NotMet:
        return GateVerdict::NotMet;
    case Verdict::NotShown:
        return GateVerdict::NotShown;
    }
    return GateVerdict::NotShown;
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

} // namespace

struct ExportPage::Private
{
    Private(ExportPage* page, Workbench& bench, AskFile ask)
        : q(page), workbench(bench), askFile(ask ? std::move(ask) : askWithDialog)
    {}

    ExportPage* q;
    Workbench& workbench;
    AskFile askFile;
    std::set<std::string> acknowledged; ///< gate names

    CodeEditor* preview = nullptr;
    SectionHeader* previewHeader = nullptr;
    SectionHeader* gatesHeader = nullptr;
    QVBoxLayout* gateRows = nullptr;
    Callout* outcome = nullptr;
    QPushButton* exportButton = nullptr;
    TextLabel* blocked = nullptr;
    ElidedLabel* command = nullptr;

    void buildPreview(QSplitter* splitter);
    void buildGates(QSplitter* splitter);
    void refresh();
    void refreshGates();
    void refreshPreview();
    void addGateRow(const GateResult& result, const OpenGate* open);
    [[nodiscard]] std::vector<std::string> acknowledgedNames() const;
    [[nodiscard]] Result<std::string> released() const;
    [[nodiscard]] QString commandLine() const;
    void exportNow();
};

void ExportPage::Private::buildPreview(QSplitter* splitter)
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
    layout->addWidget(preview, 1);

    auto* row = new QHBoxLayout;
    row->setSpacing(space::kUnit);
    command = new ElidedLabel({}, TextRole::Mono, side);
    command->setObjectName(QStringLiteral("command"));
    command->setMuted(true);
    auto* copy =
        new IconButton(Icon::Copy, tr("Copy the command that exports the same file"), side);
    connect(copy, &QToolButton::clicked, q,
            [this] { QGuiApplication::clipboard()->setText(command->text()); });
    row->addWidget(command, 1);
    row->addWidget(copy);
    layout->addLayout(row);
    splitter->addWidget(side);
    splitter->setStretchFactor(0, 1);
}

void ExportPage::Private::buildGates(QSplitter* splitter)
{
    auto* side = new QWidget(splitter);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(space::kUnit, space::kWide, space::kWide, space::kWide);
    layout->setSpacing(space::kUnit);
    gatesHeader = new SectionHeader(tr("Release gates"), side);
    layout->addWidget(gatesHeader);

    auto* scroll = new QScrollArea(side);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* rows = new QWidget(scroll);
    gateRows = new QVBoxLayout(rows);
    gateRows->setContentsMargins(0, 0, space::kUnit, 0);
    gateRows->setSpacing(space::kGap);
    scroll->setWidget(rows);
    layout->addWidget(scroll, 1);

    blocked = new TextLabel({}, TextRole::Small, side);
    blocked->setObjectName(QStringLiteral("blocked"));
    blocked->setWordWrap(true);
    blocked->setMuted(true);
    outcome = new Callout(Tone::Positive, side);
    outcome->setObjectName(QStringLiteral("outcome"));
    outcome->setDismissible(true);
    outcome->hide();
    connect(outcome, &Callout::dismissed, outcome, &QWidget::hide);
    exportButton = new QPushButton(tr("Export..."), side);
    exportButton->setObjectName(QStringLiteral("export"));
    setButtonKind(exportButton, ButtonKind::Primary);
    connect(exportButton, &QPushButton::clicked, q, [this] { exportNow(); });
    layout->addWidget(outcome);
    layout->addWidget(blocked);
    layout->addWidget(exportButton);
    side->setMinimumWidth(kGatesWidthPx);
    splitter->addWidget(side);
}

std::vector<std::string> ExportPage::Private::acknowledgedNames() const
{
    // An acknowledgement counts only while its gate is open; it comes back with the gate.
    std::vector<std::string> names;
    const auto& projection = workbench.projection();
    if (!projection)
        return names;
    for (const OpenGate& gate : openGates(*projection)) {
        if (acknowledged.count(gate.name) > 0)
            names.push_back(gate.name);
    }
    return names;
}

Result<std::string> ExportPage::Private::released() const
{
    const auto& projection = workbench.projection();
    if (!projection)
        return fail(ErrorCode::NotFound,
                    workbench.projectionProblem().isEmpty()
                        ? tr("The gates are still being computed.").toStdString()
                        : workbench.projectionProblem().toStdString());
    return releasePolicy(workbench.editor().document(), *projection, acknowledgedNames(), isoNow());
}

void ExportPage::Private::addGateRow(const GateResult& result, const OpenGate* open)
{
    auto* row = new QWidget;
    auto* layout = new QVBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    const GateVerdict verdict = verdictOf(result.verdict);
    auto* head = new QHBoxLayout;
    head->setSpacing(space::kUnit);
    QString title = tr(gateMetricLabel(result.gate.metric));
    if (!result.subject.empty())
        title = tr("%1, %2", "gate, segment or tier")
                    .arg(title, QString::fromStdString(result.subject));
    head->addWidget(new ElidedLabel(title, TextRole::BodyStrong, row), 1);
    head->addWidget(new Badge(verdictText(verdict), verdictTone(verdict), row));
    layout->addLayout(head);
    auto* reason = new TextLabel(QString::fromStdString(result.reason), TextRole::Small, row);
    reason->setWordWrap(true);
    reason->setMuted(true);
    layout->addWidget(reason);
    if (open) {
        auto* check = new QCheckBox(tr("I know, export all the same"), row);
        const std::string name = open->name;
        check->setObjectName(QStringLiteral("acknowledge.") + QString::fromStdString(name));
        check->setAccessibleName(tr("Acknowledge that %1 is open").arg(title));
        check->setChecked(acknowledged.count(name) > 0);
        connect(check, &QCheckBox::toggled, q, [this, name](bool on) {
            if (on)
                acknowledged.insert(name);
            else
                acknowledged.erase(name);
            refreshPreview();
        });
        layout->addWidget(check);
    }
    gateRows->addWidget(row);
}

void ExportPage::Private::refreshGates()
{
    while (QLayoutItem* item = gateRows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto& projection = workbench.projection();
    gatesHeader->setNote(!projection             ? tr("being computed")
                         : projection->simulated ? tr("on simulated evidence")
                                                 : QString());
    if (!projection) {
        gateRows->addStretch(1);
        return;
    }
    const std::vector<OpenGate> open = openGates(*projection);
    std::size_t next = 0;
    std::vector<std::pair<const GateResult*, const OpenGate*>> rows;
    for (const GateResult& result : projection->gates)
        rows.emplace_back(&result, result.verdict == Verdict::Met ? nullptr : &open[next++]);
    std::ranges::stable_sort(rows, {}, [](const auto& row) { return row.second == nullptr; });
    for (const auto& [result, gate] : rows)
        addGateRow(*result, gate);
    gateRows->addStretch(1);
}

void ExportPage::Private::refreshPreview()
{
    const auto text = released();
    const int scrolled = preview->verticalScrollBar()->value();
    preview->setPlainText(
        QString::fromStdString(text ? *text : toPolicyText(workbench.editor().document())));
    preview->verticalScrollBar()->setValue(scrolled);
    previewHeader->setNote(text ? tr("as it will be written") : tr("not released yet"));
    exportButton->setEnabled(text.has_value());
    blocked->setVisible(!text);
    if (!text)
        blocked->setText(QString::fromStdString(toString(text.error())));
    command->setText(commandLine());
}

QString ExportPage::Private::commandLine() const
{
    const auto& path = workbench.editor().filePath();
    QString line =
        QStringLiteral("signalbox-cli export ") +
        quoted(path.empty() ? QStringLiteral("sample") : QString::fromStdString(path.string()));
    for (const std::string& name : acknowledgedNames())
        line += QStringLiteral(" --acknowledge ") + quoted(QString::fromStdString(name));
    return line;
}

void ExportPage::Private::refresh()
{
    const auto& projection = workbench.projection();
    if (projection && projection->quick)
        return; // a gesture is under way; what is exported is what is committed
    refreshGates();
    refreshPreview();
}

void ExportPage::Private::exportNow()
{
    const QString name = QString::fromStdString(workbench.editor().document().id) +
                         QStringLiteral("-r%1.json").arg(workbench.editor().document().revision);
    const QString path = askFile(q, name);
    if (path.isEmpty())
        return;
    const auto text = released();
    const auto written = text ? writeFileAtomically(path.toStdString(), *text)
                              : Result<void>(Unexpected(text.error()));
    if (written)
        outcome->setMessage(Tone::Positive, tr("Exported."), path);
    else
        outcome->setMessage(Tone::Negative, tr("Not exported."),
                            QString::fromStdString(toString(written.error())));
    outcome->show();
}

ExportPage::ExportPage(Workbench& workbench, QWidget* parent, AskFile askFile)
    : QWidget(parent), d(std::make_unique<Private>(this, workbench, std::move(askFile)))
{
    setAccessibleName(tr("Export"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    layout->addWidget(splitter);
    d->buildPreview(splitter);
    d->buildGates(splitter);
    connect(&workbench, &Workbench::projectionChanged, this, [this] { d->refresh(); });
    connect(&workbench.editor(), &PolicyEditor::documentChanged, this,
            [this] { d->refreshPreview(); });
    connect(&workbench.editor(), &PolicyEditor::fileChanged, this,
            [this] { d->command->setText(d->commandLine()); });
    d->refresh();
}

ExportPage::~ExportPage() = default;

} // namespace signalbox::ui
