// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/workbench.h>

#include <QWidget>

#include <memory>
#include <optional>

namespace signalbox::ui {

/// Cost against consistency, and around it what stands behind: latency with its tail, the loss of
/// consistency by pair of models, shares of requests and money, segments and tiers with their
/// gates. Three columns, two or one as the width allows; one scroll for all. Above it, which
/// traffic is replayed, and what the recorded answers do not show of it; a file that is dropped on
/// the page is opened as traffic.
class ProjectionPage : public QWidget
{
    Q_OBJECT
public:
    explicit ProjectionPage(Workbench& workbench, QWidget* parent = nullptr);
    ~ProjectionPage() override;

    /// What the page shows, as one file: HTML, or PDF by the name's end. A sentence if it failed.
    [[nodiscard]] std::optional<QString> writeReport(const QString& path) const;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
