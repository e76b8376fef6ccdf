// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/workbench.h>

#include <QWidget>

#include <memory>

namespace signalbox::ui {

/// Where models are connected and keys are looked after, and the look is chosen. What belongs to a
/// policy is listed here and edited on the Policy page.
class SettingsPage : public QWidget
{
    Q_OBJECT
public:
    explicit SettingsPage(Workbench& workbench, QWidget* parent = nullptr);
    ~SettingsPage() override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
