// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/sample/support_desk.h>
#include <ui/models/lab_session.h>
#include <ui/models/workbench.h>
#include <ui/voices/voices_page.h>

#include <QSignalSpy>
#include <QTest>

#include <memory>

namespace signalbox::test {

/// The page of the lab over the sample's policy, whose simulator answers at once. Whoever makes one
/// chooses what is asked, and then shows it.
struct VoicesDesk
{
    ui::Workbench workbench;
    std::unique_ptr<ui::VoicesPage> page;

    explicit VoicesDesk(const ui::Workbench::Options& options = {}) : workbench(options)
    {
        workbench.editor().setDocument(supportDeskPolicy());
        workbench.services().simulator->setSpeed(0);
        page = std::make_unique<ui::VoicesPage>(workbench);
    }
    void show(QSize size = {1200, 800}) const
    {
        page->resize(size);
        page->show();
    }
    [[nodiscard]] ui::LabSession& session() const { return page->session(); }
    template<class Widget> [[nodiscard]] Widget* child(const char* name) const
    {
        return page->findChild<Widget*>(QLatin1String(name));
    }
    /// To its end.
    void send() const
    {
        QSignalSpy finished(&session(), &ui::LabSession::finished);
        session().start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    }
};

} // namespace signalbox::test
