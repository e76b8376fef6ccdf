// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "condition_program.h"
#include "signal_slot.h"
#include "text_matcher.h"

#include <core/base/result.h>
#include <core/base/time_zone.h>
#include <core/policy/document.h>
#include <core/policy/user_styles.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

inline constexpr std::size_t kTextScopeCount = 4;

/// How the signals of a policy are read from a request: texts are joined once per scope, all
/// patterns of a scope are found in one pass, scores are added up last.
///
/// A scope without a message is an empty text: its counts are 0, nothing occurs in it. Missing are
/// only what a caller did not send: metadata, headers, the requested model, maxTokens.
class SignalProgram
{
public:
    /// Buffers of one thread; see CompiledPolicy::Scratch.
    struct Memory
    {
        std::array<std::string, kTextScopeCount> joined;
        std::vector<std::uint8_t> hits;
        std::vector<SignalSlot> slots;
    };

    /// The members of a score's terms are added to `conditions`. Text matchers with the same
    /// patterns are shared with `reuse`, since compiling them is most of a compilation.
    /// Errors: InvalidArgument with the path of the signal's member.
    [[nodiscard]] static Result<SignalProgram> compile(const PolicyDocument& document,
                                                       ConditionProgram& conditions,
                                                       const SignalProgram* reuse,
                                                       std::shared_ptr<const UserStyles> styles);

    /// To be called once the rules' conditions are in the program: finds which signals they read
    /// and how far texts have to be counted for them.
    void specialize(const ConditionProgram& conditions,
                    std::span<const ConditionProgram::Entry> rules);

    [[nodiscard]] Memory makeMemory() const;

    /// Every signal, exactly. The document and `conditions` as given to compile().
    std::span<const SignalSlot>
    extractAll(const Request& request, const ConditionProgram& conditions, Memory& memory) const;

    /// As much as the rules' conditions can tell apart: signals that none of them reads stay
    /// missing, counts stop where no limit lies beyond. Conditions hold as with extractAll().
    std::span<const SignalSlot> extractForRules(const Request& request,
                                                const ConditionProgram& conditions,
                                                Memory& memory) const;

    struct Term
    {
        double add = 0;
        ConditionProgram::Entry when;
    };
    struct Score
    {
        std::size_t signal = 0;
        double base = 0;
        std::optional<double> min;
        std::optional<double> max;
        std::vector<Term> terms;
    };
    [[nodiscard]] std::span<const Score> scores() const { return m_scores; }
    [[nodiscard]] static double valueOf(const Score& score, const ConditionProgram& conditions,
                                        std::span<const SignalSlot> values, AnswerTone tone);

    /// The style byStyle limits follow: of the first style signal, else of the request, else
    /// balanced.
    [[nodiscard]] AnswerTone toneOf(std::span<const SignalSlot> values,
                                    std::string_view requestStyle) const;
    [[nodiscard]] std::optional<std::size_t> styleSignal() const { return m_styleSignal; }

private:
    enum class Source : std::uint8_t;
    struct Step
    {
        Source source;
        TextScope scope = TextScope::LastUser;
        std::uint16_t hit = 0;
        bool needed = true;
        ValueType type = ValueType::String;
        std::string_view key;     ///< of metadata, header, meter; the fallback of a style
        bool usesTable = false;   ///< of a style
        std::optional<Role> role; ///< of the messages that are counted
        std::uint16_t window = 0; ///< into m_windows
        double leastLimit = 0;
        std::size_t stopAfter = 0; ///< counts above it are all the same to the rules
    };
    enum class Extent : std::uint8_t { All, ForRules };

    template<Extent extent>
    std::span<const SignalSlot> extract(const Request& request, const ConditionProgram& conditions,
                                        Memory& memory) const;
    struct Window;
    [[nodiscard]] static Result<Window> windowFor(const TimeWindowSource& source,
                                                  std::size_t signal);
    [[nodiscard]] static Step stepFor(const Signal& signal, std::vector<TextPattern>& patterns,
                                      std::uint16_t hit);

    struct Window // of time, ready to ask
    {
        TimeZone zone;
        std::array<bool, 7> days{};
        int fromMinute = 0;
        int untilMinute = 0;

        [[nodiscard]] bool holds(std::int64_t timeMs) const;
    };

    std::vector<Step> m_steps; ///< document order
    std::vector<Window> m_windows;
    std::shared_ptr<const UserStyles> m_styles; ///< may be null
    std::vector<Score> m_scores;
    std::vector<bool> m_scoreNeeded;
    std::array<std::shared_ptr<const TextMatcher>, kTextScopeCount> m_matchers;
    std::array<bool, kTextScopeCount> m_scanNeeded{};
    std::size_t m_hitCount = 0;
    bool m_untilFirstUser = false;
    std::optional<std::size_t> m_styleSignal;
};

} // namespace signalbox
