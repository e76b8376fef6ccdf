// SPDX-License-Identifier: GPL-3.0-or-later
#include "queue_button.h"

#include "facts_line.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kPopoverWidthPx = 440;
constexpr std::size_t kMostRows = 10;

} // namespace

QueuePopover::QueuePopover(QueuedRuns& queue, QWidget* parent) : Popover(parent), m_queue(queue)
{
    setObjectName(QStringLiteral("queuePopover"));
    setAccessibleName(tr("Queue of runs"));
    setFixedWidth(kPopoverWidthPx);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(space::kWide, space::kGap, space::kWide, space::kGap);
    rows->setSpacing(space::kUnit);
    rows->addWidget(new TextLabel(tr("Queue of runs"), TextRole::BodyStrong, this));
    m_rows = new QWidget(this);
    rows->addWidget(m_rows);
    m_hint = new TextLabel({}, TextRole::Small, this);
    m_hint->setMuted(true);
    m_hint->setWordWrap(true);
    rows->addWidget(m_hint);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(space::kUnit);
    m_add = new QPushButton(tr("&Add the chosen prompts"), this);
    m_add->setObjectName(QStringLiteral("queue.add"));
    m_add->setToolTip(plainToolTip(
        tr("The prompts, models, times and caps as they are chosen now; they can be changed then, "
           "and added again")));
    m_run = new QPushButton(this);
    m_run->setObjectName(QStringLiteral("queue.run"));
    setButtonKind(m_run, ButtonKind::Primary);
    m_clear = new QPushButton(tr("&Empty"), this);
    m_clear->setObjectName(QStringLiteral("queue.clear"));
    m_clear->setAccessibleName(tr("Empty the queue"));
    setButtonKind(m_clear, ButtonKind::Quiet);
    buttons->addWidget(m_run);
    buttons->addWidget(m_add);
    buttons->addStretch(1);
    buttons->addWidget(m_clear);
    rows->addLayout(buttons);
    connect(m_add, &QPushButton::clicked, this, [this] { m_queue.addChosen(); });
    connect(m_clear, &QPushButton::clicked, this, [this] { m_queue.clear(); });
    connect(m_run, &QPushButton::clicked, this,
            [this] { m_queue.isRunning() ? m_queue.stopAfterThis() : m_queue.start(); });
}

QWidget* QueuePopover::makeRow(std::size_t place)
{
    const QueuedRun& run = m_queue.runs()[place];
    auto* row = new QWidget(m_rows);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::kHalf);
    const QString text = joinedFacts(
        {withVisibleControls(QString::fromStdString(run.name)), QueuedRuns::textOf(run)});
    auto* label = new ElidedLabel(text, TextRole::Body, row);
    label->setObjectName(QStringLiteral("queue.text"));
    line->addWidget(label, 1);
    // The row goes when the queue changes: its buttons act when their click is over.
    const auto add = [&](Icon shape, const QString& name, const char* id, bool isEnabled,
                         auto action) {
        auto* button = new IconButton(shape, name, row);
        button->setObjectName(QLatin1String(id));
        button->setEnabled(isEnabled);
        connect(button, &QToolButton::clicked, this, action, Qt::QueuedConnection);
        line->addWidget(button);
    };
    add(Icon::Up, tr("Send it earlier"), "queue.up", place > 0,
        [this, place] { m_queue.move(place, place - 1); });
    add(Icon::Down, tr("Send it later"), "queue.down", place + 1 < m_queue.runs().size(),
        [this, place] { m_queue.move(place, place + 1); });
    add(Icon::Close, tr("Take it out"), "queue.remove", true,
        [this, place] { m_queue.remove(place); });
    return row;
}

void QueuePopover::refresh()
{
    // Nothing in a row is handled just now: its buttons act later.
    qDeleteAll(m_rows->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
    delete m_rows->layout();
    auto* rows = new QVBoxLayout(m_rows);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    const std::size_t count = m_queue.runs().size();
    for (std::size_t place = 0; place < std::min(count, kMostRows); ++place)
        rows->addWidget(makeRow(place));
    m_rows->setVisible(count > 0);
    const QString hint =
        !m_queue.problem().isEmpty() ? m_queue.problem()
        : count == 0 ? tr("The queue is empty. Choose prompts and models above and add them here, "
                          "as often as you like; then all are sent one after the other.")
        : count > kMostRows ? tr("and %n more", "runs", static_cast<int>(count - kMostRows))
                            : tr("Sent one after the other. If one fails or reaches its cap, the "
                                 "next one goes on.");
    m_hint->setText(hint);
    m_hint->setFixedHeight(m_hint->heightForWidth(kPopoverWidthPx - 2 * space::kWide));
    m_run->setText(m_queue.isRunning() ? tr("&Stop after this run") : tr("&Send all"));
    m_run->setEnabled(m_queue.isRunning() || count > 0);
    m_clear->setEnabled(count > 0);
    adjustSize();
}

QueueButton::QueueButton(QueuedRuns& queue, QWidget* parent) : QPushButton(parent), m_queue(queue)
{
    setObjectName(QStringLiteral("queue"));
    setButtonKind(this, ButtonKind::Quiet);
    setIcon(ui::icon(Icon::Outline));
    setToolTip(
        plainToolTip(tr("Queue: runs that are sent one after the other, overnight for example")));
    m_popover = new QueuePopover(queue, this);
    connect(this, &QPushButton::clicked, this, &QueueButton::open);
    connect(&queue, &QueuedRuns::changed, this, [this] { refresh(); });
    refresh();
}

void QueueButton::refresh()
{
    const std::size_t count = m_queue.runs().size();
    setAccessibleName(tr("Queue"));
    setText(count == 0 ? (m_isWordy ? tr("Queue") : QString()) // else the icon says it
                       : tr("Queue (%1)").arg(format::count(static_cast<qint64>(count))));
    if (!m_popover->isVisible())
        return;
    m_popover->refresh();
    m_popover->place();
}

void QueueButton::setWordy(bool wordy)
{
    if (wordy == m_isWordy)
        return;
    m_isWordy = wordy;
    refresh();
}

void QueueButton::open()
{
    m_queue.refresh();
    m_popover->refresh();
    m_popover->place();
    m_popover->show();
}

} // namespace signalbox::ui
