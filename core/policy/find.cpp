// SPDX-License-Identifier: Apache-2.0
#include "find.h"

#include "condition_text.h"
#include "document_uses.h"

#include <core/base/ascii.h>
#include <core/base/json_path.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace signalbox {

namespace {

enum class UseOf { Signal, Model, Rule };

/// Of the model at a provider: with another one the price, the keys and all measures would be
/// wrong, and nothing would say so.
constexpr const char* kOwnPrice =
    "The price is that of this provider and this name there; change them in the model's fields.";

bool exists(const PolicyDocument& document, UseOf what, const std::string& id)
{
    switch (what) {
    case UseOf::Signal:
        return document.findSignal(SignalId(id)) != nullptr;
    case UseOf::Model:
        return document.findModel(ModelId(id)) != nullptr;
    case UseOf::Rule:
        break;
    }
    return document.findRule(RuleId(id)) != nullptr;
}

/// Visits every text of a document that somebody wrote, in document order:
/// - text(kind, path, std::string&)
/// - number(path, double&)
/// - id(what, path, id&), the definition of a thing
/// - use(what, path, id&)
/// - fixed(path, const std::string&, sentence), found and not replaced here
template<class Document, class Visitor> class TextWalk
{
public:
    TextWalk(Document& document, Visitor& visitor) : m_document(document), m_visitor(visitor) {}

    void run()
    {
        const JsonPath root;
        m_visitor.fixed(FindKind::Setting, root.member("id"), m_document.id,
                        "The policy's id names its history; change it in its own field.");
        m_visitor.text(FindKind::Name, root.member("name"), m_document.name);
        m_visitor.text(FindKind::Note, root.member("note"), m_document.note);
        each(root.member("models"), m_document.models,
             [this](auto& model, const JsonPath& path) { visitModel(model, path); });
        m_visitor.use(UseOf::Model, root.member("baseline"), m_document.baseline.value);
        each(root.member("signals"), m_document.signalList,
             [this](auto& signal, const JsonPath& path) { visitSignal(signal, path); });
        each(root.member("groups"), m_document.groups, [this](auto& group, const JsonPath& path) {
            m_visitor.text(FindKind::Name, path.member("label"), group.label);
            m_visitor.text(FindKind::Note, path.member("note"), group.note);
        });
        each(root.member("rules"), m_document.rules,
             [this](auto& rule, const JsonPath& path) { visitRule(rule, path); });
        visitPlan(m_document.otherwise, root.member("otherwise"));
        if (m_document.holdout) {
            const JsonPath path = root.member("holdout");
            visitSalt(path.member("salt"), m_document.holdout->salt);
            m_visitor.use(UseOf::Model, path.member("model"), m_document.holdout->model.value);
        }
        each(root.member("tests"), m_document.tests,
             [this](auto& test, const JsonPath& path) { visitTest(test, path); });
    }

private:
    template<class List, class Visit>
    static void each(const JsonPath& path, List& list, const Visit& visit)
    {
        for (std::size_t i = 0; i < list.size(); ++i)
            visit(list[i], path.element(i));
    }

    void visitSalt(const JsonPath& path, const std::string& salt)
    {
        m_visitor.fixed(FindKind::Salt, path, salt,
                        "A salt decides who gets which arm; change it in its own field.");
    }

    template<class Model> void visitModel(Model& model, const JsonPath& path)
    {
        m_visitor.id(UseOf::Model, path.member("id"), model.id.value);
        m_visitor.fixed(FindKind::Setting, path.member("provider"), model.provider, kOwnPrice);
        m_visitor.fixed(FindKind::Setting, path.member("upstreamModel"), model.upstreamModel,
                        kOwnPrice);
        m_visitor.text(FindKind::Setting, path.member("baseUrl"), model.baseUrl);
        m_visitor.fixed(FindKind::Setting, path.member("keyRef"), model.keyRef,
                        "A reference to a key is changed in its own field.");
        m_visitor.text(FindKind::Prompt, path.member("styleGuide"), model.styleGuide);
    }

    template<class Part> void visitSignal(Part& signal, const JsonPath& path)
    {
        m_visitor.id(UseOf::Signal, path.member("id"), signal.id.value);
        std::visit([&](auto& source) { visitSource(source, path); }, signal.source);
        m_visitor.text(FindKind::Note, path.member("note"), signal.note);
    }

    /// By the members that a source has, whichever it is.
    template<class Source> void visitSource(Source& source, const JsonPath& path)
    {
        if constexpr (requires { source.terms; }) {
            each(path.member("terms"), source.terms, [this](auto& term, const JsonPath& place) {
                visitCondition(term.when, place.member("when"));
            });
        }
        if constexpr (requires { source.anyOf; }) {
            each(path.member("anyOf"), source.anyOf, [this](auto& word, const JsonPath& place) {
                m_visitor.text(FindKind::Keyword, place, word);
            });
        }
        if constexpr (requires { source.text; })
            m_visitor.text(FindKind::Keyword, path.member("text"), source.text);
        if constexpr (requires { source.pattern; })
            m_visitor.text(FindKind::Keyword, path.member("pattern"), source.pattern);
        if constexpr (requires { source.key; })
            m_visitor.text(FindKind::Setting, path.member("key"), source.key);
        if constexpr (requires { source.name; })
            m_visitor.text(FindKind::Setting, path.member("name"), source.name);
    }

    template<class Part> void visitRule(Part& rule, const JsonPath& path)
    {
        m_visitor.id(UseOf::Rule, path.member("id"), rule.id.value);
        m_visitor.text(FindKind::Name, path.member("label"), rule.label);
        visitCondition(rule.when, path.member("when"));
        visitPlan(rule.plan, path.member("plan"));
        if (rule.uncertain) {
            const JsonPath place = path.member("uncertain");
            m_visitor.use(UseOf::Signal, place.member("signal"), rule.uncertain->signal.value);
            visitPlan(rule.uncertain->plan, place.member("plan"));
        }
        m_visitor.text(FindKind::Note, path.member("note"), rule.note);
    }

    template<class Part> void visitCondition(Part& condition, const JsonPath& path)
    {
        forEachCompare(condition, path, [this](auto& compare, const JsonPath& place) {
            m_visitor.use(UseOf::Signal, place.member("signal"), compare.signal.value);
            if (compare.op != CompareOp::Exists)
                visitValue(compare.value, place.member("value"));
        });
    }

    template<class Value> void visitValue(Value& value, const JsonPath& path)
    {
        if (auto* styles = std::get_if<ByStyle>(&value)) {
            const JsonPath place = path.member("byStyle");
            m_visitor.number(place.member("concise"), styles->concise);
            m_visitor.number(place.member("balanced"), styles->balanced);
            m_visitor.number(place.member("detailed"), styles->detailed);
        } else if (auto* list = std::get_if<std::vector<Scalar>>(&value)) {
            each(path, *list,
                 [this](auto& item, const JsonPath& place) { visitScalar(item, place); });
        } else {
            visitScalar(value, path);
        }
    }

    template<class Value> void visitScalar(Value& value, const JsonPath& path)
    {
        if (auto* text = std::get_if<std::string>(&value))
            m_visitor.text(FindKind::Value, path, *text);
        else if (auto* number = std::get_if<double>(&value))
            m_visitor.number(path, *number);
    }

    template<class Part> void visitPlan(Part& plan, const JsonPath& path)
    {
        static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "visit the new plan");
        if (auto* call = std::get_if<Call>(&plan.node)) {
            visitCall(*call, path.member("call"));
        } else if (auto* cascade = std::get_if<Cascade>(&plan.node)) {
            const JsonPath place = path.member("cascade");
            visitAcceptance(cascade->accept, place.member("accept"));
            each(place.member("steps"), cascade->steps,
                 [this](auto& step, const JsonPath& where) { visitPlan(step, where); });
        } else if (auto* pool = std::get_if<Pool>(&plan.node)) {
            const JsonPath place = path.member("pool");
            each(place.member("members"), pool->members,
                 [this](auto& member, const JsonPath& where) { visitCall(member, where); });
        } else if (auto* chain = std::get_if<Chain>(&plan.node)) {
            const JsonPath place = path.member("chain");
            each(place.member("steps"), chain->steps,
                 [this](auto& step, const JsonPath& where) { visitPlan(step, where); });
        } else {
            auto& split = std::get<Split>(plan.node);
            const JsonPath place = path.member("split");
            visitSalt(place.member("salt"), split.salt);
            each(place.member("arms"), split.arms, [this](auto& arm, const JsonPath& where) {
                visitPlan(arm.plan, where.member("plan"));
            });
        }
    }

    template<class Part> void visitCall(Part& call, const JsonPath& path)
    {
        m_visitor.use(UseOf::Model, path.member("model"), call.model.value);
        const JsonPath place = path.member("system");
        if (auto& system = call.overrides.system)
            m_visitor.text(FindKind::Prompt, place.member("text"), system->text);
    }

    template<class Part> void visitAcceptance(Part& accept, const JsonPath& path)
    {
        each(path.member("refusals"), accept.refusals,
             [this](auto& pattern, const JsonPath& place) {
                 m_visitor.text(FindKind::Keyword, place, pattern);
             });
        if (!accept.verifier)
            return;
        const JsonPath place = path.member("verifier");
        m_visitor.use(UseOf::Model, place.member("model"), accept.verifier->model.value);
        m_visitor.text(FindKind::Prompt, place.member("instruction"), accept.verifier->instruction);
    }

    template<class Part> void visitTest(Part& test, const JsonPath& path)
    {
        const JsonPath request = path.member("request");
        each(request.member("messages"), test.request.messages,
             [this](auto& message, const JsonPath& place) {
                 m_visitor.text(FindKind::Prompt, place.member("content"), message.text);
             });
        const JsonPath expect = path.member("expect");
        if (test.rule)
            m_visitor.use(UseOf::Rule, expect.member("rule"), test.rule->value);
        if (test.model)
            m_visitor.use(UseOf::Model, expect.member("model"), test.model->value);
        if (test.servedBy)
            m_visitor.use(UseOf::Model, expect.member("servedBy"), test.servedBy->value);
    }

    Document& m_document;
    Visitor& m_visitor;
};

template<class Document, class Visitor> void walk(Document& document, Visitor& visitor)
{
    TextWalk<Document, Visitor>(document, visitor).run();
}

bool isWordByte(char c)
{
    const char folded = foldAscii(c);
    return (folded >= 'a' && folded <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// Where a query is found in one text.
class Matcher
{
public:
    explicit Matcher(const FindQuery& query)
        : m_query(query), m_wanted(query.matchCase ? query.text : foldedAscii(query.text))
    {}

    [[nodiscard]] std::vector<std::size_t> placesIn(const std::string& text) const
    {
        std::vector<std::size_t> places;
        if (m_wanted.empty())
            return places;
        const std::string searched = m_query.matchCase ? text : foldedAscii(text);
        std::size_t at = searched.find(m_wanted);
        while (at != std::string::npos) {
            const bool counts = !m_query.wholeWords || isWhole(searched, at);
            if (counts)
                places.push_back(at);
            at = searched.find(m_wanted, at + (counts ? m_wanted.size() : 1));
        }
        return places;
    }

    [[nodiscard]] std::size_t length() const { return m_wanted.size(); }

private:
    [[nodiscard]] bool isWhole(const std::string& text, std::size_t at) const
    {
        const std::size_t end = at + m_wanted.size();
        const bool openBefore = at > 0 && isWordByte(text[at - 1]) && isWordByte(text[at]);
        const bool openBehind =
            end < text.size() && isWordByte(text[end]) && isWordByte(text[end - 1]);
        return !openBefore && !openBehind;
    }

    const FindQuery& m_query;
    std::string m_wanted;
};

struct HitCollector
{
    const Matcher& matcher;
    std::vector<FindHit> hits;

    void add(FindKind kind, const JsonPath& path, const std::string& text)
    {
        for (const std::size_t place : matcher.placesIn(text))
            hits.push_back({kind, path.text(), text, place, matcher.length()});
    }
    void text(FindKind kind, const JsonPath& path, const std::string& value)
    {
        add(kind, path, value);
    }
    void number(const JsonPath& path, double value)
    {
        add(FindKind::Value, path, toConditionText(Scalar(value)));
    }
    void id(UseOf /*what*/, const JsonPath& path, const std::string& value)
    {
        add(FindKind::Id, path, value);
    }
    void use(UseOf /*what*/, const JsonPath& path, const std::string& value)
    {
        add(FindKind::Use, path, value);
    }
    void fixed(FindKind kind, const JsonPath& path, const std::string& value,
               const char* /*sentence*/)
    {
        add(kind, path, value);
    }
};

std::string quoted(const std::string& text)
{
    return '"' + text + '"';
}

std::string thing(UseOf what, const std::string& id)
{
    const char* const word = what == UseOf::Signal  ? "signal "
                             : what == UseOf::Model ? "model "
                                                    : "rule ";
    return word + quoted(id);
}

std::optional<double> numberFrom(const std::string& text)
{
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

/// Replaces in two rounds: things are renamed first, so that their uses follow; then the texts of
/// what that gives are replaced in a copy, and what differs becomes edits.
class Replacer
{
public:
    Replacer(const PolicyDocument& document, const FindQuery& query, std::string_view replacement,
             const FindHit* only)
        : m_before(document), m_working(document), m_matcher(query), m_replacement(replacement),
          m_only(only)
    {}

    Replacement run()
    {
        renameThings();
        PolicyDocument changed = m_working;
        walk(changed, *this);
        tellTaken();
        collectChanges(changed);
        if (!m_edits.empty())
            m_result.edit = oneEdit(changed);
        return std::move(m_result);
    }

    // The second round, called by the walk.

    void text(FindKind kind, const JsonPath& path, std::string& value)
    {
        const std::size_t countBefore = m_result.replaced;
        std::string after = replaced(kind, path, value);
        const bool mayBeEmpty = kind != FindKind::Setting && kind != FindKind::Keyword;
        if (!after.empty() || value.empty() || mayBeEmpty) {
            value = std::move(after);
            return;
        }
        m_result.replaced = countBefore;
        refuse(kind, path, value, "Nothing would be left of it.");
    }

    void number(const JsonPath& path, double& value)
    {
        const std::string before = toConditionText(Scalar(value));
        const std::size_t countBefore = m_result.replaced;
        const std::string after = replaced(FindKind::Value, path, before);
        if (after == before)
            return;
        if (const auto read = numberFrom(after)) {
            value = *read;
            return;
        }
        m_result.replaced = countBefore;
        refuse(FindKind::Value, path, before, quoted(after) + " is no number.");
    }

    void id(UseOf /*what*/, const JsonPath& /*path*/, const std::string& /*value*/) {}

    void use(UseOf what, const JsonPath& path, std::string& value)
    {
        // What was renamed took this use with it.
        if (const std::string before = nameBefore(what, value); before != value) {
            m_result.replaced += wantedPlaces(path, before).size();
            return;
        }
        const std::size_t countBefore = m_result.replaced;
        std::string after = replaced(FindKind::Use, path, value);
        if (after == value)
            return;
        const bool isMended = !exists(m_working, what, value) && !after.empty();
        if (isMended || exists(m_working, what, after)) {
            m_redirected.push_back({what, value, after});
            value = std::move(after);
            return;
        }
        m_result.replaced = countBefore;
        refuse(FindKind::Use, path, value,
               after.empty() ? "A " + thing(what, value) + " has to be named here."
                             : "Here the " + thing(what, value) +
                                   " is used; rename it, and all its uses follow.");
    }

    void fixed(FindKind kind, const JsonPath& path, const std::string& value, const char* sentence)
    {
        refuse(kind, path, value, sentence);
    }

private:
    /// The places in one text that are to be replaced.
    [[nodiscard]] std::vector<std::size_t> wantedPlaces(const JsonPath& path,
                                                        const std::string& value) const
    {
        // Paths are written out only where something asks for it.
        return m_only ? wantedPlaces(path.text(), value) : m_matcher.placesIn(value);
    }
    [[nodiscard]] std::vector<std::size_t> wantedPlaces(const std::string& path,
                                                        const std::string& value) const
    {
        std::vector<std::size_t> places = m_matcher.placesIn(value);
        if (m_only && !places.empty()) {
            const bool here = path == m_only->path;
            std::erase_if(places,
                          [&](std::size_t place) { return !here || place != m_only->offset; });
        }
        return places;
    }

    std::string replaced(FindKind /*kind*/, const JsonPath& path, const std::string& value)
    {
        std::string result;
        std::size_t from = 0;
        for (const std::size_t place : wantedPlaces(path, value)) {
            result.append(value, from, place - from).append(m_replacement);
            from = place + m_matcher.length();
            ++m_result.replaced;
        }
        return result.append(value, from);
    }

    void refuse(FindKind kind, const std::string& path, const std::string& value,
                const std::string& sentence)
    {
        for (const std::size_t place : wantedPlaces(path, value))
            m_result.refused.push_back({{kind, path, value, place, m_matcher.length()}, sentence});
    }
    void refuse(FindKind kind, const JsonPath& path, const std::string& value,
                const std::string& sentence)
    {
        refuse(kind, path.text(), value, sentence);
    }

    [[nodiscard]] std::string nameBefore(UseOf what, const std::string& now) const
    {
        const auto found = std::ranges::find_if(m_renames, [&](const Rename& rename) {
            return rename.what == what && rename.to == now;
        });
        return found == m_renames.end() ? now : found->from;
    }

    template<class Part, class MakeEdit>
    void renameEach(UseOf what, const char* list, const std::vector<Part>& parts,
                    const MakeEdit& makeEdit)
    {
        const JsonPath root;
        const JsonPath listPath = root.member(list);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const JsonPath part = listPath.element(i);
            const JsonPath path = part.member("id");
            const std::string from = parts[i].id.value;
            const std::size_t countBefore = m_result.replaced;
            const std::string to = replaced(FindKind::Id, path, from);
            if (to == from)
                continue;
            std::string problem;
            if (to.empty())
                problem = "The " + thing(what, from) + " needs a name.";
            else if (exists(m_working, what, to)) {
                m_result.replaced = countBefore;
                m_taken.push_back({path.text(), {what, from, to}});
                continue;
            } else if (const Edit edit = makeEdit(parts[i], to); apply(m_working, edit)) {
                m_edits.push_back(edit);
                m_renames.push_back({what, from, to});
                continue;
            } else
                problem = "The " + thing(what, from) + " cannot be renamed.";
            m_result.replaced = countBefore;
            refuse(FindKind::Id, path, from, problem);
        }
    }

    void renameThings()
    {
        renameEach(UseOf::Model, "models", m_before.models,
                   [this](const ModelSpec& part, const std::string& to) -> Edit {
                       ModelSpec model = *m_working.findModel(part.id);
                       model.id.value = to;
                       return ReplaceModel{part.id, std::move(model)};
                   });
        renameEach(UseOf::Signal, "signals", m_before.signalList,
                   [this](const Signal& part, const std::string& to) -> Edit {
                       Signal signal = *m_working.findSignal(part.id);
                       signal.id.value = to;
                       return ReplaceSignal{part.id, std::move(signal)};
                   });
        renameEach(UseOf::Rule, "rules", m_before.rules,
                   [this](const Rule& part, const std::string& to) -> Edit {
                       Rule rule = *m_working.findRule(part.id);
                       rule.id.value = to;
                       return ReplaceRule{part.id, std::move(rule)};
                   });
    }

    /// The things that could not be renamed, with what became of their uses.
    void tellTaken()
    {
        const std::size_t others = m_result.refused.size();
        for (const auto& [path, rename] : m_taken) {
            const bool redirected = std::ranges::find(m_redirected, rename) != m_redirected.end();
            refuse(FindKind::Id, path, rename.from,
                   redirected ? "What used the " + thing(rename.what, rename.from) + " uses " +
                                    quoted(rename.to) + " now; the definition stays."
                              : "There is a " + thing(rename.what, rename.to) + " already.");
        }
        // First what was asked for.
        std::ranges::rotate(m_result.refused,
                            m_result.refused.begin() + static_cast<std::ptrdiff_t>(others));
    }

    void collectChanges(const PolicyDocument& changed)
    {
        if (changed.name != m_working.name || changed.note != m_working.note)
            m_edits.emplace_back(
                SetTitle{changed.id, changed.name, changed.revision, changed.note});
        if (changed.baseline != m_working.baseline)
            m_edits.emplace_back(SetBaseline{changed.baseline});
        for (std::size_t i = 0; i < changed.models.size(); ++i) {
            if (changed.models[i] != m_working.models[i])
                m_edits.emplace_back(ReplaceModel{m_working.models[i].id, changed.models[i]});
        }
        for (std::size_t i = 0; i < changed.signalList.size(); ++i) {
            if (changed.signalList[i] != m_working.signalList[i])
                m_edits.emplace_back(
                    ReplaceSignal{m_working.signalList[i].id, changed.signalList[i]});
        }
        for (std::size_t i = 0; i < changed.rules.size(); ++i) {
            if (changed.rules[i] != m_working.rules[i])
                m_edits.emplace_back(ReplaceRule{m_working.rules[i].id, changed.rules[i]});
        }
        if (changed.groups != m_working.groups)
            m_edits.emplace_back(SetGroups{changed.groups});
        if (changed.otherwise != m_working.otherwise)
            m_edits.emplace_back(SetOtherwise{changed.otherwise});
        if (changed.holdout != m_working.holdout)
            m_edits.emplace_back(SetHoldout{changed.holdout});
        if (changed.tests != m_working.tests)
            m_edits.emplace_back(SetTests{changed.tests});
    }

    /// Edits name things by their ids; where two things have the same one, the whole document is
    /// replaced instead.
    [[nodiscard]] Edit oneEdit(const PolicyDocument& wanted) const
    {
        Edit edit =
            m_edits.size() == 1 ? m_edits.front() : Edit(Boxed<EditBatch>(EditBatch{m_edits}));
        PolicyDocument made = m_before;
        if (apply(made, edit) && made == wanted)
            return edit;
        return ReplaceDocument{wanted};
    }

    struct Rename
    {
        UseOf what;
        std::string from;
        std::string to;
        bool operator==(const Rename&) const = default;
    };

    const PolicyDocument& m_before;
    PolicyDocument m_working; ///< with what was renamed
    Matcher m_matcher;
    std::string_view m_replacement;
    const FindHit* m_only;
    std::vector<Edit> m_edits;
    std::vector<Rename> m_renames;
    std::vector<Rename> m_redirected;                    ///< uses that name another thing now
    std::vector<std::pair<std::string, Rename>> m_taken; ///< by path: names of another thing
    Replacement m_result;
};

} // namespace

std::vector<FindHit> findText(const PolicyDocument& document, const FindQuery& query)
{
    const Matcher matcher(query);
    HitCollector collector{matcher, {}};
    walk(document, collector);
    return std::move(collector.hits);
}

Replacement replaceAll(const PolicyDocument& document, const FindQuery& query,
                       std::string_view replacement)
{
    return Replacer(document, query, replacement, nullptr).run();
}

Replacement replaceHit(const PolicyDocument& document, const FindQuery& query, const FindHit& hit,
                       std::string_view replacement)
{
    return Replacer(document, query, replacement, &hit).run();
}

} // namespace signalbox
