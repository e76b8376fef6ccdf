// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a key of the environment or the keychain reaches the server it was granted for and
// nothing else. Whatever that server does, also sending the key back in any place, no file, error,
// report, export, output or log holds it, nor a recognisable part of it.

#include <app/cli/command.h>
#include <app/cli/inputs.h>
#include <app/cli/lab_report.h>
#include <core/base/clock.h>
#include <core/base/files.h>
#include <core/evidence/evidence_store.h>
#include <core/exchange/policy_release.h>
#include <core/lab/lab_run.h>
#include <core/lab/sample_prompts.h>
#include <core/policy/policy_json.h>
#include <core/projection/cost_chart.h>
#include <core/projection/projection_report.h>
#include <core/providers/curl_transport.h>
#include <core/providers/http_provider.h>
#include <core/providers/openai_chat.h>
#include <core/sample/support_desk.h>
#include <tests/core/providers/fake_keychain.h>
#include <tests/core/providers/server_faults.h>

#include <QLoggingCategory>
#include <QMutex>
#include <QMutexLocker>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <sstream>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr const char* kEnvironmentKey = "sk-Canary-Environment-0123456789";
constexpr const char* kKeychainKey = "sk-Canary-Keychain-9876543210";

/// Everything that was logged, by any category on any thread.
class Log
{
public:
    Log()
    {
        QLoggingCategory::setFilterRules(QStringLiteral("*=true"));
        qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString& message) {
            const QMutexLocker lock(&mutex());
            lines() += message.toStdString() + "\n";
        });
    }
    ~Log()
    {
        qInstallMessageHandler(nullptr);
        QLoggingCategory::setFilterRules({});
    }
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    [[nodiscard]] static std::string text()
    {
        const QMutexLocker lock(&mutex());
        return lines();
    }

private:
    static QMutex& mutex()
    {
        static QMutex mutex;
        return mutex;
    }
    static std::string& lines()
    {
        static std::string lines;
        return lines;
    }
};

/// A hundred times as fast: nobody has to wait until a server that refuses everything is left
/// alone.
class FastClock final : public Clock
{
public:
    [[nodiscard]] std::int64_t monotonicNs() const override
    {
        return systemClock().monotonicNs() * 100;
    }
    [[nodiscard]] std::int64_t unixMs() const override { return systemClock().unixMs(); }
};

/// Where text holds one of the keys, whole or from its beginning on, in any case of letters.
bool holdsKey(const std::string& text)
{
    return QByteArray::fromStdString(text).toLower().contains("sk-canary");
}

std::string linesWithAKey(const std::string& text)
{
    std::istringstream in(text);
    std::string found;
    for (std::string line; std::getline(in, line);)
        found += holdsKey(line) ? line + "\n" : std::string();
    return found;
}

/// The ways in which a server sends a key back.
std::vector<HttpScript> echoesOf(const QByteArray& key)
{
    const QByteArray far(231, '-');
    return {
        whole(401, "application/json", errorBody("Incorrect key: " + key)),
        whole(401, "application/json", errorBody(far + key)),
        whole(400, "application/json", R"({"detail":[{"msg":")" + far + key + "\"}]}"),
        whole(500, "text/plain", "debug: " + key),
        whole(500, "text/plain", QByteArray(65'520, ' ') + key + "and more"),
        whole(429, "text/plain", key, {"retry-after-ms: 1", "x-key: " + key}),
        whole(404, "text/html", "<title>" + QByteArray(70, '-') + key + "</title>"),
        whole(200, "text/html", "<title>" + QByteArray(70, '-') + key + "</title>"),
        whole(307, "text/plain", "", {"Location: https://" + key + ".example/"}),
        whole(200, "application/json", errorBody(far + key)),
        eventStream({dataEvent(errorBody(key))}),
        eventStream({textEvent("a"), dataEvent(errorBody(far + key))}),
        goodAnswer({"You sent " + key.left(12), key.mid(12) + ", thanks"}),
        eventStream({deltaEvent("reasoning", key), dataEvent("[DONE]")}),
        eventStream({dataEvent("{\"id\":\"" + far + key + "\",\"model\":\"" + key +
                               "\",\"choices\":[{\"finish_reason\":\"" + QByteArray(50, '-') + key +
                               "\"}]}"),
                     dataEvent("[DONE]")}),
    };
}

} // namespace

class TestKeyCanary : public QObject
{
    Q_OBJECT

    QTemporaryDir m_temporary;
    FaultServer m_server;
    PolicyDocument m_document;
    std::vector<std::string> m_silentKeys; ///< references
    std::string m_shown;                   ///< every text that was given out

    [[nodiscard]] std::filesystem::path folder() const { return m_temporary.path().toStdString(); }

    /// The server takes "/fault/N", "/echo/N" and, for the models of the policy, "/good".
    void scriptServer()
    {
        m_server.answer([](const SeenRequest& seen) -> HttpScript {
            const QByteArray key = seen.headers.contains("authorization")
                                       ? seen.headers.at("authorization").mid(7)
                                       : QByteArray("nothing");
            const QList<QByteArray> path = seen.path.split('/');
            if (path.at(1) == "fault")
                return serverFaults().at(std::size_t(path.at(2).toInt())).second.script;
            if (path.at(1) == "echo")
                return echoesOf(key).at(std::size_t(path.at(2).toInt()));
            return goodAnswer({"Thank you for " + key.left(5), key.mid(5) + ". It is done."});
        });
    }

    [[nodiscard]] ModelSpec modelAt(const std::string& path, bool keychain) const
    {
        ModelSpec model;
        model.id = ModelId(path);
        model.provider = "openai";
        model.upstreamModel = "tiny";
        model.baseUrl = m_server.origin() + "/" + path + "/v1";
        model.keyRef = keychain ? "keychain:canary" : "env:SIGNALBOX_CANARY_KEY";
        return model;
    }

    void note(const std::string& text) { m_shown += text + "\n"; }

    void listenToAll(EvidenceStore& store)
    {
        const auto chain = std::make_shared<FakeKeychain::State>();
        chain->keys["canary"] = kKeychainKey;
        const auto keys = std::make_shared<KeyStore>(std::make_unique<FakeKeychain>(chain));
        const auto here = parseEndpoint(m_server.origin());
        keys->allow("keychain:canary", *here);
        keys->allow("env:SIGNALBOX_CANARY_KEY", *here);
        for (const std::string& reference : m_silentKeys)
            keys->allow(reference, *here);
        const FastClock clock;
        ProviderRegistry registry(clock);
        registry.add(std::make_unique<HttpProvider>(
            openAiChatDialect(), std::make_shared<CurlTransport>(), keys,
            HttpProvider::Options{.firstBackoffMs = 5, .answerLimitBytes = std::size_t{2} << 20}));

        LabPlan plan;
        plan.name = "canary";
        plan.prompts = spreadPrompts(supportDeskPrompts(), 2);
        plan.models = m_document.models;
        std::size_t silent = 0; // these only end when they are stopped
        for (std::size_t i = 0; i < serverFaults().size(); ++i) {
            const FailureKind kind = serverFaults()[i].second.kind;
            silent += isSilence(kind) ? plan.prompts.size() : 0;
            plan.models.push_back(modelAt("fault/" + std::to_string(i), i % 2 == 0));
            if (isSilence(kind)) // an account of its own: others would wait for it
                plan.models.back().keyRef = "env:SIGNALBOX_CANARY_KEY_" + std::to_string(i);
        }
        for (std::size_t i = 0; i < 2 * echoesOf({}).size(); ++i) {
            plan.models.push_back(modelAt("echo/" + std::to_string(i / 2), i % 2 == 0));
            plan.models.back().id.value += i % 2 == 0 ? "/keychain" : "/environment";
        }
        plan.retries = 1;
        plan.firstBackoffMs = 5;
        plan.inFlightHere = plan.inFlight; // silent ones must not hold up the rest
        LabRun run(plan, registry, &store);
        connect(&run, &LabRun::cellChanged, this,
                [&](const CellId& id) { note(run.cell(id).status); });
        connect(&run, &LabRun::textAppended, this,
                [&](const CellId&, const QString& text) { note(text.toStdString()); });
        connect(&run, &LabRun::storeFailed, this,
                [&](const QString& message) { note(message.toStdString()); });
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_VERIFY_WITH_TIMEOUT(run.progress().finished + silent >= run.progress().total, 240'000);
        run.stop();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QVERIFY(run.progress().failed > serverFaults().size());
    }

    void writeReports(const std::vector<Answer>& answers)
    {
        const auto comparison = cli::compareAnswers(answers, m_document.models);
        note(comparison.text);
        const auto projected = cli::project(
            m_document, std::make_shared<const Traffic>(supportDeskTraffic()), answers, true);
        QVERIFY2(projected, projected ? "" : toString(projected.error()).c_str());
        std::vector<std::string> accepted;
        for (const OpenGate& gate : openGates(projected->projection, {}))
            accepted.push_back(gate.name);
        const auto release =
            releasePolicy(projected->document, projected->projection, accepted, cli::isoNow());
        QVERIFY2(release, release ? "" : toString(release.error()).c_str());
        const std::pair<const char*, std::string> files[] = {
            {"comparison.json", comparison.json},
            {"report.html", toHtml(projected->projection, m_document, projected->points)},
            {"chart.svg",
             costConsistencySvg(projected->points, costChartOf(projected->projection, m_document))},
            {"release.json", *release},
            {"policy.json", toPolicyText(m_document)},
        };
        for (const auto& [name, content] : files)
            QVERIFY(writeFileAtomically(folder() / name, content).has_value());
    }

    void runCommands()
    {
        const std::string policy = (folder() / "policy.json").string();
        const std::string evidence = (folder() / "commands.sqlite").string();
        const std::string allowed = "env:SIGNALBOX_CANARY_KEY=" + m_server.origin();
        const std::vector<std::vector<std::string>> lines = {
            {"lint", policy, "--json"},
            {"compare", policy, "--prompts", "2", "--allow-key", allowed, "--evidence", evidence},
            {"compare", policy, "--prompts", "1", "--key", "env:SIGNALBOX_CANARY_KEY", "--add",
             "m@" + m_server.origin() + "/echo/1/v1", "--allow-key", allowed},
            {"project", policy, "--evidence", evidence, "--html",
             (folder() / "commands.html").string()},
        };
        for (const auto& line : lines) {
            std::istringstream in;
            std::ostringstream out;
            std::ostringstream err;
            (void)cli::runCommandLine(line, {in, out, err});
            note(out.str() + err.str());
        }
        QVERIFY(std::filesystem::exists(evidence));
    }

    [[nodiscard]] std::vector<std::string> filesWithAKey() const
    {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder())) {
            if (entry.is_regular_file() && holdsKey(*readFile(entry.path())))
                found.push_back(entry.path().string());
        }
        return found;
    }

private slots:
    void initTestCase()
    {
        qputenv("SIGNALBOX_CANARY_KEY", kEnvironmentKey);
        for (std::size_t i = 0; i < serverFaults().size(); ++i) {
            const std::string name = "SIGNALBOX_CANARY_KEY_" + std::to_string(i);
            qputenv(name.c_str(), kEnvironmentKey);
            m_silentKeys.push_back("env:" + name);
        }
        m_document = supportDeskPolicy();
        for (ModelSpec& model : m_document.models) {
            const ModelSpec real = modelAt("good", false);
            model.provider = real.provider;
            model.baseUrl = real.baseUrl;
            model.keyRef = real.keyRef;
        }
        scriptServer();
    }

    void aKeyReachesItsServerAndNothingElse()
    {
        const Log log;
        {
            auto store = EvidenceStore::open(folder() / "evidence.sqlite");
            QVERIFY(store.has_value());
            listenToAll(*store);
            const auto answers = store->allAnswers();
            QVERIFY(answers.has_value());
            for (const Answer& answer : *answers)
                note(answer.failure + answer.servedModel);
            writeReports(*answers);
            runCommands();
            QCOMPARE(filesWithAKey(), std::vector<std::string>()); // the log of the store included
        }
        const auto sent = [this](const QByteArray& key) {
            return std::ranges::any_of(m_server.requests(), [&](const SeenRequest& seen) {
                return seen.headers.contains("authorization") &&
                       seen.headers.at("authorization") == "Bearer " + key;
            });
        };
        QVERIFY(sent(kEnvironmentKey) && sent(kKeychainKey));
        QVERIFY(m_shown.find("key removed") != std::string::npos);
        const std::string shown = linesWithAKey(m_shown);
        QVERIFY2(shown.empty(), shown.c_str());
        const std::string logged = linesWithAKey(Log::text());
        QVERIFY2(logged.empty(), logged.c_str());
        QCOMPARE(filesWithAKey(), std::vector<std::string>());
    }

    /// The search above would find a key.
    void aKeyInAFileWouldBeFound()
    {
        const std::string control = (folder() / "control").string();
        QVERIFY(writeFileAtomically(control, "x" + std::string(kEnvironmentKey).substr(0, 12))
                    .has_value());
        QCOMPARE(filesWithAKey(), std::vector<std::string>{control});
    }
};

QTEST_GUILESS_MAIN(TestKeyCanary)
#include "tst_key_canary.moc"
