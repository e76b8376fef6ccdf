// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/workbench.h>

#include <QWidget>

#include <memory>

namespace signalbox::ui {

class LabSession;
class RunExporter;

/// Where a person hears the models: the same prompts to all of them side by side, streaming, and
/// what tells their voices apart.
class VoicesPage : public QWidget
{
    Q_OBJECT
public:
    explicit VoicesPage(Workbench& workbench, QWidget* parent = nullptr);
    ~VoicesPage() override;

    [[nodiscard]] LabSession& session();
    [[nodiscard]] RunExporter& exporter();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
