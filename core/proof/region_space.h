// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cell_set.h"

#include <core/policy/condition_logic.h>
#include <core/policy/document.h>
#include <core/routing/condition_program.h>
#include <core/routing/signal_slot.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace signalbox {

/// Values of a signal that every comparison of the policy treats alike.
struct ValueCell
{
    enum class Kind {
        Missing,
        Number,        ///< those of `range`
        Boolean,       ///< `truth`
        Text,          ///< exactly `text`
        OtherSpelling, ///< `text` in another case than those that stand in the policy
        OtherText,     ///< every text that stands in no comparison
        Style,         ///< `text`, or no known style where it is empty
    };
    Kind kind = Kind::Missing;
    NumberRange range; ///< closed ends at whole numbers if the signal yields only those
    bool truth = false;
    std::string text;
};

/// The values of all requests, cut into finitely many regions: per signal into cells, such that
/// every comparison of the policy has one truth per cell (and style, where its limit depends on
/// it). The truths are asked of the decision engine itself. What a text that stands nowhere in the
/// policy contains or matches is a boolean of its own, "open".
///
/// The regions contain every request, but not every region contains one: signals that measure the
/// same text depend on each other more than is known here. So what holds in no region holds for no
/// request; a region in which something holds has still to be shown by a request.
///
/// Belongs to the document, which must not change meanwhile and must have no error of lint(). For
/// one thread at a time.
class RegionSpace
{
public:
    struct Variable
    {
        enum class Kind {
            Signal,
            Score, ///< follows from others
            Style, ///< the request's; picks the limits of byStyle
            Open,  ///< whether a comparison holds for texts that stand nowhere; cells false, true
        };
        Kind kind = Kind::Signal;
        std::vector<ValueCell> cells;
        std::size_t signal = 0; ///< index of the first signal that reads it, if one
        std::size_t atom = 0;   ///< of an open one
        bool isWhole = false;   ///< yields whole numbers only
    };

    /// A comparison, or the question whether a signal is in some cells.
    struct Atom
    {
        std::size_t variable = 0;
        bool byStyle = false;
        std::array<CellSet, 3> holds; ///< per AnswerTone; the first for all unless byStyle
        CellSet open;                 ///< cells for which `openVariable` decides
        std::optional<std::size_t> openVariable;
        Compare compare;              ///< as it stands in the document
        std::int32_t comparison = -1; ///< in the program; -1: no comparison
    };

    struct Node
    {
        enum class Kind { Atom, All, Any, Not };
        Kind kind = Kind::All;
        std::size_t atom = 0;
        std::vector<std::size_t> children;
        std::vector<std::size_t> variables; ///< that it reads, sorted
    };

    struct Score
    {
        std::size_t variable = 0;
        double base = 0;
        std::optional<double> min;
        std::optional<double> max;
        struct Term
        {
            double add = 0;
            std::size_t node = 0;
        };
        std::vector<Term> terms;
    };

    /// If a variable is within some cells, another one is, too.
    struct Implication
    {
        std::size_t ifVariable = 0;
        CellSet ifCells;
        std::size_t thenVariable = 0;
        CellSet thenCells;
    };

    /// How two whole numbers of one request depend on each other: `larger` is at least what `least`
    /// makes of `smaller`. `least` rises or stays.
    struct Bound
    {
        std::size_t smaller = 0;
        std::size_t larger = 0;
        double (*least)(double smaller) = nullptr;
        double (*most)(double larger) = nullptr; ///< the largest `smaller` for it
    };

    explicit RegionSpace(const PolicyDocument& document);

    [[nodiscard]] const PolicyDocument& document() const { return m_document; }
    [[nodiscard]] const std::vector<Variable>& variables() const { return m_variables; }
    [[nodiscard]] const std::vector<Atom>& atoms() const { return m_atoms; }
    [[nodiscard]] const std::vector<Node>& nodes() const { return m_nodes; }
    [[nodiscard]] const std::vector<Score>& scores() const { return m_scores; }
    [[nodiscard]] const std::vector<Implication>& implications() const { return m_implications; }
    [[nodiscard]] const std::vector<Bound>& bounds() const { return m_bounds; }

    static constexpr std::size_t kStyleVariable = 0;
    /// The style whose limits count in a cell of the style variable.
    [[nodiscard]] AnswerTone toneOf(std::size_t styleCell) const { return m_tones[styleCell]; }
    static constexpr std::size_t kStyleCells = 4;

    /// The variable that a signal's value is a cell of.
    [[nodiscard]] std::size_t variableOf(std::size_t signal) const
    {
        return m_variableOfSignal[signal];
    }

    /// A condition of the document's comparisons, in any other arrangement too. Comparisons that
    /// stand nowhere in the document must not be in it.
    std::size_t addCondition(const Condition& condition);
    /// Whether the variable is in some cells.
    std::size_t addMembership(std::size_t variable, CellSet cells);
    std::size_t addNode(Node::Kind kind, std::vector<std::size_t> children);

    /// The condition of a rule; of the document's rules in order.
    [[nodiscard]] std::size_t nodeOfRule(std::size_t rule) const { return m_ruleNodes[rule]; }

    /// The cell of a value; nothing if the value cannot be.
    [[nodiscard]] std::optional<std::size_t> cellOf(std::size_t variable,
                                                    const SignalSlot& value) const;
    /// A score's cell of a sum.
    [[nodiscard]] std::size_t cellOfNumber(std::size_t variable, double value) const;
    /// The style variable's cell of what a request asks for.
    [[nodiscard]] static std::size_t styleCellOf(const Request& request);

    /// Whether a comparison holds for a value, which must be of its signal.
    [[nodiscard]] bool holds(const Atom& atom, const SignalSlot& value, AnswerTone tone) const;

private:
    void addStyle();
    void addVariables();
    void readComparisons();
    void cutNumbers(Variable& variable, const Signal& signal, std::vector<double> limits) const;
    void cutTexts(Variable& variable, const Signal& signal,
                  const std::vector<std::size_t>& atoms) const;
    void judge(std::size_t atom);
    void judgeStyle(Atom& atom);
    void addScores();
    void addLinks();
    std::size_t atomOf(const Compare& compare);

    const PolicyDocument& m_document;
    ConditionProgram m_program;
    mutable std::vector<SignalSlot> m_slots; ///< for one comparison; all missing between
    std::vector<AnswerTone> m_tones;         ///< per cell of the style variable
    std::vector<Variable> m_variables;
    std::vector<std::size_t> m_variableOfSignal;
    std::vector<Atom> m_atoms;
    std::unordered_map<std::string, std::size_t> m_atomOfText;
    std::vector<Node> m_nodes;
    std::vector<std::size_t> m_ruleNodes;
    std::vector<Score> m_scores;
    std::vector<Implication> m_implications;
    std::vector<Bound> m_bounds;
};

} // namespace signalbox
