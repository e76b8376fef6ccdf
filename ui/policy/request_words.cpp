// SPDX-License-Identifier: GPL-3.0-or-later
#include "request_words.h"

#include "policy_words.h"
#include "request_list.h"

#include <core/base/utf8.h>
#include <ui/kit/format.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <variant>

namespace signalbox::ui {
namespace {

constexpr qsizetype kLongestText = 48;

struct RequestWords
{
    Q_DECLARE_TR_FUNCTIONS(signalbox::ui::RequestWords)
};

QString messageWords(const Request& request)
{
    const QString text = messageLine(request);
    if (text.isEmpty())
        return RequestWords::tr("no text");
    if (text.size() <= kLongestText)
        return RequestWords::tr("“%1”", "a message").arg(text);
    const auto last = std::find_if(request.messages.rbegin(), request.messages.rend(),
                                   [](const Message& m) { return m.role == Role::User; });
    return RequestWords::tr("“%1…” (%2 characters)", "a message, cut")
        .arg(text.left(kLongestText).trimmed(),
             format::count(static_cast<qint64>(codePointCount(last->text))));
}

QString wordsOf(const Scalar& value)
{
    return std::visit([](const auto& each) { return PolicyWords::seen(SignalValue(each)); }, value);
}

} // namespace

QString requestInWords(const Request& request)
{
    QStringList parts = {messageWords(request)};
    if (request.messages.size() > 1)
        parts << RequestWords::tr("%n messages", "", static_cast<int>(request.messages.size()));
    if (request.style)
        parts << RequestWords::tr("style %1").arg(PolicyWords::text(*request.style));
    for (const MetadataEntry& entry : request.metadata)
        parts << RequestWords::tr("%1 %2", "metadata: its key, its value")
                     .arg(PolicyWords::text(entry.key), wordsOf(entry.value));
    for (const HeaderEntry& header : request.headers)
        parts << QStringLiteral("%1: %2").arg(PolicyWords::text(header.name),
                                              PolicyWords::text(header.value));
    if (!request.requestedModel.empty())
        parts << RequestWords::tr("asks for %1", "a model")
                     .arg(PolicyWords::text(request.requestedModel));
    if (request.maxTokens)
        parts << RequestWords::tr("at most %1 tokens").arg(format::count(*request.maxTokens));
    if (request.hasTools)
        parts << RequestWords::tr("with tools");
    if (std::ranges::any_of(request.messages, [](const Message& m) { return m.images > 0; }))
        parts << RequestWords::tr("with images");
    if (request.timeMs)
        parts << RequestWords::tr("comes %1 UTC", "a day and a time")
                     .arg(QLocale().toString(
                         QDateTime::fromMSecsSinceEpoch(*request.timeMs, Qt::UTC),
                         RequestWords::tr("ddd d MMM, HH:mm", "day and time, see QDateTime")));
    return parts.join(QStringLiteral("  ·  "));
}

} // namespace signalbox::ui
