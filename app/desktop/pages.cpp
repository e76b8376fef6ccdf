// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages.h"

#include <ui/export/export_page.h>
#include <ui/policy/policy_page.h>
#include <ui/projection/projection_page.h>
#include <ui/settings/settings_page.h>
#include <ui/voices/voices_page.h>

#include <QCoreApplication>

#include <functional>

namespace signalbox::desktop {

namespace {

using namespace signalbox::ui;

template<class Page> std::function<QWidget*(Workbench&, QWidget*)> makes()
{
    return [](Workbench& workbench, QWidget* parent) -> QWidget* {
        return new Page(workbench, parent);
    };
}

QWidget* makePolicyPage(Workbench& workbench, QWidget* parent)
{
    auto* page = new PolicyPage(workbench, parent);
    QObject::connect(page, &PolicyPage::notice, &workbench, &Workbench::notice);
    return page;
}

QString tr(const char* text)
{
    return QCoreApplication::translate("main", text);
}

} // namespace

std::vector<PageEntry> allPages()
{
    return {
        {QStringLiteral("policy"), tr("Policy"), Icon::Policy, false, makePolicyPage},
        {QStringLiteral("voices"), tr("Voices"), Icon::Voices, false, makes<VoicesPage>()},
        {QStringLiteral("projection"), tr("Projection"), Icon::Projection, false,
         makes<ProjectionPage>()},
        {QStringLiteral("export"), tr("Export"), Icon::Export, false, makes<ExportPage>()},
        {QStringLiteral("settings"), tr("Settings"), Icon::Settings, true, makes<SettingsPage>()},
    };
}

} // namespace signalbox::desktop
