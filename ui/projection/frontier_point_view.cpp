// SPDX-License-Identifier: GPL-3.0-or-later
#include "frontier_point_view.h"

#include "frontier_words.h"

#include <core/projection/gates.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>
#include <ui/kit/verdict_mark.h>
#include <ui/models/gate_words.h>

#include <QGridLayout>
#include <QHBoxLayout>
#include <QPaintEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr std::size_t kMostGates = 8; ///< lines; more are counted

void addFigure(QGridLayout* grid, int row, int column, const FrontierChoice& choice,
               GateMetric metric)
{
    const auto estimate = metricOf(choice.report, metric);
    auto* value = new TextLabel(frontier_words::number(estimate, metric), TextRole::Body,
                                grid->parentWidget());
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* interval = new TextLabel(frontier_words::interval(estimate, metric), TextRole::Small,
                                   grid->parentWidget());
    interval->setMuted(true);
    interval->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(value, row, column);
    grid->addWidget(interval, row, column + 1);
}

} // namespace

FrontierPointView::FrontierPointView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("frontierPoint"));
    m_rows = new QVBoxLayout(this);
    m_rows->setContentsMargins(space::kWide, space::kGap, space::kWide, space::kGap);
    m_rows->setSpacing(space::kUnit);
    buildHead(m_rows);
    m_rows->addStretch(1);
}

void FrontierPointView::buildHead(QVBoxLayout* rows)
{
    m_title = new TextLabel({}, TextRole::Title, this);
    m_title->setObjectName(QStringLiteral("frontierPointTitle"));
    m_badge = new Badge(tr("best"), Tone::Positive, this);
    m_compare = new QPushButton(tr("&Compare with before"), this);
    m_compare->setObjectName(QStringLiteral("frontierCompare"));
    m_compare->setToolTip(plainToolTip(
        tr("Shows on the Policy page which requests go another way now, with examples.")));
    setButtonKind(m_compare, ButtonKind::Quiet);
    m_adopt = new QPushButton(tr("&Adopt"), this);
    m_adopt->setObjectName(QStringLiteral("frontierAdopt"));
    setButtonKind(m_adopt, ButtonKind::Primary);
    auto* head = new QHBoxLayout;
    head->setSpacing(space::kUnit);
    head->addWidget(m_title);
    head->addWidget(m_badge);
    head->addStretch(1);
    head->addWidget(m_compare);
    head->addWidget(m_adopt);
    rows->addLayout(head);
    m_why = new TextLabel({}, TextRole::Small, this);
    m_why->setObjectName(QStringLiteral("frontierAdoptWhy"));
    m_why->setWordWrap(true);
    rows->addWidget(m_why);
    m_role = new TextLabel({}, TextRole::Body, this);
    m_role->setWordWrap(true);
    m_role->setMuted(true);
    rows->addWidget(m_role);
    auto* line = new QHBoxLayout;
    line->setSpacing(space::kGap);
    m_verdict = new VerdictMark(GateVerdict::None, this);
    m_gates = new TextLabel({}, TextRole::Body, this);
    m_gates->setWordWrap(true);
    line->addWidget(m_verdict);
    line->addWidget(m_gates, 1);
    rows->addLayout(line);
    connect(m_adopt, &QPushButton::clicked, this, &FrontierPointView::adoptRequested);
    connect(m_compare, &QPushButton::clicked, this, &FrontierPointView::comparisonRequested);
}

/// The ground of the charts beside it. (A background role would change the ink of all labels.)
void FrontierPointView::paintEvent(QPaintEvent* event)
{
    QPainter(this).fillRect(event->rect(), Theme::current().colors().surface);
}

void FrontierPointView::setAdoptable(bool isAdoptable, const QString& why)
{
    if (!isAdoptable && m_adopt->hasFocus() && m_compare->isVisible())
        m_compare->setFocus(); // else it would go to what searches again
    m_adopt->setEnabled(isAdoptable);
    m_adopt->setToolTip(plainToolTip(isAdoptable ? tr("Makes the policy this one, in one step that "
                                                      "Undo takes back.")
                                                 : why));
    m_why->setText(why);
    m_why->setVisible(!why.isEmpty());
}

void FrontierPointView::setAdopted(bool isAdopted)
{
    m_compare->setVisible(isAdopted);
}

void FrontierPointView::setChoice(const std::shared_ptr<const FrontierFinding>& finding,
                                  const FrontierChoice* choice)
{
    if (choice == m_choice && finding == m_finding)
        return;
    m_finding = finding;
    m_choice = choice;
    delete m_bodyWidget;
    m_bodyWidget = nullptr;
    if (!choice)
        return;
    const Frontier& frontier = finding->frontier;
    const bool isFound = choice->kind == FrontierChoice::Kind::Found;
    m_title->setText(frontier_words::name(*choice));
    m_badge->setVisible(frontier.best() == choice);
    const QString role = frontier_words::role(frontier, *choice);
    m_role->setText(role);
    m_role->setVisible(!role.isEmpty());
    m_verdict->setVerdict(frontier_words::verdictOf(choice->report));
    m_verdict->setVisible(m_verdict->verdict() != GateVerdict::None);
    m_gates->setText(frontier_words::gatesSentence(choice->report));
    m_adopt->setVisible(isFound);
    setAdopted(false);
    m_bodyWidget = new QWidget(this);
    m_body = new QVBoxLayout(m_bodyWidget);
    m_body->setContentsMargins(0, 0, 0, 0);
    m_body->setSpacing(space::kHalf);
    if (isFound)
        addChanges();
    addNumbers();
    addGates();
    addTests();
    m_rows->insertWidget(m_rows->count() - 1, m_bodyWidget);
}

void FrontierPointView::addHeading(const QString& text)
{
    m_body->addSpacing(space::kHalf);
    m_body->addWidget(new TextLabel(text, TextRole::BodyStrong, m_bodyWidget));
}

void FrontierPointView::addText(const QString& text, bool isMuted)
{
    auto* label = new TextLabel(text, TextRole::Body, m_bodyWidget);
    label->setWordWrap(true);
    label->setMuted(isMuted);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_body->addWidget(label);
}

void FrontierPointView::addChanges()
{
    addHeading(tr("What it changes"));
    const QStringList lines = frontier_words::changes(m_finding->frontier, *m_choice);
    for (const QString& line : lines)
        addText(line, false);
    if (lines.isEmpty())
        addText(tr("Nothing: it is the policy from before the search."), true);
}

/// The four numbers beside those of the policy before.
void FrontierPointView::addNumbers()
{
    const FrontierChoice& present = m_finding->frontier.present;
    const bool isPresent = m_choice == &present;
    m_body->addSpacing(space::kHalf);
    auto* grid = new QGridLayout;
    m_body->addLayout(grid);
    grid->setHorizontalSpacing(space::kUnit);
    grid->setVerticalSpacing(space::kHalf);
    const auto addTitle = [&](const QString& text, int column) {
        auto* title = new TextLabel(text, TextRole::Small, m_bodyWidget);
        title->setMuted(true);
        title->setAlignment(Qt::AlignRight);
        grid->addWidget(title, 0, column, 1, 2);
    };
    if (!isPresent)
        addTitle(tr("before", "heading of numbers: the policy"), 1);
    addTitle(isPresent ? tr("before", "heading of numbers: the policy")
                       : frontier_words::name(*m_choice),
             4);
    for (std::size_t i = 0; i < kFrontierMetrics.size(); ++i) {
        const GateMetric metric = kFrontierMetrics[i];
        const auto row = static_cast<int>(i) + 1;
        grid->addWidget(new TextLabel(gateMetricText(metric), TextRole::Body, m_bodyWidget), row,
                        0);
        if (!isPresent)
            addFigure(grid, row, 1, present, metric);
        addFigure(grid, row, 4, *m_choice, metric);
    }
    grid->setColumnStretch(0, 1);
    grid->setColumnMinimumWidth(3, space::kHalf); // between the two policies
}

void FrontierPointView::addGates()
{
    const auto lines = frontier_words::gateLines(m_finding->frontier, *m_choice);
    if (lines.empty())
        return;
    addHeading(m_choice->kind == FrontierChoice::Kind::Present
                   ? tr("Gates that are open")
                   : tr("Gates that are open, or stand otherwise"));
    for (std::size_t i = 0; i < std::min(kMostGates, lines.size()); ++i) {
        const auto& line = lines[i];
        auto* row = new QHBoxLayout;
        row->setSpacing(space::kUnit);
        auto* verdict = new VerdictMark(line.verdict, m_bodyWidget);
        verdict->setToolTip(plainToolTip(line.reason));
        auto* text = new ElidedLabel(line.text, TextRole::Body, m_bodyWidget);
        text->setToolTip(plainToolTip(line.reason));
        text->setAccessibleDescription(line.reason);
        row->addWidget(verdict);
        row->addWidget(text, 1);
        if (!line.change.isEmpty()) {
            auto* change = new TextLabel(line.change, TextRole::Small, m_bodyWidget);
            change->setMuted(true);
            row->addWidget(change);
        }
        m_body->addLayout(row);
    }
    if (lines.size() > kMostGates)
        addText(tr("and %n more gate(s)", nullptr, static_cast<int>(lines.size() - kMostGates)),
                true);
}

/// Stored tests say where requests must go; a search does not ask them.
void FrontierPointView::addTests()
{
    const auto& points = m_finding->frontier.points;
    if (m_choice->kind != FrontierChoice::Kind::Found || m_finding->tests == 0)
        return;
    const auto place = static_cast<std::size_t>(m_choice - points.data());
    const std::size_t broken = m_finding->brokenTests[place];
    if (broken == 0)
        return;
    m_body->addSpacing(space::kHalf);
    addText(tr("%1 of %n stored test(s) expect another way; the search does not ask them.",
               "number", static_cast<int>(m_finding->tests))
                .arg(broken),
            false);
}

} // namespace signalbox::ui
