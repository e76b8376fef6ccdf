// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts_line.h"

#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr qsizetype kFewest = 2; ///< facts that are told wherever they fit

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
    setWordings({{facts, {}}});
}

void FactsLine::setWordings(const std::vector<Wording>& wordings)
{
    m_wordings = wordings;
    for (Wording& wording : m_wordings) {
        for (QString& fact : wording.facts)
            fact = withVisibleControls(fact).simplified();
    }
    setText(joinedFacts(m_wordings.front().facts));
    update(); // the longest may be the same, and a shorter one not
}

void FactsLine::setMeaning(const QString& meaning)
{
    setToolTip(meaning.isEmpty() ? QString() : plainToolTip(text() + QLatin1Char('\n') + meaning));
    setAccessibleDescription(meaning);
}

QString FactsLine::shownText() const
{
    if (m_wordings.empty())
        return {};
    const QFontMetricsF metrics(font());
    const auto fits = [&](const QStringList& facts) {
        return metrics.horizontalAdvance(joinedFacts(facts)) <= width();
    };
    for (const Wording& wording : m_wordings) {
        if (fits(wording.usual))
            return fittingFacts(wording.facts, metrics, width());
    }
    const Wording& shortest = m_wordings.back();
    qsizetype count = shortest.usual.size();
    while (count > kFewest && !fits(shortest.usual.first(count)))
        --count;
    return fittingFacts(shortest.facts.first(std::min(count, shortest.facts.size())), metrics,
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
