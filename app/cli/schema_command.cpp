// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include <core/policy/policy_json.h>

#include <CLI/CLI.hpp>

#include <ostream>

namespace signalbox::cli {

namespace {

class SchemaCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "schema"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Print the JSON Schema of the policy file";
    }
    void declare(CLI::App& app) override
    {
        app.add_flag("--json", m_json, "For machines; the schema is JSON either way");
    }
    [[nodiscard]] int run(const Streams& streams) override
    {
        streams.out << policySchemaText();
        return kDone;
    }

private:
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> makeSchemaCommand()
{
    return std::make_unique<SchemaCommand>();
}

} // namespace signalbox::cli
