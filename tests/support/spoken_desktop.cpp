// SPDX-License-Identifier: GPL-3.0-or-later
#include "spoken_desktop.h"

#include <QDBusArgument>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCall>
#include <QDBusVariant>
#include <QElapsedTimer>
#include <QFile>

#include <algorithm>
#include <utility>

namespace signalbox::test {

namespace {

constexpr int kStartMs = 60'000; ///< a hang, not a slow machine
constexpr int kAnswerMs = 60'000;
constexpr int kMostCells = 60; ///< of a table, list or tree that are looked at
const QString kLauncher = QStringLiteral("/usr/libexec/at-spi-bus-launcher");
const QString kRegistry = QStringLiteral("org.a11y.atspi.Registry");
const QString kRoot = QStringLiteral("/org/a11y/atspi/accessible/root");
const QString kAccessible = QStringLiteral("org.a11y.atspi.Accessible");

/// A bus that only we are on: it starts no services.
constexpr auto kBusConfiguration =
    R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%1</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)";

/// The first line that a program prints, which says that it is ready.
QString firstLineOf(QProcess& process)
{
    QElapsedTimer timer;
    timer.start();
    while (!process.canReadLine() && process.state() == QProcess::Running &&
           timer.elapsed() < kStartMs)
        process.waitForReadyRead(100);
    return QString::fromLocal8Bit(process.readLine()).trimmed();
}

/// Waits for it; nothing if there is none.
QVariant answerOf(QDBusPendingCall asked)
{
    asked.waitForFinished();
    return asked.isError() ? QVariant() : asked.reply().arguments().value(0);
}

/// From a reference to an object: the program's name, and the path.
SpokenNode nodeOf(const QDBusArgument& reference)
{
    SpokenNode node;
    QDBusObjectPath path;
    reference.beginStructure();
    reference >> node.service >> path;
    reference.endStructure();
    node.path = path.path();
    return node;
}

bool isLong(const SpokenNode& node)
{
    return node.role == QLatin1String("table") || node.role == QLatin1String("tree") ||
           node.role == QLatin1String("list");
}

/// From level by level to each node before what it holds.
SpokenTree inReadingOrder(const SpokenTree& all, const std::vector<std::vector<std::size_t>>& below)
{
    SpokenTree ordered;
    const std::function<void(std::size_t, int, int)> add = [&](std::size_t node, int parent,
                                                               int depth) {
        ordered.push_back(all[node]);
        ordered.back().parent = parent;
        ordered.back().depth = depth;
        const int own = static_cast<int>(ordered.size()) - 1;
        for (const std::size_t child : below[node])
            add(child, own, depth + 1);
    };
    add(0, -1, 0);
    return ordered;
}

void end(QProcess& process)
{
    if (process.state() == QProcess::NotRunning)
        return;
    process.terminate();
    if (!process.waitForFinished(5'000)) {
        process.kill();
        process.waitForFinished();
    }
}

} // namespace

SpokenDesktop::SpokenDesktop()
{
    if (!m_home.isValid())
        m_problem = QStringLiteral("there is no temporary folder");
    using Step = void (SpokenDesktop::*)();
    for (const Step step : {&SpokenDesktop::startScreen, &SpokenDesktop::startBus,
                            &SpokenDesktop::startAccessibility}) {
        if (m_problem.isEmpty())
            (this->*step)();
    }
}

SpokenDesktop::~SpokenDesktop()
{
    if (m_connection)
        QDBusConnection::disconnectFromBus(m_connection->name());
    for (QProcess* process : {&m_accessibility, &m_bus, &m_screen})
        end(*process);
}

void SpokenDesktop::startScreen()
{
    // It takes a display that is free, and says which.
    m_screen.start(QStringLiteral("Xvfb"),
                   {QStringLiteral("-displayfd"), QStringLiteral("1"), QStringLiteral("-screen"),
                    QStringLiteral("0"), QStringLiteral("1600x1000x24"),
                    QStringLiteral("-nolisten"), QStringLiteral("tcp")});
    if (!m_screen.waitForStarted())
        m_problem = QStringLiteral("Xvfb does not start: ") + m_screen.errorString();
    else if (const QString number = firstLineOf(m_screen); number.isEmpty())
        m_problem = QStringLiteral("Xvfb found no display: ") +
                    QString::fromLocal8Bit(m_screen.readAllStandardError());
    else
        m_display = QLatin1Char(':') + number;
}

void SpokenDesktop::startBus()
{
    const QString file = m_home.filePath(QStringLiteral("bus.conf"));
    QFile configuration(file);
    if (!configuration.open(QIODevice::WriteOnly)) {
        m_problem = configuration.errorString();
        return;
    }
    configuration.write(QString::fromLatin1(kBusConfiguration)
                            .arg(m_home.filePath(QStringLiteral("bus")))
                            .toUtf8());
    configuration.close();
    m_bus.start(QStringLiteral("dbus-daemon"),
                {QStringLiteral("--config-file=") + file, QStringLiteral("--nofork"),
                 QStringLiteral("--print-address=1")});
    if (!m_bus.waitForStarted())
        m_problem = QStringLiteral("dbus-daemon does not start: ") + m_bus.errorString();
    else if (m_address = firstLineOf(m_bus); m_address.isEmpty())
        m_problem = QStringLiteral("dbus-daemon gives no address: ") +
                    QString::fromLocal8Bit(m_bus.readAllStandardError());
}

/// As on a real desktop, the launcher makes a second bus, on which the registry is started by
/// whoever asks for it first.
void SpokenDesktop::startAccessibility()
{
    m_accessibility.setProcessEnvironment(environment());
    m_accessibility.setProcessChannelMode(QProcess::MergedChannels);
    m_accessibility.start(kLauncher, {QStringLiteral("--launch-immediately")});
    if (!m_accessibility.waitForStarted()) {
        m_problem =
            QStringLiteral("at-spi-bus-launcher does not start: ") + m_accessibility.errorString();
        return;
    }
    const QString address = accessibilityAddress();
    if (!address.isEmpty())
        m_connection = QDBusConnection::connectToBus(address, QStringLiteral("accessibility"));
    if (!m_connection || !m_connection->isConnected() ||
        !answerOf(ask({kRegistry, kRoot}, QStringLiteral("GetRoleName"))).isValid())
        m_problem = QStringLiteral("AT-SPI does not answer: ") +
                    QString::fromLocal8Bit(m_accessibility.readAll());
}

QString SpokenDesktop::accessibilityAddress()
{
    const QString name = QStringLiteral("session");
    const QDBusConnection session = QDBusConnection::connectToBus(m_address, name);
    const QDBusMessage question = QDBusMessage::createMethodCall(
        QStringLiteral("org.a11y.Bus"), QStringLiteral("/org/a11y/bus"),
        QStringLiteral("org.a11y.Bus"), QStringLiteral("GetAddress"));
    QElapsedTimer timer;
    timer.start();
    QString address;
    while (address.isEmpty() && m_accessibility.state() == QProcess::Running &&
           timer.elapsed() < kStartMs) {
        address = session.call(question, QDBus::Block, kAnswerMs).arguments().value(0).toString();
        if (!address.startsWith(QLatin1String("unix:"))) { // else the launcher is not there yet
            address.clear();
            m_accessibility.waitForFinished(50);
        }
    }
    QDBusConnection::disconnectFromBus(name);
    return address;
}

QProcessEnvironment SpokenDesktop::environment() const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const auto folder = [&](const char* variable, const QString& name) {
        environment.insert(QLatin1String(variable), m_home.filePath(name));
    };
    folder("HOME", {});
    folder("XDG_DATA_HOME", QStringLiteral("data"));
    folder("XDG_CONFIG_HOME", QStringLiteral("config"));
    folder("XDG_RUNTIME_DIR", {});
    environment.insert(QStringLiteral("DISPLAY"), m_display);
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), m_address);
    environment.remove(QStringLiteral("AT_SPI_BUS_ADDRESS"));
    environment.insert(QStringLiteral("QT_LINUX_ACCESSIBILITY_ALWAYS_ON"), QStringLiteral("1"));
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb"));
    environment.insert(QStringLiteral("LANG"), QStringLiteral("C.UTF-8"));
    environment.remove(QStringLiteral("WAYLAND_DISPLAY"));
    environment.remove(QStringLiteral("QT_LOGGING_RULES"));
    return environment;
}

QDBusPendingCall SpokenDesktop::ask(const SpokenNode& node, const QString& method,
                                    const QVariantList& arguments) const
{
    QDBusMessage question =
        QDBusMessage::createMethodCall(node.service, node.path, kAccessible, method);
    question.setArguments(arguments);
    return m_connection->asyncCall(question, kAnswerMs);
}

QDBusPendingCall SpokenDesktop::property(const SpokenNode& node, const QString& name) const
{
    QDBusMessage question = QDBusMessage::createMethodCall(
        node.service, node.path, QStringLiteral("org.freedesktop.DBus.Properties"),
        QStringLiteral("Get"));
    question.setArguments({kAccessible, name});
    return m_connection->asyncCall(question, kAnswerMs);
}

/// All questions about all nodes are asked before the first answer is waited for: a walk takes as
/// long as the program takes to answer, and not as long as the messages take to and fro.
bool SpokenDesktop::fill(const std::vector<SpokenNode*>& nodes) const
{
    struct Asked
    {
        QDBusPendingCall name;
        QDBusPendingCall role;
        QDBusPendingCall states;
    };
    std::vector<Asked> asked;
    for (const SpokenNode* node : nodes)
        asked.push_back({property(*node, QStringLiteral("Name")),
                         ask(*node, QStringLiteral("GetRoleName")),
                         ask(*node, QStringLiteral("GetState"))});
    bool all = true;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const QVariant name = answerOf(asked[i].name);
        const QVariant role = answerOf(asked[i].role);
        const QVariant states = answerOf(asked[i].states);
        all = all && name.isValid() && role.isValid() && states.isValid();
        nodes[i]->name = name.value<QDBusVariant>().variant().toString();
        nodes[i]->role = role.toString();
        const auto words = states.isValid() ? qdbus_cast<QList<quint32>>(states) : QList<quint32>();
        nodes[i]->states = words.value(0) | static_cast<quint64>(words.value(1)) << 32;
    }
    return all;
}

/// Cells of a long table are alike, and each takes a walk of its own through the model.
SpokenTree SpokenDesktop::firstChildrenOf(const SpokenNode& node) const
{
    const QVariant answer = answerOf(property(node, QStringLiteral("ChildCount")));
    const int count = std::min(kMostCells, answer.value<QDBusVariant>().variant().toInt());
    std::vector<QDBusPendingCall> asked;
    for (int i = 0; i < count; ++i)
        asked.push_back(ask(node, QStringLiteral("GetChildAtIndex"), {i}));
    SpokenTree children;
    for (QDBusPendingCall& each : asked) {
        const QVariant reference = answerOf(each);
        if (!reference.isValid())
            continue;
        SpokenNode child = nodeOf(reference.value<QDBusArgument>());
        if (!child.path.endsWith(QLatin1String("/null")))
            children.push_back(std::move(child));
    }
    return children;
}

std::optional<SpokenTree> SpokenDesktop::childrenOf(const QDBusPendingCall& asked) const
{
    const QVariant answer = answerOf(asked);
    if (!answer.isValid())
        return std::nullopt;
    SpokenTree children;
    const auto list = answer.value<QDBusArgument>();
    list.beginArray();
    while (!list.atEnd())
        children.push_back(nodeOf(list));
    list.endArray();
    return children;
}

SpokenTree SpokenDesktop::programs() const
{
    SpokenTree found =
        childrenOf(ask({kRegistry, kRoot}, QStringLiteral("GetChildren"))).value_or(SpokenTree());
    std::erase_if(found, [this](SpokenNode& node) { return !fill({&node}); });
    return found;
}

std::optional<SpokenNode> SpokenDesktop::program(qint64 process) const
{
    for (const SpokenNode& each : programs()) {
        const QDBusReply<uint> owner = m_connection->interface()->servicePid(each.service);
        if (owner.isValid() && owner.value() == process)
            return each;
    }
    return std::nullopt;
}

std::optional<SpokenTree> SpokenDesktop::walk(const SpokenNode& root) const
{
    SpokenTree all{root};
    std::vector<std::vector<std::size_t>> below(1);
    std::size_t from = 0; // of the level that is looked at
    while (from < all.size()) {
        const std::size_t to = all.size();
        std::vector<SpokenNode*> level;
        for (std::size_t i = from; i < to; ++i)
            level.push_back(&all[i]);
        if (!fill(level))
            return std::nullopt;
        std::vector<std::optional<QDBusPendingCall>> asked;
        for (std::size_t i = from; i < to; ++i)
            asked.push_back(isLong(all[i])
                                ? std::nullopt
                                : std::optional(ask(all[i], QStringLiteral("GetChildren"))));
        for (std::size_t i = from; i < to; ++i) {
            const auto& children = asked[i - from];
            const auto found = children ? childrenOf(*children) : firstChildrenOf(all[i]);
            if (!found)
                return std::nullopt;
            for (const SpokenNode& child : *found) {
                below[i].push_back(all.size());
                all.push_back(child);
                below.emplace_back();
            }
        }
        from = to;
    }
    return inReadingOrder(all, below);
}

bool SpokenDesktop::press(const SpokenNode& node) const
{
    QDBusMessage question = QDBusMessage::createMethodCall(node.service, node.path,
                                                           QStringLiteral("org.a11y.atspi.Action"),
                                                           QStringLiteral("DoAction"));
    question.setArguments({0});
    return m_connection->call(question, QDBus::Block, kAnswerMs).type() ==
           QDBusMessage::ReplyMessage;
}

} // namespace signalbox::test
