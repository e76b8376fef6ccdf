// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a person chooses which models are asked, in which ways and how often; a model asked in
// another way is a column of its own with its own answers; the choice comes back with the run, and
// by the name that it was kept by. What is priced by the price book stays so when the policy
// changes.

#include "voices_desk.h"

#include <core/base/files.h>
#include <core/evidence/lab_store.h>
#include <core/sample/support_desk.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/voices/facts_line.h>
#include <ui/voices/line_up_sheet.h>
#include <ui/voices/voices_page.h>

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

struct Desk : test::VoicesDesk
{
    explicit Desk(const QTemporaryDir& folder) : VoicesDesk({folder.path().toStdString()})
    {
        show();
    }
    /// As from the menu.
    [[nodiscard]] LineUpSheet* openSheet() const
    {
        page->findChild<QAction*>(QStringLiteral("lineUp"))->trigger();
        return page->window()->findChild<LineUpSheet*>();
    }
};

template<class Widget> Widget* in(const QWidget* sheet, const char* name)
{
    return sheet->findChild<Widget*>(QLatin1String(name));
}

void press(const QWidget* sheet, const char* name)
{
    QTest::mouseClick(in<QPushButton>(sheet, name), Qt::LeftButton);
}

QStringList columnsOf(const LabSession& session)
{
    QStringList names;
    for (const ModelSpec& model : session.models())
        names << QString::fromStdString(model.id.value);
    return names;
}

const QString kCold = QStringLiteral("gpt-3.5-turbo \u00b7 temperature 0");

} // namespace

class TestLineUpSheet : public QObject
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

    void aModelIsAskedInAnotherWayBeside()
    {
        const QTemporaryDir folder;
        {
            const Desk desk(folder);
            desk.session().setSamplePromptCount(3);
            LineUpSheet* const sheet = desk.openSheet();
            QVERIFY(sheet->isVisible());
            QVERIFY(!in<QPushButton>(sheet, "variant.add")->isEnabled()); // nothing is otherwise
            in<QComboBox>(sheet, "variant.of")->setCurrentIndex(1);
            in<QDoubleSpinBox>(sheet, "variant.temperature")->setValue(0);
            press(sheet, "variant.add");
            QCOMPARE(in<ElidedLabel>(sheet, "lineUp.variant")->text(), kCold);
            in<QCheckBox>(sheet, "lineUp.palm-2")->click();
            in<QSpinBox>(sheet, "all.samples")->setValue(2);
            in<QSpinBox>(sheet, "all.seed")->setValue(5);
            QCOMPARE(desk.session().models().size(), std::size_t(4)); // nothing is taken yet
            press(sheet, "lineUp.use");
            QCOMPARE(
                columnsOf(desk.session()).mid(0, 3),
                QStringList({QStringLiteral("gpt-4"), QStringLiteral("gpt-3.5-turbo"), kCold}));
            QCOMPARE(desk.session().samples(), 2);
            const QString said = in<FactsLine>(desk.page.get(), "preflight")->text();
            QVERIFY2(said.contains(QStringLiteral("1 variant")), qPrintable(said));
            QVERIFY2(said.contains(QStringLiteral("seed 5")), qPrintable(said));
            QVERIFY(desk.session().policyIndexOf(ModelId(kCold.toStdString())) >= 3);
            desk.send();
            QVERIFY(desk.session().run().progress().answered() > 0);
            const CellId cell{0, 2, 1};
            QCOMPARE(desk.session().run().cell(cell).answer.model, ModelId(kCold.toStdString()));
            QVERIFY(desk.session().costOf(cell)); // at the price of the model that it is of
        }
        const Desk again(folder);
        QVERIFY(columnsOf(again.session()).contains(kCold));
        QCOMPARE(again.session().asking().seed, std::optional(5));
        QVERIFY(again.session().stored()); // and its answers
        again.session().removeVariant(ModelId(kCold.toStdString()));
        QVERIFY(!columnsOf(again.session()).contains(kCold));
    }

    void whoFilledTheFieldsMeantTheColumn()
    {
        const QTemporaryDir folder;
        const Desk desk(folder);
        LineUpSheet* const sheet = desk.openSheet();
        in<QComboBox>(sheet, "variant.told")->setCurrentIndex(1);
        QVERIFY(in<QPlainTextEdit>(sheet, "variant.words")->isVisible());
        in<QPlainTextEdit>(sheet, "variant.words")->setPlainText(QStringLiteral("Rhyme."));
        press(sheet, "lineUp.use");
        QCOMPARE(desk.session().variants().size(), std::size_t(1));
        QCOMPARE(desk.session().variants()[0].overrides.system->text, std::string("Rhyme."));
    }

    void aLineUpIsKeptByItsName()
    {
        const QTemporaryDir folder;
        const Desk desk(folder);
        LineUpSheet* sheet = desk.openSheet();
        in<QDoubleSpinBox>(sheet, "all.temperature")->setValue(1.5);
        in<QLineEdit>(sheet, "lineUp.name")->setText(QStringLiteral("Warm"));
        press(sheet, "lineUp.keep");
        QCOMPARE(in<QComboBox>(sheet, "lineUp.kept")->currentText(), QStringLiteral("Warm"));
        sheet->reject();
        QVERIFY(!desk.session().asking().temperature);
        QTRY_VERIFY(!desk.page->window()->findChild<LineUpSheet*>());
        sheet = desk.openSheet();
        auto* const kept = in<QComboBox>(sheet, "lineUp.kept");
        QCOMPARE(kept->currentIndex(), 0);
        kept->setFocus();
        QTest::keyClick(kept, Qt::Key_Down);
        QCOMPARE(kept->currentText(), QStringLiteral("Warm"));
        emit kept->activated(1);
        press(sheet, "lineUp.use");
        QCOMPARE(desk.session().asking().temperature, std::optional(1.5));
    }

    void whatCannotBeReadIsNotWrittenOver()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file =
            folder.filePath(QStringLiteral("line-ups.json")).toStdString();
        QVERIFY(writeFileAtomically(file, "something else"));
        const Desk desk(folder);
        const LineUpSheet* const sheet = desk.openSheet();
        const auto* problem = in<QLabel>(sheet, "lineUp.problem");
        QVERIFY(problem->isVisible());
        QVERIFY(problem->text().contains(QStringLiteral("line-ups.json")));
        QVERIFY(!in<QLineEdit>(sheet, "lineUp.name")->isEnabled());
        QCOMPARE(readFile(file, 1000).value(), std::string("something else"));
    }

    void anEditOfThePolicyLeavesTheBooksPrices()
    {
        const QTemporaryDir folder;
        Desk desk(folder);
        PolicyDocument policy = supportDeskPolicy();
        for (ModelSpec& model : policy.models)
            model.price.reset(); // the price book knows gpt-4
        policy.models[0].provider = "openai";
        policy.models[0].upstreamModel = "gpt-4";
        desk.workbench.editor().setDocument(policy);
        QVERIFY(desk.session().models()[0].price);
        QVERIFY(desk.session().run().plan().models[0].price);
        QVERIFY(desk.workbench.editor().push(SetDecideBy{DecisionUnit::Conversation}));
        QVERIFY(desk.session().run().plan().models[0].price);
    }
};

QTEST_MAIN(TestLineUpSheet)
#include "tst_line_up_sheet.moc"
