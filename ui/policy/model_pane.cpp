// SPDX-License-Identifier: GPL-3.0-or-later
#include "model_pane.h"

#include "policy_paths.h"
#include "policy_words.h"

#include <core/base/clock.h>
#include <core/policy/known_provider.h>
#include <core/prices/list_price.h>
#include <core/prices/price_book.h>
#include <core/prices/price_lookup.h>
#include <core/projection/fallback_edges.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QDate>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

enum KeyKind { NoKey, EnvironmentKey, KeychainKey };

constexpr const char* kEnvironment = "env:";
constexpr const char* kKeychain = "keychain:";

/// "env:NAME" as kind and name.
std::pair<KeyKind, QString> keyOf(const std::string& reference)
{
    const QString text = QString::fromStdString(reference);
    if (text.startsWith(QLatin1String(kEnvironment)))
        return {EnvironmentKey, text.mid(4)};
    if (text.startsWith(QLatin1String(kKeychain)))
        return {KeychainKey, text.mid(9)};
    return {NoKey, text};
}

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// What is asked when no address is entered, or what one looks like.
QString usualAddress(const std::string& provider)
{
    const KnownProvider* const known = knownProvider(provider);
    if (!known)
        return {};
    return textOf(known->baseUrl.empty() ? known->example : known->baseUrl);
}

Day today()
{
    return dayOf(systemClock().unixMs());
}

bool callsModel(const Plan& plan, const ModelId& model)
{
    const std::vector<ModelId> models = modelsOf(plan);
    return std::find(models.begin(), models.end(), model) != models.end();
}

} // namespace

ModelPane::ModelPane(Workbench& workbench, QWidget* parent) : InspectorPane(workbench, parent)
{
    setObjectName(QStringLiteral("modelPane"));
    m_name = new TextField(tr("Name in this policy"));
    m_name->setObjectName(QStringLiteral("modelId"));
    addField(tr("Name in this policy"), m_name);
    connect(m_name, &QLineEdit::editingFinished, this, [this] {
        m_name->setPending(false);
        const ModelId wanted(m_name->text().trimmed().toStdString());
        if (wanted == m_id || wanted.isEmpty() || editor().document().findModel(wanted)) {
            m_name->setValue(m_id.value);
            return;
        }
        edit(Pace::Once, [&](ModelSpec& model) { model.id = wanted; });
    });
    buildConnection();
    buildPrice();
    buildRest();
}

void ModelPane::buildConnection()
{
    addSection(tr("Where it answers"));
    m_provider = new ChoiceField(tr("Provider"));
    m_provider->setObjectName(QStringLiteral("modelProvider"));
    m_provider->addItem(tr("OpenAI-compatible server"), QStringLiteral("openai"));
    for (const KnownProvider& known : knownProviders())
        if (known.name != "openai" && known.name != "simulator")
            m_provider->addItem(textOf(known.label), textOf(known.name));
    m_provider->addItem(tr("Built-in simulator"), QStringLiteral("simulator"));
    addField(tr("Provider"), m_provider);
    m_upstream = new TextField(tr("Model name at the provider"));
    m_upstream->setObjectName(QStringLiteral("upstreamModel"));
    addField(tr("Model name at the provider"), m_upstream);

    m_address = new QWidget;
    auto* const address = new QVBoxLayout(m_address);
    address->setContentsMargins(0, 0, 0, 0);
    address->setSpacing(space::kUnit);
    m_baseUrl = new TextField(tr("Base URL"));
    m_baseUrl->setObjectName(QStringLiteral("baseUrl"));
    address->addWidget(captioned(tr("Base URL"), m_baseUrl));
    m_keyKind = new ChoiceField(tr("Where the key is kept"));
    m_keyKind->addItem(tr("no key"), NoKey);
    m_keyKind->addItem(tr("environment"), EnvironmentKey);
    m_keyKind->addItem(tr("keychain"), KeychainKey);
    m_keyName = new TextField(tr("Name of the key"));
    m_keyName->setToolTip(
        tr("The name under which the key is found. The key itself never enters the policy."));
    auto* const key = new QHBoxLayout;
    key->setSpacing(space::kHalf);
    key->addWidget(captioned(tr("Key from"), m_keyKind), 2);
    key->addWidget(captioned(tr("Name of the key"), m_keyName), 3);
    address->addLayout(key);
    body()->addWidget(m_address);

    connect(m_provider, &QComboBox::activated, this, [this] {
        edit(Pace::Once, [&](ModelSpec& model) {
            model.provider = m_provider->currentData().toString().toStdString();
        });
    });
    connect(m_upstream, &QLineEdit::textEdited, this, [this](const QString& text) {
        edit(Pace::Typing,
             [&](ModelSpec& model) { model.upstreamModel = text.trimmed().toStdString(); });
    });
    connect(m_baseUrl, &QLineEdit::textEdited, this, [this](const QString& text) {
        edit(Pace::Typing, [&](ModelSpec& model) { model.baseUrl = text.trimmed().toStdString(); });
    });
    connect(m_keyKind, &QComboBox::activated, this, &ModelPane::setKeyReference);
    connect(m_keyName, &QLineEdit::textEdited, this, &ModelPane::setKeyReference);
}

void ModelPane::setKeyReference()
{
    const QString name = m_keyName->text().trimmed();
    std::string reference;
    if (m_keyKind->value() == EnvironmentKey)
        reference = kEnvironment + (name.isEmpty() ? std::string("API_KEY") : name.toStdString());
    else if (m_keyKind->value() == KeychainKey)
        reference = kKeychain + (name.isEmpty() ? m_id.value : name.toStdString());
    edit(Pace::Typing, [&](ModelSpec& model) { model.keyRef = reference; });
}

void ModelPane::buildPrice()
{
    addSection(tr("Price"));
    m_priceKnown = new QCheckBox(tr("Price is known"));
    m_priceKnown->setToolTip(
        tr("An unknown price stays unknown in every number. It never counts as 0."));
    body()->addWidget(m_priceKnown);
    m_priceFields = new QWidget;
    auto* const line = new QHBoxLayout(m_priceFields);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::kHalf);
    m_input = new NumberField(tr("USD per million input tokens"), {0, 1e6, 0.1, 6});
    m_input->setObjectName(QStringLiteral("priceInput"));
    m_output = new NumberField(tr("USD per million output tokens"), {0, 1e6, 0.1, 6});
    m_output->setObjectName(QStringLiteral("priceOutput"));
    m_asOf = new TextField(tr("Price as of"));
    m_asOf->setPlaceholderText(QStringLiteral("2023-06-13"));
    line->addWidget(captioned(tr("In, $ per 1M tokens"), m_input), 3);
    line->addWidget(captioned(tr("Out, $ per 1M tokens"), m_output), 3);
    line->addWidget(captioned(tr("As of"), m_asOf), 3);
    body()->addWidget(m_priceFields);
    auto* const listed = new QHBoxLayout;
    listed->setSpacing(space::kUnit);
    m_listed = new TextLabel({}, TextRole::Small);
    m_listed->setObjectName(QStringLiteral("listedPrice"));
    m_listed->setMuted(true);
    m_listed->setWordWrap(true);
    m_takeListed = new QPushButton(tr("Take it", "the price of the price book"));
    m_takeListed->setObjectName(QStringLiteral("takeListedPrice"));
    m_takeListed->setAccessibleName(tr("Take the price of the price book"));
    setButtonKind(m_takeListed, ButtonKind::Quiet);
    listed->addWidget(m_listed, 1);
    listed->addWidget(m_takeListed, 0, Qt::AlignTop);
    body()->addLayout(listed);
    connect(m_takeListed, &QPushButton::clicked, this, &ModelPane::takeListed);
    m_age = new Badge({}, Tone::Caution);
    m_age->setObjectName(QStringLiteral("priceAge"));
    m_age->setToolTip(tr("Prices change. Look the price up again and say of when it is."));
    body()->addWidget(m_age, 0, Qt::AlignLeft);

    connect(m_priceKnown, &QCheckBox::clicked, this, [this](bool known) {
        // Nothing is known until both numbers are: a price that is half typed is not 0.
        m_pricing = known ? m_id : ModelId();
        m_priceFields->setVisible(known);
        if (known)
            m_input->setFocus(Qt::OtherFocusReason);
        else
            edit(Pace::Once, [](ModelSpec& model) { model.price.reset(); });
    });
    for (NumberField* const field : {m_input, m_output})
        connect(field, &NumberField::valueEdited, this, &ModelPane::setPrice);
    connect(m_asOf, &QLineEdit::editingFinished, this, [this] {
        m_asOf->setPending(false);
        const QString text = m_asOf->text().trimmed();
        const ModelSpec* const model = editor().document().findModel(m_id);
        if (!model || !model->price)
            return;
        if (!text.isEmpty() && !QDate::fromString(text, Qt::ISODate).isValid()) {
            m_asOf->setValue(model->price->asOf);
            return;
        }
        edit(Pace::Once, [&](ModelSpec& changed) { changed.price->asOf = text.toStdString(); });
    });
}

void ModelPane::setPrice()
{
    if (!m_input->value() || !m_output->value())
        return;
    edit(Pace::Typing, [&](ModelSpec& model) {
        if (!model.price)
            model.price = Price{{}, {}, QDate::currentDate().toString(Qt::ISODate).toStdString()};
        model.price->inputPerToken = pricePerTokenFromUsdPerMTok(*m_input->value());
        model.price->outputPerToken = pricePerTokenFromUsdPerMTok(*m_output->value());
    });
}

void ModelPane::buildRest()
{
    addSection(tr("How it should answer"));
    m_styleGuide = new NoteField(tr("Style guide"), 8);
    m_styleGuide->setPlaceholderText(
        tr("Put before the system prompt, e.g. “Answer in at most four sentences.”"));
    addField(tr("Style guide"), m_styleGuide);
    m_context = new NumberField(tr("Context window"), {1, 1e8, 1024, 0}, tr("tokens"));
    m_context->setEmptyText(tr("unknown"));
    addField(tr("Context window"), m_context);
    connect(m_styleGuide, &NoteField::textEdited, this, [this](const QString& text) {
        edit(Pace::Typing, [&](ModelSpec& model) { model.styleGuide = text.toStdString(); });
    });
    connect(m_context, &NumberField::valueEdited, this, [this](std::optional<double> tokens) {
        edit(Pace::Typing, [&](ModelSpec& model) {
            model.contextTokens =
                tokens ? std::optional<int>(static_cast<int>(*tokens)) : std::nullopt;
        });
    });

    addSection(tr("Part in this policy"));
    m_uses = new TextLabel({}, TextRole::Small);
    m_uses->setMuted(true);
    m_uses->setWordWrap(true);
    body()->addWidget(m_uses);
    m_baseline = new QPushButton(icon(Icon::Star), tr("Make it the baseline"));
    m_baseline->setToolTip(tr("Savings and satisfaction are measured against the baseline."));
    body()->addWidget(m_baseline, 0, Qt::AlignLeft);
    connect(m_baseline, &QPushButton::clicked, this,
            [this] { push(SetBaseline{m_id}, Pace::Once); });
}

template<class Change> void ModelPane::edit(Pace pace, Change change)
{
    const ModelSpec* const model = editor().document().findModel(m_id);
    if (!model)
        return;
    ModelSpec changed = *model;
    change(changed);
    push(ReplaceModel{m_id, std::move(changed)}, pace);
}

void ModelPane::refresh(const PolicyDocument& document, const PolicySelection& selection)
{
    const ModelSpec* const model = document.findModel(ModelId(selection.id));
    if (!model)
        return;
    const bool another = m_id != model->id;
    m_id = model->id;
    if (another || !m_name->isPending())
        m_name->setValue(model->id.value);
    const QString provider = QString::fromStdString(model->provider);
    if (m_provider->findData(provider) < 0)
        m_provider->addItem(provider, provider);
    m_provider->setCurrentIndex(m_provider->findData(provider));
    m_upstream->setValue(model->upstreamModel);
    m_address->setVisible(model->provider != "simulator");
    m_baseUrl->setPlaceholderText(usualAddress(model->provider));
    m_baseUrl->setValue(model->baseUrl);
    const auto [kind, name] = keyOf(model->keyRef);
    m_keyKind->setValue(kind);
    m_keyName->setValue(name.toStdString());
    m_keyName->setEnabled(kind != NoKey);
    showPrice(*model);
    m_context->setValue(model->contextTokens ? std::optional<double>(*model->contextTokens)
                                             : std::nullopt);
    m_styleGuide->setValue(model->styleGuide);
    m_baseline->setEnabled(document.baseline != model->id);
    showUses(document);
}

void ModelPane::showPrice(const ModelSpec& model)
{
    const QSignalBlocker quiet(m_priceKnown);
    const bool shown = model.price || m_pricing == model.id;
    m_priceKnown->setChecked(shown);
    m_priceFields->setVisible(shown);
    showAge(model);
    showListed(model);
    if (!model.price) {
        if (m_pricing != model.id) {
            m_input->setValue(std::nullopt);
            m_output->setValue(std::nullopt);
            m_asOf->clear();
        }
        return;
    }
    m_input->setValue(usdPerMTok(model.price->inputPerToken));
    m_output->setValue(usdPerMTok(model.price->outputPerToken));
    if (!m_asOf->isPending())
        m_asOf->setValue(model.price->asOf);
}

/// What the price book says where it is not what stands here.
void ModelPane::showListed(const ModelSpec& model)
{
    const auto listed = listPriceOf(*workbench().prices().book(), billedModelOf(model), today());
    const bool isOther =
        listed && (!model.price || listed->inputPerToken != model.price->inputPerToken ||
                   listed->outputPerToken != model.price->outputPerToken);
    const bool isMissed = !listed && !model.price;
    const bool isBilled = model.provider != "simulator";
    m_listed->setVisible(isBilled && (isOther || isMissed));
    m_takeListed->setVisible(isBilled && isOther);
    if (isOther)
        m_listed->setText(tr("The price book says %1 in, %2 out per 1M tokens, as of %3.")
                              .arg(format::money(usdPerMTok(listed->inputPerToken)),
                                   format::money(usdPerMTok(listed->outputPerToken)),
                                   QString::fromStdString(listed->asOf)));
    else if (isMissed)
        m_listed->setText(
            tr("The price book does not help: %1").arg(PolicyWords::text(listed.error().message)));
}

void ModelPane::takeListed()
{
    const ModelSpec* const model = editor().document().findModel(m_id);
    const auto listed =
        model ? listPriceOf(*workbench().prices().book(), billedModelOf(*model), today())
              : Result<Price>(Price());
    if (model && listed)
        edit(Pace::Once, [&](ModelSpec& changed) { changed.price = *listed; });
}

/// Of what is paid for; simulated prices are of no day.
void ModelPane::showAge(const ModelSpec& model)
{
    const auto asOf = model.price ? daysOf(model.price->asOf) : std::nullopt;
    const auto days = asOf ? PlanEvidence::todayByTheClock() - *asOf : 0;
    const bool isStale = days > kStalePriceDays && model.provider != "simulator";
    m_age->setVisible(isStale);
    if (isStale)
        m_age->setText(tr("%n days old", "a price", static_cast<int>(days)));
}

void ModelPane::showUses(const PolicyDocument& document)
{
    QStringList uses;
    for (const Rule& rule : document.rules) {
        if (callsModel(rule.plan, m_id))
            uses << tr("“%1”").arg(PolicyWords::rule(rule));
    }
    if (callsModel(document.otherwise, m_id))
        uses << tr("otherwise");
    if (document.holdout && document.holdout->model == m_id)
        uses << tr("the holdout");
    QString words =
        uses.isEmpty() ? tr("Nothing calls it yet.") : tr("Called by %1.").arg(uses.join(tr(", ")));
    if (document.baseline == m_id)
        words += QLatin1Char(' ') + tr("It is the baseline.");
    m_uses->setText(words);
}

void ModelPane::focusPart(const PolicySelection& /*selection*/)
{
    focusName();
}

void ModelPane::focusName()
{
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

} // namespace signalbox::ui
