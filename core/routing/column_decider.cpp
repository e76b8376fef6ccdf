// SPDX-License-Identifier: Apache-2.0
#include "column_decider.h"

#include "compiled_policy_impl.h"

#include <core/policy/document_uses.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <deque>
#include <optional>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kBlock = 2048;        ///< rows
constexpr std::size_t kClaimsOfAPart = 255; ///< that a byte can tell apart, beside none
constexpr std::size_t kMostRanges = 3;      ///< with more of them a table is quicker
constexpr std::array<AnswerTone, 3> kTones = {AnswerTone::Concise, AnswerTone::Balanced,
                                              AnswerTone::Detailed};

using Mode = ColumnKernels::Mode;
using Holds = std::vector<std::uint8_t>; ///< per code: 1 where a comparison holds

Mode opposite(Mode mode)
{
    return mode == Mode::And ? Mode::Or : Mode::And;
}

/// A condition whose comparisons are sets of codes, without negations.
struct Term
{
    const CodedColumn* column = nullptr; ///< of a comparison
    Holds holds;
    Mode join = Mode::And; ///< of the parts
    std::vector<Term> parts;

    [[nodiscard]] bool isComparison() const { return column != nullptr; }
    /// Known without looking at a row. No parts at all: true for And, false for Or.
    [[nodiscard]] bool isAlways() const
    {
        return isComparison() ? std::ranges::find(holds, 0) == holds.end()
                              : parts.empty() && join == Mode::And;
    }
    [[nodiscard]] bool isNever() const
    {
        return isComparison() ? std::ranges::find(holds, 1) == holds.end()
                              : parts.empty() && join == Mode::Or;
    }
};

Term joined(Mode join, std::vector<Term> parts)
{
    Term all;
    all.join = join;
    for (Term& part : parts) {
        const bool decides = join == Mode::And ? part.isNever() : part.isAlways();
        if (decides)
            return {nullptr, {}, opposite(join), {}};
        if (join == Mode::And ? part.isAlways() : part.isNever())
            continue;
        if (!part.isComparison() && part.join == join)
            std::ranges::move(part.parts, std::back_inserter(all.parts));
        else
            all.parts.push_back(std::move(part));
    }
    if (all.parts.size() == 1)
        return Term(std::move(all.parts.front()));
    // Comparisons first, which ask for no mask of their own.
    std::ranges::sort(all.parts, {}, [](const Term& part) { return !part.isComparison(); });
    return all;
}

std::size_t sizeIndexOf(const CodedColumn& column)
{
    return column.codes().index();
}

struct CodeRange
{
    std::uint32_t first = 0;
    std::uint32_t span = 0;
};

std::vector<CodeRange> rangesOf(const Holds& holds)
{
    std::vector<CodeRange> ranges;
    for (std::size_t code = 0; code < holds.size(); ++code) {
        if (holds[code] == 0)
            continue;
        if (code > 0 && holds[code - 1] != 0)
            ++ranges.back().span;
        else
            ranges.push_back({static_cast<std::uint32_t>(code), 0});
    }
    return ranges;
}

template<class Code>
void askTable(std::uint8_t* mask, const Code* codes, const std::uint8_t* table, Mode mode,
              std::size_t rows)
{
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint8_t holds = table[codes[i]] != 0 ? 0xFF : 0;
        mask[i] = mode == Mode::Set ? holds : mode == Mode::And ? mask[i] & holds : mask[i] | holds;
    }
}

} // namespace

struct ColumnDecider::Program
{
    enum class Kind : std::uint8_t { Range, Table, Combine, Claim, Rules };
    struct Step
    {
        Kind kind = Kind::Range;
        Mode mode = Mode::Set;
        std::uint16_t mask = 0;
        std::uint16_t other = 0; ///< mask to combine with
        std::uint8_t claim = 0;
        ColumnKernels::Range range;          ///< of a table without its limits
        const CodedColumn* column = nullptr; ///< of a table
        std::size_t table = 0;               ///< into tables
        std::size_t firstRule = 0;           ///< into plainRules
        std::size_t ruleCount = 0;
    };

    const CompiledPolicy::Impl& policy;
    std::vector<const CodedColumn*> columns;
    const CodedColumn* styles;
    const ColumnKernels& kernels;
    std::vector<std::vector<Step>> parts; ///< of up to 255 claims, in order; a part's last first
    std::vector<Holds> tables;
    std::vector<const CompiledPolicy::Impl::CompiledRule*> rules; ///< by claim, less one
    /// Rules of nothing but ranges, all of which have to hold.
    std::vector<ColumnKernels::Rule> plainRules;
    std::deque<std::vector<ColumnKernels::Range>> ranges; ///< of these
    std::size_t masks = 1;

    Program(const CompiledPolicy::Impl& impl, std::span<const CodedColumn* const> signals,
            const CodedColumn* requestStyles, const ColumnKernels& loops)
        : policy(impl), columns(signals.begin(), signals.end()), styles(requestStyles),
          kernels(loops)
    {
        for (const auto& rule : policy.rules) {
            if (rule.target)
                rules.push_back(&rule);
        }
        for (std::size_t begin = 0; begin < rules.size(); begin += kClaimsOfAPart) {
            std::vector<Step>& steps = parts.emplace_back();
            for (std::size_t i = std::min(begin + kClaimsOfAPart, rules.size()); i-- > begin;) {
                std::int32_t comparison = rules[i]->when.last;
                const Term term = termOf(*rules[i]->condition, comparison, false);
                emitClaim(steps, term, static_cast<std::uint8_t>(i - begin + 1));
            }
        }
    }

    /// A comparison's answers for each value of its column.
    [[nodiscard]] Holds holdsOf(std::int32_t comparison, AnswerTone tone, bool isNegated) const
    {
        const std::size_t signal = policy.conditions.signalOf(comparison);
        std::vector<SignalSlot> slots(columns.size());
        Holds holds;
        for (const SignalSlot& value : columns[signal]->values()) {
            slots[signal] = value;
            holds.push_back(policy.conditions.comparisonHolds(comparison, slots, tone) !=
                            isNegated);
        }
        return holds;
    }

    /// The requests of one style.
    [[nodiscard]] Term toneTerm(AnswerTone tone) const
    {
        const auto style = policy.signals.styleSignal();
        Term term;
        term.column = style ? columns[*style] : styles;
        for (const SignalSlot& value : term.column->values())
            term.holds.push_back(
                answerToneOf(value.text).value_or(AnswerTone::Balanced) == tone ? 1 : 0);
        return term;
    }

    /// @param comparison  of the condition's first; afterwards of what comes behind it
    [[nodiscard]] Term termOf(const Condition& condition, std::int32_t& comparison,
                              bool isNegated) const
    {
        if (const auto* inverse = std::get_if<Not>(&condition.node))
            return termOf(*inverse->condition, comparison, !isNegated);
        const auto* all = std::get_if<All>(&condition.node);
        const auto* any = std::get_if<Any>(&condition.node);
        if (all || any) {
            std::vector<Term> terms;
            for (const Condition& part : all ? all->conditions : any->conditions)
                terms.push_back(termOf(part, comparison, isNegated));
            return joined((all != nullptr) != isNegated ? Mode::And : Mode::Or, std::move(terms));
        }
        const std::int32_t own = comparison--; // conditions are written back to front
        std::array<Holds, kTones.size()> holds;
        for (std::size_t i = 0; i < kTones.size(); ++i)
            holds[i] = holdsOf(own, kTones[i], isNegated);
        const CodedColumn* column = columns[policy.conditions.signalOf(own)];
        if (holds[0] == holds[1] && holds[1] == holds[2])
            return {column, std::move(holds[0]), Mode::And, {}};
        std::vector<Term> tones;
        for (std::size_t i = 0; i < kTones.size(); ++i) {
            Term ofTone = {column, std::move(holds[i]), Mode::And, {}};
            tones.push_back(joined(Mode::And, {toneTerm(kTones[i]), std::move(ofTone)}));
        }
        return joined(Mode::Or, std::move(tones));
    }

    static ColumnKernels::Range rangeIn(const CodedColumn& column, const CodeRange& range)
    {
        const void* const codes =
            std::visit([](const auto& all) -> const void* { return all.data(); }, column.codes());
        return {codes, range.first, range.span, static_cast<std::uint8_t>(sizeIndexOf(column))};
    }

    /// The ranges that all have to hold for a condition to hold, if it is no more than that.
    static std::optional<std::vector<ColumnKernels::Range>> plainRanges(const Term& term)
    {
        std::vector<ColumnKernels::Range> found;
        const auto add = [&found](const Term& comparison) {
            const std::vector<CodeRange> own = rangesOf(comparison.holds);
            if (!comparison.isComparison() || own.size() != 1)
                return false;
            found.push_back(rangeIn(*comparison.column, own.front()));
            return true;
        };
        const bool isPlain = term.isComparison()
                                 ? add(term)
                                 : term.join == Mode::And && std::ranges::all_of(term.parts, add);
        return isPlain ? std::optional(std::move(found)) : std::nullopt;
    }

    void emitClaim(std::vector<Step>& steps, const Term& term, std::uint8_t claim)
    {
        if (term.isNever())
            return;
        if (auto plain = plainRanges(term)) {
            const std::vector<ColumnKernels::Range>& own = ranges.emplace_back(std::move(*plain));
            if (steps.empty() || steps.back().kind != Kind::Rules) {
                Step step;
                step.kind = Kind::Rules;
                step.firstRule = plainRules.size();
                steps.push_back(step);
            }
            plainRules.push_back({own.data(), own.size(), claim});
            ++steps.back().ruleCount;
            return;
        }
        emit(steps, term, 0, Mode::Set);
        Step last;
        last.kind = Kind::Claim;
        last.claim = claim;
        steps.push_back(last);
    }

    void emit(std::vector<Step>& steps, const Term& term, std::uint16_t mask, Mode mode)
    {
        masks = std::max<std::size_t>(masks, mask + std::size_t{1});
        Step step;
        step.mask = mask;
        step.mode = mode;
        const auto apart = [&] { // in a mask of its own, which then is combined with this one
            step.kind = Kind::Combine;
            step.other = static_cast<std::uint16_t>(mask + 1);
            emit(steps, term, step.other, Mode::Set);
            steps.push_back(step);
        };
        if (!term.isComparison()) {
            if (mode != Mode::Set && mode != term.join)
                return apart();
            for (const Term& part : term.parts) {
                emit(steps, part, mask, mode);
                mode = term.join;
            }
            return;
        }
        const std::vector<CodeRange> own = rangesOf(term.holds);
        if (own.empty() || own.size() > kMostRanges) {
            step.kind = Kind::Table;
            step.column = term.column;
            step.table = tables.size();
            tables.push_back(term.holds);
            steps.push_back(step);
            return;
        }
        if (mode == Mode::And && own.size() > 1)
            return apart();
        for (const CodeRange& range : own) {
            step.range = rangeIn(*term.column, range);
            steps.push_back(step);
            step.mode = Mode::Or;
        }
    }

    /// @param maskBlocks  `masks` blocks
    void run(const Step& step, std::size_t row, std::size_t rows, std::uint8_t* maskBlocks,
             std::uint8_t* won) const
    {
        std::uint8_t* const mask = maskBlocks + step.mask * kBlock;
        const auto mode = static_cast<std::size_t>(step.mode);
        switch (step.kind) {
        case Kind::Range:
            kernels.range[mode][step.range.size](mask, step.range, row, rows);
            break;
        case Kind::Table:
            std::visit(
                [&](const auto& codes) {
                    askTable(mask, codes.data() + row, tables[step.table].data(), step.mode, rows);
                },
                step.column->codes());
            break;
        case Kind::Combine:
            kernels.combine[mode](mask, maskBlocks + step.other * kBlock, rows);
            break;
        case Kind::Claim:
            kernels.claim(won, mask, step.claim, rows);
            break;
        case Kind::Rules:
            kernels.rules(won, std::span(plainRules).subspan(step.firstRule, step.ruleCount), row,
                          rows);
            break;
        }
    }
};

ColumnDecider::ColumnDecider(const CompiledPolicy& policy,
                             std::span<const CodedColumn* const> columns, const CodedColumn* styles,
                             Vectors vectors)
    : m_program(std::make_unique<const Program>(*policy.m_impl, columns, styles,
                                                ColumnKernels::with(vectors)))
{
    assert(columns.size() == policy.document().signalList.size());
}

ColumnDecider::~ColumnDecider() = default;

bool ColumnDecider::needsStyles(const CompiledPolicy& policy)
{
    if (policy.m_impl->signals.styleSignal())
        return false;
    bool follows = false;
    for (const Rule& rule : policy.document().rules)
        forEachCompare(rule.when, [&follows](const Compare& compare) {
            follows |= std::holds_alternative<ByStyle>(compare.value);
        });
    return follows;
}

void ColumnDecider::claim(std::size_t firstRow, std::span<Claim> claims) const
{
    std::vector<std::uint8_t> masks(m_program->masks * kBlock);
    std::array<std::uint8_t, kBlock> won;
    for (std::size_t begin = 0; begin < claims.size(); begin += kBlock) {
        const std::size_t rows = std::min(kBlock, claims.size() - begin);
        const std::span<Claim> block = claims.subspan(begin, rows);
        if (m_program->parts.empty())
            std::ranges::fill(block, Claim{0});
        for (std::size_t part = m_program->parts.size(); part-- > 0;) {
            std::fill_n(won.begin(), rows, std::uint8_t{0});
            for (const Program::Step& step : m_program->parts[part])
                m_program->run(step, firstRow + begin, rows, masks.data(), won.data());
            if (part + 1 == m_program->parts.size() && part == 0) {
                m_program->kernels.widen(block.data(), won.data(), rows);
                continue;
            }
            const bool isLast = part + 1 == m_program->parts.size();
            for (std::size_t i = 0; i < rows; ++i) {
                const Claim before = isLast ? Claim{0} : block[i];
                block[i] =
                    won[i] == 0 ? before : static_cast<Claim>(part * kClaimsOfAPart + won[i]);
            }
        }
    }
}

bool ColumnDecider::isDrawn(Claim claim) const
{
    const CompiledPolicy::Impl& policy = m_program->policy;
    const auto& target = claim == 0 ? policy.otherwise : m_program->rules[claim - 1U]->target;
    return policy.holdoutLimit > 0 || target->draws.count() > 1;
}

Decision ColumnDecider::decisionOf(Claim claim, const RoutingKeys& keys) const
{
    const CompiledPolicy::Impl& policy = m_program->policy;
    if (policy.isHeldOut(keys))
        return policy.holdoutDecision(keys);
    if (claim == 0)
        return policy.decisionOf(Decision::kOtherwise, policy.otherwise, keys);
    const CompiledPolicy::Impl::CompiledRule& rule = *m_program->rules[claim - 1U];
    Decision decision = policy.decisionOf(rule.rule, rule.target, keys);
    decision.isUncertain = rule.isUncertain;
    return decision;
}

} // namespace signalbox
