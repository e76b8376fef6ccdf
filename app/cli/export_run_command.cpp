// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"

#include <core/base/clock.h>
#include <core/base/files.h>
#include <core/evidence/evidence_store.h>
#include <core/lab/run_export.h>
#include <core/report/report_figures.h>
#include <core/sample/support_desk.h>

#include <CLI/CLI.hpp>

#include <filesystem>
#include <ostream>
#include <vector>

namespace signalbox::cli {

namespace {

class ExportRunCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "export-run"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Write a run with its answers as a page, a workbook, a table or JSON lines";
    }

    void declare(CLI::App& app) override
    {
        app.add_option("run", m_run, "Id of the run; else the latest");
        app.add_option("--evidence", m_evidence,
                       "SQLite file with the run, or a team's PostgreSQL database: "
                       "postgresql://USER@HOST/DATABASE")
            ->required();
        std::vector<std::string> names;
        for (const RunFormat format : kRunFormats)
            names.emplace_back(nameOf(format));
        app.add_option("--format", m_format,
                       "html: one page that needs nothing else; xlsx: a workbook; csv: the answers "
                       "as a table; jsonl: as JSON lines. Else as the file is called")
            ->check(CLI::IsMember(names));
        app.add_option("--out", m_out, "File to write; else standard output");
        app.add_flag("--no-measures", m_noMeasures,
                     "Leave out how noticeable a change of the model is, which takes a while");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        const auto format = formatOf();
        if (!format)
            return reportWrongUse(streams, format.error());
        const auto bytes = write(*format);
        if (!bytes)
            return report(streams, bytes.error());
        if (m_out.empty()) {
            streams.out << *bytes;
            return kDone;
        }
        if (const auto written = writeFileAtomically(m_out, *bytes); !written)
            return report(streams, written.error());
        streams.err << m_told << " written to " << m_out << '\n';
        return kDone;
    }

private:
    [[nodiscard]] Result<RunFormat> formatOf() const
    {
        std::string name = m_format;
        if (name.empty() && std::filesystem::path(m_out).has_extension())
            name = std::filesystem::path(m_out).extension().string().substr(1);
        if (name == "pdf")
            return fail(ErrorCode::InvalidArgument, "a PDF is not written here", "--out",
                        "pages for paper come from the window: Voices, then Export. Here say html, "
                        "xlsx, csv or jsonl");
        const auto format = runFormatNamed(name);
        if (!format)
            return fail(ErrorCode::InvalidArgument, "the format is not known", "--format",
                        "say html, xlsx, csv or jsonl, or give --out a file called so");
        return *format;
    }

    [[nodiscard]] Result<std::string> write(RunFormat format)
    {
        const auto address = parseStoreAddress(m_evidence);
        if (!address)
            return Unexpected(address.error());
        const auto store = EvidenceStore::openExisting(*address);
        if (!store)
            return Unexpected(store.error());
        const auto id = chosenRun(*store);
        if (!id)
            return Unexpected(id.error());
        auto run = reportOfRun(*store, *id, supportDeskPrompts());
        if (!run)
            return Unexpected(run.error());
        run->writtenAtMs = systemClock().unixMs();
        const bool isForPeople = format == RunFormat::Html || format == RunFormat::Xlsx;
        if (isForPeople && !m_noMeasures)
            run->voices = measuredVoices(*run);
        m_told = answersText(run->answers) + " of run " + run->runId;
        return toFile(*run, format);
    }

    [[nodiscard]] Result<RunId> chosenRun(const EvidenceStore& store) const
    {
        if (!m_run.empty())
            return RunId(m_run);
        const auto runs = store.runs();
        if (!runs)
            return Unexpected(runs.error());
        if (runs->empty())
            return fail(ErrorCode::NotFound, "no run was recorded in this store", m_evidence);
        return runs->front().id;
    }

    std::string m_run;
    std::string m_evidence;
    std::string m_format;
    std::string m_out;
    std::string m_told;
    bool m_noMeasures = false;
};

} // namespace

std::unique_ptr<Command> makeExportRunCommand()
{
    return std::make_unique<ExportRunCommand>();
}

} // namespace signalbox::cli
