// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"
#include "lab_report.h"

#include <core/base/clock.h>
#include <core/evidence/evidence_store.h>
#include <core/lab/answer_import.h>
#include <core/lab/conversation.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <utility>

namespace signalbox::cli {

namespace {

class MeasureCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "measure"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Compare answers that were recorded elsewhere; nobody is asked";
    }

    void declare(CLI::App& app) override
    {
        app.add_option(
               "files", m_files,
               "Answers: JSON lines, a table (CSV or .xlsx), the results of promptfoo, or a "
               "report of Signalbox; - for standard input")
            ->required();
        app.add_option("--model", m_model, "Who wrote the answers that name no model");
        app.add_option("--evidence", m_evidence,
                       "Keep them in this SQLite file, or in a team's PostgreSQL database: "
                       "postgresql://USER@HOST/DATABASE");
        app.add_flag("--json", m_json, "Print the comparison for machines");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        std::vector<Answer> answers;
        std::vector<ModelSpec> models;
        std::vector<PromptId> prompts; // as they stand in the files
        TurnsBefore turns;
        std::vector<AnswerImport> imports;
        for (const std::string& file : m_files) {
            auto import = read(file, streams);
            if (!import)
                return report(streams, import.error());
            imports.push_back(std::move(*import));
        }
        // All or none: a file that cannot be read leaves no half of the others in the store.
        if (const auto kept = keep(imports, streams); !kept)
            return report(streams, kept.error());
        SamplePlaces places; // two files may have an answer of one model to one prompt each
        for (std::size_t i = 0; i < imports.size(); ++i) {
            const LabPlan plan = planOf(imports[i], nameOf(m_files[i]));
            std::ranges::copy_if(plan.models, std::back_inserter(models), [&](const auto& model) {
                return std::ranges::find(models, model.id, &ModelSpec::id) == models.end();
            });
            std::ranges::transform(plan.prompts, std::back_inserter(prompts), &LabPrompt::id);
            turns.merge(turnsBefore(plan.prompts));
            for (Answer& answer : imports[i].answers) {
                answer.sample = places.take(answer.prompt, answer.model, answer.sample);
                answers.push_back(std::move(answer));
            }
        }
        const Comparison comparison = compareAnswers(answers, models, prompts, turns);
        streams.out << (m_json ? comparison.json : comparison.text);
        return kDone;
    }

private:
    [[nodiscard]] static std::string nameOf(const std::string& file)
    {
        return file == "-" ? "standard input" : std::filesystem::path(file).filename().string();
    }

    /// What cannot be read is told and left out: nothing is spent on the rest.
    [[nodiscard]] Result<AnswerImport> read(const std::string& file, const Streams& streams) const
    {
        const auto bytes = readInput(file, streams);
        if (!bytes)
            return Unexpected(bytes.error());
        AnswerReadOptions options;
        options.name = nameOf(file);
        options.model = m_model;
        options.recordedAtMs = systemClock().unixMs();
        auto import = importAnswers(*bytes, options);
        if (!import) {
            Error error = import.error();
            error.where = file + (error.where.empty() ? "" : ": " + error.where);
            return Unexpected(std::move(error));
        }
        const ImportReport& told = import->report;
        if (told.refusedCount() > 0)
            streams.err << file << ": " << told.refusedCount() << " left out: " << refusedText(told)
                        << '\n';
        for (const std::string& note : told.notes())
            streams.err << file << ": " << note << '\n';
        return import;
    }

    [[nodiscard]] Result<void> keep(const std::vector<AnswerImport>& imports,
                                    const Streams& streams) const
    {
        if (m_evidence.empty())
            return {};
        const auto address = parseStoreAddress(m_evidence);
        if (!address)
            return Unexpected(address.error());
        auto store = EvidenceStore::open(*address);
        if (!store)
            return Unexpected(store.error());
        for (std::size_t i = 0; i < imports.size(); ++i) {
            const auto run = keepAnswers(*store, imports[i], nameOf(m_files[i]));
            if (!run)
                return Unexpected(run.error());
            streams.err << m_files[i] << ": kept as run " << run->value << '\n';
        }
        return {};
    }

    std::vector<std::string> m_files;
    std::string m_model;
    std::string m_evidence;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> makeMeasureCommand()
{
    return std::make_unique<MeasureCommand>();
}

} // namespace signalbox::cli
