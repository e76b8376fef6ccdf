// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_verifier.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr double kSatisfied = 0.5;

} // namespace

std::vector<Message> verifierMessages(const Verifier& verifier, const LabPrompt& prompt,
                                      const std::string& answer)
{
    std::string rule = "You check an answer before a user sees it. ";
    rule += verifier.instruction.empty()
                ? std::string("Is it right, whole, and an answer to what was asked?")
                : verifier.instruction;
    rule += "\nReply with one word: YES if it may be shown, NO if it may not.";
    return {{Role::System, rule, 0},
            {Role::User,
             "Question:\n" + prompt.messages.back().text + "\n\nAnswer:\n" + answer +
                 "\n\nMay it be shown? YES or NO.",
             0}};
}

bool consents(std::string reply)
{
    std::ranges::transform(reply, reply.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
    });
    const std::size_t yes = reply.find("YES");
    return yes != std::string::npos && yes < reply.find("NO");
}

bool simulatedConsent(const LabPrompt& prompt, const std::string& answer)
{
    return !prompt.outcome || prompt.outcome(answer) >= kSatisfied;
}

} // namespace signalbox
