// SPDX-License-Identifier: GPL-3.0-or-later
#include "cap_options.h"
#include "command.h"
#include "forecast_lines.h"
#include "inputs.h"
#include "judge_lines.h"
#include "listening.h"
#include "price_lines.h"

#include <core/base/clock.h>
#include <core/base/json.h>
#include <core/base/random.h>
#include <core/evidence/lab_store.h>
#include <core/lab/judge_run.h>
#include <core/lab/list_prices.h>
#include <core/lab/policy_column.h>
#include <core/lab/recorded_plan.h>
#include <core/lab/run_export.h>
#include <core/voice/tone.h>

#include <CLI/CLI.hpp>
#include <QEventLoop>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <ostream>
#include <utility>

namespace signalbox::cli {

namespace {

constexpr const char* kOrderKind = "order"; ///< of people's votes in a tasting

/// What was said up to the answer; what the models were told beforehand is not of it.
std::string wordsOf(const LabPrompt& prompt)
{
    const auto isSaid = [](const Message& message) { return message.role != Role::System; };
    if (std::ranges::count_if(prompt.messages, isSaid) == 1)
        return prompt.messages.back().text;
    std::string words;
    for (const Message& message : prompt.messages) {
        if (isSaid(message))
            words += (words.empty() ? "" : "\n\n") +
                     std::string(message.role == Role::Assistant ? "Assistant: " : "User: ") +
                     message.text;
    }
    return words;
}

void addName(Tasting& sheet, const std::string& name)
{
    if (!name.empty() && std::ranges::find(sheet.names, name) == sheet.names.end())
        sheet.names.push_back(name);
}

/// Every prompt of the run that two models answered, with its first repeat.
Tasting sheetOf(const LabPlan& plan, const std::vector<Answer>& answers, const RunId& run)
{
    constexpr std::uint64_t kSeeds = std::uint64_t{1} << 53;
    Tasting sheet;
    sheet.seed = stableHash(run.value) % kSeeds;
    for (const ModelSpec& model : plan.models) {
        if (isPolicyColumn(model))
            continue; // its answers are the models'
        sheet.models.push_back(model.id);
        addName(sheet, model.id.value);
        addName(sheet, model.upstreamModel);
        sheet.isSimulated = sheet.isSimulated || model.provider == "simulator";
    }
    std::map<std::pair<PromptId, ModelId>, const Answer*> known;
    for (const Answer& answer : answers) {
        if (answer.sample == 0)
            known[{answer.prompt, answer.model}] = &answer;
    }
    for (const LabPrompt& prompt : plan.prompts) {
        std::vector<std::string> texts;
        for (const ModelId& model : sheet.models) {
            const auto found = known.find({prompt.id, model});
            const bool isThere = found != known.end() && isAnswered(*found->second);
            texts.push_back(isThere ? found->second->text : std::string());
            if (isThere)
                addName(sheet, found->second->servedModel);
        }
        if (texts.size() - std::size_t(std::ranges::count(texts, std::string())) < 2)
            continue;
        sheet.prompts.push_back({prompt.id, wordsOf(prompt)});
        sheet.texts.push_back(std::move(texts));
    }
    return sheet;
}

/// A tasting of the run with what was said in it.
struct Tasted
{
    TastingNumber number = 0; ///< 0: it is not in the store yet
    Tasting sheet;
    std::vector<Ranking> votes; ///< of people
    std::vector<Judging> judgings;
};

Result<Tasted> tastedFrom(const StoredTasting& stored)
{
    Tasted tasted;
    tasted.number = stored.number;
    const auto json = parseJson(stored.sheetJson);
    auto sheet = json ? tastingFromJson(*json) : Result<Tasting>(Unexpected(json.error()));
    if (!sheet)
        return Unexpected(sheet.error());
    tasted.sheet = std::move(*sheet);
    for (const StoredVote& vote : stored.votes) {
        if (vote.kind != kOrderKind)
            continue;
        const auto said = parseJson(vote.voteJson);
        auto ranking = said ? rankingFromJson(*said) : Result<Ranking>(Unexpected(said.error()));
        if (!ranking)
            return Unexpected(ranking.error());
        ranking->votedAtMs = vote.votedAtMs;
        tasted.votes.push_back(std::move(*ranking));
    }
    for (const StoredJudging& one : stored.judgings) {
        auto judging = judgingFrom(one);
        if (!judging)
            return Unexpected(judging.error());
        tasted.judgings.push_back(std::move(*judging));
    }
    return tasted;
}

class JudgeCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "judge"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Ask a model which answers of a recorded run are better, each pair in both orders";
    }

    void declare(CLI::App& app) override
    {
        app.add_option("run", m_run, "Id of the run; else the latest");
        app.add_option("--evidence", m_evidence,
                       "SQLite file with the run, or a team's PostgreSQL database: "
                       "postgresql://USER@HOST/DATABASE; what the judge says is kept there")
            ->required();
        app.add_option("--judge", m_judge,
                       "The model that judges: one of the policy's, or MODEL@URL of an "
                       "OpenAI-compatible server")
            ->required();
        app.add_option("--policy", m_policy, "Policy file with the judge, or \"sample\"")
            ->capture_default_str();
        app.add_option("--key", m_key,
                       "Key reference of a judge at an URL: env:NAME or "
                       "keychain:NAME");
        app.add_option("--allow-key", m_allowedKeys,
                       "Let a key go to an address: REFERENCE=URL; may be repeated")
            ->allow_extra_args(false);
        app.add_option("--prompts", m_choices.prompts, "At most so many prompts")
            ->check(CLI::Range(1, 10'000))
            ->capture_default_str();
        app.add_option("--axes", m_choices.axes,
                       "Also rate each answer's tone, twice: axes, comma separated")
            ->delimiter(',');
        app.add_option("--in-flight-here", m_inFlightHere,
                       "Calls at once at a server on this "
                       "computer")
            ->check(CLI::Range(1, 256))
            ->capture_default_str();
        m_caps.declare(app);
        app.add_flag("--estimate", m_estimate,
                     "Only say what it would cost and how long it would take; send nothing");
        app.add_flag("--json", m_json, "Print what was said for machines");
        app.footer("Of a run that was tasted, the newest tasting is judged; else all its prompts. "
                   "What this judge has said is not asked again.\nExit codes: 0 done; 1 it failed; "
                   "2 used wrongly; 3 a cap ended it, and what was said is kept.");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        if (const auto known = checkAxes(); !known)
            return reportWrongUse(streams, known.error());
        const auto prices = priceBookInUse(streams);
        const auto model = judgeModel(prices, streams);
        if (!model)
            return reportWrongUse(streams, model.error());
        const auto providers = makeProviders(m_allowedKeys);
        if (!providers)
            return reportWrongUse(streams, providers.error());
        auto store = openEvidence();
        if (!store)
            return report(streams, store.error());
        const auto id = chosenRun(*store);
        if (!id)
            return report(streams, id.error());
        auto tasted = tastedOf(*store, *id);
        if (!tasted)
            return report(streams, tasted.error());
        JudgeTask task = taskOf(*id, std::move(*tasted), *model);
        if (task.judging.plan.calls.empty())
            return report(streams, {ErrorCode::NotFound,
                                    "no two models answered a prompt of the "
                                    "run: there is nothing to judge",
                                    id->value,
                                    {}});
        if (const std::size_t all = task.sheet.prompts.size(); all > m_choices.prompts)
            streams.err << m_choices.prompts << " of " << all
                        << " prompts are judged; --prompts says how many.\n";
        if (m_estimate)
            return estimate(task, *prices.book, **providers, streams);
        return judge(std::move(task), **providers, *store, streams);
    }

private:
    [[nodiscard]] Result<void> checkAxes() const
    {
        for (const std::string& axis : m_choices.axes) {
            if (std::ranges::find(toneAxes(), axis, &ToneAxis::id) != toneAxes().end())
                continue;
            std::string all;
            for (const ToneAxis& known : toneAxes())
                all += (all.empty() ? "" : ", ") + std::string(known.id);
            return fail(ErrorCode::InvalidArgument, "there is no axis \"" + axis + '"', "--axes",
                        "the axes are " + all);
        }
        return {};
    }

    [[nodiscard]] Result<ModelSpec> judgeModel(const BookInUse& prices,
                                               const Streams& streams) const
    {
        Result<ModelSpec> model = fail(ErrorCode::NotFound, {});
        if (m_judge.find("@http") != std::string::npos) {
            model = addedModel(m_judge, m_key, "--judge");
        } else {
            const auto document = loadPolicy(m_policy, streams);
            if (!document)
                return Unexpected(document.error());
            const ModelSpec* const known = document->findModel(ModelId(m_judge));
            if (!known)
                return fail(ErrorCode::NotFound, "the policy has no model \"" + m_judge + "\"",
                            "--judge", "name one of --policy, or MODEL@URL");
            model = *known;
        }
        if (!model)
            return model;
        if (!model->price)
            streams.err << lineOf(prices);
        model->price = knownPriceOf(*model, *prices.book, presentDay()).price;
        return model;
    }

    [[nodiscard]] Result<EvidenceStore> openEvidence() const
    {
        const auto address = parseStoreAddress(m_evidence);
        if (!address)
            return Unexpected(address.error());
        // A mistyped path holds no run, and is not to become a file.
        if (const auto there = EvidenceStore::openExisting(*address); !there)
            return Unexpected(there.error());
        return EvidenceStore::open(*address);
    }

    [[nodiscard]] Result<RunId> chosenRun(const EvidenceStore& store) const
    {
        if (!m_run.empty() && m_run != "latest")
            return RunId(m_run);
        const auto runs = store.latestRuns(1);
        if (!runs)
            return Unexpected(runs.error());
        if (runs->empty())
            return fail(ErrorCode::NotFound, "no run was recorded in this store", m_evidence);
        return runs->front().id;
    }

    /// The newest tasting, or else a new one of all answers.
    [[nodiscard]] static Result<Tasted> tastedOf(EvidenceStore& store, const RunId& id)
    {
        const auto info = store.run(id);
        if (!info)
            return Unexpected(info.error());
        auto tastings = store.background().tastings(id);
        tastings.waitForFinished();
        const auto read = tastings.result();
        if (!read)
            return Unexpected(read.error());
        if (!read->empty())
            return tastedFrom(read->back());
        const auto plan = parsePlanJson(*info);
        if (!plan)
            return Unexpected(plan.error());
        const auto draft = store.draft(id);
        if (!draft)
            return Unexpected(draft.error());
        const auto answers = store.answers(id);
        if (!answers)
            return Unexpected(answers.error());
        Tasted fresh;
        fresh.sheet = sheetOf(labPlanOf(*plan, *draft, supportDeskPrompts()), *answers, id);
        return fresh;
    }

    /// What is left of an earlier judging that asks the same, or a new one.
    [[nodiscard]] JudgeTask taskOf(const RunId& id, Tasted tasted, const ModelSpec& model) const
    {
        JudgeTask task;
        task.run = id;
        task.tasting = tasted.number;
        task.judging.plan = judgePlanFor(model);
        task.judging.plan.axes = m_choices.axes;
        task.judging.plan.calls = planJudge(tasted.sheet, m_choices, tasted.votes, {});
        const auto same = std::ranges::find_if(
            tasted.judgings, [&](const Judging& other) { return other.plan == task.judging.plan; });
        if (same != tasted.judgings.end())
            task.judging = *same;
        task.judging.caps = m_caps.caps();
        task.sheet = std::move(tasted.sheet);
        task.others = std::move(tasted.judgings);
        task.model = model;
        task.inFlightHere = m_inFlightHere;
        return task;
    }

    [[nodiscard]] int estimate(const JudgeTask& task, const PriceBook& book,
                               const Providers& providers, const Streams& streams) const
    {
        const auto calls = callsToSend(task.judging, task.others, task.sheet, task.model);
        const RunForecast forecast =
            judgeForecast(labPlanOf(task.judging.plan, calls, task.sheet, task.model), task.others,
                          {}, providers.services.simulator->speed(), book, presentDay());
        streams.out << (m_json ? toJsonText(toJson(forecast)) : linesOf(forecast));
        return kDone;
    }

    [[nodiscard]] int judge(JudgeTask task, const Providers& providers, EvidenceStore& store,
                            const Streams& streams) const
    {
        if (task.tasting == 0) {
            if (const auto begun = begin(task, store); !begun)
                return report(streams, begun.error());
        }
        const Tasting sheet = task.sheet;
        JudgeRun run(std::move(task), providers.registry, &store);
        QEventLoop loop;
        std::size_t shown = 0;
        QObject::connect(&run, &JudgeRun::finished, &loop, &QEventLoop::quit);
        QObject::connect(&run, &JudgeRun::capWasReached, &loop,
                         [&] { run.stop(); }); // nobody is here who could raise it
        QObject::connect(&run, &JudgeRun::changed, &loop, [&] {
            const JudgeProgress progress = run.progress();
            if (progress.total == 0 || progress.said * 10 / progress.total == shown)
                return;
            shown = progress.said * 10 / progress.total;
            streams.err << progress.said << " of " << progress.total << " verdicts, "
                        << progress.failed << " failed\n"
                        << std::flush;
        });
        run.start();
        loop.exec();
        if (const auto kept = store.settle(); !kept)
            return report(streams, kept.error());
        const Judging& judging = run.judging();
        const Judgement judgement = judgementOf(judging.plan, judging.replies(), sheet);
        if (m_json)
            streams.out << toJsonText(toJson(judging, judgement, run.progress()));
        else
            streams.out << linesOf(judging, judgement, run.progress());
        return codeOf(run, streams);
    }

    /// Written before anything is sent.
    [[nodiscard]] static Result<void> begin(JudgeTask& task, EvidenceStore& store)
    {
        if (auto checked = checkTasting(task.sheet); !checked)
            return checked;
        auto stored = std::make_shared<StoredTasting>();
        stored->number = task.tasting = newTicket();
        stored->sheetJson = toCompactJsonText(toJson(task.sheet));
        stored->begunAtMs = systemClock().unixMs();
        store.background().writer().put(TastingBegun{task.run, std::move(stored)});
        return store.settle();
    }

    [[nodiscard]] static int codeOf(const JudgeRun& run, const Streams& streams)
    {
        if (!run.lastFailure().empty())
            streams.err << run.judging().plan.judge.value << ": " << run.lastFailure() << '\n';
        if (run.capReached()) {
            streams.err << toString(*run.capReached())
                        << " What was said is kept; the same again with a higher cap goes on.\n";
            return kCapReached;
        }
        return run.progress().said < run.progress().total ? kFailed : kDone;
    }

    std::string m_run;
    std::string m_evidence;
    std::string m_judge;
    std::string m_policy = "sample";
    std::string m_key;
    std::vector<std::string> m_allowedKeys;
    JudgeChoices m_choices;
    int m_inFlightHere = LabPlan().inFlightHere;
    CapOptions m_caps;
    bool m_estimate = false;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> makeJudgeCommand()
{
    return std::make_unique<JudgeCommand>();
}

} // namespace signalbox::cli
