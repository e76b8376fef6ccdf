// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: model servers on loopback are found by asking for their models; whatever else listens
// there, or nobody, costs nothing.

#include <core/providers/curl_transport.h>
#include <core/providers/server_discovery.h>
#include <tests/support/fault_server.h>

#include <QSignalSpy>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

class TestServerDiscovery : public QObject
{
    Q_OBJECT
private slots:
    void modelServersAreFoundAmongOtherThings()
    {
        FaultServer llama;
        llama.answer(
            whole(200, "application/json",
                  R"({"data":[{"id":"smol","owned_by":"llamacpp","meta":{"n_ctx_train":2048}}]})"));
        FaultServer locked;
        locked.answer(whole(401, "application/json", R"({"error":{"message":"no key"}})"));
        FaultServer website;
        website.answer(whole(200, "text/html", "<html>welcome</html>"));
        FaultServer router;
        router.answer(whole(401, "text/html", "<html>log in</html>"));
        ServerDiscovery discovery(std::make_shared<CurlTransport>());
        discovery.setPatienceMs(60'000);
        const QSignalSpy found(&discovery, &ServerDiscovery::serverFound);
        QSignalSpy finished(&discovery, &ServerDiscovery::finished);

        discovery.search(
            {website.port(), llama.port(), unusedPort(), router.port(), locked.port()});
        QVERIFY(discovery.isSearching());
        QVERIFY(finished.wait(60'000));

        const auto servers = discovery.servers();
        QCOMPARE(servers.size(), std::size_t(2));
        QCOMPARE(found.count(), 2);
        QCOMPARE(servers[0].label, std::string("llama.cpp"));
        QCOMPARE(servers[0].baseUrl, llama.baseUrl());
        QCOMPARE(servers[0].models.at(0).id, std::string("smol"));
        QCOMPARE(servers[0].models.at(0).contextTokens.value_or(0), 2048);
        QVERIFY(servers[1].wantsKey);
        QVERIFY(!discovery.isSearching());
        QCOMPARE(llama.requests().at(0).path, QByteArray("/v1/models"));
        QVERIFY(!llama.requests().at(0).headers.contains("authorization"));
    }

    void aServerThatSaysNothingIsNotWaitedFor()
    {
        FaultServer silent;
        silent.answer(HttpScript{hang()});
        ServerDiscovery discovery(std::make_shared<CurlTransport>());
        discovery.setPatienceMs(100);
        QSignalSpy finished(&discovery, &ServerDiscovery::finished);
        discovery.search({silent.port()});
        QVERIFY(finished.wait(60'000));
        QVERIFY(discovery.servers().empty());
    }

    void aNewSearchReplacesTheOldOne()
    {
        FaultServer slow;
        slow.answer(HttpScript{hang()});
        FaultServer quick;
        quick.answer(whole(200, "application/json", R"({"data":[{"id":"a"}]})"));
        ServerDiscovery discovery(std::make_shared<CurlTransport>());
        QSignalSpy finished(&discovery, &ServerDiscovery::finished);
        discovery.setPatienceMs(60'000);
        discovery.search({slow.port()});
        discovery.search({quick.port()});
        QVERIFY(finished.wait(60'000));
        QCOMPARE(discovery.servers().size(), std::size_t(1));
        QCOMPARE(finished.count(), 1);
    }

    void noPortsIsADoneSearch()
    {
        ServerDiscovery discovery(std::make_shared<CurlTransport>());
        QSignalSpy finished(&discovery, &ServerDiscovery::finished);
        discovery.search(std::vector<std::uint16_t>{});
        QVERIFY(finished.wait());
    }
};

QTEST_GUILESS_MAIN(TestServerDiscovery)
#include "tst_server_discovery.moc"
