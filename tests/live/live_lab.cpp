// SPDX-License-Identifier: GPL-3.0-or-later
// Models of real servers, and a policy over them as a column of its own, through the Voices page
// itself: adds them to the policy, leaves the simulated ones out, presses Send, waits until every
// cell is settled, prints how the voices compare and which way the policy went. Long questions go
// to the last model; the others to the first, which has no chance to begin in time, and then to the
// second: the policy has to fall back for real.
// usage: live_lab MODEL@URL MODEL@URL [MODEL@URL …]   (exit code 1 unless every cell is done, and
// every way is the one that the policy says)

#include <app/cli/lab_report.h>
#include <core/lab/policy_route.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/models/workbench.h>
#include <ui/voices/voices_page.h>

#include <QApplication>
#include <QPushButton>
#include <QTimer>

#include <algorithm>
#include <cstdio>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

constexpr std::size_t kPrompts = 10;
constexpr int kSamples = 2;
constexpr int kPatienceMs = 20 * 60 * 1000;

constexpr int kHopelessMs = 1; ///< no model begins so soon
constexpr int kLongQuestion = 60;

ModelId modelOf(const QString& address)
{
    return ModelId(address.section(QLatin1Char('@'), 0, 0).toStdString());
}

Plan callTo(const QString& address)
{
    Call call;
    call.model = modelOf(address);
    return {call};
}

/// The simulated models stay in the policy, and are not asked: no rule leads to them.
void routeAmong(Workbench& workbench, const QStringList& addresses)
{
    PolicyDocument policy = workbench.editor().document();
    policy.holdout.reset();
    policy.rules.clear();
    policy.signalList.clear();
    policy.gates.clear();
    policy.tests.clear();
    Signal length;
    length.id = SignalId("length");
    length.source = MeasureSource{TextMeasure::Chars, TextScope::LastUser};
    policy.signalList.push_back(length);
    Rule rule;
    rule.id = RuleId("long");
    rule.label = "Long questions";
    rule.when = {Compare{length.id, CompareOp::Gt, static_cast<double>(kLongQuestion), false}};
    rule.plan = callTo(addresses.last());
    policy.rules.push_back(rule);
    Plan hopeless = callTo(addresses.at(0));
    std::get<Call>(hopeless.node).firstTokenMs = kHopelessMs;
    Chain chain;
    chain.steps = {hopeless, callTo(addresses.at(1))};
    policy.otherwise = {chain};
    policy.baseline = modelOf(addresses.last());
    workbench.editor().setDocument(policy);
}

/// Whether the policy went the way that it says, and its words are those of the model's column.
bool isRightWay(const LabSession& session, const CellId& id, const QStringList& addresses)
{
    const Cell& cell = session.run().cell(id);
    const auto route = parseRoute(cell.answer.route);
    if (!route || !route->served())
        return false;
    const bool isLong = route->rule == "long";
    const ModelId wanted = modelOf(isLong ? addresses.last() : addresses.at(1));
    const auto& models = session.models();
    const auto place = std::ranges::find(models, wanted, &ModelSpec::id);
    if (route->served()->model != wanted || route->hops.size() != (isLong ? 1U : 2U) ||
        place == models.end())
        return false;
    CellId column = id;
    column.model = static_cast<std::size_t>(place - models.begin());
    return route->isReused() && cell.answer.text == session.run().cell(column).answer.text;
}

bool addModels(Workbench& workbench, const QStringList& addresses)
{
    for (const QString& address : addresses) {
        ModelSpec model;
        model.id = ModelId(address.section(QLatin1Char('@'), 0, 0).toStdString());
        model.provider = "openai";
        model.upstreamModel = model.id.value;
        model.baseUrl = address.section(QLatin1Char('@'), 1).toStdString();
        const std::size_t place = workbench.editor().document().models.size();
        if (!workbench.editor().push(InsertModel{place, model}))
            return false;
    }
    return true;
}

int printResult(const LabSession& session, const QStringList& addresses)
{
    bool isRight = true;
    std::vector<Answer> answers;
    std::size_t done = 0;
    for (std::size_t prompt = 0; prompt < session.prompts().size(); ++prompt) {
        for (std::size_t model = 0; model < session.models().size(); ++model) {
            for (int sample = 0; sample < kSamples; ++sample) {
                const Cell& cell = session.run().cell({prompt, model, sample});
                answers.push_back(cell.answer);
                done += cell.state == CellState::Done;
                if (session.run().isPolicyCell({prompt, model, sample}))
                    isRight = isRightWay(session, {prompt, model, sample}, addresses) && isRight;
                if (cell.state != CellState::Done)
                    std::fprintf(stderr, "%s\n", cell.status.c_str());
            }
        }
    }
    std::fputs(cli::compareAnswers(answers, session.models()).text.c_str(), stdout);
    std::printf("%zu of %zu cells done; the policy went %s\n", done, answers.size(),
                isRight ? "as it says" : "ANOTHER WAY THAN IT SAYS");
    return done == answers.size() && isRight ? 0 : 1;
}

} // namespace

int main(int argc, char* argv[])
{
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-live"));
    setUpLook(app, ThemeChoice::Light);
    Workbench workbench({});
    workbench.openSample();
    const QStringList addresses = QCoreApplication::arguments().mid(1);
    if (addresses.size() < 2 || !addModels(workbench, addresses)) {
        std::fputs("usage: live_lab MODEL@URL MODEL@URL [MODEL@URL ...]\n", stderr);
        return 2;
    }
    routeAmong(workbench, addresses);
    VoicesPage page(workbench);
    LabSession& session = page.session();
    const std::vector<ModelSpec> all = session.models(); // the policy's column is the last
    for (const ModelSpec& model : all) {
        if (model.provider == "simulator")
            session.chooseModel(model.id, false);
    }
    session.setSamplePromptCount(kPrompts);
    session.setSamples(kSamples);
    page.show();
    int code = 1;
    QObject::connect(&session, &LabSession::finished, &app, [&] {
        code = printResult(session, addresses);
        QCoreApplication::quit();
    });
    QTimer::singleShot(kPatienceMs, &app, [] { QCoreApplication::exit(1); });
    page.findChild<QPushButton*>(QStringLiteral("start"))->click();
    QApplication::exec();
    return code;
}
