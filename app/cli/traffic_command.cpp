// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"
#include "long_work.h"
#include "traffic_lines.h"
#include "traffic_segment.h"

#include <core/base/files.h>
#include <core/base/mapped_file.h>
#include <core/base/utf8.h>
#include <core/projection/kept_signals.h>
#include <core/projection/number_text.h>
#include <core/traffic/log_detector.h>
#include <core/traffic/traffic_file.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace signalbox::cli {

namespace {

constexpr auto kAsideSuffix = ".aside.jsonl";
constexpr std::size_t kLongBytes = std::size_t{64} << 20; ///< of logs: what is read is told

Result<LogMapping> loadMapping(const std::string& source, const Streams& streams)
{
    const auto text = readInput(source, streams);
    if (!text)
        return Unexpected(text.error());
    const auto json = parseJson(*text);
    auto mapping = json ? logMappingFromJson(*json) : Result<LogMapping>(Unexpected(json.error()));
    if (!mapping) {
        Error error = mapping.error();
        error.where = source + (error.where.empty() ? "" : ": " + error.where);
        return Unexpected(std::move(error));
    }
    return mapping;
}

/// "order=ORD-[0-9]+": what it is, and what it looks like.
Result<std::vector<RedactionPattern>> patternsOf(const std::vector<std::string>& texts)
{
    std::vector<RedactionPattern> patterns;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            return fail(ErrorCode::InvalidArgument, "a pattern is KIND=EXPRESSION", "--pattern",
                        "for example --pattern order=ORD-[0-9]+");
        patterns.push_back({text.substr(0, equals), text.substr(equals + 1)});
    }
    return patterns;
}

Result<TextRedactor> redactorOf(const std::vector<std::string>& patterns)
{
    const auto own = patternsOf(patterns);
    return own ? TextRedactor::make(*own) : Result<TextRedactor>(Unexpected(own.error()));
}

class TrafficCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "traffic"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Import routers' logs into a table of requests, describe and divide it, redact logs";
    }

    void declare(CLI::App& app) override
    {
        app.require_subcommand(1);
        declareImport(app);
        m_describe = app.add_subcommand("describe", "Check a table and say what is in it");
        m_describe->add_option("table", m_table, "A table of \"traffic import\"")->required();
        m_describe->footer("Exit codes: 0 the table is whole; 1 it is not, or it cannot be read; "
                           "2 used wrongly.");
        m_segment.declare(app);
        m_redact = app.add_subcommand(
            "redact", "Write a log anew without e-mail addresses, phone numbers, cards and keys");
        m_redact->add_option("log", m_redacted, "A log of JSON lines or a table with a header")
            ->required();
        m_redact->add_option("--out", m_out, "Where to write it")->required();
        for (CLI::App* sub : {m_import, m_redact})
            sub->add_option("--pattern", m_patterns,
                            "Something else to take out, as KIND=EXPRESSION, e.g. "
                            "order=ORD-[0-9]+; may be given several times")
                ->expected(1)
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        for (CLI::App* sub : {m_import, m_describe, m_redact})
            sub->add_flag("--json", m_json, "Print the result for machines");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        if (m_import->parsed())
            return m_showsMapping ? showMapping(streams) : import(streams);
        if (m_segment.isParsed())
            return m_segment.run(streams);
        return m_describe->parsed() ? describe(streams) : redact(streams);
    }

private:
    void declareImport(CLI::App& app)
    {
        m_import = app.add_subcommand("import", "Make a table of one log or several");
        m_import
            ->add_option("logs", m_logs,
                         "Logs: JSON lines or tables with a header, of LiteLLM, Portkey, Bifrost, "
                         "Cloudflare, Langfuse, OpenTelemetry, OpenInference, OpenAI's format or "
                         "one's own; feedback may be in a log of its own")
            ->required();
        CLI::Option* const out = m_import->add_option(
            "--out", m_out, "The table; lines that cannot be read are kept beside it");
        m_import->add_option("--mapping", m_mapping,
                             "What the fields of the logs are, as JSON; without it the logs are "
                             "recognised");
        m_import
            ->add_flag("--show-mapping", m_showsMapping,
                       "Print what was understood of the first log, to change it and give it back "
                       "with --mapping; nothing is imported")
            ->excludes(out);
        m_import->add_flag("--unredacted", m_keepsTexts,
                           "Keep e-mail addresses, phone numbers, cards and keys, which are taken "
                           "out otherwise");
        CLI::Option* const without = m_import->add_flag(
            "--without-prompts", m_leavesOutPrompts,
            "Leave prompts and answers out once the signals of --policy are read from them");
        m_import
            ->add_option("--policy", m_policy,
                         "Whose signals to keep: a policy file, or \"sample\"")
            ->needs(without);
        m_import->footer("Exit codes: 0 the table was written, also if some lines could not be "
                         "read; 1 it was not; 2 used wrongly.");
    }

    int showMapping(const Streams& streams) const
    {
        const auto file = MappedFile::open(m_logs.front());
        if (!file)
            return report(streams, file.error());
        const LogDetection found = detectLog((*file)->bytes());
        if (found.guesses.empty())
            return report(streams,
                          {ErrorCode::ParseError, "no line of it can be read", m_logs.front(), {}});
        const LogGuess& guess = found.guesses.front();
        streams.err << m_logs.front() << ": " << guess.why << '\n';
        for (const std::string& path : guess.leftOver)
            streams.err << "  not read: " << toValidUtf8(path) << '\n';
        streams.out << toJsonText(toJson(guess.mapping));
        return kDone;
    }

    int import(const Streams& streams) const
    {
        if (m_out.empty())
            return reportWrongUse(
                streams,
                {ErrorCode::InvalidArgument, "it is not said where the table goes", "--out", {}});
        TrafficImportOptions options;
        if (!m_mapping.empty()) {
            auto mapping = loadMapping(m_mapping, streams);
            if (!mapping)
                return report(streams, mapping.error());
            options.mapping = std::move(*mapping);
        }
        if (m_keepsTexts && !m_patterns.empty())
            return reportWrongUse(streams, {ErrorCode::InvalidArgument,
                                            "a pattern says what to take out, and nothing is to be",
                                            "--unredacted", "leave out one of the two"});
        const auto redactor = redactorOf(m_patterns);
        if (!redactor)
            return reportWrongUse(streams, redactor.error());
        if (!m_keepsTexts)
            options.redactor = &*redactor;
        const std::filesystem::path folder = std::filesystem::path(m_out).parent_path();
        options.scratchFolder = folder.empty() ? std::filesystem::path(".") : folder;
        const StopRequest stop;
        options.stop = stop.flag();
        TenthsOfWork read(streams, "the logs read");
        options.progress = [&read](const LogProgress& done) {
            if (done.bytesInAll >= kLongBytes)
                read.tell(done.bytesRead, done.bytesInAll, countText(done.rows) + " requests");
        };
        auto imported = importTraffic({m_logs.begin(), m_logs.end()}, options);
        if (!imported)
            return report(streams, imported.error());
        ImportOutcome outcome;
        outcome.import = std::move(*imported);
        if (const auto done = finish(outcome, options, streams); !done)
            return report(streams, done.error());
        if (m_json)
            streams.out << toJsonText(importJson(outcome));
        else
            streams.out << importLines(outcome);
        return kDone;
    }

    Result<void> finish(ImportOutcome& outcome, const TrafficImportOptions& options,
                        const Streams& streams) const
    {
        auto table = std::make_shared<Traffic>(std::move(outcome.import.traffic));
        if (m_leavesOutPrompts) {
            auto kept = keepSignals(table, outcome, streams);
            if (!kept)
                return Unexpected(kept.error());
            *table = std::move(*kept);
        }
        outcome.summary = summaryOf(*table);
        TrafficSaveOptions saving;
        saving.stop = options.stop;
        if (auto saved = saveTraffic(*table, m_out, saving); !saved)
            return saved;
        outcome.table = m_out;
        std::error_code ignored;
        outcome.bytes = std::filesystem::file_size(m_out, ignored);
        AsideOptions aside;
        aside.redactor = options.redactor;
        if (m_leavesOutPrompts)
            aside.texts = AsideOptions::Texts::LeaveOut;
        const auto lines = writeAside(outcome.import.logs, m_out + kAsideSuffix, aside);
        if (!lines)
            return Unexpected(lines.error());
        outcome.linesAside = *lines;
        if (*lines > 0)
            outcome.aside = m_out + kAsideSuffix;
        return {};
    }

    Result<Traffic> keepSignals(const std::shared_ptr<const Traffic>& table, ImportOutcome& outcome,
                                const Streams& streams) const
    {
        outcome.promptsLeftOut = true;
        if (m_policy.empty())
            return withoutPrompts(table, nullptr);
        const auto policy = loadPolicy(m_policy, streams);
        if (!policy)
            return Unexpected(policy.error());
        auto styles = loadStyles(*policy, m_policy, {});
        if (!styles)
            return Unexpected(styles.error());
        outcome.keptSignals = signalsThatReadPrompts(*policy);
        return withoutPrompts(table, &*policy, *styles);
    }

    int describe(const Streams& streams) const
    {
        const auto file = TrafficFile::open(m_table);
        if (!file)
            return report(streams, file.error());
        if (const auto checked = file->verify(); !checked)
            return report(streams, checked.error());
        const Traffic& traffic = *file->traffic();
        const TrafficSummary summary = summaryOf(traffic);
        if (m_json)
            streams.out << toJsonText(summaryJson(traffic, summary, file->bytes()));
        else
            streams.out << summaryLines(traffic, summary, file->bytes());
        return kDone;
    }

    int redact(const Streams& streams) const
    {
        const auto redactor = redactorOf(m_patterns);
        if (!redactor)
            return reportWrongUse(streams, redactor.error());
        const auto log = MappedFile::open(m_redacted);
        if (!log)
            return report(streams, log.error());
        auto out = AtomicFile::create(m_out);
        if (!out)
            return report(streams, out.error());
        const auto redaction =
            redactLog((*log)->bytes(), *redactor,
                      [&out](std::string_view lines) { return out->append(lines); });
        if (!redaction)
            return report(streams, redaction.error());
        if (const auto done = out->commit(); !done)
            return report(streams, done.error());
        if (m_json)
            streams.out << toJsonText(redactionJson(*redaction, m_out));
        else
            streams.out << redactionLines(*redaction, m_out);
        return kDone;
    }

    CLI::App* m_import = nullptr;
    CLI::App* m_describe = nullptr;
    CLI::App* m_redact = nullptr;
    TrafficSegment m_segment;
    std::vector<std::string> m_logs;
    std::vector<std::string> m_patterns;
    std::string m_out;
    std::string m_mapping;
    std::string m_policy;
    std::string m_table;
    std::string m_redacted;
    bool m_showsMapping = false;
    bool m_keepsTexts = false;
    bool m_leavesOutPrompts = false;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> makeTrafficCommand()
{
    return std::make_unique<TrafficCommand>();
}

} // namespace signalbox::cli
