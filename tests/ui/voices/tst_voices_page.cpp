// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: one click sends the prompts to every model; cells fill and say their state; a typed
// prompt is asked too; answers are shown as text whatever is in them; the comparison names what
// differs.

#include <ui/kit/choice_widgets.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/models/lab_table_model.h>
#include <ui/voices/answer_delegate.h>
#include <ui/voices/comparison_view.h>
#include <ui/voices/voices_page.h>

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

struct Desk
{
    Workbench workbench{{}};
    std::unique_ptr<VoicesPage> page;

    explicit Desk(std::size_t prompts)
    {
        workbench.openSample();
        workbench.services().simulator->setSpeed(0);
        page = std::make_unique<VoicesPage>(workbench);
        page->session().setSamplePromptCount(prompts);
        page->resize(1200, 800);
        page->show();
    }
    template<class Widget> [[nodiscard]] Widget* child(const char* name) const
    {
        return page->findChild<Widget*>(QLatin1String(name));
    }
};

} // namespace

class TestVoicesPage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void oneClickAsksEveryModel()
    {
        Desk desk(3);
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        QTest::mouseClick(desk.child<QPushButton>("start"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const auto* table = desk.child<QTableView>("matrix");
        const QModelIndex cell = table->model()->index(0, 1);
        QCOMPARE(cell.data(LabTableModel::StateTextRole).toString(), QStringLiteral("done"));
        QVERIFY(AnswerDelegate::footerText(cell).contains(QStringLiteral("word")));
        QVERIFY(AnswerDelegate::footerText(cell).contains(QLatin1Char('$')));
        QVERIFY(!desk.child<PlainTextPane>("answer.gpt-4")->wholeText().isEmpty());
        QCOMPARE(desk.child<QPushButton>("start")->text(), QStringLiteral("Send again"));
    }

    void aTypedPromptIsAskedToo()
    {
        Desk desk(1);
        auto* line = desk.child<QLineEdit>("typedPrompt");
        QTest::keyClicks(line, QStringLiteral("Do you ship to the moon?"));
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(desk.child<QTableView>("matrix")->model()->rowCount(), 2);
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        desk.page->session().start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const Cell& cell = desk.page->session().run().cell({0, 0, 0});
        QCOMPARE(cell.state, CellState::Done);
        QVERIFY(QString::fromStdString(cell.answer.text)
                    .contains(QStringLiteral("simulat"), Qt::CaseInsensitive));
    }

    void stoppingKeepsWhatIsThere()
    {
        Desk desk(60);
        desk.workbench.services().simulator->setSpeed(1);
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        desk.page->session().start();
        QTRY_VERIFY_WITH_TIMEOUT(desk.page->session().run().progress().running > 0, 60'000);
        desk.page->session().stop();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const LabProgress progress = desk.page->session().run().progress();
        QCOMPARE(progress.finished, progress.total);
        QVERIFY(desk.page->session().run().cell({59, 0, 0}).state == CellState::Stopped);
    }

    void theComparisonSaysWhatDiffers()
    {
        Desk desk(2);
        desk.child<SegmentedControl>("views")->setCurrentIndex(1);
        auto* comparison = desk.child<ComparisonView>("comparison");
        QTRY_VERIFY_WITH_TIMEOUT(comparison->comparison().isEnough(), 120'000);
        QVERIFY(comparison->comparison().prompts.size() > 100); // the evidence, not only this run
        QVERIFY(comparison->comparison().matrix.noticeability(0, 2) > 0.3);
        auto* reasons = comparison->findChild<QLabel*>(QStringLiteral("reasons"));
        QVERIFY(!reasons->text().isEmpty());
    }

    void cellsKeepTheirPartsInside()
    {
        const QRect cell(10, 20, 300, 108);
        const AnswerCellGeometry geometry = AnswerCellGeometry::of(cell);
        QVERIFY(cell.contains(geometry.text));
        QVERIFY(cell.contains(geometry.footer));
        QVERIFY(!geometry.text.intersects(geometry.footer));
    }
};

QTEST_MAIN(TestVoicesPage)
#include "tst_voices_page.moc"
