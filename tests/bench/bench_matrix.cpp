// SPDX-License-Identifier: GPL-3.0-or-later
// What a person waits for in a matrix of 20,000 answers (2,000 prompts x 10 models, some 270 words
// each, made of the sample's simulated answers; seed 11) in a window of 1280x800: every frame of
// scrolling down and sideways, and of going from row to row; each change of a filter, an order or
// the words that are sought, until the table has followed and is painted; and the longest that the
// event loop was held meanwhile ("held"). Frames are painted ones, counted; "cpu" is the processor
// time of the thread that paints. Without a display it paints into
// memory, which is what an X server does not add.
// usage: bench_matrix [PART]   only "scroll", "jump", "next_row", "filter", "order", "words",
// "typing"

#include <core/base/random.h>
#include <core/lab/own_prompts.h>
#include <core/sample/support_desk.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/voices/voices_page.h>

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QWheelEvent>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

constexpr int kPrompts = 2'000;
constexpr int kModels = 10;
constexpr QSize kWindow(1280, 800);
constexpr qint64 kPatienceMs = 20'000; ///< for one event; nothing here takes a tenth of it
constexpr int kNotch = 120;

/// Whether this part is to be measured: all are, unless one is named.
bool isAsked(const std::string& name)
{
    const QStringList arguments = QCoreApplication::arguments();
    return arguments.size() < 2 || QString::fromStdString(name).contains(arguments[1]);
}

/// Three of the sample's answers after one another.
AnswerImport manyAnswers()
{
    std::vector<std::string> texts;
    for (const Answer& answer : supportDeskEvidence(supportDeskPolicy().models)) {
        if (answer.state == AnswerState::Done)
            texts.push_back(answer.text);
    }
    Random random(11);
    AnswerImport import;
    for (int model = 0; model < kModels; ++model)
        import.models.emplace_back("model-" + std::to_string(model));
    const auto& prompts = supportDeskPrompts();
    for (int i = 0; i < kPrompts; ++i) {
        const SamplePrompt& sample = prompts[static_cast<std::size_t>(i) % prompts.size()];
        LabPrompt prompt = typedPrompt(sample.text + " (" + std::to_string(i) + ")");
        for (const ModelId& model : import.models) {
            Answer answer;
            answer.prompt = prompt.id;
            answer.model = model;
            for (int part = 0; part < 3; ++part)
                answer.text += texts[random.below(texts.size())] + "\n\n";
            answer.satisfied = random.chance(0.9) ? 1 : 0;
            if (random.chance(0.01))
                answer.state = AnswerState::Refused;
            answer.recordedAtMs = 1;
            import.answers.push_back(std::move(answer));
        }
        import.prompts.push_back(std::move(prompt));
    }
    return import;
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

double msOf(const QElapsedTimer& since)
{
    return static_cast<double>(since.nsecsElapsed()) / 1e6;
}

/// Of this thread: what a frame costs, whatever else the machine does.
double cpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Wait
{
    double ms = 0;   ///< until it was done
    double held = 0; ///< the longest single turn of the event loop, processor time in ms
};

Wait waitFor(const std::function<bool()>& isDone, const QElapsedTimer& since)
{
    Wait wait;
    while (!isDone() && since.elapsed() < kPatienceMs) {
        const double turn = cpuMs();
        QCoreApplication::processEvents(QEventLoop::AllEvents, 0);
        wait.held = std::max(wait.held, cpuMs() - turn);
    }
    wait.ms = msOf(since);
    return wait;
}

void print(const std::string& name, std::vector<double> ms)
{
    std::ranges::sort(ms);
    const auto at = [&](double part) {
        return ms[static_cast<std::size_t>(part * static_cast<double>(ms.size() - 1))];
    };
    std::printf("%s,frames,%zu\n%s,p50_ms,%.2f\n%s,p95_ms,%.2f\n%s,most_ms,%.2f\n", name.c_str(),
                ms.size(), name.c_str(), at(0.5), name.c_str(), at(0.95), name.c_str(), ms.back());
    std::fflush(stdout);
}

/// One event after the other, each until its frame is painted.
void frames(const std::string& name, const Frames& painted, int count,
            const std::function<void(int)>& event)
{
    if (!isAsked(name))
        return;
    std::vector<double> ms;
    std::vector<double> cpu;
    for (int i = 0; i < count; ++i) {
        QElapsedTimer clock;
        clock.start();
        const double begun = cpuMs();
        const int before = painted.painted();
        event(i);
        const double took = waitFor([&] { return painted.painted() > before; }, clock).ms;
        if (painted.painted() == before)
            continue;
        ms.push_back(took);
        cpu.push_back(cpuMs() - begun);
    }
    print(name, ms);
    print(name + "_cpu", cpu);
}

void key(QWidget& widget, int code, const QString& text = {})
{
    QKeyEvent press(QEvent::KeyPress, code, Qt::NoModifier, text);
    QCoreApplication::sendEvent(&widget, &press);
}

void wheel(QTableView& table, QPoint notches)
{
    const QPointF place(QRectF(table.viewport()->rect()).center());
    QWheelEvent event(place, table.viewport()->mapToGlobal(place), {}, notches, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(table.viewport(), &event);
}

/// There and back, so that every event moves something.
int thereAndBack(int i, int stretch)
{
    return i / stretch % 2 == 0 ? -1 : 1;
}

template<class Widget> Widget& child(VoicesPage& page, const char* name)
{
    return *page.findChild<Widget*>(QLatin1String(name));
}

void benchScrolling(VoicesPage& page)
{
    auto& table = child<QTableView>(page, "matrix");
    const Frames painted(table.viewport());
    frames("ours/scroll_down", painted, 300,
           [&](int i) { wheel(table, {0, kNotch * thereAndBack(i, 100)}); });
    table.horizontalScrollBar()->setValue(0);
    frames("ours/scroll_sideways", painted, 60,
           [&](int i) { wheel(table, {kNotch * thereAndBack(i, 1), 0}); });
    frames("ours/jump", painted, 40, [&](int i) {
        table.verticalScrollBar()->setValue(table.verticalScrollBar()->maximum() / 41 * (i + 1));
    });
    table.verticalScrollBar()->setValue(0);
    table.setCurrentIndex(table.model()->index(0, 1));
    frames("ours/next_row", painted, 60, [&](int) { key(table, Qt::Key_Down); });
}

/// A change of what is wanted, until the table has followed; what it held the event loop for.
class Changes
{
public:
    explicit Changes(VoicesPage& page)
        : m_table(child<QTableView>(page, "matrix")), m_painted(m_table.viewport())
    {}
    void measure(const std::function<void()>& change, const std::function<bool()>& hasFollowed)
    {
        QElapsedTimer clock;
        clock.start();
        const int before = m_painted.painted();
        const double begun = cpuMs();
        change();
        const double own = cpuMs() - begun;
        const Wait wait =
            waitFor([&] { return hasFollowed() && m_painted.painted() > before; }, clock);
        m_ms.push_back(wait.ms);
        m_held.push_back(std::max(own, wait.held));
    }
    void report(const std::string& name)
    {
        print(name + "_followed", std::exchange(m_ms, {}));
        print(name + "_held", std::exchange(m_held, {}));
    }

private:
    QTableView& m_table;
    Frames m_painted;
    std::vector<double> m_ms;
    std::vector<double> m_held;
};

/// Whether the table shows all prompts.
bool isAll(VoicesPage& page)
{
    return child<QTableView>(page, "matrix").model()->rowCount() == kPrompts;
}

void benchChips(VoicesPage& page)
{
    Changes changes(page);
    for (const char* chip : {"differs", "refused"}) {
        for (int i = 0; i < 10; ++i)
            changes.measure([&] { child<QPushButton>(page, chip).click(); },
                            [&] { return isAll(page) == (i % 2 == 1); });
    }
    changes.report("ours/filter");
}

void benchOrders(VoicesPage& page)
{
    Changes changes(page);
    auto& table = child<QTableView>(page, "matrix");
    auto& order = child<QComboBox>(page, "readingOrder");
    for (int i = 0; i < 12; ++i) {
        const QString top = table.model()->index(0, 0).data().toString();
        changes.measure(
            [&] {
                order.setCurrentIndex((i + 1) % order.count());
                emit order.activated(order.currentIndex());
            },
            [&] { return table.model()->index(0, 0).data().toString() != top; });
    }
    changes.report("ours/order");
    order.setCurrentIndex(0);
    emit order.activated(0);
}

void benchWords(VoicesPage& page)
{
    Changes changes(page);
    auto& field = child<QLineEdit>(page, "readingWords");
    for (const char* words : {"chargeback", "password reset", "nowhere to be found", "the"}) {
        changes.measure(
            [&] {
                field.setText(QLatin1String(words));
                emit field.returnPressed();
            },
            [&] { return !isAll(page) || QLatin1String(words) == QLatin1String("the"); });
        changes.measure(
            [&] {
                field.clear();
                emit field.returnPressed();
            },
            [&] { return isAll(page); });
    }
    changes.report("ours/words");
}

void benchFinding(VoicesPage& page)
{
    child<QAction>(page, "findAnswers").trigger();
    if (isAsked("filter"))
        benchChips(page);
    if (isAsked("order"))
        benchOrders(page);
    if (isAsked("words"))
        benchWords(page);
    auto& field = child<QLineEdit>(page, "readingWords");
    const Frames painted(&field);
    const QString typed = QStringLiteral("within thirty days");
    frames("ours/typing", painted, static_cast<int>(typed.size()),
           [&](int i) { key(field, 0, typed.mid(i, 1)); });
    field.setText(QStringLiteral("refund"));
    QElapsedTimer clock;
    clock.start();
    waitFor([&] { return !isAll(page); }, clock);
    benchScrolling(page);
}

} // namespace

int main(int argc, char* argv[])
{
    if (!qEnvironmentVariableIsSet("DISPLAY") && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    setUpLook(app, ThemeChoice::Light);
    const QTemporaryDir folder;
    Workbench workbench{Workbench::Options{folder.path().toStdString()}};
    workbench.editor().setDocument(supportDeskPolicy());
    VoicesPage page(workbench);
    page.resize(kWindow);
    page.show();
    const auto taken = page.session().takeAnswers(manyAnswers(), QStringLiteral("many"));
    if (!taken) {
        std::fprintf(stderr, "bench_matrix: %s\n", taken.error().message.c_str());
        return 1;
    }
    // What is measured and folded in the background is not what is measured here.
    QElapsedTimer clock;
    clock.start();
    const Wait counted = waitFor(
        [&] {
            return page.session().sizeOf({kPrompts - 1, kModels - 1, 0}) && clock.elapsed() > 3'000;
        },
        clock);
    std::printf("# %d prompts x %d models\nours/background_held,most_ms,%.2f\n", kPrompts, kModels,
                counted.held);
    std::puts("# everything in sight");
    benchScrolling(page);
    std::puts("# filters; then scrolling with words that are marked");
    benchFinding(page);
    return 0;
}
