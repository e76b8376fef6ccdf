// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_palette.h"

#include "basic_widgets.h"
#include "icons.h"
#include "theme.h"

#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kWidth = 560;
constexpr int kRowHeight = 34;
constexpr int kVisibleRows = 9;

enum Role {
    CommandIndex = Qt::UserRole, ///< int: place in m_commands
    Matches,                     ///< QVariantList of int: matched characters of the text
    Shortcut,                    ///< QString, native text
};

/// Text with matched characters stronger, shortcut at the right.
class CommandDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {100, kRowHeight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const ThemeColors& colors = Theme::current().colors();
        const bool current = option.state & QStyle::State_Selected;
        if (current || (option.state & QStyle::State_MouseOver)) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(current ? colors.selection : colors.hover);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(6, 1, -6, -1), radius::kControl,
                                     radius::kControl);
        }
        QRect text = option.rect.adjusted(space::kWide, 0, -space::kWide, 0);
        const QIcon decoration = index.data(Qt::DecorationRole).value<QIcon>();
        const QRect iconRect = QStyle::visualRect(
            option.direction, text, QRect(text.left(), text.center().y() - 7, 16, 16));
        decoration.paint(painter, iconRect);
        text.adjust(option.direction == Qt::RightToLeft ? 0 : 26, 0,
                    option.direction == Qt::RightToLeft ? -26 : 0, 0);
        const QString keys = index.data(Shortcut).toString();
        painter->setFont(Theme::font(TextRole::Small));
        painter->setPen(colors.textMuted);
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignRight, keys);
        paintMatches(*painter, text, index, current ? colors.selectionText : colors.text);
        painter->restore();
    }

private:
    /// Character runs, matched ones in a heavier weight.
    static void paintMatches(QPainter& painter, const QRect& rect, const QModelIndex& index,
                             const QColor& ink)
    {
        const QString text = index.data(Qt::DisplayRole).toString();
        QList<bool> strong(text.size(), false);
        for (const QVariant& place : index.data(Matches).toList())
            strong[place.toInt()] = true;
        painter.setPen(ink);
        const QFont plain = Theme::font(TextRole::Body);
        QFont heavy = plain;
        heavy.setWeight(QFont::DemiBold);
        qreal x = rect.left();
        for (qsizetype from = 0; from < text.size();) {
            qsizetype to = from;
            while (to < text.size() && strong[to] == strong[from])
                ++to;
            const QFont& font = strong[from] ? heavy : plain;
            const QString run = text.mid(from, to - from);
            painter.setFont(font);
            painter.drawText(QRectF(x, rect.top(), rect.right() - x, rect.height()),
                             Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, run);
            x += QFontMetricsF(font).horizontalAdvance(run);
            from = to;
        }
    }
};

bool startsWord(const QString& text, qsizetype at)
{
    return at == 0 || !text[at - 1].isLetterOrNumber() ||
           (text[at].isUpper() && text[at - 1].isLower());
}

constexpr const char* kSearchWords = "searchWords";
constexpr const char* kKeysInItsView = "keysInItsView";

/// Whether somebody may have meant these places: each letter begins a word, is in the word of the
/// one before it ("expt": Export), or is followed by the next. Letters that happen to stand far
/// apart in a sentence fit nearly everything.
bool isMeant(const QString& text, const std::vector<int>& places)
{
    for (std::size_t i = 0; i < places.size(); ++i) {
        const bool isFollowed = i + 1 < places.size() && places[i + 1] == places[i] + 1;
        bool isInWordBefore = i > 0;
        for (int at = i > 0 ? places[i - 1] + 1 : 0; isInWordBefore && at <= places[i]; ++at)
            isInWordBefore = !startsWord(text, at);
        if (!isFollowed && !isInWordBefore && !startsWord(text, places[i]))
            return false;
    }
    return true;
}

/// How well one of an action's other words fits what is typed; they fit from their beginning only.
std::optional<int> scoreOfWords(const QString& typed, const QAction& action)
{
    const QString wanted = typed.trimmed();
    std::optional<int> best;
    for (const QString& word : action.property(kSearchWords).toString().split(QLatin1Char(' '))) {
        if (!wanted.isEmpty() && word.startsWith(wanted, Qt::CaseInsensitive))
            best = std::max(best, fuzzyScore(wanted, word));
    }
    return best;
}

} // namespace

std::optional<int> fuzzyScore(const QString& pattern, const QString& text,
                              std::vector<int>* positions)
{
    QString wanted;
    for (const QChar c : pattern) {
        if (!c.isSpace())
            wanted += c.toCaseFolded();
    }
    const auto n = static_cast<std::size_t>(text.size());
    const auto m = static_cast<std::size_t>(wanted.size());
    if (positions)
        positions->clear();
    if (m == 0)
        return 0;
    if (m > n)
        return std::nullopt;
    // best[i][j]: best score of the first i+1 wanted characters with the last of them at j.
    constexpr int kNone = -1'000'000;
    std::vector<std::vector<int>> best(m, std::vector<int>(n, kNone));
    std::vector<std::vector<int>> from(m, std::vector<int>(n, -1));
    for (std::size_t i = 0; i < m; ++i) {
        int run = kNone; // best[i-1][k] for k < j-1, less a little for each skipped character
        int runAt = -1;
        for (std::size_t j = i; j < n; ++j) {
            if (i > 0 && j >= 2 && best[i - 1][j - 2] > run) {
                run = best[i - 1][j - 2];
                runAt = static_cast<int>(j) - 2;
            }
            const auto at = static_cast<qsizetype>(j);
            if (text[at].toCaseFolded() != wanted[static_cast<qsizetype>(i)])
                continue;
            const int bonus = startsWord(text, at) ? 10 : 1;
            if (i == 0) {
                best[i][j] = bonus - static_cast<int>(std::min<std::size_t>(j, 8));
                continue;
            }
            const int next = best[i - 1][j - 1] > kNone ? best[i - 1][j - 1] + 7 : kNone;
            const int jump = run > kNone ? run - 3 : kNone;
            if (std::max(next, jump) == kNone)
                continue;
            best[i][j] = std::max(next, jump) + bonus;
            from[i][j] = next >= jump ? static_cast<int>(j) - 1 : runAt;
        }
    }
    const auto& last = best.back();
    const auto top = std::max_element(last.begin(), last.end());
    if (*top == kNone)
        return std::nullopt;
    std::vector<int> places(m);
    int at = static_cast<int>(top - last.begin());
    for (std::size_t i = m; i-- > 0;) {
        places[i] = at;
        at = from[i][static_cast<std::size_t>(at)];
    }
    if (!isMeant(text, places))
        return std::nullopt;
    if (positions)
        *positions = std::move(places);
    return *top - static_cast<int>(n) / 8; // of equal fits the shorter text is meant
}

void setSearchWords(QAction& action, const QString& words)
{
    action.setProperty(kSearchWords, words);
}

void setKeysInItsView(QAction& action, const QString& keys)
{
    action.setProperty(kKeysInItsView, keys);
}

QStringList keysOf(const QAction& action)
{
    QStringList keys;
    for (const QKeySequence& sequence : action.shortcuts())
        keys << sequence.toString(QKeySequence::NativeText);
    if (const QString own = action.property(kKeysInItsView).toString(); !own.isEmpty())
        keys << own;
    return keys;
}

QList<QAction*> actionsWithin(const QWidget& part)
{
    QList<QAction*> all = part.actions();
    const auto children = part.findChildren<QWidget*>();
    for (const QWidget* const child : children) {
        // Menus are reached through what opens them; a field's actions are pictures in it.
        if (qobject_cast<const QMenu*>(child) || qobject_cast<const QLineEdit*>(child))
            continue;
        const auto offered = child->actions();
        for (QAction* const action : offered) {
            if (!all.contains(action))
                all.append(action);
        }
    }
    // What stands by itself comes before the menus that offer it, too.
    std::stable_partition(all.begin(), all.end(),
                          [](const QAction* action) { return !action->menu(); });
    return all;
}

CommandPalette::CommandPalette(QWidget* window) : QWidget(window)
{
    setObjectName(QStringLiteral("commandPalette"));
    setAccessibleName(tr("Command palette"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, space::kUnit, 1, space::kUnit);
    layout->setSpacing(space::kUnit);
    m_field = new QLineEdit;
    m_field->setPlaceholderText(tr("What do you want to do?"));
    m_field->setAccessibleName(tr("Search commands"));
    m_field->addAction(icon(Icon::Search), QLineEdit::LeadingPosition)->setText(tr("Search"));
    auto* fieldRow = new QHBoxLayout;
    fieldRow->setContentsMargins(space::kUnit, 0, space::kUnit, 0);
    fieldRow->addWidget(m_field);
    layout->addLayout(fieldRow);
    m_model = new QStandardItemModel(this);
    m_list = new QListView;
    m_list->setModel(m_model);
    m_list->setItemDelegate(new CommandDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setAccessibleName(tr("Commands"));
    m_list->viewport()->setAutoFillBackground(false);
    QPalette clear = m_list->palette();
    clear.setColor(QPalette::Base, Qt::transparent);
    m_list->setPalette(clear);
    layout->addWidget(m_list, 1);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::refilter);
    connect(m_list, &QListView::clicked, this, &CommandPalette::triggerCurrent);
    m_field->installEventFilter(this);
    window->installEventFilter(this);
    hide();
}

void CommandPalette::setActions(const QList<QAction*>& actions)
{
    m_commands.clear();
    collect(actions, {});
    refilter();
}

void CommandPalette::collect(const QList<QAction*>& actions, const QString& prefix)
{
    for (QAction* action : actions) {
        if (action->isSeparator())
            continue;
        const QString text = plainText(*action);
        if (QMenu* menu = action->menu()) {
            collect(menu->actions(), text.isEmpty() ? prefix : text);
            continue;
        }
        const bool isListed = std::ranges::any_of(
            m_commands, [action](const Command& command) { return command.action == action; });
        if (text.isEmpty() || !action->isEnabled() || !action->isVisible() || isListed)
            continue;
        m_commands.push_back(
            {action, prefix.isEmpty() ? text : prefix + QStringLiteral(": ") + text});
    }
}

void CommandPalette::open()
{
    m_focusBefore = QApplication::focusWidget();
    m_field->clear();
    refilter();
    placeOver();
    show();
    raise();
    m_field->setFocus(Qt::ShortcutFocusReason);
}

QStringList CommandPalette::shownTexts() const
{
    QStringList texts;
    for (int row = 0; row < m_model->rowCount(); ++row)
        texts << m_model->item(row)->text();
    return texts;
}

void CommandPalette::refilter()
{
    struct Hit
    {
        int command;
        int score;
        std::vector<int> positions;
    };
    std::vector<Hit> hits;
    for (std::size_t i = 0; i < m_commands.size(); ++i) {
        std::vector<int> positions;
        if (!m_commands[i].action)
            continue;
        auto score = fuzzyScore(m_field->text(), m_commands[i].text, &positions);
        if (!score) {
            positions.clear();
            score = scoreOfWords(m_field->text(), *m_commands[i].action);
        }
        if (score)
            hits.push_back({static_cast<int>(i), *score, std::move(positions)});
    }
    std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
        return a.score != b.score ? a.score > b.score : a.command < b.command;
    });
    m_model->clear();
    for (const Hit& hit : hits) {
        const Command& command = m_commands[static_cast<std::size_t>(hit.command)];
        auto* item = new QStandardItem(command.action->icon(), command.text);
        QVariantList places;
        for (const int position : hit.positions)
            places << position;
        item->setData(hit.command, CommandIndex);
        item->setData(places, Matches);
        item->setData(keysOf(*command.action).value(0), Shortcut);
        m_model->appendRow(item);
    }
    if (m_model->rowCount() > 0)
        m_list->setCurrentIndex(m_model->index(0, 0));
    if (isVisible())
        placeOver();
}

void CommandPalette::placeOver()
{
    const QWidget* window = parentWidget();
    const int rows = std::clamp(m_model->rowCount(), 1, kVisibleRows);
    const int width = std::min(kWidth, window->width() - 2 * space::kSection);
    const int height = space::kControl + 3 * space::kUnit + rows * kRowHeight + 2;
    setGeometry((window->width() - width) / 2, std::min(96, window->height() / 8), width,
                std::min(height, window->height() - space::kSection));
}

void CommandPalette::triggerCurrent()
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid())
        return;
    const int command = current.data(CommandIndex).toInt();
    const QPointer<QAction> action = m_commands[static_cast<std::size_t>(command)].action;
    dismiss();
    if (action && action->isEnabled())
        action->trigger();
}

void CommandPalette::dismiss()
{
    if (!isVisible())
        return;
    // Hiding takes the focus from the field: whoever has it by then was chosen by the person.
    const bool hadFocus = m_field->hasFocus();
    hide();
    if (hadFocus && m_focusBefore)
        m_focusBefore->setFocus(Qt::OtherFocusReason);
    emit closed();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        placeOver();
    if (watched != m_field)
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut) {
        const auto* focus = static_cast<QFocusEvent*>(event);
        if (focus->reason() != Qt::PopupFocusReason &&
            focus->reason() != Qt::ActiveWindowFocusReason)
            dismiss();
        return false;
    }
    if (event->type() != QEvent::KeyPress)
        return false;
    const auto* key = static_cast<QKeyEvent*>(event);
    const int rows = m_model->rowCount();
    const int row = m_list->currentIndex().row();
    const auto go = [&](int to) {
        if (rows > 0)
            m_list->setCurrentIndex(m_model->index((to + rows) % rows, 0));
    };
    switch (key->key()) {
    case Qt::Key_Escape:
        dismiss();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        triggerCurrent();
        return true;
    case Qt::Key_Down:
        go(row + 1);
        return true;
    case Qt::Key_Up:
        go(row - 1);
        return true;
    case Qt::Key_PageDown:
        go(std::min(row + kVisibleRows, rows - 1));
        return true;
    case Qt::Key_PageUp:
        go(std::max(row - kVisibleRows, 0));
        return true;
    default:
        return false;
    }
}

void CommandPalette::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::current().colors();
    painter.setPen(QPen(colors.lineStrong, 1));
    painter.setBrush(colors.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::kCard + 2,
                            radius::kCard + 2);
    if (m_model->rowCount() == 0) {
        painter.setPen(colors.textMuted);
        painter.drawText(rect().adjusted(0, space::kControl, 0, 0), Qt::AlignCenter,
                         tr("Nothing fits."));
    }
}

} // namespace signalbox::ui
