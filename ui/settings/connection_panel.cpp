// SPDX-License-Identifier: GPL-3.0-or-later
#include "connection_panel.h"

#include <core/providers/endpoint.h>
#include <core/providers/key_store.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace signalbox::ui {

namespace {

enum KeyKind { NoKey, FromEnvironment, FromKeychain };

constexpr int kIdRole = Qt::UserRole;          ///< as the server writes it
constexpr int kContextRole = Qt::UserRole + 1; ///< tokens; invalid: unknown

/// "llama-3.1:8b" at 127.0.0.1 becomes an id that the policy does not have yet.
ModelId freeId(const PolicyDocument& document, const std::string& upstream)
{
    ModelId id(upstream);
    for (int number = 2; document.findModel(id); ++number)
        id = ModelId(upstream + "-" + std::to_string(number));
    return id;
}

} // namespace

ConnectionPanel::ConnectionPanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_workbench(workbench), m_discovery(workbench.services().transport)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    buildLocalServers(layout);
    layout->addSpacing(space::kWide);
    buildAddress(layout);
    buildModels(layout);
    connectDiscovery();
    m_discovery.search();
}

ConnectionPanel::~ConnectionPanel() = default;

void ConnectionPanel::buildLocalServers(QVBoxLayout* layout)
{
    m_localHeader = new SectionHeader(tr("Model servers on this computer"), this);
    auto* again = new QPushButton(tr("Look again"), this);
    again->setObjectName(QStringLiteral("lookAgain"));
    connect(again, &QPushButton::clicked, this, [this] { m_discovery.search(); });
    m_localHeader->addControl(again);
    layout->addWidget(m_localHeader);
    m_localState = new TextLabel(tr("Looking at the usual ports …"), TextRole::Body, this);
    m_localState->setObjectName(QStringLiteral("localState"));
    m_localState->setMuted(true);
    m_localState->setWordWrap(true);
    layout->addWidget(m_localState);
    m_local = new QVBoxLayout;
    m_local->setSpacing(space::kHalf);
    layout->addLayout(m_local);
}

void ConnectionPanel::connectDiscovery()
{
    connect(&m_discovery, &ServerDiscovery::finished, this, [this] {
        const QWidget* focused = window()->focusWidget();
        QString chosen; // the button that has the keyboard, to be found again
        while (QLayoutItem* item = m_local->takeAt(0)) {
            if (focused && item->widget()->isAncestorOf(focused))
                chosen = std::exchange(focused, nullptr)->objectName();
            delete item->widget();
            delete item;
        }
        const std::vector<LocalServer> servers = m_discovery.servers();
        m_localState->setVisible(servers.empty());
        m_localState->setText(
            tr("None found on ports 11434 (Ollama), 8080 (llama.cpp), 1234 (LM Studio) "
               "and 8000 (vLLM). Start one and look again, or give an address below."));
        for (const LocalServer& server : servers)
            showServer(server);
        if (chosen.isEmpty())
            return;
        auto* same = findChild<QPushButton*>(chosen);
        (same ? same : findChild<QPushButton*>(QStringLiteral("lookAgain")))->setFocus();
    });
}

void ConnectionPanel::showServer(const LocalServer& server)
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    const QString models = server.wantsKey
                               ? tr("wants a key")
                               : tr("%n model(s)", nullptr, static_cast<int>(server.models.size()));
    layout->addWidget(new ElidedLabel(tr("%1 at %2, %3", "label, address, models")
                                          .arg(QString::fromStdString(server.label),
                                               QString::fromStdString(server.baseUrl), models),
                                      TextRole::Body, row),
                      1);
    auto* use = new QPushButton(tr("Use"), row);
    use->setAccessibleName(tr("Use %1").arg(QString::fromStdString(server.label)));
    use->setObjectName(QStringLiteral("use.") + QString::fromStdString(server.baseUrl));
    connect(use, &QPushButton::clicked, this, [this, server] { useServer(server); });
    layout->addWidget(use);
    m_local->addWidget(row);
}

void ConnectionPanel::useServer(const LocalServer& server)
{
    m_address->setText(QString::fromStdString(server.baseUrl));
    m_keyKind->setCurrentIndex(server.wantsKey ? FromEnvironment : NoKey);
    forgetModels(); // also where the fields were like this before
    if (server.wantsKey)
        m_keyName->setFocus();
    else
        showModels(enteredConnection(), server.models);
}

void ConnectionPanel::buildAddress(QVBoxLayout* layout)
{
    layout->addWidget(new SectionHeader(tr("Any OpenAI-compatible server"), this));
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(space::kWide);
    form->setVerticalSpacing(space::kUnit);
    m_address = new QLineEdit(this);
    m_address->setObjectName(QStringLiteral("address"));
    m_address->setPlaceholderText(
        tr("for example %1").arg(QStringLiteral("https://api.openai.com/v1")));
    m_keyKind = new QComboBox(this);
    m_keyKind->setObjectName(QStringLiteral("keyKind"));
    m_keyKind->addItems(
        {tr("No key"), tr("From an environment variable"), tr("From the keychain")});
    m_keyName = new QLineEdit(this);
    m_keyName->setObjectName(QStringLiteral("keyName"));
    m_keyName->setPlaceholderText(QStringLiteral("OPENAI_API_KEY"));
    m_key = new QLineEdit(this);
    m_key->setObjectName(QStringLiteral("key"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setPlaceholderText(tr("leave empty to use the key that is kept already"));
    form->addRow(tr("&Address"), m_address);
    form->addRow(tr("&Key"), m_keyKind);
    form->addRow(tr("&Name of the key"), m_keyName);
    form->addRow(tr("New key, kept in the key&chain"), m_key);
    layout->addLayout(form);
    const auto showKeyRows = [this, form](int kind) {
        for (QWidget* field : {static_cast<QWidget*>(m_keyName), static_cast<QWidget*>(m_key)}) {
            const bool wanted =
                kind == FromKeychain || (kind == FromEnvironment && field == m_keyName);
            field->setVisible(wanted);
            form->labelForField(field)->setVisible(wanted);
        }
    };
    connect(m_keyKind, &QComboBox::currentIndexChanged, this, showKeyRows);
    showKeyRows(NoKey);

    m_fetch = new QPushButton(tr("Fetch its models"), this);
    m_fetch->setObjectName(QStringLiteral("fetch"));
    m_fetch->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_fetchNote = new TextLabel(tr("Enter an address first."), TextRole::Small, this);
    m_fetchNote->setObjectName(QStringLiteral("fetchNote"));
    m_fetchNote->setMuted(true);
    auto* fetchRow = new QHBoxLayout;
    fetchRow->setSpacing(space::kGap);
    fetchRow->addWidget(m_fetch);
    fetchRow->addWidget(m_fetchNote, 1);
    form->addRow(QString(), fetchRow);
    connect(m_fetch, &QPushButton::clicked, this, [this] { fetchModels(); });
    for (const QLineEdit* field : {m_address, m_keyName, m_key})
        connect(field, &QLineEdit::returnPressed, this, [this] { fetchModels(); });
    // A list belongs to the address and the key that it was fetched with.
    for (const QLineEdit* field : {m_address, m_keyName})
        connect(field, &QLineEdit::textChanged, this, [this] { forgetModels(); });
    connect(m_keyKind, &QComboBox::currentIndexChanged, this, [this] { forgetModels(); });
    m_answer = new Callout(Tone::Accent, this);
    m_answer->setObjectName(QStringLiteral("answer"));
    m_answer->setDismissible(true);
    connect(m_answer, &Callout::dismissed, m_answer, &QWidget::hide);
    m_answer->hide();
    layout->addWidget(m_answer);
}

void ConnectionPanel::buildModels(QVBoxLayout* layout)
{
    m_models = new QListWidget(this);
    m_models->setObjectName(QStringLiteral("models"));
    m_models->setAccessibleName(tr("Models of the server"));
    m_models->setMinimumHeight(160);
    layout->addWidget(m_models);
    m_add = new QPushButton(tr("Add the chosen models to the policy"), this);
    m_add->setObjectName(QStringLiteral("addModels"));
    setButtonKind(m_add, ButtonKind::Primary);
    layout->addWidget(m_add, 0, Qt::AlignLeft);
    connect(m_add, &QPushButton::clicked, this, [this] { addChosen(); });
    forgetModels();
}

ConnectionPanel::Connection ConnectionPanel::enteredConnection() const
{
    const std::string name = m_keyName->text().trimmed().toStdString();
    Connection connection;
    connection.baseUrl = m_address->text().trimmed().toStdString();
    if (m_keyKind->currentIndex() == FromEnvironment)
        connection.keyRef = "env:" + name;
    if (m_keyKind->currentIndex() == FromKeychain)
        connection.keyRef = "keychain:" + name;
    return connection;
}

QString ConnectionPanel::entryProblem() const
{
    if (m_address->text().trimmed().isEmpty())
        return tr("Enter the address of a server, ending in /v1 with most of them.");
    if (m_keyKind->currentIndex() != NoKey && m_keyName->text().trimmed().isEmpty())
        return m_keyKind->currentIndex() == FromEnvironment
                   ? tr("Name the environment variable that holds the key.")
                   : tr("Give the key a name to keep it under.");
    const auto endpoint = parseEndpoint(enteredConnection().baseUrl);
    return endpoint ? QString() : QString::fromStdString(toString(endpoint.error()));
}

void ConnectionPanel::say(bool good, const QString& title, const QString& detail)
{
    m_answer->setMessage(good ? Tone::Positive : Tone::Negative, title, detail);
    m_answer->show();
}

/// Entering a key, or naming one for this address, is the person's consent that it may go there.
void ConnectionPanel::keepKeyThen(const Connection& connection, const std::function<void()>& next)
{
    const auto endpoint = parseEndpoint(connection.baseUrl);
    if (!endpoint)
        return;
    KeyStore& keys = *m_workbench.services().keys;
    if (m_keyKind->currentIndex() == FromKeychain && !m_key->text().isEmpty()) {
        Secret secret(m_key->text().toStdString());
        m_key->clear();
        keys.keep(m_keyName->text().trimmed().toStdString(), secret, *endpoint, this,
                  [this, next](const Result<void>& kept) {
                      if (!kept)
                          say(false, tr("The key will be forgotten when Signalbox ends."),
                              QString::fromStdString(toString(kept.error())));
                      next();
                  });
        return;
    }
    if (!connection.keyRef.empty())
        keys.allow(connection.keyRef, *endpoint);
    next();
}

void ConnectionPanel::fetchModels()
{
    if (const QString problem = entryProblem(); !problem.isEmpty()) {
        say(false, tr("The server cannot be asked yet."), problem);
        return;
    }
    m_answer->hide();
    forgetModels();
    const int request = m_request;
    const Connection asked = enteredConnection();
    m_fetch->setEnabled(false);
    keepKeyThen(asked, [this, request, asked] {
        ChatProvider* provider = m_workbench.providers().find("openai");
        provider->listModels(
            asked.baseUrl, asked.keyRef, this,
            [this, request, asked](const Result<std::vector<ModelListing>>& models) {
                if (request != m_request)
                    return; // the person went on to another address
                m_fetch->setEnabled(true);
                if (models)
                    showModels(asked, *models);
                else
                    say(false, tr("The models could not be fetched."),
                        QString::fromStdString(toString(models.error())));
            });
    });
}

void ConnectionPanel::forgetModels()
{
    ++m_request;
    const bool hasAddress = !m_address->text().trimmed().isEmpty();
    m_fetch->setEnabled(hasAddress);
    m_fetchNote->setVisible(!hasAddress);
    m_models->clear();
    m_models->hide();
    m_add->hide();
}

void ConnectionPanel::showModels(const Connection& connection,
                                 const std::vector<ModelListing>& models)
{
    m_listed = connection;
    m_models->clear();
    for (const ModelListing& model : models) {
        const QString id = QString::fromStdString(model.id);
        auto* item = new QListWidgetItem(withVisibleControls(id), m_models);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(models.size() == 1 ? Qt::Checked : Qt::Unchecked);
        item->setData(kIdRole, id);
        item->setData(kContextRole,
                      model.contextTokens ? QVariant(*model.contextTokens) : QVariant());
    }
    m_models->setVisible(!models.empty());
    m_add->setVisible(!models.empty());
    if (models.empty())
        say(false, tr("The server lists no models."), tr("Load one there, then fetch again."));
}

void ConnectionPanel::addChosen()
{
    PolicyDocument after = m_workbench.editor().document(); // to find ids that are free
    EditBatch batch;
    QStringList names;
    for (int row = 0; row < m_models->count(); ++row) {
        const QListWidgetItem* item = m_models->item(row);
        if (item->checkState() != Qt::Checked)
            continue;
        ModelSpec model;
        model.upstreamModel = item->data(kIdRole).toString().toStdString();
        model.id = freeId(after, model.upstreamModel);
        model.provider = "openai";
        model.baseUrl = m_listed.baseUrl;
        model.keyRef = m_listed.keyRef;
        if (item->data(kContextRole).isValid())
            model.contextTokens = item->data(kContextRole).toInt();
        names << QString::fromStdString(model.id.value);
        batch.edits.emplace_back(InsertModel{after.models.size(), model});
        after.models.push_back(std::move(model));
    }
    if (batch.edits.empty()) {
        say(false, tr("No model is chosen."), tr("Tick the models to add."));
        return;
    }
    if (const auto pushed = m_workbench.editor().push(Edit(Boxed<EditBatch>(std::move(batch))));
        !pushed) {
        say(false, tr("The models were not added."),
            QString::fromStdString(toString(pushed.error())));
        return;
    }
    say(true, tr("Added to the policy: %1").arg(names.join(QStringLiteral(", "))),
        tr("They have no price yet; give one in the inspector of the Policy page. Hear them on the "
           "Voices page."));
}

} // namespace signalbox::ui
