// SPDX-License-Identifier: GPL-3.0-or-later
#include "request_form.h"

#include "fields.h"
#include "policy_words.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QPushButton>
#include <QTimeZone>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace signalbox::ui {
namespace {

std::optional<Scalar> metadataOf(const Request& request, const std::string& key)
{
    for (const MetadataEntry& entry : request.metadata) {
        if (entry.key == key)
            return entry.value;
    }
    return std::nullopt;
}

std::string headerOf(const Request& request, const std::string& name)
{
    for (const HeaderEntry& header : request.headers) {
        if (header.name == name)
            return header.value;
    }
    return {};
}

} // namespace

RequestForm::RequestForm(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("requestForm"));
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(space::kUnit);
    m_request.messages.push_back({});
    buildConversation();
    buildContext();
}

void RequestForm::setRequest(const Request& request)
{
    m_request = request;
    if (m_request.messages.empty())
        m_request.messages.push_back({});
    rebuildTurns();
    rebuildContext();
    m_style->setCurrentIndex(
        std::max(0, m_style->findData(QString::fromStdString(m_request.style.value_or("")))));
}

void RequestForm::setSignals(const std::vector<Signal>& all)
{
    if (all == m_signals)
        return;
    m_signals = all;
    rebuildContext();
}

bool RequestForm::isEmpty() const
{
    return std::all_of(m_request.messages.begin(), m_request.messages.end(),
                       [](const Message& message) { return message.text.empty(); });
}

void RequestForm::focusMessage()
{
    if (auto* const message = findChild<NoteField*>(QStringLiteral("tryMessage")))
        message->setFocus(Qt::OtherFocusReason);
}

void RequestForm::buildConversation()
{
    m_turns = new QVBoxLayout;
    m_turns->setSpacing(space::kHalf);
    m_layout->addLayout(m_turns);
    auto* const add = new QPushButton(icon(Icon::Add), tr("Add a turn"));
    add->setObjectName(QStringLiteral("addTurn"));
    add->setAccessibleName(tr("Add a turn to the conversation"));
    setButtonKind(add, ButtonKind::Quiet);
    m_layout->addWidget(add, 0, Qt::AlignLeft);
    connect(add, &QPushButton::clicked, this, [this] {
        const bool answered =
            !m_request.messages.empty() && m_request.messages.back().role == Role::User;
        m_request.messages.push_back({answered ? Role::Assistant : Role::User, {}, 0});
        rebuildTurns();
        emit edited();
    });
    rebuildTurns();
}

void RequestForm::buildContext()
{
    m_style = new ChoiceField(tr("Answer style asked for"));
    m_style->setObjectName(QStringLiteral("tryStyle"));
    m_style->addItem(tr("none"), QString());
    for (const char* const style : {"concise", "balanced", "detailed"})
        m_style->addItem(QLatin1String(style), QLatin1String(style));
    m_layout->addWidget(captioned(tr("Answer style asked for"), m_style));
    connect(m_style, &QComboBox::activated, this, [this] {
        const std::string style = m_style->currentData().toString().toStdString();
        m_request.style = style.empty() ? std::nullopt : std::optional(style);
        emit edited();
    });
    m_context = new QVBoxLayout;
    m_context->setSpacing(space::kUnit);
    m_layout->addLayout(m_context);
}

void RequestForm::rebuildTurns()
{
    clearLayout(m_turns);
    for (std::size_t i = 0; i < m_request.messages.size(); ++i)
        m_turns->addWidget(buildTurn(i));
}

QWidget* RequestForm::buildTurn(std::size_t index)
{
    auto* const box = new QWidget;
    auto* const layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny);
    const Message& message = m_request.messages[index];
    const bool alone = m_request.messages.size() == 1;
    auto* const text = new NoteField(tr("Message %1").arg(index + 1), alone ? 8 : 5);
    text->setUndoScope(UndoScope::TypingOnly);
    text->setObjectName(QStringLiteral("tryMessage"));
    text->setPlaceholderText(tr("Type a message to see where it goes"));
    text->setValue(message.text);
    if (!alone) {
        auto* const head = new QHBoxLayout;
        head->setSpacing(space::kHalf);
        auto* const role = new ChoiceField(tr("Who says message %1").arg(index + 1));
        for (const Role each : {Role::System, Role::User, Role::Assistant, Role::Tool})
            role->addItem(PolicyWords::role(each), static_cast<int>(each));
        role->setValue(static_cast<int>(message.role));
        role->setMaximumWidth(120);
        auto* const remove = new IconButton(Icon::Close, tr("Remove message %1").arg(index + 1));
        head->addWidget(role);
        head->addStretch(1);
        head->addWidget(remove);
        layout->addLayout(head);
        connect(role, &QComboBox::activated, this, [this, index, role] {
            m_request.messages[index].role = static_cast<Role>(role->value());
            emit edited();
        });
        connect(remove, &IconButton::clicked, this, [this, index] {
            m_request.messages.erase(m_request.messages.begin() +
                                     static_cast<std::ptrdiff_t>(index));
            rebuildTurns();
            emit edited();
        });
    }
    layout->addWidget(text);
    connect(text, &NoteField::textEdited, this, [this, index](const QString& typed) {
        m_request.messages[index].text = typed.toStdString();
        emit edited();
    });
    return box;
}

/// Fields for what this policy looks at beside the text, and for nothing else.
void RequestForm::rebuildContext()
{
    clearLayout(m_context);
    bool asksStyle = false;
    bool asksTime = false;
    for (const Signal& signal : m_signals) {
        if (const auto* const metadata = std::get_if<MetadataSource>(&signal.source))
            addMetadataField(*metadata);
        else if (const auto* const header = std::get_if<HeaderSource>(&signal.source))
            addHeaderField(*header);
        else if (const auto* const field = std::get_if<FieldSource>(&signal.source))
            addPropertyField(field->field);
        else if (const auto* const usage = std::get_if<UsageSource>(&signal.source))
            addReadingField(signal, *usage);
        else if (const auto* const window = std::get_if<TimeWindowSource>(&signal.source);
                 window && !std::exchange(asksTime, true))
            addTimeField(*window);
        else if (std::holds_alternative<StyleSource>(signal.source))
            asksStyle = true;
    }
    // Thresholds by style ask for it too, so it stays while anything does.
    m_style->parentWidget()->setVisible(asksStyle || m_request.style.has_value());
}

void RequestForm::addMetadataField(const MetadataSource& source)
{
    const QString caption = tr("Metadata “%1”").arg(PolicyWords::text(source.key));
    const std::optional<Scalar> value = metadataOf(m_request, source.key);
    const std::string key = source.key;
    if (source.type == ValueType::Number) {
        auto* const field = new NumberField(caption, {-1e12, 1e12, 1, 4});
        field->setUndoScope(UndoScope::TypingOnly);
        field->setEmptyText(tr("missing"));
        if (const auto* const number = value ? std::get_if<double>(&*value) : nullptr)
            field->setValue(*number);
        connect(field, &NumberField::valueEdited, this, [this, key](std::optional<double> number) {
            setMetadata(key, number ? std::optional<Scalar>(*number) : std::nullopt);
        });
        m_context->addWidget(captioned(caption, field));
        return;
    }
    if (source.type == ValueType::Boolean) {
        auto* const field = new ChoiceField(caption);
        field->addItem(tr("missing"), -1);
        field->addItem(PolicyWords::tr("yes"), 1);
        field->addItem(PolicyWords::tr("no"), 0);
        const auto* const yes = value ? std::get_if<bool>(&*value) : nullptr;
        field->setValue(yes ? (*yes ? 1 : 0) : -1);
        connect(field, &QComboBox::activated, this, [this, key, field] {
            setMetadata(key, field->value() < 0 ? std::nullopt
                                                : std::optional<Scalar>(field->value() == 1));
        });
        m_context->addWidget(captioned(caption, field));
        return;
    }
    auto* const field = new TextField(caption);
    field->setUndoScope(UndoScope::TypingOnly);
    field->setObjectName(QStringLiteral("tryMetadata"));
    field->setPlaceholderText(tr("missing"));
    if (const auto* const words = value ? std::get_if<std::string>(&*value) : nullptr)
        field->setValue(*words);
    connect(field, &QLineEdit::textEdited, this, [this, key](const QString& text) {
        setMetadata(key, text.isEmpty() ? std::nullopt : std::optional<Scalar>(text.toStdString()));
    });
    m_context->addWidget(captioned(caption, field));
}

void RequestForm::addHeaderField(const HeaderSource& source)
{
    const QString caption = tr("Header “%1”").arg(PolicyWords::text(source.name));
    auto* const field = new TextField(caption);
    field->setUndoScope(UndoScope::TypingOnly);
    field->setPlaceholderText(tr("missing"));
    field->setValue(headerOf(m_request, source.name));
    connect(field, &QLineEdit::textEdited, this, [this, name = source.name](const QString& text) {
        setHeader(name, text.toStdString());
    });
    m_context->addWidget(captioned(caption, field));
}

void RequestForm::addPropertyField(RequestField field)
{
    const QString caption = PolicyWords::field(field);
    if (field == RequestField::HasTools) {
        auto* const box = new QCheckBox(caption);
        box->setChecked(m_request.hasTools);
        connect(box, &QCheckBox::clicked, this, [this](bool on) {
            m_request.hasTools = on;
            emit edited();
        });
        m_context->addWidget(box);
    } else if (field == RequestField::HasImages) {
        auto* const box = new QCheckBox(caption);
        box->setChecked(!m_request.messages.empty() && m_request.messages.back().images > 0);
        connect(box, &QCheckBox::clicked, this, [this](bool on) {
            if (!m_request.messages.empty())
                m_request.messages.back().images = on ? 1 : 0;
            emit edited();
        });
        m_context->addWidget(box);
    } else if (field == RequestField::MaxTokens) {
        auto* const tokens = new NumberField(caption, {1, 1e7, 16, 0});
        tokens->setUndoScope(UndoScope::TypingOnly);
        tokens->setEmptyText(tr("missing"));
        tokens->setValue(m_request.maxTokens ? std::optional<double>(*m_request.maxTokens)
                                             : std::nullopt);
        connect(tokens, &NumberField::valueEdited, this, [this](std::optional<double> number) {
            m_request.maxTokens =
                number ? std::optional<int>(static_cast<int>(*number)) : std::nullopt;
            emit edited();
        });
        m_context->addWidget(captioned(caption, tokens));
    } else if (field == RequestField::RequestedModel) {
        auto* const model = new TextField(caption);
        model->setUndoScope(UndoScope::TypingOnly);
        model->setValue(m_request.requestedModel);
        connect(model, &QLineEdit::textEdited, this, [this](const QString& text) {
            m_request.requestedModel = text.toStdString();
            emit edited();
        });
        m_context->addWidget(captioned(caption, model));
    }
    // Turn and number of messages follow from the conversation itself.
}

/// When the request comes in, on a clock of the policy's first time window.
void RequestForm::addTimeField(const TimeWindowSource& source)
{
    const QTimeZone zone(QByteArray::fromStdString(source.zone));
    const QString place = zone.isValid() ? PolicyWords::text(source.zone) : QStringLiteral("UTC");
    const QTimeZone clock = zone.isValid() ? zone : QTimeZone::utc();
    const QString format = QStringLiteral("yyyy-MM-dd HH:mm");
    auto* const field = new TextField(tr("Time of the request in %1").arg(place));
    field->setUndoScope(UndoScope::TypingOnly);
    field->setObjectName(QStringLiteral("tryTime"));
    field->setPlaceholderText(
        tr("not said, for example %1").arg(QStringLiteral("2026-01-31 09:30")));
    if (m_request.timeMs)
        field->setText(QDateTime::fromMSecsSinceEpoch(*m_request.timeMs, clock).toString(format));
    connect(field, &QLineEdit::textEdited, this, [this, clock, format](const QString& text) {
        QDateTime time = QDateTime::fromString(text.trimmed(), format);
        time.setTimeZone(clock);
        if (!time.isValid() && !text.trimmed().isEmpty())
            return; // half typed
        m_request.timeMs = text.trimmed().isEmpty()
                               ? std::nullopt
                               : std::optional<std::int64_t>(time.toMSecsSinceEpoch());
        emit edited();
    });
    m_context->addWidget(captioned(tr("Time of the request, on a clock in %1").arg(place), field));
}

void RequestForm::addReadingField(const Signal& signal, const UsageSource& source)
{
    const QString caption =
        tr("%1 of %2 in the last %3", "requests of the user in the last 60 s")
            .arg(PolicyWords::usageMeasure(source.measure), PolicyWords::usageUnit(source.per),
                 PolicyWords::timeSpan(source.windowSeconds));
    auto* const field = new NumberField(caption, {0, 1e12, 1, 6});
    field->setUndoScope(UndoScope::TypingOnly);
    field->setObjectName(QStringLiteral("tryReading"));
    field->setEmptyText(tr("missing"));
    const auto reading = std::ranges::find(m_request.usage, signal.id, &UsageReading::signal);
    if (reading != m_request.usage.end())
        field->setValue(reading->value);
    connect(field, &NumberField::valueEdited, this,
            [this, id = signal.id](std::optional<double> value) { setReading(id, value); });
    m_context->addWidget(
        captioned(tr("Meter “%1”: %2").arg(PolicyWords::text(signal.id.value), caption), field));
}

void RequestForm::setReading(const SignalId& signal, std::optional<double> value)
{
    std::erase_if(m_request.usage,
                  [&](const UsageReading& reading) { return reading.signal == signal; });
    if (value)
        m_request.usage.push_back({signal, *value});
    emit edited();
}

void RequestForm::setMetadata(const std::string& key, std::optional<Scalar> value)
{
    std::erase_if(m_request.metadata, [&](const MetadataEntry& entry) { return entry.key == key; });
    if (value)
        m_request.metadata.push_back({key, std::move(*value)});
    emit edited();
}

void RequestForm::setHeader(const std::string& name, const std::string& value)
{
    std::erase_if(m_request.headers,
                  [&](const HeaderEntry& header) { return header.name == name; });
    if (!value.empty())
        m_request.headers.push_back({name, value});
    emit edited();
}

} // namespace signalbox::ui
