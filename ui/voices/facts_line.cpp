// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts_line.h"

#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace signalbox::ui {

namespace {

/// The leading facts that decide about the wording: fewer letters for more of the others are no
/// gain.
constexpr qsizetype kMostWanted = 3;

qsizetype fittingCount(const QStringList& facts, const QFontMetricsF& metrics, double width)
{
    qsizetype count = std::min(facts.size(), kMostWanted);
    while (count > 0 && metrics.horizontalAdvance(joinedFacts(facts.first(count))) > width)
        --count;
    return count;
}

} // namespace

QString joinedFacts(const QStringList& facts)
{
    return facts.join(QStringLiteral(" \u00b7 "));
}

QString fittingFacts(const QStringList& facts, const QFontMetricsF& metrics, double width)
{
    for (qsizetype count = facts.size(); count > 1; --count) {
        const QString line = joinedFacts(facts.first(count));
        if (metrics.horizontalAdvance(line) <= width)
            return line;
    }
    return metrics.elidedText(facts.value(0), Qt::ElideRight, width);
}

FactsLine::FactsLine(QWidget* parent) : ElidedLabel({}, TextRole::Small, parent)
{
    setMuted(true);
}

void FactsLine::setFacts(const QStringList& facts)
{
    setWordings({facts});
}

void FactsLine::setWordings(const std::vector<QStringList>& wordings)
{
    m_wordings.clear();
    for (const QStringList& facts : wordings) {
        QStringList shown;
        for (const QString& fact : facts)
            shown << withVisibleControls(fact).simplified();
        m_wordings.push_back(shown);
    }
    setText(joinedFacts(m_wordings.front()));
    update(); // the longest may be the same, and a shorter one not
}

void FactsLine::setMeaning(const QString& meaning)
{
    setToolTip(meaning.isEmpty() ? QString() : plainToolTip(text() + QLatin1Char('\n') + meaning));
    setAccessibleDescription(meaning);
}

QString FactsLine::shownText() const
{
    const QFontMetricsF metrics(font());
    const QStringList* best = nullptr;
    qsizetype most = -1;
    for (const QStringList& facts : m_wordings) {
        const qsizetype count = fittingCount(facts, metrics, width());
        if (count > most) {
            most = count;
            best = &facts;
        }
    }
    return best ? fittingFacts(*best, metrics, width()) : QString();
}

void FactsLine::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ThemeColors& colors = Theme::current().colors();
    painter.setPen(isEnabled() ? colors.textMuted : colors.textDisabled);
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shownText());
}

} // namespace signalbox::ui
