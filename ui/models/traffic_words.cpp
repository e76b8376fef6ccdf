// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic_words.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr qsizetype kNamedSegments = 5;

QString tr(const char* text, const char* about = nullptr)
{
    return QCoreApplication::translate("TrafficWords", text, about);
}

QString count(std::size_t value)
{
    return QLocale().toString(static_cast<qulonglong>(value));
}

QString day(std::int64_t ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::utc()).date().toString(Qt::ISODate);
}

QString namesOf(const std::vector<std::string>& segments)
{
    QStringList names;
    for (const std::string& segment : segments) {
        if (names.size() == kNamedSegments)
            break;
        names << QString::fromStdString(segment);
    }
    if (static_cast<qsizetype>(segments.size()) > kNamedSegments)
        names << tr("%1 more", "segments").arg(segments.size() - std::size_t(kNamedSegments));
    return QLocale().createSeparatedList(names);
}

} // namespace

QString trafficWords(const Traffic& traffic)
{
    QString text = traffic.synthetic ? tr("%1 (synthetic): %2 requests in %3 conversations")
                                     : tr("%1: %2 requests in %3 conversations");
    text = text.arg(QString::fromStdString(traffic.name), count(traffic.rowCount()),
                    count(traffic.conversationCount()));
    if (traffic.firstMs > 0)
        text += tr(", %1 to %2").arg(day(traffic.firstMs), day(traffic.lastMs));
    if (traffic.promptsLeftOut)
        text += tr(", without prompts");
    return text;
}

CoverWords coverWords(const EvidenceCover& cover)
{
    if (cover.own == cover.requests)
        return {};
    if (cover.borrowed() > 0)
        return {tr("Cost, latency, quality and consistency of %1 of %2 requests are not shown by "
                   "the data.")
                    .arg(count(cover.borrowed()), count(cover.requests)),
                tr("No answers were recorded in their segments: %1. Answers to other prompts stand "
                   "in for them here. Draw prompts from this traffic on the Voices page and run "
                   "them, then the numbers are of these requests.")
                    .arg(namesOf(cover.uncovered))};
    return {tr("%1 of %2 requests repeat no prompt that was answered.")
                .arg(count(cover.bySegment), count(cover.requests)),
            tr("Answers to other prompts of the same segment stand in for them. Draw prompts from "
               "this traffic on the Voices page and run them to measure these requests.")};
}

} // namespace signalbox::ui
