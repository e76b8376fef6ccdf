// SPDX-License-Identifier: GPL-3.0-or-later
// What a person waits for when a threshold is dragged in the window (1440x900) over much traffic:
// a made-up table of requests (seed 5; conversations of 1 to 6 turns, six segments), ten rules over
// eight simulated models, four gates. From the mouse's move to the painted frame, the part of it
// until the numbers are there and every view has heard of them, and the same in processor time of
// the thread that paints, since the machine may be busy; while nothing else runs, and with the full
// projection of the last place behind it. Before that: opening the table, the first numbers with
// intervals, the memory of both. Frames are painted ones, counted. Without a display it paints into
// memory, which is what an X server does not add.
//
//     bench_drag [ROWS] [MOVES]      1,000,000 and 300 if none is named

#include "request_log.h"

#include <core/sample/support_desk.h>
#include <core/traffic/traffic_builder.h>
#include <core/traffic/traffic_file.h>
#include <tests/support/policy_builder.h>
#include <ui/kit/histogram_view.h>
#include <ui/kit/scoreboard.h>
#include <ui/kit/theme.h>
#include <ui/policy/policy_page.h>
#include <ui/policy/policy_paths.h>
#include <ui/projection/projection_page.h>
#include <ui/shell/main_window.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QScrollArea>
#include <QSettings>
#include <QTemporaryDir>
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

constexpr int kRules = 10;
constexpr int kModels = 8;
constexpr QSize kWindow(1440, 900);
constexpr qint64 kPatienceMs = 600'000; ///< for one thing
constexpr double kReachPx = 60;         ///< of the drag, to both sides

double g_heldMs = 0;

double processorMs(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

/// Of the kernel's account of this process, e.g. "RssAnon", in MB.
double memoryMb(const std::string& field)
{
    std::ifstream status("/proc/self/status");
    std::string name;
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(field + ":"))
            return std::strtod(line.c_str() + field.size() + 1, nullptr) / 1024;
    }
    return 0;
}

void say(const std::string& name, const std::string& metric, double value)
{
    std::printf("%s,%s,%.2f\n", name.c_str(), metric.c_str(), value);
    std::fflush(stdout);
}

void sayTimes(const std::string& name, const std::string& what, std::vector<double> ms)
{
    if (ms.empty())
        return;
    std::ranges::sort(ms);
    const auto at = [&](double part) {
        return ms[static_cast<std::size_t>(part * static_cast<double>(ms.size() - 1))];
    };
    say(name, what + "_p50_ms", at(0.5));
    say(name, what + "_p95_ms", at(0.95));
    say(name, what + "_most_ms", ms.back());
}

/// Requests that say what they are about in numbers: s0, which is different for nearly each, and
/// s1 to s7 of 256 values.
Traffic madeTraffic(std::size_t rows)
{
    constexpr const char* kSegments[] = {"billing", "orders",    "account",
                                         "privacy", "technical", "disputes"};
    Random random(5, "traffic");
    TrafficBuilder builder;
    std::size_t conversation = 0;
    std::size_t turn = 0;
    std::size_t turns = 0;
    const auto& prompts = supportDeskPrompts();
    for (std::size_t row = 0; row < rows; ++row) {
        if (turn == turns) {
            ++conversation;
            turn = 0;
            turns = 1 + random.below(6);
        }
        ++turn;
        const SamplePrompt& prompt = prompts[random.below(prompts.size())];
        Request request;
        request.messages.push_back({Role::User, bench::prose(random)});
        request.requestId = "req-" + std::to_string(row);
        request.conversationId = "c" + std::to_string(conversation);
        request.userId = "u" + std::to_string(conversation % 5000);
        request.metadata.push_back({"s0", static_cast<double>(random.below(100'000)) / 1000});
        for (int s = 1; s < 3; ++s)
            request.metadata.push_back(
                {"s" + std::to_string(s), static_cast<double>(random.below(256))});
        RequestNote note;
        note.segment = random.below(8) == 0 ? kSegments[random.below(6)] : prompt.segment.c_str();
        note.promptId = prompt.id.value;
        note.inputTokens = static_cast<std::int32_t>(20 + random.below(2000));
        note.timeMs = 1'700'000'000'000 + static_cast<std::int64_t>(row) * 50;
        if (const auto added = builder.add(request, note); !added) {
            std::fprintf(stderr, "%s\n", toString(added.error()).c_str());
            std::exit(1);
        }
    }
    return std::move(*builder.take("made up"));
}

/// The first rule's threshold over s0 is the one to drag.
PolicyDocument madePolicy()
{
    using namespace signalbox::test;
    const std::vector<ModelSpec> known = supportDeskPolicy().models;
    PolicyBuilder builder({});
    for (int i = 0; i < kModels; ++i) {
        ModelSpec model = known[static_cast<std::size_t>(i) % known.size()];
        model.id = ModelId("m" + std::to_string(i));
        if (i >= static_cast<int>(known.size()))
            model.styleGuide = "At most " + std::to_string(20 + 20 * i) + " words.";
        builder.model(std::move(model));
    }
    builder.baseline("m0");
    for (int i = 0; i < 3; ++i)
        builder.metadata("s" + std::to_string(i), ValueType::Number);
    builder.rule("r0", when("s0", CompareOp::Gt, CompareValue(60.0)), call("m1"));
    Random random(5, "rules");
    for (int i = 1; i < kRules; ++i) {
        const auto above = [&](const char* signal) {
            return when(signal, CompareOp::Gt, static_cast<int>(100 + random.below(120)));
        };
        builder.rule("r" + std::to_string(i), allOf({above("s1"), above("s2")}),
                     call("m" + std::to_string(i % kModels)));
    }
    builder.otherwise(call("m2"));
    PolicyDocument policy = builder;
    policy.gates = {{GateMetric::CostSaving, 0.2, {}, GateScope::Total},
                    {GateMetric::LatencyP95Ms, {}, 4000, GateScope::Total},
                    {GateMetric::SatisfactionRatio, 0.95, {}, GateScope::Segment},
                    {GateMetric::Consistency, 0.8, {}, GateScope::Total}};
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

/// Serves events until `isDone`. @return ms since the clock began; the program ends if it is never
double waitFor(const char* what, const std::function<bool()>& isDone, const QElapsedTimer& since)
{
    while (!isDone()) {
        if (since.elapsed() > kPatienceMs) {
            std::fprintf(stderr, "bench_drag: waited in vain for %s\n", what);
            std::exit(1);
        }
        QElapsedTimer turn;
        turn.start();
        QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
        g_heldMs = std::max(g_heldMs, static_cast<double>(turn.nsecsElapsed()) / 1e6);
    }
    return static_cast<double>(since.nsecsElapsed()) / 1e6;
}

/// The longest that the event loop was held since the last time this was asked.
void sayHeld(const std::string& name)
{
    say(name, "held_ms", std::exchange(g_heldMs, 0));
}

double settle(const char* what, const std::function<bool()>& isDone)
{
    QElapsedTimer clock;
    clock.start();
    return waitFor(what, isDone, clock);
}

void rest(int ms)
{
    QElapsedTimer clock;
    clock.start();
    settle("nothing", [&] { return clock.elapsed() > ms; });
}

class Bench
{
public:
    Bench(Workbench& workbench, MainWindow& window)
        : m_workbench(workbench), m_window(window),
          m_histogram(*window.findChild<HistogramView*>(QStringLiteral("thresholdHistogram"))),
          m_frames(&m_histogram), m_board(window.findChild<Scoreboard*>()->tile(0))
    {}

    void run(int moves)
    {
        press();
        firstMove();
        dragAbout("drag", moves);
        release("release");
        // The projection of the last place is under way when the next drag begins.
        for (int i = 0; i < 10; ++i) {
            settle("a whole projection", [&] {
                return m_workbench.projection() && !m_workbench.projection()->following;
            });
            rest(100);
            m_full += m_workbench.isProjecting() && m_workbench.projection()->quick ? 1 : 0;
            press();
            moveAbout(std::max(moves / 10, 2));
            mouse(QEvent::MouseButtonRelease, m_place);
        }
        say("drag_over_bootstrap", "rounds_with_it", m_full);
        sayMoves("drag_over_bootstrap");
        sayHeld("drag_over_bootstrap");
    }

private:
    struct Times
    {
        std::vector<double> painted;
        std::vector<double> paintedCpu;
        std::vector<double> handled;
        std::vector<double> handledCpu;
    };
    Workbench& m_workbench;
    MainWindow& m_window;
    HistogramView& m_histogram;
    Frames m_frames;
    Frames m_board;
    QPointF m_place;
    double m_middle = 0;
    int m_step = 0;
    int m_full = 0;
    Times m_times;

    void mouse(QEvent::Type type, const QPointF& place)
    {
        const bool isMove = type == QEvent::MouseMove;
        QMouseEvent event(
            type, place, m_histogram.mapToGlobal(place), isMove ? Qt::NoButton : Qt::LeftButton,
            type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&m_histogram, &event);
    }

    void press()
    {
        const std::vector<SpokenPart> parts = m_histogram.spokenParts();
        m_place = QRectF(parts.at(0).rect).center();
        if (m_middle == 0)
            m_middle = m_place.x();
        mouse(QEvent::MouseButtonPress, m_place);
    }

    /// There and back, so that every event moves something.
    void step()
    {
        ++m_step;
        const double wave = std::abs(m_step % 120 - 60) - 30;
        m_place.setX(m_middle + wave * kReachPx / 30);
        mouse(QEvent::MouseMove, m_place);
    }

    void firstMove()
    {
        QElapsedTimer clock;
        clock.start();
        const double cpu = processorMs(CLOCK_PROCESS_CPUTIME_ID);
        step();
        say("drag", "made_ready_ms", waitFor("the drag", [&] { return isFollowing(); }, clock));
        say("drag", "made_ready_processor_ms", processorMs(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    }

    [[nodiscard]] bool isFollowing() const
    {
        return m_workbench.projection() && m_workbench.projectionIsOfShown() &&
               m_workbench.projection()->quick;
    }

    /// One move after the other, each until its frame is painted.
    void moveAbout(int moves)
    {
        for (int i = 0; i < moves; ++i) {
            QElapsedTimer clock;
            clock.start();
            const double cpu = processorMs(CLOCK_THREAD_CPUTIME_ID);
            const int before = m_frames.painted();
            step();
            m_times.handled.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
            m_times.handledCpu.push_back(processorMs(CLOCK_THREAD_CPUTIME_ID) - cpu);
            const double ms = waitFor(
                "a frame", [&] { return m_frames.painted() > before && isFollowing(); }, clock);
            m_times.painted.push_back(ms);
            m_times.paintedCpu.push_back(processorMs(CLOCK_THREAD_CPUTIME_ID) - cpu);
        }
    }

    void sayMoves(const std::string& name)
    {
        sayTimes(name, "move_to_painted", m_times.painted);
        sayTimes(name, "move_to_painted_cpu", m_times.paintedCpu);
        sayTimes(name, "numbers_and_views", m_times.handled);
        sayTimes(name, "numbers_and_views_cpu", m_times.handledCpu);
        m_times = {};
    }

    void dragAbout(const std::string& name, int moves)
    {
        const int board = m_board.painted();
        const double cpu = processorMs(CLOCK_PROCESS_CPUTIME_ID);
        moveAbout(moves);
        say(name, "moves", moves);
        say(name, "scoreboard_frames", m_board.painted() - board);
        say(name, "processor_ms_a_move_all_threads",
            (processorMs(CLOCK_PROCESS_CPUTIME_ID) - cpu) / moves);
        sayMoves(name);
        sayHeld(name);
    }

    /// Until p95 is exact (the second numbers that arrive), all is there, and with intervals.
    void release(const std::string& name)
    {
        rest(30);
        step();
        int heard = 0;
        const auto counting = QObject::connect(&m_workbench, &Workbench::projectionChanged,
                                               &m_window, [&] { ++heard; });
        QElapsedTimer clock;
        clock.start();
        mouse(QEvent::MouseButtonRelease, m_place);
        const int atOnce = heard;
        say(name, "p95_exact_ms", waitFor("p95", [&] { return heard > atOnce; }, clock));
        say(name, "everything_ms",
            waitFor("everything", [&] { return !m_workbench.projection()->following; }, clock));
        say(name, "intervals_ms",
            waitFor("intervals", [&] { return m_workbench.projectionIsCurrent(); }, clock));
        QObject::disconnect(counting);
        settle("peace", [&] { return !m_workbench.isProjecting(); });
        sayHeld(name);
    }
};

template<class Page> std::function<QWidget*(Workbench&, QWidget*)> makes()
{
    return [](Workbench& workbench, QWidget* parent) -> QWidget* {
        return new Page(workbench, parent);
    };
}

/// The page to drag on, and the one that follows it with its charts.
std::vector<PageEntry> pages()
{
    return {{QStringLiteral("policy"), QStringLiteral("Policy"), Icon::Policy, false,
             makes<PolicyPage>()},
            {QStringLiteral("projection"), QStringLiteral("Projection"), Icon::Projection, false,
             makes<ProjectionPage>()}};
}

void makeTable(const std::filesystem::path& file, std::size_t rows)
{
    const Traffic traffic = madeTraffic(rows);
    if (const auto saved = saveTraffic(traffic, file); !saved) {
        std::fprintf(stderr, "%s\n", toString(saved.error()).c_str());
        std::exit(1);
    }
}

} // namespace

int main(int argc, char* argv[])
{
    if (!qEnvironmentVariableIsSet("DISPLAY") && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-bench"));
    QSettings().clear();
    setUpLook(app, ThemeChoice::Light);
    const std::size_t rows = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
    const int moves = argc > 2 ? std::atoi(argv[2]) : 300;
    const QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "table";
    makeTable(file, rows);
    malloc_trim(0);
    say("table", "requests", static_cast<double>(rows));
    say("table", "file_MB", static_cast<double>(std::filesystem::file_size(file)) / 1e6);

    Workbench workbench{Workbench::Options{}};
    workbench.editor().setDocument(madePolicy());
    MainWindow window(workbench, pages());
    window.resize(kWindow);
    window.show();
    const double before = memoryMb("RssAnon");
    say("memory", "window_MB", before);
    QElapsedTimer clock;
    clock.start();
    double cpu = processorMs(CLOCK_PROCESS_CPUTIME_ID);
    workbench.trafficShelf().open(file);
    say("open", "table_ms",
        waitFor("the table", [&] { return workbench.traffic() != nullptr; }, clock));
    say("memory", "table_open_MB", memoryMb("RssAnon") - before);
    settle("the evidence", [&] { return workbench.evidence() != nullptr; });
    say("open", "evidence_ms", static_cast<double>(clock.elapsed()));
    say("open", "evidence_processor_ms", processorMs(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    say("memory", "evidence_MB", memoryMb("RssAnon") - before);
    clock.start();
    cpu = processorMs(CLOCK_PROCESS_CPUTIME_ID);
    say("open", "first_quick_ms",
        waitFor("numbers", [&] { return workbench.projection().has_value(); }, clock));
    say("open", "first_quick_processor_ms", processorMs(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    say("memory", "quick_MB", memoryMb("RssAnon") - before);
    say("open", "first_full_ms",
        waitFor("intervals", [&] { return workbench.projectionIsCurrent(); }, clock));
    say("open", "first_full_processor_ms", processorMs(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    say("memory", "full_MB", memoryMb("RssAnon") - before);
    say("memory", "most_so_far_MB", memoryMb("VmHWM"));
    settle("peace", [&] { return !workbench.isProjecting(); });
    sayHeld("open");

    window.showPage(QStringLiteral("projection")); // it has been seen, and follows from then on
    rest(500);
    window.showPage(QStringLiteral("policy"));
    rest(500);
    clock.start();
    workbench.editor().setSelection(selectRule(RuleId("r0")));
    auto* const histogram = window.findChild<HistogramView*>(QStringLiteral("thresholdHistogram"));
    if (!histogram) {
        std::fputs("bench_drag: no histogram of the threshold\n", stderr);
        return 1;
    }
    say("panel", "opened_ms",
        waitFor(
            "the histogram",
            [&] { return histogram->isVisible() && !histogram->visibleRegion().isEmpty(); },
            clock));
    rest(200);
    sayHeld("panel");
    Bench(workbench, window).run(moves);
    say("memory", "after_drags_MB", memoryMb("RssAnon") - before);
    say("memory", "most_MB", memoryMb("VmHWM"));
    return 0;
}
