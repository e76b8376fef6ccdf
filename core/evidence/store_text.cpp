// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_text.h"

#include <core/base/utf8.h>

namespace signalbox {

namespace {

constexpr QChar kMark(0x1A);
constexpr QChar kZero(u'0');

} // namespace

QString toStoredText(const std::string& utf8)
{
    QString text = QString::fromStdString(firstInvalidUtf8(utf8) ? toValidUtf8(utf8) : utf8);
    if (!text.contains(QChar(u'\0')) && !text.contains(kMark))
        return text; // nearly always
    QString stored;
    stored.reserve(text.size() + 8);
    for (const QChar c : std::as_const(text)) {
        if (c == kMark || c.isNull())
            stored += kMark;
        stored += c.isNull() ? kZero : c;
    }
    return stored;
}

std::string fromStoredText(const QString& stored)
{
    if (!stored.contains(kMark))
        return stored.toStdString();
    QString text;
    text.reserve(stored.size());
    for (qsizetype i = 0; i < stored.size(); ++i) {
        const bool isMarked = stored[i] == kMark && i + 1 < stored.size();
        if (isMarked)
            ++i;
        text += isMarked && stored[i] == kZero ? QChar(u'\0') : stored[i];
    }
    return text.toStdString();
}

} // namespace signalbox
