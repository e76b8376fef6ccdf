// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/providers/server_discovery.h>
#include <ui/models/workbench.h>

#include <QWidget>

#include <functional>
#include <string>
#include <vector>

class QComboBox;
class QLineEdit;
class QListWidget;
class QPushButton;
class QVBoxLayout;

namespace signalbox::ui {

class Callout;
class SectionHeader;
class TextLabel;

/// Real models, one dialog away: servers found on this machine, any OpenAI-compatible address with
/// its key, the list of its models, and a button that adds the chosen ones to the policy as one
/// undoable edit. Keys go to the keychain or stay in the environment; the policy holds a reference
/// only.
class ConnectionPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ConnectionPanel(Workbench& workbench, QWidget* parent = nullptr);
    ~ConnectionPanel() override;

private:
    /// Where models are, and the reference of the key that may go there; empty for none.
    struct Connection
    {
        std::string baseUrl;
        std::string keyRef;
    };
    void buildLocalServers(QVBoxLayout* layout);
    void buildAddress(QVBoxLayout* layout);
    void buildModels(QVBoxLayout* layout);
    void connectDiscovery();
    void showServer(const LocalServer& server);
    void useServer(const LocalServer& server);
    void fetchModels();
    void keepKeyThen(const Connection& connection, const std::function<void()>& next);
    void showModels(const Connection& connection, const std::vector<ModelListing>& models);
    void forgetModels();
    void addChosen();
    [[nodiscard]] Connection enteredConnection() const;
    /// What is missing before a server can be asked; empty if nothing.
    [[nodiscard]] QString entryProblem() const;
    void say(bool good, const QString& title, const QString& detail = {});

    Workbench& m_workbench;
    ServerDiscovery m_discovery;
    Connection m_listed; ///< where the models in the list are
    int m_request = 0;   ///< answers to an earlier one come too late
    SectionHeader* m_localHeader = nullptr;
    QVBoxLayout* m_local = nullptr;
    TextLabel* m_localState = nullptr;
    QLineEdit* m_address = nullptr;
    QComboBox* m_keyKind = nullptr;
    QLineEdit* m_keyName = nullptr;
    QLineEdit* m_key = nullptr;
    QPushButton* m_fetch = nullptr;
    TextLabel* m_fetchNote = nullptr; ///< why it cannot be pressed
    QListWidget* m_models = nullptr;
    QPushButton* m_add = nullptr;
    Callout* m_answer = nullptr;
};

} // namespace signalbox::ui
