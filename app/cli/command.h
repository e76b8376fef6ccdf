// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace signalbox::cli {

/// Where a command reads and writes; tests pass their own.
struct Streams
{
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
};

/// Exit codes of every command.
enum ExitCode {
    kDone = 0,
    kFailed = 1,      ///< the work failed, or a check said no
    kUsedWrongly = 2, ///< unknown command or option, a value that cannot be
    kCapReached = 3,  ///< a cap that was given ended the work before it was done
};

/// One subcommand of signalbox-cli.
class Command
{
public:
    virtual ~Command() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual std::string summary() const = 0; ///< one line for the list of commands
    /// Declares options into `app`; their targets are members of this object.
    virtual void declare(CLI::App& app) = 0;
    [[nodiscard]] virtual int run(const Streams& streams) = 0;
};

[[nodiscard]] std::unique_ptr<Command> makeCompareCommand();
[[nodiscard]] std::unique_ptr<Command> makeDecideCommand();
[[nodiscard]] std::unique_ptr<Command> makeDiffCommand();
[[nodiscard]] std::unique_ptr<Command> makeExportCommand();
[[nodiscard]] std::unique_ptr<Command> makeExportRunCommand();
[[nodiscard]] std::unique_ptr<Command> makeFrontierCommand();
[[nodiscard]] std::unique_ptr<Command> makeJudgeCommand();
[[nodiscard]] std::unique_ptr<Command> makeLintCommand();
[[nodiscard]] std::unique_ptr<Command> makeMeasureCommand();
[[nodiscard]] std::unique_ptr<Command> makePricesCommand();
[[nodiscard]] std::unique_ptr<Command> makeProjectCommand();
[[nodiscard]] std::unique_ptr<Command> makeSampleCommand();
[[nodiscard]] std::unique_ptr<Command> makeSchemaCommand();
[[nodiscard]] std::unique_ptr<Command> makeTestCommand();
[[nodiscard]] std::unique_ptr<Command> makeTrafficCommand();

/// Runs one command line (without the program's name). Needs a QCoreApplication for `compare`,
/// `judge` and `sample`, which send prompts.
[[nodiscard]] int runCommandLine(const std::vector<std::string>& args, const Streams& streams);

} // namespace signalbox::cli
