// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: two policies are compared as each would count if it were in front: with the styles of
// the table beside its own file.

#include <core/base/files.h>
#include <core/sample/support_desk.h>
#include <core/traffic/traffic.h>
#include <tests/support/policy_builder.h>
#include <ui/models/policy_comparison.h>
#include <ui/models/workbench.h>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

/// Two users who ask the same.
std::shared_ptr<const Traffic> traffic()
{
    auto reading = readTrafficJsonLines(
        R"({"userId": "u1", "messages": [{"role": "user", "content": "Where is it?"}]})"
        "\n"
        R"({"userId": "u2", "messages": [{"role": "user", "content": "Where is it?"}]})"
        "\n",
        "test");
    if (!reading)
        qFatal("%s", toString(reading.error()).c_str());
    return std::make_shared<const Traffic>(std::move(reading->traffic));
}

/// What is long for those who want it concise goes to the first model.
PolicyDocument policy(double concise)
{
    const std::vector<ModelSpec> models = supportDeskPolicy().models;
    PolicyDocument document =
        PolicyBuilder()
            .signal("style", StyleSource{"balanced", "styles.json"})
            .measure("length", TextMeasure::Chars)
            .rule("long", when("length", CompareOp::Gte, ByStyle{concise, 500, 500}),
                  call(models[0].id.value))
            .otherwise(call(models[1].id.value))
            .baseline(models[0].id.value);
    document.models = models;
    return document;
}

struct Fixture
{
    QTemporaryDir one;
    QTemporaryDir two;
    Workbench workbench{{}};
    PolicyComparison comparison{workbench};

    Fixture()
    {
        workbench.editor().setDocument(policy(500));
        workbench.setTraffic(traffic());
        comparison.setWatched(true);
    }
    [[nodiscard]] static std::filesystem::path path(const QTemporaryDir& folder)
    {
        return folder.path().toStdString();
    }
    static void write(const QTemporaryDir& folder, const std::string& text)
    {
        if (!writeFileAtomically(path(folder) / "styles.json", text))
            qFatal("cannot write");
    }
    [[nodiscard]] bool notes(const std::string& part) const
    {
        return std::ranges::any_of(comparison.diff()->notes, [&](const std::string& note) {
            return note.find(part) != std::string::npos;
        });
    }
};

constexpr auto kFirstIsConcise = R"({"schemaVersion": 1, "styles": {"u1": "concise"}})";
constexpr auto kSecondIsConcise = R"({"schemaVersion": 1, "styles": {"u2": "concise"}})";

} // namespace

class TestPolicyComparison : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aLimitOfOneStyleConcernsItsUsers()
    {
        Fixture f;
        Fixture::write(f.one, kFirstIsConcise);
        f.comparison.compare(
            {policy(500), policy(2), {}, {}, Fixture::path(f.one), Fixture::path(f.one)});
        QTRY_VERIFY_WITH_TIMEOUT(f.comparison.isCurrent() && !f.comparison.isBusy(), 60'000);
        QCOMPARE(f.comparison.diff()->total.ruleChanged, std::size_t{1});
    }

    void eachPolicyHasTheTableBesideItsFile()
    {
        Fixture f;
        Fixture::write(f.one, kFirstIsConcise);
        Fixture::write(f.two, kSecondIsConcise);
        f.comparison.compare(
            {policy(2), policy(2), {}, {}, Fixture::path(f.one), Fixture::path(f.two)});
        QTRY_VERIFY_WITH_TIMEOUT(f.comparison.isCurrent() && !f.comparison.isBusy(), 60'000);
        QCOMPARE(f.comparison.diff()->total.ruleChanged, std::size_t{2});
        QVERIFY(!f.notes("styles.json"));
    }

    void withoutItsTableAPolicyCountsByTheDefaultAndSaysSo()
    {
        Fixture f;
        f.comparison.compare({policy(500), policy(2), {}, {}, Fixture::path(f.one), {}});
        QTRY_VERIFY_WITH_TIMEOUT(f.comparison.isCurrent() && !f.comparison.isBusy(), 60'000);
        QCOMPARE(f.comparison.diff()->total.ruleChanged, std::size_t{0});
        QVERIFY(f.notes("styles.json"));
        QVERIFY(f.notes("no file yet"));
    }
};

QTEST_GUILESS_MAIN(TestPolicyComparison)
#include "tst_policy_comparison.moc"
