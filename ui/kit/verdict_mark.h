// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "icons.h"
#include "theme.h"

#include <QString>
#include <QWidget>

/// What a gate says, the same everywhere: in the strip, in tables, in lists.
namespace signalbox::ui {

/// What a gate says about a number. Shown as shape and word, never as colour alone.
enum class GateVerdict {
    None,     ///< no gate on this number
    Met,      ///< check
    NotMet,   ///< cross
    NotShown, ///< question mark: the data do not decide
};
/// From the engine's verdict, or any enumeration of the three: the kit knows no engine.
template<class Verdict> [[nodiscard]] constexpr GateVerdict gateVerdictOf(Verdict verdict)
{
    return verdict == Verdict::Met      ? GateVerdict::Met
           : verdict == Verdict::NotMet ? GateVerdict::NotMet
                                        : GateVerdict::NotShown;
}
[[nodiscard]] QString verdictText(GateVerdict verdict);
/// What the verdict says of the interval, for a tooltip.
[[nodiscard]] QString verdictMeaning(GateVerdict verdict);
[[nodiscard]] Tone verdictTone(GateVerdict verdict);
[[nodiscard]] Icon verdictIcon(GateVerdict verdict);

/// Room for shape and word, px.
[[nodiscard]] QSize verdictSize(GateVerdict verdict);
/// Shape and word in the verdict's ink, or muted, at the start of `place`, vertically in its
/// middle. For strips and delegates.
void paintVerdict(QPainter& painter, const QRect& place, GateVerdict verdict,
                  Qt::LayoutDirection direction, bool muted = false);

/// A verdict as a widget. Its tooltip says what the verdict means. Not interactive.
class VerdictMark final : public QWidget
{
    Q_OBJECT
public:
    explicit VerdictMark(GateVerdict verdict = GateVerdict::None, QWidget* parent = nullptr);

    [[nodiscard]] GateVerdict verdict() const { return m_verdict; }
    void setVerdict(GateVerdict verdict);

    [[nodiscard]] QSize sizeHint() const override { return verdictSize(m_verdict); }
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    GateVerdict m_verdict = GateVerdict::None;
};

} // namespace signalbox::ui
