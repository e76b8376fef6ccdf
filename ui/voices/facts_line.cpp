// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts_line.h"

#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace signalbox::ui {

namespace {

QStringList knownOf(const QStringList& first, QStringList facts)
{
    facts.removeAll(QString());
    return first + facts;
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
    setWordings({{{}, facts, {}}});
}

void FactsLine::setWordings(const std::vector<Wording>& wordings)
{
    m_wordings = wordings;
    for (Wording& wording : m_wordings) {
        for (QStringList* const facts : {&wording.first, &wording.facts}) {
            for (QString& fact : *facts)
                fact = withVisibleControls(fact).simplified();
        }
    }
    setText(joinedFacts(knownOf(m_wordings.front().first, m_wordings.front().facts)));
    update(); // the longest may be the same, and a shorter one not
}

void FactsLine::setMeaning(const QString& meaning)
{
    setToolTip(meaning.isEmpty() ? QString() : plainToolTip(text() + QLatin1Char('\n') + meaning));
    setAccessibleDescription(meaning);
}

/// How many kinds of facts there is room for.
qsizetype FactsLine::roomIn(const Wording& wording) const
{
    if (wording.widest.isEmpty())
        return wording.facts.size();
    const QFontMetricsF metrics(font());
    qsizetype count = wording.widest.size();
    while (count > 0 &&
           metrics.horizontalAdvance(joinedFacts(wording.widest.first(count))) > width())
        --count;
    return count == wording.widest.size() ? wording.facts.size() : count;
}

QString FactsLine::shownText() const
{
    if (m_wordings.empty())
        return {};
    const auto isWhole = [this](const Wording& wording) {
        return roomIn(wording) >= std::min(kWhole, wording.widest.size());
    };
    const auto whole = std::ranges::find_if(m_wordings, isWhole);
    const Wording& taken = whole == m_wordings.end() ? m_wordings.back() : *whole;
    const qsizetype count = std::min(std::max(kFewest, roomIn(taken)), taken.facts.size());
    return fittingFacts(knownOf(taken.first, taken.facts.first(count)), QFontMetricsF(font()),
                        width());
}

void FactsLine::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ThemeColors& colors = Theme::current().colors();
    painter.setPen(isEnabled() ? colors.textMuted : colors.textDisabled);
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shownText());
}

} // namespace signalbox::ui
