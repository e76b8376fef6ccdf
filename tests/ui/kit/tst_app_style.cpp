// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every standard control is drawn by us: of one height, in the theme's colours, with a
// focus ring for the keyboard only, mirrored for right-to-left, and without a trace of the other
// theme.
#include "kit_test.h"

#include <ui/kit/app_style.h>
#include <ui/kit/icons.h>

#include <QCheckBox>
#include <QComboBox>
#include <QDockWidget>
#include <QGroupBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollBar>
#include <QSlider>
#include <QSpinBox>
#include <QStyleOption>
#include <QTabWidget>
#include <QTableWidget>
#include <QToolBar>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <functional>

using namespace signalbox::ui;

namespace {

using Maker = std::function<QWidget*()>;

QWidget* makeTable()
{
    auto* table = new QTableWidget(3, 3);
    table->setHorizontalHeaderLabels(
        {QStringLiteral("A"), QStringLiteral("B"), QStringLiteral("C")});
    table->setItem(0, 0, new QTableWidgetItem(QStringLiteral("text")));
    table->setSortingEnabled(true);
    table->selectRow(1);
    return table;
}

QWidget* makeTree()
{
    auto* tree = new QTreeWidget;
    auto* top = new QTreeWidgetItem(tree, {QStringLiteral("top")});
    auto* child = new QTreeWidgetItem(top, {QStringLiteral("child")});
    child->setCheckState(0, Qt::Checked);
    tree->expandAll();
    return tree;
}

template<class Button> QWidget* makeButton()
{
    auto* button = new Button;
    button->setText(QStringLiteral("&Text"));
    button->setCheckable(true);
    button->setChecked(true);
    return button;
}

QImage pictureOf(QWidget& widget)
{
    return widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
}

/// Share of pixels that differ.
double difference(const QImage& a, const QImage& b)
{
    if (a.size() != b.size())
        return 1;
    int differing = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x)
            differing += a.pixel(x, y) != b.pixel(x, y);
    return double(differing) / (a.width() * a.height());
}

bool contains(const QImage& image, const QColor& color)
{
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (QColor(image.pixel(x, y)) == color)
                return true;
    return false;
}

} // namespace

Q_DECLARE_METATYPE(Maker)

class TestAppStyle : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        kit_test::failOnWarnings();
        Theme::setChoice(ThemeChoice::Light);
    }

    void controlsShareOneHeight()
    {
        QPushButton button(QStringLiteral("Text"));
        QLineEdit edit;
        QComboBox combo;
        combo.addItem(QStringLiteral("Text"));
        QSpinBox spin;
        for (QWidget* control : std::initializer_list<QWidget*>{&button, &edit, &combo, &spin})
            QCOMPARE(control->sizeHint().height(), space::kControl);
    }

    void followsTheTheme_data()
    {
        QTest::addColumn<Maker>("make");
        QTest::newRow("push button") << Maker(makeButton<QPushButton>);
        QTest::newRow("tool button") << Maker(makeButton<QToolButton>);
        QTest::newRow("check box") << Maker(makeButton<QCheckBox>);
        QTest::newRow("radio button") << Maker(makeButton<QRadioButton>);
        QTest::newRow("line edit") << Maker([] { return new QLineEdit(QStringLiteral("text")); });
        QTest::newRow("combo box") << Maker([] {
            auto* combo = new QComboBox;
            combo->addItem(QStringLiteral("text"));
            return combo;
        });
        QTest::newRow("spin box") << Maker([] { return new QSpinBox; });
        QTest::newRow("slider") << Maker([] { return new QSlider(Qt::Horizontal); });
        QTest::newRow("upright slider") << Maker([] { return new QSlider(Qt::Vertical); });
        QTest::newRow("scroll bar") << Maker([] {
            auto* bar = new QScrollBar(Qt::Horizontal);
            bar->setRange(0, 100);
            return bar;
        });
        QTest::newRow("progress") << Maker([] {
            auto* bar = new QProgressBar;
            bar->setValue(40);
            return bar;
        });
        QTest::newRow("group box") << Maker([] { return new QGroupBox(QStringLiteral("Group")); });
        QTest::newRow("tabs") << Maker([] {
            auto* tabs = new QTabWidget;
            tabs->addTab(new QWidget, QStringLiteral("One"));
            tabs->addTab(new QWidget, QStringLiteral("Two"));
            return tabs;
        });
        QTest::newRow("table") << Maker(makeTable);
        QTest::newRow("tree") << Maker(makeTree);
        QTest::newRow("menu bar") << Maker([] {
            auto* bar = new QMenuBar;
            bar->addMenu(QStringLiteral("&File"));
            return bar;
        });
        QTest::newRow("menu") << Maker([] {
            auto* menu = new QMenu;
            menu->addAction(icon(Icon::Open), QStringLiteral("Open\tCtrl+O"));
            menu->addSeparator();
            menu->addMenu(QStringLiteral("More"));
            return menu;
        });
        QTest::newRow("tool bar") << Maker([] {
            auto* bar = new QToolBar;
            bar->addAction(icon(Icon::Open), QStringLiteral("Open"));
            bar->addSeparator();
            return bar;
        });
        QTest::newRow("dock") << Maker([] { return new QDockWidget(QStringLiteral("Dock")); });
    }

    /// A widget switched to dark looks exactly like one that was born in the dark, and nothing of
    /// it keeps the light window, surface or text.
    void followsTheTheme()
    {
        QFETCH(Maker, make);
        const auto shown = [&] {
            std::unique_ptr<QWidget> widget(make());
            widget->resize(240, 160);
            kit_test::showActive(*widget);
            return widget;
        };
        QImage light;
        QImage dark;
        {
            const auto switched = shown();
            light = pictureOf(*switched);
            Theme::setChoice(ThemeChoice::Dark);
            QCoreApplication::processEvents(); // Qt hands the palette on with the next events
            dark = pictureOf(*switched);
        }
        QCOMPARE(difference(dark, pictureOf(*shown())), 0.0);
        QVERIFY(difference(light, dark) > 0.01);
        for (const QColor& old : {Theme::light().colors().window, Theme::light().colors().text})
            QVERIFY2(!contains(dark, old), qPrintable(old.name()));
    }

    void focusRingIsForTheKeyboard_data()
    {
        QTest::addColumn<Maker>("make");
        QTest::newRow("push button")
            << Maker([] { return new QPushButton(QStringLiteral("Text")); });
        QTest::newRow("check box") << Maker([] { return new QCheckBox(QStringLiteral("Text")); });
        QTest::newRow("radio button")
            << Maker([] { return new QRadioButton(QStringLiteral("Text")); });
        QTest::newRow("slider") << Maker([] { return new QSlider(Qt::Horizontal); });
        QTest::newRow("combo box") << Maker([] { return new QComboBox; });
    }

    void focusRingIsForTheKeyboard()
    {
        QFETCH(Maker, make);
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        auto* first = new QPushButton(QStringLiteral("First"));
        QWidget* control = make();
        layout->addWidget(first);
        layout->addWidget(control);
        kit_test::showActive(window);
        control->setFocus(Qt::MouseFocusReason);
        window.setAttribute(Qt::WA_KeyboardFocusChange, false);
        const QImage byMouse = pictureOf(*control);
        QVERIFY(control->hasFocus());
        first->setFocus(Qt::MouseFocusReason);
        QTest::keyClick(first, Qt::Key_Tab);
        QVERIFY(control->hasFocus());
        const QImage byKey = pictureOf(*control);
        QVERIFY(difference(byMouse, byKey) > 0.005);
        QVERIFY(contains(byKey, Theme::current().colors().focus));
    }

    void primaryButtonWearsTheAccent()
    {
        QPushButton button(QStringLiteral("Run"));
        const QColor accent = Theme::current().colors().accent;
        QVERIFY(!contains(pictureOf(button), accent));
        setButtonKind(&button, ButtonKind::Primary);
        QVERIFY(contains(pictureOf(button), accent));
        button.setEnabled(false);
        QVERIFY(!contains(pictureOf(button), accent));
    }

    void mnemonicsShowWhileAltIsDown()
    {
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        auto* button = new QPushButton(QStringLiteral("&Run"));
        layout->addWidget(button);
        kit_test::showActive(window);
        const QImage plain = pictureOf(*button);
        QTest::keyPress(&window, Qt::Key_Alt);
        const QImage underlined = pictureOf(*button);
        QTest::keyRelease(&window, Qt::Key_Alt);
        QVERIFY(difference(plain, underlined) > 0);
        QCOMPARE(difference(plain, pictureOf(*button)), 0.0);
    }

    void scrollBarsHaveNoArrows()
    {
        QScrollBar bar(Qt::Vertical);
        bar.setRange(0, 100);
        bar.setPageStep(100);
        bar.resize(12, 200);
        QStyleOptionSlider option;
        option.initFrom(&bar);
        option.orientation = Qt::Vertical;
        option.maximum = 100;
        option.pageStep = 100;
        option.upsideDown = false;
        const auto rect = [&](QStyle::SubControl part) {
            return bar.style()->subControlRect(QStyle::CC_ScrollBar, &option, part, &bar);
        };
        QVERIFY(rect(QStyle::SC_ScrollBarAddLine).isEmpty());
        QCOMPARE(rect(QStyle::SC_ScrollBarSlider), QRect(0, 0, 12, 100));
        option.sliderPosition = 100;
        QCOMPARE(rect(QStyle::SC_ScrollBarSlider), QRect(0, 100, 12, 100));
        QCOMPARE(rect(QStyle::SC_ScrollBarSubPage), QRect(0, 0, 12, 100));
        option.maximum = 1'000'000; // the handle stays big enough to be caught
        QCOMPARE(rect(QStyle::SC_ScrollBarSlider).height(), 32);
    }

    void mirrorsForRightToLeft()
    {
        QComboBox combo;
        combo.resize(120, 30);
        QStyleOptionComboBox option;
        option.initFrom(&combo);
        option.rect = combo.rect();
        const auto arrow = [&] {
            return combo.style()->subControlRect(QStyle::CC_ComboBox, &option,
                                                 QStyle::SC_ComboBoxArrow, &combo);
        };
        const QRect left = arrow();
        option.direction = Qt::RightToLeft;
        const QRect right = arrow();
        QVERIFY(left.left() > 60 && right.right() < 60);
        QCOMPARE(left.width(), right.width());
    }

    void spinButtonsAndFieldDoNotOverlap()
    {
        QSpinBox spin;
        QStyleOptionSpinBox option;
        option.initFrom(&spin);
        option.rect = QRect(0, 0, 100, 30);
        option.buttonSymbols = QAbstractSpinBox::UpDownArrows;
        const auto rect = [&](QStyle::SubControl part) {
            return spin.style()->subControlRect(QStyle::CC_SpinBox, &option, part, &spin);
        };
        const QRect up = rect(QStyle::SC_SpinBoxUp);
        const QRect down = rect(QStyle::SC_SpinBoxDown);
        const QRect field = rect(QStyle::SC_SpinBoxEditField);
        QVERIFY(!up.isEmpty() && !down.isEmpty() && !field.isEmpty());
        QVERIFY(!up.intersects(down) && !field.intersects(up) && !field.intersects(down));
        QVERIFY(option.rect.contains(up) && option.rect.contains(down));
    }

    void nothingIsAnimated()
    {
        QCOMPARE(QApplication::style()->styleHint(QStyle::SH_Widget_Animation_Duration), 0);
    }
};

int main(int argc, char** argv)
{
    return kit_test::run<TestAppStyle>(argc, argv);
}

#include "tst_app_style.moc"
