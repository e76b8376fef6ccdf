// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what is painted of a long curve is the curve: the same line, nothing missing between two
// heights, and dashes that stay where they are while the flow moves past the window.

#include <ui/policy/flow_curve.h>

#include <QImage>
#include <QPainter>
#include <QTest>

using namespace signalbox::ui;

namespace {

/// A window on the flow, painted with the pieces that it needs.
QImage windowOn(const FlowCurve& curve, qreal top, int height)
{
    QImage image(240, height, QImage::Format_Grayscale8);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.translate(0, -top);
    QPen pen(Qt::black, 2, Qt::SolidLine, Qt::FlatCap);
    pen.setDashPattern({6, 4});
    const FlowCurve::Stretch stretch = curve.between(top - 2, top + height + 2);
    pen.setDashOffset(stretch.skipped / 2);
    painter.setPen(pen);
    painter.drawPath(stretch.path);
    return image;
}

/// Dark pixels in one and not the other.
int differenceOf(const QImage& a, const QImage& b)
{
    int count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x)
            count += (qGray(a.pixel(x, y)) < 128) != (qGray(b.pixel(x, y)) < 128) ? 1 : 0;
    }
    return count;
}

} // namespace

class TestFlowCurve : public QObject
{
    Q_OBJECT
private slots:
    void piecesAreTheCurve()
    {
        for (const qreal end : {-20'000.0, -90.0, 0.0, 350.0, 1'234.5, 60'000.0}) {
            const FlowCurve curve({20, 0}, {220, end});
            const FlowCurve::Stretch all = curve.between(-1e6, 1e6);
            QCOMPARE(all.skipped, 0.0);
            QCOMPARE(QPointF(all.path.elementAt(0)), QPointF(220, end));
            QCOMPARE(all.path.currentPosition(), QPointF(20, 0));
            const QPainterPath whole = curve.whole();
            for (int i = 0; i <= 100; ++i) {
                const qreal height = end * i / 100;
                // Where the whole one passes that height, the piece does, and nothing else.
                const QRectF here = curve.between(height - 1, height + 1).path.controlPointRect();
                QVERIFY(!here.isEmpty() || end == 0);
                QVERIFY(here.top() >= height - 1.001 && here.top() <= height);
                QVERIFY(here.bottom() <= height + 1.001 && here.bottom() >= height);
                if (end != 0) {
                    const QPointF point = curve.pointAt(curve.partAtHeight(height));
                    QVERIFY(qAbs(point.y() - height) < 1e-6 * qAbs(end));
                    QVERIFY(qAbs(curve.partAtX(point.x()) - curve.partAtHeight(height)) < 1e-6);
                }
            }
            QVERIFY(qAbs(all.path.length() - whole.length()) < 0.002 * whole.length());
        }
    }

    void whatIsElsewhereCostsNothing()
    {
        const FlowCurve curve({20, 0}, {220, 60'000});
        QVERIFY(curve.between(-100, -10).path.isEmpty());
        QVERIFY(curve.between(60'010, 60'100).path.isEmpty());
        const FlowCurve::Stretch middle = curve.between(30'000, 30'800);
        QVERIFY(middle.path.elementCount() < 20);
        QVERIFY(qAbs(middle.skipped - 30'000) < 1'500); // nearly upright
    }

    void dashesStayWhereTheyAre()
    {
        const FlowCurve curve({20, 0}, {220, 20'000});
        const QImage above = windowOn(curve, 9'000, 800);
        for (const int moved : {1, 37, 399, 400, 401}) {
            const QImage below = windowOn(curve, 9'000 + moved, 800 - moved);
            const int wrong = differenceOf(above.copy(0, moved, 240, 800 - moved), below);
            QVERIFY2(wrong <= 16, qPrintable(QString::number(wrong))); // of some 1,000
        }
    }

    void aRibbonIsFilledBetweenItsBorders()
    {
        const FlowRibbon ribbon{FlowCurve({20, 0}, {220, 20'000}),
                                FlowCurve({20, 40}, {220, 20'040})};
        QImage image(240, 800, QImage::Format_Grayscale8);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.translate(0, -9'600);
        painter.fillPath(ribbon.body(9'560, 10'440), Qt::black);
        painter.end();
        QPainterPath body = ribbon.upper.whole();
        body.connectPath(ribbon.lower.whole().toReversed());
        body.closeSubpath();
        QImage other(image.size(), QImage::Format_Grayscale8);
        other.fill(Qt::white);
        QPainter second(&other);
        second.translate(0, -9'600);
        second.fillPath(body, Qt::black);
        second.end();
        const int wrong = differenceOf(image, other); // of 1,600 along the borders
        QVERIFY2(wrong <= 32, qPrintable(QString::number(wrong)));
        QVERIFY(ribbon.body(-500, -100).isEmpty());
    }
};

QTEST_MAIN(TestFlowCurve)
#include "tst_flow_curve.moc"
