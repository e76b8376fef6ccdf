// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_offers.h"

#include "workbench.h"

#include <core/providers/endpoint.h>

#include <QSettings>
#include <QStringList>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr auto kSettledKey = "servers/settled";

QStringList settled()
{
    return QSettings().value(QLatin1String(kSettledKey)).toStringList();
}

bool isSameServer(const std::string& a, const std::string& b)
{
    const auto one = parseEndpoint(a);
    const auto other = parseEndpoint(b);
    return one && other && isSameServerHere(*one, *other);
}

} // namespace

ServerOffers::ServerOffers(Workbench& workbench, QObject* parent)
    : QObject(parent), m_workbench(workbench), m_discovery(workbench.services().transport)
{
    connect(&m_discovery, &ServerDiscovery::finished, this, [this] {
        for (const LocalServer& server : m_discovery.servers()) {
            if (isKnown(server.baseUrl) ||
                settled().contains(QString::fromStdString(server.baseUrl)) ||
                std::ranges::find(m_offered, server.baseUrl) != m_offered.end())
                continue;
            m_offered.push_back(server.baseUrl);
            emit offered(server);
        }
        emit finished();
    });
    connect(&workbench.editor(), &PolicyEditor::documentChanged, this,
            &ServerOffers::withdrawKnown);
}

void ServerOffers::search(const std::vector<std::uint16_t>& ports)
{
    m_discovery.search(ports);
}

void ServerOffers::settle(const std::string& baseUrl)
{
    QStringList urls = settled();
    urls.removeAll(QString::fromStdString(baseUrl));
    urls.append(QString::fromStdString(baseUrl));
    QSettings().setValue(QLatin1String(kSettledKey), urls);
    std::erase(m_offered, baseUrl);
}

bool ServerOffers::isKnown(const std::string& baseUrl) const
{
    const auto& models = m_workbench.editor().document().models;
    return std::ranges::any_of(
        models, [&](const ModelSpec& model) { return isSameServer(model.baseUrl, baseUrl); });
}

void ServerOffers::withdrawKnown()
{
    const auto known =
        std::stable_partition(m_offered.begin(), m_offered.end(),
                              [this](const std::string& url) { return !isKnown(url); });
    const std::vector<std::string> gone(known, m_offered.end());
    m_offered.erase(known, m_offered.end());
    for (const std::string& url : gone)
        emit withdrawn(QString::fromStdString(url));
}

} // namespace signalbox::ui
