// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop program: puts engine, models, pages and window together.

#include "pages.h"

#include <core/lab/lab_run.h>
#include <core/providers/key_store.h>
#include <ui/kit/theme.h>
#include <ui/kit/theme_setting.h>
#include <ui/models/evidence_setting.h>
#include <ui/models/workbench.h>
#include <ui/shell/main_window.h>

#include <QApplication>
#include <QCommandLineParser>
#include <QLocale>
#include <QSettings>
#include <QStandardPaths>
#include <QTranslator>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace {

using namespace signalbox::ui;

QString tr(const char* text)
{
    return QCoreApplication::translate("main", text);
}

constexpr auto kGrantsKey = "keys/grants";

/// Which key may go where is remembered between starts; the keys themselves are not in the
/// settings.
void rememberGrants(Workbench& workbench)
{
    signalbox::KeyStore* keys = workbench.services().keys.get();
    std::vector<signalbox::KeyGrant> grants;
    const QStringList stored = QSettings().value(QLatin1String(kGrantsKey)).toStringList();
    for (qsizetype i = 0; i + 1 < stored.size(); i += 2)
        grants.push_back({stored[i].toStdString(), stored[i + 1].toStdString()});
    keys->setGrants(std::move(grants));
    QObject::connect(keys, &signalbox::KeyStore::grantsChanged, keys, [keys] {
        QStringList list;
        for (const signalbox::KeyGrant& grant : keys->grants())
            list << QString::fromStdString(grant.keyRef) << QString::fromStdString(grant.origin);
        QSettings().setValue(QLatin1String(kGrantsKey), list);
    });
}

constexpr auto kCallsHereKey = "lab/callsHere";

void rememberPace(Workbench& workbench)
{
    const int stored =
        QSettings().value(QLatin1String(kCallsHereKey), workbench.callsHere()).toInt();
    workbench.setCallsHere(std::clamp(stored, 1, signalbox::LabPlan().inFlight));
    QObject::connect(&workbench, &Workbench::callsHereChanged, &workbench,
                     [](int calls) { QSettings().setValue(QLatin1String(kCallsHereKey), calls); });
}

} // namespace

int main(int argc, char* argv[])
{
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("signalbox"));
    QApplication::setApplicationName(QStringLiteral("signalbox"));
    QApplication::setApplicationDisplayName(QStringLiteral("Signalbox"));
    QApplication::setApplicationVersion(QStringLiteral(SIGNALBOX_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("signalbox"));

    QTranslator translator;
    if (translator.load(QLocale(), QStringLiteral("signalbox"), QStringLiteral("_"),
                        QStringLiteral(":/i18n")) ||
        translator.load(QStringLiteral(":/i18n/signalbox_en.qm")))
        QApplication::installTranslator(&translator);

    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Draw, hear and prove routing policies for language models."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        QStringLiteral("policy"),
        tr("Policy files, each in a tab; without one the policies of last time open, at first the "
           "sample."),
        QStringLiteral("[policy.json...]"));
    const QCommandLineOption evidence(
        QStringLiteral("evidence"),
        tr("Keep answers in this SQLite file, or in a team's PostgreSQL database: "
           "postgresql://USER@HOST/DATABASE."),
        QStringLiteral("where"));
    parser.addOption(evidence);
    parser.process(app);
    std::optional<signalbox::StoreAddress> evidenceAddress;
    if (parser.isSet(evidence)) {
        const auto address = signalbox::parseStoreAddress(parser.value(evidence).toStdString());
        if (!address) {
            std::fprintf(stderr, "--evidence: %s\n", toString(address.error()).c_str());
            return 2;
        }
        evidenceAddress = *address;
    } else {
        evidenceAddress = evidenceSettingAddress();
    }

    setUpLook(app, storedThemeChoice());
    const std::filesystem::path dataFolder =
        QStandardPaths::writableLocation(QStandardPaths::AppDataLocation).toStdString();
    Workbench workbench({dataFolder, evidenceAddress});
    rememberGrants(workbench);
    rememberPace(workbench);
    workbench.openSample();
    MainWindow window(workbench, signalbox::desktop::allPages());
    if (parser.positionalArguments().isEmpty())
        window.openLastFiles();
    window.openLastTraffic();
    for (const QString& file : parser.positionalArguments())
        window.openFile(file);
    // What the first picture does not need waits until it has been painted.
    QObject::connect(&window, &MainWindow::firstPainted, &window, [&] {
        window.offerRecovery(dataFolder / "journals");
        workbench.loadStoredAnswers();
        window.offerServers();
    });
    window.show();
    return QApplication::exec();
}
