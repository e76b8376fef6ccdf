// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the table of users' styles that the open policy names is read from beside its file, and
// again when either changes; what is wrong with it is said, and the default counts meanwhile.

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <tests/support/policy_builder.h>
#include <ui/models/policy_editor.h>
#include <ui/models/style_table.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

PolicyDocument policyWith(const std::string& table)
{
    return PolicyBuilder().signal("style", StyleSource{"balanced", table});
}

struct Fixture
{
    QTemporaryDir folder;
    PolicyEditor editor;
    StyleTable table{editor};

    [[nodiscard]] std::filesystem::path path(const char* name) const
    {
        return std::filesystem::path(folder.path().toStdString()) / name;
    }
    void write(const char* name, const std::string& text) const
    {
        const auto written = writeFileAtomically(path(name), text);
        QVERIFY2(written.has_value(), "cannot write");
    }
    void open(const std::string& tableName)
    {
        write("policy.json", toPolicyText(policyWith(tableName)));
        QVERIFY(editor.open(path("policy.json")).has_value());
    }
};

constexpr auto kTable = R"({"schemaVersion": 1, "styles": {"u1": "concise"}})";
constexpr auto kOther = R"({"schemaVersion": 1, "styles": {"u1": "detailed", "u2": "concise"}})";

} // namespace

class TestStyleTable : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void theTableBesideThePolicyIsRead()
    {
        Fixture f;
        f.write("styles.json", kTable);
        f.open("styles.json");
        QTRY_VERIFY(f.table.styles());
        QCOMPARE(f.table.styles()->styleOf("u1"), std::string_view("concise"));
        QVERIFY(f.table.problem().isEmpty());
    }

    void aMissingTableIsSaidAndFoundWhenItComes()
    {
        Fixture f;
        f.open("styles.json");
        QTRY_VERIFY(f.table.problem().contains(QLatin1String("styles.json")));
        QVERIFY(!f.table.styles());
        f.write("styles.json", kTable);
        QTRY_VERIFY(f.table.styles());
        QVERIFY(f.table.problem().isEmpty());
    }

    void aChangedTableIsReadAgain()
    {
        Fixture f;
        f.write("styles.json", kTable);
        f.open("styles.json");
        QTRY_VERIFY(f.table.styles());
        f.write("styles.json", kOther);
        QTRY_COMPARE(f.table.styles()->size(), std::size_t{2});
    }

    void aBrokenTableIsSaid()
    {
        Fixture f;
        f.write("styles.json", R"({"schemaVersion": 1, "styles": {"u1": "loud"}})");
        f.open("styles.json");
        QTRY_VERIFY(f.table.problem().contains(QLatin1String("u1")));
        QVERIFY(!f.table.styles());
    }

    void anotherNameIsFollowed()
    {
        Fixture f;
        f.write("styles.json", kTable);
        f.write("other.json", kOther);
        f.open("styles.json");
        QTRY_VERIFY(f.table.styles());
        Signal signal = f.editor.document().signalList.front();
        std::get<StyleSource>(signal.source).table = "other.json";
        QVERIFY(f.editor.push(ReplaceSignal{signal.id, signal}).has_value());
        QTRY_VERIFY(f.table.styles());
        QCOMPARE(f.table.styles()->size(), std::size_t{2});
        std::get<StyleSource>(signal.source).table.clear();
        QVERIFY(f.editor.push(ReplaceSignal{signal.id, signal}).has_value());
        QTRY_VERIFY(!f.table.styles());
        QVERIFY(f.table.problem().isEmpty());
    }

    void noOtherTableCountsWhileOneIsRead()
    {
        Fixture f;
        f.write("styles.json", kTable);
        f.write("other.json", kTable); // says the same, yet nobody knows before it is read
        f.open("styles.json");
        QTRY_VERIFY(f.table.styles());
        QVERIFY(!f.table.isReading());
        QSignalSpy changes(&f.table, &StyleTable::changed);
        Signal signal = f.editor.document().signalList.front();
        std::get<StyleSource>(signal.source).table = "other.json";
        QVERIFY(f.editor.push(ReplaceSignal{signal.id, signal}).has_value());
        QVERIFY(f.table.isReading());
        QVERIFY(!f.table.styles());
        QCOMPARE(changes.size(), 1);
        QTRY_VERIFY(!f.table.isReading());
        QVERIFY(f.table.styles());
        QCOMPARE(changes.size(), 2);
        // One that is missing is known to be so: nothing is read any more.
        std::get<StyleSource>(signal.source).table = "absent.json";
        QVERIFY(f.editor.push(ReplaceSignal{signal.id, signal}).has_value());
        QVERIFY(f.table.isReading());
        QTRY_VERIFY(!f.table.isReading());
        QVERIFY(!f.table.styles() && !f.table.problem().isEmpty());
    }

    void noOtherFolderIsRead()
    {
        Fixture f;
        f.open("../styles.json");
        QTRY_VERIFY(!f.table.problem().isEmpty());
    }

    void aPolicyWithoutAFileHasNoFolder()
    {
        Fixture f;
        f.editor.setDocument(policyWith("styles.json"));
        QVERIFY(!f.table.problem().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestStyleTable)
#include "tst_style_table.moc"
