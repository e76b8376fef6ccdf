// SPDX-License-Identifier: GPL-3.0-or-later
// Three models of real servers, and a policy over them as a column of its own, through the Voices
// page itself: adds them to the policy, leaves the simulated ones out, presses Send, waits until
// every cell is settled, prints how the voices compare and which way the policy went, and says of
// each claim whether it held. The policy asks the cheap model first; long questions go to the
// second, with the spare one behind it; short ones give the cheap model no chance to begin in time,
// so that the policy has to fall back on the spare one for real.
// usage: live_lab --store FOLDER [--samples N] [--end PID --after N] CHEAP@URL SECOND@URL SPARE@URL
//   --store    keeps the answers; all but the last sample have to be there
//   --samples  answers of each model to each prompt, 1 unless said
//   --end      kills the second one's server while it writes the answer after so many
// exit code: 0 every claim held, 1 one did not, 2 used wrongly

#include <app/cli/lab_report.h>
#include <core/base/json.h>
#include <core/base/utf8.h>
#include <core/voice/policy_route.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/models/workbench.h>
#include <ui/voices/voices_page.h>

#include <QApplication>
#include <QCommandLineParser>
#include <QPushButton>
#include <QTimer>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

constexpr std::size_t kPrompts = 10;
constexpr int kPatienceMs = 20 * 60 * 1000;

constexpr int kHopelessMs = 1; ///< no model begins so soon
constexpr std::size_t kLongQuestion = 40;
constexpr std::size_t kShortQuestion = 30;

/// The models under test, by their part in the policy.
struct Trio
{
    ModelSpec cheap, second, spare;

    [[nodiscard]] std::vector<ModelSpec> all() const { return {cheap, second, spare}; }
};

struct Setting
{
    Trio models;
    std::string store; ///< folder
    int samples = 1;
    qint64 endPid = 0; ///< of the second one's server; 0: it stays
    int endAfter = 0;  ///< answers of it
};

/// Where the policy has to send a prompt, said once more without the policy.
struct Way
{
    std::string rule; ///< empty: otherwise
    std::vector<ModelId> models;
    bool isFirstHopeless = false;
};

class Claims
{
public:
    void check(bool holds, const std::string& claim)
    {
        std::printf("%s  %s\n", holds ? "PASS" : "FAIL", claim.c_str());
        m_allHold = m_allHold && holds;
    }
    [[nodiscard]] bool allHold() const { return m_allHold; }

private:
    bool m_allHold = true;
};

ModelSpec modelAt(const QString& address)
{
    ModelSpec model;
    model.id = ModelId(address.section(QLatin1Char('@'), 0, 0).toStdString());
    model.provider = "openai";
    model.upstreamModel = model.id.value;
    model.baseUrl = address.section(QLatin1Char('@'), 1).toStdString();
    return model;
}

Plan callTo(const ModelSpec& model)
{
    Call call;
    call.model = model.id;
    return {call};
}

Plan chainOf(std::vector<Plan> steps)
{
    Chain chain;
    chain.steps = std::move(steps);
    return {chain};
}

Rule lengthRule(const char* id, const char* label, CompareOp op, std::size_t length, Plan plan)
{
    Rule rule;
    rule.id = RuleId(id);
    rule.label = label;
    rule.when = {Compare{SignalId("length"), op, static_cast<double>(length), false}};
    rule.plan = std::move(plan);
    return rule;
}

/// The simulated models stay in the policy, and are not asked: no rule leads to them.
void routeAmong(Workbench& workbench, const Trio& models)
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
    Plan hopeless = callTo(models.cheap);
    std::get<Call>(hopeless.node).firstTokenMs = kHopelessMs;
    policy.rules = {lengthRule("long", "Long questions", CompareOp::Gt, kLongQuestion,
                               chainOf({callTo(models.second), callTo(models.spare)})),
                    lengthRule("short", "Short questions", CompareOp::Lt, kShortQuestion,
                               chainOf({hopeless, callTo(models.spare)}))};
    policy.otherwise = callTo(models.cheap);
    policy.baseline = models.second.id;
    workbench.editor().setDocument(policy);
}

void addModels(Workbench& workbench, const Trio& models)
{
    PolicyDocument policy = workbench.editor().document();
    std::ranges::copy(models.all(), std::back_inserter(policy.models));
    workbench.editor().setDocument(policy);
}

std::size_t lengthOf(const LabPrompt& prompt)
{
    return codePointCount(prompt.messages.back().text);
}

Way wayOf(const LabPrompt& prompt, const Trio& models)
{
    if (lengthOf(prompt) > kLongQuestion)
        return {"long", {models.second.id, models.spare.id}};
    if (lengthOf(prompt) < kShortQuestion)
        return {"short", {models.cheap.id, models.spare.id}, true};
    return {"", {models.cheap.id}};
}

/// What a finished run holds, and what there is to claim of it.
class Outcome
{
public:
    Outcome(const LabSession& session, const Setting& setting)
        : m_session(session), m_setting(setting)
    {}

    void print() const;
    void check(Claims& claims) const;
    [[nodiscard]] std::size_t answered(const ModelId& model) const;

private:
    [[nodiscard]] const Cell& cell(std::size_t prompt, const ModelId& model, int sample) const;
    [[nodiscard]] std::vector<const Cell*> cellsOf(const ModelId& model) const;
    [[nodiscard]] bool isWhole(const ModelId& model) const;
    [[nodiscard]] bool hasLost(const ModelSpec& model) const;
    [[nodiscard]] bool isNamedRightly(const ModelSpec& model) const;
    template<class Holds> [[nodiscard]] bool ofEveryRoute(Holds holds) const;
    [[nodiscard]] std::size_t fallbacksFrom(const ModelId& model, PolicyHop::End end) const;
    [[nodiscard]] bool isDue(const Way& way, std::size_t hop, std::size_t prompt, int sample) const;
    [[nodiscard]] bool wentRight(const PolicyRoute& route, std::size_t prompt, int sample) const;
    void checkVoices(Claims& claims) const;
    void checkLoss(Claims& claims) const;

    const LabSession& m_session;
    const Setting& m_setting;
};

const Cell& Outcome::cell(std::size_t prompt, const ModelId& model, int sample) const
{
    const auto& models = m_session.models();
    const auto place = std::ranges::find(models, model, &ModelSpec::id);
    return m_session.run().cell({prompt, static_cast<std::size_t>(place - models.begin()), sample});
}

std::vector<const Cell*> Outcome::cellsOf(const ModelId& model) const
{
    std::vector<const Cell*> cells;
    for (std::size_t prompt = 0; prompt < m_session.prompts().size(); ++prompt) {
        for (int sample = 0; sample < m_setting.samples; ++sample)
            cells.push_back(&cell(prompt, model, sample));
    }
    return cells;
}

std::size_t Outcome::answered(const ModelId& model) const
{
    return static_cast<std::size_t>(std::ranges::count_if(
        cellsOf(model), [](const Cell* cell) { return cell->state == CellState::Done; }));
}

bool Outcome::isWhole(const ModelId& model) const
{
    return answered(model) == kPrompts * static_cast<std::size_t>(m_setting.samples);
}

/// Its server was ended in this run.
bool Outcome::hasLost(const ModelSpec& model) const
{
    return m_setting.endPid != 0 && model.id == m_setting.models.second.id;
}

bool Outcome::isNamedRightly(const ModelSpec& model) const
{
    return std::ranges::all_of(cellsOf(model.id), [&](const Cell* cell) {
        return cell->state != CellState::Done || cell->answer.servedModel == model.upstreamModel;
    });
}

template<class Holds> bool Outcome::ofEveryRoute(Holds holds) const
{
    for (std::size_t prompt = 0; prompt < m_session.prompts().size(); ++prompt) {
        for (int sample = 0; sample < m_setting.samples; ++sample) {
            const Cell& asked = cell(prompt, m_session.policyColumn(), sample);
            const auto route = parseRoute(asked.answer.route);
            if (!route || !holds(*route, prompt, sample))
                return false;
        }
    }
    return true;
}

std::size_t Outcome::fallbacksFrom(const ModelId& model, PolicyHop::End end) const
{
    std::size_t count = 0;
    (void)ofEveryRoute([&](const PolicyRoute& route, std::size_t, int) {
        const PolicyHop& first = route.hops.front();
        count += first.model == model && first.end == end && !first.reason.empty();
        return true;
    });
    return count;
}

/// Whether the model at that place of the way gives the answer, if it is asked.
bool Outcome::isDue(const Way& way, std::size_t hop, std::size_t prompt, int sample) const
{
    const Cell& column = cell(prompt, way.models[hop], sample);
    const bool isTooSlow =
        hop == 0 && way.isFirstHopeless && column.answer.firstTokenMs.value_or(0) > kHopelessMs;
    return column.state == CellState::Done && !isTooSlow;
}

/// One call after the other until one answers, which the model's own column can tell.
bool Outcome::wentRight(const PolicyRoute& route, std::size_t prompt, int sample) const
{
    const Way way = wayOf(m_session.prompts()[prompt], m_setting.models);
    for (std::size_t hop = 0; hop < way.models.size(); ++hop) {
        if (hop >= route.hops.size() || route.hops[hop].model != way.models[hop])
            return false;
        const bool isAnswer = isDue(way, hop, prompt, sample);
        if ((route.hops[hop].end == PolicyHop::End::Answered) != isAnswer)
            return false;
        if (isAnswer)
            return hop + 1 == route.hops.size();
    }
    return false;
}

void Outcome::check(Claims& claims) const
{
    const Trio& models = m_setting.models;
    for (const ModelSpec& model : models.all()) {
        if (!hasLost(model))
            claims.check(isWhole(model.id), model.id.value + " answered every prompt");
        claims.check(isNamedRightly(model),
                     model.id.value + "'s answers say that they are of " + model.upstreamModel);
    }
    claims.check(isWhole(m_session.policyColumn()), "the policy answered every prompt");
    claims.check(ofEveryRoute([&](const PolicyRoute& route, std::size_t prompt, int) {
                     return route.rule == wayOf(m_session.prompts()[prompt], models).rule;
                 }),
                 "each prompt went by the rule that its length says");
    claims.check(ofEveryRoute([this](const PolicyRoute& route, std::size_t prompt, int sample) {
                     return wentRight(route, prompt, sample);
                 }),
                 "each went to the models that its rule names, in their order, until one answered");
    claims.check(ofEveryRoute([this](const PolicyRoute& route, std::size_t prompt, int sample) {
                     const PolicyHop* const served = route.served();
                     return served && served->isReused &&
                            cell(prompt, m_session.policyColumn(), sample).answer.text ==
                                cell(prompt, served->model, sample).answer.text;
                 }),
                 "each answer of the policy is to the letter the one in its model's column");
    const std::size_t late = fallbacksFrom(models.cheap.id, PolicyHop::End::Overrun);
    claims.check(late > 0, "a first call that was too slow fell back, and says so: " +
                               std::to_string(late) + " times");
    if (m_setting.endPid != 0)
        return checkLoss(claims);
    claims.check(
        ofEveryRoute([](const PolicyRoute& route, std::size_t, int) { return route.isReused(); }),
        "the policy sent no call of its own");
    if (m_setting.samples > 1)
        checkVoices(claims);
}

/// The second one's server was killed while it had prompts before it.
void Outcome::checkLoss(Claims& claims) const
{
    const ModelId& lost = m_setting.models.second.id;
    const std::size_t whole = answered(lost);
    claims.check(whole == static_cast<std::size_t>(m_setting.endAfter),
                 lost.value + "'s server was killed after " + std::to_string(whole) + " answers");
    claims.check(std::ranges::all_of(cellsOf(lost),
                                     [](const Cell* cell) {
                                         return cell->state == CellState::Done ||
                                                (cell->state == CellState::Failed &&
                                                 !cell->answer.failure.empty());
                                     }),
                 "each of its others failed, and says why");
    const std::size_t count = fallbacksFrom(lost, PolicyHop::End::Failed);
    claims.check(count > 0, "the policy fell back on " + m_setting.models.spare.id.value +
                                " instead, and says so: " + std::to_string(count) + " times");
}

Json comparisonOf(const LabSession& session)
{
    return *parseJson(cli::compareAnswers(session.answers(), session.models()).json);
}

/// How noticeable a switch between the two is; of a model and itself, what chance makes of two
/// answers. NaN: not measured.
double noticeability(const Json& comparison, const std::string& a, const std::string& b)
{
    for (const Json& floor : comparison["floors"]) {
        if (a == b && floor["model"] == a)
            return floor["noticeability"];
    }
    for (const Json& pair : comparison["pairs"]) {
        if ((pair["a"] == a && pair["b"] == b) || (pair["a"] == b && pair["b"] == a))
            return pair["noticeability"]["value"];
    }
    return std::nan("");
}

void Outcome::checkVoices(Claims& claims) const
{
    const Json comparison = comparisonOf(m_session);
    bool isMeasured = true;
    std::printf("Noticeability of a switch (on the diagonal, of the model to itself)\n%12s", "");
    for (const ModelSpec& model : m_setting.models.all())
        std::printf("%12s", model.id.value.c_str());
    for (const ModelSpec& from : m_setting.models.all()) {
        std::printf("\n%12s", from.id.value.c_str());
        for (const ModelSpec& to : m_setting.models.all()) {
            const double nu = noticeability(comparison, from.id.value, to.id.value);
            std::printf("%12.2f", nu);
            isMeasured = isMeasured && nu >= -1 && nu <= 1;
        }
    }
    std::printf("\n");
    claims.check(isMeasured, "every pair of the models has a noticeability, each model a floor");
}

void Outcome::print() const
{
    std::fputs(cli::compareAnswers(m_session.answers(), m_session.models()).text.c_str(), stdout);
    std::printf("Lengths of the questions (over %zu is long, under %zu is short):", kLongQuestion,
                kShortQuestion);
    for (const LabPrompt& prompt : m_session.prompts())
        std::printf(" %s %zu", prompt.id.value.c_str(), lengthOf(prompt));
    std::printf("\n");
    for (const ModelSpec& model : m_session.models()) {
        for (const Cell* cell : cellsOf(model.id)) {
            if (cell->state != CellState::Done)
                std::printf("%s %s: %s\n", cell->answer.prompt.value.c_str(),
                            model.id.value.c_str(), cell->answer.failure.c_str());
        }
    }
}

/// Whether the answers that an earlier round stored are there before anything is sent.
bool hasEarlierSamples(const LabSession& session, int samples)
{
    for (std::size_t prompt = 0; prompt < session.prompts().size(); ++prompt) {
        for (std::size_t model = 0; model < session.models().size(); ++model) {
            for (int sample = 0; sample + 1 < samples; ++sample) {
                if (session.run().cell({prompt, model, sample}).state != CellState::Done)
                    return false;
            }
        }
    }
    return true;
}

/// In the midst of the answer that follows.
void endServerInMidRun(LabSession& session, const Setting& setting)
{
    const auto isDue = [&](const CellId& id) {
        const Outcome outcome(session, setting);
        const ModelId& model = session.models()[id.model].id;
        return model == setting.models.second.id &&
               outcome.answered(model) >= static_cast<std::size_t>(setting.endAfter);
    };
    QObject::connect(&session, &LabSession::textAppended, &session,
                     [isDue, pid = static_cast<pid_t>(setting.endPid)](const CellId& id) mutable {
                         if (pid != 0 && isDue(id))
                             ::kill(std::exchange(pid, 0), SIGKILL);
                     });
}

std::optional<Setting> settingOf(const QStringList& arguments)
{
    QCommandLineParser parser;
    const QString samples = QStringLiteral("samples");
    const QString end = QStringLiteral("end");
    const QString after = QStringLiteral("after");
    const QString store = QStringLiteral("store");
    for (const QString& name : {store, samples, end, after})
        parser.addOption({name, {}, name, {}});
    parser.process(arguments);
    const QStringList addresses = parser.positionalArguments();
    if (addresses.size() != 3 || !parser.isSet(store))
        return std::nullopt;
    Setting setting;
    setting.store = parser.value(store).toStdString();
    setting.models = {modelAt(addresses.at(0)), modelAt(addresses.at(1)), modelAt(addresses.at(2))};
    setting.samples = std::max(1, parser.value(samples).toInt());
    setting.endPid = parser.value(end).toLongLong();
    setting.endAfter = parser.value(after).toInt();
    return setting;
}

void choose(LabSession& session, const Setting& setting)
{
    const std::vector<ModelSpec> all = session.models(); // the policy's column is the last
    for (const ModelSpec& model : all) {
        if (model.provider == "simulator")
            session.chooseModel(model.id, false);
    }
    session.setSamplePromptCount(kPrompts);
    session.setSamples(setting.samples);
}

/// What sends only what is not there yet, if the store has answers.
void pressSend(const VoicesPage& page)
{
    auto* const rest = page.findChild<QPushButton*>(QStringLiteral("retryFailed"));
    auto* const all = page.findChild<QPushButton*>(QStringLiteral("start"));
    (rest->isHidden() ? all : rest)->click();
}

} // namespace

int main(int argc, char* argv[])
{
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("signalbox-live"));
    setUpLook(app, ThemeChoice::Light);
    const auto setting = settingOf(QCoreApplication::arguments());
    if (!setting) {
        std::fputs("usage: live_lab --store FOLDER [--samples N] [--end PID --after N] CHEAP@URL "
                   "SECOND@URL SPARE@URL\n",
                   stderr);
        return 2;
    }
    Workbench workbench({setting->store});
    workbench.openSample();
    addModels(workbench, setting->models);
    routeAmong(workbench, setting->models);
    VoicesPage page(workbench);
    LabSession& session = page.session();
    choose(session, *setting);
    page.show();
    Claims claims;
    if (setting->samples > 1)
        claims.check(hasEarlierSamples(session, setting->samples),
                     "the table begins with the answers that are stored");
    if (setting->endPid != 0)
        endServerInMidRun(session, *setting);
    int code = 1;
    QObject::connect(&session, &LabSession::finished, &app, [&] {
        const Outcome outcome(session, *setting);
        outcome.print();
        outcome.check(claims);
        code = claims.allHold() ? 0 : 1;
        QCoreApplication::quit();
    });
    QTimer::singleShot(kPatienceMs, &app, [&] {
        claims.check(false, "the run came to an end");
        QCoreApplication::quit();
    });
    pressSend(page);
    QApplication::exec();
    return code;
}
