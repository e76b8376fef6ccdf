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
        QStringList first; ///< before the others, such as what is odd about this one
        QStringList facts; ///< each at the place of its kind; empty if it is not known
        /// Each kind as wide as it usually is at most: as many kinds are told as of these have
        /// room, whatever this one's are, so that lines of one width beside each other tell the
        /// same, and what comes behind these where all have room. None: what fits.
        QStringList widest;
    };
    void setFacts(const QStringList& facts);
    /// @param wordings  the longest first; taken is the first with room for kWhole kinds, or the
    /// last
    void setWordings(const std::vector<Wording>& wordings);
    /// Sentences for the tooltip, below the facts.
    void setMeaning(const QString& meaning);
    [[nodiscard]] QString shownText() const; ///< at the present width

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    static constexpr qsizetype kWhole = 4; ///< kinds of facts that make a wording worth its letters
    static constexpr qsizetype kFewest = 2; ///< that are told wherever they fit

    [[nodiscard]] qsizetype roomIn(const Wording& wording) const;

    std::vector<Wording> m_wordings;
};

} // namespace signalbox::ui
