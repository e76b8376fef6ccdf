// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_discovery.h"

#include "openai_chat.h"

#include <array>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

struct KnownServer
{
    std::uint16_t port;
    std::string_view label;
    std::string_view sign; ///< in its model list, as "owned_by"
};
constexpr std::array<KnownServer, 4> kKnown = {{
    {11434, "Ollama", "\"library\""},
    {8080, "llama.cpp", "\"llamacpp\""},
    {1234, "LM Studio", "\"organization_owner\""},
    {8000, "vLLM", "\"vllm\""},
}};

std::string labelOf(std::uint16_t port, std::string_view body)
{
    for (const KnownServer& known : kKnown)
        if (body.find(known.sign) != std::string_view::npos)
            return std::string(known.label);
    for (const KnownServer& known : kKnown)
        if (known.port == port)
            return std::string(known.label);
    return "Port " + std::to_string(port);
}

} // namespace

ServerDiscovery::ServerDiscovery(std::shared_ptr<HttpTransport> transport, QObject* parent)
    : QObject(parent), m_transport(std::move(transport))
{}

ServerDiscovery::~ServerDiscovery()
{
    for (const TransferId id : m_transfers)
        m_transport->cancel(id);
}

std::vector<std::uint16_t> ServerDiscovery::usualPorts()
{
    std::vector<std::uint16_t> ports;
    for (const KnownServer& known : kKnown)
        ports.push_back(known.port);
    return ports;
}

void ServerDiscovery::search(const std::vector<std::uint16_t>& ports)
{
    for (const TransferId id : std::exchange(m_transfers, {}))
        m_transport->cancel(id);
    ++m_search;
    m_found.clear();
    m_found.resize(ports.size());
    m_open = ports.size();
    if (ports.empty())
        QMetaObject::invokeMethod(this, &ServerDiscovery::finished, Qt::QueuedConnection);
    for (std::size_t place = 0; place < ports.size(); ++place) {
        const std::uint16_t port = ports[place];
        const auto endpoint = parseEndpoint("http://127.0.0.1:" + std::to_string(port) + "/v1");
        HttpRequest request = modelsHttpRequest(openAiChatDialect(), endpoint.value(), {}, {}, 0);
        request.connectTimeoutMs = m_patienceMs;
        request.totalTimeoutMs = m_patienceMs;
        const auto done = [this, search = m_search, place, port](const HttpAnswer& answer) {
            read(search, place, port, answer);
        };
        m_transfers.push_back(fetchWhole(*m_transport, std::move(request), this, done));
    }
}

std::vector<LocalServer> ServerDiscovery::servers() const
{
    std::vector<LocalServer> servers;
    for (const auto& server : m_found)
        if (server)
            servers.push_back(*server);
    return servers;
}

void ServerDiscovery::read(std::uint64_t search, std::size_t place, std::uint16_t port,
                           const HttpAnswer& answer)
{
    if (search != m_search)
        return;
    LocalServer server;
    server.label = labelOf(port, answer.body);
    server.baseUrl = "http://127.0.0.1:" + std::to_string(port) + "/v1";
    // Other things than model servers live on these ports, and some of them want a password too.
    server.wantsKey = answer.status == 401 && answer.body.starts_with('{') &&
                      answer.body.find("\"error\"") != std::string::npos;
    auto models =
        answer.status == 200 ? readModelList(answer.body) : fail(ErrorCode::NotFound, "no list");
    if (models)
        server.models = std::move(*models);
    const bool found = models.has_value() || server.wantsKey;
    if (found)
        m_found[place] = std::make_unique<LocalServer>(server);
    --m_open;
    if (found)
        emit serverFound(server);
    if (m_open == 0 && search == m_search)
        emit finished();
}

} // namespace signalbox
