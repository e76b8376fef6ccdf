// SPDX-License-Identifier: GPL-3.0-or-later
// What a person waits for on the policy page, with 300 rules and 2,000 edges in a window of
// 1280x800: every frame of a pan, a zoom and a drag, from the event to the painted viewport;
// opening it; and a key in the source until the canvas, the problems and the scoreboard have
// followed. Frames are painted ones, counted. A plain QGraphicsScene of as many curves, cards and
// words is moved in the same run, since machines differ. Without a display it paints into memory,
// which is what an X server does not add.

#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <ui/kit/theme.h>
#include <ui/policy/flow_view.h>
#include <ui/policy/policy_page.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QGraphicsPathItem>
#include <QGraphicsView>
#include <QImage>
#include <QMouseEvent>
#include <QPainterPath>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTextCursor>
#include <QWheelEvent>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

constexpr int kRules = 300;
constexpr int kSteps = 6; ///< of each rule's chain: with the way to the rule, 7 edges a rule
constexpr QSize kWindow(1280, 800);
constexpr qint64 kPatienceMs = 20'000; ///< for one event; nothing here takes a tenth of it

/// The sample's models and signals under 300 rules, which share the traffic between them.
PolicyDocument largePolicy()
{
    PolicyDocument policy = supportDeskPolicy();
    policy.id = "large";
    policy.tests.clear();
    policy.rules.clear();
    const SignalId chars("chars");
    for (int i = 0; i < kRules; ++i) {
        Chain chain;
        for (int step = 0; step < kSteps; ++step) {
            Call call;
            call.model =
                policy.models[static_cast<std::size_t>(i + step) % policy.models.size()].id;
            chain.steps.push_back(Plan{call});
        }
        Rule rule;
        rule.id = RuleId("rule-" + std::to_string(i));
        rule.label = "Questions of up to " + std::to_string(i + 1) + " characters";
        rule.when = Condition{Compare{chars, CompareOp::Lte, CompareValue(double(i + 1))}};
        rule.plan = Plan{std::move(chain)};
        policy.rules.push_back(std::move(rule));
    }
    return policy;
}

/// Counts the paintings of a widget.
class Frames final : public QObject
{
public:
    explicit Frames(QWidget* widget) { widget->installEventFilter(this); }
    bool eventFilter(QObject* /*watched*/, QEvent* event) override
    {
        m_painted += event->type() == QEvent::Paint ? 1 : 0;
        return false;
    }
    [[nodiscard]] int painted() const { return m_painted; }

private:
    int m_painted = 0;
};

/// Milliseconds until `isDone`, while events are served.
double waitFor(const std::function<bool()>& isDone, const QElapsedTimer& since)
{
    while (!isDone() && since.elapsed() < kPatienceMs)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
    return static_cast<double>(since.nsecsElapsed()) / 1e6;
}

void settle(const std::function<bool()>& isDone)
{
    QElapsedTimer clock;
    clock.start();
    waitFor(isDone, clock);
}

void print(const char* name, std::vector<double> ms)
{
    std::ranges::sort(ms);
    const auto at = [&](double part) {
        return ms[static_cast<std::size_t>(part * static_cast<double>(ms.size() - 1))];
    };
    std::printf("%s,frames,%zu\n%s,p50_ms,%.2f\n%s,p95_ms,%.2f\n%s,most_ms,%.2f\n", name, ms.size(),
                name, at(0.5), name, at(0.95), name, ms.back());
    std::fflush(stdout);
}

/// One event after the other, each until its frame is painted.
std::vector<double> timed(const Frames& frames, int count, const std::function<void(int)>& event)
{
    std::vector<double> ms;
    for (int i = 0; i < count; ++i) {
        QElapsedTimer clock;
        clock.start();
        const int before = frames.painted();
        event(i);
        const double took = waitFor([&] { return frames.painted() > before; }, clock);
        if (frames.painted() > before)
            ms.push_back(took);
    }
    return ms;
}

void wheel(QGraphicsView& view, int notch, Qt::KeyboardModifiers modifiers)
{
    const QPointF place(QRectF(view.viewport()->rect()).center());
    QWheelEvent event(place, view.viewport()->mapToGlobal(place), {}, {0, notch}, Qt::NoButton,
                      modifiers, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(view.viewport(), &event);
}

void mouse(QGraphicsView& view, QEvent::Type type, const QPointF& place)
{
    const bool isMove = type == QEvent::MouseMove;
    QMouseEvent event(
        type, place, view.viewport()->mapToGlobal(place), isMove ? Qt::NoButton : Qt::LeftButton,
        type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view.viewport(), &event);
}

/// There and back, so that every event moves something.
int thereAndBack(int i, int stretch)
{
    return i / stretch % 2 == 0 ? 1 : -1;
}

void moveAbout(const char* owner, QGraphicsView& view, const Frames& frames)
{
    const std::string name(owner);
    constexpr int kNotch = 120;
    print((name + "/pan").c_str(), timed(frames, 200, [&](int i) {
              wheel(view, -kNotch * thereAndBack(i, 50), Qt::NoModifier);
          }));
    print((name + "/zoom").c_str(), timed(frames, 40, [&](int i) {
              wheel(view, -kNotch * thereAndBack(i, 10), Qt::ControlModifier);
          }));
}

/// Whether the edges reach the picture, on their way to the models: a canvas without them is fast.
bool showsEdges(FlowView& view)
{
    const FlowLayout& flow = view.flowScene().flow();
    const QRectF way(QPointF(flow.lanes[0].rect.right() + 12, 0),
                     QPointF(flow.stations[0].rect.left(), 0));
    const int left = view.viewportPointOf(way.topLeft()).x();
    const int right = view.viewportPointOf(way.topRight()).x();
    const QImage image = view.viewport()->grab().toImage();
    int inked = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = left; x < right; ++x)
            inked += image.pixelColor(x, y) == Theme::current().colors().window ? 0 : 1;
    }
    return inked > image.height() * (right - left) / 4;
}

/// @return false if what was measured is not what a person sees
bool benchCanvas(PolicyPage& page, Workbench& workbench)
{
    auto& view = *page.findChild<FlowView*>(QStringLiteral("flowView"));
    const Frames frames(view.viewport());
    QElapsedTimer clock;
    clock.start();
    workbench.editor().setDocument(largePolicy());
    page.show();
    const double opened = waitFor([&] { return frames.painted() > 0; }, clock);
    const FlowLayout& flow = view.flowScene().flow();
    std::printf("# %zu rules, %zu edges\n", flow.lanes.size() - 1, flow.edges.size());
    std::printf("ours/open,ms,%.1f\n", opened);
    settle([&] { return workbench.projectionIsCurrent() || !workbench.traffic(); });

    view.resetZoom();
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() / 2);
    settle([] { return true; });
    if (!showsEdges(view)) {
        std::fputs("bench_canvas: the edges do not reach the picture\n", stderr);
        return false;
    }
    moveAbout("ours", view, frames);

    view.resetZoom();
    view.verticalScrollBar()->setValue(0);
    const QPointF grip = view.viewportPointOf(view.flowScene().flow().lanes[0].grip.center());
    mouse(view, QEvent::MouseButtonPress, grip);
    mouse(view, QEvent::MouseMove, grip + QPointF(0, 12));
    print("ours/drag", timed(frames, 150, [&](int i) {
              mouse(view, QEvent::MouseMove, grip + QPointF(0, 16 + (i < 75 ? i : 150 - i) * 6));
          }));
    mouse(view, QEvent::MouseButtonRelease, grip + QPointF(0, 16));
    view.fit();
    settle([&] { return true; });
    return true;
}

/// As many curves, cards and lines of text, without any of the program's meaning.
void benchPlain()
{
    QGraphicsScene scene;
    for (int i = 0; i < kRules; ++i) {
        scene.addRect(300, i * 240.0, 400, 220);
        for (int step = 0; step < kSteps; ++step) {
            scene.addSimpleText(QStringLiteral("a line of text"))
                ->setPos(320, i * 240.0 + step * 30);
            QPainterPath curve(QPointF(700, i * 240.0 + step * 30));
            curve.cubicTo(760, i * 240.0, 760, 36'000, 900, 36'000);
            scene.addPath(curve);
        }
        QPainterPath intake(QPointF(100, 36'000));
        intake.cubicTo(200, 36'000, 200, i * 240.0, 300, i * 240.0);
        scene.addPath(intake);
    }
    class Zooming final : public QGraphicsView
    {
    public:
        using QGraphicsView::QGraphicsView;

    protected:
        void wheelEvent(QWheelEvent* event) override
        {
            if (!(event->modifiers() & Qt::ControlModifier))
                return QGraphicsView::wheelEvent(event);
            const qreal factor = event->angleDelta().y() > 0 ? 1.25 : 0.8;
            scale(factor, factor);
        }
    } view(&scene);
    view.setRenderHint(QPainter::Antialiasing);
    view.resize(kWindow);
    const Frames frames(view.viewport());
    view.show();
    settle([&] { return frames.painted() > 0; });
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() / 2);
    settle([] { return true; });
    moveAbout("plain", view, frames);
}

/// A digit more and less in a threshold of the sample, until all that follows it has followed.
void benchKeys(PolicyPage& page, Workbench& workbench)
{
    workbench.openSample();
    settle([&] { return workbench.projectionIsCurrent(); });
    page.showView(PolicyPage::View::Source);
    auto& text = *page.findChild<QPlainTextEdit*>(QStringLiteral("sourceText"));
    settle([&] { return text.isVisible(); });
    QTextCursor cursor = text.document()->find(QStringLiteral("\"op\": \"lte\", \"value\": "));
    cursor.setPosition(cursor.selectionEnd());
    cursor.movePosition(QTextCursor::NextCharacter); // behind the first digit
    text.setTextCursor(cursor);
    std::vector<double> document;
    std::vector<double> all;
    for (int i = 0; i < 40; ++i) {
        settle([&] { return workbench.projectionIsCurrent(); });
        const PolicyDocument before = workbench.editor().document();
        int told = 0;
        const auto heard = QObject::connect(&workbench.prover(), &PolicyProver::findingsChanged,
                                            &page, [&] { ++told; });
        QElapsedTimer clock;
        clock.start();
        QKeyEvent key(QEvent::KeyPress, i % 2 == 0 ? Qt::Key_1 : Qt::Key_Backspace, Qt::NoModifier,
                      i % 2 == 0 ? QStringLiteral("1") : QString());
        QCoreApplication::sendEvent(&text, &key);
        document.push_back(
            waitFor([&] { return told > 0 && !(workbench.editor().document() == before); }, clock));
        all.push_back(waitFor([&] { return workbench.projectionIsOfShown(); }, clock));
        QObject::disconnect(heard);
    }
    print("ours/key_to_canvas_and_problems", document);
    print("ours/key_to_scoreboard", all);
}

} // namespace

int main(int argc, char* argv[])
{
    if (!qEnvironmentVariableIsSet("DISPLAY") && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    setUpLook(app, ThemeChoice::Light);
    Workbench workbench{Workbench::Options{}};
    workbench.openSample();
    settle([&] { return workbench.projectionIsCurrent(); });
    PolicyPage page(workbench);
    page.resize(kWindow);
    if (!benchCanvas(page, workbench))
        return 1;
    benchPlain();
    benchKeys(page, workbench);
    return 0;
}
