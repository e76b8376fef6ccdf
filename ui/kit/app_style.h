// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

class QAbstractButton;

namespace signalbox::ui {

/// How much weight a button has. A page shows one Primary at most.
enum class ButtonKind {
    Normal,
    Primary, ///< the accent; also what a dialog's default button looks like
    Quiet,   ///< no frame until hovered
    Danger,  ///< destroys something
    Alarm,   ///< leads to what went wrong; flat, as it changes nothing
};
void setButtonKind(QAbstractButton* button, ButtonKind kind);

/// The look of every standard control, drawn from Theme::current() on top of Fusion's behaviour.
/// Installed by setUpLook(). Focus rings show for keyboard focus only. Nothing is animated.
class AppStyle final : public QProxyStyle
{
    Q_OBJECT
public:
    AppStyle();

    void polish(QWidget* widget) override;
    void unpolish(QWidget* widget) override;
    void polish(QApplication* app) override;
    void unpolish(QApplication* app) override;
    using QProxyStyle::polish;

    int pixelMetric(PixelMetric metric, const QStyleOption* option = nullptr,
                    const QWidget* widget = nullptr) const override;
    int styleHint(StyleHint hint, const QStyleOption* option = nullptr,
                  const QWidget* widget = nullptr, QStyleHintReturn* data = nullptr) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                           const QWidget* widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption* option,
                         const QWidget* widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option,
                         SubControl subControl, const QWidget* widget) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget = nullptr) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget = nullptr) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                            QPainter* painter, const QWidget* widget = nullptr) const override;
    QIcon standardIcon(StandardPixmap standardIcon, const QStyleOption* option = nullptr,
                       const QWidget* widget = nullptr) const override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] int mnemonicFlag() const;
    bool m_showMnemonics = false; ///< while Alt is down
};

} // namespace signalbox::ui
