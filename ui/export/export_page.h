// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/workbench.h>

#include <QWidget>

#include <functional>
#include <memory>

namespace signalbox::ui {

/// Where a policy leaves for production: the file as it will be written, every gate with its
/// verdict, and the acknowledgements without which an unmet gate stops the export. The file records
/// them.
class ExportPage : public QWidget
{
    Q_OBJECT
public:
    /// Asks for a file to write; empty if the person cancelled. Replaced in tests.
    using AskFile = std::function<QString(QWidget*, const QString& suggestion)>;

    explicit ExportPage(Workbench& workbench, QWidget* parent = nullptr, AskFile askFile = {});
    ~ExportPage() override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
