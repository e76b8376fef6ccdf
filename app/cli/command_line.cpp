// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include <core/base/utf8.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <ostream>

namespace signalbox::cli {

int runCommandLine(const std::vector<std::string>& args, const Streams& streams)
{
    CLI::App app(
        "Signalbox decides which language model answers a request, and proves what a policy "
        "costs and how it sounds.\nEvery command takes a policy file, or the word \"sample\" for "
        "the bundled one.",
        "signalbox-cli");
    app.require_subcommand(1);
    app.set_version_flag("--version", SIGNALBOX_VERSION);
    app.footer("Exit codes: 0 done; 1 the work failed, or a check said no; 2 used wrongly; 3 a "
               "cap that was given ended it early.\n"
               "Try: signalbox-cli project sample");
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(makeDecideCommand());
    commands.push_back(makeLintCommand());
    commands.push_back(makeTestCommand());
    commands.push_back(makeCompareCommand());
    commands.push_back(makeJudgeCommand());
    commands.push_back(makeMeasureCommand());
    commands.push_back(makeExportRunCommand());
    commands.push_back(makeTrafficCommand());
    commands.push_back(makeProjectCommand());
    commands.push_back(makeFrontierCommand());
    commands.push_back(makeDiffCommand());
    commands.push_back(makeExportCommand());
    commands.push_back(makePricesCommand());
    commands.push_back(makeSchemaCommand());
    commands.push_back(makeSampleCommand());
    std::vector<CLI::App*> declared;
    for (const auto& command : commands) {
        CLI::App* sub = app.add_subcommand(command->name(), command->summary());
        command->declare(*sub);
        declared.push_back(sub);
    }

    for (const std::string& arg : args) {
        if (firstInvalidUtf8(arg)) {
            streams.err << "The argument \"" << toValidUtf8(arg) << "\" is not valid UTF-8.\n";
            return kUsedWrongly;
        }
    }
    // CLI11 would only say that a command is missing.
    if (const auto first = std::find_if(
            args.begin(), args.end(), [](const std::string& arg) { return !arg.starts_with('-'); });
        first != args.end() &&
        std::ranges::none_of(commands, [&](const auto& each) { return each->name() == *first; })) {
        streams.err << "There is no command \"" << *first << "\". The commands are ";
        for (const auto& command : commands)
            streams.err << (command == commands.front() ? "" : ", ") << command->name();
        streams.err << "; see signalbox-cli --help.\n";
        return kUsedWrongly;
    }
    std::vector<std::string> reversed(args.rbegin(), args.rend()); // CLI11 takes them from the back
    try {
        app.parse(reversed);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error, streams.out, streams.err);
        return code == 0 ? kDone : kUsedWrongly;
    }
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (declared[i]->parsed())
            return commands[i]->run(streams);
    }
    return kUsedWrongly;
}

} // namespace signalbox::cli
