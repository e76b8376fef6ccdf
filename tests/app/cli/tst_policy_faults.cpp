// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: no policy file stops a command: what cannot be read is refused with a sentence that
// names the place, and what makes no sense is read and said.

#include <app/cli/command.h>
#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <sstream>

using namespace signalbox;

namespace {

std::string nested(const std::string& open, const std::string& inside, const std::string& close)
{
    constexpr int kLevels = 10'000;
    std::string text;
    for (int i = 0; i < kLevels; ++i)
        text += open;
    text += inside;
    for (int i = 0; i < kLevels; ++i)
        text += close;
    return text;
}

std::string withRule(const std::string& when, const std::string& plan)
{
    std::string text = toPolicyText(supportDeskPolicy());
    const std::string rules = "\"rules\": [";
    text.insert(text.find(rules) + rules.size(),
                R"({"id": "deep", "when": )" + when + R"(, "plan": )" + plan + "},");
    return text;
}

} // namespace

class TestPolicyFaults : public QObject
{
    Q_OBJECT
private slots:
    void aBadFileIsRefusedWithASentence_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("said");
        const std::string leaf = R"({"signal": "chars", "op": "gt", "value": 1})";
        const std::string call = R"({"call": {"model": "gpt-4"}})";
        const auto row = [](const char* name, const std::string& content, const char* said) {
            QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(said);
        };
        row("groups", withRule(nested(R"({"all": [)", leaf, "]}"), call), "nested deeper than 256");
        row("negations", withRule(nested(R"({"not": )", leaf, "}"), call),
            "nested deeper than 256");
        row("chains", withRule(leaf, nested(R"({"chain": {"steps": [)", call, "]}}")),
            "nested deeper than 256");
        row("arrays", nested("[", "", "]"), "nested deeper than 256");
        row("newer", R"({"schemaVersion": 2, "id": "x"})", "schemaVersion");
        row("truncated", toPolicyText(supportDeskPolicy()).substr(0, 900), "line ");
        row("empty", "", "line 1");
    }
    void aBadFileIsRefusedWithASentence()
    {
        QFETCH(const QByteArray, content);
        QFETCH(const QByteArray, said);
        const QTemporaryDir folder;
        const std::string file = (folder.path() + QStringLiteral("/p.json")).toStdString();
        QVERIFY(writeFileAtomically(file, content.toStdString()).has_value());
        refuses(file, said.toStdString());
    }

    void aFolderIsNoFile()
    {
        const QTemporaryDir folder;
        refuses(folder.path().toStdString(), "this is a folder");
    }

    void aHundredMegabytesAreNotRead()
    {
        const QTemporaryDir folder;
        const std::string file = (folder.path() + QStringLiteral("/p.json")).toStdString();
        QVERIFY(writeFileAtomically(file, "{").has_value());
        std::filesystem::resize_file(file, 100'000'000);
        refuses(file, "larger than the limit of 16777216 bytes");
    }

    void whatMakesNoSenseIsReadAndSaid()
    {
        PolicyDocument policy = supportDeskPolicy();
        policy.rules.push_back(policy.rules.front());
        policy.models.push_back(policy.models.front());
        std::get<Call>(policy.otherwise.node).model = ModelId("nobody");
        const QTemporaryDir folder;
        const std::string file = (folder.path() + QStringLiteral("/p.json")).toStdString();
        QVERIFY(writeFileAtomically(file, toPolicyText(policy)).has_value());
        std::istringstream in;
        std::ostringstream out;
        std::ostringstream err;
        QCOMPARE(cli::runCommandLine({"lint", file}, {in, out, err}), 1);
        const std::string text = out.str();
        QVERIFY2(text.find(policy.rules.front().id.value) != std::string::npos, text.c_str());
        QVERIFY2(text.find("nobody") != std::string::npos, text.c_str());
    }

private:
    static void refuses(const std::string& file, const std::string& sentence)
    {
        for (const char* const command : {"lint", "decide", "export"}) {
            std::vector<std::string> args{command, file};
            if (args[0] == "decide")
                args.insert(args.end(), {"--prompt", "hello"});
            if (args[0] == "export")
                args.insert(args.end(), {"--out", file + ".out"});
            std::istringstream in;
            std::ostringstream out;
            std::ostringstream err;
            QCOMPARE(cli::runCommandLine(args, {in, out, err}), 1);
            const std::string said = out.str() + err.str(); // what lint finds is its output
            QVERIFY2(said.find(sentence) != std::string::npos, said.c_str());
            QVERIFY2(said.size() < 1000, "one sentence, not the file");
        }
    }
};

QTEST_GUILESS_MAIN(TestPolicyFaults)
#include "tst_policy_faults.moc"
