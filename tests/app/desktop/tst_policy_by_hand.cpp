// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: all of the bundled sample can be built from an empty document by keys alone, and by the
// mouse (which cannot write, so that text is typed into fields that were clicked): without the
// source view, without pasting, and with the very file as result.

#include <app/desktop/pages.h>
#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <tests/support/policy_hands.h>
#include <ui/kit/theme.h>
#include <ui/policy/policy_words.h>

#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace signalbox;
using namespace signalbox::ui;
using namespace signalbox::test;

namespace {

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QString number(double value)
{
    return QString::number(value, 'g', 10);
}

QString kindOf(const Signal& signal)
{
    return PolicyWords::sourceName(signal.source.index());
}

/// An empty document, a window on it, and a place to save.
struct Desk
{
    QTemporaryDir folder;
    Workbench workbench{{}};
    MainWindow window{workbench, desktop::allPages(), questions()};

    Desk()
    {
        PolicyDocument empty;
        empty.id = "empty";
        workbench.editor().setDocument(empty);
        window.resize(1600, 1000);
        window.show();
    }
    [[nodiscard]] QString file() const { return folder.filePath(QStringLiteral("policy.json")); }
    Questions questions()
    {
        Questions result;
        result.fileToSave = [this](QWidget*, const QString&) { return file(); };
        return result;
    }
};

// The story, once for both hands.

void addModel(Hand& hand, const ModelSpec& model)
{
    hand.add(QStringLiteral("Add model"));
    hand.fill(QStringLiteral("Name in this policy"), text(model.id.value));
    hand.choose(QStringLiteral("Provider"), QStringLiteral("Built-in simulator"));
    hand.fill(QStringLiteral("Model name at the provider"), text(model.upstreamModel));
    hand.press(QStringLiteral("Price is known"));
    hand.fill(QStringLiteral("USD per million input tokens"),
              number(usdPerMTok(model.price->inputPerToken)));
    hand.fill(QStringLiteral("USD per million output tokens"),
              number(usdPerMTok(model.price->outputPerToken)));
    hand.fill(QStringLiteral("Price as of"), text(model.price->asOf));
    hand.fill(QStringLiteral("Context window in tokens"), number(*model.contextTokens));
}

void addSignal(Hand& hand, const Signal& signal)
{
    hand.add(kindOf(signal));
    hand.fill(QStringLiteral("Name of the signal"), text(signal.id.value));
    if (const auto* const score = std::get_if<ScoreSource>(&signal.source)) {
        hand.fill(QStringLiteral("Starts at"), number(score->base));
        hand.fill(QStringLiteral("At least"), number(*score->min));
        hand.fill(QStringLiteral("At most"), number(*score->max));
    } else if (const auto* const keywords = std::get_if<KeywordsSource>(&signal.source)) {
        QStringList words;
        for (const std::string& word : keywords->anyOf)
            words << text(word);
        hand.fill(QStringLiteral("Words, one a line"), words.join(QLatin1Char('\n')));
    } else if (const auto* const contains = std::get_if<ContainsSource>(&signal.source)) {
        hand.fill(QStringLiteral("Text to find, letter for letter"), text(contains->text));
    } else if (const auto* const metadata = std::get_if<MetadataSource>(&signal.source)) {
        hand.fill(QStringLiteral("Key in the request's metadata"), text(metadata->key));
    }
    if (!signal.note.empty())
        hand.fill(QStringLiteral("Note"), text(signal.note));
}

void addTerms(Hand& hand, const Signal& signal)
{
    const auto& terms = std::get<ScoreSource>(signal.source).terms;
    hand.goToSignal(text(signal.id.value));
    for (std::size_t i = 0; i < terms.size(); ++i)
        hand.press(QStringLiteral("Add a term"));
    hand.goToSignal(text(signal.id.value));
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const auto& compare = std::get<Compare>(terms[i].when.node);
        hand.fill(QStringLiteral("Term %1 adds").arg(i + 1), number(terms[i].add));
        hand.choose(QStringLiteral("Signal"), text(compare.signal.value));
        hand.choose(QStringLiteral("Operator"), PolicyWords::op(compare.op));
        if (const auto* const limit = std::get_if<double>(&compare.value))
            hand.fill(QStringLiteral("Value"), number(*limit));
        else
            hand.choose(QStringLiteral("Value"), std::get<bool>(compare.value)
                                                     ? QStringLiteral("yes")
                                                     : QStringLiteral("no"));
    }
}

void addRule(Hand& hand, const Rule& rule)
{
    const auto& compare = std::get<Compare>(rule.when.node);
    const auto& chain = std::get<Chain>(rule.plan.node);
    const auto& first = std::get<Call>(chain.steps.front().node);
    hand.add(QStringLiteral("Add rule"));
    hand.fill(QStringLiteral("Name of the rule"), text(rule.label));
    hand.fill(QStringLiteral("Condition as text"),
              QStringLiteral("%1 <= %2\n")
                  .arg(text(compare.signal.value), number(std::get<double>(compare.value))));
    hand.choose(QStringLiteral("Model"), text(first.model.value));
    if (first.retry.count > 0)
        hand.fill(QStringLiteral("Retries"), number(first.retry.count));
    hand.pick(QStringLiteral("More for this part of the plan"),
              QStringLiteral("Add fallback step"));
    if (!rule.note.empty())
        hand.fill(QStringLiteral("Note"), text(rule.note));
    hand.fill(QStringLiteral("Id"), text(rule.id.value));
}

void addGate(Hand& hand, const Gate& gate, int index)
{
    static const std::map<GateMetric, QString> names = {
        {GateMetric::CostSaving, QStringLiteral("Cost saving")},
        {GateMetric::LatencyP95Ms, QStringLiteral("p95 latency")},
        {GateMetric::SatisfactionRatio, QStringLiteral("Quality")},
        {GateMetric::Consistency, QStringLiteral("Consistency")}};
    hand.choose(QStringLiteral("Metric of gate %1").arg(index), names.at(gate.metric));
    hand.fill(QStringLiteral("Limit of gate %1").arg(index),
              number(gate.atMost ? *gate.atMost / 1000 : *gate.atLeast * 100));
    hand.choose(QStringLiteral("Scope of gate %1").arg(index), PolicyWords::gateScope(gate.per));
}

void describePolicy(Hand& hand, const PolicyDocument& policy)
{
    hand.goToPolicy();
    hand.fill(QStringLiteral("Name of the policy"), text(policy.name));
    hand.fill(QStringLiteral("Id"), text(policy.id));
    hand.fill(QStringLiteral("Note"), text(policy.note));
    for (std::size_t i = 0; i < policy.gates.size(); ++i)
        hand.press(QStringLiteral("Add a gate"));
    hand.goToPolicy();
    for (std::size_t i = 0; i < policy.gates.size(); ++i)
        addGate(hand, policy.gates[i], static_cast<int>(i) + 1);
    QStringList outcomes;
    for (const std::string& outcome : policy.monitoring.outcomes)
        outcomes << text(outcome);
    hand.fill(QStringLiteral("Outcomes"), outcomes.join(QStringLiteral(", ")));
}

void addTests(Hand& hand, const PolicyDocument& policy)
{
    hand.goToPolicy();
    for (std::size_t i = 0; i < policy.tests.size(); ++i)
        hand.press(QStringLiteral("Add a test"));
    hand.goToPolicy();
    for (std::size_t i = 0; i < policy.tests.size(); ++i) {
        const PolicyTest& test = policy.tests[i];
        hand.fill(QStringLiteral("Request of test %1").arg(i + 1),
                  text(test.request.messages.front().text));
        hand.choose(QStringLiteral("Way of test %1").arg(i + 1),
                    QStringLiteral("to “%1”").arg(PolicyWords::rule(*policy.findRule(*test.rule))));
    }
}

/// Seven sittings, each with a save at its end: the sample is revision 7.
std::vector<std::function<void(Hand&)>> sittings(const PolicyDocument& wanted)
{
    return {
        [&](Hand& hand) {
            for (const ModelSpec& model : wanted.models)
                addModel(hand, model);
        },
        [&](Hand& hand) {
            for (const Signal& signal : wanted.signalList)
                addSignal(hand, signal);
        },
        [&](Hand& hand) { addTerms(hand, wanted.signalList.front()); },
        [&](Hand& hand) { addRule(hand, wanted.rules[0]); },
        [&](Hand& hand) { addRule(hand, wanted.rules[1]); },
        [&](Hand& hand) { describePolicy(hand, wanted); },
        [&](Hand& hand) { addTests(hand, wanted); },
    };
}

template<class Device> void buildBy()
{
    const PolicyDocument wanted = supportDeskPolicy();
    Desk desk;
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    Device hand(desk.window);
    for (const auto& sitting : sittings(wanted)) {
        sitting(hand);
        hand.save();
        if (hand.failed()) {
            qInfo("%s", toPolicyText(desk.workbench.editor().document()).c_str());
            return;
        }
    }
    const auto written = readFile(desk.file().toStdString());
    QVERIFY(written.has_value());
    QCOMPARE(QString::fromStdString(*written).split(QLatin1Char('\n')),
             text(toPolicyText(wanted)).split(QLatin1Char('\n')));
    QVERIFY(*written == toPolicyText(wanted)); // byte for byte, and so are both files
}

} // namespace

class TestPolicyByHand : public QObject
{
    Q_OBJECT
private slots:
    void init() { QSettings().clear(); }
    void theSampleIsBuiltByKeysAlone() { buildBy<KeyboardHand>(); }
    void theSampleIsBuiltByMouse() { buildBy<MouseHand>(); }
};

int main(int argc, char* argv[])
{
    QTemporaryDir home;
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("signalbox-test"));
    setUpLook(app, ThemeChoice::Light);
    TestPolicyByHand test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_policy_by_hand.moc"
