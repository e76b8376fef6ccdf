// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a policy file: reading never crashes; every problem has a sentence and a place that
// can be shown; what reads without a problem is written and read back equal; lint ends, and its
// fixes apply and can be undone.

#include <core/base/json.h>
#include <core/policy/edit.h>
#include <core/policy/lint.h>
#include <core/policy/policy_json.h>
#include <tests/support/design_example.h>
#include <tests/support/random_policy.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t maxSize);

namespace {

using namespace signalbox;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void checkProblems(const PolicyReading& reading, std::string_view text)
{
    require(reading.problems.size() <= 50);
    for (const Error& problem : reading.problems) {
        require(!problem.message.empty());
        static_cast<void>(findTextPlace(text, problem.where));
    }
}

void checkRoundTrip(const PolicyDocument& policy)
{
    const std::string text = toPolicyText(policy);
    const auto again = parsePolicy(text);
    require(again.has_value() && *again == policy);
    require(toPolicyText(*again) == text);
}

void checkFindings(const PolicyDocument& policy)
{
    for (const Finding& finding : lint(policy)) {
        require(!finding.code.empty() && finding.message.ends_with('.'));
        if (!finding.fix)
            continue;
        PolicyDocument fixed = policy;
        const auto inverse = apply(fixed, *finding.fix);
        require(inverse.has_value() && apply(fixed, *inverse).has_value() && fixed == policy);
    }
}

void checkEdit(std::string_view text)
{
    const auto json = parseJson(text, kPolicyJsonLimits);
    const auto edit = json ? editFromJson(*json) : Result<Edit>(Unexpected(Error{}));
    if (!edit)
        return;
    require(editFromJson(toJson(*edit)) == *edit);
    PolicyDocument policy = *parsePolicy(signalbox::test::kDesignExample);
    const PolicyDocument before = policy;
    const auto inverse = apply(policy, *edit);
    if (inverse)
        require(apply(policy, *inverse).has_value());
    require(policy == before);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const PolicyReading reading = readPolicyText(text);
    checkProblems(reading, text);
    if (reading.problems.empty())
        checkRoundTrip(reading.document);
    checkFindings(reading.document);
    checkEdit(text);
    static_cast<void>(portableRegexRewrite(text.substr(0, 200)));
    return 0;
}

/// Bytes alone hardly ever become a policy, so some inputs start from one, or from an edit.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t maxSize, unsigned int seed)
{
    if (seed % 16 != 0)
        return LLVMFuzzerMutate(data, size, maxSize);
    signalbox::test::RandomPolicy random(seed);
    const PolicyDocument policy = random.document();
    const std::string text =
        seed % 32 == 0 ? toPolicyText(policy) : toCompactJsonText(toJson(random.edit(policy)));
    const std::size_t length = std::min(text.size(), maxSize);
    std::copy_n(text.begin(), length, data);
    return LLVMFuzzerMutate(data, length, maxSize);
}
