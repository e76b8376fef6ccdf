// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a policy with open gates, or with none at all, leaves only after that has been
// acknowledged, and the page says when an acknowledgement no longer counts; the preview is what
// will be written; two policies never leave under one number; a failed write is told on the page.

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <ui/export/export_page.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QApplication>
#include <QCheckBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

#include <algorithm>
#include <set>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

/// The page over the sample, its numbers at rest.
struct Desk
{
    QTemporaryDir folder;
    Workbench workbench{{}};
    QString toSave;
    std::unique_ptr<ExportPage> page;

    Desk()
    {
        workbench.openSample();
        page = std::make_unique<ExportPage>(workbench, nullptr,
                                            [this](QWidget*, const QString&) { return toSave; });
        page->resize(1200, 700);
        page->show();
    }
    [[nodiscard]] bool isReady() const { return workbench.projectionIsCurrent(); }
    [[nodiscard]] QPushButton* button() const
    {
        return page->findChild<QPushButton*>(QStringLiteral("export"));
    }
    [[nodiscard]] QList<QCheckBox*> acknowledgements() const
    {
        return page->findChildren<QCheckBox*>();
    }
    [[nodiscard]] QString preview() const
    {
        return page->findChild<QPlainTextEdit*>(QStringLiteral("preview"))->toPlainText();
    }
    [[nodiscard]] Callout* outcome() const
    {
        return page->findChild<Callout*>(QStringLiteral("outcome"));
    }
    [[nodiscard]] QLineEdit* reason() const
    {
        return page->findChild<QLineEdit*>(QStringLiteral("reason"));
    }
    /// Lines that say that an acknowledgement no longer counts, as they are seen.
    [[nodiscard]] qsizetype lapsedLines() const
    {
        const auto labels =
            page->findChildren<TextLabel*>(QRegularExpression(QStringLiteral("^lapsed\\.")));
        return std::ranges::count_if(labels, &QWidget::isVisible);
    }
    void acknowledgeAll() const
    {
        for (QCheckBox* box : acknowledgements())
            box->click();
    }
};

/// Open gates by name, with the number in one line; behind them those that are met.
void theRowsSayWhatIsAccepted(const Desk& desk)
{
    const auto* disputes =
        desk.page->findChild<QCheckBox*>(QStringLiteral("acknowledge.satisfactionRatio:Disputes"));
    QCOMPARE(disputes->text(), QStringLiteral("Accept: Quality, Disputes"));
    QStringList lines;
    for (const ElidedLabel* label : desk.page->findChildren<ElidedLabel*>())
        lines << label->text();
    QVERIFY2(lines.contains(QString::fromUtf8("65\u202F% (51 to 79\u202F%), asked: at least "
                                              "95\u202F%")),
             qPrintable(lines.join(QLatin1Char('\n'))));
    QVERIFY(lines.contains(QStringLiteral("Cost saving"))); // which is met
    // What is out of sight is counted.
    const auto* below = desk.page->findChild<QPushButton*>(QStringLiteral("below"));
    desk.page->resize(1200, 420);
    QTRY_VERIFY(below->isVisible() && below->text().contains(QStringLiteral("more below")) &&
                !below->text().startsWith(QLatin1Char('0')));
    desk.page->resize(1200, 1400);
    QTRY_VERIFY(!below->isVisible());
}

} // namespace

class TestExportPage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void openGatesHoldTheExportUntilAllAreAcknowledged()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        QVERIFY(!desk.button()->isEnabled());
        const auto boxes = desk.acknowledgements();
        QVERIFY(boxes.size() >= 3);
        theRowsSayWhatIsAccepted(desk);
        for (QCheckBox* box : boxes) {
            QVERIFY(!desk.button()->isEnabled());
            box->click();
        }
        QVERIFY(desk.button()->isEnabled());
        boxes.front()->click();
        QVERIFY(!desk.button()->isEnabled());
    }

    void whatIsWrittenIsWhatWasShown()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        desk.acknowledgeAll();
        desk.toSave = desk.folder.filePath(QStringLiteral("out.json"));
        QTest::mouseClick(desk.button(), Qt::LeftButton);
        const auto written = readFile(desk.toSave.toStdString());
        QVERIFY(written.has_value());
        const auto document = parsePolicy(*written);
        QVERIFY2(document, document ? "" : toString(document.error()).c_str());
        QVERIFY(document->release->simulated);
        QVERIFY(std::ranges::any_of(document->release->gates, &ReleasedGate::acknowledged));
        const auto shown = parsePolicy(desk.preview().toStdString());
        QVERIFY(shown.has_value());
        QVERIFY(shown->rules == document->rules);
        QVERIFY(shown->release.has_value());
    }

    void anEditedPolicyLeavesUnderTheNumberItIsSavedWith()
    {
        Desk desk;
        PolicyEditor& editor = desk.workbench.editor();
        const int first = editor.document().revision;
        for (const Edit& edit : supportDeskRepair())
            QVERIFY(editor.push(edit).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(desk.button()->isEnabled(), 600'000);
        desk.toSave = desk.folder.filePath(QStringLiteral("out.json"));
        QTest::mouseClick(desk.button(), Qt::LeftButton);
        const auto* outcome = desk.page->findChild<Callout*>(QStringLiteral("outcome"));
        QVERIFY(outcome->isVisible());
        const auto exported = parsePolicy(*readFile(desk.toSave.toStdString()));
        QVERIFY(exported.has_value());
        QCOMPARE(exported->revision, first + 1);
        QVERIFY(editor.saveAs(desk.folder.filePath(QStringLiteral("p.json")).toStdString()));
        QCOMPARE(editor.document().revision, first + 1);
        QCOMPARE(parsePolicy(desk.preview().toStdString())->revision, first + 1);
        // What was told is about the policy as it was.
        editor.undoStack()->undo();
        QVERIFY(!outcome->isVisible());
        QCOMPARE(parsePolicy(desk.preview().toStdString())->revision, first + 2);
        // A text that cannot be read is not what would leave.
        editor.setUnreadable(3);
        QVERIFY(!desk.button()->isEnabled());
    }

    void whatIsEditedAfterAnExportLeavesUnderAnotherNumber()
    {
        Desk desk;
        PolicyEditor& editor = desk.workbench.editor();
        for (const Edit& edit : supportDeskRepair())
            QVERIFY(editor.push(edit).has_value());
        QStringList numbers;
        for (const char* name : {"first", "second"}) {
            QVERIFY(editor
                        .push(SetTitle{editor.document().id, name, editor.document().revision,
                                       editor.document().note})
                        .has_value());
            QTRY_VERIFY_WITH_TIMEOUT(desk.button()->isEnabled(), 600'000);
            desk.toSave = desk.folder.filePath(QString::fromLatin1(name));
            QTest::mouseClick(desk.button(), Qt::LeftButton);
            const auto text = readFile(desk.toSave.toStdString() + ".json");
            QVERIFY(text.has_value());
            numbers << QString::number(parsePolicy(*text)->revision);
        }
        QCOMPARE(numbers, QStringList({QStringLiteral("8"), QStringLiteral("9")}));
    }

    void aPolicyWithoutGatesAsksForOneAcknowledgement()
    {
        Desk desk;
        QVERIFY(desk.workbench.editor().push(SetGates{}).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        QVERIFY(!desk.button()->isEnabled());
        QVERIFY(desk.page->findChild<TextLabel*>(QStringLiteral("blocked"))
                    ->text()
                    .contains(QStringLiteral("No gates are set")));
        QCOMPARE(desk.acknowledgements().size(), 1);
        desk.acknowledgeAll();
        QVERIFY(desk.button()->isEnabled());
        desk.toSave = desk.folder.filePath(QStringLiteral("out.json"));
        QTest::mouseClick(desk.button(), Qt::LeftButton);
        const auto text = readFile(desk.toSave.toStdString());
        QVERIFY(text.has_value());
        QCOMPARE(parsePolicy(*text)->release->gates,
                 (std::vector<ReleasedGate>{{"noGates", "notShown", {}, true}}));
    }

    void aNameWithoutSuffixGetsOneAndNeverTakesAnotherFilesPlace()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        desk.acknowledgeAll();
        desk.toSave = desk.folder.filePath(QStringLiteral("released"));
        QTest::mouseClick(desk.button(), Qt::LeftButton);
        const std::string file = desk.toSave.toStdString() + ".json";
        QVERIFY(readFile(file).has_value());
        QVERIFY(!readFile(desk.toSave.toStdString()).has_value());
        QCOMPARE(desk.outcome()->detail(), QString::fromStdString(file));

        QVERIFY(writeFileAtomically(file, "somebody else's").has_value());
        QTest::mouseClick(desk.button(), Qt::LeftButton);
        QCOMPARE(*readFile(file), std::string("somebody else's"));
        QVERIFY2(desk.outcome()->detail().contains(QStringLiteral("released.json exists already")),
                 qPrintable(desk.outcome()->detail()));
    }

    void theReasonGoesWithTheAcknowledgements()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        QVERIFY(!desk.reason()->isVisible()); // nothing to be the reason of
        desk.acknowledgeAll();
        QVERIFY(desk.reason()->isVisible());
        QTest::keyClicks(desk.reason(), QStringLiteral("It's a pilot"));
        QCOMPARE(parsePolicy(desk.preview().toStdString())->release->reason,
                 std::string("It's a pilot"));
        const auto* command = desk.page->findChild<ElidedLabel*>(QStringLiteral("command"));
        QVERIFY2(command->text().endsWith(QStringLiteral(R"( --reason 'It'\''s a pilot')")),
                 qPrintable(command->text()));
        desk.toSave = desk.folder.filePath(QStringLiteral("out.json"));
        QTest::mouseClick(desk.button(), Qt::LeftButton);
        QCOMPARE(parsePolicy(*readFile(desk.toSave.toStdString()))->release->reason,
                 std::string("It's a pilot"));
        for (QCheckBox* box : desk.acknowledgements())
            box->click();
        QVERIFY(!desk.reason()->isVisible());
        PolicyDocument other = desk.workbench.editor().document();
        other.id = "another";
        desk.workbench.editor().setDocument(other);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        desk.acknowledgeAll();
        QCOMPARE(desk.reason()->text(), QString());
    }

    void thePageSaysWhichAcknowledgementsNoLongerCount()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        desk.acknowledgeAll();
        const auto before = desk.acknowledgements().size();
        QCOMPARE(desk.lapsedLines(), 0);
        QVERIFY(desk.workbench.editor().push(supportDeskRepair().back()).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        QVERIFY(desk.lapsedLines() > 0);
        QVERIFY(desk.lapsedLines() <= before);
        // Answered one way or the other, the line has done its work.
        for (QCheckBox* box : desk.acknowledgements()) {
            if (!box->isChecked())
                box->click();
        }
        QCOMPARE(desk.lapsedLines(), 0);
        for (QCheckBox* box : desk.acknowledgements())
            box->click();
        QCOMPARE(desk.lapsedLines(), 0);
    }

    void aFailedWriteIsToldOnThePage()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        desk.acknowledgeAll();
        desk.toSave = QStringLiteral("/proc/none/out.json");
        QTest::mouseClick(desk.button(), Qt::LeftButton);
        const auto* outcome = desk.page->findChild<Callout*>(QStringLiteral("outcome"));
        QVERIFY(outcome->isVisible());
        QVERIFY(outcome->detail().contains(QStringLiteral("/proc/none")));
    }

    void aWideWindowGivesTheGatesItsRoom()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        const auto* preview = desk.page->findChild<QPlainTextEdit*>(QStringLiteral("preview"));
        const auto columns = [&] {
            std::set<int> lefts;
            for (const QCheckBox* box : desk.acknowledgements())
                lefts.insert(box->mapTo(desk.page.get(), QPoint(0, 0)).x());
            return static_cast<int>(lefts.size());
        };
        QTRY_COMPARE(columns(), 1);
        QVERIFY(preview->width() > 600);
        desk.page->resize(1844, 900);
        QTRY_COMPARE(columns(), 2);
        QVERIFY(preview->width() <= 900);
    }

    void numbersOfAnotherPolicyReleaseNothing()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        for (const Edit& edit : supportDeskRepair())
            QVERIFY(desk.workbench.editor().push(edit).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(desk.button()->isEnabled(), 600'000);
        // The broken policy is back, and with it nothing is known until its own numbers arrive.
        desk.workbench.editor().undoStack()->undo();
        QVERIFY(!desk.button()->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        QVERIFY(!desk.button()->isEnabled());
        QVERIFY(!desk.acknowledgements().isEmpty());
    }

    void anAcknowledgementIsForOnePolicyAndOneNumber()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        desk.acknowledgeAll();
        QVERIFY(desk.button()->isEnabled());
        PolicyDocument other = desk.workbench.editor().document();
        other.id = "another";
        desk.workbench.editor().setDocument(other);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        QVERIFY(!desk.button()->isEnabled());
        for (const QCheckBox* box : desk.acknowledgements())
            QVERIFY(!box->isChecked());
    }

    void theCommandIsOfferedOnlyWhereItExportsTheSame()
    {
        Desk desk;
        const auto* command = desk.page->findChild<ElidedLabel*>(QStringLiteral("command"));
        const auto* copy = desk.page->findChild<IconButton*>(QStringLiteral("copy"));
        QCOMPARE(command->text(), QStringLiteral("signalbox-cli export sample"));
        const auto* note = desk.page->findChild<TextLabel*>(QStringLiteral("commandNote"));
        QVERIFY(note->text().contains(QStringLiteral("stops at the same gates")) &&
                note->text().contains(QStringLiteral("comes with Signalbox")));
        QVERIFY(desk.workbench.editor().push(supportDeskRepair().front()).has_value());
        QVERIFY(!copy->isEnabled());
        const auto path = desk.folder.filePath(QStringLiteral("a policy.json"));
        QVERIFY(desk.workbench.editor().saveAs(path.toStdString()).has_value());
        QVERIFY(copy->isEnabled());
        QCOMPARE(command->text(), QStringLiteral("signalbox-cli export '%1'").arg(path));
        QVERIFY(!note->text().contains(QStringLiteral("comes with Signalbox")));
    }

    void theRepairedPolicyNeedsNoAcknowledgement()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), 600'000);
        for (const Edit& edit : supportDeskRepair())
            QVERIFY(desk.workbench.editor().push(edit).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(desk.button()->isEnabled(), 600'000);
        QVERIFY(desk.acknowledgements().isEmpty());
    }
};

QTEST_MAIN(TestExportPage)
#include "tst_export_page.moc"
