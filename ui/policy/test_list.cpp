// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_list.h"

#include "policy_words.h"

#include <core/routing/policy_test_run.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace signalbox::ui {
namespace {

/// What went otherwise, as a sentence.
QString problemOf(const PolicyDocument& document, const PolicyTest& test, const PolicyTestRun& run)
{
    using Expectation = PolicyTestRun::Expectation;
    if (!run.problem)
        return {};
    const QString taken = PolicyWords::decision(document, run.rule, run.isUncertain);
    const QString served =
        run.servedBy ? PolicyWords::text(run.servedBy->value) : TestList::tr("nobody");
    switch (*run.problem) {
    case Expectation::Rule:
        return TestList::tr("goes to “%1” instead of “%2”")
            .arg(taken, PolicyWords::text(test.rule->value));
    case Expectation::Otherwise:
        return TestList::tr("goes to “%1” instead of otherwise").arg(taken);
    case Expectation::Model:
        return TestList::tr("asks %1 instead of %2")
            .arg(PolicyWords::text(run.asked.value), PolicyWords::text(test.model->value));
    case Expectation::ServedBy:
        return TestList::tr("is answered by %1 instead of %2")
            .arg(served, PolicyWords::text(test.servedBy->value));
    case Expectation::Unanswered:
        return TestList::tr("is answered by %1 instead of nobody").arg(served);
    }
    return {};
}

/// What the test makes models do, and who has to answer then; empty if it leaves them alone.
QString outcomesOf(const PolicyTest& test)
{
    QStringList parts;
    for (const ForcedOutcome& outcome : test.outcomes) {
        const QString model = PolicyWords::text(outcome.model.value);
        parts << (outcome.failure ? TestList::tr("%1: %2", "model, failure")
                                        .arg(model, PolicyWords::failure(*outcome.failure))
                  : outcome.isRejected
                      ? TestList::tr("%1 is rejected", "an answer of a model").arg(model)
                      : TestList::tr("%1 answers").arg(model));
    }
    QString given = parts.join(TestList::tr(", "));
    if (test.expectUnanswered)
        return given.isEmpty() ? TestList::tr("nobody answers")
                               : TestList::tr("If %1, nobody answers.").arg(given);
    if (!test.servedBy)
        return given;
    const QString served = PolicyWords::text(test.servedBy->value);
    return given.isEmpty() ? TestList::tr("%1 answers").arg(served)
                           : TestList::tr("If %1, %2 answers.").arg(given, served);
}

// What a choice of a lane means beside the index of a rule.
constexpr int kAnyLane = -1;
constexpr int kOtherwiseLane = -2;
constexpr int kMissing = -3; ///< a rule or model that the policy does not know

// Of more tests than these the run waits a moment: edits come at every key and move of a drag.
constexpr std::size_t kRunAtOnce = 8;
constexpr int kSoonMs = 150;

/// What a test asks: the last thing that a user says.
template<class AnyRequest> auto* questionOf(AnyRequest& request)
{
    const auto last = std::find_if(request.messages.rbegin(), request.messages.rend(),
                                   [](const Message& each) { return each.role == Role::User; });
    return last == request.messages.rend() ? nullptr : &*last;
}

int laneOf(const PolicyDocument& document, const PolicyTest& test)
{
    if (test.expectOtherwise)
        return kOtherwiseLane;
    if (!test.rule)
        return kAnyLane;
    for (std::size_t i = 0; i < document.rules.size(); ++i) {
        if (document.rules[i].id == *test.rule)
            return static_cast<int>(i);
    }
    return kMissing;
}

int modelOf(const PolicyDocument& document, const PolicyTest& test)
{
    if (!test.model)
        return kAnyLane;
    for (std::size_t i = 0; i < document.models.size(); ++i) {
        if (document.models[i].id == *test.model)
            return static_cast<int>(i);
    }
    return kMissing;
}

/// Fills the field only where that changes something: a list of many tests is shown at every edit.
/// @param missing  the words for what the policy does not know; empty: it knows it
void offer(ChoiceField* field, const std::vector<std::pair<QString, int>>& choices, bool areNew,
           const QString& missing, int current)
{
    const QSignalBlocker quiet(field);
    if (areNew || field->count() == 0) {
        field->clear();
        for (const auto& [words, value] : choices)
            field->addItem(words, value);
    }
    const int at = field->findData(kMissing);
    if (at >= 0 && field->itemText(at) != missing)
        field->removeItem(at);
    if (!missing.isEmpty() && field->findData(kMissing) < 0)
        field->addItem(missing, kMissing);
    field->setValue(current);
}

} // namespace

TestList::TestList(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("testList"));
    m_runSoon.setSingleShot(true);
    m_runSoon.setInterval(kSoonMs);
    connect(&m_runSoon, &QTimer::timeout, this, &TestList::runTests);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_rowsLayout = new QVBoxLayout;
    m_rowsLayout->setSpacing(space::kGap);
    layout->addLayout(m_rowsLayout);
    auto* const add = quietAddButton(tr("Test"), QStringLiteral("addTest"), tr("Add a test"));
    layout->addWidget(add, 0, Qt::AlignLeft);
    auto* const hint =
        new TextLabel(tr("“Try a request” can keep a whole conversation with its way as a test."),
                      TextRole::Small);
    hint->setMuted(true);
    hint->setWordWrap(true);
    layout->addWidget(hint);
    connect(add, &QPushButton::clicked, this, [this] {
        change(Pace::Once, [](std::vector<PolicyTest>& tests) {
            PolicyTest test;
            test.request.messages.push_back({});
            tests.push_back(std::move(test));
        });
    });
}

template<class Change> void TestList::change(Pace pace, Change change)
{
    std::vector<PolicyTest> tests = m_shown.tests;
    change(tests);
    emit edited(tests, pace);
}

void TestList::expectLane(PolicyTest& test, int lane) const
{
    if (lane == kMissing)
        return;
    test.rule.reset();
    test.expectOtherwise = lane == kOtherwiseLane;
    if (lane >= 0)
        test.rule = m_shown.rules[static_cast<std::size_t>(lane)].id;
}

QWidget* TestList::buildRow(std::size_t index)
{
    auto* const box = new QWidget;
    auto* const layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    Row row;
    row.badge = new Badge({});
    auto* const remove = new IconButton(Icon::Close, tr("Remove test %1").arg(index + 1));
    row.message = new NoteField(tr("Request of test %1").arg(index + 1), 3);
    row.message->setPlaceholderText(tr("What somebody asks"));
    row.lane = new ChoiceField(tr("Way of test %1").arg(index + 1));
    row.model = new ChoiceField(tr("Model asked first in test %1").arg(index + 1));
    for (TextLabel** const caption : {&row.outcomes, &row.reason}) {
        *caption = new TextLabel({}, TextRole::Caption);
        (*caption)->setMuted(true);
        (*caption)->setWordWrap(true);
    }
    auto* const head = new QHBoxLayout;
    head->setSpacing(space::kHalf);
    head->addWidget(row.badge);
    head->addStretch(1);
    head->addWidget(remove);
    layout->addLayout(head);
    layout->addWidget(row.message);
    layout->addLayout(besideEachOther({row.lane, row.model}));
    layout->addWidget(row.outcomes);
    layout->addWidget(row.reason);
    m_rows.push_back(row);
    connect(remove, &IconButton::clicked, this, [this, index] {
        change(Pace::Once, [&](std::vector<PolicyTest>& tests) {
            tests.erase(tests.begin() + static_cast<std::ptrdiff_t>(index));
        });
    });
    connectRow(index);
    return box;
}

void TestList::connectRow(std::size_t index)
{
    const Row row = m_rows[index];
    connect(row.message, &NoteField::textEdited, this, [this, index](const QString& text) {
        change(Pace::Typing, [&](std::vector<PolicyTest>& tests) {
            if (Message* const question = questionOf(tests[index].request))
                question->text = text.toStdString();
            else
                tests[index].request.messages.push_back({Role::User, text.toStdString(), 0});
        });
    });
    connect(row.lane, &QComboBox::activated, this, [this, index, field = row.lane] {
        change(Pace::Once,
               [&](std::vector<PolicyTest>& tests) { expectLane(tests[index], field->value()); });
    });
    connect(row.model, &QComboBox::activated, this, [this, index, field = row.model] {
        const int model = field->value();
        if (model == kMissing)
            return;
        change(Pace::Once, [&](std::vector<PolicyTest>& tests) {
            tests[index].model =
                model < 0 ? std::nullopt
                          : std::optional(m_shown.models[static_cast<std::size_t>(model)].id);
        });
    });
}

void TestList::rebuild(std::size_t count)
{
    clearLayout(m_rowsLayout);
    m_rows.clear();
    for (std::size_t i = 0; i < count; ++i)
        m_rowsLayout->addWidget(buildRow(i));
}

TestList::Choices TestList::laneChoices() const
{
    Choices lanes{{tr("any way"), kAnyLane}};
    for (std::size_t i = 0; i < m_shown.rules.size(); ++i)
        lanes.emplace_back(tr("to “%1”", "rule").arg(PolicyWords::rule(m_shown.rules[i])),
                           static_cast<int>(i));
    lanes.emplace_back(tr("to otherwise"), kOtherwiseLane);
    return lanes;
}

TestList::Choices TestList::modelChoices() const
{
    Choices models{{tr("any model first"), kAnyLane}};
    for (std::size_t i = 0; i < m_shown.models.size(); ++i)
        models.emplace_back(tr("%1 first").arg(PolicyWords::text(m_shown.models[i].id.value)),
                            static_cast<int>(i));
    return models;
}

void TestList::showRow(const Row& row, const PolicyTest& test, bool hasNewLanes, bool hasNewModels)
{
    const QString outcomes = outcomesOf(test);
    row.outcomes->setText(outcomes);
    row.outcomes->setVisible(!outcomes.isEmpty());
    const Message* const question = questionOf(test.request);
    row.message->setValue(question ? question->text : std::string());

    const int lane = laneOf(m_shown, test);
    offer(row.lane, m_lanes, hasNewLanes,
          lane == kMissing ? tr("to “%1” (missing)").arg(PolicyWords::text(test.rule->value))
                           : QString(),
          lane);
    const int model = modelOf(m_shown, test);
    offer(row.model, m_models, hasNewModels,
          model == kMissing ? tr("%1 (missing) first").arg(PolicyWords::text(test.model->value))
                            : QString(),
          model);
}

void TestList::runTests()
{
    m_runSoon.stop();
    auto policy = CompiledPolicy::compile(m_shown, m_policy ? &*m_policy : nullptr, m_styles);
    const bool hasErrors = !policy;
    if (policy)
        m_policy.emplace(std::move(*policy));
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row& row = m_rows[i];
        const PolicyTest& test = m_shown.tests[i];
        const QString problem = hasErrors
                                    ? tr("the policy has errors")
                                    : problemOf(m_shown, test, runPolicyTest(*m_policy, test));
        row.badge->setText(problem.isEmpty() ? tr("holds") : tr("fails"));
        row.badge->setTone(problem.isEmpty() ? Tone::Positive : Tone::Negative);
        row.reason->setText(problem);
        row.reason->setVisible(!problem.isEmpty());
    }
}

void TestList::show(const PolicyDocument& document, std::shared_ptr<const UserStyles> styles)
{
    if (document == m_shown && styles == m_styles)
        return;
    const bool isOther = document.id != m_shown.id; // the last run says nothing about it
    m_shown = document;
    m_styles = std::move(styles);
    const bool hasNewRows = m_rows.size() != m_shown.tests.size();
    if (hasNewRows)
        rebuild(m_shown.tests.size());
    if (m_rows.empty()) {
        m_runSoon.stop();
        return;
    }
    Choices lanes = laneChoices();
    const bool hasNewLanes = lanes != m_lanes;
    m_lanes = std::move(lanes);
    Choices models = modelChoices();
    const bool hasNewModels = models != m_models;
    m_models = std::move(models);
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        showRow(m_rows[i], m_shown.tests[i], hasNewLanes, hasNewModels);
    if (isOther || hasNewRows || m_rows.size() <= kRunAtOnce)
        runTests();
    else if (!m_runSoon.isActive())
        m_runSoon.start();
}

} // namespace signalbox::ui
