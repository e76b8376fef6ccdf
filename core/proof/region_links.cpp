// SPDX-License-Identifier: Apache-2.0
#include "region_links.h"

#include "pattern_example.h"
#include "time_windows.h"

#include <core/base/ascii.h>
#include <core/base/utf8.h>
#include <core/policy/names.h>
#include <core/routing/script_of.h>
#include <core/routing/text_matcher.h>
#include <core/routing/text_measures.h>

#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kMostPredicates = 400; ///< compared in pairs
constexpr std::size_t kMostWindows = 60;     ///< likewise
constexpr double kLeastAboveZero = std::numeric_limits<double>::denorm_min();

/// Something that a text has or has not.
struct Predicate
{
    std::size_t variable = 0;
    TextScope scope = TextScope::LastUser;
    std::vector<std::string> literals; ///< one of them stands in the text; none for an expression
    bool isWord = false;               ///< as words of their own
    bool ignoreCase = false;
    const RegexSource* expression = nullptr;
    bool mindsPlace = false; ///< it has to stand at the start or the end
    std::size_t leastChars = 0;
    std::size_t leastWords = 0;
    std::size_t leastLines = 0;
    std::shared_ptr<const re2::RE2> compiled;
};

Predicate literalPredicate(std::size_t variable, TextScope scope, std::vector<std::string> literals)
{
    Predicate predicate;
    predicate.variable = variable;
    predicate.scope = scope;
    predicate.literals = std::move(literals);
    const auto least = [&](const auto& measure) {
        std::size_t fewest = std::numeric_limits<std::size_t>::max();
        for (const std::string& literal : predicate.literals)
            fewest = std::min(fewest, measure(literal));
        return predicate.literals.empty() ? 0 : fewest;
    };
    predicate.leastChars = least([](const std::string& text) { return codePointCount(text); });
    predicate.leastWords = least([](const std::string& text) { return countWords(text); });
    predicate.leastLines = least([](const std::string& text) { return countLines(text); });
    return predicate;
}

std::optional<Predicate> predicateOf(std::size_t variable, const Signal& signal)
{
    if (const auto* contains = std::get_if<ContainsSource>(&signal.source))
        return literalPredicate(variable, contains->scope, {contains->text});
    if (const auto* keywords = std::get_if<KeywordsSource>(&signal.source)) {
        Predicate predicate = literalPredicate(variable, keywords->scope, keywords->anyOf);
        predicate.isWord = keywords->match == KeywordMatch::Word;
        predicate.ignoreCase = true;
        return predicate;
    }
    const auto* regex = std::get_if<RegexSource>(&signal.source);
    if (!regex)
        return std::nullopt;
    const auto example = PatternExample::read(regex->pattern);
    if (!example)
        return std::nullopt;
    Predicate predicate;
    predicate.variable = variable;
    predicate.scope = regex->scope;
    predicate.expression = regex;
    predicate.mindsPlace = example->hasAnchors();
    predicate.leastChars = example->leastChars();
    predicate.leastLines = predicate.leastChars > 0 ? 1 : 0;
    if (auto compiled = compileExpression(regex->pattern, regex->ignoreCase))
        predicate.compiled = std::move(*compiled);
    return predicate;
}

/// Whether `part` stands in every text in which `whole` does, the latter as a word of its own or
/// anywhere.
bool standsIn(const std::string& part, bool asWord, const std::string& whole, bool isWholeWord)
{
    for (std::size_t at = whole.find(part); at != std::string::npos;
         at = whole.find(part, at + 1)) {
        if (!asWord || part.empty())
            return true;
        const std::size_t end = at + part.size();
        const auto isFree = [&](bool minds, bool isInside, char neighbour, bool atWordEdge) {
            if (!minds)
                return true;
            return isInside ? !isAsciiWordByte(neighbour) : isWholeWord && atWordEdge;
        };
        const bool startsFree =
            isFree(isAsciiWordByte(part.front()), at > 0, at > 0 ? whole[at - 1] : ' ',
                   isAsciiWordByte(whole.front()));
        const bool endsFree =
            isFree(isAsciiWordByte(part.back()), end < whole.size(),
                   end < whole.size() ? whole[end] : ' ', isAsciiWordByte(whole.back()));
        if (startsFree && endsFree)
            return true;
    }
    return false;
}

/// Whether the second holds for every text for which the first does.
bool implies(const Predicate& first, const Predicate& second)
{
    if (first.expression || first.literals.empty())
        return false;
    return std::ranges::all_of(first.literals, [&](const std::string& whole) {
        if (second.expression)
            return !second.mindsPlace && second.compiled &&
                   (!first.ignoreCase || second.expression->ignoreCase) &&
                   matchesSomewhere(*second.compiled, whole);
        if (first.ignoreCase && !second.ignoreCase)
            return false;
        const auto folded = [&](const std::string& text) {
            return second.ignoreCase ? foldedAscii(text) : text;
        };
        return std::ranges::any_of(second.literals, [&](const std::string& part) {
            return standsIn(folded(part), second.isWord, folded(whole), first.isWord);
        });
    });
}

/// Whether what stands in a text of the first scope also stands in the second one's.
bool isInside(TextScope inner, TextScope outer)
{
    return (inner == TextScope::LastUser && outer == TextScope::AllUser) ||
           (inner != TextScope::All && outer == TextScope::All);
}

class Linker
{
public:
    explicit Linker(const RegionSpace& space) : m_space(space), m_used(space.variables().size())
    {
        for (const RegionSpace::Atom& atom : space.atoms())
            m_used[atom.variable] = true;
    }

    RegionLinks link()
    {
        collect();
        linkMeasures();
        linkScopes();
        linkFields();
        linkRoles();
        linkScripts();
        linkWindows();
        linkPredicates();
        linkSent();
        linkOpenTexts();
        return std::move(m_links);
    }

private:
    using Least = double (*)(double);
    struct Window
    {
        std::size_t variable;
        const TimeWindowSource* source;
    };

    void collect()
    {
        const auto& variables = m_space.variables();
        for (std::size_t v = 0; v < variables.size(); ++v) {
            if (!m_used[v] || variables[v].kind != RegionSpace::Variable::Kind::Signal)
                continue;
            const Signal& signal = m_space.document().signalList[variables[v].signal];
            if (const auto* measure = std::get_if<MeasureSource>(&signal.source))
                m_measures[{measure->scope, measure->measure}] = v;
            else if (const auto* field = std::get_if<FieldSource>(&signal.source);
                     field && field->role)
                m_roles[*field->role] = v;
            else if (field)
                m_fields[field->field] = v;
            else if (const auto* script = std::get_if<ScriptSource>(&signal.source))
                m_scripts[script->scope] = v;
            else if (const auto* window = std::get_if<TimeWindowSource>(&signal.source))
                m_windows.push_back({v, window});
            else if (auto predicate = predicateOf(v, signal))
                m_predicates.push_back(std::move(*predicate));
        }
    }

    [[nodiscard]] std::optional<std::size_t> find(TextScope scope, TextMeasure measure) const
    {
        const auto found = m_measures.find({scope, measure});
        return found == m_measures.end() ? std::nullopt : std::optional(found->second);
    }
    [[nodiscard]] std::optional<std::size_t> find(RequestField field) const
    {
        const auto found = m_fields.find(field);
        return found == m_fields.end() ? std::nullopt : std::optional(found->second);
    }

    [[nodiscard]] std::optional<std::size_t> find(Role role) const
    {
        const auto found = m_roles.find(role);
        return found == m_roles.end() ? std::nullopt : std::optional(found->second);
    }

    void bound(std::optional<std::size_t> smaller, std::optional<std::size_t> larger, Least least,
               Least most)
    {
        if (smaller && larger)
            m_links.bounds.push_back({*smaller, *larger, least, most});
    }
    void notAbove(std::optional<std::size_t> smaller, std::optional<std::size_t> larger)
    {
        bound(smaller, larger, [](double x) { return x; }, [](double y) { return y; });
    }
    /// If the one is above 0, the other is.
    void needs(std::optional<std::size_t> smaller, std::optional<std::size_t> larger)
    {
        bound(
            smaller, larger, [](double x) { return x > 0 ? 1.0 : 0.0; },
            [](double y) { return y >= 1 ? kInfinity : 0.0; });
    }

    /// Measures of one text.
    void linkMeasures()
    {
        for (const TextScope scope :
             {TextScope::LastUser, TextScope::AllUser, TextScope::System, TextScope::All}) {
            const auto chars = find(scope, TextMeasure::Chars);
            const auto words = find(scope, TextMeasure::Words);
            const auto tokens = find(scope, TextMeasure::Tokens);
            const auto lines = find(scope, TextMeasure::Lines);
            const auto code = find(scope, TextMeasure::CodeShare);
            bound(
                chars, tokens, [](double x) { return std::ceil(x / 4); },
                [](double y) { return 4 * y; });
            bound(
                tokens, chars, [](double x) { return x <= 0 ? 0.0 : 4 * x - 3; },
                [](double y) { return std::floor((y + 3) / 4); });
            // Something stands between two words.
            bound(
                words, chars, [](double x) { return x <= 0 ? 0.0 : 2 * x - 1; },
                [](double y) { return std::floor((y + 1) / 2); });
            bound(
                words, tokens, [](double x) { return x <= 0 ? 0.0 : std::ceil((2 * x - 1) / 4); },
                [](double y) { return std::floor((4 * y + 1) / 2); });
            notAbove(lines, chars);
            bound(
                lines, tokens, [](double x) { return std::ceil(x / 4); },
                [](double y) { return 4 * y; });
            needs(chars, lines);
            needs(words, lines);
            // A fence has three characters.
            bound(
                code, chars, [](double x) { return x > 0 ? 3.0 : 0.0; },
                [](double y) { return y >= 3 ? kInfinity : 0.0; });
            needs(code, tokens);
            needs(code, lines);
        }
    }

    void linkScopes()
    {
        const bool isFirstOnly = m_space.document().decideBy == DecisionUnit::Conversation;
        for (const TextMeasure measure :
             {TextMeasure::Chars, TextMeasure::Words, TextMeasure::Tokens, TextMeasure::Lines}) {
            const auto last = find(TextScope::LastUser, measure);
            const auto user = find(TextScope::AllUser, measure);
            const auto all = find(TextScope::All, measure);
            notAbove(last, user);
            notAbove(last, all);
            notAbove(user, all);
            notAbove(find(TextScope::System, measure), all);
            if (isFirstOnly)
                notAbove(user, last); // there is one user message
        }
    }

    void linkFields()
    {
        const auto turn = find(RequestField::Turn);
        const auto messages = find(RequestField::Messages);
        notAbove(turn, messages);
        for (const auto& [key, variable] : m_measures) {
            needs(variable, messages);
            if (key.first == TextScope::LastUser || key.first == TextScope::AllUser)
                needs(variable, turn);
        }
        if (const auto images = find(RequestField::HasImages); images && messages)
            implyAtLeast(*images, *messages, 1);
        if (turn && m_space.document().decideBy == DecisionUnit::Conversation) {
            CellSet few(cellsOf(*turn));
            few.addRange(0, std::min(m_space.cellOfNumber(*turn, 1) + 1, few.size()));
            always(*turn, std::move(few));
        }
    }

    /// How many messages each role has, and which one has the last.
    void linkRoles()
    {
        const auto messages = find(RequestField::Messages);
        const auto turn = find(RequestField::Turn);
        const auto last = find(RequestField::LastRole);
        notAbove(turn, find(Role::User));
        notAbove(find(Role::User), turn);
        for (const auto& [key, variable] : m_measures) {
            if (key.first == TextScope::LastUser || key.first == TextScope::AllUser)
                needs(variable, find(Role::User));
            else if (key.first == TextScope::System)
                needs(variable, find(Role::System));
        }
        for (const auto& [role, count] : m_roles) {
            notAbove(count, messages);
            if (last)
                linkLast(*last, role, count);
        }
        if (!last)
            return;
        // There is a last message as soon as there is any.
        for (const auto number : {messages, turn}) {
            if (number)
                m_links.implications.push_back({*last, missing(*last), *number, none(*number)});
        }
        for (const auto& [key, variable] : m_measures)
            m_links.implications.push_back({*last, missing(*last), variable, none(variable)});
        if (messages)
            m_links.implications.push_back({*last, there(*last), *messages, some(*messages)});
        if (turn)
            m_links.implications.push_back(
                {*last, roleCell(*last, Role::User), *turn, some(*turn)});
    }

    /// The last message is one of its role.
    void linkLast(std::size_t last, Role role, std::size_t count)
    {
        m_links.implications.push_back({last, roleCell(last, role), count, some(count)});
        m_links.implications.push_back({last, missing(last), count, none(count)});
    }

    [[nodiscard]] CellSet missing(std::size_t variable) const
    {
        return CellSet::only(cellsOf(variable), 0);
    }
    [[nodiscard]] CellSet roleCell(std::size_t last, Role role) const
    {
        return textCell(last, nameOf(role));
    }
    [[nodiscard]] CellSet textCell(std::size_t variable, std::string_view text) const
    {
        const auto& cells = m_space.variables()[variable].cells;
        const auto found = std::ranges::find_if(cells, [text](const ValueCell& cell) {
            return cell.kind == ValueCell::Kind::Text && cell.text == text;
        });
        return CellSet::only(cells.size(), static_cast<std::size_t>(found - cells.begin()));
    }
    /// The cells of a count that hold 0, or something above it.
    [[nodiscard]] CellSet none(std::size_t count) const
    {
        return CellSet::only(cellsOf(count), m_space.cellOfNumber(count, 0));
    }
    [[nodiscard]] CellSet some(std::size_t count) const
    {
        CellSet set(cellsOf(count));
        set.addRange(std::min(m_space.cellOfNumber(count, kLeastAboveZero), set.size()),
                     set.size());
        return set;
    }

    /// A text without letters has no words but of digits, one without words no letters.
    void linkScripts()
    {
        for (const auto& [scope, script] : m_scripts) {
            const CellSet letters = CellSet::all(cellsOf(script)) - textCell(script, "none");
            for (const auto& [key, measure] : m_measures) {
                if (key.second != TextMeasure::CodeShare &&
                    (key.first == scope || isInside(scope, key.first)))
                    m_links.implications.push_back({script, letters, measure, some(measure)});
            }
            const bool isUsers = scope == TextScope::LastUser || scope == TextScope::AllUser;
            for (const auto count :
                 {find(RequestField::Messages), isUsers ? find(RequestField::Turn) : std::nullopt,
                  isUsers                      ? find(Role::User)
                  : scope == TextScope::System ? find(Role::System)
                                               : std::nullopt}) {
                if (count)
                    m_links.implications.push_back({script, letters, *count, some(*count)});
            }
            for (const auto& [outer, wider] : m_scripts) {
                if (isInside(scope, outer))
                    m_links.implications.push_back(
                        {script, letters, wider,
                         CellSet::all(cellsOf(wider)) - textCell(wider, "none")});
            }
        }
        for (const Predicate& predicate : m_predicates) {
            if (predicate.expression || !std::ranges::all_of(predicate.literals, hasLetter))
                continue;
            for (const auto& [scope, script] : m_scripts) {
                if (scope == predicate.scope || isInside(predicate.scope, scope))
                    m_links.implications.push_back(
                        {predicate.variable, truthCell(predicate.variable, true), script,
                         CellSet::all(cellsOf(script)) - textCell(script, "none")});
            }
        }
    }

    [[nodiscard]] static bool hasLetter(const std::string& text)
    {
        return scriptOf(text) != scriptNames().back();
    }

    /// A request says when it came in, or it does not; windows of one zone are open together or not.
    void linkWindows()
    {
        constexpr std::size_t kFirstTruth = 1; // behind the cell for missing: closed, open
        if (m_windows.size() > kMostWindows)
            return;
        for (const Window& first : m_windows) {
            for (const Window& second : m_windows) {
                if (&first != &second)
                    m_links.implications.push_back({first.variable, missing(first.variable),
                                                    second.variable, missing(second.variable)});
                if (first.source->zone != second.source->zone)
                    continue;
                const JointTruths seen = jointTruths(*first.source, *second.source);
                for (std::size_t truth = 0; truth < 2; ++truth) {
                    CellSet others(cellsOf(second.variable));
                    for (std::size_t other = 0; other < 2; ++other) {
                        if (seen[truth][other])
                            others.add(kFirstTruth + other);
                    }
                    m_links.implications.push_back(
                        {first.variable,
                         CellSet::only(cellsOf(first.variable), kFirstTruth + truth),
                         second.variable, std::move(others)});
                }
            }
        }
    }

    [[nodiscard]] std::size_t cellsOf(std::size_t variable) const
    {
        return m_space.variables()[variable].cells.size();
    }
    void always(std::size_t variable, CellSet cells)
    {
        m_links.implications.push_back({RegionSpace::kStyleVariable,
                                        CellSet::all(RegionSpace::kStyleCells), variable,
                                        std::move(cells)});
    }
    [[nodiscard]] CellSet truthCell(std::size_t variable, bool truth) const
    {
        return CellSet::only(cellsOf(variable), truth ? 1 : 0);
    }
    /// If the boolean is true, the number is at least this.
    void implyAtLeast(std::size_t boolean, std::size_t number, double least)
    {
        CellSet enough(cellsOf(number));
        enough.addRange(std::min(m_space.cellOfNumber(number, least), enough.size()),
                        enough.size());
        m_links.implications.push_back(
            {boolean, truthCell(boolean, true), number, std::move(enough)});
    }

    void linkPredicates()
    {
        for (const Predicate& predicate : m_predicates) {
            linkToMeasures(predicate);
            if (predicate.expression && predicate.leastChars == 0 && !predicate.mindsPlace)
                always(predicate.variable, truthCell(predicate.variable, true));
        }
        if (m_predicates.size() > kMostPredicates)
            return;
        for (const Predicate& first : m_predicates) {
            for (const Predicate& second : m_predicates) {
                const bool isSameText = first.scope == second.scope && implies(first, second);
                // A line end of the text may lie between two messages of the inner scope.
                const bool isWider =
                    isInside(first.scope, second.scope) &&
                    (first.scope == TextScope::LastUser || staysInMessage(first)) &&
                    (implies(first, second) || isSameExpression(first, second));
                if (&first != &second && (isSameText || isWider))
                    m_links.implications.push_back({first.variable, truthCell(first.variable, true),
                                                    second.variable,
                                                    truthCell(second.variable, true)});
            }
        }
    }

    [[nodiscard]] static bool staysInMessage(const Predicate& predicate)
    {
        return !predicate.expression &&
               std::ranges::all_of(predicate.literals, [](const std::string& literal) {
                   return literal.find('\n') == std::string::npos;
               });
    }
    [[nodiscard]] static bool isSameExpression(const Predicate& first, const Predicate& second)
    {
        return first.expression && second.expression && !first.mindsPlace &&
               first.scope == TextScope::LastUser &&
               first.expression->pattern == second.expression->pattern &&
               (second.expression->ignoreCase || !first.expression->ignoreCase);
    }

    void linkToMeasures(const Predicate& predicate)
    {
        const auto least = [&](TextMeasure measure) -> std::size_t {
            switch (measure) {
            case TextMeasure::Chars:
                return predicate.leastChars;
            case TextMeasure::Words:
                return predicate.leastWords;
            case TextMeasure::Tokens:
                return (predicate.leastChars + 3) / 4;
            case TextMeasure::Lines:
                return predicate.leastLines;
            case TextMeasure::CodeShare:
                break;
            }
            return 0;
        };
        for (const auto& [key, variable] : m_measures) {
            const std::size_t fewest = least(key.second);
            if (fewest > 0 &&
                (key.first == predicate.scope || isInside(predicate.scope, key.first)))
                implyAtLeast(predicate.variable, variable, static_cast<double>(fewest));
        }
        if (predicate.leastChars == 0)
            return;
        if (const auto messages = find(RequestField::Messages))
            implyAtLeast(predicate.variable, *messages, 1);
        const auto turn = find(RequestField::Turn);
        if (turn &&
            (predicate.scope == TextScope::LastUser || predicate.scope == TextScope::AllUser))
            implyAtLeast(predicate.variable, *turn, 1);
    }

    /// A metadata value has one type, and a header that is a number is a text, too.
    void linkSent()
    {
        const auto& variables = m_space.variables();
        std::map<std::string, std::vector<std::size_t>> metadata;
        std::map<std::string, std::vector<std::size_t>> headers;
        for (std::size_t v = 0; v < variables.size(); ++v) {
            if (!m_used[v] || variables[v].kind != RegionSpace::Variable::Kind::Signal)
                continue;
            const Signal& signal = m_space.document().signalList[variables[v].signal];
            if (const auto* entry = std::get_if<MetadataSource>(&signal.source))
                metadata[entry->key].push_back(v);
            else if (const auto* header = std::get_if<HeaderSource>(&signal.source))
                headers[foldedAscii(header->name)].push_back(v);
        }
        for (const auto& [key, readers] : metadata)
            excludeEachOther(readers);
        for (const auto& [name, readers] : headers) {
            std::vector<std::size_t> parsed;
            std::optional<std::size_t> text;
            for (const std::size_t reader : readers) {
                if (valueTypeOf(m_space.document().signalList[variables[reader].signal]) ==
                    ValueType::String)
                    text = reader;
                else
                    parsed.push_back(reader);
            }
            excludeEachOther(parsed);
            for (const std::size_t reader : parsed) {
                if (text)
                    m_links.implications.push_back({reader, there(reader), *text, there(*text)});
            }
        }
    }

    [[nodiscard]] CellSet there(std::size_t variable) const
    {
        CellSet set(cellsOf(variable));
        set.addRange(1, set.size()); // the first cell is the one for missing
        return set;
    }
    void excludeEachOther(const std::vector<std::size_t>& readers)
    {
        for (const std::size_t first : readers) {
            for (const std::size_t second : readers) {
                if (first < second)
                    m_links.implications.push_back(
                        {first, there(first), second, CellSet::only(cellsOf(second), 0)});
            }
        }
    }

    /// What a text that stands nowhere begins with, ends with and contains.
    void linkOpenTexts()
    {
        std::vector<const RegionSpace::Atom*> open;
        for (const RegionSpace::Atom& atom : m_space.atoms()) {
            if (atom.openVariable && atom.compare.op != CompareOp::Matches)
                open.push_back(&atom);
        }
        if (open.size() > kMostPredicates)
            return;
        for (const RegionSpace::Atom* first : open) {
            for (const RegionSpace::Atom* second : open) {
                if (first == second || first->variable != second->variable)
                    continue;
                if (partImplies(first->compare, second->compare))
                    linkOpen(*first, *second, true);
                else if (first < second && partExcludes(first->compare, second->compare))
                    linkOpen(*first, *second, false);
            }
        }
    }

    void linkOpen(const RegionSpace::Atom& first, const RegionSpace::Atom& second, bool truth)
    {
        m_links.implications.push_back({*first.openVariable, truthCell(*first.openVariable, true),
                                        *second.openVariable,
                                        truthCell(*second.openVariable, truth)});
    }

    [[nodiscard]] static std::string partOf(const Compare& compare, bool ignoreCase)
    {
        const std::string& text = std::get<std::string>(compare.value);
        return ignoreCase ? foldedAscii(text) : text;
    }

    [[nodiscard]] static bool partImplies(const Compare& first, const Compare& second)
    {
        if (first.ignoreCase && !second.ignoreCase)
            return false;
        const std::string whole = partOf(first, second.ignoreCase);
        const std::string part = partOf(second, second.ignoreCase);
        if (second.op == CompareOp::Contains)
            return whole.find(part) != std::string::npos;
        return first.op == second.op &&
               (second.op == CompareOp::Prefix ? whole.starts_with(part) : whole.ends_with(part));
    }

    [[nodiscard]] static bool partExcludes(const Compare& first, const Compare& second)
    {
        if (first.op != second.op || first.op == CompareOp::Contains)
            return false;
        const bool ignoreCase = first.ignoreCase || second.ignoreCase;
        const std::string a = partOf(first, ignoreCase);
        const std::string b = partOf(second, ignoreCase);
        return first.op == CompareOp::Prefix ? !a.starts_with(b) && !b.starts_with(a)
                                             : !a.ends_with(b) && !b.ends_with(a);
    }

    const RegionSpace& m_space;
    std::vector<bool> m_used;
    std::map<std::pair<TextScope, TextMeasure>, std::size_t> m_measures;
    std::map<RequestField, std::size_t> m_fields;
    std::map<Role, std::size_t> m_roles; ///< counts of messages
    std::map<TextScope, std::size_t> m_scripts;
    std::vector<Window> m_windows;
    std::vector<Predicate> m_predicates;
    RegionLinks m_links;
};

} // namespace

RegionLinks linksOf(const RegionSpace& space)
{
    return Linker(space).link();
}

} // namespace signalbox
