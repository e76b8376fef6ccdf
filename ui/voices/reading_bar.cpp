// SPDX-License-Identifier: GPL-3.0-or-later
#include "reading_bar.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/theme.h>

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPushButton>
#include <QSignalBlocker>

namespace signalbox::ui {

namespace {

constexpr int kWordsPx = 200;
constexpr int kChoicePx = 132;

} // namespace

ReadingBar::ReadingBar(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("readingBar"));
    setAccessibleName(tr("Find and filter"));
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(space::kWide, space::kHalf, space::kWide, space::kHalf);
    line->setSpacing(space::kUnit);
    buildWords();
    m_differs = makeChip("differs", tr("Differs", "filter: prompts"),
                         tr("Prompts on which the models part: one answers where another fails or "
                            "refuses, or one satisfies the request where another does not."));
    m_failed = makeChip("failed", tr("Failed", "filter: prompts"),
                        tr("Prompts to which a model gave no answer because something failed."));
    m_refused = makeChip("refused", tr("Refused", "filter: prompts"),
                         tr("Prompts that a model declined to answer, or whose answer the "
                            "provider's content filter withheld."));
    m_starred = makeChip("starred", tr("Starred", "filter: prompts"),
                         tr("Prompts with an answer that you starred. The key S stars one."));
    buildGroups();
    buildOrder();
    m_count = new ElidedLabel({}, TextRole::Small, this);
    m_count->setObjectName(QStringLiteral("readingCount"));
    m_count->setMuted(true);
    m_count->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    line->addWidget(m_count, 1);
    auto* close = new IconButton(Icon::Close, tr("Show all prompts, and close"), this);
    close->setObjectName(QStringLiteral("closeReading"));
    connect(close, &QAbstractButton::clicked, this, &ReadingBar::closeRequested);
    line->addWidget(close);
}

void ReadingBar::buildWords()
{
    auto* line = static_cast<QHBoxLayout*>(layout());
    m_words = new SearchField(tr("Find in prompts and answers"), this);
    m_words->setObjectName(QStringLiteral("readingWords"));
    m_words->setFixedWidth(kWordsPx);
    connect(m_words, &SearchField::textSettled, this, &ReadingBar::say);
    connect(m_words, &QLineEdit::returnPressed, this, [this] { emit stepRequested(true); });
    line->addWidget(m_words);
    m_steps = new QWidget(this);
    auto* steps = new QHBoxLayout(m_steps);
    steps->setContentsMargins(0, 0, 0, 0);
    steps->setSpacing(0);
    m_hits = new TextLabel({}, TextRole::Small, m_steps);
    m_hits->setObjectName(QStringLiteral("readingHits"));
    m_hits->setMuted(true);
    steps->addWidget(m_hits);
    steps->addSpacing(space::kHalf);
    auto* back = new IconButton(Icon::Up, tr("Previous hit (Shift+F3)"), m_steps);
    connect(back, &QAbstractButton::clicked, this, [this] { emit stepRequested(false); });
    steps->addWidget(back);
    auto* on = new IconButton(Icon::Down, tr("Next hit (F3)"), m_steps);
    on->setObjectName(QStringLiteral("nextHit"));
    connect(on, &QAbstractButton::clicked, this, [this] { emit stepRequested(true); });
    steps->addWidget(on);
    m_steps->hide();
    line->addWidget(m_steps);
}

void ReadingBar::buildGroups()
{
    const auto make = [this](const char* name, const QString& spoken, const QString& meaning) {
        auto* const box = new QComboBox(this);
        box->setObjectName(QLatin1String(name));
        box->setAccessibleName(spoken);
        box->setToolTip(meaning);
        box->setFixedWidth(kChoicePx);
        connect(box, &QComboBox::activated, this, &ReadingBar::say);
        layout()->addWidget(box);
        return box;
    };
    m_segment = make("readingSegment", tr("Segment"), tr("Only prompts of one segment"));
    m_tag = make("readingTag", tr("Tag"), tr("Only prompts that have a tag"));
    setSegments({});
    setTags({});
}

void ReadingBar::buildOrder()
{
    auto* line = static_cast<QHBoxLayout*>(layout());
    m_order = new QComboBox(this);
    m_order->setObjectName(QStringLiteral("readingOrder"));
    m_order->setAccessibleName(tr("Order"));
    m_order->setFixedWidth(kChoicePx + space::kSection);
    const auto add = [this](const QString& text, ReadingOrder order, const QString& meaning) {
        m_order->addItem(text, static_cast<int>(order));
        m_order->setItemData(m_order->count() - 1, plainToolTip(meaning), Qt::ToolTipRole);
        m_order->setItemData(m_order->count() - 1, meaning, Qt::AccessibleDescriptionRole);
    };
    add(tr("As sent", "order of prompts"), ReadingOrder::AsSent,
        tr("The prompts in the order in which they are sent."));
    add(tr("Longest first", "order of prompts"), ReadingOrder::Longest,
        tr("By the longest answer to the prompt, counted in words."));
    add(tr("Most noticeable first", "order of prompts"), ReadingOrder::MostNoticeable,
        tr("By the two answers that lie furthest apart: the distance over the 52 measures of "
           "style, each in units of its spread over this table."));
    connect(m_order, &QComboBox::activated, this, &ReadingBar::say);
    line->addWidget(m_order);
    m_order->setToolTip(m_order->itemData(0, Qt::ToolTipRole).toString());
}

QPushButton* ReadingBar::makeChip(const char* name, const QString& text, const QString& meaning)
{
    auto* chip = new QPushButton(text, this);
    chip->setObjectName(QLatin1String(name));
    chip->setCheckable(true);
    chip->setToolTip(plainToolTip(meaning));
    chip->setAccessibleDescription(meaning);
    connect(chip, &QPushButton::toggled, this, &ReadingBar::say);
    layout()->addWidget(chip);
    return chip;
}

void ReadingBar::say()
{
    m_order->setToolTip(m_order->currentData(Qt::ToolTipRole).toString());
    m_order->setAccessibleDescription(
        m_order->currentData(Qt::AccessibleDescriptionRole).toString());
    emit criteriaChanged();
}

ReadingCriteria ReadingBar::criteria() const
{
    ReadingCriteria wanted;
    wanted.words = m_words->text().trimmed();
    wanted.differs = m_differs->isChecked();
    wanted.failed = m_failed->isChecked();
    wanted.refused = m_refused->isChecked();
    wanted.starred = m_starred->isChecked();
    if (m_segment->currentIndex() > 0)
        wanted.segment = m_segment->currentText();
    if (m_tag->currentIndex() > 0)
        wanted.tag = m_tag->currentText();
    wanted.order = static_cast<ReadingOrder>(m_order->currentData().toInt());
    return wanted;
}

void ReadingBar::clear()
{
    {
        const QSignalBlocker quiet(this);
        m_words->clear();
        for (QPushButton* chip : {m_differs, m_failed, m_refused, m_starred})
            chip->setChecked(false);
        m_segment->setCurrentIndex(0);
        m_tag->setCurrentIndex(0);
        m_order->setCurrentIndex(0);
    }
    say();
}

void ReadingBar::takeFocus()
{
    m_words->setFocus(Qt::ShortcutFocusReason);
    m_words->selectAll();
}

/// The chosen one stays chosen while it is there.
void ReadingBar::fill(QComboBox* box, const QString& all, const QStringList& names)
{
    const QString chosen = box->currentIndex() > 0 ? box->currentText() : QString();
    box->clear();
    box->addItem(all);
    box->addItems(names);
    box->setCurrentIndex(chosen.isEmpty() ? 0 : std::max(0, box->findText(chosen)));
}

void ReadingBar::setSegments(const QStringList& segments)
{
    fill(m_segment, tr("All segments"), segments);
    m_segment->setEnabled(segments.size() > 1);
}

void ReadingBar::setTags(const QStringList& tags)
{
    fill(m_tag, tr("All tags"), tags);
    m_tag->setVisible(!tags.isEmpty());
}

QString ReadingBar::promptsText(int shown, int total)
{
    return shown == total ? tr("%n prompt(s)", nullptr, total)
                          : tr("%1 of %n prompt(s)", nullptr, total).arg(format::count(shown));
}

void ReadingBar::setCounts(int shown, int total, int hits, int hit, bool isSearching)
{
    m_count->setText(isSearching ? tr("Looking \u2026") : promptsText(shown, total));
    const bool hasWords = !m_words->text().trimmed().isEmpty();
    m_steps->setVisible(hasWords && !isSearching);
    m_hits->setText(hit > 0 ? tr("%1 of %n hit(s)", nullptr, hits).arg(format::count(hit))
                            : tr("%n hit(s)", nullptr, hits));
}

void ReadingBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        emit closeRequested();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace signalbox::ui
