// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: plots draw what their table says, in bounds and in the theme; they can be read by ear
// and by keyboard, and leave as SVG, PNG and CSV without harm to an older file.
#include "kit_test.h"

#include <ui/kit/model_look.h>
#include <ui/kit/picture_export.h>
#include <ui/kit/plots.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <cmath>
#include <limits>

using namespace signalbox::ui;

namespace {

QString text(const char* utf8)
{
    return QString::fromUtf8(utf8);
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

QImage rendered(const PlotView& plot, QSize size)
{
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    plot.render(painter, QRectF(QPointF(), size));
    return image;
}

/// Columns of a row of pixels that have this colour: first and last, or nothing.
std::optional<std::pair<int, int>> extent(const QImage& image, const QColor& color)
{
    int first = image.width();
    int last = -1;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (QColor::fromRgba(image.pixel(x, y)) == color) {
                first = std::min(first, x);
                last = std::max(last, x);
            }
        }
    }
    return last < 0 ? std::nullopt : std::optional(std::pair(first, last));
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
}

IntervalPlot* makeIntervals()
{
    auto* plot = new IntervalPlot;
    plot->setTitle(text("Warmth"));
    plot->setRows({{.label = text("gpt-4"), .value = 0.6, .low = 0.5, .high = 0.7, .model = 0},
                   {.label = text("palm-2"), .value = 0.3, .low = 0.1, .high = 0.4, .model = 2}});
    return plot;
}

MatrixView* makeMatrix()
{
    auto* matrix = new MatrixView;
    matrix->setMatrix({text("a"), text("b")}, {text("a"), text("b")},
                      {{.value = kNan, .text = text("–")},
                       {.value = 0.5, .text = text("50 %"), .detail = text("±6")},
                       {.value = 0.9, .text = text("90 %")},
                       {.value = kNan, .text = text("–")}});
    matrix->resize(300, 160);
    return matrix;
}

} // namespace

class TestPlots : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        kit_test::failOnWarnings();
        Theme::setChoice(ThemeChoice::Light);
    }

    // Ticks

    void ticksAreRound_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<int>("wanted");
        QTest::addColumn<bool>("log");
        QTest::addColumn<std::vector<double>>("ticks");
        QTest::newRow("unit") << 0.0 << 1.0 << 5 << false
                              << std::vector<double>{0, 0.2, 0.4, 0.6, 0.8, 1.0};
        QTest::newRow("around zero")
            << -1.0 << 1.0 << 4 << false << std::vector<double>{-1, -0.5, 0, 0.5, 1};
        QTest::newRow("odd ends") << 0.13 << 0.87 << 4 << false
                                  << std::vector<double>{0.2, 0.4, 0.6, 0.8};
        QTest::newRow("decades") << 1.0 << 10'000.0 << 4 << true
                                 << std::vector<double>{1, 10, 100, 1000, 10'000};
        QTest::newRow("one decade")
            << 10.0 << 100.0 << 4 << true << std::vector<double>{10, 20, 50, 100};
        QTest::newRow("less than a decade")
            << 20.0 << 40.0 << 4 << true << std::vector<double>{20, 25, 30, 35, 40};
        QTest::newRow("nothing") << 1.0 << 1.0 << 4 << false << std::vector<double>{};
    }

    void ticksAreRound()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(int, wanted);
        QFETCH(bool, log);
        QFETCH(std::vector<double>, ticks);
        const auto found = niceTicks(low, high, wanted, log);
        QCOMPARE(found.size(), ticks.size());
        for (std::size_t i = 0; i < ticks.size(); ++i)
            QVERIFY(std::abs(found[i] - ticks[i]) < 1e-9 * std::max(1.0, std::abs(ticks[i])));
    }

    void ticksAboutZeroReachTheFurthest()
    {
        for (const double furthest :
             {0.0, 1.9, 2.1, 4.5, 7.4, 8.6, 12.0, 19.0, 80.0, 181.0, 1234.0}) {
            const std::vector<double> ticks = ticksAboutZero(furthest);
            QVERIFY(ticks.size() == 5 || ticks.size() == 7);
            QCOMPARE(ticks[ticks.size() / 2], 0.0);
            QCOMPARE(ticks.front(), -ticks.back());
            QVERIFY(ticks.back() >= furthest);
            // No wider than it must be: differences are to be seen.
            QVERIFY(ticks.back() <= std::max(2.0, 1.5 * furthest));
            for (std::size_t i = 1; i < ticks.size(); ++i) {
                QCOMPARE(ticks[i], std::round(ticks[i]));
                QCOMPARE(ticks[i] - ticks[i - 1], ticks[1] - ticks[0]);
            }
        }
        QCOMPARE(ticksAboutZero(8.6).back(), 9.0);
    }

    void logRangesEndAtTicks_data()
    {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<double>("first");
        QTest::addColumn<double>("last");
        QTest::newRow("words") << 11.0 << 323.0 << 10.0 << 500.0;
        QTest::newRow("round already") << 10.0 << 100.0 << 10.0 << 100.0;
        QTest::newRow("under one") << 0.3 << 7.0 << 0.2 << 10.0;
        QTest::newRow("one value") << 3.0 << 3.0 << 2.0 << 5.0;
    }

    void logRangesEndAtTicks()
    {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(double, first);
        QFETCH(double, last);
        const auto [from, to] = niceLogRange(low, high);
        QVERIFY(std::abs(from - first) < 1e-9 && std::abs(to - last) < 1e-9);
    }

    // CSV

    void csvIsQuotedAndRunsNothing()
    {
        const PlotTable table{{text("Name"), text("Value")},
                              {{text("a, \"b\""), text("1")},
                               {text("=cmd()"), text("-0.5")},
                               {text("two\nlines"), text("@x")}}};
        QCOMPARE(table.toCsv(), text("Name,Value\r\n\"a, \"\"b\"\"\",1\r\n'=cmd(),-0.5\r\n"
                                     "\"two\nlines\",'@x\r\n"));
    }

    // IntervalPlot

    void intervalsLieWhereTheAxisSays()
    {
        const std::unique_ptr<IntervalPlot> plot(makeIntervals());
        plot->setRange(0, 1);
        plot->setLabelWidth(100);
        const QImage image = rendered(*plot, QSize(512, 120));
        // The axis runs from 100 to 500: notes are absent and leave a margin of 12.
        const auto first = extent(image, lookFor(0).color);
        QVERIFY(first);
        QVERIFY2(std::abs(first->second - (100 + 0.7 * 400)) <= 2,
                 qPrintable(QString::number(first->second)));
        const auto second = extent(image, lookFor(2).color);
        QVERIFY(second);
        QVERIFY(std::abs(second->second - (100 + 0.4 * 400)) <= 2);
    }

    void aWeakRowLosesItsColour()
    {
        IntervalPlot plot;
        plot.setRows({{.label = text("x"),
                       .value = 0.5,
                       .low = 0.4,
                       .high = 0.6,
                       .model = 0,
                       .weak = true,
                       .note = text("needs 40 more prompts")}});
        const QImage image = rendered(plot, QSize(400, 60));
        QVERIFY(!extent(image, lookFor(0).color));
        QVERIFY(extent(image, Theme::current().colors().textDisabled));
    }

    void notesOfOneWidthLineUpTheAxes()
    {
        IntervalPlot brief;
        IntervalPlot wordy;
        for (IntervalPlot* plot : {&brief, &wordy}) {
            plot->setRange(0, 1);
            plot->setLabelWidth(100);
            plot->setNoteWidth(150);
        }
        const auto row = [](const QString& note) {
            return IntervalRow{.label = text("x"),
                               .value = 0.5,
                               .low = 0.2,
                               .high = 0.8,
                               .model = 0,
                               .note = note};
        };
        brief.setRows({row({})});
        wordy.setRows({row(text("52.6 (51.6 to 53.5)"))});
        QCOMPARE(extent(rendered(brief, QSize(500, 60)), lookFor(0).color),
                 extent(rendered(wordy, QSize(500, 60)), lookFor(0).color));
    }

    void unknownValuesDrawNothingAndSayNothing()
    {
        IntervalPlot plot;
        plot.setRows({{.label = text("x"), .value = kNan, .low = kNan, .high = kNan, .model = 0}});
        rendered(plot, QSize(400, 60));
        QCOMPARE(plot.table().rows[0],
                 (QStringList{text("x"), QString(), QString(), QString(), QString()}));
    }

    void plotsAreReadByEar()
    {
        const std::unique_ptr<IntervalPlot> plot(makeIntervals());
        QCOMPARE(plot->accessibleName(), text("Warmth"));
        QVERIFY(
            plot->accessibleDescription().startsWith(text("gpt-4, Value 0.6, Low 0.5, High 0.7")));
    }

    // BoxPlotView

    void quantilesAreInterpolated()
    {
        const auto q = BoxPlotView::quantilesOf({5, 1, 4, 2, 3, kNan});
        QCOMPARE(q[0], 1.2);
        QCOMPARE(q[1], 2.0);
        QCOMPARE(q[2], 3.0);
        QCOMPARE(q[3], 4.0);
        QCOMPARE(q[4], 4.8);
        QCOMPARE(BoxPlotView::quantilesOf({}), (std::array<double, 5>{}));
        QCOMPARE(BoxPlotView::quantilesOf({7})[3], 7.0);
    }

    void boxesSurviveZerosAndEmptyRows()
    {
        BoxPlotView view;
        view.setRows(
            {{.label = text("zero"), .quantiles = {0, 0, 0, 1, 2}, .samples = 5, .model = 0},
             {.label = text("none"), .model = 1}});
        const QImage image = rendered(view, QSize(400, 100));
        QVERIFY(extent(image, lookFor(0).color));
        QCOMPARE(view.table().rows[1].last(), text("0"));
    }

    void aNoteTakesThePlaceOfTheSampleSize()
    {
        BoxPlotView view;
        BoxRow row{
            .label = text("a"), .quantiles = {11, 20, 50, 90, 323}, .samples = 9, .model = 0};
        view.setRows({row});
        const QImage sizes = rendered(view, QSize(500, 60));
        row.note = format::sampleSize(8); // as wide as n = 9, and drawn in its place
        view.setRows({row});
        QVERIFY(rendered(view, QSize(500, 60)) != sizes);
    }

    // MatrixView

    void theTextOfAMatrixKeepsItsColour()
    {
        for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme::setChoice(choice);
            MatrixView matrix;
            matrix.setMatrix({text("a")}, {text("b")}, {{.value = 1, .text = text("████")}});
            QVERIFY(extent(rendered(matrix, QSize(200, 90)), Theme::current().colors().text));
        }
    }

    void matrixMovesByKey()
    {
        const std::unique_ptr<MatrixView> matrix(makeMatrix());
        QSignalSpy moved(matrix.get(), &MatrixView::currentCellChanged);
        QSignalSpy activated(matrix.get(), &MatrixView::cellActivated);
        QTest::keyClick(matrix.get(), Qt::Key_Right);
        QCOMPARE(matrix->currentRow(), 0);
        QCOMPARE(matrix->currentColumn(), 0);
        QTest::keyClick(matrix.get(), Qt::Key_Right);
        QCOMPARE(matrix->currentColumn(), 1);
        QTest::keyClick(matrix.get(), Qt::Key_Right);
        QCOMPARE(matrix->currentColumn(), 1);
        QTest::keyClick(matrix.get(), Qt::Key_Down);
        QCOMPARE(matrix->currentRow(), 1);
        QTest::keyClick(matrix.get(), Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
        QCOMPARE(moved.count(), 3);
        QVERIFY(matrix->accessibleDescription().startsWith(text("b against b")));
    }

    void matrixCellIsClicked()
    {
        const std::unique_ptr<MatrixView> matrix(makeMatrix());
        QSignalSpy activated(matrix.get(), &MatrixView::cellActivated);
        QTest::mouseClick(matrix.get(), Qt::LeftButton, {},
                          matrix->cellRect(1, 0).center().toPoint());
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated[0][0].toInt(), 1);
        QCOMPARE(activated[0][1].toInt(), 0);
        QTest::mouseClick(matrix.get(), Qt::LeftButton, {}, QPoint(3, 3));
        QCOMPARE(activated.count(), 1);
    }

    void matrixCellsTileWithoutOverlap()
    {
        const std::unique_ptr<MatrixView> matrix(makeMatrix());
        QVERIFY(std::abs(matrix->cellRect(0, 0).right() - matrix->cellRect(0, 1).left()) < 1e-6);
        QVERIFY(std::abs(matrix->cellRect(0, 0).bottom() - matrix->cellRect(1, 0).top()) < 1e-6);
        QVERIFY(QRectF(matrix->rect()).contains(matrix->cellRect(1, 1)));
        QCOMPARE(matrix->table().rows[0], (QStringList{text("a"), text("–"), text("50 % (±6)")}));
    }

    void halfAMatrixShowsEveryPairOnce()
    {
        MatrixView matrix;
        const QStringList names = {text("a"), text("b"), text("c")};
        std::vector<MatrixCell> cells;
        for (int row = 0; row < 3; ++row) {
            for (int column = 0; column < 3; ++column) {
                const int pair = std::max(row, column) * 10 + std::min(row, column);
                cells.push_back(
                    row == column
                        ? MatrixCell{.value = kNan, .text = text("–"), .detail = text("floor")}
                        : MatrixCell{.value = 0.5, .text = QString::number(pair)});
            }
        }
        matrix.setMatrix(names, names, cells, {0, 1, 2}, {0, 1, 2});
        const PlotTable whole = matrix.table();
        matrix.setHalf(true);
        matrix.setLegend(text("none"), text("some"), text("all"));
        for (const int width : {160, 240, 500, 900}) {
            matrix.resize(width, matrix.sizeHint().height());
            QRectF last(-9, -9, 4, 4);
            for (int row = 0; row < 3; ++row) {
                for (int column = 0; column <= row; ++column) {
                    const QRectF cell = matrix.cellRect(row, column);
                    QVERIFY(QRectF(matrix.rect()).adjusted(-1, -1, 1, 1).contains(cell));
                    QVERIFY(!cell.intersects(last.adjusted(1, 1, -1, -1)));
                    QCOMPARE(matrix.cellRect(column, row), cell); // its twin stands for it
                    last = cell;
                }
            }
        }
        QCOMPARE(matrix.table().rows, whole.rows);
        const auto parts = matrix.spokenParts();
        QCOMPARE(parts.size(), std::size_t(6));
        QVERIFY(parts[1].name.startsWith(text("b against a: 10")));
        QCOMPARE(parts[2].name, text("b: floor"));

        QSignalSpy moved(&matrix, &MatrixView::currentCellChanged);
        matrix.setCurrentCell(0, 2);
        QCOMPARE(std::pair(matrix.currentRow(), matrix.currentColumn()), std::pair(2, 0));
        QTest::keyClick(&matrix, Qt::Key_Right);
        QTest::keyClick(&matrix, Qt::Key_Up); // the name of the second
        QCOMPARE(std::pair(matrix.currentRow(), matrix.currentColumn()), std::pair(1, 1));
        QTest::keyClick(&matrix, Qt::Key_Up); // nothing is shown there
        QTest::keyClick(&matrix, Qt::Key_Right);
        QCOMPARE(std::pair(matrix.currentRow(), matrix.currentColumn()), std::pair(1, 1));
        QCOMPARE(moved.count(), 3);
        QSignalSpy activated(&matrix, &MatrixView::cellActivated);
        QTest::mouseClick(&matrix, Qt::LeftButton, {}, matrix.cellRect(2, 1).center().toPoint());
        QCOMPARE(activated.count(), 1);
        QCOMPARE(std::pair(matrix.currentRow(), matrix.currentColumn()), std::pair(2, 1));
        matrix.pressPart(1);
        QCOMPARE(std::pair(matrix.currentRow(), matrix.currentColumn()), std::pair(1, 0));
        QCOMPARE(activated.count(), 2);
    }

    // Files

    void leavesAsSvgPngAndCsv()
    {
        const QTemporaryDir folder;
        const std::unique_ptr<IntervalPlot> plot(makeIntervals());
        plot->resize(400, 120);
        const QString svg = folder.filePath(text("a.svg"));
        QCOMPARE(writePlot(*plot, svg), std::nullopt);
        QVERIFY(contents(svg).contains("<svg") && contents(svg).contains("gpt-4"));
        const QString png = folder.filePath(text("a.PNG"));
        QCOMPARE(writePlot(*plot, png), std::nullopt);
        QCOMPARE(QImage(png).size(), QSize(800, 240));
        const QString csv = folder.filePath(text("a.csv"));
        QCOMPARE(writePlot(*plot, csv), std::nullopt);
        QCOMPARE(contents(csv), plot->table().toCsv().toUtf8());
    }

    void anUnwritablePlaceIsSaidInASentence()
    {
        const QTemporaryDir folder;
        const std::unique_ptr<IntervalPlot> plot(makeIntervals());
        const auto problem = writePlot(*plot, folder.filePath(text("no/such/folder/a.svg")));
        QVERIFY(problem && problem->contains(text("no/such/folder/a.svg")));
        QVERIFY(writePlot(*plot, folder.filePath(text("a.bmp"))));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList());
    }

    void drawsAlikeOnScreenAndInAPicture()
    {
        const std::unique_ptr<IntervalPlot> plot(makeIntervals());
        plot->resize(400, 120);
        const QImage screen = plot->grab().toImage();
        Theme::setChoice(ThemeChoice::Dark);
        QVERIFY(plot->grab().toImage() != screen);
    }
};

int main(int argc, char** argv)
{
    return kit_test::run<TestPlots>(argc, argv);
}

#include "tst_plots.moc"
