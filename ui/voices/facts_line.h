// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/basic_widgets.h>

#include <QStringList>

#include <vector>

class QFontMetricsF;

namespace signalbox::ui {

/// "61 words · $5.91 per 1,000".
[[nodiscard]] QString joinedFacts(const QStringList& facts);

/// As many facts from the left as fit, whole ones only, joined by " · ". The first one always
/// stays, elided if need be.
/// @param facts  by importance
[[nodiscard]] QString fittingFacts(const QStringList& facts, const QFontMetricsF& metrics,
                                   double width);

/// One muted line of facts by importance. Where it is too narrow, they are told in fewer letters
/// if there are such wordings, and then whole facts go from the right; the tooltip and the
/// accessible name have them all.
class FactsLine : public ElidedLabel
{
    Q_OBJECT
public:
    explicit FactsLine(QWidget* parent = nullptr);

    void setFacts(const QStringList& facts);
    /// @param wordings  of the same facts, the longest first; one at least
    void setWordings(const std::vector<QStringList>& wordings);
    /// Sentences for the tooltip, below the facts.
    void setMeaning(const QString& meaning);
    /// The wording in which the most facts fit, of several the longest.
    [[nodiscard]] QString shownText() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<QStringList> m_wordings;
};

} // namespace signalbox::ui
