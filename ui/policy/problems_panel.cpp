// SPDX-License-Identifier: GPL-3.0-or-later
#include "problems_panel.h"

#include "fields.h"
#include "policy_paths.h"
#include "policy_words.h"
#include "request_words.h"

#include <core/base/json.h>
#include <core/policy/policy_json.h>
#include <core/providers/key_findings.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/icons.h>
#include <ui/kit/scroll_fade.h>
#include <ui/kit/theme.h>

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QRegularExpression>
#include <QResizeEvent>
#include <QScrollArea>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace signalbox::ui {
namespace {

enum RowColumn { SignColumn, PlaceColumn, WordsColumn, ButtonColumn };

constexpr std::size_t kMostRows = 100;
constexpr int kTallestListPx = 224;
constexpr int kIconPx = 16;
constexpr int kPlaceWidth = 160; ///< of the column that says where
constexpr int kPlaceText = 136;  ///< of it without the button's padding
constexpr int kTryPx = 24;       ///< height of "Try it", beside one line of words
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
    auto* const sign = new IconLabel(kIconPx, icon(iconFor(tone), tone));
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

/// All there is to an example, to tell it from another one.
QString wordsOf(const FindingExample& example)
{
    return QString::fromStdString(toCompactJsonText(toJson(example.request)) + example.says);
}
constexpr auto kShows = "shows"; ///< property of an example's "Try it": wordsOf() it

/// A proof may bring a request that shows what was known before: the finding stays the same.
bool isSame(const Finding& a, Finding b)
{
    b.example = a.example;
    return a == b;
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
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* const list = new QWidget;
    m_rows = rowsFromTop(list, {space::kGap, 0, space::kGap, space::kUnit}, 0);
    m_scroll->setWidget(list);
    keepRightInset(m_scroll, space::kWide);
    ScrollFade::addTo(m_scroll);
    // The panel's own surface shows through; setWidget() gives the list a ground.
    m_scroll->viewport()->setAutoFillBackground(false);
    list->setAutoFillBackground(false);
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
    fitList();
    m_scroll->setVisible(shown);
    m_toggle->setIcon(icon(shown ? Icon::ChevronDown : Icon::ChevronUp));
    m_toggle->setToolTip(shown ? tr("Hide the problems") : tr("Show the problems"));
    updateGeometry();
}

/// As high as its sentences need at this width, up to a part of the page.
void ProblemsPanel::fitList()
{
    QLayout* const list = m_scroll->widget()->layout();
    const int needed = list->hasHeightForWidth() ? list->totalHeightForWidth(width())
                                                 : list->totalSizeHint().height();
    m_scroll->setFixedHeight(std::min(needed, kTallestListPx));
}

void ProblemsPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        fitList();
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
    // An example outlives an edit until the proofs of it are there, which may find none.
    if (findings != m_findings || m_rows->count() == 0 || !isLooking())
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
        while (same < rows && !isSame(m_findings[static_cast<std::size_t>(same)], finding))
            ++same;
        if (same == rows) {
            m_rows->insertWidget(i, buildRow(finding));
            m_findings.insert(m_findings.begin() + i, finding);
            continue;
        }
        for (; same > i; --same)
            removeRow(i);
        refreshPlace(i);
        refreshExample(i, finding);
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

/// Comes and goes under a sentence that stays. What was shown before a change stands until the
/// proofs of it are there.
void ProblemsPanel::refreshExample(int index, const Finding& finding)
{
    QWidget* const row = m_rows->itemAt(index)->widget();
    auto* const tryIt = row->findChild<QPushButton*>(QStringLiteral("findingTry"));
    const bool isStill =
        tryIt && finding.example && tryIt->property(kShows) == wordsOf(*finding.example);
    if (isStill || (!finding.example && (!tryIt || isLooking())))
        return;
    if (tryIt) {
        if (window()->focusWidget() == tryIt)
            row->findChild<QPushButton*>(QStringLiteral("findingPlace"))->setFocus();
        delete row->findChild<QWidget*>(QStringLiteral("findingExample"));
        delete tryIt;
    }
    if (finding.example)
        addExample(qobject_cast<QGridLayout*>(row->layout()), finding);
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

/// Read without pointing at it: as many lines as it needs; one stands beside a button's middle.
TextLabel* wholeSentence(const QString& text, TextRole role)
{
    auto* const label = new TextLabel(text, role);
    label->setObjectName(QStringLiteral("findingWords"));
    label->setWordWrap(true);
    // Its first line on one line with the sign, the place and a button beside it.
    const int above = (space::kControl - label->fontMetrics().height()) / 2;
    label->setContentsMargins(0, above, 0, space::kTiny);
    return label;
}

} // namespace

QWidget* ProblemsPanel::buildRow(const Finding& finding)
{
    auto* const row = new QWidget;
    row->setObjectName(QStringLiteral("finding"));
    row->setAccessibleName(tr("%1: %2", "severity, sentence")
                               .arg(severityWord(finding.severity), typeset(finding.message)));
    auto* const grid = new QGridLayout(row);
    grid->setContentsMargins(0, 0, 0, space::kGap);
    grid->setHorizontalSpacing(space::kUnit);
    grid->setVerticalSpacing(0);
    grid->setColumnMinimumWidth(PlaceColumn, kPlaceWidth); // the sentences begin below each other
    grid->setColumnStretch(WordsColumn, 1);
    QWidget* const sign = severitySign(finding.severity);
    sign->setFixedHeight(space::kControl);
    grid->addWidget(sign, 0, SignColumn, Qt::AlignTop);
    grid->addWidget(buildPlace(finding), 0, PlaceColumn, Qt::AlignTop | Qt::AlignLeft);
    grid->addWidget(wholeSentence(typeset(finding.message), TextRole::Body), 0, WordsColumn, 1,
                    finding.fix ? 1 : 2, Qt::AlignTop);
    if (finding.fix) {
        auto* const button = new QPushButton(withoutMnemonics(PolicyWords::text(finding.fixLabel)));
        button->setObjectName(QStringLiteral("findingFix"));
        grid->addWidget(button, 0, ButtonColumn, Qt::AlignTop);
        connect(button, &QPushButton::clicked, this, [this, finding] { fix(finding); });
    }
    if (finding.example)
        addExample(grid, finding);
    return row;
}

QPushButton* ProblemsPanel::buildPlace(const Finding& finding)
{
    const QString words = placeWords(m_editor.document(), finding);
    auto* const place = new QPushButton(
        withoutMnemonics(fontMetrics().elidedText(words, Qt::ElideRight, kPlaceText)));
    if (place->text() != withoutMnemonics(words))
        place->setToolTip(plainToolTip(words));
    place->setObjectName(QStringLiteral("findingPlace"));
    place->setAccessibleName(tr("Show %1").arg(words));
    place->setMaximumWidth(kPlaceWidth);
    setButtonKind(place, ButtonKind::Quiet);
    connect(place, &QPushButton::clicked, this, [this, finding] { show(finding); });
    return place;
}

/// The request that shows it, under the sentence.
void ProblemsPanel::addExample(QGridLayout* grid, const Finding& finding)
{
    const FindingExample& example = *finding.example;
    const QString request = requestInWords(example.request);
    TextLabel* const words = wholeSentence(
        example.says.empty() ? tr("Example: %1", "a request").arg(request)
                             : tr("Example: %1  ·  %2", "a request, what becomes of it")
                                   .arg(request, typeset(example.says)),
        TextRole::Small);
    words->setObjectName(QStringLiteral("findingExample"));
    words->setMuted(true);
    words->setContentsMargins(0, (kTryPx - words->fontMetrics().height()) / 2, 0, 0);
    auto* const button = new QPushButton(icon(Icon::Play), tr("Try it"));
    button->setObjectName(QStringLiteral("findingTry"));
    button->setProperty(kShows, wordsOf(example));
    button->setAccessibleName(tr("Try the example of: %1").arg(PolicyWords::text(finding.message)));
    button->setToolTip(tr("Shows the way of this request under “Try a request”"));
    setButtonKind(button, ButtonKind::Quiet); // it shows; what is framed mends
    button->setFixedHeight(kTryPx);
    grid->addWidget(words, 1, WordsColumn, Qt::AlignTop);
    grid->addWidget(button, 1, ButtonColumn, Qt::AlignTop | Qt::AlignRight);
    connect(button, &QPushButton::clicked, this,
            [this, request = example.request] { emit tryRequested(request); });
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
    const bool isThere =
        std::ranges::any_of(findings, [&](const Finding& each) { return isSame(each, finding); });
    if (finding.fix && isThere)
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
