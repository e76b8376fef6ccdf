// SPDX-License-Identifier: Apache-2.0
#include "region_space.h"

#include "region_links.h"

#include <core/base/ascii.h>
#include <core/policy/document_uses.h>
#include <core/policy/names.h>
#include <core/policy/policy_json.h>
#include <core/policy/uncertain.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kManyLetters = 20; ///< more than a document can spell out
constexpr std::array<AnswerTone, 3> kTones = {AnswerTone::Concise, AnswerTone::Balanced,
                                              AnswerTone::Detailed};
constexpr std::array<const char*, RegionSpace::kStyleCells> kStyles = {"concise", "balanced",
                                                                       "detailed", ""};

ValueCell missingCell()
{
    return {};
}

ValueCell booleanCell(bool truth)
{
    ValueCell cell;
    cell.kind = ValueCell::Kind::Boolean;
    cell.truth = truth;
    return cell;
}

ValueCell textCell(ValueCell::Kind kind, std::string text = {})
{
    ValueCell cell;
    cell.kind = kind;
    cell.text = std::move(text);
    return cell;
}

/// Some number of a range that is not empty.
double numberIn(const NumberRange& range)
{
    if (range.low == range.high)
        return range.low;
    if (std::isinf(range.low) && std::isinf(range.high))
        return 0;
    if (std::isinf(range.high))
        return range.isLowOpen ? range.low + std::max(1.0, std::abs(range.low)) : range.low;
    if (std::isinf(range.low))
        return range.isHighOpen ? range.high - std::max(1.0, std::abs(range.high)) : range.high;
    return range.low + (range.high - range.low) / 2;
}

/// The range with closed ends at whole numbers, empty if it holds none.
NumberRange wholeNumbersOf(NumberRange range)
{
    const double low = std::ceil(range.low);
    const double high = std::floor(range.high);
    range.low = low == range.low && range.isLowOpen && std::isfinite(low) ? low + 1 : low;
    range.high = high == range.high && range.isHighOpen && std::isfinite(high) ? high - 1 : high;
    range.isLowOpen = false;
    range.isHighOpen = false;
    return range;
}

bool holdsSomething(const NumberRange& range)
{
    const double inside = numberIn(range);
    return !range.isEmpty() && NumberRange{inside, inside}.isInside(range);
}

bool isTrimmed(const std::string& text)
{
    const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
    return text.empty() || (!isBlank(text.front()) && !isBlank(text.back()));
}

/// Whether a signal can yield the text.
bool canYield(const Signal& signal, const std::string& text)
{
    if (std::holds_alternative<HeaderSource>(signal.source))
        return isTrimmed(text);
    const auto* field = std::get_if<FieldSource>(&signal.source);
    return !field || field->field != RequestField::RequestedModel || !text.empty();
}

/// Texts that a comparison wants to be the whole value.
std::vector<std::string> wholeTexts(const Compare& compare)
{
    std::vector<std::string> texts;
    const auto* text = std::get_if<std::string>(&compare.value);
    if (text && (compare.op == CompareOp::Eq || compare.op == CompareOp::Ne))
        texts.push_back(*text);
    if (const auto* list = std::get_if<std::vector<Scalar>>(&compare.value)) {
        for (const Scalar& item : *list)
            texts.push_back(std::get<std::string>(item));
    }
    return texts;
}

/// Every text that a signal can yield; empty if there are any number of them.
std::vector<std::string> possibleTexts(const Signal& signal)
{
    if (std::holds_alternative<ScriptSource>(signal.source))
        return {scriptNames().begin(), scriptNames().end()};
    const auto* field = std::get_if<FieldSource>(&signal.source);
    if (!field || field->field != RequestField::LastRole)
        return {};
    std::vector<std::string> names;
    for (const Role role : {Role::System, Role::User, Role::Assistant, Role::Tool})
        names.emplace_back(nameOf(role));
    return names;
}

bool looksInside(CompareOp op)
{
    return op == CompareOp::Contains || op == CompareOp::Prefix || op == CompareOp::Suffix ||
           op == CompareOp::Matches;
}

/// What two signals that read the same have in common.
std::string sourceKey(const Signal& signal)
{
    Signal plain;
    plain.source = signal.source;
    if (auto* header = std::get_if<HeaderSource>(&plain.source))
        header->name = foldedAscii(header->name);
    return toCompactJsonText(toJson(plain));
}

void mergeSorted(std::vector<std::size_t>& into, const std::vector<std::size_t>& more)
{
    into.insert(into.end(), more.begin(), more.end());
    std::ranges::sort(into);
    into.erase(std::unique(into.begin(), into.end()), into.end());
}

} // namespace

RegionSpace::RegionSpace(const PolicyDocument& document)
    : m_document(document), m_program(document), m_slots(document.signalList.size())
{
    addStyle();
    addVariables();
    readComparisons();
    for (const Rule& rule : document.rules)
        m_ruleNodes.push_back(addCondition(claimedCondition(rule)));
    addScores();
    addLinks();
}

void RegionSpace::addStyle()
{
    std::string fallback = "balanced";
    const auto style = std::ranges::find_if(m_document.signalList, [](const Signal& signal) {
        return std::holds_alternative<StyleSource>(signal.source);
    });
    if (style != m_document.signalList.end())
        fallback = std::get<StyleSource>(style->source).fallback;
    Variable variable;
    variable.kind = Variable::Kind::Style;
    for (const char* name : kStyles) {
        variable.cells.push_back(textCell(ValueCell::Kind::Style, name));
        const auto own = answerToneOf(name);
        m_tones.push_back(own ? *own : answerToneOf(fallback).value_or(AnswerTone::Balanced));
    }
    m_variables.push_back(std::move(variable));
}

void RegionSpace::addVariables()
{
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < m_document.signalList.size(); ++i) {
        const Signal& signal = m_document.signalList[i];
        if (std::holds_alternative<StyleSource>(signal.source)) {
            m_variableOfSignal.push_back(kStyleVariable);
            continue;
        }
        const auto [place, isNew] = known.emplace(sourceKey(signal), m_variables.size());
        m_variableOfSignal.push_back(place->second);
        if (!isNew)
            continue;
        Variable variable;
        variable.signal = i;
        if (std::holds_alternative<ScoreSource>(signal.source))
            variable.kind = Variable::Kind::Score;
        m_variables.push_back(std::move(variable));
    }
}

std::size_t RegionSpace::atomOf(const Compare& compare)
{
    const auto [place, isNew] =
        m_atomOfText.emplace(toCompactJsonText(toJson(Condition{compare})), m_atoms.size());
    if (!isNew)
        return place->second;
    const auto entry = m_program.add({compare}, {});
    assert(entry.has_value() && "the document has no error");
    Atom atom;
    atom.compare = compare;
    atom.comparison = entry->first;
    atom.variable = m_variableOfSignal[m_program.signalOf(entry->first)];
    atom.byStyle = std::holds_alternative<ByStyle>(compare.value);
    m_atoms.push_back(std::move(atom));
    return place->second;
}

void RegionSpace::readComparisons()
{
    const auto read = [this](const Compare& compare) { atomOf(compare); };
    for (const Rule& rule : m_document.rules) {
        const Condition claimed = claimedCondition(rule);
        forEachCompare(claimed, read);
    }
    for (const Signal& signal : m_document.signalList) {
        if (const auto* score = std::get_if<ScoreSource>(&signal.source)) {
            for (const ScoreTerm& term : score->terms)
                forEachCompare(term.when, read);
        }
    }

    std::vector<std::vector<std::size_t>> atomsOf(m_variables.size());
    for (std::size_t i = 0; i < m_atoms.size(); ++i)
        atomsOf[m_atoms[i].variable].push_back(i);
    for (std::size_t v = kStyleVariable + 1; v < m_variables.size(); ++v) {
        Variable& variable = m_variables[v];
        const Signal& signal = m_document.signalList[variable.signal];
        if (!isAlwaysThere(signal))
            variable.cells.push_back(missingCell());
        switch (valueTypeOf(signal)) {
        case ValueType::Number: {
            std::vector<double> limits;
            for (const std::size_t atom : atomsOf[v])
                std::ranges::copy(m_program.limitsOf(m_atoms[atom].comparison),
                                  std::back_inserter(limits));
            cutNumbers(variable, signal, std::move(limits));
            break;
        }
        case ValueType::Boolean:
            variable.cells.push_back(booleanCell(false));
            variable.cells.push_back(booleanCell(true));
            break;
        case ValueType::String:
            cutTexts(variable, signal, atomsOf[v]);
            break;
        }
    }
    for (std::size_t i = 0, count = m_atoms.size(); i < count; ++i)
        judge(i);
}

void RegionSpace::cutNumbers(Variable& variable, const Signal& signal,
                             std::vector<double> limits) const
{
    const NumberDomain domain = numberDomainOf(signal);
    variable.isWhole = domain.isWhole;
    std::ranges::sort(limits);
    limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
    const auto addCell = [&](NumberRange range) {
        range.intersect(domain.values);
        if (domain.isWhole)
            range = wholeNumbersOf(range);
        if (range.isEmpty() || !holdsSomething(range))
            return;
        ValueCell cell;
        cell.kind = ValueCell::Kind::Number;
        cell.range = range;
        variable.cells.push_back(std::move(cell));
    };
    double below = -kInfinity;
    for (const double limit : limits) {
        addCell({below, limit, true, true});
        addCell({limit, limit});
        below = limit;
    }
    addCell({below, kInfinity, true, true});
    if (variable.cells.empty() || variable.cells.back().kind == ValueCell::Kind::Missing)
        addCell({}); // a domain of one number that is no end of an open range
}

void RegionSpace::cutTexts(Variable& variable, const Signal& signal,
                           const std::vector<std::size_t>& atoms) const
{
    if (const std::vector<std::string> names = possibleTexts(signal); !names.empty()) {
        for (const std::string& name : names)
            variable.cells.push_back(textCell(ValueCell::Kind::Text, name));
        return;
    }
    std::vector<std::string> spelled;
    std::vector<std::string> anyCase;
    for (const std::size_t atom : atoms) {
        for (std::string& text : wholeTexts(m_atoms[atom].compare)) {
            if (m_atoms[atom].compare.ignoreCase)
                anyCase.push_back(foldedAscii(text));
            spelled.push_back(std::move(text));
        }
    }
    const auto makeUnique = [](std::vector<std::string>& texts) {
        std::ranges::sort(texts);
        texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    };
    makeUnique(spelled);
    makeUnique(anyCase);
    for (const std::string& text : spelled) {
        if (canYield(signal, text))
            variable.cells.push_back(textCell(ValueCell::Kind::Text, text));
    }
    for (const std::string& text : anyCase) {
        const auto letters =
            std::ranges::count_if(text, [](char c) { return c >= 'a' && c <= 'z'; });
        const auto taken = std::ranges::count_if(
            spelled, [&](const std::string& each) { return foldedAscii(each) == text; });
        if (canYield(signal, text) && (letters > kManyLetters || taken < (1L << letters)))
            variable.cells.push_back(textCell(ValueCell::Kind::OtherSpelling, text));
    }
    variable.cells.push_back(textCell(ValueCell::Kind::OtherText));
}

void RegionSpace::judgeStyle(Atom& atom)
{
    const Signal* signal = m_document.findSignal(atom.compare.signal);
    const std::string& fallback = std::get<StyleSource>(signal->source).fallback;
    for (std::size_t cell = 0; cell < kStyleCells; ++cell) {
        const std::string style = kStyles[cell];
        if (holds(atom, SignalSlot::ofText(style.empty() ? fallback : style), m_tones[cell]))
            atom.holds[0].add(cell);
    }
}

void RegionSpace::judge(std::size_t index)
{
    Atom atom = std::move(m_atoms[index]);
    const Variable& variable = m_variables[atom.variable];
    for (CellSet& set : atom.holds)
        set = CellSet(variable.cells.size());
    atom.open = CellSet(variable.cells.size());
    if (variable.kind == Variable::Kind::Style) {
        judgeStyle(atom);
        m_atoms[index] = std::move(atom);
        return;
    }
    const CompareOp op = atom.compare.op;
    const auto* part = std::get_if<std::string>(&atom.compare.value);
    const bool isTrivial = looksInside(op) && op != CompareOp::Matches && part && part->empty();
    for (std::size_t c = 0; c < variable.cells.size(); ++c) {
        const ValueCell& cell = variable.cells[c];
        const auto judgeValue = [&](const SignalSlot& value) {
            for (const AnswerTone tone : kTones) {
                if (holds(atom, value, tone))
                    atom.holds[static_cast<std::size_t>(tone)].add(c);
            }
        };
        switch (cell.kind) {
        case ValueCell::Kind::Missing:
        case ValueCell::Kind::Style:
            break;
        case ValueCell::Kind::Number:
            judgeValue(SignalSlot::ofNumber(numberIn(cell.range)));
            break;
        case ValueCell::Kind::Boolean:
            judgeValue(SignalSlot::ofBoolean(cell.truth));
            break;
        case ValueCell::Kind::Text:
            judgeValue(SignalSlot::ofText(cell.text));
            break;
        case ValueCell::Kind::OtherSpelling:
        case ValueCell::Kind::OtherText:
            if (op == CompareOp::Exists || op == CompareOp::Ne || isTrivial)
                atom.holds[0].add(c);
            if (cell.kind == ValueCell::Kind::OtherSpelling && atom.compare.ignoreCase) {
                atom.holds[0].remove(c);
                judgeValue(SignalSlot::ofText(cell.text));
            } else if (looksInside(op) && !isTrivial) {
                atom.open.add(c);
            }
            break;
        }
    }
    if (!atom.open.isEmpty()) {
        atom.openVariable = m_variables.size();
        Variable open;
        open.kind = Variable::Kind::Open;
        open.signal = variable.signal;
        open.atom = index;
        open.cells = {booleanCell(false), booleanCell(true)};
        m_variables.push_back(std::move(open));
    }
    m_atoms[index] = std::move(atom);
}

bool RegionSpace::holds(const Atom& atom, const SignalSlot& value, AnswerTone tone) const
{
    SignalSlot& slot = m_slots[m_program.signalOf(atom.comparison)];
    slot = value;
    const bool holds = m_program.comparisonHolds(atom.comparison, m_slots, tone);
    slot = {};
    return holds;
}

std::size_t RegionSpace::addNode(Node::Kind kind, std::vector<std::size_t> children)
{
    Node node;
    node.kind = kind;
    for (const std::size_t child : children)
        mergeSorted(node.variables, m_nodes[child].variables);
    node.children = std::move(children);
    m_nodes.push_back(std::move(node));
    return m_nodes.size() - 1;
}

std::size_t RegionSpace::addCondition(const Condition& condition)
{
    static_assert(std::variant_size_v<decltype(Condition::node)> == 4, "make a node of it");
    const auto addParts = [this](Node::Kind kind, const std::vector<Condition>& parts) {
        std::vector<std::size_t> children;
        for (const Condition& part : parts)
            children.push_back(addCondition(part));
        return addNode(kind, std::move(children));
    };
    if (const auto* all = std::get_if<All>(&condition.node))
        return addParts(Node::Kind::All, all->conditions);
    if (const auto* any = std::get_if<Any>(&condition.node))
        return addParts(Node::Kind::Any, any->conditions);
    if (const auto* negated = std::get_if<Not>(&condition.node))
        return addNode(Node::Kind::Not, {addCondition(*negated->condition)});
    const std::size_t index = atomOf(std::get<Compare>(condition.node));
    const Atom& atom = m_atoms[index];
    Node node;
    node.kind = Node::Kind::Atom;
    node.atom = index;
    node.variables = {atom.variable};
    if (atom.openVariable)
        node.variables.push_back(*atom.openVariable);
    if (atom.byStyle)
        mergeSorted(node.variables, {kStyleVariable});
    m_nodes.push_back(std::move(node));
    return m_nodes.size() - 1;
}

std::size_t RegionSpace::addMembership(std::size_t variable, CellSet cells)
{
    Atom atom;
    atom.variable = variable;
    atom.open = CellSet(cells.size());
    atom.holds[0] = std::move(cells);
    m_atoms.push_back(std::move(atom));
    Node node;
    node.kind = Node::Kind::Atom;
    node.atom = m_atoms.size() - 1;
    node.variables = {variable};
    m_nodes.push_back(std::move(node));
    return m_nodes.size() - 1;
}

void RegionSpace::addScores()
{
    for (std::size_t v = 0; v < m_variables.size(); ++v) {
        if (m_variables[v].kind != Variable::Kind::Score)
            continue;
        const auto& source =
            std::get<ScoreSource>(m_document.signalList[m_variables[v].signal].source);
        Score score = {v, source.base, source.min, source.max, {}};
        for (const ScoreTerm& term : source.terms)
            score.terms.push_back({term.add, addCondition(term.when)});
        m_scores.push_back(std::move(score));
    }
}

void RegionSpace::addLinks()
{
    RegionLinks links = linksOf(*this);
    m_implications = std::move(links.implications);
    m_bounds = std::move(links.bounds);
}

std::size_t RegionSpace::cellOfNumber(std::size_t variable, double value) const
{
    // Cells of numbers stand in rising order, behind the one for missing.
    const std::vector<ValueCell>& cells = m_variables[variable].cells;
    const auto isBelow = [value](const ValueCell& cell) {
        return cell.kind == ValueCell::Kind::Missing || cell.range.high < value ||
               (cell.range.high == value && cell.range.isHighOpen);
    };
    const auto found = std::ranges::partition_point(cells, isBelow);
    return static_cast<std::size_t>(found - cells.begin());
}

std::optional<std::size_t> RegionSpace::cellOf(std::size_t variable, const SignalSlot& value) const
{
    const std::vector<ValueCell>& cells = m_variables[variable].cells;
    const auto find = [&](const auto& isIt) -> std::optional<std::size_t> {
        const auto found = std::ranges::find_if(cells, isIt);
        return found == cells.end()
                   ? std::nullopt
                   : std::optional(static_cast<std::size_t>(found - cells.begin()));
    };
    switch (value.kind) {
    case SignalSlot::Kind::Missing:
        return find([](const ValueCell& cell) { return cell.kind == ValueCell::Kind::Missing; });
    case SignalSlot::Kind::Number: {
        const std::size_t cell = cellOfNumber(variable, value.number);
        const NumberRange point = {value.number, value.number};
        return cell < cells.size() && point.isInside(cells[cell].range) ? std::optional(cell)
                                                                        : std::nullopt;
    }
    case SignalSlot::Kind::Boolean:
        return find([&](const ValueCell& cell) {
            return cell.kind == ValueCell::Kind::Boolean && cell.truth == (value.number != 0);
        });
    case SignalSlot::Kind::String:
        break;
    }
    if (const auto exact = find([&](const ValueCell& cell) {
            return cell.kind == ValueCell::Kind::Text && cell.text == value.text;
        }))
        return exact;
    const std::string folded = foldedAscii(std::string(value.text));
    if (const auto other = find([&](const ValueCell& cell) {
            return cell.kind == ValueCell::Kind::OtherSpelling && cell.text == folded;
        }))
        return other;
    return find([](const ValueCell& cell) { return cell.kind == ValueCell::Kind::OtherText; });
}

std::size_t RegionSpace::styleCellOf(const Request& request)
{
    const std::string style = request.style.value_or("");
    const auto found = std::ranges::find(kStyles, style);
    return found == kStyles.end() ? kStyleCells - 1
                                  : static_cast<std::size_t>(found - kStyles.begin());
}

} // namespace signalbox
