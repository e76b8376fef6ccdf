// SPDX-License-Identifier: GPL-3.0-or-later
#include "document_pane.h"

#include "policy_edits.h"
#include "policy_words.h"
#include "request_list.h"

#include <core/routing/compiled_policy.h>
#include <core/voice/tone.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

constexpr GateMetric kMetrics[] = {GateMetric::CostSaving,        GateMetric::CostPer1k,
                                   GateMetric::LatencyP95Ms,      GateMetric::Satisfaction,
                                   GateMetric::SatisfactionRatio, GateMetric::Consistency};

/// How a gate's limit is written: factor from the file's number to the one that people type.
double factorOf(GateMetric metric)
{
    return metric == GateMetric::LatencyP95Ms || metric == GateMetric::CostPer1k ? 1 : 100;
}

QString unitOf(GateMetric metric)
{
    switch (metric) {
    case GateMetric::LatencyP95Ms:
        return DocumentPane::tr("ms");
    case GateMetric::CostPer1k:
        return DocumentPane::tr("USD");
    case GateMetric::Consistency:
        return DocumentPane::tr("of 100");
    default:
        return QStringLiteral("%");
    }
}

/// A gate of this metric to begin with.
Gate newGate(GateMetric metric)
{
    Gate gate;
    gate.metric = metric;
    switch (metric) {
    case GateMetric::CostSaving:
        gate.atLeast = 0.4;
        break;
    case GateMetric::CostPer1k:
        gate.atMost = 5;
        break;
    case GateMetric::LatencyP95Ms:
        gate.atMost = 2000;
        break;
    case GateMetric::Satisfaction:
        gate.atLeast = 0.9;
        break;
    case GateMetric::SatisfactionRatio:
        gate.atLeast = 0.95;
        break;
    case GateMetric::Consistency:
        gate.atLeast = 0.9;
        break;
    }
    return gate;
}

QString verdictWords(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Met:
        return DocumentPane::tr("met", "a gate");
    case Verdict::NotMet:
        return DocumentPane::tr("not met", "a gate");
    case Verdict::NotShown:
        return DocumentPane::tr("not shown by the data", "a gate");
    }
    return {};
}

Tone toneOf(Verdict verdict)
{
    return verdict == Verdict::Met      ? Tone::Positive
           : verdict == Verdict::NotMet ? Tone::Negative
                                        : Tone::Caution;
}

std::vector<std::string> listOf(const QString& text)
{
    std::vector<std::string> items;
    for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (const QString item = part.trimmed(); !item.isEmpty())
            items.push_back(item.toStdString());
    }
    return items;
}

void showList(TextField* field, const std::vector<std::string>& items)
{
    if (listOf(field->text()) == items)
        return;
    std::string text;
    for (const std::string& item : items)
        text += (text.empty() ? "" : ", ") + item;
    field->setValue(text);
}

void showChecked(QCheckBox* box, bool checked)
{
    const QSignalBlocker quiet(box);
    box->setChecked(checked);
}

QHBoxLayout* lineOf(std::initializer_list<QWidget*> parts)
{
    auto* const line = new QHBoxLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::kHalf);
    for (QWidget* const part : parts)
        line->addWidget(part, 1);
    return line;
}

QPushButton* quietAdd(const QString& text, const QString& objectName)
{
    auto* const button = new QPushButton(icon(Icon::Add), text);
    button->setObjectName(objectName);
    setButtonKind(button, ButtonKind::Quiet);
    return button;
}

} // namespace

QString testProblem(const PolicyDocument& document, const CompiledPolicy& policy,
                    const PolicyTest& test)
{
    CompiledPolicy::Scratch scratch(policy);
    const Decision decision = policy.decide(test.request, scratch);
    const QString taken = PolicyWords::decision(document, decision.rule);
    if (test.expectOtherwise && decision.rule != Decision::kOtherwise)
        return DocumentPane::tr("goes to “%1” instead of otherwise").arg(taken);
    if (test.rule) {
        const bool same = decision.rule >= 0 &&
                          document.rules[static_cast<std::size_t>(decision.rule)].id == *test.rule;
        if (!same)
            return DocumentPane::tr("goes to “%1” instead of “%2”")
                .arg(taken, PolicyWords::text(test.rule->value));
    }
    if (test.model && decision.firstModel >= 0) {
        const ModelId& asked = document.models[static_cast<std::size_t>(decision.firstModel)].id;
        if (asked != *test.model)
            return DocumentPane::tr("asks %1 instead of %2")
                .arg(PolicyWords::text(asked.value), PolicyWords::text(test.model->value));
    }
    return {};
}

DocumentPane::DocumentPane(Workbench& workbench, QWidget* parent) : InspectorPane(workbench, parent)
{
    setObjectName(QStringLiteral("documentPane"));
    buildTitle();
    buildDeciding();
    buildHoldout();
    buildGates();
    buildAnswerStyle();
    buildVoice();
    buildMonitoring();
    buildTests();
    connect(&workbench, &Workbench::projectionChanged, this, [this] {
        if (isVisible())
            refreshGates(editor().shownDocument());
    });
}

// Title

template<class Change> void DocumentPane::editTitle(Pace pace, Change change)
{
    const PolicyDocument& document = editor().document();
    SetTitle title{document.id, document.name, document.revision, document.note};
    change(title);
    push(title, pace);
}

void DocumentPane::buildTitle()
{
    m_name = new TextField(tr("Name of the policy"));
    m_name->setObjectName(QStringLiteral("policyName"));
    addField(tr("Name of the policy"), m_name);
    m_id = new TextField(tr("Id"));
    m_id->setFont(Theme::font(TextRole::Mono));
    addField(tr("Id in the file"), m_id);
    m_note = new NoteField(tr("Note"), 6);
    addField(tr("Note"), m_note);
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString& text) {
        editTitle(Pace::Typing, [&](SetTitle& title) { title.name = text.toStdString(); });
    });
    connect(m_id, &QLineEdit::editingFinished, this, [this] {
        const std::string wanted = m_id->text().trimmed().toStdString();
        if (wanted.empty())
            m_id->setValue(editor().document().id);
        else
            editTitle(Pace::Once, [&](SetTitle& title) { title.id = wanted; });
    });
    connect(m_note, &NoteField::textEdited, this, [this](const QString& text) {
        editTitle(Pace::Typing, [&](SetTitle& title) { title.note = text.toStdString(); });
    });
}

void DocumentPane::buildDeciding()
{
    addSection(tr("How it decides"));
    m_decideBy = new ChoiceField(tr("A decision holds for"));
    m_decideBy->setObjectName(QStringLiteral("decideBy"));
    m_decideBy->addItem(tr("one request; the next turn is decided anew"),
                        static_cast<int>(DecisionUnit::Request));
    m_decideBy->addItem(tr("the conversation, by its first message"),
                        static_cast<int>(DecisionUnit::Conversation));
    addField(tr("A decision holds for"), m_decideBy);
    m_baseline = new ModelField(tr("Baseline"));
    addField(tr("Baseline, which savings are measured against"), m_baseline);
    connect(m_decideBy, &QComboBox::activated, this, [this] {
        push(SetDecideBy{static_cast<DecisionUnit>(m_decideBy->value())}, Pace::Once);
    });
    connect(m_baseline, &ModelField::modelChosen, this,
            [this](const ModelId& model) { push(SetBaseline{model}, Pace::Once); });
}

// Holdout

template<class Change> void DocumentPane::editHoldout(Pace pace, Change change)
{
    std::optional<Holdout> holdout = editor().document().holdout;
    if (!holdout)
        return;
    change(*holdout);
    push(SetHoldout{std::move(holdout)}, pace);
}

void DocumentPane::buildHoldout()
{
    addSection(tr("Holdout"));
    m_hasHoldout = new QCheckBox(tr("Always give a share one model"));
    m_hasHoldout->setObjectName(QStringLiteral("hasHoldout"));
    m_hasHoldout->setToolTip(
        tr("Drawn before the rules, so that the cheaper tiers stay measurable after release."));
    body()->addWidget(m_hasHoldout);
    m_holdoutShare = new NumberField(tr("Share"), {0, 100, 1, 2}, QStringLiteral("%"));
    m_holdoutShare->setObjectName(QStringLiteral("holdoutShare"));
    m_holdoutUnit = new ChoiceField(tr("Of"));
    m_holdoutUnit->addItem(tr("requests"), static_cast<int>(StickyUnit::Request));
    m_holdoutUnit->addItem(tr("conversations"), static_cast<int>(StickyUnit::Conversation));
    m_holdoutUnit->addItem(tr("users"), static_cast<int>(StickyUnit::User));
    m_holdoutModel = new ModelField(tr("Model"));
    m_holdoutSalt = new TextField(tr("Salt"));
    m_holdoutFields = new QWidget;
    auto* const fields = new QVBoxLayout(m_holdoutFields);
    fields->setContentsMargins(0, 0, 0, 0);
    fields->setSpacing(space::kUnit);
    fields->addLayout(
        lineOf({captioned(tr("Share"), m_holdoutShare), captioned(tr("Of"), m_holdoutUnit)}));
    fields->addLayout(
        lineOf({captioned(tr("Model"), m_holdoutModel), captioned(tr("Salt"), m_holdoutSalt)}));
    body()->addWidget(m_holdoutFields);
    connect(m_hasHoldout, &QCheckBox::clicked, this, [this](bool on) {
        push(on ? insertHoldout(editor().document()).edit : Edit(SetHoldout{}), Pace::Once);
    });
    connect(m_holdoutShare, &NumberField::valueEdited, this, [this](std::optional<double> percent) {
        editHoldout(Pace::Typing,
                    [&](Holdout& holdout) { holdout.share = percent.value_or(0) / 100; });
    });
    connect(m_holdoutUnit, &QComboBox::activated, this, [this] {
        editHoldout(Pace::Once, [&](Holdout& holdout) {
            holdout.unit = static_cast<StickyUnit>(m_holdoutUnit->value());
        });
    });
    connect(m_holdoutModel, &ModelField::modelChosen, this, [this](const ModelId& model) {
        editHoldout(Pace::Once, [&](Holdout& holdout) { holdout.model = model; });
    });
    connect(m_holdoutSalt, &QLineEdit::textEdited, this, [this](const QString& text) {
        editHoldout(Pace::Typing, [&](Holdout& holdout) { holdout.salt = text.toStdString(); });
    });
}

void DocumentPane::refreshHoldout(const PolicyDocument& document)
{
    showChecked(m_hasHoldout, document.holdout.has_value());
    m_holdoutFields->setVisible(document.holdout.has_value());
    if (!document.holdout)
        return;
    m_holdoutShare->setValue(std::round(document.holdout->share * 1e6) / 1e4);
    m_holdoutUnit->setValue(static_cast<int>(document.holdout->unit));
    m_holdoutModel->setModels(document.models, document.holdout->model);
    m_holdoutSalt->setValue(document.holdout->salt);
}

// Gates

template<class Change> void DocumentPane::editGates(Pace pace, Change change)
{
    std::vector<Gate> gates = editor().document().gates;
    change(gates);
    push(SetGates{std::move(gates)}, pace);
}

void DocumentPane::buildGates()
{
    addSection(tr("Gates: what must hold before a release"));
    m_gatesLayout = new QVBoxLayout;
    m_gatesLayout->setSpacing(space::kGap);
    body()->addLayout(m_gatesLayout);
    auto* const add = quietAdd(tr("Gate"), QStringLiteral("addGate"));
    add->setAccessibleName(tr("Add a gate"));
    body()->addWidget(add, 0, Qt::AlignLeft);
    connect(add, &QPushButton::clicked, this, [this] {
        editGates(Pace::Once, [](std::vector<Gate>& gates) {
            // The first metric that no gate looks at yet.
            const auto unused =
                std::find_if(std::begin(kMetrics), std::end(kMetrics), [&](GateMetric metric) {
                    return std::none_of(gates.begin(), gates.end(),
                                        [&](const Gate& gate) { return gate.metric == metric; });
                });
            gates.push_back(
                newGate(unused == std::end(kMetrics) ? GateMetric::CostSaving : *unused));
        });
    });
}

QWidget* DocumentPane::buildGate(std::size_t index)
{
    auto* const box = new QWidget;
    auto* const layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    GateRow row;
    row.metric = new ChoiceField(tr("Metric of gate %1").arg(index + 1));
    for (const GateMetric metric : kMetrics)
        row.metric->addItem(PolicyWords::gateMetric(metric), static_cast<int>(metric));
    row.bound = new ChoiceField(tr("Bound of gate %1").arg(index + 1));
    row.bound->addItem(tr("at least"), 1);
    row.bound->addItem(tr("at most"), 0);
    row.limit = new NumberField(tr("Limit of gate %1").arg(index + 1), {-1000, 1e9, 1, 4});
    row.limit->setObjectName(QStringLiteral("gateLimit"));
    row.unit = new TextLabel({}, TextRole::Small);
    row.unit->setMuted(true);
    row.scope = new ChoiceField(tr("Scope of gate %1").arg(index + 1));
    for (const GateScope scope : {GateScope::Total, GateScope::Segment, GateScope::Tier})
        row.scope->addItem(PolicyWords::gateScope(scope), static_cast<int>(scope));
    row.verdict = new TextLabel({}, TextRole::Caption);
    row.verdict->setWordWrap(true);
    auto* const remove = new IconButton(Icon::Close, tr("Remove gate %1").arg(index + 1));
    auto* const first = new QHBoxLayout;
    first->setSpacing(space::kHalf);
    first->addWidget(row.metric, 1);
    first->addWidget(remove);
    auto* const second = new QHBoxLayout;
    second->setSpacing(space::kHalf);
    second->addWidget(row.bound, 3);
    second->addWidget(row.limit, 2);
    second->addWidget(row.unit);
    second->addWidget(row.scope, 4);
    layout->addLayout(first);
    layout->addLayout(second);
    layout->addWidget(row.verdict);
    m_gates.push_back(row);

    connect(row.metric, &QComboBox::activated, this, [this, index, field = row.metric] {
        editGates(Pace::Once, [&](std::vector<Gate>& gates) {
            const GateScope scope = gates[index].per;
            gates[index] = newGate(static_cast<GateMetric>(field->value()));
            gates[index].per = scope;
        });
    });
    connect(row.bound, &QComboBox::activated, this, [this, index, field = row.bound] {
        editGates(Pace::Once, [&](std::vector<Gate>& gates) {
            Gate& gate = gates[index];
            const double limit = gate.atLeast.value_or(gate.atMost.value_or(0));
            gate.atLeast = field->value() == 1 ? std::optional(limit) : std::nullopt;
            gate.atMost = field->value() == 1 ? std::nullopt : std::optional(limit);
        });
    });
    connect(row.limit, &NumberField::valueEdited, this,
            [this, index](std::optional<double> number) {
                editGates(Pace::Typing, [&](std::vector<Gate>& gates) {
                    Gate& gate = gates[index];
                    (gate.atLeast ? gate.atLeast : gate.atMost) =
                        number.value_or(0) / factorOf(gate.metric);
                });
            });
    connect(row.scope, &QComboBox::activated, this, [this, index, field = row.scope] {
        editGates(Pace::Once, [&](std::vector<Gate>& gates) {
            gates[index].per = static_cast<GateScope>(field->value());
        });
    });
    connect(remove, &IconButton::clicked, this, [this, index] {
        editGates(Pace::Once, [&](std::vector<Gate>& gates) {
            gates.erase(gates.begin() + static_cast<std::ptrdiff_t>(index));
        });
    });
    return box;
}

void DocumentPane::rebuildGates(std::size_t count)
{
    m_gates.clear();
    clearLayout(m_gatesLayout);
    for (std::size_t i = 0; i < count; ++i)
        m_gatesLayout->addWidget(buildGate(i));
}

void DocumentPane::refreshGates(const PolicyDocument& document)
{
    if (m_gates.size() != document.gates.size())
        rebuildGates(document.gates.size());
    for (std::size_t i = 0; i < m_gates.size(); ++i) {
        const Gate& gate = document.gates[i];
        const GateRow& row = m_gates[i];
        row.metric->setValue(static_cast<int>(gate.metric));
        row.bound->setValue(gate.atLeast ? 1 : 0);
        const double limit = gate.atLeast.value_or(gate.atMost.value_or(0)) * factorOf(gate.metric);
        row.limit->setValue(std::round(limit * 1e4) / 1e4);
        row.unit->setText(unitOf(gate.metric));
        row.scope->setValue(static_cast<int>(gate.per));
        // A gate per segment has a result for each; the first one is the worst.
        const auto& projection = workbench().projection();
        const GateResult* result = nullptr;
        if (projection) {
            const auto found =
                std::find_if(projection->gates.begin(), projection->gates.end(),
                             [&](const GateResult& each) { return each.gate == gate; });
            result = found == projection->gates.end() ? nullptr : &*found;
        }
        row.verdict->setVisible(result != nullptr);
        if (!result)
            continue;
        const QString reason = QString::fromStdString(result->reason);
        row.verdict->setText(
            reason.isEmpty()
                ? verdictWords(result->verdict)
                : tr("%1: %2", "verdict, reason").arg(verdictWords(result->verdict), reason));
        row.verdict->setTone(toneOf(result->verdict));
    }
}

// Answer style

template<class Change> void DocumentPane::editStyle(Pace pace, Change change)
{
    AnswerStyle style = editor().document().answerStyle;
    change(style);
    push(SetAnswerStyle{style}, pace);
}

void DocumentPane::buildAnswerStyle()
{
    addSection(tr("Answer style: how every answer is evened out"));
    m_flatten = new QCheckBox(tr("Flatten Markdown"));
    m_flatten->setObjectName(QStringLiteral("flattenMarkdown"));
    m_openers = new QCheckBox(tr("Trim stock openers (“Certainly! Here is…”)"));
    m_closers = new QCheckBox(tr("Trim stock closers (“Let me know if…”)"));
    for (QCheckBox* const box : {m_flatten, m_openers, m_closers})
        body()->addWidget(box);
    m_maxWords = new NumberField(tr("Cut after"), {1, 100'000, 10, 0}, tr("words"));
    m_maxWords->setObjectName(QStringLiteral("maxWords"));
    m_maxWords->setEmptyText(tr("no limit"));
    addField(tr("Cut at the last sentence end within"), m_maxWords);
    const auto connectFlag = [this](QCheckBox* box, bool AnswerStyle::* flag) {
        connect(box, &QCheckBox::clicked, this, [this, flag](bool on) {
            editStyle(Pace::Once, [&](AnswerStyle& style) { style.*flag = on; });
        });
    };
    connectFlag(m_flatten, &AnswerStyle::flattenMarkdown);
    connectFlag(m_openers, &AnswerStyle::trimOpeners);
    connectFlag(m_closers, &AnswerStyle::trimClosers);
    connect(m_maxWords, &NumberField::valueEdited, this, [this](std::optional<double> words) {
        editStyle(Pace::Typing, [&](AnswerStyle& style) {
            style.maxWords = words ? std::optional(static_cast<int>(*words)) : std::nullopt;
        });
    });
}

// Voice contract

template<class Change> void DocumentPane::editVoice(Pace pace, Change change)
{
    VoiceContract voice = editor().document().voice;
    change(voice);
    push(SetVoice{std::move(voice)}, pace);
}

void DocumentPane::buildVoice()
{
    addSection(tr("Voice contract: what every answer should sound like"));
    m_wordsLow = new NumberField(tr("Fewest words"), {0, 100'000, 10, 0});
    m_wordsHigh = new NumberField(tr("Most words"), {0, 100'000, 10, 0});
    for (NumberField* const limit : {m_wordsLow, m_wordsHigh})
        limit->setEmptyText(tr("any"));
    body()->addLayout(lineOf(
        {captioned(tr("Fewest words"), m_wordsLow), captioned(tr("Most words"), m_wordsHigh)}));
    const auto setWords = [this] {
        editVoice(Pace::Typing, [&](VoiceContract& voice) {
            voice.words.reset();
            if (m_wordsLow->value() && m_wordsHigh->value())
                voice.words = VoiceContract::Band{*m_wordsLow->value(), *m_wordsHigh->value()};
        });
    };
    connect(m_wordsLow, &NumberField::valueEdited, this, setWords);
    connect(m_wordsHigh, &NumberField::valueEdited, this, setWords);
    m_toneLayout = new QVBoxLayout;
    m_toneLayout->setSpacing(space::kHalf);
    body()->addLayout(m_toneLayout);
    auto* const add = quietAdd(tr("Tone axis"), QStringLiteral("addTone"));
    add->setAccessibleName(tr("Add a tone axis"));
    body()->addWidget(add, 0, Qt::AlignLeft);
    connect(add, &QPushButton::clicked, this, [this] {
        editVoice(Pace::Once, [](VoiceContract& voice) {
            for (const ToneAxis& axis : toneAxes()) {
                const bool used =
                    std::any_of(voice.tone.begin(), voice.tone.end(),
                                [&](const auto& band) { return band.axis == axis.id; });
                if (!used) {
                    voice.tone.push_back({std::string(axis.id), {0.2, 0.8}});
                    return;
                }
            }
        });
    });
    m_golden = new TextField(tr("Golden answers"));
    m_golden->setPlaceholderText(tr("ids of answers that read as they should"));
    addField(tr("Golden answers, by id"), m_golden);
    connect(m_golden, &QLineEdit::textEdited, this, [this](const QString& text) {
        editVoice(Pace::Typing, [&](VoiceContract& voice) { voice.golden = listOf(text); });
    });
}

QWidget* DocumentPane::buildTone(std::size_t index)
{
    auto* const box = new QWidget;
    ToneRow row;
    row.axis = new ChoiceField(tr("Tone axis %1").arg(index + 1));
    for (const ToneAxis& axis : toneAxes()) {
        const auto utf8 = [](std::string_view text) {
            return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
        };
        row.axis->addItem(utf8(axis.label), utf8(axis.id));
        row.axis->setItemData(row.axis->count() - 1,
                              tr("0 is %1, 1 is %2").arg(utf8(axis.low), utf8(axis.high)),
                              Qt::ToolTipRole);
    }
    row.low = new NumberField(tr("From"), {0, 1, 0.05, 2});
    row.high = new NumberField(tr("To"), {0, 1, 0.05, 2});
    auto* const remove = new IconButton(Icon::Close, tr("Remove tone axis %1").arg(index + 1));
    auto* const line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::kHalf);
    line->addWidget(row.axis, 3);
    line->addWidget(row.low, 1);
    line->addWidget(row.high, 1);
    line->addWidget(remove);
    m_tone.push_back(row);
    connect(row.axis, &QComboBox::activated, this, [this, index, field = row.axis] {
        editVoice(Pace::Once, [&](VoiceContract& voice) {
            voice.tone[index].axis = field->currentData().toString().toStdString();
        });
    });
    const auto setBand = [this, index, row] {
        editVoice(Pace::Typing, [&](VoiceContract& voice) {
            voice.tone[index].band = {row.low->value().value_or(0), row.high->value().value_or(1)};
        });
    };
    connect(row.low, &NumberField::valueEdited, this, setBand);
    connect(row.high, &NumberField::valueEdited, this, setBand);
    connect(remove, &IconButton::clicked, this, [this, index] {
        editVoice(Pace::Once, [&](VoiceContract& voice) {
            voice.tone.erase(voice.tone.begin() + static_cast<std::ptrdiff_t>(index));
        });
    });
    return box;
}

void DocumentPane::rebuildTone(std::size_t count)
{
    m_tone.clear();
    clearLayout(m_toneLayout);
    for (std::size_t i = 0; i < count; ++i)
        m_toneLayout->addWidget(buildTone(i));
}

void DocumentPane::refreshVoice(const VoiceContract& voice)
{
    const bool typing = m_wordsLow->hasFocus() || m_wordsHigh->hasFocus();
    if (voice.words) {
        m_wordsLow->setValue(voice.words->low);
        m_wordsHigh->setValue(voice.words->high);
    } else if (!typing) {
        m_wordsLow->setValue(std::nullopt);
        m_wordsHigh->setValue(std::nullopt);
    }
    if (m_tone.size() != voice.tone.size())
        rebuildTone(voice.tone.size());
    for (std::size_t i = 0; i < m_tone.size(); ++i) {
        const QSignalBlocker quiet(m_tone[i].axis);
        m_tone[i].axis->setCurrentIndex(
            m_tone[i].axis->findData(QString::fromStdString(voice.tone[i].axis)));
        m_tone[i].low->setValue(voice.tone[i].band.low);
        m_tone[i].high->setValue(voice.tone[i].band.high);
    }
    showList(m_golden, voice.golden);
}

// Monitoring and tests

template<class Change> void DocumentPane::editMonitoring(Pace pace, Change change)
{
    Monitoring monitoring = editor().document().monitoring;
    change(monitoring);
    push(SetMonitoring{std::move(monitoring)}, pace);
}

void DocumentPane::buildMonitoring()
{
    addSection(tr("Monitoring after release"));
    m_outcomes = new TextField(tr("Outcomes"));
    m_outcomes->setPlaceholderText(tr("thumbs, handover"));
    addField(tr("Outcomes to watch, separated by commas"), m_outcomes);
    m_alpha = new NumberField(tr("False alarms at most"), {0.01, 50, 1, 2}, QStringLiteral("%"));
    m_days = new NumberField(tr("Detect within"), {1, 365, 1, 0}, tr("days"));
    body()->addLayout(lineOf(
        {captioned(tr("False alarms at most"), m_alpha), captioned(tr("Detect within"), m_days)}));
    connect(m_outcomes, &QLineEdit::textEdited, this, [this](const QString& text) {
        editMonitoring(Pace::Typing,
                       [&](Monitoring& monitoring) { monitoring.outcomes = listOf(text); });
    });
    connect(m_alpha, &NumberField::valueEdited, this, [this](std::optional<double> percent) {
        editMonitoring(Pace::Typing, [&](Monitoring& monitoring) {
            monitoring.alpha = percent.value_or(5) / 100;
        });
    });
    connect(m_days, &NumberField::valueEdited, this, [this](std::optional<double> days) {
        editMonitoring(Pace::Typing, [&](Monitoring& monitoring) {
            monitoring.detectWithinDays = static_cast<int>(days.value_or(7));
        });
    });
}

void DocumentPane::buildTests()
{
    addSection(tr("Tests: requests whose way must not change"));
    m_testsLayout = new QVBoxLayout;
    m_testsLayout->setSpacing(space::kHalf);
    body()->addLayout(m_testsLayout);
}

void DocumentPane::refreshTests(const PolicyDocument& document)
{
    if (document == m_testsOf && m_testsLayout->count() > 0)
        return;
    m_testsOf = document;
    clearLayout(m_testsLayout);
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
        row->setToolTip(problem);
        m_testsLayout->addWidget(row);
        if (!problem.isEmpty()) {
            auto* const reason = new TextLabel(problem, TextRole::Caption);
            reason->setMuted(true);
            reason->setWordWrap(true);
            m_testsLayout->addWidget(reason);
        }
        connect(remove, &IconButton::clicked, this, [this, i] {
            std::vector<PolicyTest> tests = editor().document().tests;
            tests.erase(tests.begin() + static_cast<std::ptrdiff_t>(i));
            push(SetTests{std::move(tests)}, Pace::Once);
        });
    }
    auto* const hint = new TextLabel(
        tr("“Try a request” can keep a request with its way as a test."), TextRole::Small);
    hint->setMuted(true);
    hint->setWordWrap(true);
    m_testsLayout->addWidget(hint);
}

void DocumentPane::refresh(const PolicyDocument& document, const PolicySelection& /*selection*/)
{
    m_name->setValue(document.name);
    if (!m_id->hasFocus())
        m_id->setValue(document.id);
    m_note->setValue(document.note);
    m_decideBy->setValue(static_cast<int>(document.decideBy));
    m_baseline->setModels(document.models, document.baseline);
    refreshHoldout(document);
    refreshGates(document);
    showChecked(m_flatten, document.answerStyle.flattenMarkdown);
    showChecked(m_openers, document.answerStyle.trimOpeners);
    showChecked(m_closers, document.answerStyle.trimClosers);
    m_maxWords->setValue(document.answerStyle.maxWords
                             ? std::optional<double>(*document.answerStyle.maxWords)
                             : std::nullopt);
    refreshVoice(document.voice);
    showList(m_outcomes, document.monitoring.outcomes);
    m_alpha->setValue(std::round(document.monitoring.alpha * 1e6) / 1e4);
    m_days->setValue(document.monitoring.detectWithinDays);
    refreshTests(document);
}

void DocumentPane::focusPart(const PolicySelection& selection)
{
    if (selection.path == "holdout")
        (m_holdoutFields->isVisible() ? static_cast<QWidget*>(m_holdoutShare) : m_hasHoldout)
            ->setFocus(Qt::OtherFocusReason);
    else if (selection.path.rfind("gates", 0) == 0 && !m_gates.empty())
        m_gates.front().metric->setFocus(Qt::OtherFocusReason);
    else
        focusName();
}

void DocumentPane::focusName()
{
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

} // namespace signalbox::ui
