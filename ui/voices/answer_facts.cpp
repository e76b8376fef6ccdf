// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_facts.h"

#include <ui/kit/format.h>

#include <QCoreApplication>

namespace signalbox::ui::answerFacts {

namespace {

constexpr double kThousand = 1000;
constexpr double kHalfSatisfied = 0.5; ///< from here on an outcome is told as a yes

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(AnswerFacts)
};

} // namespace

QString words(std::optional<int> words, Length length)
{
    if (words && length == Length::Shortest)
        return Words::tr("%1 w", "words").arg(format::count(*words));
    return words ? Words::tr("%n word(s)", nullptr, *words) : Words::tr("counting its words");
}

QString cost(std::optional<double> usd, Length length)
{
    if (usd && length != Length::Full)
        return format::money(*usd, 2); // "/ 1k" would read as of tokens
    if (!usd && length != Length::Full)
        return Words::tr("no price", "of an answer, in little room");
    return usd ? Words::tr("%1 per 1,000", "cost of 1,000 answers")
                     .arg(format::money(*usd * kThousand, 2))
               : Words::tr("cost unknown");
}

QString costMeaning(std::optional<double> usd)
{
    return usd ? Words::tr("%1 per 1,000 answers like this one, which cost %2.")
                     .arg(format::money(*usd * kThousand), format::money(*usd))
               : Words::tr("Its cost is unknown: the model has no price.");
}

QString reused()
{
    return Words::tr("reused", "an answer");
}

QString reusedMeaning()
{
    return Words::tr("Reused: an earlier answer to exactly the same request. Nobody was asked, and "
                     "nothing is billed.");
}

QString takenMeaning()
{
    return Words::tr("The answer of the model\u2019s own column, to the same request. It was not "
                     "sent a second time, and is billed once.");
}

QString firstToken(double ms, Length length)
{
    if (length != Length::Full)
        return format::milliseconds(ms);
    return Words::tr("TTFT %1", "time to first token").arg(format::milliseconds(ms));
}

QString firstTokenMeaning(double ms)
{
    return Words::tr("TTFT is the time to first token: the answer began %1 after it was asked for.")
        .arg(format::milliseconds(ms));
}

QString tokens(qint64 tokens, bool areEstimated, Length length)
{
    const QString count = (areEstimated ? QStringLiteral("~") : QString()) + format::count(tokens);
    switch (length) {
    case Length::Full:
        return tokens == 1 ? Words::tr("%1 token").arg(count) : Words::tr("%1 tokens").arg(count);
    case Length::Short:
        return Words::tr("%1 tok", "tokens, in little room").arg(count);
    case Length::Shortest:
        return Words::tr("%1 t", "tokens, in the least room").arg(count);
    }
    return {};
}

QString tokensMeaning(qint64 tokens, bool areEstimated)
{
    return areEstimated
               ? Words::tr("About %1 of output: the server did not count them; estimated by o200k "
                           "and by what this model's counts were before.",
                           "tokens")
                     .arg(Words::tr("%n token(s)", nullptr, static_cast<int>(tokens)))
               : Words::tr("%1 of output, as the server counted them, reasoning included.",
                           "tokens")
                     .arg(Words::tr("%n token(s)", nullptr, static_cast<int>(tokens)));
}

QString outcome(double satisfied)
{
    return satisfied >= kHalfSatisfied ? Words::tr("satisfies the request")
                                       : Words::tr("misses a fact");
}

QString outcomeMeaning(double satisfied)
{
    return satisfied >= kHalfSatisfied
               ? Words::tr("Satisfies the request: every fact that the sample lists for "
                           "this prompt is in the answer. A text check says so, no judge.")
               : Words::tr("Misses a fact: not every fact that the sample lists for this "
                           "prompt is in the answer. A text check says so, no judge.");
}

} // namespace signalbox::ui::answerFacts
