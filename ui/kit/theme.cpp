// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme.h"

#include "app_style.h"
#include "icons.h"
#include "spoken_parts.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QResource>
#include <QStyleFactory>
#include <QStyleHints>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

// Q_INIT_RESOURCE must be called outside any namespace.
static void initKitResources()
{
    Q_INIT_RESOURCE(ui_kit);
    Q_INIT_RESOURCE(ui_kit_fonts);
}

namespace signalbox::ui {

namespace {

constexpr char kSansFamily[] = "Inter Tabular";
constexpr char kMonoFamily[] = "JetBrains Mono Plain";

QColor hex(QRgb rgb)
{
    return QColor::fromRgb(rgb);
}

QColor wash(QRgb rgb, double alpha)
{
    QColor color = QColor::fromRgb(rgb);
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

ThemeColors lightColors()
{
    ThemeColors c;
    c.window = hex(0xf4f5f7);
    c.surface = hex(0xffffff);
    c.raised = hex(0xffffff);
    c.sunken = hex(0xebedf1);
    c.line = hex(0xe0e3e9);
    c.lineStrong = hex(0xbfc5d0);
    c.text = hex(0x1b1f27);
    c.textMuted = hex(0x565e6d);
    c.textDisabled = hex(0x808795);
    c.accent = hex(0x3d56c5);
    c.accentHover = hex(0x3249b2);
    c.accentPressed = hex(0x293d99);
    c.accentText = hex(0xffffff);
    c.accentInk = hex(0x3550c0);
    c.hover = wash(0x1b1f27, 0.05);
    c.pressed = wash(0x1b1f27, 0.10);
    c.selection = hex(0xdbe4fb);
    c.selectionText = hex(0x1b1f27);
    c.focus = hex(0x3d56c5);
    c.marker = hex(0xc9b3f9);
    c.markerStrong = hex(0xa98bef);
    c.chartGrid = hex(0xe9ebf0);
    c.chartAxis = hex(0x9aa1ae);
    c.chartInk = hex(0x565e6d);
    c.shade = wash(0xac231b, 0.13);
    c.shadeTwo = wash(0xac231b, 0.07);
    c.scrim = wash(0x1b1f27, 0.28);
    c.neutral = {hex(0x4c5463), hex(0xe9ebf0), hex(0xd3d7df)};
    c.accented = {hex(0x3550c0), hex(0xe6ebfb), hex(0xc5d0f4)};
    c.positive = {hex(0x17693d), hex(0xe2f3e8), hex(0xb5dec4)};
    c.caution = {hex(0x7d5000), hex(0xfcefd2), hex(0xecd194)};
    c.negative = {hex(0xac231b), hex(0xfce8e6), hex(0xf2c1bc)};
    return c;
}

ThemeColors darkColors()
{
    ThemeColors c;
    c.window = hex(0x15171b);
    c.surface = hex(0x1c1f25);
    c.raised = hex(0x262a32);
    c.sunken = hex(0x101215);
    c.line = hex(0x2d323b);
    c.lineStrong = hex(0x4a515e);
    c.text = hex(0xe6e8ec);
    c.textMuted = hex(0xa3abb9);
    c.textDisabled = hex(0x707887);
    c.accent = hex(0x4c64d6);
    c.accentHover = hex(0x5269db);
    c.accentPressed = hex(0x4158c4);
    c.accentText = hex(0xffffff);
    c.accentInk = hex(0x9aadff);
    c.hover = wash(0xffffff, 0.06);
    c.pressed = wash(0xffffff, 0.11);
    c.selection = hex(0x2b3a69);
    c.selectionText = hex(0xf0f2f6);
    c.focus = hex(0x8da2fb);
    c.marker = hex(0x54408c);
    c.markerStrong = hex(0x7059b3);
    c.chartGrid = hex(0x2a2f38);
    c.chartAxis = hex(0x5d6675);
    c.chartInk = hex(0xa3abb9);
    c.shade = wash(0xff9a91, 0.12);
    c.shadeTwo = wash(0xff9a91, 0.06);
    c.scrim = wash(0x000000, 0.5);
    c.neutral = {hex(0xbac1cd), hex(0x2d323b), hex(0x414854)};
    c.accented = {hex(0xa3b4ff), hex(0x242d4f), hex(0x3a4879)};
    c.positive = {hex(0x6fd39c), hex(0x17301f), hex(0x2a5439)};
    c.caution = {hex(0xecbc62), hex(0x35290f), hex(0x5e4a1e)};
    c.negative = {hex(0xff9a91), hex(0x3f1f1d), hex(0x6d3733)};
    return c;
}

/// State of the look. `current` is what Theme::current() returns.
struct Look
{
    ThemeChoice choice = ThemeChoice::System;
    const Theme* current = nullptr;
};

Look& look()
{
    static Look instance;
    return instance;
}

/// The desktop's own palette as the platform reports it. Fusion's standard palette follows the
/// desktop's appearance where the platform knows one; before 6.5 there is no other public way.
bool systemIsDark()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const Qt::ColorScheme scheme = QGuiApplication::styleHints()->colorScheme();
    if (scheme != Qt::ColorScheme::Unknown)
        return scheme == Qt::ColorScheme::Dark;
#endif
    const std::unique_ptr<QStyle> fusion(QStyleFactory::create(QStringLiteral("Fusion")));
    if (!fusion)
        return false;
    const QPalette palette = fusion->standardPalette();
    return palette.color(QPalette::Window).lightnessF() <
           palette.color(QPalette::WindowText).lightnessF();
}

const Theme& themeFor(ThemeChoice choice)
{
    const bool dark =
        choice == ThemeChoice::Dark || (choice == ThemeChoice::System && systemIsDark());
    return dark ? Theme::dark() : Theme::light();
}

/// Registers a bundled font straight from the program's memory: no copy, no temporary file.
void addFont(const char* name)
{
    const QResource file(QStringLiteral(":/signalbox/fonts/") + QLatin1String(name));
    Q_ASSERT_X(file.isValid(), "setUpLook", "a bundled font is missing");
    const bool plain = file.compressionAlgorithm() == QResource::NoCompression;
    const QByteArray bytes =
        plain ? QByteArray::fromRawData(reinterpret_cast<const char*>(file.data()), file.size())
              : file.uncompressedData();
    QFontDatabase::addApplicationFontFromData(bytes);
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto s = static_cast<float>(share);
    return QColor::fromRgbF(a.redF() + (b.redF() - a.redF()) * s,
                            a.greenF() + (b.greenF() - a.greenF()) * s,
                            a.blueF() + (b.blueF() - a.blueF()) * s);
}

QFont makeFont(const char* family, int pixels, QFont::Weight weight)
{
    QFont font;
    // Else other fonts of the system come first for some of the emoji, in black and white.
    font.setFamilies({QString::fromLatin1(family), QStringLiteral("Noto Color Emoji")});
    font.setPixelSize(pixels);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting); // even spacing at fractional scales
    return font;
}

} // namespace

Theme::Theme(bool dark, const ThemeColors& colors) : m_dark(dark), m_colors(colors) {}

const Theme& Theme::light()
{
    static const Theme theme(false, lightColors());
    return theme;
}

const Theme& Theme::dark()
{
    static const Theme theme(true, darkColors());
    return theme;
}

const Theme& Theme::current()
{
    return look().current ? *look().current : light();
}

ThemeChoice Theme::choice()
{
    return look().choice;
}

void Theme::setChoice(ThemeChoice choice)
{
    const bool isAnother = std::exchange(look().choice, choice) != choice;
    const Theme& next = themeFor(choice);
    if (look().current != &next) {
        look().current = &next;
        if (qApp)
            QApplication::setPalette(next.palette());
        emit ThemeNotifier::instance().themeChanged();
    }
    if (isAnother)
        emit ThemeNotifier::instance().choiceChanged();
}

const ToneColors& Theme::tone(Tone tone) const
{
    switch (tone) {
    case Tone::Neutral:
        return m_colors.neutral;
    case Tone::Accent:
        return m_colors.accented;
    case Tone::Positive:
        return m_colors.positive;
    case Tone::Caution:
        return m_colors.caution;
    case Tone::Negative:
        return m_colors.negative;
    }
    return m_colors.neutral;
}

QPalette Theme::palette() const
{
    const ThemeColors& c = m_colors;
    QPalette p;
    p.setColor(QPalette::Window, c.window);
    p.setColor(QPalette::WindowText, c.text);
    p.setColor(QPalette::Base, c.surface);
    p.setColor(QPalette::AlternateBase, blended(c.hover, c.surface));
    p.setColor(QPalette::Text, c.text);
    p.setColor(QPalette::PlaceholderText, c.textMuted);
    p.setColor(QPalette::Button, c.surface);
    p.setColor(QPalette::ButtonText, c.text);
    p.setColor(QPalette::BrightText, c.negative.ink);
    p.setColor(QPalette::Highlight, c.selection);
    p.setColor(QPalette::HighlightedText, c.selectionText);
    p.setColor(QPalette::Link, c.accentInk);
    p.setColor(QPalette::LinkVisited, c.accentInk);
    p.setColor(QPalette::ToolTipBase, c.raised);
    p.setColor(QPalette::ToolTipText, c.text);
    p.setColor(QPalette::Light, c.surface);
    p.setColor(QPalette::Midlight, c.sunken);
    p.setColor(QPalette::Mid, c.lineStrong);
    p.setColor(QPalette::Dark, c.lineStrong);
    p.setColor(QPalette::Shadow, m_dark ? hex(0x000000) : c.lineStrong);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
                            QPalette::PlaceholderText, QPalette::HighlightedText, QPalette::Link})
        p.setColor(QPalette::Disabled, role, c.textDisabled);
    p.setColor(QPalette::Disabled, QPalette::Highlight, c.sunken);
    p.setColor(QPalette::Disabled, QPalette::Base, c.window);
    return p;
}

QColor Theme::heat(double share) const
{
    if (std::isnan(share))
        return m_colors.sunken;
    const double s = std::clamp(share, 0.0, 1.0);
    // Both ends leave the theme's text readable, so that it need not change colour on the way.
    const QColor low = m_dark ? hex(0x22262e) : hex(0xf0f3fb);
    const QColor high = m_dark ? hex(0x475dc8) : hex(0x7389e2);
    return mixed(low, high, s);
}

QColor Theme::inkOn(const QColor& background) const
{
    const QColor dark = hex(0x11141a);
    const QColor bright = hex(0xffffff);
    return contrastRatio(dark, background) >= contrastRatio(bright, background) ? dark : bright;
}

QFont Theme::font(TextRole role)
{
    switch (role) {
    case TextRole::Caption:
        return makeFont(kSansFamily, 11, QFont::Normal);
    case TextRole::Small:
        return makeFont(kSansFamily, 12, QFont::Normal);
    case TextRole::Body:
        return makeFont(kSansFamily, 13, QFont::Normal);
    case TextRole::BodyStrong:
        return makeFont(kSansFamily, 13, QFont::Medium);
    case TextRole::Title:
        return makeFont(kSansFamily, 15, QFont::DemiBold);
    case TextRole::Heading:
        return makeFont(kSansFamily, 20, QFont::DemiBold);
    case TextRole::Figure:
        return makeFont(kSansFamily, 22, QFont::DemiBold);
    case TextRole::Mono: {
        QFont font = makeFont(kMonoFamily, 12, QFont::Normal);
        font.setStyleHint(QFont::Monospace);
        font.setFixedPitch(true);
        return font;
    }
    }
    return makeFont(kSansFamily, 13, QFont::Normal);
}

ThemeNotifier& ThemeNotifier::instance()
{
    static ThemeNotifier notifier;
    return notifier;
}

void setUpLook(QApplication& app, ThemeChoice choice)
{
    initKitResources();
    installSpokenParts();
    for (const char* font : {"InterTabular-Regular.otf", "InterTabular-Medium.otf",
                             "InterTabular-SemiBold.otf", "JetBrainsMonoPlain-Regular.ttf"})
        addFont(font);
    look().choice = choice;
    look().current = &themeFor(choice);
    QApplication::setPalette(Theme::current().palette());
    QApplication::setFont(Theme::font(TextRole::Body));
    QApplication::setStyle(new AppStyle);
    QApplication::setFont(Theme::font(TextRole::BodyStrong), "QPushButton");
    QApplication::setFont(Theme::font(TextRole::Small), "QHeaderView");
    QApplication::setFont(Theme::font(TextRole::Small), "QTipLabel");
    QApplication::setFont(Theme::font(TextRole::Small), "QStatusBar");
    app.setWindowIcon(applicationIcon());
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    QObject::connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, &app, [] {
        if (Theme::choice() == ThemeChoice::System)
            Theme::setChoice(ThemeChoice::System);
    });
#endif
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

QColor blended(const QColor& top, const QColor& bottom)
{
    return mixed(bottom, QColor::fromRgbF(top.redF(), top.greenF(), top.blueF()), top.alphaF());
}

} // namespace signalbox::ui
