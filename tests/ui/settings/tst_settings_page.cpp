// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: models come into the policy with the address and key they were listed with, whatever is
// typed afterwards; a key goes only where it was given, and into no file; what fails says why.

#include <core/policy/policy_json.h>
#include <core/providers/endpoint.h>
#include <core/providers/key_store.h>
#include <core/sample/support_desk.h>
#include <tests/support/fault_server.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/theme.h>
#include <ui/kit/theme_setting.h>
#include <ui/models/lab_session.h>
#include <ui/settings/settings_page.h>

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScopeGuard>
#include <QSettings>
#include <QSpinBox>
#include <QTest>
#include <QUndoStack>

#include <optional>
#include <set>
#include <vector>

using namespace signalbox;
using namespace signalbox::ui;
using namespace signalbox::test;

namespace {

constexpr int kPatienceMs = 60'000;

HttpScript modelList(const QByteArray& ids)
{
    QByteArray data;
    for (const QByteArray& id : ids.split(' '))
        data += (data.isEmpty() ? "" : ",") + QByteArray("{\"id\":\"") + id + "\"}";
    return whole(200, "application/json", "{\"data\":[" + data + "]}");
}

/// The page over the sample, with hands for its fields.
struct Desk
{
    Workbench workbench{{}};
    SettingsPage page{workbench};

    Desk()
    {
        workbench.editor().setDocument(supportDeskPolicy());
        page.resize(1100, 800);
        page.show();
    }
    template<class Widget> [[nodiscard]] Widget* find(const char* name) const
    {
        return page.findChild<Widget*>(QLatin1String(name));
    }
    void enterAddress(const std::string& address) const
    {
        find<QLineEdit>("address")->setText(QString::fromStdString(address));
    }
    void fetch() const { QTest::mouseClick(find<QPushButton>("fetch"), Qt::LeftButton); }
    [[nodiscard]] QStringList listed() const
    {
        QStringList texts;
        const auto* list = find<QListWidget>("models");
        for (int row = 0; list->isVisible() && row < list->count(); ++row)
            texts << list->item(row)->text();
        return texts;
    }
    [[nodiscard]] bool waitFor(const QStringList& models) const
    {
        return QTest::qWaitFor([&] { return listed() == models; }, kPatienceMs);
    }
    void addAll() const
    {
        auto* list = find<QListWidget>("models");
        for (int row = 0; row < list->count(); ++row)
            list->item(row)->setCheckState(Qt::Checked);
        QTest::mouseClick(find<QPushButton>("addModels"), Qt::LeftButton);
    }
    [[nodiscard]] const Callout* answer() const { return find<Callout>("answer"); }
    [[nodiscard]] const PolicyDocument& policy() { return workbench.editor().document(); }
};

} // namespace

class TestSettingsPage : public QObject
{
    Q_OBJECT
private slots:
    void aNewGrantLeavesTheKeyboardWhereItIs()
    {
        Desk desk;
        QVERIFY(QTest::qWaitForWindowActive(&desk.page));
        KeyStore& keys = *desk.workbench.services().keys;
        const auto revokers = [&] {
            QList<QPushButton*> buttons;
            for (auto* button : desk.page.findChildren<QPushButton*>()) {
                if (button->text() == QStringLiteral("Revoke") && button->isVisible())
                    buttons << button;
            }
            return buttons;
        };
        keys.allow("env:A", parseEndpoint("https://a.example/v1").value());
        keys.allow("env:B", parseEndpoint("https://b.example/v1").value());
        QTRY_COMPARE(revokers().size(), 2);
        QPushButton* focused = revokers().value(0);
        focused->setFocus();
        keys.allow("env:C", parseEndpoint("https://c.example/v1").value());
        QTRY_COMPARE(revokers().size(), 3);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCOMPARE(revokers().value(0), focused);
        QVERIFY(focused->hasFocus());
        QTest::keyClick(focused, Qt::Key_Space); // takes it back; the next one is near
        QTRY_COMPARE(revokers().size(), 2);
        QCOMPARE(QApplication::focusWidget(), revokers().value(0));
    }

    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }

    void modelsOfAServerAreAddedAsOneStep()
    {
        FaultServer server;
        server.answer(modelList("small large"));
        Desk desk;
        QVERIFY(!desk.find<QPushButton>("fetch")->isEnabled());
        desk.enterAddress(server.baseUrl());
        desk.fetch();
        QTRY_COMPARE_WITH_TIMEOUT(desk.listed().size(), 2, kPatienceMs);
        const std::size_t before = desk.policy().models.size();
        desk.addAll();
        QCOMPARE(desk.policy().models.size(), before + 2);
        QCOMPARE(desk.policy().models.back().baseUrl, server.baseUrl());
        QCOMPARE(desk.policy().models.back().upstreamModel, std::string("large"));
        desk.workbench.editor().undoStack()->undo();
        QCOMPARE(desk.policy().models.size(), before);
    }

    void aListBelongsToTheAddressItCameFrom()
    {
        FaultServer first;
        first.answer(modelList("of-first"));
        FaultServer slow;
        slow.answer({hang()});
        Desk desk;
        desk.enterAddress(first.baseUrl());
        desk.fetch();
        QVERIFY(desk.waitFor({QStringLiteral("of-first")}));
        // Another address is typed: the list of the first is no offer any more.
        desk.enterAddress(slow.baseUrl());
        QVERIFY(desk.listed().isEmpty());
        QVERIFY(!desk.find<QPushButton>("addModels")->isVisible());
        desk.fetch();
        QTRY_COMPARE_WITH_TIMEOUT(slow.connectionsMade(), 1, kPatienceMs);
        // Back at the first while the slow one still thinks.
        desk.enterAddress(first.baseUrl());
        QVERIFY(desk.find<QPushButton>("fetch")->isEnabled());
        desk.fetch();
        QVERIFY(desk.waitFor({QStringLiteral("of-first")}));
        desk.addAll();
        QCOMPARE(desk.policy().models.back().baseUrl, first.baseUrl());
    }

    void aLateAnswerChangesNothing()
    {
        FaultServer server; // the first question is answered after the second one has come in
        server.answer([](const SeenRequest& request) {
            if (request.path.startsWith("/second"))
                return modelList("second");
            HttpScript script = {waitForRequests(3)};
            const HttpScript list = modelList("first");
            script.insert(script.end(), list.begin(), list.end());
            return script;
        });
        Desk desk;
        desk.enterAddress(server.origin() + "/first");
        desk.fetch();
        QTRY_COMPARE_WITH_TIMEOUT(server.requests().size(), std::size_t(1), kPatienceMs);
        for (int i = 0; i < 2; ++i) {
            desk.enterAddress(server.origin() + "/second");
            desk.fetch();
            QVERIFY(desk.waitFor({QStringLiteral("second")}));
        }
        // The first answer is out; by the time of another whole exchange it has arrived.
        std::optional<bool> asked;
        desk.workbench.providers().find("openai")->listModels(
            server.origin() + "/second", {}, &desk.page,
            [&](const auto& models) { asked = models.has_value(); });
        QTRY_VERIFY_WITH_TIMEOUT(asked.has_value(), kPatienceMs);
        QCOMPARE(desk.listed(), QStringList(QStringLiteral("second")));
    }

    void whatIsMissingIsSaidBeforeAnythingIsSent_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<int>("keyKind");
        QTest::addColumn<QString>("says");
        QTest::newRow("no address") << QStringLiteral("no address") << 0 << QStringLiteral("http");
        QTest::newRow("a nameless variable")
            << QStringLiteral("http://127.0.0.1:9/v1") << 1 << QStringLiteral("variable");
        QTest::newRow("a nameless key")
            << QStringLiteral("http://127.0.0.1:9/v1") << 2 << QStringLiteral("name");
    }
    void whatIsMissingIsSaidBeforeAnythingIsSent()
    {
        QFETCH(const QString, address);
        QFETCH(const int, keyKind);
        QFETCH(const QString, says);
        Desk desk;
        desk.enterAddress(address.toStdString());
        desk.find<QComboBox>("keyKind")->setCurrentIndex(keyKind);
        desk.fetch();
        QVERIFY(desk.answer()->isVisible());
        QVERIFY2(desk.answer()->detail().contains(says), qPrintable(desk.answer()->detail()));
        QVERIFY(desk.workbench.services().keys->grants().empty());
    }

    void aServerThatIsDownSaysWhatToDo()
    {
        Desk desk;
        desk.enterAddress("http://127.0.0.1:" + std::to_string(unusedPort()) + "/v1");
        desk.fetch();
        QTRY_VERIFY_WITH_TIMEOUT(desk.answer()->isVisible(), kPatienceMs);
        QVERIFY(!desk.answer()->detail().isEmpty());
        QVERIFY(desk.find<QPushButton>("fetch")->isEnabled());
    }

    void aKeyGoesToItsAddressAndIntoNoPolicy()
    {
        const QByteArray canary = "sk-canary-5c1a77";
        qputenv("SIGNALBOX_TEST_KEY", canary);
        FaultServer server;
        server.answer(modelList("guarded"));
        Desk desk;
        desk.enterAddress(server.baseUrl());
        desk.find<QComboBox>("keyKind")->setCurrentIndex(1);
        desk.find<QLineEdit>("keyName")->setText(QStringLiteral("SIGNALBOX_TEST_KEY"));
        desk.fetch();
        QVERIFY(desk.waitFor({QStringLiteral("guarded")}));
        QCOMPARE(server.requests().front().headers.at("authorization"), "Bearer " + canary);
        desk.addAll();
        QCOMPARE(desk.policy().models.back().keyRef, std::string("env:SIGNALBOX_TEST_KEY"));
        QVERIFY(toPolicyText(desk.policy()).find(canary.toStdString()) == std::string::npos);
        QCOMPARE(desk.workbench.services().keys->grants().size(), std::size_t(1));
        // Taking the permission back empties the list on the page.
        for (auto* button : desk.page.findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Revoke"))
                button->click();
        }
        QVERIFY(desk.workbench.services().keys->grants().empty());
        qunsetenv("SIGNALBOX_TEST_KEY");
    }

    void theModelsOfThePolicyAreListed()
    {
        Desk desk;
        const auto words = [&] {
            QStringList texts;
            for (const TextLabel* label :
                 desk.find<QWidget>("modelsInUse")->findChildren<TextLabel*>())
                texts << label->text();
            return texts;
        };
        QVERIFY(words().contains(QStringLiteral("gpt-4")));
        QVERIFY2(words().contains(QStringLiteral("30 in, 60 out")), qPrintable(words().join(u'|')));
        ModelSpec model = desk.policy().models.front();
        model.price.reset();
        QVERIFY(desk.workbench.editor().push(ReplaceModel{model.id, model}).has_value());
        QVERIFY(words().contains(QStringLiteral("unknown")));
        QVERIFY(desk.find<QLabel>("fetchNote")->isVisible()); // why its button is off
        desk.enterAddress("http://127.0.0.1:9/v1");
        QVERIFY(!desk.find<QLabel>("fetchNote")->isVisible());
    }

    void theLookIsChosenHereToo()
    {
        const auto before = qScopeGuard([choice = Theme::choice()] {
            Theme::setChoice(choice);
            QSettings().clear();
        });
        Desk desk;
        auto* themes = desk.find<SegmentedControl>("themes");
        QTest::mouseClick(themes, Qt::LeftButton, Qt::NoModifier, themes->segmentRect(2).center());
        QCOMPARE(Theme::choice(), ThemeChoice::Dark);
        QCOMPARE(storedThemeChoice(), ThemeChoice::Dark);
        Theme::setChoice(ThemeChoice::Light); // in the View menu
        QCOMPARE(themes->currentIndex(), static_cast<int>(ThemeChoice::Light));
    }

    void thePageUsesItsWidth_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("columns");
        QTest::newRow("narrow") << 800 << 1;
        QTest::newRow("of a 1280 px window") << 1204 << 2;
        QTest::newRow("of a 1920 px window") << 1844 << 3;
    }

    void thePageUsesItsWidth()
    {
        QFETCH(const int, width);
        QFETCH(const int, columns);
        Desk desk;
        desk.page.resize(width, 700);
        const std::vector<QWidget*> parts = {
            desk.find<QWidget>("connections"), desk.find<QWidget>("pace"),
            desk.find<QWidget>("keyGrants"), desk.find<QWidget>("storage")};
        const auto columnsNow = [&] {
            std::set<int> lefts;
            for (const QWidget* part : parts)
                lefts.insert(part->mapTo(&desk.page, QPoint(0, 0)).x());
            return static_cast<int>(lefts.size());
        };
        QTRY_COMPARE(columnsNow(), columns);
        const auto end = [&](const QWidget* part) {
            return part->mapTo(&desk.page, QPoint(part->width(), 0)).x();
        };
        QVERIFY(columns == 1 || end(parts[2]) > width - 100);
    }

    void thePaceOfServersHereReachesTheLab()
    {
        Desk desk;
        const LabSession session(desk.workbench);
        QCOMPARE(session.run().plan().inFlightHere, 1);
        auto* const calls = desk.find<QSpinBox>("callsHere");
        calls->selectAll();
        QTest::keyClicks(calls, QStringLiteral("4"));
        QCOMPARE(desk.workbench.callsHere(), 4);
        QCOMPARE(session.run().plan().inFlightHere, 4);
    }

    void aNameFromAServerIsShownAsItIs()
    {
        FaultServer server;
        server.answer(modelList("evil\\u202Egpj.exe"));
        Desk desk;
        desk.enterAddress(server.baseUrl());
        desk.fetch();
        QTRY_COMPARE_WITH_TIMEOUT(desk.listed().size(), 1, kPatienceMs);
        QVERIFY2(!desk.listed().value(0).contains(QChar(0x202E)),
                 qPrintable(desk.listed().value(0)));
        desk.addAll();
        QCOMPARE(desk.policy().models.back().upstreamModel, std::string("evil\u202Egpj.exe"));
    }
};

QTEST_MAIN(TestSettingsPage)
#include "tst_settings_page.moc"
