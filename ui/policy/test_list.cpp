// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_list.h"

#include "fields.h"
#include "policy_words.h"
#include "request_list.h"

#include <core/routing/compiled_policy.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace signalbox::ui {
namespace {

/// How a test of the policy went: nothing if it holds, else a sentence.
QString testProblem(const PolicyDocument& document, const CompiledPolicy& policy,
                    const PolicyTest& test)
{
    CompiledPolicy::Scratch scratch(policy);
    const Decision decision = policy.decide(test.request, scratch);
    const QString taken = PolicyWords::decision(document, decision.rule);
    if (test.expectOtherwise && decision.rule != Decision::kOtherwise)
        return TestList::tr("goes to “%1” instead of otherwise").arg(taken);
    if (test.rule) {
        const bool same = decision.rule >= 0 &&
                          document.rules[static_cast<std::size_t>(decision.rule)].id == *test.rule;
        if (!same)
            return TestList::tr("goes to “%1” instead of “%2”")
                .arg(taken, PolicyWords::text(test.rule->value));
    }
    if (test.model && decision.firstModel >= 0) {
        const ModelId& asked = document.models[static_cast<std::size_t>(decision.firstModel)].id;
        if (asked != *test.model)
            return TestList::tr("asks %1 instead of %2")
                .arg(PolicyWords::text(asked.value), PolicyWords::text(test.model->value));
    }
    return {};
}

} // namespace

TestList::TestList(QWidget* parent) : QWidget(parent)
{
    m_rows = new QVBoxLayout(this);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(space::kHalf);
}

void TestList::show(const PolicyDocument& document)
{
    if (document == m_shown && m_rows->count() > 0)
        return;
    m_shown = document;
    clearLayout(m_rows);
    const auto policy = CompiledPolicy::compile(document);
    for (std::size_t i = 0; i < document.tests.size(); ++i) {
        const PolicyTest& test = document.tests[i];
        const QString problem =
            policy ? testProblem(document, *policy, test) : tr("the policy has errors");
        auto* const row = new QWidget;
        auto* const line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(space::kHalf);
        auto* const badge = new Badge(problem.isEmpty() ? tr("holds") : tr("fails"),
                                      problem.isEmpty() ? Tone::Positive : Tone::Negative);
        auto* const text = new ElidedLabel(messageLine(test.request));
        auto* const remove = new IconButton(Icon::Close, tr("Remove test %1").arg(i + 1));
        line->addWidget(badge);
        line->addWidget(text, 1);
        line->addWidget(remove);
        row->setToolTip(plainToolTip(problem));
        m_rows->addWidget(row);
        if (!problem.isEmpty()) {
            auto* const reason = new TextLabel(problem, TextRole::Caption);
            reason->setMuted(true);
            reason->setWordWrap(true);
            m_rows->addWidget(reason);
        }
        connect(remove, &IconButton::clicked, this, [this, i] { emit removeRequested(i); });
    }
    auto* const hint = new TextLabel(
        tr("“Try a request” can keep a request with its way as a test."), TextRole::Small);
    hint->setMuted(true);
    hint->setWordWrap(true);
    m_rows->addWidget(hint);
}

} // namespace signalbox::ui
