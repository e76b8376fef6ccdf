// SPDX-License-Identifier: GPL-3.0-or-later
#include "cap_options.h"
#include "command.h"
#include "forecast_lines.h"
#include "inputs.h"
#include "lab_report.h"
#include "listening.h"
#include "price_lines.h"
#include "route_report.h"
#include "variant_option.h"

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/lab/conversation.h>
#include <core/lab/lab_run.h>
#include <core/lab/list_prices.h>
#include <core/lab/policy_column.h>
#include <core/lab/policy_forecast.h>
#include <core/lab/run_forecast.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <ostream>
#include <set>

namespace signalbox::cli {

namespace {

class CompareCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "compare"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Send the same prompts to several models and compare how they answer";
    }

    void declare(CLI::App& app) override
    {
        app.add_option("policy", m_policy, "Policy file with the models, or \"sample\"")
            ->required();
        app.add_option("--models", m_models,
                       "Only these models of the policy (ids, comma separated); \"none\" for none")
            ->delimiter(',');
        app.add_option(
               "--add", m_added,
               "Also a model of an OpenAI-compatible server: MODEL@URL, e.g. "
               "smollm2@http://127.0.0.1:8080/v1; may be repeated. Alone with --models none")
            ->allow_extra_args(false);
        app.add_option("--key", m_key, "Key reference for added models: env:NAME or keychain:NAME");
        app.add_option("--allow-key", m_allowedKeys,
                       "Let a key go to an address: REFERENCE=URL; may be repeated")
            ->allow_extra_args(false);
        app.add_option("--prompts", m_count, "How many prompts of the bundled sample; 0 for all")
            ->check(CLI::Range(0, 10'000))
            ->capture_default_str();
        auto* file =
            app.add_option("--prompts-file", m_promptsFile,
                           "Prompts instead: one a line, parted by blank lines, a table (CSV or "
                           ".xlsx), or JSON objects with \"prompt\"; - for standard input");
        app.add_option("--prompt-template", m_promptTemplate,
                       "What to ask for each row of a table without a column for it, e.g. "
                       "\"Translate {{word}} into {{language}}\"")
            ->needs(file);
        app.add_option("--prompts-format", m_promptsFormat,
                       "How to read them; else it is found out")
            ->needs(file)
            ->check(CLI::IsMember({"lines", "paragraphs", "csv", "jsonLines", "jsonList", "xlsx"}));
        app.add_option("--prompts-sheet", m_promptsSheet,
                       "Sheet of a workbook that has the table; else \"Prompts\", or the first")
            ->needs(file);
        app.add_option("--samples", m_samples, "Answers of each model to each prompt")
            ->check(CLI::Range(1, kMostSamples))
            ->capture_default_str();
        app.add_option("--max-tokens", m_maxTokens, "Longest answer asked for")
            ->capture_default_str();
        app.add_option("--temperature", m_temperature, "Of all models; else each server's own")
            ->check(CLI::Range(0.0, kMostTemperature));
        app.add_option("--seed", m_seed,
                       "Of each model's first answer to a prompt; further samples take the next")
            ->check(CLI::Range(0, kMostSeed));
        app.add_option("--variant", m_variants,
                       "A model asked in another way besides, as a column of its own: "
                       "MODEL:temperature=0,maxTokens=60,seed=7,system=FILE; may be repeated")
            ->take_all();
        app.add_option("--in-flight", m_inFlight, "Calls at once")
            ->check(CLI::Range(1, 256))
            ->capture_default_str();
        app.add_option("--in-flight-here", m_inFlightHere,
                       "Of these, at one server on this computer: a call that waits in its queue "
                       "looks slow")
            ->check(CLI::Range(1, 256))
            ->capture_default_str();
        app.add_flag("--no-retries", m_noRetries,
                     "Take the first failure of a call as its result instead of trying again; what "
                     "servers state of their limits is obeyed all the same");
        auto* evidence =
            app.add_option("--evidence", m_evidence,
                           "Keep every answer in this SQLite file, or in a team's PostgreSQL "
                           "database: postgresql://USER@HOST/DATABASE");
        app.add_option("--resume", m_resume, "Go on with this run of the evidence file")
            ->needs(evidence);
        app.add_flag("--reuse", m_reuse,
                     "Take an answer that the evidence has to exactly the same request instead of "
                     "asking again")
            ->needs(evidence);
        auto* policy = app.add_flag(
            "--policy-column", m_policyColumn,
            "Also answer every prompt as the policy would: its rule decides, and its calls, "
            "budgets and fallbacks are carried out. What is the very call of a model that is "
            "compared is taken from there: it is sent and billed once");
        app.add_flag("--policy-own-calls", m_policyOwnCalls,
                     "Send every call of the policy, also those that a model was sent already")
            ->needs(policy);
        app.add_option("--routes-csv", m_routesCsv,
                       "Write the policy's way to each answer into this file, a table")
            ->needs(policy);
        m_caps.declare(app);
        app.add_flag("--estimate", m_estimate,
                     "Only say what the run would cost and how long it would take; send nothing");
        app.footer("What a run took before --resume counts towards its caps; without new ones it "
                   "keeps those that it had.\nExit codes: 0 done; 1 it failed; 2 used wrongly; 3 "
                   "a cap ended it, and what is answered is compared and kept.");
        app.add_flag("--json", m_json, "Print the comparison for machines");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        const auto document = loadPolicy(m_policy, streams);
        if (!document)
            return report(streams, document.error());
        auto models = modelsOf(*document);
        if (!models)
            return reportWrongUse(streams, models.error());
        const auto providers = makeProviders(m_allowedKeys);
        if (!providers)
            return reportWrongUse(streams, providers.error());
        auto prompts = readPrompts(streams);
        if (!prompts)
            return report(streams, prompts.error());
        const BookInUse prices = priceBookInUse(streams);
        const bool isBookAsked =
            lacksPrice(*models) || (m_policyColumn && lacksPrice(document->models));
        LabPlan plan;
        plan.name = document->name;
        plan.models = withKnownPrices(std::move(*models), *prices.book, presentDay());
        plan.prompts = std::move(*prompts);
        if (const auto added = addVariants(plan); !added)
            return reportWrongUse(streams, added.error());
        if (m_policyColumn) {
            using Calls = PolicyColumn::Calls;
            auto column =
                PolicyColumn::of(withKnownPrices(*document, *prices.book, presentDay()), {},
                                 m_policyOwnCalls ? Calls::Own : Calls::TakeFromColumns);
            if (!column->problem().empty())
                return report(streams, {ErrorCode::InvalidArgument, column->problem(), {}, {}});
            addPolicyColumn(plan, std::move(column));
        }
        plan.samples = m_samples;
        plan.asking = {m_maxTokens, m_temperature, m_seed};
        plan.inFlight = m_inFlight;
        plan.inFlightHere = m_inFlightHere;
        if (m_noRetries)
            plan.retries = 0;
        if (m_reuse)
            plan.reuse = LabPlan::Reuse::ExactRequest;
        std::optional<EvidenceStore> store;
        if (!m_evidence.empty()) {
            auto opened = openEvidence();
            if (!opened)
                return report(streams, opened.error());
            store = std::move(*opened);
        }
        plan.caps = m_caps.caps();
        if (isBookAsked)
            streams.err << lineOf(prices);
        if (m_estimate)
            return estimate(plan, *prices.book, **providers, store ? &*store : nullptr, streams);
        const auto heard = listen(plan, **providers, store ? &*store : nullptr, m_resume, streams);
        if (!heard)
            return report(streams, heard.error());
        const std::vector<Answer>& answers = heard->answers;
        const auto isFromEvidence = [](const Answer& answer) {
            return answer.reused && answer.route.empty();
        };
        if (const auto reused = std::ranges::count_if(answers, isFromEvidence); reused > 0)
            streams.err << reused
                        << " answers to exactly the same requests were in the evidence: they were "
                           "not sent again and cost nothing\n";
        std::vector<PromptId> order; // as the window and a run's report compare them
        std::ranges::transform(plan.prompts, std::back_inserter(order), &LabPrompt::id);
        const Comparison comparison =
            compareAnswers(answers, plan.models, order, turnsBefore(plan.prompts));
        streams.out << (m_json ? comparison.json : comparison.text);
        if (!m_routesCsv.empty()) {
            if (const auto kept = writeFileAtomically(m_routesCsv, routesCsv(answers)); !kept)
                return report(streams, kept.error());
        }
        if (!heard->cap)
            return reportFailures(answers, plan.models, streams);
        streams.err << toString(*heard->cap)
                    << (store ? " Go on with a higher cap and --resume " + heard->run + ".\n"
                              : std::string(" Nothing is kept without --evidence.\n"));
        return kCapReached;
    }

private:
    /// Whether what a model costs is for the price book to say.
    [[nodiscard]] static bool lacksPrice(const std::vector<ModelSpec>& models)
    {
        return std::ranges::any_of(models, [](const ModelSpec& model) { return !model.price; });
    }

    /// After the models that they ask otherwise.
    [[nodiscard]] Result<void> addVariants(LabPlan& plan) const
    {
        for (const std::string& text : m_variants) {
            const auto variant = parseVariant(text);
            if (!variant)
                return Unexpected(variant.error());
            const auto base = std::ranges::find(plan.models, variant->of, &ModelSpec::id);
            if (base == plan.models.end())
                return fail(ErrorCode::InvalidArgument,
                            "a variant is of a model that is not compared", variant->of.value,
                            "name one of the policy's, or add it");
            if (plan.variants.emplace(nameOf(*variant), *variant).second)
                plan.models.push_back(columnOf(*variant, *base));
        }
        return {};
    }

    /// The models of the policy, or those of them that are named, and the added ones.
    [[nodiscard]] Result<std::vector<ModelSpec>> modelsOf(const PolicyDocument& document) const
    {
        std::vector<ModelSpec> models;
        if (m_models.empty())
            models = document.models;
        for (const std::string& id : m_models) {
            if (id == "none" && m_models.size() == 1)
                break;
            const ModelSpec* model = document.findModel(ModelId(id));
            if (!model)
                return fail(ErrorCode::NotFound, "the policy has no model \"" + id + "\"",
                            "--models", "it has " + namesOf(document.models));
            models.push_back(*model);
        }
        for (const std::string& added : m_added) {
            auto model = addedModel(added, m_key, "--add");
            if (!model)
                return Unexpected(model.error());
            models.push_back(std::move(*model));
        }
        if (models.empty() && !m_policyColumn)
            return fail(ErrorCode::InvalidArgument, "there is no model to compare", "--models",
                        "name some, or add one with --add");
        return models;
    }

    /// What the run would take, by what the evidence knows of its models.
    [[nodiscard]] int estimate(const LabPlan& plan, const PriceBook& book,
                               const Providers& providers, EvidenceStore* store,
                               const Streams& streams) const
    {
        LabRun run(plan, providers.registry, store);
        if (!m_resume.empty()) {
            if (const auto taken = run.resumeFrom(RunId(m_resume)); !taken)
                return report(streams, taken.error());
        }
        std::vector<Answer> known;
        if (store) {
            auto all = store->allAnswers();
            if (!all)
                return report(streams, all.error());
            known = std::move(*all);
        }
        const std::vector<CellId> cells = run.waiting();
        std::set<CellId> reused;
        if (m_reuse) {
            const auto found = run.reusable(cells);
            if (!found)
                return report(streams, found.error());
            reused.insert(found->begin(), found->end());
        }
        const CallsToForecast sent = callsToForecast(run, plan, cells, book, presentDay());
        const AnswerHistory history(known, sent.plan.models);
        const PromptTokens counted = promptTokensOf(plan.prompts);
        const RunForecast forecast = forecastOf({sent.plan,
                                                 sent.calls,
                                                 std::move(reused),
                                                 history,
                                                 counted,
                                                 book,
                                                 presentDay(),
                                                 {},
                                                 providers.services.simulator->speed(),
                                                 sent.perhaps});
        streams.out << (m_json ? toJsonText(toJson(forecast)) : linesOf(forecast));
        return kDone;
    }

    [[nodiscard]] Result<EvidenceStore> openEvidence() const
    {
        const auto address = parseStoreAddress(m_evidence);
        if (!address)
            return Unexpected(address.error());
        if (!m_resume.empty() || m_estimate) {
            // A mistyped path holds no run to go on with and no answers, and is not to become a
            // file.
            if (const auto there = EvidenceStore::openExisting(*address); !there)
                return Unexpected(there.error());
        }
        return EvidenceStore::open(*address);
    }

    static std::string namesOf(const std::vector<ModelSpec>& models)
    {
        std::string names;
        for (const ModelSpec& model : models)
            names += (names.empty() ? "" : ", ") + model.id.value;
        return names.empty() ? "none" : names;
    }

    [[nodiscard]] static std::optional<PromptFormat> formatNamed(const std::string& name)
    {
        for (const PromptFormat format :
             {PromptFormat::Lines, PromptFormat::Paragraphs, PromptFormat::Csv,
              PromptFormat::JsonLines, PromptFormat::JsonList, PromptFormat::Xlsx}) {
            if (nameOf(format) == name)
                return format;
        }
        return std::nullopt;
    }

    [[nodiscard]] Result<std::vector<LabPrompt>> readPrompts(const Streams& streams) const
    {
        if (m_promptsFile.empty())
            return samplePrompts(static_cast<std::size_t>(m_count));
        const auto text = readInput(m_promptsFile, streams);
        if (!text)
            return Unexpected(text.error());
        PromptReadOptions options;
        options.promptTemplate = m_promptTemplate;
        options.sheet = m_promptsSheet;
        options.file = m_promptsFile;
        auto import = promptsOf(*text, options, formatNamed(m_promptsFormat));
        if (!import) {
            Error error = import.error();
            error.where = m_promptsFile + (error.where.empty() ? "" : ": " + error.where);
            return Unexpected(std::move(error));
        }
        const std::size_t count = import->prompts.size();
        streams.err << count << (count == 1 ? " prompt" : " prompts") << ", read as "
                    << nameOf(import->format) << '\n';
        for (const std::string& note : import->report.notes())
            streams.err << m_promptsFile << ": " << note << '\n';
        if (import->repeated > 0)
            streams.err << "Left out, as the same words are there already: " << import->repeated
                        << "; --samples asks a prompt several times\n";
        return std::move(import->prompts);
    }

    /// Says of every model that gave no answer at all why, and what to do about it; of the others
    /// names each distinct reason once. A run without the answers of a model that it was asked to
    /// compare has failed.
    static int reportFailures(const std::vector<Answer>& answers,
                              const std::vector<ModelSpec>& models, const Streams& streams)
    {
        bool anyIsSilent = false;
        for (const ModelSpec& model : models) {
            std::vector<const Answer*> asked;
            for (const Answer& answer : answers) {
                if (answer.model == model.id)
                    asked.push_back(&answer);
            }
            const auto failed = std::ranges::count_if(asked, hasFailed);
            const bool isSilent = failed > 0 && failed == std::ssize(asked);
            anyIsSilent = anyIsSilent || isSilent;
            if (isSilent)
                reportSilence(*asked.front(), asked.size(), streams);
            else
                reportReasons(asked, streams);
        }
        return anyIsSilent || std::ranges::none_of(answers, isUsable) ? kFailed : kDone;
    }

    static bool isUsable(const Answer& answer)
    {
        return answer.state == AnswerState::Done || answer.state == AnswerState::Truncated;
    }

    /// A model that declines has answered, in its way.
    static bool hasFailed(const Answer* answer)
    {
        return !isUsable(*answer) && answer->state != AnswerState::Refused;
    }

    /// The failure says itself what would help.
    static void reportSilence(const Answer& first, std::size_t asked, const Streams& streams)
    {
        streams.err << first.model.value << " gave no answer to "
                    << (asked == 1 ? std::string("the only call")
                                   : "any of " + std::to_string(asked) + " calls")
                    << ": " << (first.failure.empty() ? "no reason is known." : first.failure)
                    << " Mend that, or leave the model out.\n";
    }

    static void reportReasons(const std::vector<const Answer*>& asked, const Streams& streams)
    {
        constexpr std::size_t kMostReasons = 10;
        std::vector<std::string> reasons;
        for (const Answer* answer : asked) {
            if (answer->failure.empty() || reasons.size() == kMostReasons ||
                std::ranges::count(reasons, answer->failure) > 0)
                continue;
            reasons.push_back(answer->failure);
            streams.err << answer->model.value << ": " << answer->failure << '\n';
        }
    }

    std::string m_policy;
    std::vector<std::string> m_models;
    std::vector<std::string> m_added;
    std::vector<std::string> m_allowedKeys;
    std::string m_key;
    std::string m_promptsFile;
    std::string m_promptTemplate;
    std::string m_promptsFormat;
    std::string m_promptsSheet;
    std::string m_evidence;
    std::string m_resume;
    int m_count = 60;
    int m_samples = 1;
    int m_maxTokens = 512;
    std::optional<double> m_temperature;
    std::optional<int> m_seed;
    std::vector<std::string> m_variants;
    int m_inFlight = LabPlan().inFlight;
    int m_inFlightHere = LabPlan().inFlightHere;
    CapOptions m_caps;
    bool m_estimate = false;
    bool m_reuse = false;
    bool m_noRetries = false;
    bool m_policyColumn = false;
    bool m_policyOwnCalls = false;
    std::string m_routesCsv;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> makeCompareCommand()
{
    return std::make_unique<CompareCommand>();
}

} // namespace signalbox::cli
