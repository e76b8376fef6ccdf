// SPDX-License-Identifier: GPL-3.0-or-later
#include "acceptance_fields.h"

#include "policy_words.h"

#include <core/policy/lint.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <cmath>

namespace signalbox::ui {
namespace {

std::optional<int> whole(std::optional<double> number)
{
    return number ? std::optional(static_cast<int>(std::lround(*number))) : std::nullopt;
}

std::optional<double> asNumber(std::optional<int> number)
{
    return number ? std::optional<double>(*number) : std::nullopt;
}

/// Shares as percent, without what binary fractions add.
std::optional<double> percent(std::optional<double> share)
{
    return share ? std::optional(std::round(*share * 1e6) / 1e4) : std::nullopt;
}

std::optional<double> shareOf(std::optional<double> percent)
{
    return percent ? std::optional(*percent / 100) : std::nullopt;
}

QVBoxLayout* rowsOf(QWidget* widget)
{
    auto* const layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    return layout;
}

} // namespace

AcceptanceFields::AcceptanceFields(QWidget* parent) : QWidget(parent)
{
    rowsOf(this);
    buildText();
    buildVerifier();
}

template<class Change> void AcceptanceFields::change(Pace pace, Change change)
{
    change(m_accept);
    refreshProblem();
    emit edited(m_accept, pace);
}

void AcceptanceFields::buildText()
{
    auto* const rows = static_cast<QVBoxLayout*>(layout());
    m_refusals = new NoteField(tr("Refusals, one expression a line"), 6);
    m_refusals->setObjectName(QStringLiteral("refusals"));
    m_refusals->setFont(Theme::font(TextRole::Mono));
    m_refusals->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_refusals->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    rows->addWidget(captioned(tr("An answer passes unless it matches one of these"), m_refusals));
    m_problem = new TextLabel({}, TextRole::Small);
    m_problem->setTone(Tone::Negative);
    m_problem->setWordWrap(true);
    rows->addWidget(m_problem);
    m_minWords = new NumberField(tr("Words at least"), {0, 1e6, 5, 0});
    m_minWords->setObjectName(QStringLiteral("minWords"));
    m_maxWords = new NumberField(tr("Words at most"), {0, 1e6, 5, 0});
    m_maxWords->setObjectName(QStringLiteral("maxWordsAccepted"));
    m_logProb = new NumberField(tr("Mean log-probability at least"), {-100, 0, 0.1, 3});
    m_logProb->setObjectName(QStringLiteral("meanLogProb"));
    m_logProb->setToolTip(tr("The mean natural logarithm of the tokens' probabilities, where the "
                             "provider says it: how sure the model was. −0.2 is sure, −1 is not. "
                             "An answer without it passes."));
    for (NumberField* const field : {m_minWords, m_maxWords, m_logProb})
        field->setEmptyText(tr("any"));
    rows->addLayout(besideEachOther({captioned(tr("Words at least"), m_minWords),
                                     captioned(tr("At most"), m_maxWords),
                                     captioned(tr("Log-probability"), m_logProb)}));
    connect(m_refusals, &NoteField::textEdited, this, [this](const QString& text) {
        change(Pace::Typing, [&](Acceptance& accept) {
            accept.refusals.clear();
            for (const QString& line : text.split(QLatin1Char('\n'))) {
                if (!line.trimmed().isEmpty())
                    accept.refusals.push_back(line.toStdString());
            }
        });
    });
    connect(m_minWords, &NumberField::valueEdited, this, [this](std::optional<double> words) {
        change(Pace::Typing, [&](Acceptance& accept) { accept.minWords = whole(words); });
    });
    connect(m_maxWords, &NumberField::valueEdited, this, [this](std::optional<double> words) {
        change(Pace::Typing, [&](Acceptance& accept) { accept.maxWords = whole(words); });
    });
    connect(m_logProb, &NumberField::valueEdited, this, [this](std::optional<double> number) {
        change(Pace::Typing, [&](Acceptance& accept) { accept.meanLogProb = number; });
    });
}

void AcceptanceFields::buildVerifier()
{
    m_hasVerifier = new QCheckBox(tr("And a model agrees"));
    m_hasVerifier->setObjectName(QStringLiteral("hasVerifier"));
    m_hasVerifier->setToolTip(
        tr("It reads question and answer, last of all, and costs a call each time."));
    layout()->addWidget(m_hasVerifier);
    m_verifier = new QWidget;
    auto* const rows = rowsOf(m_verifier);
    m_model = new ModelField(tr("Model that checks"));
    m_model->setObjectName(QStringLiteral("verifierModel"));
    rows->addWidget(captioned(tr("Model that checks"), m_model));
    m_instruction = new NoteField(tr("What it looks at"), 4);
    m_instruction->setObjectName(QStringLiteral("verifierInstruction"));
    m_instruction->setPlaceholderText(tr("Does the answer do what was asked?"));
    rows->addWidget(captioned(tr("What it looks at"), m_instruction));
    m_catches = new NumberField(tr("Bad answers it catches"), {0, 100, 5, 2}, QStringLiteral("%"));
    m_catches->setObjectName(QStringLiteral("verifierCatches"));
    m_falseAlarms =
        new NumberField(tr("Good answers it rejects"), {0, 100, 1, 2}, QStringLiteral("%"));
    m_falseAlarms->setObjectName(QStringLiteral("verifierFalseAlarms"));
    for (NumberField* const field : {m_catches, m_falseAlarms}) {
        field->setEmptyText(tr("unknown"));
        field->setToolTip(tr("Assumed in projections, until its verdicts are measured."));
    }
    rows->addLayout(besideEachOther({captioned(tr("Bad ones it catches"), m_catches),
                                     captioned(tr("Good ones it rejects"), m_falseAlarms)}));
    layout()->addWidget(m_verifier);
    connect(m_hasVerifier, &QCheckBox::clicked, this, [this](bool on) {
        change(Pace::Once, [&](Acceptance& accept) {
            accept.verifier =
                on ? std::optional(Verifier{m_firstModel, {}, 0.8, 0.05}) : std::nullopt;
        });
    });
    connect(m_model, &ModelField::modelChosen, this, [this](const ModelId& model) {
        change(Pace::Once, [&](Acceptance& accept) { accept.verifier->model = model; });
    });
    connect(m_instruction, &NoteField::textEdited, this, [this](const QString& text) {
        change(Pace::Typing,
               [&](Acceptance& accept) { accept.verifier->instruction = text.toStdString(); });
    });
    connect(m_catches, &NumberField::valueEdited, this, [this](std::optional<double> number) {
        change(Pace::Typing,
               [&](Acceptance& accept) { accept.verifier->catches = shareOf(number); });
    });
    connect(m_falseAlarms, &NumberField::valueEdited, this, [this](std::optional<double> number) {
        change(Pace::Typing,
               [&](Acceptance& accept) { accept.verifier->falseAlarms = shareOf(number); });
    });
}

void AcceptanceFields::refreshProblem()
{
    QStringList problems;
    for (const std::string& pattern : m_accept.refusals) {
        const std::string problem = portableRegexProblem(pattern);
        if (!problem.empty())
            problems << QString::fromStdString(problem);
    }
    problems.removeDuplicates();
    m_problem->setText(problems.join(QLatin1Char('\n')));
    m_problem->setVisible(!problems.isEmpty());
}

void AcceptanceFields::setAcceptance(const Acceptance& accept, const std::vector<ModelSpec>& models)
{
    // Blank lines that are being typed say nothing, and stay.
    if (accept.refusals != m_accept.refusals || m_refusals->toPlainText().isEmpty()) {
        std::string text;
        for (const std::string& pattern : accept.refusals)
            text += (text.empty() ? "" : "\n") + pattern;
        m_refusals->setValue(text);
    }
    m_accept = accept;
    m_firstModel = models.empty() ? ModelId() : models.front().id;
    m_minWords->setValue(asNumber(accept.minWords));
    m_maxWords->setValue(asNumber(accept.maxWords));
    m_logProb->setValue(accept.meanLogProb);
    const QSignalBlocker quiet(m_hasVerifier);
    m_hasVerifier->setChecked(accept.verifier.has_value());
    m_verifier->setVisible(accept.verifier.has_value());
    if (accept.verifier) {
        m_model->setModels(models, accept.verifier->model);
        m_instruction->setValue(accept.verifier->instruction);
        m_catches->setValue(percent(accept.verifier->catches));
        m_falseAlarms->setValue(percent(accept.verifier->falseAlarms));
    }
    refreshProblem();
}

} // namespace signalbox::ui
