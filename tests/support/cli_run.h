// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <app/cli/command.h>
#include <core/base/files.h>
#include <core/base/json.h>

#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace signalbox::test {

/// What a command line came to.
struct Ran
{
    int code = -1;
    std::string out;
    std::string err;

    /// An empty object if it printed none.
    [[nodiscard]] Json json() const { return parseJson(out).value_or(Json::object()); }
};

/// Runs a command of signalbox-cli in this process.
/// @param args   without the program's name
/// @param input  what it reads from standard input
inline Ran run(const std::vector<std::string>& args, const std::string& input = {})
{
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    Ran ran;
    ran.code = cli::runCommandLine(args, {in, out, err});
    ran.out = out.str();
    ran.err = err.str();
    return ran;
}

inline bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// A folder for a command's files, gone with the object.
class Folder
{
public:
    [[nodiscard]] std::string path(const char* name) const
    {
        return (std::filesystem::path(m_folder.path().toStdString()) / name).string();
    }
    /// Gives the file's path.
    [[nodiscard]] std::string write(const char* name, const std::string& content) const
    {
        if (!writeFileAtomically(path(name), content))
            qFatal("cannot write %s", name);
        return path(name);
    }

private:
    QTemporaryDir m_folder;
};

} // namespace signalbox::test
