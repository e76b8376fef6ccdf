// SPDX-License-Identifier: Apache-2.0
#include "lint_context.h"

#include <core/base/ascii.h>
#include <core/base/time_zone.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

namespace signalbox {

namespace {

constexpr int kLongestWindowSeconds = 366 * 24 * 3600;
constexpr std::array<std::string_view, 3> kStyles = {"concise", "balanced", "detailed"};

class SignalLinter
{
public:
    explicit SignalLinter(LintContext& context) : m_document(context.document()), m_context(context)
    {
        forEachSignalUse(m_document, nullptr, [this](const SignalId& id) { m_used.insert(id); });
        for (const Rule& rule : m_document.rules) {
            forEachCompare(rule.when, [this](const Compare& compare) {
                m_usesStyle = m_usesStyle || std::holds_alternative<ByStyle>(compare.value);
            });
        }
    }

    void lint(std::size_t index)
    {
        m_index = index;
        m_path = "signals[" + std::to_string(index) + ']';
        const Signal& signal = m_document.signalList[index];
        const bool isFirst = m_ids.insert(signal.id).second;
        if (signal.id.isEmpty()) {
            m_context.error("empty-id", "A signal has no id.", m_path + ".id", renamed("signal"));
        } else if (!isFirst) {
            m_context.error("duplicate-id",
                            "Two signals are called " + quoted(signal.id.value) + '.',
                            m_path + ".id", renamed(signal.id.value));
        }
        std::visit(*this, signal.source);
        const bool isStyle = std::holds_alternative<StyleSource>(signal.source);
        if (isFirst && !signal.id.isEmpty() && !m_used.contains(signal.id) &&
            !(isStyle && m_usesStyle)) {
            m_context.info("unused-signal",
                           "No condition looks at signal " + quoted(signal.id.value) + '.', m_path,
                           m_context.fix("Remove the signal",
                                         [&signal] { return Edit(RemoveSignal{signal.id}); }));
        }
    }

    void operator()(const ScoreSource& source)
    {
        if (source.min && source.max && *source.min > *source.max) {
            m_context.error("score-bounds", "The least value of the score is larger than its most.",
                            m_path + ".min", fix<ScoreSource>("Swap them", [](ScoreSource& score) {
                                std::swap(score.min, score.max);
                            }));
        }
        for (std::size_t i = 0; i < source.terms.size(); ++i)
            lintCondition(ConditionPlace{m_index, i}, m_context);
    }
    void operator()(const MeasureSource& /*source*/) {}
    void operator()(const KeywordsSource& source)
    {
        const auto isEmpty = [](const std::string& word) { return word.empty(); };
        if (source.anyOf.empty()) {
            m_context.error("empty-keywords", "The signal lists no words to look for.",
                            m_path + ".anyOf");
            return;
        }
        if (std::ranges::any_of(source.anyOf, isEmpty)) {
            const bool hasOthers = !std::ranges::all_of(source.anyOf, isEmpty);
            std::optional<QuickFix> repair;
            if (hasOthers) {
                repair =
                    fix<KeywordsSource>("Remove the empty word", [&](KeywordsSource& keywords) {
                        std::erase_if(keywords.anyOf, isEmpty);
                    });
            }
            m_context.error("empty-keywords", "An empty word is in every text.", m_path + ".anyOf",
                            std::move(repair));
            return;
        }
        lintDuplicates(source);
    }
    void operator()(const ContainsSource& source)
    {
        if (source.text.empty())
            m_context.error("empty-text", "The signal does not say what text to look for.",
                            m_path + ".text");
    }
    void operator()(const RegexSource& source)
    {
        if (source.pattern.empty()) {
            m_context.error("empty-text", "The signal has no expression to look for.",
                            m_path + ".pattern");
            return;
        }
        const std::string problem = portableRegexProblem(source.pattern);
        if (problem.empty())
            return;
        std::optional<QuickFix> repair;
        if (const auto rewrite = portableRegexRewrite(source.pattern)) {
            repair = fix<RegexSource>("Write " + quoted(rewrite->pattern), [&](RegexSource& regex) {
                regex.pattern = rewrite->pattern;
                regex.ignoreCase = regex.ignoreCase || rewrite->ignoreCase;
            });
        }
        m_context.error("regex-not-portable", problem, m_path + ".pattern", std::move(repair));
    }
    void operator()(const StyleSource& source)
    {
        if (std::ranges::find(kStyles, source.fallback) != kStyles.end())
            return;
        m_context.error("unknown-style",
                        "There is no answer style " + quoted(source.fallback) +
                            ", only concise, balanced and detailed.",
                        m_path + ".default",
                        fix<StyleSource>("Use \"balanced\"", [](StyleSource& style) {
                            style.fallback = StyleSource().fallback;
                        }));
    }
    void operator()(const MetadataSource& source)
    {
        if (source.key.empty())
            m_context.error("empty-text", "The signal does not say which metadata it reads.",
                            m_path + ".key");
    }
    void operator()(const HeaderSource& source)
    {
        if (source.name.empty())
            m_context.error("empty-text", "The signal does not say which header it reads.",
                            m_path + ".name");
    }
    void operator()(const FieldSource& /*source*/) {}
    void operator()(const ScriptSource& /*source*/) {}
    void operator()(const TimeWindowSource& source)
    {
        if (!TimeZone::find(source.zone)) {
            m_context.error("unknown-zone",
                            "There is no time zone " + quoted(source.zone) +
                                "; zones are named like \"Europe/Berlin\".",
                            m_path + ".zone",
                            fix<TimeWindowSource>("Use \"UTC\"", [](TimeWindowSource& window) {
                                window.zone = TimeWindowSource().zone;
                            }));
        }
        auto days = source.days;
        std::ranges::sort(days);
        const auto rest = std::unique(days.begin(), days.end());
        if (rest == days.end())
            return;
        days.erase(rest, days.end());
        m_context.warning(
            "duplicate-day", "A day of the time window is listed twice.", m_path + ".days",
            fix<TimeWindowSource>("List each once",
                                  [&days](TimeWindowSource& window) { window.days = days; }));
    }
    void operator()(const UsageSource& source)
    {
        lintRange<int>(m_context, m_path + ".windowSeconds", "The window of the meter in seconds",
                       source.windowSeconds, 1, kLongestWindowSeconds, [this](int seconds) {
                           return changed<UsageSource>(
                               [=](UsageSource& usage) { usage.windowSeconds = seconds; });
                       });
    }

private:
    template<class Source, class Change> std::optional<Edit> changed(const Change& change)
    {
        Signal signal = m_document.signalList[m_index];
        change(std::get<Source>(signal.source));
        return m_context.editOfSignal(m_index, std::move(signal));
    }

    template<class Source, class Change>
    std::optional<QuickFix> fix(const std::string& label, const Change& change)
    {
        return m_context.fix(label, [&] { return changed<Source>(change); });
    }

    std::optional<QuickFix> renamed(const std::string& wanted)
    {
        const std::string fresh = freshName(wanted, [this](const std::string& taken) {
            return m_context.logic().findSignal(SignalId(taken)) != nullptr;
        });
        return m_context.fix("Call it " + quoted(fresh), [&] {
            Signal signal = m_document.signalList[m_index];
            signal.id = SignalId(fresh);
            return m_context.editOfSignal(m_index, std::move(signal));
        });
    }

    void lintDuplicates(const KeywordsSource& source)
    {
        std::unordered_set<std::string> seen;
        const auto isSeen = [&seen](const std::string& word) {
            return !seen.insert(foldedAscii(word)).second;
        };
        const auto twice = std::ranges::find_if(source.anyOf, isSeen);
        if (twice == source.anyOf.end())
            return;
        m_context.warning(
            "duplicate-keyword",
            "The word " + quoted(*twice) + " is listed twice; case does not matter.",
            m_path + ".anyOf",
            fix<KeywordsSource>("Remove what is listed twice", [&](KeywordsSource& keywords) {
                seen.clear();
                std::erase_if(keywords.anyOf, isSeen);
            }));
    }

    const PolicyDocument& m_document;
    LintContext& m_context;
    std::unordered_set<SignalId> m_used;
    std::unordered_set<SignalId> m_ids;
    bool m_usesStyle = false;
    std::size_t m_index = 0; ///< of the signal that is looked at
    std::string m_path;
};

} // namespace

void lintSignals(LintContext& context)
{
    SignalLinter linter(context);
    for (std::size_t i = 0; i < context.document().signalList.size(); ++i)
        linter.lint(i);
}

} // namespace signalbox
