// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/policy_comparison.h>

#include <QWidget>

#include <filesystem>
#include <functional>
#include <memory>

namespace signalbox::ui {

/// The revisions of the policy, newest first: when each was saved, why, and whether it has left the
/// program. One that is chosen is compared with the policy as it is; two are compared with each
/// other; the newest is compared with the one before it. Restoring one is an edit like any other.
/// Another policy's file can stand in the list, too. GUI thread; workbench and comparison must
/// outlive it.
class HistoryPane final : public QWidget
{
    Q_OBJECT
public:
    HistoryPane(Workbench& workbench, PolicyComparison& comparison, QWidget* parent = nullptr);
    ~HistoryPane() override;

    /// Asks a person for a file; replaced in tests. An empty name means that the person cancelled.
    using AskForFile = std::function<QString(QWidget*)>;
    void setAskForFile(AskForFile ask);

    /// Puts a policy that is no revision into the list and compares with it.
    /// @param folder  of its file, where the tables stand that it names; empty: it has none
    void compareWith(const PolicyDocument& other, const QString& title,
                     const std::filesystem::path& folder = {});
    void compareWithFile(const QString& path);
    /// Chooses something to compare if nothing is chosen: the last revision.
    void chooseIfNothing();
    void focusList();

signals:
    /// A person chose something to compare, and wants to see it.
    void comparisonChosen();

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildList();
    void buildNote();
    void buildActions();
    void rebuild();
    void refreshChosen();
    void restore();
    void keepNote(const QString& note);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
