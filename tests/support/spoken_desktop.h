// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QProcess>
#include <QRect>
#include <QStringList>
#include <QTemporaryDir>
#include <QVariant>

#include <optional>
#include <vector>

class QDBusPendingCall;

namespace signalbox::test {

/// An object of a program as assistive technology sees it: over D-Bus, by the protocol AT-SPI.
struct SpokenNode
{
    QString service = {}; ///< the program's name on the bus
    QString path = {};    ///< of the object
    QString name = {};
    QString role = {}; ///< "push button", "table cell", …
    quint64 states = 0;
    int depth = 0;
    int parent = -1; ///< index in the walk that gave it; -1: the root of that walk

    // Bits of `states`, numbered by the protocol.
    [[nodiscard]] bool is(int state) const { return (states >> state & 1U) != 0; }
    static constexpr int kActive = 1;
    static constexpr int kEnabled = 8;
    static constexpr int kFocusable = 11;
    static constexpr int kFocused = 12;
    static constexpr int kShowing = 25;
    static constexpr int kVisible = 30;
};
using SpokenTree = std::vector<SpokenNode>;

/// A desktop of its own for one program: an X server without a screen, a bus that nothing else is
/// on, and the registry of the accessible programs. Nothing of the person's own session is used or
/// reached. Everything ends with it.
class SpokenDesktop
{
public:
    SpokenDesktop();
    ~SpokenDesktop();
    SpokenDesktop(const SpokenDesktop&) = delete;
    SpokenDesktop& operator=(const SpokenDesktop&) = delete;

    /// Why it did not start; empty: it did.
    [[nodiscard]] const QString& problem() const { return m_problem; }
    /// What a program has to be started with to be on this desktop, with a home of its own.
    [[nodiscard]] QProcessEnvironment environment() const;

    /// The programs that have come to the bus, by their roots.
    [[nodiscard]] SpokenTree programs() const;
    /// The one that is this process; nothing as long as it has not come.
    [[nodiscard]] std::optional<SpokenNode> program(qint64 process) const;
    /// All that is below a node, itself first, each node before what it holds; of a long table the
    /// first cells. Nothing if the tree changed while it was walked: ask again.
    [[nodiscard]] std::optional<SpokenTree> walk(const SpokenNode& root) const;
    /// Does what a press of a button, an entry of a menu or a list does.
    /// @return  false: it is gone
    [[nodiscard]] bool press(const SpokenNode& node) const;

private:
    void startScreen();
    void startBus();
    void startAccessibility();
    [[nodiscard]] QString accessibilityAddress();
    [[nodiscard]] QDBusPendingCall ask(const SpokenNode& node, const QString& method,
                                       const QVariantList& arguments = {}) const;
    [[nodiscard]] QDBusPendingCall property(const SpokenNode& node, const QString& name) const;
    [[nodiscard]] bool fill(const std::vector<SpokenNode*>& nodes) const;
    [[nodiscard]] std::optional<SpokenTree> childrenOf(const QDBusPendingCall& asked) const;
    [[nodiscard]] SpokenTree firstChildrenOf(const SpokenNode& node) const;

    QString m_problem;
    QTemporaryDir m_home;
    QProcess m_screen;
    QProcess m_bus;
    QProcess m_accessibility;
    QString m_display;
    QString m_address; ///< of the session's bus; accessibility has another one
    std::optional<QDBusConnection> m_connection;
};

} // namespace signalbox::test
