// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_files.h"

#include <core/providers/server_discovery.h>
#include <ui/kit/icons.h>
#include <ui/models/workbench.h>

#include <QMainWindow>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace signalbox::ui {

/// A page as the window knows it: the program's main() plugs the pages in, so that the shell and
/// its tests need none of them. `make` is called when the page is first shown.
struct PageEntry
{
    QString id; ///< "policy"; stable, for settings and the command line
    QString label;
    Icon icon = Icon::Policy;
    bool footer = false;
    std::function<QWidget*(Workbench&, QWidget* parent)> make;
};

/// The window: rail, scoreboard, one page at a time, status bar; undo, themes, the command palette.
/// What it does with files, PolicyFiles does. GUI thread. The workbench must outlive it.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(Workbench& workbench, std::vector<PageEntry> pages,
               Questions questions = askingDialogs(), QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Opens a policy file in a tab; what is wrong with it is shown in the window.
    void openFile(const QString& path);
    /// Opens the policies that were open last, in front the one that was.
    void openLastFiles();
    /// Opens the table of traffic that was open last, if it was not the sample's.
    void openLastTraffic();
    void showPage(const QString& id);
    [[nodiscard]] QString currentPage() const;
    /// Offers what a killed program left behind, if anything.
    void offerRecovery(const std::filesystem::path& journalFolder);
    /// Looks for model servers on this machine and offers those that the person does not know.
    void offerServers(const std::vector<std::uint16_t>& ports = ServerDiscovery::usualPorts());

signals:
    /// The first picture is on the screen; what it does not need may begin. Once.
    void firstPainted();

protected:
    void closeEvent(QCloseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
