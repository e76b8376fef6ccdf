// SPDX-License-Identifier: GPL-3.0-or-later
#include "comparison_parts.h"

#include <core/voice/answer.h>
#include <ui/kit/format.h>

#include <QCoreApplication>

#include <cmath>

namespace signalbox::ui {

QString nameOf(const ModelId& model)
{
    return isPolicyVoice(model) ? QCoreApplication::translate("ComparisonParts", "Policy")
                                : QString::fromStdString(model.value);
}

QString twoPlaces(double value)
{
    return std::isnan(value) ? QStringLiteral("\u2013") : format::number(value, 2);
}

} // namespace signalbox::ui
