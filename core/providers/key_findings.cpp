// SPDX-License-Identifier: GPL-3.0-or-later
#include "key_findings.h"

#include <cstdlib>
#include <string>
#include <string_view>

namespace signalbox {

namespace {

constexpr std::string_view kEnvironment = "env:";

bool isSet(const std::string& variable)
{
    const char* const value = std::getenv(variable.c_str());
    return value && *value;
}

} // namespace

std::vector<Finding> keyFindings(const PolicyDocument& document)
{
    std::vector<Finding> findings;
    for (std::size_t i = 0; i < document.models.size(); ++i) {
        const ModelSpec& model = document.models[i];
        if (model.provider == "simulator" || !model.keyRef.starts_with(kEnvironment))
            continue;
        const std::string variable = model.keyRef.substr(kEnvironment.size());
        if (isSet(variable))
            continue;
        Finding finding;
        finding.severity = Severity::Info;
        finding.code = "unset-key";
        finding.message = "The key of \"" + model.id.value + "\" is to be read from " + variable +
                          ", which is not set on this computer, so it cannot be asked from here.";
        finding.path = "models[" + std::to_string(i) + "].keyRef";
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace signalbox
