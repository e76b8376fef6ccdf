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

    /// The same facts in more or fewer letters.
    struct Wording
    {
        QStringList facts;
        /// Facts as wide as such are at most. The wording is taken where these have room, and as
        /// many facts as of these have, whatever the facts are: lines of one width beside each
        /// other then tell theirs alike. The first two are told wherever they fit. None: what fits.
        QStringList usual;
    };
    void setFacts(const QStringList& facts);
    /// @param wordings  the longest first; the last one is taken where no other is
    void setWordings(const std::vector<Wording>& wordings);
    /// Sentences for the tooltip, below the facts.
    void setMeaning(const QString& meaning);
    [[nodiscard]] QString shownText() const; ///< at the present width

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Wording> m_wordings;
};

} // namespace signalbox::ui
