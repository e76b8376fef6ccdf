// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a key that this computer does not have is named before somebody runs into it.

#include <core/providers/key_findings.h>
#include <tests/support/policy_builder.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

class TestKeyFindings : public QObject
{
    Q_OBJECT
private slots:
    void unsetVariablesOfRealModelsAreNamed()
    {
        PolicyDocument document = PolicyBuilder({"played", "real", "kept"}).document();
        document.models[0].keyRef = "env:SIGNALBOX_TEST_NO_KEY";
        document.models[1].provider = document.models[2].provider = "openai";
        document.models[1].keyRef = "env:SIGNALBOX_TEST_NO_KEY";
        document.models[2].keyRef = "keychain:team";
        document.models[0].provider = "simulator";
        qunsetenv("SIGNALBOX_TEST_NO_KEY");
        const auto findings = keyFindings(document);
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].code, std::string("unset-key"));
        QCOMPARE(findings[0].path, std::string("models[1].keyRef"));
        QVERIFY(findings[0].message.find("SIGNALBOX_TEST_NO_KEY") != std::string::npos);
        qputenv("SIGNALBOX_TEST_NO_KEY", "sk-one");
        QVERIFY(keyFindings(document).empty());
        qunsetenv("SIGNALBOX_TEST_NO_KEY");
    }
};

QTEST_GUILESS_MAIN(TestKeyFindings)
#include "tst_key_findings.moc"
