// SPDX-License-Identifier: GPL-3.0-or-later
#include "try_panel.h"

#include "attempt_timeline.h"
#include "fields.h"
#include "policy_paths.h"
#include "policy_words.h"
#include "request_form.h"
#include "request_list.h"
#include "trace_model.h"
#include "trace_view.h"

#include <core/routing/policy_test_run.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/kit/scroll_fade.h>
#include <ui/kit/spoken_parts.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QRandomGenerator>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

/// Where the request goes, in one line with the model's mark.
class WayHeadline final : public QWidget
{
public:
    explicit WayHeadline(QWidget* parent = nullptr) : QWidget(parent)
    {
        setObjectName(QStringLiteral("wayHeadline"));
        setSpokenRole(this, QAccessible::StaticText);
        setFixedHeight(40);
    }
    void show(int model, const QString& name, const QString& by)
    {
        m_model = model;
        m_name = name;
        m_by = by;
        setAccessibleName(name + QLatin1Char(' ') + by);
        update();
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const ThemeColors& colors = Theme::current().colors();
        painter.setPen(QPen(colors.positive.line, 1));
        painter.setBrush(colors.positive.soft);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::kControl,
                                radius::kControl);
        paintMark(painter, QPointF(18, height() / 2.0), 14, lookFor(m_model));
        painter.setFont(Theme::font(TextRole::Title));
        painter.setPen(colors.text);
        const QFontMetrics title(painter.font());
        // One more: a name just as wide as its room is elided.
        const int nameWidth = std::min(title.horizontalAdvance(m_name) + 1, width() / 2);
        painter.drawText(QRect(34, 0, nameWidth + 2, height()), Qt::AlignLeft | Qt::AlignVCenter,
                         title.elidedText(m_name, Qt::ElideRight, nameWidth));
        painter.setFont(Theme::font(TextRole::Small));
        painter.setPen(colors.textMuted);
        const QRect rest(34 + nameWidth + space::kUnit, 0,
                         width() - nameWidth - 34 - 2 * space::kUnit, height());
        painter.drawText(
            rest, Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(painter.font()).elidedText(m_by, Qt::ElideRight, rest.width()));
    }

private:
    int m_model = -1;
    QString m_name;
    QString m_by;
};

namespace {

constexpr int kSettleMs = 120;
constexpr std::size_t kNearMissesShown = 4;

} // namespace

TryPanel::TryPanel(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench)
{
    setObjectName(QStringLiteral("tryPanel"));
    setAccessibleName(tr("Try a request"));
    auto* const outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* const scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* const content = new QWidget;
    m_layout = rowsFromTop(content, {space::kWide, space::kGap, space::kWide, space::kSection},
                           space::kUnit);
    scroll->setWidget(content);
    keepRightInset(scroll, space::kWide);
    ScrollFade::addTo(scroll);
    // The panel's own surface shows through; setWidget() gives the content a ground.
    scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    outer->setSpacing(0);
    buildResult(outer);
    outer->addWidget(scroll, 1);
    m_settle = new QTimer(this);
    m_settle->setSingleShot(true);
    m_settle->setInterval(kSettleMs);
    connect(m_settle, &QTimer::timeout, this, &TryPanel::decide);
    buildPicker();
    m_form = new RequestForm;
    m_layout->addWidget(m_form);
    connect(m_form, &RequestForm::edited, this, &TryPanel::edited);
    buildWay();
    buildOutcomes();
    buildKeep();
    connect(&workbench.editor(), &PolicyEditor::shownChanged, this, [this] {
        if (isVisible())
            decide();
    });
    connect(&workbench, &Workbench::stylesChanged, this, [this] {
        if (isVisible())
            decide();
    });
    connect(&workbench, &Workbench::evidenceChanged, this, [this] {
        if (isVisible())
            carryOut();
    });
    connect(&workbench, &Workbench::trafficChanged, this, [this] {
        m_row.reset();
        m_picker->setVisible(m_workbench.traffic() && m_workbench.traffic()->rowCount() > 0);
    });
    m_picker->setVisible(m_workbench.traffic() && m_workbench.traffic()->rowCount() > 0);
    decide();
}

TryPanel::~TryPanel() = default;

// Building

void TryPanel::buildPicker()
{
    m_picker = new QWidget;
    auto* const layout = new QVBoxLayout(m_picker);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kHalf);
    auto* const random = new QPushButton(icon(Icon::Retry), tr("Random request"));
    random->setObjectName(QStringLiteral("randomRequest"));
    random->setToolTip(tr("Take one from the traffic"));
    auto* const previous = new IconButton(Icon::ChevronLeft, tr("Previous request of the traffic"));
    auto* const next = new IconButton(Icon::ChevronRight, tr("Next request of the traffic"));
    next->setObjectName(QStringLiteral("nextRequest"));
    m_rowLabel = new TextLabel({}, TextRole::Small);
    m_rowLabel->setMuted(true);
    line->addWidget(random);
    line->addWidget(previous);
    line->addWidget(next);
    line->addWidget(m_rowLabel, 1);
    m_search = new SearchField(tr("Find in the traffic"));
    m_search->setObjectName(QStringLiteral("searchTraffic"));
    layout->addLayout(line);
    layout->addWidget(m_search);
    m_layout->addWidget(m_picker);
    connect(random, &QPushButton::clicked, this, &TryPanel::pickRandom);
    connect(previous, &IconButton::clicked, this, [this] { step(-1); });
    connect(next, &IconButton::clicked, this, [this] { step(+1); });
    connect(m_search, &QLineEdit::returnPressed, this, [this] { search(m_search->text()); });
}

/// What came out stands above all that scrolls, however long the conversation is.
void TryPanel::buildResult(QVBoxLayout* outer)
{
    m_result = new QWidget;
    auto* const layout = new QVBoxLayout(m_result);
    layout->setContentsMargins(space::kWide, space::kUnit, space::kWide, space::kUnit);
    layout->setSpacing(space::kUnit);
    m_problem = new Callout(Tone::Caution);
    m_problem->hide();
    m_headline = new WayHeadline;
    layout->addWidget(m_problem);
    layout->addWidget(m_headline);
    m_result->hide();
    outer->addWidget(m_result);
}

void TryPanel::buildWay()
{
    m_wayBox = new QWidget;
    auto* const layout = new QVBoxLayout(m_wayBox);
    layout->setContentsMargins(0, space::kUnit, 0, 0);
    layout->setSpacing(space::kUnit);
    layout->addWidget(new SectionHeader(tr("Its way")));
    m_arms = new TextLabel({}, TextRole::Small);
    m_arms->setMuted(true);
    m_arms->setWordWrap(true);
    m_model = new TraceModel(this);
    m_tree = new TraceView;
    m_tree->setModel(m_model);
    layout->addWidget(m_arms);
    layout->addWidget(m_tree);
    buildNearMisses(layout);
    m_layout->addWidget(m_wayBox);
    connect(m_tree, &TraceView::activated, this, [this](const QModelIndex& index) {
        const std::string path = index.data(TraceModel::PathRole).toString().toStdString();
        m_workbench.editor().setSelection(selectionFromPath(m_workbench.editor().document(), path));
    });
}

/// What did not happen comes behind what did.
void TryPanel::buildNearMisses(QVBoxLayout* outer)
{
    m_nearBox = new QWidget;
    auto* const layout = new QVBoxLayout(m_nearBox);
    layout->setContentsMargins(0, space::kHalf, 0, 0);
    layout->setSpacing(space::kHalf);
    auto* const header = new SectionHeader(tr("Near misses"));
    header->setNote(tr("it would have gone to", "above models and what is missing for them"));
    layout->addWidget(header);
    m_nearMisses = new QVBoxLayout;
    m_nearMisses->setSpacing(space::kHalf);
    layout->addLayout(m_nearMisses);
    outer->addWidget(m_nearBox);
}

void TryPanel::buildOutcomes()
{
    m_outcomeBox = new QWidget;
    auto* const layout = new QVBoxLayout(m_outcomeBox);
    layout->setContentsMargins(0, space::kUnit, 0, 0);
    layout->setSpacing(space::kUnit);
    layout->addWidget(new SectionHeader(tr("What if")));
    m_outcomeFields = new QVBoxLayout;
    m_outcomeFields->setSpacing(space::kHalf);
    layout->addLayout(m_outcomeFields);
    m_outcomeHeadline = new TextLabel({}, TextRole::BodyStrong);
    m_outcomeHeadline->setObjectName(QStringLiteral("outcomeHeadline"));
    m_outcomeHeadline->setWordWrap(true);
    m_timeline = new AttemptTimeline;
    m_outcomeNotes = new TextLabel({}, TextRole::Caption);
    m_outcomeNotes->setMuted(true);
    m_outcomeNotes->setWordWrap(true);
    layout->addWidget(m_outcomeHeadline);
    layout->addWidget(m_timeline);
    layout->addWidget(m_outcomeNotes);
    m_layout->addWidget(m_outcomeBox);
}

void TryPanel::buildKeep()
{
    m_keep = new QPushButton(icon(Icon::Check), tr("Keep as a test of the policy"));
    m_keep->setObjectName(QStringLiteral("keepAsTest"));
    m_keep->setToolTip(tr("The policy then says that this request must take this way."));
    m_layout->addWidget(m_keep, 0, Qt::AlignLeft);
    connect(m_keep, &QPushButton::clicked, this, &TryPanel::keepAsTest);
}

// Taking requests

void TryPanel::tryRequest(const Request& request)
{
    m_row.reset();
    m_forcedArms.clear();
    m_form->setRequest(request);
    decide();
}

void TryPanel::tryRow(std::size_t row)
{
    const auto traffic = m_workbench.traffic();
    if (!traffic || row >= traffic->rowCount())
        return;
    tryRequest(traffic->request(row));
    m_row = row;
    m_rowLabel->setText(tr("%1 of %2", "request of the traffic")
                            .arg(QLocale().toString(static_cast<qulonglong>(row) + 1),
                                 QLocale().toString(static_cast<qulonglong>(traffic->rowCount()))));
}

void TryPanel::pickRandom()
{
    if (const auto traffic = m_workbench.traffic(); traffic && traffic->rowCount() > 0)
        tryRow(QRandomGenerator::global()->bounded(static_cast<quint32>(traffic->rowCount())));
}

void TryPanel::step(int delta)
{
    const auto traffic = m_workbench.traffic();
    if (!traffic || traffic->rowCount() == 0)
        return;
    const auto count = static_cast<std::ptrdiff_t>(traffic->rowCount());
    const std::ptrdiff_t from = m_row ? static_cast<std::ptrdiff_t>(*m_row) : (delta > 0 ? -1 : 0);
    tryRow(static_cast<std::size_t>((from + delta + count) % count));
}

void TryPanel::search(const QString& text)
{
    const auto traffic = m_workbench.traffic();
    if (!traffic || text.trimmed().isEmpty() || traffic->rowCount() == 0)
        return;
    const std::size_t count = traffic->rowCount();
    const std::size_t from = m_row ? *m_row + 1 : 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = (from + i) % count;
        if (messageLine(traffic->lastUserMessage(row))
                .contains(text.trimmed(), Qt::CaseInsensitive)) {
            tryRow(row);
            return;
        }
    }
    m_rowLabel->setText(tr("not found"));
}

void TryPanel::edited()
{
    m_row.reset();
    m_rowLabel->clear();
    decideSoon();
}

void TryPanel::focusMessage()
{
    m_form->focusMessage();
}

// Deciding

void TryPanel::decideSoon()
{
    m_settle->start();
}

void TryPanel::decide()
{
    m_settle->stop();
    m_document = m_workbench.editor().shownDocument();
    m_form->setSignals(m_document.signalList);
    m_trace.reset();
    m_problem->hide();
    const bool asked = !m_form->isEmpty();
    m_result->setVisible(asked);
    if (asked) {
        auto policy = CompiledPolicy::compile(m_document, m_policy ? &*m_policy : nullptr,
                                              m_workbench.styles());
        if (policy)
            m_trace = policy->explain(m_form->request());
        else
            m_problem->setMessage(Tone::Caution,
                                  tr("The policy cannot decide until its errors are repaired."),
                                  QString::fromStdString(toString(policy.error())));
        m_problem->setVisible(!policy);
        if (policy)
            m_policy.emplace(std::move(*policy));
    }
    showWay();
    refreshOutcomes();
    if (isVisible())
        emit trailChanged(m_trace ? std::optional(trailOf(m_document, *m_trace)) : std::nullopt);
}

void TryPanel::showWay()
{
    for (QWidget* const part : {static_cast<QWidget*>(m_headline), static_cast<QWidget*>(m_tree)})
        part->setVisible(m_trace.has_value());
    m_wayBox->setVisible(m_trace.has_value());
    m_arms->hide();
    m_keep->setVisible(m_trace.has_value());
    if (!m_trace) {
        m_model->clear();
        m_nearBox->hide();
        return;
    }
    const int model = m_trace->decision.firstModel;
    const QString name =
        model >= 0 ? PolicyWords::text(m_document.models[static_cast<std::size_t>(model)].id.value)
                   : tr("nobody");
    m_headline->show(model, name,
                     tr("by “%1”", "rule")
                         .arg(PolicyWords::decision(m_document, m_trace->decision.rule,
                                                    m_trace->decision.isUncertain)));
    const QStringList arms = armSentences(m_document, *m_trace);
    m_arms->setText(arms.join(QLatin1Char('\n')));
    m_arms->setVisible(!arms.isEmpty());
    m_model->setTrace(m_document, *m_trace);
    m_tree->expandAll();
    m_tree->updateGeometry();
    showNearMisses();
}

void TryPanel::showNearMisses()
{
    clearLayout(m_nearMisses);
    for (std::size_t i = 0; i < std::min(kNearMissesShown, m_trace->nearMisses.size()); ++i) {
        auto* const sentence = new TextLabel(
            PolicyWords::nearMiss(m_document, m_trace->nearMisses[i]), TextRole::Small);
        sentence->setObjectName(QStringLiteral("nearMiss"));
        sentence->setWordWrap(true);
        m_nearMisses->addWidget(sentence);
    }
    m_nearBox->setVisible(m_nearMisses->count() > 0);
}

const Plan* TryPanel::rootPlan() const
{
    const int rule = m_trace->decision.rule;
    if (rule >= 0 && static_cast<std::size_t>(rule) < m_document.rules.size()) {
        const Rule& taken = m_document.rules[static_cast<std::size_t>(rule)];
        return m_trace->decision.isUncertain && taken.uncertain ? &taken.uncertain->plan
                                                                : &taken.plan;
    }
    return rule == Decision::kOtherwise ? &m_document.otherwise : m_trace->decision.plan;
}

// What if

void TryPanel::refreshOutcomes()
{
    clearLayout(m_outcomeFields);
    m_outcomeBox->setVisible(m_trace.has_value());
    if (!m_trace)
        return;
    for (const ModelId& model : askedModelsOf(*rootPlan())) {
        auto* const field = new ChoiceField(tr("What %1 does").arg(PolicyWords::text(model.value)));
        field->setObjectName(QStringLiteral("forcedOutcome"));
        for (int i = 0; i < kWhatIfCount; ++i) {
            if (static_cast<WhatIf>(i) != WhatIf::Rejected || isChecked(*rootPlan()))
                field->addItem(whatIfWords(static_cast<WhatIf>(i)), i);
        }
        field->setValue(static_cast<int>(m_outcomes[model.value]));
        auto* const line = new QWidget;
        auto* const layout = new QHBoxLayout(line);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(space::kUnit);
        auto* const name = new ElidedLabel(PolicyWords::text(model.value));
        layout->addWidget(name, 2);
        layout->addWidget(field, 3);
        m_outcomeFields->addWidget(line);
        connect(field, &QComboBox::activated, this, [this, model, field] {
            m_outcomes[model.value] = static_cast<WhatIf>(field->value());
            carryOut();
        });
    }
    for (const TraceArm& arm : m_trace->arms) {
        const PolicySelection at = selectionFromPath(m_document, arm.path);
        const std::string path = planPathOf(at).value_or("");
        const Plan* const node = planAt(*rootPlan(), path);
        if (!node)
            continue;
        const auto* const split = std::get_if<Split>(&node->node);
        auto* const field =
            new ChoiceField(split ? tr("Arm of the split") : tr("Member of the pool"));
        field->setObjectName(QStringLiteral("forcedArm"));
        const std::vector<Plan> parts = partsOf(*node);
        for (std::size_t i = 0; i < parts.size(); ++i)
            field->addItem(split ? tr("arm %1: %2 %3", "number, share, plan")
                                       .arg(i + 1)
                                       .arg(PolicyWords::basisPoints(split->arms[i].weight),
                                            PolicyWords::plan(parts[i]))
                                 : PolicyWords::plan(parts[i]),
                           static_cast<int>(i));
        const auto forced = m_forcedArms.find(path);
        field->setValue(static_cast<int>(forced == m_forcedArms.end() ? arm.arm : forced->second));
        m_outcomeFields->addWidget(
            captioned(split ? tr("Arm of the split, drawn: %1").arg(arm.arm + 1)
                            : tr("Member of the pool that the router picks"),
                      field));
        connect(field, &QComboBox::activated, this, [this, path, field] {
            m_forcedArms[path] = static_cast<std::size_t>(field->value());
            carryOut();
        });
    }
    carryOut();
}

TriedPlan TryPanel::tried() const
{
    std::map<std::string, std::size_t> arms;
    for (const TraceArm& arm : m_trace->arms)
        arms[planPathOf(selectionFromPath(m_document, arm.path)).value_or("")] = arm.arm;
    for (const auto& [path, arm] : m_forcedArms)
        arms[path] = arm;
    return tryPlan(drawn(*rootPlan(), arms), m_outcomes, m_workbench.evidence().get());
}

void TryPanel::carryOut()
{
    if (!m_trace)
        return;
    const TriedPlan tried = this->tried();
    m_outcomeHeadline->setText(tried.headline);
    m_timeline->show(tried.outcome, m_document);
    m_outcomeNotes->setText(tried.notes.join(QLatin1Char('\n')));
    m_outcomeNotes->setVisible(!tried.notes.isEmpty());
}

void TryPanel::keepAsTest()
{
    if (!m_trace)
        return;
    PolicyTest test;
    test.request = m_form->request();
    const Decision& decision = m_trace->decision;
    if (decision.rule >= 0)
        test.rule = m_document.rules[static_cast<std::size_t>(decision.rule)].id;
    test.expectOtherwise = decision.rule == Decision::kOtherwise;
    if (decision.firstModel >= 0)
        test.model = m_document.models[static_cast<std::size_t>(decision.firstModel)].id;
    test.outcomes = keptOutcomes(tried().outcome, m_outcomes);
    if (m_policy && !test.outcomes.empty()) {
        test.servedBy = runPolicyTest(*m_policy, test).servedBy;
        test.expectUnanswered = !test.servedBy;
    }
    std::vector<PolicyTest> tests = m_workbench.editor().document().tests;
    tests.push_back(std::move(test));
    m_workbench.editor().push(SetTests{std::move(tests)});
}

void TryPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    decide();
}

void TryPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    emit trailChanged(std::nullopt);
}

void TryPanel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().colors().surface);
}

} // namespace signalbox::ui
