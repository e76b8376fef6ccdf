// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QStringList>

#include <string>

namespace signalbox::bench {

/// bench_upstream as a process of its own, so that its work is no part of what is measured here.
class UpstreamProcess
{
public:
    explicit UpstreamProcess(const QStringList& arguments)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral(SIGNALBOX_BENCH_UPSTREAM), arguments);
        m_process.waitForStarted();
        while (!m_process.canReadLine() && m_process.waitForReadyRead()) {
        }
        m_port = m_process.readLine().trimmed().toInt();
        if (m_port == 0)
            qFatal("bench_upstream did not start");
    }
    ~UpstreamProcess()
    {
        m_process.closeWriteChannel(); // it ends with its input
        m_process.waitForFinished();
    }
    UpstreamProcess(const UpstreamProcess&) = delete;
    UpstreamProcess& operator=(const UpstreamProcess&) = delete;

    [[nodiscard]] std::string baseUrl() const
    {
        return "http://127.0.0.1:" + std::to_string(m_port) + "/v1";
    }

private:
    QProcess m_process;
    int m_port = 0;
};

} // namespace signalbox::bench
