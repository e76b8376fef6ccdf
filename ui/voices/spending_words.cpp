// SPDX-License-Identifier: GPL-3.0-or-later
#include "spending_words.h"

#include <ui/kit/format.h>

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace signalbox::ui::spending {

namespace {

constexpr double kSecondMs = 1000;

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(Spending)
};

QString timeText(double ms)
{
    return ms < kSecondMs ? Words::tr("under 1 s", "a time") : format::milliseconds(ms);
}

/// To as many places as another amount: "$0.0007" beside "$0.0019".
QString moneyAsFine(double usd, const QString& other)
{
    const qsizetype point = other.lastIndexOf(QLocale().decimalPoint());
    const auto places = static_cast<int>(point < 0 ? 0 : other.size() - point - 1);
    return Words::tr("$%1", "US dollars").arg(QLocale().toString(usd, 'f', places));
}

QString namesOf(const std::vector<ModelId>& models)
{
    QStringList names;
    for (const ModelId& model : models)
        names << QString::fromStdString(model.value);
    return names.join(QStringLiteral(", "));
}

QString priceMeaning(const KnownPrice& price)
{
    if (!price.price)
        return Words::tr("Its cost is unknown. %1", "a sentence")
            .arg(QString::fromStdString(price.reason));
    const QString rates = Words::tr("%1 in and %2 out per million tokens")
                              .arg(format::money(usdPerMTok(price.price->inputPerToken)),
                                   format::money(usdPerMTok(price.price->outputPerToken)));
    if (price.from == KnownPrice::From::Book)
        return Words::tr("Price: %1, from the price book of %2.", "rates, day")
            .arg(rates, QString::fromStdString(price.price->asOf));
    return price.price->asOf.empty()
               ? Words::tr("Price: %1, from the policy.").arg(rates)
               : Words::tr("Price: %1, from the policy, as of %2.", "rates, day")
                     .arg(rates, QString::fromStdString(price.price->asOf));
}

QString lengthMeaning(const ModelForecast& model)
{
    const QString tokens =
        Words::tr("Answers: %1 tokens in all, %2 to %3.")
            .arg(format::count(model.output.expected), format::count(model.output.low),
                 format::count(model.output.high));
    if (model.isLengthAssumed)
        return tokens + QLatin1Char(' ') +
               Words::tr("%1 tokens each are assumed: too few of its answers are recorded.")
                   .arg(kUsualOutputTokens);
    return tokens + QLatin1Char(' ') +
           Words::tr("From the lengths of its recorded answers (%1), for %2 of %3 by what it "
                     "answered to the same prompt; 10th and 90th percentile around it.")
               .arg(format::sampleSize(static_cast<qint64>(model.lengthSamples)),
                    format::count(static_cast<qint64>(model.knownPrompts)),
                    format::count(static_cast<qint64>(model.cells)));
}

QString inputMeaning(const ModelForecast& model)
{
    const QString tokens =
        Words::tr("Prompts: %1 tokens in all.").arg(format::count(model.input.expected));
    if (model.tokenizerSamples == 0)
        return tokens + QLatin1Char(' ') +
               Words::tr("Counted with o200k, or as its server counted them before; how its own "
                         "tokenizer differs is not known yet.");
    return tokens + QLatin1Char(' ') +
           Words::tr("Counted with o200k by what its tokenizer makes of it (%1), or as its server "
                     "counted them before.")
               .arg(format::sampleSize(static_cast<qint64>(model.tokenizerSamples)));
}

} // namespace

QString money(const std::optional<Money>& amount)
{
    return amount ? format::money(amount->usd(), 2) : Words::tr("unknown", "a cost");
}

QString moneyRange(const std::optional<Range<Money>>& cost)
{
    if (!cost || cost->low == cost->high)
        return {};
    const QString high = format::money(cost->high.usd(), 2);
    return Words::tr("%1 to %2", "a range").arg(moneyAsFine(cost->low.usd(), high), high);
}

QString time(const RunForecast& forecast)
{
    if (!forecast.timeMs)
        return Words::tr("time unknown");
    if (forecast.timeMs->high < kSecondMs)
        return timeText(forecast.timeMs->high);
    return Words::tr("about %1 (%2 to %3)", "a time and its range")
        .arg(timeText(forecast.timeMs->expected), timeText(forecast.timeMs->low),
             timeText(forecast.timeMs->high));
}

QString timeMeaning(const RunForecast& forecast)
{
    if (!forecast.timeMs)
        return Words::tr("No answer was timed yet of %1.", "models").arg(namesOf(forecast.untimed));
    std::size_t timed = 0;
    for (const ModelForecast& model : forecast.models)
        timed += model.timeSamples;
    QString text = Words::tr("From the time to first token and the rate of recorded answers (%1), "
                             "as many calls at once as the run and its servers allow.")
                       .arg(format::sampleSize(static_cast<qint64>(timed)));
    if (!forecast.slowest.empty())
        text += QLatin1Char(' ') + Words::tr("What takes longest: %1.", "a server takes few calls")
                                       .arg(QString::fromStdString(forecast.slowest));
    return text;
}

QString meaning(const ModelForecast& model)
{
    QStringList lines;
    if (model.reused > 0)
        lines << Words::tr("%n answer(s) to exactly the same requests are reused: not sent, not "
                           "billed.",
                           nullptr, static_cast<int>(model.reused));
    if (model.cells == 0)
        return lines.join(QLatin1Char('\n'));
    lines << inputMeaning(model) << lengthMeaning(model) << priceMeaning(model.price);
    if (model.callMs)
        lines << Words::tr("One call: about %1 (%2).", "time, sample size")
                     .arg(timeText(model.callMs->expected),
                          format::sampleSize(static_cast<qint64>(model.timeSamples)));
    return lines.join(QLatin1Char('\n'));
}

QString cap(Money amount)
{
    constexpr std::int64_t kCent = 10'000'000'000;
    return amount.pico % kCent == 0
               ? Words::tr("$%1", "an amount of money").arg(format::number(amount.usd(), 2))
               : format::money(amount.usd(), 2);
}

QString caps(const RunCaps& caps)
{
    QStringList parts;
    if (caps.cost)
        parts << cap(*caps.cost);
    if (caps.tokens)
        parts << Words::tr("%1 tokens").arg(format::count(*caps.tokens));
    if (caps.timeMs)
        parts << format::limit(static_cast<double>(*caps.timeMs), format::Unit::Milliseconds);
    return parts.join(QStringLiteral(", "));
}

QString capTitle(const CapReached& reached)
{
    using Which = CapReached::Which;
    switch (reached.which) {
    case Which::Cost:
        return Words::tr("The cap of %1 holds the run.").arg(cap(*reached.caps.cost));
    case Which::Tokens:
        return Words::tr("The cap of %1 tokens holds the run.")
            .arg(format::count(*reached.caps.tokens));
    case Which::Time:
        return Words::tr("The cap of %1 holds the run.")
            .arg(format::limit(static_cast<double>(*reached.caps.timeMs),
                               format::Unit::Milliseconds));
    case Which::NoPrice:
    case Which::NoLength:
        return Words::tr("The cap cannot be kept.");
    }
    return {};
}

QString capDetail(const CapReached& reached)
{
    using Which = CapReached::Which;
    const QString model = QString::fromStdString(reached.model);
    const QString waiting = QLatin1Char(' ') + Words::tr("%n cell(s) wait.", nullptr,
                                                         static_cast<int>(reached.waiting));
    switch (reached.which) {
    case Which::Cost:
        return Words::tr("%1 is spent, and the next call, to %2, may cost up to %3.")
                   .arg(format::money(reached.spent.cost.usd()), model,
                        format::money(reached.next.value_or(Money()).usd(), 2)) +
               waiting;
    case Which::Tokens:
        return Words::tr("%1 tokens are used, and the next call, to %2, may use up to %3.")
                   .arg(format::count(reached.spent.tokens), model,
                        format::count(reached.nextTokens.value_or(0))) +
               waiting;
    case Which::Time:
        return Words::tr("Answers were sent for during %1.")
                   .arg(format::milliseconds(static_cast<double>(reached.spent.timeMs))) +
               waiting;
    case Which::NoPrice:
        return Words::tr("The price of %1 is not known. Give it one in the policy, leave the model "
                         "out, or take the cap away.")
                   .arg(model) +
               waiting;
    case Which::NoLength:
        return Words::tr("Answers of %1 may get as long as they like.").arg(model) + waiting;
    }
    return {};
}

RunCaps raised(const CapReached& reached)
{
    RunCaps caps = reached.caps;
    switch (reached.which) {
    case CapReached::Which::Cost:
        caps.cost = std::max(*caps.cost, reached.next.value_or(Money())) * 2;
        break;
    case CapReached::Which::Tokens:
        caps.tokens = std::max(*caps.tokens, reached.nextTokens.value_or(0)) * 2;
        break;
    case CapReached::Which::Time:
        caps.timeMs = *caps.timeMs * 2;
        break;
    case CapReached::Which::NoPrice:
    case CapReached::Which::NoLength:
        caps.cost.reset();
        caps.tokens.reset();
        break;
    }
    return caps;
}

} // namespace signalbox::ui::spending
