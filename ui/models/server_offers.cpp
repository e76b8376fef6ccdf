// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_offers.h"

#include "workbench.h"

#include <core/providers/endpoint.h>

#include <QSettings>
#include <QStringList>
#include <QUrl>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr auto kDeclinedKey = "servers/declined";

QStringList declined()
{
    return QSettings().value(QLatin1String(kDeclinedKey)).toStringList();
}

/// The same server on this machine, under whatever name of it.
bool isSameServer(const std::string& a, const std::string& b)
{
    const auto one = parseEndpoint(a);
    const auto other = parseEndpoint(b);
    if (!one || !other || !one->loopback || !other->loopback)
        return false;
    const auto portOf = [](const Endpoint& endpoint) {
        return QUrl(QString::fromStdString(endpoint.url)).port(endpoint.encrypted ? 443 : 80);
    };
    return portOf(*one) == portOf(*other);
}

} // namespace

ServerOffers::ServerOffers(Workbench& workbench, QObject* parent)
    : QObject(parent), m_workbench(workbench), m_discovery(workbench.services().transport)
{
    connect(&m_discovery, &ServerDiscovery::finished, this, [this] {
        for (const LocalServer& server : m_discovery.servers()) {
            if (isKnown(server.baseUrl) ||
                declined().contains(QString::fromStdString(server.baseUrl)) ||
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

void ServerOffers::decline(const std::string& baseUrl)
{
    QStringList urls = declined();
    urls.removeAll(QString::fromStdString(baseUrl));
    urls.append(QString::fromStdString(baseUrl));
    QSettings().setValue(QLatin1String(kDeclinedKey), urls);
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
    std::erase_if(m_offered, [this](const std::string& url) {
        const bool known = isKnown(url);
        if (known)
            emit withdrawn(QString::fromStdString(url));
        return known;
    });
}

} // namespace signalbox::ui
