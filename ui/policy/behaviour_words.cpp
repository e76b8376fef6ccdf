// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour_words.h"

#include "policy_words.h"

#include <ui/kit/format.h>

#include <QStringList>

#include <cmath>
#include <optional>

namespace signalbox::ui {
namespace {

constexpr QChar kThinSpace(0x202F);

using Difference = BehaviourWords::Difference;

/// @param nothing  what a value that rounds to 0 is called
QString withSign(double value, int decimals, const QString& nothing = QStringLiteral("±0"))
{
    const QString text = format::number(value, decimals);
    const bool isNothing = format::number(std::abs(value), decimals) == format::number(0, decimals);
    return isNothing ? nothing : value > 0 ? QLatin1Char('+') + text : text;
}

/// Places that show the width of the interval, or one.
int placesOf(const Estimate& change, double scale)
{
    const int places = format::decimalsForInterval(change.low * scale, change.high * scale);
    return places < 0 ? 1 : std::min(places, 2);
}

/// @param scale   to the unit that is shown
/// @param better  sign of what a person wants: 1 or -1
Difference differenceOf(const std::optional<Estimate>& change, double scale, const QString& unit,
                        int better)
{
    if (!change)
        return {BehaviourWords::tr("unknown"), {}, false, Difference::Sense::None};
    const int places = placesOf(*change, scale);
    Difference words;
    words.value = withSign(change->value * scale, places);
    if (!unit.isEmpty() && !words.value.startsWith(QChar(0x00B1)))
        words.value += kThinSpace + unit;
    if (change->low < change->high)
        words.interval = BehaviourWords::tr("%1 to %2", "low, high")
                             .arg(withSign(change->low * scale, places, QStringLiteral("0")),
                                  withSign(change->high * scale, places, QStringLiteral("0"))) +
                         (unit.isEmpty() ? QString() : kThinSpace + unit);
    const bool rises = change->low > 0 && change->value > 0;
    const bool falls = change->high < 0 && change->value < 0;
    if (rises || falls)
        words.sense =
            (rises ? 1 : -1) == better ? Difference::Sense::Better : Difference::Sense::Worse;
    return words;
}

template<class Format> QString levelsOf(const BeforeAfter& pair, const Format& text)
{
    const auto side = [&](const std::optional<double>& value) {
        return value ? text(*value) : BehaviourWords::tr("unknown");
    };
    return BehaviourWords::tr("%1 → %2", "before, after").arg(side(pair.before), side(pair.after));
}

/// "12 %" of a share that is neither negative nor has a sign.
QString amount(double share)
{
    const double percent = std::abs(share) * 100;
    return format::number(percent, percent < 10 ? 1 : 0) + kThinSpace + QLatin1Char('%');
}

QString costSentence(const BehaviourSlice& slice)
{
    const std::optional<Estimate>& change = slice.costChangeShare;
    if (!change)
        return slice.costPer1k.change && slice.costPer1k.change->value == 0
                   ? BehaviourWords::tr("costs stay the same")
                   : BehaviourWords::tr("nobody knows how costs change");
    if (change->value == 0 && change->low == 0 && change->high == 0)
        return BehaviourWords::tr("costs stay the same");
    if (change->low <= 0 && change->high >= 0) {
        const Difference difference = differenceOf(change, 100, QStringLiteral("%"), -1);
        return difference.interval.isEmpty()
                   ? BehaviourWords::tr("costs change by %1").arg(difference.value)
                   : BehaviourWords::tr("no change of costs is shown, as their interval "
                                        "spans zero (%1)")
                         .arg(difference.interval);
    }
    const bool falls = change->value < 0;
    QString words =
        (falls ? BehaviourWords::tr("costs fall by %1") : BehaviourWords::tr("costs rise by %1"))
            .arg(amount(change->value));
    if (change->low < change->high) {
        const double least = std::min(std::abs(change->low), std::abs(change->high));
        const double most = std::max(std::abs(change->low), std::abs(change->high));
        words += BehaviourWords::tr(" (%1 to %2)", "interval")
                     .arg(format::number(least * 100, most < 0.1 ? 1 : 0), amount(most));
    }
    return words;
}

/// "+2.2 s" as "2.2 s", if the data show which way it went.
std::optional<QString> shownAmount(const Difference& difference)
{
    if (difference.sense == Difference::Sense::None)
        return std::nullopt;
    return difference.value.mid(1);
}

/// What the data show of the other numbers: who reads one sentence is not to miss a loss.
QStringList otherSentences(const BehaviourSlice& slice)
{
    QStringList words;
    const auto add = [&](const Difference& difference, const QString& rises, const QString& falls) {
        if (const auto amount = shownAmount(difference))
            words << (difference.value.startsWith(QLatin1Char('+')) ? rises : falls).arg(*amount);
    };
    add(BehaviourWords::latency(slice), BehaviourWords::tr("p95 latency rises by %1"),
        BehaviourWords::tr("p95 latency falls by %1"));
    add(BehaviourWords::satisfaction(slice), BehaviourWords::tr("satisfied requests rise by %1"),
        BehaviourWords::tr("satisfied requests fall by %1"));
    add(BehaviourWords::consistency(slice), BehaviourWords::tr("consistency rises by %1"),
        BehaviourWords::tr("consistency falls by %1"));
    return words;
}

QString perHundred(std::size_t part, std::size_t all)
{
    const double share = all > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(all) : 0;
    return share > 0 && share < 0.1
               ? BehaviourWords::tr("fewer than %1").arg(format::number(0.1, 1))
               : format::number(share, share < 3 ? 1 : 0);
}

QString seamSentence(const BehaviourDiff& diff)
{
    const std::size_t gaining = diff.conversationsGaining;
    const std::size_t losing = diff.conversationsLosing;
    if (gaining == 0 && losing == 0)
        return BehaviourWords::tr("no conversation gains a seam");
    if (losing == 0)
        return BehaviourWords::tr("%1 of 100 conversations gain a seam")
            .arg(perHundred(gaining, diff.conversations));
    if (gaining == 0)
        return BehaviourWords::tr("%1 of 100 conversations lose a seam")
            .arg(perHundred(losing, diff.conversations));
    return BehaviourWords::tr("%1 of 100 conversations gain a seam, %2 lose one")
        .arg(perHundred(gaining, diff.conversations), perHundred(losing, diff.conversations));
}

QString modelSentence(const BehaviourDiff& diff)
{
    const BehaviourSlice& total = diff.total;
    if (total.modelChanged > 0)
        return (total.modelChanged == 1 ? BehaviourWords::tr("%1 of %2 requests changes model")
                                        : BehaviourWords::tr("%1 of %2 requests change model"))
            .arg(format::count(qint64(total.modelChanged)), format::count(qint64(diff.requests)));
    if (total.courseChanged > 0)
        return BehaviourWords::tr("No request changes model, but %1 of %2 are answered in another "
                                  "time or at another cost")
            .arg(format::count(qint64(total.courseChanged)), format::count(qint64(diff.requests)));
    return BehaviourWords::tr("No request changes model");
}

} // namespace

QString BehaviourWords::headline(const BehaviourDiff& diff)
{
    if (diff.isSame())
        return tr("All %1 requests go the same way as before.")
            .arg(format::count(qint64(diff.requests)));
    // A number without its interval would be read as a fact.
    const QStringList estimates =
        diff.quick ? QStringList()
                   : QStringList{costSentence(diff.total)} + otherSentences(diff.total);
    const QStringList words =
        QStringList{modelSentence(diff)} + estimates + QStringList{seamSentence(diff)};
    return tr("%1.", "a sentence").arg(words.join(tr("; ", "between parts of a sentence")));
}

QString BehaviourWords::basis(const BehaviourDiff& diff)
{
    const QString requests = format::count(qint64(diff.requests));
    const QString answers = format::count(qint64(diff.answers));
    return tr("%1, %2", "requests, answers")
        .arg(diff.syntheticTraffic ? tr("%1 synthetic requests").arg(requests)
                                   : tr("%1 requests").arg(requests),
             diff.simulatedAnswers ? tr("%1 answers of simulated models").arg(answers)
                                   : tr("%1 answers").arg(answers));
}

QString BehaviourWords::model(const BehaviourDiff& diff, int index)
{
    return index < 0 ? tr("no answer")
                     : PolicyWords::text(diff.models[static_cast<std::size_t>(index)].name);
}

QString BehaviourWords::flow(const BehaviourDiff& diff, const BehaviourFlow& flow)
{
    if (!flow.changesModel())
        return tr("%1, in another time or at another cost").arg(model(diff, flow.to));
    return tr("%1 → %2", "before, after").arg(model(diff, flow.from), model(diff, flow.to));
}

Difference BehaviourWords::cost(const BehaviourSlice& slice)
{
    if (slice.costChangeShare)
        return differenceOf(slice.costChangeShare, 100, QStringLiteral("%"), -1);
    return differenceOf(slice.costPer1k.change, 1, {}, -1);
}

Difference BehaviourWords::latency(const BehaviourSlice& slice)
{
    return differenceOf(slice.p95Ms.change, 1e-3, tr("s", "seconds"), -1);
}

Difference BehaviourWords::satisfaction(const BehaviourSlice& slice)
{
    return differenceOf(slice.satisfaction.change, 100, tr("pts", "percentage points"), 1);
}

Difference BehaviourWords::consistency(const BehaviourSlice& slice)
{
    return differenceOf(slice.consistency.change, 100, {}, 1);
}

QString BehaviourWords::costLevels(const BehaviourSlice& slice)
{
    return tr("%1 per 1,000 requests").arg(levelsOf(slice.costPer1k, [](double usd) {
        return format::money(usd);
    }));
}

QString BehaviourWords::latencyLevels(const BehaviourSlice& slice)
{
    return tr("95 of 100 answers begin within: %1").arg(levelsOf(slice.p95Ms, [](double ms) {
        return format::milliseconds(ms);
    }));
}

QString BehaviourWords::satisfactionLevels(const BehaviourSlice& slice)
{
    return tr("Satisfied requests: %1").arg(levelsOf(slice.satisfaction, [](double share) {
        return format::percent(share);
    }));
}

QString BehaviourWords::consistencyLevels(const BehaviourSlice& slice)
{
    return tr("Consistency, of 100: %1").arg(levelsOf(slice.consistency, [](double value) {
        return format::number(value * 100, 1);
    }));
}

QString BehaviourWords::example(const BehaviourExample& example)
{
    QStringList parts;
    const double satisfied = example.after.satisfied - example.before.satisfied;
    if (std::isnan(satisfied))
        parts << tr("outcome unknown");
    else if (satisfied <= -0.5)
        parts << tr("satisfies no more");
    else if (satisfied < 0)
        parts << tr("satisfies less often");
    else if (satisfied >= 0.5)
        parts << tr("satisfies now");
    else if (satisfied > 0)
        parts << tr("satisfies more often");
    const double waits = example.after.firstTokenMs - example.before.firstTokenMs;
    if (std::isfinite(waits) && std::abs(waits) >= 50)
        parts << (waits > 0 ? tr("+%1", "longer wait") : tr("−%1", "shorter wait"))
                     .arg(format::milliseconds(std::abs(waits)));
    return parts.join(QStringLiteral(" · "));
}

QString BehaviourWords::routed(const BehaviourDiff& diff, const RoutedRequest& request)
{
    QStringList parts{model(diff, request.served)};
    if (std::isfinite(request.firstTokenMs))
        parts << tr("begins after %1").arg(format::milliseconds(request.firstTokenMs));
    if (!std::isnan(request.costUsd))
        parts << format::money(request.costUsd, 2);
    if (!std::isnan(request.satisfied))
        parts << tr("satisfies %1").arg(format::percent(request.satisfied, 0));
    return parts.join(QStringLiteral(" · "));
}

} // namespace signalbox::ui
