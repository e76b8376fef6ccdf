// SPDX-License-Identifier: GPL-3.0-or-later
#include "problems_panel.h"

#include "fields.h"
#include "policy_paths.h"
#include "policy_words.h"
#include "request_words.h"

#include <core/providers/key_findings.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {
namespace {

constexpr std::size_t kMostRows = 100;
constexpr int kTallestListPx = 192;
constexpr int kIconPx = 16;
constexpr int kPlaceWidth = 160; ///< of the column that says where
constexpr int kPlaceText = 136;  ///< of it without the button's padding
constexpr int kPatienceMs = 30;  ///< with proofs on their way

Tone toneOf(Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return Tone::Negative;
    case Severity::Warning:
        return Tone::Caution;
    case Severity::Info:
        return Tone::Accent;
    }
    return Tone::Neutral;
}

QString severityWord(Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return ProblemsPanel::tr("Error");
    case Severity::Warning:
        return ProblemsPanel::tr("Warning");
    case Severity::Info:
        return ProblemsPanel::tr("Hint");
    }
    return {};
}

QString countWords(Severity severity, int count)
{
    switch (severity) {
    case Severity::Error:
        return count == 1 ? ProblemsPanel::tr("1 error")
                          : ProblemsPanel::tr("%n errors", "", count);
    case Severity::Warning:
        return count == 1 ? ProblemsPanel::tr("1 warning")
                          : ProblemsPanel::tr("%n warnings", "", count);
    case Severity::Info:
        return count == 1 ? ProblemsPanel::tr("1 hint") : ProblemsPanel::tr("%n hints", "", count);
    }
    return {};
}

QWidget* severitySign(Severity severity)
{
    const Tone tone = toneOf(severity);
    auto* const sign = new QLabel;
    sign->setPixmap(icon(iconFor(tone), tone).pixmap(kIconPx, kIconPx));
    sign->setToolTip(severityWord(severity));
    return sign;
}

QString placeWords(const PolicyDocument& document, const Finding& finding)
{
    const PolicySelection at = selectionFromPath(document, finding.path);
    if (at.kind == PolicySelection::Kind::Rule) {
        const Rule* const rule = document.findRule(RuleId(at.id));
        return rule ? PolicyWords::rule(*rule) : QString();
    }
    if (at.kind == PolicySelection::Kind::Otherwise)
        return PolicyWords::tr("Otherwise");
    if (at.kind == PolicySelection::Kind::Model || at.kind == PolicySelection::Kind::Signal)
        return PolicyWords::text(at.id);
    return ProblemsPanel::tr("Policy");
}

} // namespace

ProblemsPanel::ProblemsPanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_editor(workbench.editor()), m_prover(workbench.prover()),
      m_evidence(workbench.planEvidence())
{
    setObjectName(QStringLiteral("problemsPanel"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 1, 0, 0);
    layout->setSpacing(0);
    auto* const head = new QHBoxLayout;
    head->setContentsMargins(space::kGap, space::kTiny, space::kGap, space::kTiny);
    head->setSpacing(space::kHalf);
    m_toggle = new QToolButton;
    m_toggle->setObjectName(QStringLiteral("toggleProblems"));
    m_toggle->setAutoRaise(true);
    m_toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_toggle->setText(tr("Problems"));
    m_summary = new QHBoxLayout;
    m_summary->setSpacing(space::kHalf);
    head->addWidget(m_toggle);
    head->addLayout(m_summary);
    head->addStretch(1);
    layout->addLayout(head);
    m_scroll = new QScrollArea;
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->setAutoFillBackground(false);
    auto* const list = new QWidget;
    list->setAutoFillBackground(false);
    m_rows = rowsFromTop(list, {space::kGap, 0, space::kGap, space::kUnit}, 0);
    m_scroll->setWidget(list);
    layout->addWidget(m_scroll);
    connect(m_toggle, &QToolButton::clicked, this, [this] { setExpanded(!m_expanded); });
    m_patience = new QTimer(this);
    m_patience->setSingleShot(true);
    m_patience->setInterval(kPatienceMs);
    connect(m_patience, &QTimer::timeout, this, &ProblemsPanel::rebuild);
    connect(&m_prover, &PolicyProver::findingsChanged, this, &ProblemsPanel::follow);
    connect(&m_evidence, &PlanEvidence::changed, this, &ProblemsPanel::follow);
    rebuild();
}

void ProblemsPanel::setExpanded(bool expanded)
{
    m_expanded = expanded;
    const bool shown = m_expanded && !m_findings.empty();
    m_scroll->setFixedHeight(std::min(m_scroll->widget()->sizeHint().height(), kTallestListPx));
    m_scroll->setVisible(shown);
    m_toggle->setIcon(icon(shown ? Icon::ChevronDown : Icon::ChevronUp));
    m_toggle->setToolTip(shown ? tr("Hide the problems") : tr("Show the problems"));
    updateGeometry();
}

/// The worst first, whoever says it.
std::vector<Finding> ProblemsPanel::present() const
{
    std::vector<Finding> findings = m_prover.findings();
    std::ranges::copy(m_evidence.findings(), std::back_inserter(findings));
    std::ranges::copy(keyFindings(m_editor.document()), std::back_inserter(findings));
    std::ranges::stable_sort(findings, {}, &Finding::severity);
    return findings;
}

bool ProblemsPanel::isLooking() const
{
    return m_prover.isProving() || m_evidence.isWeighing();
}

/// Most proofs come at once: then their rows stay where they are while somebody types, instead of
/// going and coming back.
void ProblemsPanel::follow()
{
    if (!isLooking())
        rebuild();
    else if (!m_patience->isActive())
        m_patience->start();
}

void ProblemsPanel::rebuild()
{
    m_patience->stop();
    const std::vector<Finding> findings = present();
    if (findings != m_findings || m_rows->count() == 0)
        refreshRows(findings);
    refreshSummary();
    m_toggle->setEnabled(!findings.empty() || isLooking() || m_toggle->hasFocus());
    setExpanded(m_expanded);
}

/// Rows of findings that stay are left alone: somebody may be in one while proofs arrive.
void ProblemsPanel::refreshRows(const std::vector<Finding>& findings)
{
    const auto shown = static_cast<int>(std::min(findings.size(), kMostRows));
    for (int i = 0; i < shown; ++i) {
        const Finding& finding = findings[static_cast<std::size_t>(i)];
        // What stands before the place of the next finding that stays is no longer said.
        const int rows = m_rows->count();
        int same = i;
        while (same < rows && m_findings[static_cast<std::size_t>(same)] != finding)
            ++same;
        if (same == rows) {
            m_rows->insertWidget(i, buildRow(finding));
            m_findings.insert(m_findings.begin() + i, finding);
            continue;
        }
        for (; same > i; --same)
            removeRow(i);
        refreshPlace(i);
    }
    while (m_rows->count() > shown)
        removeRow(shown);
    m_findings = findings;
}

/// A rule may have another name while what is said of it stays.
void ProblemsPanel::refreshPlace(int index)
{
    auto* const place =
        m_rows->itemAt(index)->widget()->findChild<QPushButton*>(QStringLiteral("findingPlace"));
    const QString words =
        placeWords(m_editor.document(), m_findings[static_cast<std::size_t>(index)]);
    place->setText(withoutMnemonics(words));
    place->setAccessibleName(tr("Show %1").arg(words));
}

void ProblemsPanel::removeRow(int index)
{
    QWidget* const row = m_rows->itemAt(index)->widget();
    const QWidget* const focused = window()->focusWidget();
    const bool hadKeyboard = focused && row->isAncestorOf(focused);
    m_rows->removeWidget(row);
    m_findings.erase(m_findings.begin() + index);
    if (hadKeyboard) {
        // Whoever works through the list goes on with what stands there now.
        QWidget* next = m_toggle;
        if (m_rows->count() > 0)
            next = m_rows->itemAt(std::min(index, m_rows->count() - 1))
                       ->widget()
                       ->findChild<QPushButton*>(QStringLiteral("findingPlace"));
        next->setFocus(Qt::OtherFocusReason);
    }
    row->hide();
    row->setParent(nullptr);
    row->deleteLater();
}

void ProblemsPanel::refreshSummary()
{
    clearLayout(m_summary);
    const auto addText = [this](const QString& text) {
        auto* const label = new TextLabel(text, TextRole::Small);
        label->setMuted(true);
        m_summary->addWidget(label);
    };
    QStringList words;
    for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Info}) {
        const auto count = static_cast<int>(
            std::count_if(m_findings.begin(), m_findings.end(),
                          [&](const Finding& each) { return each.severity == severity; }));
        if (count == 0)
            continue;
        if (!words.isEmpty())
            m_summary->addSpacing(space::kUnit);
        words << countWords(severity, count);
        m_summary->addWidget(severitySign(severity));
        addText(words.back());
    }
    if (words.isEmpty())
        addText(isLooking() ? tr("none so far, still looking")
                            : tr("none: every rule can be reached, every budget can hold"));
    m_toggle->setAccessibleDescription(words.join(QStringLiteral(", ")));
}

namespace {

/// A sentence as it is set in a window: conditions are written there as in their fields, and names
/// in the quotes of the language.
QString typeset(const std::string& sentence)
{
    static const QRegularExpression quoted(QStringLiteral("\"([^\"]*)\""));
    QString text = PolicyWords::text(sentence);
    text.replace(QLatin1String(" <= "), QStringLiteral(" ≤ "));
    text.replace(QLatin1String(" >= "), QStringLiteral(" ≥ "));
    return text.replace(quoted, QStringLiteral("“\\1”"));
}

} // namespace

QWidget* ProblemsPanel::buildRow(const Finding& finding)
{
    auto* const row = new QWidget;
    row->setObjectName(QStringLiteral("finding"));
    row->setAccessibleName(tr("%1: %2", "severity, sentence")
                               .arg(severityWord(finding.severity), typeset(finding.message)));
    auto* const lines = new QVBoxLayout(row);
    lines->setContentsMargins(0, space::kTiny, 0, space::kTiny);
    lines->setSpacing(space::kHalf);
    auto* const layout = new QHBoxLayout;
    layout->setSpacing(space::kUnit);
    lines->addLayout(layout);
    if (finding.example)
        lines->addWidget(buildExample(finding));
    QWidget* const sign = severitySign(finding.severity);
    auto* const message = new ElidedLabel(typeset(finding.message));
    const QString words = placeWords(m_editor.document(), finding);
    auto* const place = new QPushButton(
        withoutMnemonics(fontMetrics().elidedText(words, Qt::ElideRight, kPlaceText)));
    if (place->text() != withoutMnemonics(words))
        place->setToolTip(plainToolTip(words));
    place->setObjectName(QStringLiteral("findingPlace"));
    place->setAccessibleName(tr("Show %1").arg(words));
    setButtonKind(place, ButtonKind::Quiet);
    layout->addWidget(sign);
    auto* const column = new QWidget; // so that the sentences stand below each other
    column->setFixedWidth(kPlaceWidth);
    auto* const inColumn = new QHBoxLayout(column);
    inColumn->setContentsMargins(0, 0, 0, 0);
    inColumn->addWidget(place);
    inColumn->addStretch(1);
    layout->addWidget(column);
    layout->addWidget(message, 1);
    connect(place, &QPushButton::clicked, this, [this, finding] { show(finding); });
    if (finding.fix) {
        auto* const button = new QPushButton(withoutMnemonics(PolicyWords::text(finding.fixLabel)));
        button->setObjectName(QStringLiteral("findingFix"));
        layout->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, finding] { fix(finding); });
    }
    return row;
}

/// The request that shows it, in one line under the sentence.
QWidget* ProblemsPanel::buildExample(const Finding& finding)
{
    const FindingExample& example = *finding.example;
    auto* const line = new QWidget;
    auto* const layout = new QHBoxLayout(line);
    layout->setContentsMargins(kIconPx + space::kUnit + space::kGap, 0, 0, 0); // under the place
    layout->setSpacing(space::kUnit);
    auto* const words =
        new ElidedLabel(tr("Example: %1  ·  %2", "a request, what becomes of it")
                            .arg(requestInWords(example.request), typeset(example.says)),
                        TextRole::Small);
    words->setMuted(true);
    auto* const button = new QPushButton(tr("Try it"));
    button->setObjectName(QStringLiteral("findingTry"));
    button->setAccessibleName(tr("Try the example of: %1").arg(PolicyWords::text(finding.message)));
    button->setToolTip(tr("Shows the way of this request under “Try a request”"));
    layout->addWidget(words, 1);
    layout->addWidget(button);
    connect(button, &QPushButton::clicked, this,
            [this, request = example.request] { emit tryRequested(request); });
    return line;
}

void ProblemsPanel::show(const Finding& finding)
{
    m_editor.setSelection(selectionFromPath(m_editor.document(), finding.path));
    emit placeRequested(QString::fromStdString(finding.path));
}

void ProblemsPanel::fix(const Finding& finding)
{
    // A row may be a moment older than the policy; its edit would undo what was done since.
    const std::vector<Finding> findings = present();
    if (finding.fix && std::ranges::find(findings, finding) != findings.end())
        m_editor.push(*finding.fix);
}

void ProblemsPanel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const ThemeColors& colors = Theme::current().colors();
    painter.fillRect(rect(), colors.surface);
    painter.fillRect(QRect(0, 0, width(), 1), colors.line);
}

} // namespace signalbox::ui
