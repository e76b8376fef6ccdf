// SPDX-License-Identifier: GPL-3.0-or-later
#include "route_words.h"

#include <core/lab/policy_column.h>

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <cmath>

namespace signalbox::ui {

namespace {

constexpr double kMsPerSecond = 1000;

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(signalbox::ui::RouteWords)
};

QString nameOf(const ModelId& model)
{
    return QString::fromStdString(model.value);
}

QString seconds(double ms)
{
    return Tr::tr("%1 s", "a time in seconds").arg(QLocale().toString(ms / kMsPerSecond, 'f', 2));
}

QString reasonOf(const PolicyHop& hop)
{
    return hop.reason.empty() ? Tr::tr("not shown", "an answer")
                              : QString::fromStdString(hop.reason);
}

/// What became of one call: a sentence.
QString sentenceOf(const PolicyHop& hop)
{
    const QString model = nameOf(hop.model);
    const QString took = seconds(hop.endMs - hop.startMs);
    if (hop.isVerifier)
        return hop.end == PolicyHop::End::Checked
                   ? Tr::tr("%1 checked the answer, in %2.", "model, time").arg(model, took)
                   : Tr::tr("%1 was to check the answer: %2, after %3.", "model, reason, time")
                         .arg(model, reasonOf(hop), took);
    switch (hop.end) {
    case PolicyHop::End::Answered:
        if (!hop.takenFrom.isEmpty())
            return Tr::tr("%1 answered: the same answer as in the column %2, not sent again.",
                          "model, column")
                .arg(model, nameOf(hop.takenFrom));
        return hop.isReused
                   ? Tr::tr("%1 answered: the same answer as in its own column, not sent again.")
                         .arg(model)
                   : Tr::tr("%1 answered.").arg(model);
    case PolicyHop::End::Overtaken:
        return Tr::tr("%1 was stopped after %2: another answer came first.", "model, time")
            .arg(model, took);
    case PolicyHop::End::Rejected:
        return Tr::tr("%1 wrote an answer that did not pass the check: %2. It took %3.",
                      "model, reason, time")
            .arg(model, reasonOf(hop), took);
    default:
        return Tr::tr("%1 did not answer: %2. It took %3.", "model, reason, time")
            .arg(model, reasonOf(hop), took);
    }
}

} // namespace

QString columnName(const ModelSpec& column)
{
    if (!isPolicyColumn(column))
        return nameOf(column.id);
    return column.upstreamModel.empty()
               ? Tr::tr("Policy")
               : Tr::tr("Policy: %1", "its name").arg(QString::fromStdString(column.upstreamModel));
}

QString routeText(const PolicyRoute& route)
{
    const QString label = QString::fromStdString(route.label);
    const PolicyHop* const served = route.served();
    QString way = Tr::tr("%1 \u2192 %2", "the rule that decided, the model that answers")
                      .arg(label, served ? nameOf(served->model) : nameOf(route.tier));
    if (!route.hasFallenBack())
        return way;
    QStringList before;
    for (const PolicyHop& hop : route.hops) {
        if (&hop != served && !hop.isVerifier && hop.end != PolicyHop::End::Overtaken)
            before << Tr::tr("%1: %2", "model, why it did not answer")
                          .arg(nameOf(hop.model), reasonOf(hop));
    }
    return before.isEmpty() ? way
                            : Tr::tr("%1, after %2", "the way of an answer, what failed before")
                                  .arg(way, before.join(Tr::tr("; ", "between what failed")));
}

QString routeMeaning(const PolicyRoute& route)
{
    const QString label = QString::fromStdString(route.label);
    QStringList lines = {
        route.rule.empty()
            ? Tr::tr("Route: %1, first choice %2.", "otherwise or holdout, model")
                  .arg(label, nameOf(route.tier))
            : Tr::tr("Route: the rule \u201c%1\u201d, first choice %2.", "rule, model")
                  .arg(label, nameOf(route.tier))};
    for (const PolicyHop& hop : route.hops)
        lines << sentenceOf(hop);
    if (route.hasFallenBack() && route.lostMs() > 0)
        lines << Tr::tr("The fallback cost the user %1.", "a time").arg(seconds(route.lostMs()));
    if (route.isRewritten)
        lines << Tr::tr("The answer was rewritten as the policy says.");
    return lines.join(QLatin1Char('\n'));
}

} // namespace signalbox::ui
