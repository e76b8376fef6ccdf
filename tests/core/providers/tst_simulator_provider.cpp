// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a simulated answer is played as a stream, whole and word by word; the times it reports
// are the simulated ones at every speed; failures come as a provider reports them.

#include "stream_probe.h"

#include <core/providers/simulator_provider.h>

#include <QTest>

#include <limits>

using namespace signalbox;
using namespace signalbox::test;

namespace {

SimulatedAnswer answerOf(const std::string& text)
{
    return {.text = text,
            .rateLimited = false,
            .firstTokenMs = 400,
            .totalMs = 1400,
            .inputTokens = 12,
            .outputTokens = 10};
}

std::string textOf(const std::vector<SimulatedEvent>& script)
{
    std::string text;
    for (const SimulatedEvent& event : script)
        if (const auto* delta = std::get_if<TextDelta>(&event.event))
            text += delta->text;
    return text;
}

ChatRequest request()
{
    ChatRequest request;
    request.upstreamModel = simulatedModels().at(0);
    request.messages = {{Role::User, "Where is my parcel?"}};
    return request;
}

/// A request whose simulated fate is known: the first of many samples that fails, or that does not.
ChatRequest requestWith(bool rateLimited)
{
    for (const std::string& model : simulatedModels()) {
        ChatRequest asked = request();
        asked.upstreamModel = model;
        for (asked.sample = 0; asked.sample < 2'000; ++asked.sample)
            if (simulateAnswer(model, asked.messages, {}, asked.sample).rateLimited == rateLimited)
                return asked;
    }
    qFatal("no such sample");
}

} // namespace

class TestSimulatorProvider : public QObject
{
    Q_OBJECT
private slots:
    void aScriptIsTheAnswerWordByWord_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("deltas");
        QTest::newRow("words") << QByteArray("One two  three.\n\n- four") << 5;
        QTest::newRow("blanks around") << QByteArray("  a b ") << 3;
        QTest::newRow("empty") << QByteArray() << 0;
    }
    void aScriptIsTheAnswerWordByWord()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const int, deltas);
        const auto script = scriptOf(answerOf(text.toStdString()), "m", std::nullopt);
        QCOMPARE(textOf(script), text.toStdString());
        QCOMPARE(int(script.size()), deltas + 4);
        QVERIFY(std::ranges::is_sorted(script, {}, &SimulatedEvent::atMs));
        QCOMPARE(script.front().atMs, 400.0);
        QCOMPARE(script.back().atMs, 1400.0);
    }

    void theTokenLimitCutsTheAnswer()
    {
        const auto script = scriptOf(answerOf("1 2 3 4 5 6 7 8 9 10"), "m", 5);
        QCOMPARE(textOf(script), std::string("1 2 3 4 5"));
        QCOMPARE(script.back().atMs, 900.0);
        QVERIFY(script.back().event == StreamEvent(StreamFinished{FinishReason::Length, "length"}));
        QCOMPARE(std::get<UsageReport>(script[script.size() - 2].event).output.value_or(0), 5);
    }

    void theAnswerAndItsTimesAreTheSimulatedOnesAtEverySpeed_data()
    {
        QTest::addColumn<double>("speed");
        QTest::newRow("at once") << 0.0;
        QTest::newRow("infinitely fast") << std::numeric_limits<double>::infinity();
        QTest::newRow("fast") << 100.0;
    }
    void theAnswerAndItsTimesAreTheSimulatedOnesAtEverySpeed()
    {
        QFETCH(const double, speed);
        SimulatorProvider simulator;
        simulator.setSpeed(speed);
        const ChatRequest asked = requestWith(false);
        const SimulatedAnswer expected =
            simulateAnswer(asked.upstreamModel, asked.messages, {}, asked.sample);
        StreamProbe probe(simulator.start(asked));
        QVERIFY(probe.waitForEnd());
        QVERIFY(probe.hasFinished());
        QCOMPARE(probe.text(), expected.text);
        QCOMPARE(probe.stream().times().firstTextMs.value_or(0), expected.firstTokenMs);
        QCOMPARE(probe.stream().times().endMs.value_or(0), expected.totalMs);
        QCOMPARE(probe.all<UsageReport>().at(0).output.value_or(0), expected.outputTokens);
        QCOMPARE(probe.all<StreamStarted>().at(0).servedModel, asked.upstreamModel);
    }

    void aFailureComesAsA429()
    {
        SimulatorProvider simulator;
        simulator.setSpeed(0);
        StreamProbe probe(simulator.start(requestWith(true)));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::RateLimit);
        QCOMPARE(probe.failure().httpStatus, 429);
        QVERIFY(probe.text().empty());
    }

    void cancellingEndsTheStreamOnce()
    {
        SimulatorProvider simulator;
        simulator.setSpeed(1e-6); // would take days
        StreamProbe probe(simulator.start(request()));
        probe.stream().cancel();
        QVERIFY(probe.events.empty()); // not from within the call
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::Cancelled);
        probe.stream().cancel();
        QCoreApplication::processEvents();
        QCOMPARE(probe.all<StreamFailed>().size(), std::size_t(1));
    }

    void aStreamMayBeDeletedFromItsOwnSignal()
    {
        SimulatorProvider simulator;
        simulator.setSpeed(0);
        std::unique_ptr<ChatStream> stream = simulator.start(request());
        bool gone = false;
        connect(stream.get(), &ChatStream::eventsArrived, this, [&] {
            stream.reset();
            gone = true;
        });
        QVERIFY(QTest::qWaitFor([&] { return gone; }));
    }

    void itsModelsAreListed()
    {
        SimulatorProvider simulator;
        std::vector<ModelListing> models;
        simulator.listModels({}, {}, this, [&](const Result<std::vector<ModelListing>>& listed) {
            models = listed.value();
        });
        QVERIFY(QTest::qWaitFor([&] { return !models.empty(); }));
        QCOMPARE(models.size(), simulatedModels().size());
    }

    void theRegistryFindsProvidersByName()
    {
        ProviderRegistry registry;
        registry.add(std::make_unique<SimulatorProvider>());
        QVERIFY(registry.find("simulator"));
        QCOMPARE(registry.find("anthropic"), nullptr);
    }
};

QTEST_GUILESS_MAIN(TestSimulatorProvider)
#include "tst_simulator_provider.moc"
