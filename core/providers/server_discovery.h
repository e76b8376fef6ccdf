// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_transport.h"
#include "provider.h"

#include <QObject>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace signalbox {

/// A model server on this machine.
struct LocalServer
{
    std::string label;   ///< "Ollama", "llama.cpp", …; by what it says, else by its port
    std::string baseUrl; ///< "http://127.0.0.1:11434/v1"
    std::vector<ModelListing> models;
    bool wantsKey = false; ///< it answered that a key is missing; the models are not known
};

/// Looks for model servers on loopback by asking each port for its models. Takes under two seconds,
/// blocks nothing, sends no key and no prompt. Lives on the GUI thread.
class ServerDiscovery : public QObject
{
    Q_OBJECT
public:
    explicit ServerDiscovery(std::shared_ptr<HttpTransport> transport, QObject* parent = nullptr);
    /// How long one server may take; 1.5 s unless set. Counts for the next search.
    void setPatienceMs(int ms) { m_patienceMs = ms; }
    ~ServerDiscovery() override;

    /// 11434 Ollama, 8080 llama.cpp, 1234 LM Studio, 8000 vLLM.
    [[nodiscard]] static std::vector<std::uint16_t> usualPorts();

    /// Starts a search; one that runs is given up.
    void search(const std::vector<std::uint16_t>& ports = usualPorts());
    [[nodiscard]] bool isSearching() const { return m_open > 0; }
    /// Found so far, in the order of the ports.
    [[nodiscard]] std::vector<LocalServer> servers() const;

signals:
    void serverFound(const signalbox::LocalServer& server);
    void finished();

private:
    void read(std::uint64_t search, std::size_t place, std::uint16_t port,
              const HttpAnswer& answer);

    std::shared_ptr<HttpTransport> m_transport;
    std::vector<std::unique_ptr<LocalServer>> m_found; ///< by place; null: nothing there
    std::vector<TransferId> m_transfers;
    int m_patienceMs = 1'500;
    std::uint64_t m_search = 0; ///< answers to an older search are dropped
    std::size_t m_open = 0;
};

} // namespace signalbox
