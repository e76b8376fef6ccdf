// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: where answers are kept can be chosen in the settings; an address is tried before it is
// taken, what is wrong with it is said, and nothing is changed there.

#include <core/evidence/evidence_store.h>
#include <ui/kit/theme.h>
#include <ui/settings/store_panel.h>

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

struct Shown
{
    StorePanel panel;
    QLineEdit* address = panel.findChild<QLineEdit*>(QStringLiteral("storeAddress"));
    QPushButton* test = panel.findChild<QPushButton*>(QStringLiteral("testStore"));
    QPushButton* use = panel.findChild<QPushButton*>(QStringLiteral("useStore"));
    QLabel* result = panel.findChild<QLabel*>(QStringLiteral("storeResult"));

    Shown() { panel.show(); }
    void press(QPushButton* button) { QTest::mouseClick(button, Qt::LeftButton); }
};

} // namespace

class TestStorePanel : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QSettings().clear();
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aStoreThatIsThereIsTriedAndTaken()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("team.sqlite"));
        {
            auto store = EvidenceStore::open(std::filesystem::path(file.toStdString()));
            QVERIFY(store && store->beginRun("test", "{}"));
        }
        Shown shown;
        QVERIFY(!shown.test->isEnabled()); // nothing to be tried
        shown.address->setText(file);
        shown.press(shown.test);
        QTRY_COMPARE(shown.result->text(), QStringLiteral("Reached: it holds 1 run(s)."));
        QVERIFY(evidenceSetting().isEmpty()); // tried, not taken
        shown.press(shown.use);
        QTRY_COMPARE(evidenceSetting(), file);
        QVERIFY(!shown.use->isEnabled());
        QCOMPARE(std::get<SqliteStore>(*evidenceSettingAddress()).file.string(),
                 file.toStdString());
        shown.address->clear();
        shown.press(shown.use);
        QVERIFY(evidenceSetting().isEmpty());
        QVERIFY(!evidenceSettingAddress());
    }

    void aFileThatIsNotThereYetIsNotMadeByTrying()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("new.sqlite"));
        Shown shown;
        shown.address->setText(file);
        shown.press(shown.test);
        QTRY_VERIFY(shown.result->text().contains(QStringLiteral("holds no answers yet")));
        QVERIFY(!QFileInfo::exists(file));
    }

    void whatIsWrongIsSaidAndNotTaken_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("said");
        QTest::newRow("no folder")
            << QStringLiteral("/nowhere/at/all/e.sqlite") << QStringLiteral("no such folder");
        QTest::newRow("a password") << QStringLiteral("postgresql://me:secret@db/answers")
                                    << QStringLiteral("settings hold no passwords");
        QTest::newRow("another database")
            << QStringLiteral("mysql://db/answers") << QStringLiteral("only PostgreSQL");
        QTest::newRow("nobody there")
            << QStringLiteral("postgresql://127.0.0.1:1/answers") << QStringLiteral("127.0.0.1");
    }
    void whatIsWrongIsSaidAndNotTaken()
    {
        QFETCH(QString, address);
        QFETCH(QString, said);
        Shown shown;
        shown.address->setText(address);
        shown.press(shown.use);
        QTRY_VERIFY_WITH_TIMEOUT(shown.result->text().contains(said), 30'000);
        QVERIFY(!shown.result->text().contains(QStringLiteral("secret")));
        QVERIFY(evidenceSetting().isEmpty());
        QVERIFY(shown.use->isEnabled());
    }
};

QTEST_MAIN(TestStorePanel)
#include "tst_store_panel.moc"
