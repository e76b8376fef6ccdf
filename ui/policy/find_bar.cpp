// SPDX-License-Identifier: GPL-3.0-or-later
#include "find_bar.h"

#include "policy_paths.h"
#include "policy_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>
#include <ui/models/policy_editor.h>

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {
namespace {

constexpr int kRowHeight = 24;
constexpr int kMostRows = 5;
constexpr int kFieldWidth = 240;
constexpr qsizetype kBefore = 24; ///< characters of a text that are shown before a hit

enum Role {
    PlaceWords = Qt::UserRole, ///< QString
    Start,                     ///< int: of the hit in the shown text
    Length,                    ///< int
};

QString kindWords(FindKind kind)
{
    switch (kind) {
    case FindKind::Name:
        return FindBar::tr("name", "of a rule or the policy");
    case FindKind::Note:
        return FindBar::tr("note");
    case FindKind::Id:
        return FindBar::tr("id");
    case FindKind::Use:
        return FindBar::tr("use", "of a model, signal or rule");
    case FindKind::Value:
        return FindBar::tr("condition");
    case FindKind::Keyword:
        return FindBar::tr("keyword or expression");
    case FindKind::Prompt:
        return FindBar::tr("prompt");
    case FindKind::Setting:
        return FindBar::tr("setting");
    case FindKind::Salt:
        return FindBar::tr("salt");
    }
    return {};
}

/// The text with the hit in a heavier weight, the place muted at the right.
class HitDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& /*option*/,
                                 const QModelIndex& /*index*/) const override
    {
        return {kFieldWidth, kRowHeight};
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
            painter->drawRoundedRect(QRectF(option.rect).adjusted(4, 0, -4, 0), radius::kControl,
                                     radius::kControl);
        }
        const QRect line = option.rect.adjusted(space::kGap, 0, -space::kGap, 0);
        const QFont small = Theme::font(TextRole::Small);
        const QString place = QFontMetrics(small).elidedText(index.data(PlaceWords).toString(),
                                                             Qt::ElideMiddle, line.width() / 2);
        const int placeWidth = QFontMetrics(small).horizontalAdvance(place);
        painter->setFont(small);
        painter->setPen(current ? colors.selectionText : colors.textMuted);
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignRight, place);
        painter->setClipRect(line.adjusted(0, 0, -placeWidth - space::kUnit, 0));
        painter->setPen(current ? colors.selectionText : colors.text);
        paintText(*painter, line, index);
        painter->restore();
    }

private:
    static void paintText(QPainter& painter, const QRect& line, const QModelIndex& index)
    {
        const QString text = index.data().toString();
        const int start = index.data(Start).toInt();
        const int length = index.data(Length).toInt();
        const QFont plain = Theme::font(TextRole::Body);
        QFont strong = plain;
        strong.setWeight(QFont::DemiBold);
        qreal x = line.left();
        const auto draw = [&](const QString& run, const QFont& font) {
            painter.setFont(font);
            painter.drawText(QRectF(x, line.top(), 4000, line.height()),
                             Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, run);
            x += QFontMetricsF(font).horizontalAdvance(run);
        };
        draw(text.left(start), plain);
        draw(text.mid(start, length), strong);
        draw(text.mid(start + length), plain);
    }
};

QString oneLine(QString text)
{
    return text.replace(QLatin1Char('\n'), QLatin1Char(' '));
}

QString thingWords(const PolicyDocument& document, const PolicySelection& selection,
                   const std::string& path)
{
    using Kind = PolicySelection::Kind;
    switch (selection.kind) {
    case Kind::Rule: {
        const Rule* const rule = document.findRule(RuleId(selection.id));
        return PolicyWords::text(rule && !rule->label.empty() ? rule->label : selection.id);
    }
    case Kind::Model:
    case Kind::Signal:
        return PolicyWords::text(selection.id);
    case Kind::Otherwise:
        return FindBar::tr("Otherwise");
    default:
        break;
    }
    const std::vector<PathStep> steps = splitPath(path);
    if (!steps.empty() && steps.front().member == "tests" && steps.front().index)
        return FindBar::tr("Test %1").arg(*steps.front().index + 1);
    if (!steps.empty() && steps.front().member == "holdout")
        return FindBar::tr("Holdout");
    return FindBar::tr("Policy");
}

} // namespace

QString placeWords(const PolicyDocument& document, const FindHit& hit)
{
    return FindBar::tr("%1 · %2", "thing, what of it")
        .arg(thingWords(document, selectionFromPath(document, hit.path), hit.path),
             kindWords(hit.kind));
}

FindBar::FindBar(PolicyEditor& editor, QWidget* parent) : QWidget(parent), m_editor(editor)
{
    setObjectName(QStringLiteral("findBar"));
    setAccessibleName(tr("Find and replace"));
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(space::kGap, space::kUnit, space::kGap, space::kUnit);
    m_layout->setSpacing(space::kUnit);
    buildFinding();
    buildReplacing();
    buildList();
    // From what is looked for to what is put there; the options come after both.
    QWidget* const order[] = {m_find,      m_replacement, m_replace,  m_replaceAll,
                              m_matchCase, m_wholeWords,  m_previous, m_next};
    for (std::size_t i = 1; i < std::size(order); ++i)
        setTabOrder(order[i - 1], order[i]);
    connect(&editor, &PolicyEditor::documentChanged, this, [this] {
        if (!m_isReplacing)
            m_outcome->hide(); // e.g. it was undone
        if (isVisible())
            search();
    });
    hide();
}

void FindBar::buildFinding()
{
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kUnit);
    m_find = new QLineEdit;
    m_find->setObjectName(QStringLiteral("findText"));
    m_find->setAccessibleName(tr("Find in the policy"));
    m_find->setPlaceholderText(tr("Find in the policy"));
    m_find->addAction(icon(Icon::Search), QLineEdit::LeadingPosition);
    for (QToolButton* const sign : m_find->findChildren<QToolButton*>())
        sign->setAccessibleName(m_find->accessibleName());
    m_find->setFixedWidth(kFieldWidth);
    m_find->installEventFilter(this);
    m_matchCase = makeOption(QStringLiteral("Aa"), tr("Match case"));
    m_wholeWords = makeOption(tr("Word", "option: find whole words"), tr("Whole words only"));
    m_previous = new IconButton(Icon::Up, tr("Previous (Shift+F3)"));
    m_next = new IconButton(Icon::Down, tr("Next (F3)"));
    m_count = new TextLabel({}, TextRole::Small);
    m_count->setObjectName(QStringLiteral("findCount"));
    m_count->setMuted(true);
    auto* const cross = new IconButton(Icon::Close, tr("Close (Escape)"));
    for (QWidget* const each : std::initializer_list<QWidget*>{m_find, m_matchCase, m_wholeWords,
                                                               m_previous, m_next, m_count})
        line->addWidget(each);
    line->addStretch(1);
    line->addWidget(cross);
    m_layout->addLayout(line);
    connect(m_find, &QLineEdit::textChanged, this, [this] {
        m_outcome->hide();
        m_current = -1;
        search();
    });
    connect(m_previous, &QToolButton::clicked, this, [this] { step(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { step(+1); });
    connect(cross, &QToolButton::clicked, this, &FindBar::close);
}

QToolButton* FindBar::makeOption(const QString& text, const QString& name)
{
    auto* const option = new QToolButton;
    option->setText(text);
    option->setCheckable(true);
    option->setAutoRaise(true);
    option->setFocusPolicy(Qt::StrongFocus);
    option->setAccessibleName(name);
    option->setToolTip(name);
    connect(option, &QToolButton::toggled, this, &FindBar::search);
    return option;
}

void FindBar::buildReplacing()
{
    m_replaceLine = new QWidget;
    auto* const line = new QHBoxLayout(m_replaceLine);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::kUnit);
    m_replacement = new QLineEdit;
    m_replacement->setObjectName(QStringLiteral("replaceText"));
    m_replacement->setAccessibleName(tr("Replace with"));
    m_replacement->setPlaceholderText(tr("Replace with"));
    m_replacement->setFixedWidth(kFieldWidth);
    m_replacement->installEventFilter(this);
    m_replace = new QPushButton;
    m_replaceAll = new QPushButton;
    m_replaceAll->setObjectName(QStringLiteral("replaceAll"));
    m_outcome = new TextLabel({}, TextRole::Small);
    m_outcome->setObjectName(QStringLiteral("replaceOutcome"));
    m_outcome->setMuted(true);
    m_outcome->setWordWrap(true);
    m_outcome->hide();
    line->addWidget(m_replacement);
    line->addWidget(m_replace);
    line->addWidget(m_replaceAll);
    line->addWidget(m_outcome, 1);
    line->addStretch(0);
    m_layout->addWidget(m_replaceLine);
    connect(m_replacement, &QLineEdit::textChanged, this, &FindBar::nameReplacing);
    nameReplacing();
    connect(m_replace, &QPushButton::clicked, this, &FindBar::replaceCurrent);
    connect(m_replaceAll, &QPushButton::clicked, this, &FindBar::replaceEverything);
}

/// To put nothing there is to take out what was found: the buttons say so.
void FindBar::nameReplacing()
{
    const bool isRemoving = m_replacement->text().isEmpty();
    m_replace->setText(isRemoving ? tr("Remove") : tr("Replace"));
    m_replaceAll->setText(isRemoving ? tr("Remove all") : tr("Replace all"));
}

void FindBar::buildList()
{
    m_model = new QStandardItemModel(this);
    m_list = new QListView;
    m_list->setObjectName(QStringLiteral("findHits"));
    m_list->setAccessibleName(tr("Places where it stands"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new HitDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_layout->addWidget(m_list);
    connect(m_list, &QListView::clicked, this,
            [this](const QModelIndex& index) { choose(index.row()); });
    connect(m_list, &QListView::activated, this,
            [this](const QModelIndex& index) { choose(index.row()); });
}

FindQuery FindBar::query() const
{
    return {m_find->text().toStdString(), m_matchCase->isChecked(), m_wholeWords->isChecked()};
}

void FindBar::open(bool withReplacing)
{
    m_replaceLine->setVisible(withReplacing);
    m_outcome->hide();
    show();
    search();
    m_find->setFocus(Qt::ShortcutFocusReason);
    m_find->selectAll();
    emit opened();
}

void FindBar::close()
{
    hide();
    emit closed();
}

void FindBar::search()
{
    const std::optional<FindHit> before =
        m_current >= 0 ? std::optional(m_hits[static_cast<std::size_t>(m_current)]) : std::nullopt;
    m_hits = findText(m_editor.document(), query());
    // The hit that was shown stays the current one; where it is gone, the one in its place.
    m_current = std::min(m_current, static_cast<int>(m_hits.size()) - 1);
    if (const auto same = before ? std::ranges::find(m_hits, *before) : m_hits.end();
        same != m_hits.end())
        m_current = static_cast<int>(same - m_hits.begin());
    fillList();
    refreshState();
}

void FindBar::fillList()
{
    m_model->clear();
    for (const FindHit& hit : m_hits) {
        const QString before = oneLine(QString::fromStdString(hit.text.substr(0, hit.offset)));
        const QString found = QString::fromStdString(hit.text.substr(hit.offset, hit.length));
        const QString behind =
            oneLine(QString::fromStdString(hit.text.substr(hit.offset + hit.length)));
        const QString lead =
            before.size() > kBefore ? QStringLiteral("…") + before.right(kBefore) : before;
        const QString place = placeWords(m_editor.document(), hit);
        auto* const row = new QStandardItem(lead + found + behind);
        row->setData(place, PlaceWords);
        row->setData(static_cast<int>(lead.size()), Start);
        row->setData(static_cast<int>(found.size()), Length);
        row->setData(place, Qt::AccessibleDescriptionRole);
        m_model->appendRow(row);
    }
    const int rows = std::min(static_cast<int>(m_hits.size()), kMostRows);
    m_list->setFixedHeight(rows * kRowHeight);
    m_list->setVisible(rows > 0);
}

void FindBar::refreshState()
{
    const int count = static_cast<int>(m_hits.size());
    const bool asked = !m_find->text().isEmpty();
    m_count->setText(!asked          ? QString()
                     : count == 0    ? tr("Not found")
                     : m_current < 0 ? (count == 1 ? tr("1 place") : tr("%n places", "", count))
                                     : tr("%1 of %2").arg(m_current + 1).arg(count));
    for (QWidget* const each :
         std::initializer_list<QWidget*>{m_previous, m_next, m_replace, m_replaceAll}) {
        if (count == 0 && each->hasFocus()) // else the keyboard would be nobody's
            (m_replaceLine->isVisible() ? m_replacement : m_find)->setFocus(Qt::OtherFocusReason);
        each->setEnabled(count > 0);
    }
    m_list->setCurrentIndex(m_model->index(m_current, 0));
}

void FindBar::step(int delta)
{
    const int count = static_cast<int>(m_hits.size());
    if (!isVisible() || count == 0)
        return;
    choose(m_current < 0 ? (delta > 0 ? 0 : count - 1) : (m_current + delta + count) % count);
}

void FindBar::choose(int hit)
{
    m_current = hit;
    refreshState();
    emit placeRequested(QString::fromStdString(m_hits[static_cast<std::size_t>(hit)].path));
}

void FindBar::replaceCurrent()
{
    m_editor.commitPending();
    if (m_hits.empty())
        return;
    if (m_current < 0) { // first it is shown
        step(+1);
        return;
    }
    const int place = m_current;
    const Replacement replacement =
        replaceHit(m_editor.document(), query(), m_hits[static_cast<std::size_t>(m_current)],
                   m_replacement->text().toStdString());
    perform(replacement);
    // What stays is stepped over, so that the key can be pressed again.
    if (replacement.replaced == 0)
        step(+1);
    else if (!m_hits.empty())
        choose(std::min(place, static_cast<int>(m_hits.size()) - 1));
}

void FindBar::replaceEverything()
{
    m_editor.commitPending();
    perform(replaceAll(m_editor.document(), query(), m_replacement->text().toStdString()));
}

void FindBar::perform(const Replacement& replacement)
{
    if (replacement.edit) {
        const QScopedValueRollback<bool> replacing(m_isReplacing, true);
        if (!m_editor.push(*replacement.edit))
            return; // the editor says why
    }
    const int count = static_cast<int>(replacement.replaced);
    const int left = static_cast<int>(replacement.refused.size());
    QStringList sentences;
    if (count > 0 && m_replacement->text().isEmpty())
        sentences << (count == 1 ? tr("Removed at 1 place.")
                                 : tr("Removed at %n places.", "", count));
    else if (count > 0)
        sentences << (count == 1 ? tr("1 place replaced.") : tr("%n places replaced.", "", count));
    if (left > 0) {
        const QString why = QString::fromStdString(replacement.refused.front().sentence);
        sentences << (left == 1 ? tr("1 place stays: %1").arg(why)
                                : tr("%n places stay, the first because: %1", "", left).arg(why));
    }
    m_outcome->setText(sentences.join(QLatin1Char(' ')));
    m_outcome->setVisible(!sentences.isEmpty());
    search();
}

bool FindBar::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* const key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (watched == m_replacement)
            replaceCurrent();
        else
            step(key->modifiers() & Qt::ShiftModifier ? -1 : 1);
        return true;
    case Qt::Key_Down:
        step(+1);
        return true;
    case Qt::Key_Up:
        step(-1);
        return true;
    default:
        return QWidget::eventFilter(watched, event);
    }
}

void FindBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QWidget::keyPressEvent(event);
}

void FindBar::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeColors& colors = Theme::current().colors();
    QPainter painter(this);
    painter.fillRect(rect(), colors.surface);
    painter.fillRect(QRect(0, height() - 1, width(), 1), colors.line);
    painter.fillRect(QRect(0, 0, width(), 1), colors.line);
}

} // namespace signalbox::ui
