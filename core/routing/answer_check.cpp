// SPDX-License-Identifier: Apache-2.0
#include "answer_check.h"

#include "text_matcher.h"
#include "text_measures.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace signalbox {

struct AnswerCheck::Impl
{
    std::vector<std::unique_ptr<re2::RE2>> refusals;
    std::size_t minWords = 0;
    std::optional<std::size_t> maxWords;
    std::optional<double> meanLogProb;
};

AnswerCheck::AnswerCheck(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
AnswerCheck::~AnswerCheck() = default;
AnswerCheck::AnswerCheck(AnswerCheck&&) noexcept = default;
AnswerCheck& AnswerCheck::operator=(AnswerCheck&&) noexcept = default;

Result<AnswerCheck> AnswerCheck::compile(const Acceptance& accept)
{
    auto impl = std::make_unique<Impl>();
    for (std::size_t i = 0; i < accept.refusals.size(); ++i) {
        auto expression = compileExpression(accept.refusals[i], true);
        if (!expression) {
            expression.error().where = "refusals[" + std::to_string(i) + ']';
            return Unexpected(std::move(expression.error()));
        }
        impl->refusals.push_back(std::move(*expression));
    }
    impl->minWords = static_cast<std::size_t>(std::max(accept.minWords.value_or(0), 0));
    if (accept.maxWords)
        impl->maxWords = static_cast<std::size_t>(std::max(*accept.maxWords, 0));
    impl->meanLogProb = accept.meanLogProb;
    return AnswerCheck(std::move(impl));
}

bool AnswerCheck::passes(std::string_view answer, std::optional<double> meanLogProb) const
{
    if (m_impl->minWords > 0 || m_impl->maxWords) {
        const std::size_t words = countWords(answer);
        if (words < m_impl->minWords || words > m_impl->maxWords.value_or(words))
            return false;
    }
    if (m_impl->meanLogProb && meanLogProb && *meanLogProb < *m_impl->meanLogProb)
        return false;
    return std::ranges::none_of(m_impl->refusals, [answer](const auto& expression) {
        return matchesSomewhere(*expression, answer);
    });
}

} // namespace signalbox
