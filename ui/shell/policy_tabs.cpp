// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_tabs.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>
#include <ui/models/policy_editor.h>

#include <QAbstractButton>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace signalbox::ui {
namespace {

constexpr int kTabHeight = 36;
constexpr int kTabWidest = 240;
constexpr int kTabNarrowest = 112;
constexpr int kCloseSize = 20;
constexpr qreal kDotRadius = 3.5;

/// The cross of a tab; while its policy is not saved a dot stands there until the pointer comes.
class CloseButton final : public QAbstractButton
{
public:
    explicit CloseButton(QWidget* parent) : QAbstractButton(parent)
    {
        setFixedSize(kCloseSize, kCloseSize);
        setFocusPolicy(Qt::NoFocus); // the strip has a key for it
        setCursor(Qt::ArrowCursor);
        setAttribute(Qt::WA_Hover);
    }
    void show(const QString& name, bool modified)
    {
        setAccessibleName(PolicyTabs::tr("Close %1").arg(name));
        setToolTip(
            plainToolTip(modified ? PolicyTabs::tr("Close (not saved)") : PolicyTabs::tr("Close")));
        if (std::exchange(m_modified, modified) != modified)
            update();
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        const ThemeColors& colors = Theme::current().colors();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        const QRectF place = rect();
        if (m_modified && !underMouse()) {
            painter.setBrush(colors.text);
            painter.drawEllipse(place.center(), kDotRadius, kDotRadius);
            return;
        }
        if (underMouse()) {
            painter.setBrush(isDown() ? colors.pressed : colors.hover);
            painter.drawRoundedRect(place, radius::kSmall, radius::kSmall);
        }
        constexpr qreal kInset = (kCloseSize - 12) / 2.0;
        paintIcon(painter, place.adjusted(kInset, kInset, -kInset, -kInset), Icon::Close,
                  underMouse() ? colors.text : colors.textMuted);
    }

private:
    bool m_modified = false;
};

class Strip final : public QTabBar
{
    Q_OBJECT
public:
    using QTabBar::QTabBar;

signals:
    void middleClicked(int index);

protected:
    QSize tabSizeHint(int index) const override
    {
        const QSize hint = QTabBar::tabSizeHint(index);
        return {std::clamp(hint.width(), kTabNarrowest, kTabWidest), kTabHeight};
    }
    QSize minimumTabSizeHint(int /*index*/) const override { return {kTabNarrowest, kTabHeight}; }
    void mousePressEvent(QMouseEvent* event) override
    {
        m_middle = event->button() == Qt::MiddleButton ? tabAt(event->position().toPoint()) : -1;
        if (m_middle < 0)
            QTabBar::mousePressEvent(event);
    }
    void mouseReleaseEvent(QMouseEvent* event) override
    {
        const int pressed = std::exchange(m_middle, -1);
        if (event->button() != Qt::MiddleButton)
            return QTabBar::mouseReleaseEvent(event);
        if (pressed >= 0 && tabAt(event->position().toPoint()) == pressed)
            emit middleClicked(pressed);
    }

private:
    int m_middle = -1;
};

} // namespace

PolicyTabs::PolicyTabs(PolicyEditor& editor, QWidget* parent) : QWidget(parent), m_editor(editor)
{
    setObjectName(QStringLiteral("policyTabs"));
    auto* const strip = new Strip(this);
    m_bar = strip;
    m_bar->setObjectName(QStringLiteral("policyTabBar"));
    m_bar->setAccessibleName(tr("Open policies"));
    m_bar->setMovable(true);
    m_bar->setExpanding(false);
    m_bar->setDrawBase(false);
    m_bar->setUsesScrollButtons(true);
    m_bar->setElideMode(Qt::ElideRight);
    auto* const add = new IconButton(Icon::Add, tr("New policy"), this);
    add->setObjectName(QStringLiteral("newTab"));
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(space::kUnit, 0, space::kUnit, space::kHair);
    layout->setSpacing(space::kHalf);
    layout->addWidget(m_bar);
    layout->addWidget(add);
    layout->addStretch(1);
    connect(add, &QToolButton::clicked, this, &PolicyTabs::newRequested);
    connect(strip, &Strip::middleClicked, this, &PolicyTabs::closeRequested);
    connect(m_bar, &QTabBar::currentChanged, this, [this](int index) {
        if (!m_syncing)
            m_editor.setCurrentIndex(index);
    });
    connect(m_bar, &QTabBar::tabMoved, this, [this](int from, int to) {
        if (!m_syncing)
            m_editor.move(from, to);
    });
    connect(&editor, &PolicyEditor::listChanged, this, &PolicyTabs::sync);
    connect(&editor, &PolicyEditor::entryChanged, this, &PolicyTabs::sync); // names tell apart
    sync();
}

/// Two of the same name are told apart by their files.
QString PolicyTabs::labelOf(int index) const
{
    const OpenPolicy& policy = m_editor.policyAt(index);
    QString name = policy.displayName();
    bool isOnlyOne = true;
    for (int i = 0; i < m_editor.count(); ++i)
        isOnlyOne &= i == index || m_editor.policyAt(i).displayName() != name;
    if (isOnlyOne)
        return name;
    const QString file =
        policy.filePath().empty()
            ? tr("no file")
            : QFileInfo(QString::fromStdString(policy.filePath().string())).fileName();
    return tr("%1 (%2)", "name of a policy, its file").arg(name, file);
}

void PolicyTabs::syncEntry(int index)
{
    const OpenPolicy& policy = m_editor.policyAt(index);
    const QString label = labelOf(index);
    // Only what differs: a tab that is being dragged stays in the hand.
    if (const QString text = withoutMnemonics(label); m_bar->tabText(index) != text)
        m_bar->setTabText(index, text);
    const QString file = policy.filePath().empty()
                             ? tr("In no file yet")
                             : QString::fromStdString(policy.filePath().string());
    m_bar->setTabToolTip(index, plainToolTip(label + QLatin1Char('\n') + file));
    m_bar->setAccessibleTabName(index,
                                policy.isModified() ? tr("%1, not saved").arg(label) : label);
    static_cast<CloseButton*>(m_bar->tabButton(index, QTabBar::RightSide))
        ->show(label, policy.isModified());
}

void PolicyTabs::sync()
{
    m_syncing = true;
    while (m_bar->count() < m_editor.count()) {
        const int index = m_bar->addTab({});
        auto* const close = new CloseButton(m_bar);
        close->setObjectName(QStringLiteral("closeTab"));
        m_bar->setTabButton(index, QTabBar::RightSide, close);
        connect(close, &QAbstractButton::clicked, this, [this, close] {
            for (int i = 0; i < m_bar->count(); ++i) {
                if (m_bar->tabButton(i, QTabBar::RightSide) == close)
                    return emit closeRequested(i);
            }
        });
    }
    while (m_bar->count() > m_editor.count())
        m_bar->removeTab(m_bar->count() - 1);
    for (int i = 0; i < m_editor.count(); ++i)
        syncEntry(i);
    m_bar->setCurrentIndex(m_editor.currentIndex());
    setVisible(m_editor.count() > 1);
    m_syncing = false;
}

void PolicyTabs::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeColors& colors = Theme::current().colors();
    QPainter painter(this);
    painter.fillRect(rect(), colors.window);
    painter.fillRect(QRect(0, height() - space::kHair, width(), space::kHair), colors.line);
}

} // namespace signalbox::ui

#include "policy_tabs.moc"
