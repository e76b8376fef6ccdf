// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: both themes can be read by everyone. Text has 4.5:1 on every background it may stand on,
// marks and focus rings 3:1; model colours stay apart for colour-blind eyes; bundled fonts, icons
// and tabular digits are really there; a switch of theme reaches palette and listeners.
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include <array>
#include <cmath>

using namespace signalbox::ui;

namespace {

struct Lab
{
    double l, a, b;
};

double linear(double c)
{
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

using Matrix = std::array<std::array<double, 3>, 3>;
constexpr Matrix kNormal = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
// Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
constexpr Matrix kProtan = {{{0.152286, 1.052583, -0.204868},
                             {0.114503, 0.786281, 0.099216},
                             {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeutan = {{{0.367322, 0.860646, -0.227968},
                             {0.280085, 0.672501, 0.047413},
                             {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritan = {{{1.255528, -0.076749, -0.178779},
                             {-0.078411, 0.930809, 0.147602},
                             {0.004733, 0.691367, 0.303900}}};

Lab seen(const QColor& color, const Matrix& eye)
{
    const std::array<double, 3> in = {linear(color.redF()), linear(color.greenF()),
                                      linear(color.blueF())};
    std::array<double, 3> rgb{};
    for (std::size_t i = 0; i < 3; ++i)
        rgb[i] = std::clamp(eye[i][0] * in[0] + eye[i][1] * in[1] + eye[i][2] * in[2], 0.0, 1.0);
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    const double x = f((0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505);
    const double y = f(0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]);
    const double z = f((0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double distance(const Lab& p, const Lab& q)
{
    return std::hypot(p.l - q.l, p.a - q.a, p.b - q.b);
}

QByteArray tag(const char* theme, const char* name, const QColor& background)
{
    return QByteArray(theme) + ' ' + name + " on " + background.name().toLatin1();
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        Theme::setChoice(ThemeChoice::Light);
    }

    void textCanBeRead_data()
    {
        QTest::addColumn<QColor>("ink");
        QTest::addColumn<QColor>("background");
        for (const Theme* theme : {&Theme::light(), &Theme::dark()}) {
            const ThemeColors& c = theme->colors();
            const char* name = theme->isDark() ? "dark" : "light";
            const QList<QColor> grounds = {c.window,
                                           c.surface,
                                           c.raised,
                                           c.sunken,
                                           blended(c.hover, c.surface),
                                           blended(c.hover, c.window),
                                           blended(c.shade, c.surface),
                                           blended(c.shadeTwo, blended(c.shade, c.surface))};
            for (const QColor& ground : grounds) {
                QTest::newRow(tag(name, "text", ground)) << c.text << ground;
                QTest::newRow(tag(name, "textMuted", ground)) << c.textMuted << ground;
                QTest::newRow(tag(name, "accentInk", ground)) << c.accentInk << ground;
                QTest::newRow(tag(name, "chartInk", ground)) << c.chartInk << ground;
            }
            for (const QColor& fill : {c.accent, c.accentHover, c.accentPressed})
                QTest::newRow(tag(name, "accentText", fill)) << c.accentText << fill;
            QTest::newRow(tag(name, "selectionText", c.selection))
                << c.selectionText << c.selection;
            QTest::newRow(tag(name, "textMuted", c.selection)) << c.textMuted << c.selection;
            for (const Tone tone :
                 {Tone::Neutral, Tone::Accent, Tone::Positive, Tone::Caution, Tone::Negative}) {
                const ToneColors& t = theme->tone(tone);
                for (const QColor& ground : {t.soft, c.surface, c.window, c.raised})
                    QTest::newRow(tag(name, "tone ink", ground) + QByteArray::number(int(tone)))
                        << t.ink << ground;
                QTest::newRow(tag(name, "text", t.soft)) << c.text << t.soft;
                QTest::newRow(tag(name, "textMuted", t.soft)) << c.textMuted << t.soft;
            }
            QTest::newRow(tag(name, "text", c.marker)) << c.text << c.marker;
            QTest::newRow(tag(name, "text", c.markerStrong)) << c.text << c.markerStrong;
            for (int model = 0; model < kSeriesColorCount; ++model) {
                const ModelLook look = lookFor(model, *theme);
                QTest::newRow(tag(name, "text on model", look.soft)) << c.text << look.soft;
            }
            for (int step = 0; step <= 20; ++step) {
                const QColor heat = theme->heat(step / 20.0);
                QTest::newRow(tag(name, "heat", heat)) << c.text << heat;
            }
        }
    }

    void whatIsDisabledCanBeMadeOut()
    {
        for (const Theme* theme : {&Theme::light(), &Theme::dark()}) {
            const ThemeColors& c = theme->colors();
            for (const QColor& ground : {c.window, c.surface, c.raised, c.sunken})
                QVERIFY(contrastRatio(c.textDisabled, ground) >= 3);
        }
    }

    void textCanBeRead()
    {
        QFETCH(QColor, ink);
        QFETCH(QColor, background);
        const double ratio = contrastRatio(ink, background);
        QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1 on %2 has %3:1")
                                              .arg(ink.name(), background.name())
                                              .arg(ratio, 0, 'f', 2)));
    }

    void marksAndFocusAreSeen_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void marksAndFocusAreSeen()
    {
        QFETCH(bool, dark);
        const Theme& theme = dark ? Theme::dark() : Theme::light();
        const ThemeColors& c = theme.colors();
        for (const QColor& ground : {c.window, c.surface}) {
            QVERIFY(contrastRatio(c.focus, ground) >= 3);
            QVERIFY(contrastRatio(c.marker, ground) >= 1.5); // as a marker pen on paper
            for (int model = 0; model < kSeriesColorCount; ++model) {
                const double ratio = contrastRatio(lookFor(model, theme).color, ground);
                QVERIFY2(ratio >= 3,
                         qPrintable(QStringLiteral("model %1: %2").arg(model).arg(ratio)));
            }
        }
    }

    void whatAGateForbidsIsSeen_data() { marksAndFocusAreSeen_data(); }

    void whatAGateForbidsIsSeen()
    {
        QFETCH(bool, dark);
        const ThemeColors& c = (dark ? Theme::dark() : Theme::light()).colors();
        const QColor once = blended(c.shade, c.surface);
        const QColor twice = blended(c.shadeTwo, once);
        QVERIFY(contrastRatio(once, c.surface) >= 1.22);
        QVERIFY(contrastRatio(once, c.surface) <= 1.35); // a ground, not a picture
        QVERIFY(contrastRatio(twice, once) >= 1.1);
    }

    void modelColorsStayApartForEveryEye_data() { marksAndFocusAreSeen_data(); }

    void modelColorsStayApartForEveryEye()
    {
        QFETCH(bool, dark);
        const Theme& theme = dark ? Theme::dark() : Theme::light();
        for (const Matrix& eye : {kNormal, kProtan, kDeutan, kTritan}) {
            for (int i = 0; i < kSeriesColorCount; ++i) {
                for (int k = i + 1; k < kSeriesColorCount; ++k) {
                    const double apart = distance(seen(lookFor(i, theme).color, eye),
                                                  seen(lookFor(k, theme).color, eye));
                    const double least = k < 4 ? 20 : 12; // most policies have four models or fewer
                    QVERIFY2(apart >= least,
                             qPrintable(QStringLiteral("%1 and %2: %3").arg(i).arg(k).arg(apart)));
                }
            }
        }
    }

    void sixtyFourModelsDifferInColorOrMark()
    {
        QSet<QString> looks;
        for (int model = 0; model < 64; ++model) {
            const ModelLook look = lookFor(model);
            looks.insert(look.color.name() + markName(look.mark));
        }
        QCOMPARE(looks.size(), 64);
        QVERIFY(lookFor(-1).color != lookFor(0).color);
    }

    void marksHaveAboutTheSameArea()
    {
        std::vector<double> areas;
        for (int mark = 0; mark < kMarkCount; ++mark) {
            QImage image(100, 100, QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            paintMark(painter, {50, 50}, 50, static_cast<Mark>(mark), Qt::black);
            painter.end();
            double area = 0;
            for (int y = 0; y < 100; ++y)
                for (int x = 0; x < 100; ++x)
                    area += qAlpha(image.pixel(x, y)) / 255.0;
            areas.push_back(area);
        }
        const auto [low, high] = std::minmax_element(areas.begin(), areas.end());
        QVERIFY2(*low > 1500 && *high < 2200,
                 qPrintable(QStringLiteral("%1 to %2").arg(*low).arg(*high)));
    }

    void choosingAThemeReachesPaletteAndListeners()
    {
        QSignalSpy changed(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged);
        Theme::setChoice(ThemeChoice::Dark);
        QVERIFY(Theme::current().isDark());
        QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::dark().colors().window);
        QCOMPARE(changed.count(), 1);
        Theme::setChoice(ThemeChoice::Dark);
        QCOMPARE(changed.count(), 1);
        Theme::setChoice(ThemeChoice::Light);
        QCOMPARE(changed.count(), 2);
        QCOMPARE(Theme::choice(), ThemeChoice::Light);
    }

    void bundledFontsAreUsed_data()
    {
        QTest::addColumn<int>("role");
        QTest::addColumn<QString>("family");
        QTest::addColumn<int>("weight");
        QTest::newRow("body") << int(TextRole::Body) << "Inter Tabular" << int(QFont::Normal);
        QTest::newRow("strong") << int(TextRole::BodyStrong) << "Inter Tabular"
                                << int(QFont::Medium);
        QTest::newRow("title") << int(TextRole::Title) << "Inter Tabular" << int(QFont::DemiBold);
        QTest::newRow("mono") << int(TextRole::Mono) << "JetBrains Mono Plain"
                              << int(QFont::Normal);
    }

    void bundledFontsAreUsed()
    {
        QFETCH(int, role);
        QFETCH(QString, family);
        QFETCH(int, weight);
        const QFontInfo info(Theme::font(static_cast<TextRole>(role)));
        QCOMPARE(info.family(), family);
        QCOMPARE(info.weight(), weight);
    }

    void digitsLineUp()
    {
        for (const TextRole role :
             {TextRole::Caption, TextRole::Body, TextRole::Figure, TextRole::Mono}) {
            const QFontMetricsF metrics(Theme::font(role));
            const qreal width = metrics.horizontalAdvance(QStringLiteral("0000000000"));
            for (char digit = '1'; digit <= '9'; ++digit) {
                const qreal other = metrics.horizontalAdvance(QString(10, QLatin1Char(digit)));
                QVERIFY2(std::abs(other - width) < 0.5, &digit);
            }
        }
    }

    void textIsNotRewrittenByTheFont()
    {
        // Inter turns "->" into an arrow, JetBrains Mono draws "!=" as one sign; ours do not.
        for (const TextRole role : {TextRole::Body, TextRole::Mono}) {
            const QFont font = Theme::font(role);
            const auto picture = [&](const QString& text, qreal kerning) {
                QImage image(80, 30, QImage::Format_ARGB32_Premultiplied);
                image.fill(Qt::white);
                QPainter painter(&image);
                painter.setFont(font);
                if (kerning < 0) {
                    painter.drawText(QPointF(5, 20), text);
                } else { // one character at a time
                    qreal x = 5;
                    for (const QChar c : text) {
                        painter.drawText(QPointF(x, 20), QString(c));
                        x += QFontMetricsF(font).horizontalAdvance(c);
                    }
                }
                return image;
            };
            if (role == TextRole::Mono)
                QCOMPARE(picture(QStringLiteral("!="), -1), picture(QStringLiteral("!="), 0));
            QVERIFY(picture(QStringLiteral("->"), -1) != picture(QStringLiteral("→"), -1));
        }
    }

    void everyIconHasInk()
    {
        for (int i = 0; i < kIconCount; ++i) {
            const QImage image = icon(static_cast<Icon>(i))
                                     .pixmap(QSize(20, 20))
                                     .toImage()
                                     .convertToFormat(QImage::Format_ARGB32);
            int inked = 0;
            bool coloured = false;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    const QRgb pixel = image.pixel(x, y);
                    inked += qAlpha(pixel) > 100;
                    coloured |=
                        qAlpha(pixel) > 250 && QColor(pixel) == Theme::light().colors().text;
                }
            }
            QVERIFY2(inked > 8, qPrintable(iconPath(static_cast<Icon>(i))));
            QVERIFY2(coloured || inked > 12, qPrintable(iconPath(static_cast<Icon>(i))));
        }
        QVERIFY(!applicationIcon().pixmap(64, 64).isNull());
    }

    void iconsFollowTheTheme()
    {
        const QIcon square = icon(Icon::Stop);
        const QImage light = square.pixmap(QSize(20, 20)).toImage();
        Theme::setChoice(ThemeChoice::Dark);
        const QImage dark = square.pixmap(QSize(20, 20)).toImage();
        QVERIFY(light != dark);
        const QImage disabled = square.pixmap(QSize(20, 20), QIcon::Disabled).toImage();
        QVERIFY(disabled != dark);
    }
};

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    setUpLook(app, ThemeChoice::Light);
    TestTheme test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_theme.moc"
