// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/providers/server_discovery.h>

#include <QObject>

#include <cstdint>
#include <string>
#include <vector>

namespace signalbox::ui {

class Workbench;

/// Model servers on this machine that the person does not know of yet: no model of the policy is
/// asked there, and the person has neither looked at the offer nor waved it away. GUI thread; the
/// workbench must outlive it.
class ServerOffers : public QObject
{
    Q_OBJECT
public:
    explicit ServerOffers(Workbench& workbench, QObject* parent = nullptr);

    void search(const std::vector<std::uint16_t>& ports = ServerDiscovery::usualPorts());
    /// Remembered between starts: this server is not offered again.
    void settle(const std::string& baseUrl);

signals:
    void offered(const signalbox::LocalServer& server);
    void withdrawn(const QString& baseUrl); ///< a model of the policy is asked there now
    void finished();

private:
    [[nodiscard]] bool isKnown(const std::string& baseUrl) const;
    void withdrawKnown();

    Workbench& m_workbench;
    ServerDiscovery m_discovery;
    std::vector<std::string> m_offered; ///< base URLs
};

} // namespace signalbox::ui
