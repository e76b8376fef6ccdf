// SPDX-License-Identifier: GPL-3.0-or-later
#include "change_words.h"

#include "policy_words.h"
#include "request_list.h"

#include <core/policy/renames.h>
#include <ui/kit/format.h>

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <string_view>
#include <utility>

namespace signalbox::ui {
namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(ChangeLine)
};

QString text(std::string_view utf8)
{
    return PolicyWords::text(std::string(utf8));
}

QString listed(const QStringList& parts)
{
    return parts.isEmpty() ? Words::tr("nothing") : parts.join(QStringLiteral(", "));
}

/// A plan in one line with its budgets, which the chips of the canvas show beside it.
QString planInWords(const Plan& plan)
{
    if (const auto* const call = std::get_if<Call>(&plan.node)) {
        const QString detail = PolicyWords::callDetail(*call);
        return detail.isEmpty() ? PolicyWords::callTitle(*call)
                                : Words::tr("%1 (%2)", "model, its budgets and retries")
                                      .arg(PolicyWords::callTitle(*call), detail);
    }
    if (const auto* const chain = std::get_if<Chain>(&plan.node)) {
        QStringList steps;
        for (const Plan& step : chain->steps)
            steps << planInWords(step);
        QString words = steps.join(Words::tr(", then ", "between the steps of a chain"));
        if (chain->mode == ChainMode::Hedge)
            words += Words::tr(", hedged");
        if (chain->deadlineMs)
            words += Words::tr(", within %1").arg(PolicyWords::duration(*chain->deadlineMs));
        if (chain->on != Chain().on)
            words += Words::tr(", goes on when %1", "kinds of failure")
                         .arg(PolicyWords::failures(chain->on));
        return words;
    }
    if (const auto* const split = std::get_if<Split>(&plan.node)) {
        QStringList arms;
        for (const Arm& arm : split->arms)
            arms << PolicyWords::basisPoints(arm.weight) + QLatin1Char(' ') + planInWords(arm.plan);
        return Words::tr("%1: %2", "how it is split, the arms")
            .arg(PolicyWords::splitTitle(*split), arms.join(QStringLiteral(" · ")));
    }
    return PolicyWords::plan(plan);
}

QString ruleInWords(const Rule& rule)
{
    return Words::tr("%1 → %2", "condition, plan")
        .arg(PolicyWords::condition(rule.when), planInWords(rule.plan));
}

QString holdoutInWords(const std::optional<Holdout>& holdout)
{
    return holdout ? Words::tr("%1 to %2", "share, model")
                         .arg(PolicyWords::holdout(*holdout), text(holdout->model.value))
                   : QString();
}

QString styleInWords(const AnswerStyle& style)
{
    QStringList parts;
    if (style.flattenMarkdown)
        parts << Words::tr("Markdown flattened");
    if (style.trimOpeners)
        parts << Words::tr("stock openers trimmed");
    if (style.trimClosers)
        parts << Words::tr("stock closers trimmed");
    if (style.maxWords)
        parts << Words::tr("cut at %1 words").arg(format::count(*style.maxWords));
    return parts.isEmpty() ? Words::tr("as the models write") : listed(parts);
}

QString bandInWords(const VoiceContract::Band& band)
{
    return Words::tr("%1 to %2", "numbers")
        .arg(PolicyWords::number(band.low), PolicyWords::number(band.high));
}

QString voiceInWords(const VoiceContract& voice)
{
    QStringList parts;
    if (voice.words)
        parts << Words::tr("%1 words", "a band").arg(bandInWords(*voice.words));
    for (const VoiceContract::ToneBand& tone : voice.tone)
        parts << text(tone.axis) + QLatin1Char(' ') + bandInWords(tone.band);
    if (!voice.golden.empty())
        parts << Words::tr("examples: %1").arg(format::count(qint64(voice.golden.size())));
    return parts.isEmpty() ? Words::tr("no contract") : listed(parts);
}

QString monitoringInWords(const Monitoring& monitoring)
{
    QStringList outcomes;
    for (const std::string& outcome : monitoring.outcomes)
        outcomes << text(outcome);
    return Words::tr("%1; false alarms at most %2; detected within %3 days",
                     "outcomes, share, days")
        .arg(listed(outcomes), PolicyWords::share(monitoring.alpha),
             format::count(monitoring.detectWithinDays));
}

/// "+2 if chars > 200, +1 if asks: no"
QString termsInWords(const ScoreSource& score)
{
    QStringList parts;
    for (const ScoreTerm& term : score.terms)
        parts << Words::tr("%1 if %2", "what a term adds, its condition")
                     .arg((term.add < 0 ? QString() : QStringLiteral("+")) +
                              PolicyWords::number(term.add),
                          PolicyWords::condition(term.when));
    return listed(parts);
}

/// A list of words or terms as it reads; nothing where JSON says it as well.
QString memberInWords(const Signal& signal, std::string_view member)
{
    if (const auto* const score = std::get_if<ScoreSource>(&signal.source);
        score && member == "terms")
        return termsInWords(*score);
    if (const auto* const words = std::get_if<KeywordsSource>(&signal.source);
        words && member == "anyOf") {
        QStringList parts;
        for (const std::string& word : words->anyOf)
            parts << text(word);
        return listed(parts);
    }
    return {};
}

QString unitInWords(DecisionUnit unit)
{
    return unit == DecisionUnit::Conversation ? Words::tr("by the conversation's first message")
                                              : Words::tr("each request anew");
}

QString testInWords(const PolicyTest& test)
{
    const QString expected = test.rule              ? text(test.rule->value)
                             : test.expectOtherwise ? PolicyWords::tr("Otherwise")
                             : test.model           ? text(test.model->value)
                                                    : QString();
    const QString message = messageLine(test.request);
    return expected.isEmpty() ? message
                              : Words::tr("%1 → %2", "message, rule").arg(message, expected);
}

PolicySelection at(PolicySelection::Kind kind, std::string_view id = {}, const char* path = "")
{
    return {kind, std::string(id), path};
}

template<class Items, class Id> const auto* itemOf(const Items& items, const Id& id)
{
    const auto found = std::ranges::find(items, id, [](const auto& item) { return item.id.value; });
    return found == items.end() ? nullptr : &*found;
}

/// Turns the changes into lines; what is compared as a whole is said once.
class LineWriter
{
public:
    LineWriter(const PolicyDocument& before, const PolicyDocument& after)
        : m_before(before), m_after(after)
    {}

    std::vector<ChangeLine> take() { return std::move(m_lines); }

    void addRenames(const std::vector<Rename>& renames)
    {
        for (const Rename& rename : renames) {
            const QString before = text(rename.before);
            const QString after = text(rename.after);
            switch (rename.kind) {
            case Rename::Kind::Model:
                add(Words::tr("Model “%1” has another id.").arg(before), before, after,
                    at(PolicySelection::Kind::Model, rename.after));
                break;
            case Rename::Kind::Signal:
                add(Words::tr("Signal “%1” has another id.").arg(before), before, after,
                    at(PolicySelection::Kind::Signal, rename.after));
                break;
            case Rename::Kind::Rule:
                add(Words::tr("Rule “%1” has another id.").arg(before), before, after,
                    at(PolicySelection::Kind::Rule, rename.after));
                break;
            }
        }
    }

    void write(const Change& change)
    {
        const ChangePlace place = placeOf(change);
        if (isNoise(change) || place.section == "revision")
            return;
        if (place.section == "rules")
            writeRule(change, place);
        else if (place.section == "models")
            writeModel(change, place);
        else if (place.section == "signals")
            writeSignal(change, place);
        else if (place.section == "gates")
            writeGate(change, place);
        else if (place.section == "tests")
            writeTest(change, place);
        else if (place.section != m_lastWhole)
            writeWhole(place);
    }

private:
    void add(const QString& sentence, const QString& before, const QString& after,
             const PolicySelection& place, Change::Kind kind = Change::Kind::Changed)
    {
        m_lines.push_back({kind, sentence, before, after, place});
    }

    void writeRule(const Change& change, const ChangePlace& place)
    {
        const Rule* const before = itemOf(m_before.rules, place.item);
        const Rule* const after = itemOf(m_after.rules, place.item);
        const auto here = at(PolicySelection::Kind::Rule, place.item);
        if (change.kind == Change::Kind::Added && place.member.empty() && after)
            return add(Words::tr("Rule “%1” is new.").arg(PolicyWords::rule(*after)), {},
                       ruleInWords(*after), here, change.kind);
        if (change.kind == Change::Kind::Removed && place.member.empty() && before)
            return add(Words::tr("Rule “%1” is gone.").arg(PolicyWords::rule(*before)),
                       ruleInWords(*before), {}, {}, change.kind);
        if (!before || !after)
            return addPlain(change);
        const QString name = PolicyWords::rule(*after);
        if (change.kind == Change::Kind::Moved)
            add(Words::tr("Rule “%1” is asked at another place.").arg(name),
                placeInWords(change.before), placeInWords(change.after), here, change.kind);
        else if (place.member == "label")
            add(Words::tr("Rule “%1” is called “%2” now.").arg(PolicyWords::rule(*before), name),
                PolicyWords::rule(*before), name, here);
        else if (place.member == "enabled")
            add(after->enabled ? Words::tr("Rule “%1” is switched on.").arg(name)
                               : Words::tr("Rule “%1” is switched off.").arg(name),
                before->enabled ? Words::tr("on") : Words::tr("off"),
                after->enabled ? Words::tr("on") : Words::tr("off"), here);
        else if (place.member == "when")
            add(Words::tr("Rule “%1” takes other requests.").arg(name),
                PolicyWords::condition(before->when), PolicyWords::condition(after->when), here);
        else if (place.member == "plan")
            add(Words::tr("Rule “%1” has another plan.").arg(name), planInWords(before->plan),
                planInWords(after->plan), at(PolicySelection::Kind::Rule, place.item, "plan"));
        else if (place.member == "note")
            add(Words::tr("Rule “%1” has another note.").arg(name), text(before->note),
                text(after->note), here);
        else
            addPlain(change);
    }

    /// Positions count from 1 for people.
    static QString placeInWords(const std::string& index)
    {
        return Words::tr("place %1", "in the order of rules")
            .arg(format::count(QString::fromStdString(index).toLongLong() + 1));
    }

    void writeModel(const Change& change, const ChangePlace& place)
    {
        const ModelSpec* const before = itemOf(m_before.models, place.item);
        const ModelSpec* const after = itemOf(m_after.models, place.item);
        const QString name = text(place.item);
        const auto here = at(PolicySelection::Kind::Model, place.item);
        if (place.member.empty() && after && !before)
            return add(Words::tr("Model “%1” is new.").arg(name), {},
                       PolicyWords::price(after->price), here, change.kind);
        if (place.member.empty() && before && !after)
            return add(Words::tr("Model “%1” is gone.").arg(name),
                       PolicyWords::price(before->price), {}, {}, change.kind);
        if (!before || !after)
            return addPlain(change);
        if (place.member == "price")
            add(Words::tr("Model “%1” has another price.").arg(name), priceInWords(before->price),
                priceInWords(after->price), here);
        else if (place.member == "styleGuide")
            add(Words::tr("Model “%1” has another style guide.").arg(name),
                text(before->styleGuide), text(after->styleGuide), here);
        else if (place.member == "upstreamModel")
            add(Words::tr("“%1” is another model at its provider.").arg(name),
                text(before->upstreamModel), text(after->upstreamModel), here);
        else if (place.member == "provider")
            add(Words::tr("“%1” is asked at another provider.").arg(name), text(before->provider),
                text(after->provider), here);
        else
            addPlain(change);
    }

    static QString priceInWords(const std::optional<Price>& price)
    {
        return price && !price->asOf.empty()
                   ? Words::tr("%1, as of %2", "price, date")
                         .arg(PolicyWords::price(price), text(price->asOf))
                   : PolicyWords::price(price);
    }

    void writeSignal(const Change& change, const ChangePlace& place)
    {
        const Signal* const before = itemOf(m_before.signalList, place.item);
        const Signal* const after = itemOf(m_after.signalList, place.item);
        const QString name = text(place.item);
        const auto here = at(PolicySelection::Kind::Signal, place.item);
        if (place.member.empty() && after && !before)
            return add(Words::tr("Signal “%1” is new.").arg(name), {}, PolicyWords::source(*after),
                       here, change.kind);
        if (place.member.empty() && before && !after)
            return add(Words::tr("Signal “%1” is gone.").arg(name), PolicyWords::source(*before),
                       {}, {}, change.kind);
        if (!before || !after)
            return addPlain(change);
        if (place.member.empty())
            return add(Words::tr("Signal “%1” reads something else.").arg(name),
                       PolicyWords::source(*before), PolicyWords::source(*after), here);
        const QString from = memberInWords(*before, place.member);
        const QString to = memberInWords(*after, place.member);
        const bool isSaid = !from.isEmpty() || !to.isEmpty();
        const QString sentence =
            place.member == "terms" ? Words::tr("The score “%1” has other terms.").arg(name)
            : place.member == "anyOf"
                ? Words::tr("Signal “%1” looks for other words.").arg(name)
                : Words::tr("Signal “%1” has another “%2”.").arg(name, text(place.member));
        add(sentence, isSaid ? from : text(change.before), isSaid ? to : text(change.after), here);
    }

    /// A gate by what it measures, as the diff names it; the second of a kind has a number.
    void writeGate(const Change& change, const ChangePlace& place)
    {
        const auto gateOf = [&](const PolicyDocument& document) {
            for (const Gate& gate : document.gates) {
                PolicyDocument alone;
                alone.gates = {gate};
                const auto named = signalbox::diff(PolicyDocument(), alone);
                if (!named.empty() && placeOf(named.front()).item == place.item)
                    return PolicyWords::gate(gate);
            }
            return QString();
        };
        const auto here = at(PolicySelection::Kind::Document, {}, "gates");
        const QString before = gateOf(m_before);
        const QString after = gateOf(m_after);
        const bool isWhole = place.member.empty();
        if (isWhole && change.kind == Change::Kind::Added && !after.isEmpty())
            return add(Words::tr("A gate is new."), {}, after, here, change.kind);
        if (isWhole && change.kind == Change::Kind::Removed && !before.isEmpty())
            return add(Words::tr("A gate is gone."), before, {}, here, change.kind);
        if (before.isEmpty() || after.isEmpty())
            return addPlain(change);
        const ChangeLine line{Change::Kind::Changed, Words::tr("A gate has another limit."), before,
                              after, here};
        if (std::ranges::find(m_lines, line) == m_lines.end()) // at least became at most: two
            m_lines.push_back(line);
    }

    void writeTest(const Change& change, const ChangePlace& place)
    {
        const auto index =
            QByteArray(place.item.data(), qsizetype(place.item.size())).toULongLong();
        const auto wordsOf = [&](const PolicyDocument& document, bool isThere) {
            return isThere && index < document.tests.size() ? testInWords(document.tests[index])
                                                            : QString();
        };
        const bool isNew = change.kind == Change::Kind::Added;
        const bool isGone = change.kind == Change::Kind::Removed;
        add(isNew    ? Words::tr("A test is new.")
            : isGone ? Words::tr("A test is gone.")
                     : Words::tr("A test expects something else."),
            wordsOf(m_before, !isNew), wordsOf(m_after, !isGone),
            at(PolicySelection::Kind::Document), change.kind);
    }

    /// Parts that a person sees as one thing, however many members of it changed.
    void writeWhole(const ChangePlace& place)
    {
        m_lastWhole = std::string(place.section);
        const auto here = at(PolicySelection::Kind::Document);
        const PolicyDocument& a = m_before;
        const PolicyDocument& b = m_after;
        if (place.section == "name")
            add(b.name.empty() ? Words::tr("The policy has no name now.")
                               : Words::tr("The policy is called “%1” now.").arg(text(b.name)),
                text(a.name), text(b.name), here);
        else if (place.section == "id")
            add(Words::tr("The policy has another id."), text(a.id), text(b.id), here);
        else if (place.section == "note")
            add(Words::tr("The policy has another note."), text(a.note), text(b.note), here);
        else if (place.section == "baseline")
            add(Words::tr("Savings are measured against another model."), text(a.baseline.value),
                text(b.baseline.value), here);
        else if (place.section == "decideBy")
            add(Words::tr("It decides on something else when a conversation goes on."),
                unitInWords(a.decideBy), unitInWords(b.decideBy), here);
        else if (place.section == "otherwise")
            add(Words::tr("Requests that no rule takes have another plan."),
                planInWords(a.otherwise), planInWords(b.otherwise),
                at(PolicySelection::Kind::Otherwise));
        else if (place.section == "holdout")
            add(!a.holdout   ? Words::tr("There is a holdout now.")
                : !b.holdout ? Words::tr("The holdout is gone.")
                             : Words::tr("The holdout is another one."),
                holdoutInWords(a.holdout), holdoutInWords(b.holdout),
                at(PolicySelection::Kind::Document, {}, "holdout"),
                !a.holdout   ? Change::Kind::Added
                : !b.holdout ? Change::Kind::Removed
                             : Change::Kind::Changed);
        else if (place.section == "answerStyle")
            add(Words::tr("Answers are evened out in another way."), styleInWords(a.answerStyle),
                styleInWords(b.answerStyle), here);
        else if (place.section == "voice")
            add(Words::tr("The voice contract is another one."), voiceInWords(a.voice),
                voiceInWords(b.voice), here);
        else if (place.section == "monitoring")
            add(Words::tr("What is watched after the release is something else."),
                monitoringInWords(a.monitoring), monitoringInWords(b.monitoring), here);
        else
            add(Words::tr("“%1” is another one.", "a part of the file").arg(text(place.section)),
                {}, {}, here);
    }

    /// What has no words of its own: its path and its JSON, so that nothing is left unsaid.
    void addPlain(const Change& change)
    {
        add(Words::tr("“%1” is another one.", "a part of the file").arg(text(change.path)),
            text(change.before), text(change.after), at(PolicySelection::Kind::Document),
            change.kind);
    }

    const PolicyDocument& m_before;
    const PolicyDocument& m_after;
    std::string m_lastWhole;
    std::vector<ChangeLine> m_lines;
};

} // namespace

std::vector<ChangeLine> changeLines(const PolicyDocument& before, const PolicyDocument& after)
{
    const std::vector<Rename> renames = renamesBetween(before, after);
    const PolicyDocument named = withRenames(before, renames);
    LineWriter writer(named, after);
    writer.addRenames(renames);
    for (const Change& change : signalbox::diff(named, after))
        writer.write(change);
    return writer.take();
}

} // namespace signalbox::ui
