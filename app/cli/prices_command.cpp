// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"
#include "price_lines.h"

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/evidence/evidence_store.h>
#include <core/lab/repricing.h>
#include <core/prices/price_book_json.h>
#include <core/prices/price_diff.h>
#include <core/prices/price_doubts.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <ostream>

namespace signalbox::cli {

namespace {

constexpr auto kBundled = "bundled";
constexpr auto kInUse = "current";
constexpr auto kLatest = "latest";
constexpr auto kBookHelp =
    "A price book, - for standard input, \"bundled\" for the program's, or \"current\": that with "
    "the updates accepted in the window";

/// What was read of a book, or why its file could not be.
Result<PriceBookReading> readBook(const std::string& source, const Streams& streams)
{
    if (source == kBundled)
        return PriceBookReading{bundledPriceBook(), {}};
    if (source == kInUse)
        return PriceBookReading{*priceBookInUse(streams).book, {}};
    const auto text = readInput(source, streams, kPriceBookJsonLimits.bytes);
    if (!text)
        return Unexpected(text.error());
    return readPriceBookText(*text);
}

Result<PriceBook> loadBook(const std::string& source, const Streams& streams)
{
    auto reading = readBook(source, streams);
    if (!reading)
        return Unexpected(reading.error());
    if (!reading->problems.empty()) {
        Error error = reading->problems.front();
        error.where = source + (error.where.empty() ? "" : ": " + error.where);
        return Unexpected(std::move(error));
    }
    return std::move(reading->book);
}

std::string usdText(const std::optional<Money>& sum, std::size_t unknown)
{
    std::string text = sum ? "$" + toDecimalUsd(*sum) : std::string("unknown");
    if (sum && unknown > 0)
        text += " and " + std::to_string(unknown) + " unknown";
    return text;
}

std::string repricingLines(const Repricer& repricer, const std::string& run)
{
    std::string text = "What run " + run + " would cost at the prices of book " + repricer.name() +
                       ", beside what was recorded when it was sent, which stays as it is.\n"
                       "Per model, in USD for all of its answers:\n";
    for (const RepricedModel& model : repricer.models()) {
        text += "  " + model.model.value + ": " + std::to_string(model.answers) +
                (model.answers == 1 ? " answer" : " answers") + ", recorded " +
                usdText(model.recorded, model.unknownBefore) + ", now " +
                usdText(model.now, model.unknownNow);
        text +=
            model.changed == 0 ? ", the same" : ", " + std::to_string(model.changed) + " changed";
        if (!model.from.empty())
            text += "; prices of " + model.from;
        if (!model.reason.empty())
            text += "; " + model.reason;
        text += '\n';
    }
    return text;
}

Json repricingJson(const Repricer& repricer, const RunId& run)
{
    const auto usd = [](const std::optional<Money>& sum) {
        return sum ? Json(sum->usd()) : Json(nullptr);
    };
    Json json = {{"run", run.value}, {"pricing", repricer.name()}};
    json["models"] = Json::array();
    for (const RepricedModel& model : repricer.models())
        json["models"].push_back({{"model", model.model.value},
                                  {"answers", model.answers},
                                  {"recordedUsd", usd(model.recorded)},
                                  {"recordedUnknown", model.unknownBefore},
                                  {"nowUsd", usd(model.now)},
                                  {"nowUnknown", model.unknownNow},
                                  {"changed", model.changed},
                                  {"prices", model.from},
                                  {"whyUnknown", model.reason}});
    return json;
}

class PricesCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "prices"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Show, check and update price books: what models cost, with its date";
    }

    void declare(CLI::App& app) override
    {
        app.require_subcommand(1);
        m_show = app.add_subcommand("show", "Print the prices of a day");
        m_show->add_option("book", m_book, kBookHelp)->capture_default_str();
        m_show->add_option("--model", m_model, "Only models whose name has this in it");
        m_check = app.add_subcommand("check", "Read a book and say what is wrong or hardly right");
        m_check->add_option("book", m_book, kBookHelp)->required();
        m_check->add_option("--against", m_against,
                            "An earlier book: prices that differ by more than ten times are "
                            "doubtful");
        m_check->footer("Exit codes: 0 the book is whole and nothing in it is doubtful; 1 not so, "
                        "or it cannot be read; 2 used wrongly.");
        m_diff =
            app.add_subcommand("diff", "Say what an update changes, and take what is accepted");
        m_diff
            ->add_option("before", m_against, "The book that is there, \"bundled\" or \"current\"")
            ->required();
        m_diff->add_option("after", m_book, "The update")->required();
        m_diff->add_option(
            "--accept", m_accepted,
            "A line of the update to take, e.g. openai/gpt-5, or \"all\"; with --out");
        m_diff->add_option("--out", m_out, "Where to write the book with what was accepted");
        m_diff->footer("Exit codes: 0 the books have the same prices, or the book was written; 1 "
                       "they differ, or one cannot be read; 2 used wrongly.");
        m_reprice = app.add_subcommand(
            "reprice", "Say what a run of the evidence costs at a book's prices, beside what was "
                       "recorded, which stays");
        m_reprice->add_option("run", m_run, "The run's id, or \"latest\"")->capture_default_str();
        m_reprice
            ->add_option("--evidence", m_evidence,
                         "The SQLite file with the run, or postgresql://USER@HOST/DATABASE")
            ->required();
        m_reprice->add_option("--book", m_book, kBookHelp)->capture_default_str();
        m_reprice->add_option("--policy", m_policy,
                              "A policy whose own prices count where the book has none");
        m_reprice->footer("The prices of a day count, of today without --on. The result is kept in "
                          "the evidence beside what was recorded.");
        for (CLI::App* sub : {m_show, m_check, m_diff, m_reprice}) {
            sub->add_flag("--json", m_json, "Print everything for machines");
            if (sub != m_diff)
                sub->add_option("--on", m_today, "The day to look at it, like 2026-08-01; today");
        }
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        const auto today = parseDay(m_today.empty() ? isoNow().substr(0, 10) : m_today);
        if (!today)
            return reportWrongUse(streams, Error{ErrorCode::InvalidArgument,
                                                 "there is no day \"" + m_today + '"', "--on",
                                                 "write it like 2026-08-01"});
        if (m_show->parsed())
            return show(streams, *today);
        if (m_reprice->parsed())
            return reprice(streams, *today);
        return m_check->parsed() ? check(streams, *today) : diff(streams);
    }

private:
    [[nodiscard]] int show(const Streams& streams, Day today) const
    {
        auto book = loadBook(m_book, streams);
        if (!book)
            return report(streams, book.error());
        std::erase_if(book->models, [this](const ModelPrices& prices) {
            return prices.key().find(m_model) == std::string::npos;
        });
        if (m_json) {
            Json json = signalbox::toJson(*book);
            json["ageDays"] = ageInDays(book->asOf, today);
            json["age"] = std::string(nameOf(priceAge(book->asOf, today)));
            streams.out << toJsonText(json);
        } else {
            streams.out << "Price book " << book->version << ' ' << ageText(book->asOf, today)
                        << "; prices of " << toText(today) << " in USD per million tokens.\n";
            for (const ModelPrices& prices : book->models)
                streams.out << lineOf(prices, today) << '\n';
        }
        if (book->models.empty()) {
            streams.err << "The book has no model whose name has \"" << m_model << "\" in it.\n";
            return kFailed;
        }
        return kDone;
    }

    [[nodiscard]] int reprice(const Streams& streams, Day today) const
    {
        const auto book = loadBook(m_book, streams);
        if (!book)
            return report(streams, book.error());
        std::vector<ModelSpec> models;
        if (!m_policy.empty()) {
            auto policy = loadPolicy(m_policy, streams);
            if (!policy)
                return report(streams, policy.error());
            models = std::move(policy->models);
        }
        const auto address = parseStoreAddress(m_evidence);
        if (!address)
            return reportWrongUse(streams, address.error());
        // A mistyped path holds no run, and is not to become a file.
        if (const auto there = EvidenceStore::openExisting(*address); !there)
            return report(streams, there.error());
        auto store = EvidenceStore::open(*address);
        if (!store)
            return report(streams, store.error());
        const auto run = runNamed(*store);
        if (!run)
            return report(streams, run.error());
        const auto draft = store->draft(*run);
        if (!draft)
            return report(streams, draft.error());
        const std::int64_t momentMs =
            std::chrono::duration_cast<std::chrono::milliseconds>(today.time_since_epoch()).count();
        Repricer repricer(*draft, *book, momentMs, std::move(models));
        const auto pricing = store->reprice(*run, repricer.name(), [&](const PricedUsage& usage) {
            return repricer.priceOf(usage);
        });
        if (!pricing)
            return report(streams, pricing.error());
        streams.out << (m_json ? toJsonText(repricingJson(repricer, *run))
                               : repricingLines(repricer, run->value));
        const auto repriced = repricer.models();
        return std::ranges::any_of(repriced,
                                   [](const auto& model) { return model.now.has_value(); })
                   ? kDone
                   : kFailed;
    }

    [[nodiscard]] Result<RunId> runNamed(const EvidenceStore& store) const
    {
        if (m_run != kLatest) {
            const auto found = store.run(RunId(m_run));
            return found ? Result<RunId>(found->id) : Unexpected(found.error());
        }
        const auto runs = store.runs();
        if (!runs)
            return Unexpected(runs.error());
        if (runs->empty())
            return fail(ErrorCode::NotFound, "there is no run in this evidence", m_evidence);
        return runs->front().id;
    }

    /// What is wrong or doubtful about one entry.
    struct Finding
    {
        std::string key;
        PriceDoubt doubt;
        std::string confirmed; ///< why it is right all the same; empty: nobody has said so
    };

    [[nodiscard]] static std::vector<Finding> findingsOf(const PriceBook& book,
                                                         const PriceBook* before)
    {
        std::vector<Finding> findings;
        for (const ModelPrices& prices : book.models) {
            for (const PriceDoubt& doubt : doubtsOf(prices))
                findings.push_back({prices.key(), doubt, prices.confirmed});
        }
        if (!before)
            return findings;
        for (const EntryUpdate& update : diffBooks(*before, book).entries) {
            for (const PriceDoubt& doubt : update.doubts) {
                const bool isKnown = std::ranges::any_of(findings, [&](const Finding& each) {
                    return each.key == update.key && each.doubt == doubt;
                });
                if (!isKnown)
                    findings.push_back({update.key, doubt, {}});
            }
        }
        return findings;
    }

    [[nodiscard]] int check(const Streams& streams, Day today) const
    {
        const auto reading = readBook(m_book, streams);
        if (!reading)
            return report(streams, reading.error());
        std::optional<PriceBook> before;
        if (!m_against.empty()) {
            auto loaded = loadBook(m_against, streams);
            if (!loaded)
                return report(streams, loaded.error());
            before = std::move(*loaded);
        }
        const auto findings = findingsOf(reading->book, before ? &*before : nullptr);
        if (m_json)
            streams.out << toJsonText(checkJson(*reading, findings, today));
        else
            print(streams.out, *reading, findings, today);
        const bool isDoubtful = std::ranges::any_of(
            findings, [](const Finding& each) { return each.confirmed.empty(); });
        return reading->problems.empty() && !isDoubtful ? kDone : kFailed;
    }

    static Json checkJson(const PriceBookReading& reading, const std::vector<Finding>& findings,
                          Day today)
    {
        Json json = {{"version", reading.book.version}, {"models", reading.book.models.size()}};
        json["problems"] = Json::array();
        for (const Error& problem : reading.problems)
            json["problems"].push_back(
                {{"where", problem.where}, {"message", problem.message}, {"hint", problem.hint}});
        json["doubts"] = Json::array();
        for (const Finding& finding : findings) {
            Json doubt = toJson(finding.doubt);
            doubt["key"] = finding.key;
            doubt["confirmed"] = finding.confirmed;
            json["doubts"].push_back(std::move(doubt));
        }
        if (reading.problems.empty()) {
            json["asOf"] = toText(reading.book.asOf);
            json["ageDays"] = ageInDays(reading.book.asOf, today);
            json["age"] = std::string(nameOf(priceAge(reading.book.asOf, today)));
        }
        return json;
    }

    static void print(std::ostream& out, const PriceBookReading& reading,
                      const std::vector<Finding>& findings, Day today)
    {
        for (const Error& problem : reading.problems)
            out << "wrong     " << toString(problem) << '\n';
        for (const Finding& finding : findings)
            out << (finding.confirmed.empty() ? "doubtful  " : "confirmed ") << finding.key << ' '
                << finding.doubt.where << ": " << finding.doubt.message
                << (finding.confirmed.empty() ? "" : " Confirmed: " + finding.confirmed) << '\n';
        if (reading.problems.empty())
            out << "Price book " << reading.book.version << ' ' << ageText(reading.book.asOf, today)
                << ", " << reading.book.models.size()
                << (reading.book.models.size() == 1 ? " model.\n" : " models.\n");
    }

    [[nodiscard]] int diff(const Streams& streams) const
    {
        if (m_accepted.empty() != m_out.empty())
            return reportWrongUse(streams, Error{ErrorCode::InvalidArgument,
                                                 "what is accepted needs a file, and the file "
                                                 "something that is accepted",
                                                 m_out.empty() ? "--accept" : "--out",
                                                 "add --accept all --out FILE"});
        const auto before = loadBook(m_against, streams);
        if (!before)
            return report(streams, before.error());
        const auto after = loadBook(m_book, streams);
        if (!after)
            return report(streams, after.error());
        const BookDiff diff = diffBooks(*before, *after);
        if (m_json)
            streams.out << toJsonText(toJson(diff));
        else
            print(streams.out, diff);
        if (!m_out.empty())
            return write(diff, streams);
        return diff.isEmpty() ? kDone : kFailed;
    }

    static void print(std::ostream& out, const BookDiff& diff)
    {
        for (const ProviderUpdate& update : diff.providers)
            out << nameOf(update.kind) << ' ' << update.key << '\n';
        for (const EntryUpdate& update : diff.entries)
            out << linesOf(update);
        if (diff.isEmpty())
            out << "The books have the same prices.\n";
        else
            out << diff.entries.size() << (diff.entries.size() == 1 ? " model" : " models")
                << " to accept, " << diff.unchanged << " the same.\n";
    }

    [[nodiscard]] int write(const BookDiff& diff, const Streams& streams) const
    {
        const bool takesAll = m_accepted == std::vector<std::string>{"all"};
        const auto book = applyAccepted(diff, takesAll ? diff.keys() : m_accepted);
        if (!book)
            return report(streams, book.error());
        if (const auto written = writeFileAtomically(m_out, toPriceBookText(*book)); !written)
            return report(streams, written.error());
        streams.err << "Written to " << m_out << " as version " << book->version << ".\n";
        return kDone;
    }

    CLI::App* m_show = nullptr;
    CLI::App* m_check = nullptr;
    CLI::App* m_diff = nullptr;
    CLI::App* m_reprice = nullptr;
    std::string m_run = kLatest;
    std::string m_evidence;
    std::string m_policy;
    std::string m_book = kInUse;
    std::string m_against;
    std::string m_model;
    std::string m_today;
    std::string m_out;
    std::vector<std::string> m_accepted;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> makePricesCommand()
{
    return std::make_unique<PricesCommand>();
}

} // namespace signalbox::cli
