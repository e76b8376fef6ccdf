// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_delegate.h"

#include "answer_facts.h"
#include "facts_line.h"

#include <core/lab/lab_run.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_table_model.h>
#include <ui/models/reading_rows.h>

#include <QAbstractItemView>
#include <QFontMetrics>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QRegularExpression>
#include <QTextLayout>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

namespace signalbox::ui {

namespace {

constexpr int kTextLines = 3;
constexpr int kFooterPx = 18;
constexpr int kIconPx = 14;
constexpr int kBarPx = 3; ///< accent of the selected row
constexpr int kStarPx = 16;
constexpr int kRailPx = 8; ///< of the line of a conversation, from the left
constexpr double kDotPx = 3;

CellState stateOf(const QModelIndex& index)
{
    return static_cast<CellState>(index.data(LabTableModel::StateRole).toInt());
}

Icon iconOf(CellState state)
{
    switch (state) {
    case CellState::Queued:
        return Icon::Clock;
    case CellState::Waiting:
        return Icon::Clock;
    case CellState::Writing:
        return Icon::Edit;
    case CellState::Done:
        return Icon::Check;
    case CellState::Stopped:
        return Icon::Stop;
    case CellState::Failed:
        return Icon::Warning;
    }
    return Icon::Clock;
}

std::optional<double> numberOf(const QModelIndex& index, LabTableModel::Role role)
{
    const QVariant value = index.data(role);
    return value.isValid() ? std::optional(value.toDouble()) : std::nullopt;
}

/// Of a done answer beside which another of the same model failed.
QString failedSampleOf(const QModelIndex& index)
{
    return stateOf(index) == CellState::Done
               ? withVisibleControls(index.data(LabTableModel::FailedSampleRole).toString())
               : QString();
}

/// Of a done answer that is not what was hoped for.
QString oddEndOf(const QModelIndex& index)
{
    return index.data(LabTableModel::OddEndRole).toString();
}

std::optional<int> wordsOf(const QModelIndex& index)
{
    const QVariant words = index.data(LabTableModel::WordsRole);
    return words.isValid() ? std::optional(words.toInt()) : std::nullopt;
}

using answerFacts::Length;
constexpr Length kLengths[] = {Length::Full, Length::Short, Length::Shortest};
constexpr std::size_t kFacts = 4; ///< words, cost, time to first token, tokens

using FactWidths = std::array<double, kFacts>;

FactWidths measuredWidths(const QFontMetricsF& metrics, Length length)
{
    const auto width = [&](const QString& text) { return metrics.horizontalAdvance(text); };
    // A cheap answer's cost has the most digits, a dear thousand's the widest words.
    return {width(answerFacts::words(888, length)),
            std::max(width(answerFacts::cost(0.08888, length)),
                     width(answerFacts::cost(0.000088, length))),
            std::max(width(answerFacts::firstToken(8880, length)),
                     width(answerFacts::firstToken(888, length))),
            width(answerFacts::tokens(888, true, length))};
}

/// Widths that the facts have in every cell, so that each is a column of its own. Worked out once
/// for a font: every cell of every frame asks.
const FactWidths& factWidths(const QFont& font, Length length)
{
    static std::map<std::pair<Length, QFont>, FactWidths> known;
    const auto [place, isNew] = known.try_emplace({length, font});
    if (isNew)
        place->second = measuredWidths(QFontMetricsF(font), length);
    return place->second;
}

bool isReused(const QModelIndex& index)
{
    return index.data(LabTableModel::ReusedRole).toBool();
}

QString costOf(const QModelIndex& index, Length length)
{
    return isReused(index) ? answerFacts::reused()
                           : answerFacts::cost(numberOf(index, LabTableModel::CostRole), length);
}

std::optional<qint64> tokensOf(const QModelIndex& index)
{
    const QVariant tokens = index.data(LabTableModel::TokensRole);
    return tokens.isValid() ? std::optional(tokens.toLongLong()) : std::nullopt;
}

bool areTokensEstimated(const QModelIndex& index)
{
    return index.data(LabTableModel::TokensEstimatedRole).toBool();
}

/// Of a done answer, by importance; what is not known is empty.
std::array<QString, kFacts> factsOf(const QModelIndex& index, Length length)
{
    const auto first = numberOf(index, LabTableModel::FirstTokenMsRole);
    const auto tokens = tokensOf(index);
    return {answerFacts::words(wordsOf(index), length), costOf(index, length),
            first ? answerFacts::firstToken(*first, length) : QString(),
            tokens ? answerFacts::tokens(*tokens, areTokensEstimated(index), length) : QString()};
}

/// As many whole words as fit with an ellipsis behind them: "and look…", "Step by step: …".
QString withEllipsis(QString line, const QFontMetrics& metrics, int width)
{
    const auto ended = [](const QString& text) {
        const bool inWord = !text.isEmpty() && text.back().isLetterOrNumber();
        return text + (inWord ? QString() : QStringLiteral(" ")) + QStringLiteral("\u2026");
    };
    while (metrics.horizontalAdvance(ended(line)) > width) {
        const qsizetype space = line.lastIndexOf(QLatin1Char(' '));
        if (space <= 0) // one word: it can only be cut
            return metrics.elidedText(line + QStringLiteral("\u2026"), Qt::ElideRight, width);
        line.truncate(space);
    }
    return ended(line);
}

/// Where the facts of a done answer stand: the first at the left, the others end below those of the
/// rows above.
struct FactColumns
{
    Length length = Length::Full;
    std::vector<QRectF> places; ///< as many as fit

    /// All of them, in as many words as the width has room for.
    static FactColumns of(const QFont& font, const QRectF& footer)
    {
        FactColumns columns;
        for (const Length length : kLengths) {
            columns = of(font, footer, length);
            if (columns.places.size() == kFacts)
                break;
        }
        return columns;
    }

    /// Whether none is wider than its place.
    [[nodiscard]] bool fit(const std::array<QString, kFacts>& facts,
                           const QFontMetricsF& metrics) const
    {
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (metrics.horizontalAdvance(facts[i]) > places[i].width())
                return false;
        }
        return !places.empty();
    }

private:
    static FactColumns of(const QFont& font, const QRectF& footer, Length length)
    {
        FactColumns columns;
        columns.length = length;
        const double gap = length == Length::Full ? space::kGap : space::kUnit;
        double x = footer.left();
        for (const double needed : factWidths(font, length)) {
            const double width = std::ceil(needed) + 1;
            if (x + width > footer.right() + 1)
                break;
            columns.places.emplace_back(x, footer.top(), width, footer.height());
            x += width + gap;
        }
        return columns;
    }
};

/// Grounds with a line below, under every place in a line that has the words.
void paintHits(QPainter& painter, const QPoint& base, const QString& line, const QString& words,
               const QFontMetrics& metrics)
{
    const ToneColors& tone = Theme::current().colors().caution;
    for (qsizetype at = line.indexOf(words, 0, Qt::CaseInsensitive); at >= 0;
         at = line.indexOf(words, at + words.size(), Qt::CaseInsensitive)) {
        const int left = metrics.horizontalAdvance(line.left(at));
        const int right = metrics.horizontalAdvance(line.left(at + words.size()));
        const QRect ground(base.x() + left, base.y() - metrics.ascent(), right - left,
                           metrics.height());
        painter.fillRect(ground, tone.soft);
        painter.fillRect(QRect(ground.left(), ground.bottom(), ground.width(), 1), tone.ink);
    }
}

/// Lines of plain text from the top of a box.
void paintLines(QPainter& painter, const QRect& box, const QString& whole, const QFont& font,
                const QString& words)
{
    painter.setFont(font);
    const QFontMetrics metrics(font);
    int y = box.top() + metrics.ascent();
    for (const QString& line : previewLines(whole, font, box.size())) {
        if (!words.isEmpty())
            paintHits(painter, {box.left(), y}, line, words, metrics);
        painter.drawText(QPoint(box.left(), y), line);
        y += metrics.lineSpacing();
    }
}

/// Whether the row above (-1) or below (1) is a turn of the same conversation.
bool isBesideTurn(const QModelIndex& index, int step)
{
    const QVariant own = index.siblingAtColumn(0).data(LabTableModel::ConversationRole);
    const QModelIndex other = index.sibling(index.row() + step, 0);
    return own.isValid() && other.isValid() && other.data(LabTableModel::ConversationRole) == own;
}

/// The turns of a conversation hang on one line, a dot each.
void paintRail(QPainter& painter, const QRect& cell, const QModelIndex& index)
{
    if (!index.data(LabTableModel::ConversationRole).isValid())
        return;
    const double x = cell.left() + kRailPx;
    const double y =
        cell.top() + space::kUnit + QFontMetrics(Theme::font(TextRole::Body)).lineSpacing() / 2.0;
    const QColor ink = Theme::current().colors().textMuted;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(ink, 1.5));
    if (isBesideTurn(index, -1))
        painter.drawLine(QPointF(x, cell.top()), QPointF(x, y));
    if (isBesideTurn(index, 1))
        painter.drawLine(QPointF(x, y), QPointF(x, cell.bottom() + 1));
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    painter.drawEllipse(QPointF(x, y), kDotPx, kDotPx);
    painter.restore();
}

QString noteOf(const QModelIndex& index)
{
    return withVisibleControls(index.data(ReadingRows::NoteRole).toString()).simplified();
}

} // namespace

QStringList previewLines(const QString& whole, const QFont& font, const QSize& box)
{
    static const QRegularExpression breaks(QStringLiteral("\\s*\\n\\s*"));
    QString text = whole.trimmed();
    text.replace(breaks, QString(QChar::LineSeparator)); // what QTextLayout breaks at
    const QFontMetrics metrics(font);
    const qsizetype most = box.height() / metrics.lineSpacing();
    // What cannot be seen is not laid out: that is most of a long answer, and most of the time.
    const int narrowest = std::max(1, metrics.horizontalAdvance(QLatin1Char('i')));
    const qsizetype room = (most + 1) * (box.width() / narrowest + 1);
    const bool isCut = text.size() > room;
    text.truncate(room);
    QStringList lines;
    QTextLayout layout(text, font);
    QTextOption wrap(Qt::AlignLeft | Qt::AlignTop);
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(wrap);
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid() && lines.size() < most;
         line = layout.createLine()) {
        line.setLineWidth(box.width());
        const int end = line.textStart() + line.textLength();
        QString shown = text.mid(line.textStart(), line.textLength()).trimmed();
        if (lines.size() + 1 == most &&
            (isCut || end < text.size())) // the text goes on below the box
            shown = withEllipsis(shown, metrics, box.width());
        lines << shown;
    }
    layout.endLayout();
    return lines;
}

AnswerCellGeometry AnswerCellGeometry::of(const QRect& cell, int column)
{
    const int left = column == 0 ? space::kWide : space::kUnit; // prompts begin where pages do
    const QRect inner = cell.adjusted(left, space::kUnit, -space::kUnit, -space::kUnit);
    AnswerCellGeometry geometry;
    geometry.footer = QRect(inner.left(), inner.bottom() - kFooterPx + 1, inner.width(), kFooterPx);
    geometry.text = QRect(inner.left(), inner.top(), inner.width(),
                          std::max(0, inner.height() - kFooterPx - space::kHalf));
    geometry.star = QRect(inner.right() - kStarPx + 1, inner.top(), kStarPx, kStarPx);
    const int line = geometry.text.height() / kTextLines;
    geometry.note = QRect(inner.left(), geometry.text.bottom() - line + 1, inner.width(), line);
    return geometry;
}

int AnswerCellGeometry::rowHeight()
{
    return 2 * space::kUnit + kTextLines * QFontMetrics(Theme::font(TextRole::Body)).lineSpacing() +
           space::kHalf + kFooterPx;
}

void paintStar(QPainter& painter, const QRectF& place, bool isFull)
{
    constexpr int kPoints = 5;
    constexpr double kInner = 0.45; ///< of the outer radius
    const double radius = place.width() / 2 - 1;
    QPolygonF star;
    for (int i = 0; i < 2 * kPoints; ++i) {
        const double angle = std::numbers::pi * i / kPoints;
        const double length = i % 2 == 0 ? radius : kInner * radius;
        star << place.center() + QPointF(length * std::sin(angle), -length * std::cos(angle));
    }
    const ThemeColors& colors = Theme::current().colors();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(isFull ? colors.caution.ink : colors.textMuted, 1.2, Qt::SolidLine,
                        Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(isFull ? QBrush(colors.caution.ink) : QBrush());
    painter.drawPolygon(star);
    painter.restore();
}

AnswerDelegate::AnswerDelegate(QObject* parent) : QStyledItemDelegate(parent)
{
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this,
            [this] { m_previews.clear(); });
}

QString AnswerDelegate::shownText(const QModelIndex& index)
{
    return withVisibleControls(index.data(LabTableModel::TextRole).toString());
}

QStringList AnswerDelegate::footerFacts(const QModelIndex& index)
{
    const CellState state = stateOf(index);
    if (state != CellState::Done) {
        const QString status =
            withVisibleControls(index.data(LabTableModel::StatusRole).toString());
        const QString name = index.data(LabTableModel::StateTextRole).toString();
        if (status.startsWith(name)) // it says so itself: "waiting 12 s: …"
            return {status};
        return {status.isEmpty() ? name
                                 : tr("%1: %2", "state of a cell, reason").arg(name, status)};
    }
    if (const QString beside = failedSampleOf(index); !beside.isEmpty())
        return {beside};
    QStringList facts;
    if (const QString odd = oddEndOf(index); !odd.isEmpty())
        facts << odd;
    for (const QString& fact : factsOf(index, Length::Full)) {
        if (!fact.isEmpty())
            facts << fact;
    }
    return facts;
}

QStringList AnswerDelegate::shownFacts(const QModelIndex& index, int width)
{
    const FactColumns columns =
        FactColumns::of(Theme::font(TextRole::Small), QRectF(0, 0, width, kFooterPx));
    const std::array<QString, kFacts> facts = factsOf(index, columns.length);
    return QStringList(facts.begin(), facts.begin() + static_cast<int>(columns.places.size()));
}

QStringList AnswerDelegate::namesOfShortFacts(int columnWidth)
{
    const QRect cell(0, 0, columnWidth, AnswerCellGeometry::rowHeight());
    const FactColumns columns =
        FactColumns::of(Theme::font(TextRole::Small), AnswerCellGeometry::of(cell, 1).footer);
    if (columns.length == Length::Full)
        return {};
    const QStringList names = {tr("words", "a heading"), tr("cost", "a heading"),
                               tr("TTFT", "a heading"), tr("tokens", "a heading")};
    return names.first(static_cast<qsizetype>(columns.places.size()));
}

QString AnswerDelegate::meaningOf(const QModelIndex& index)
{
    if (index.column() == 0)
        return {};
    const QString route =
        withVisibleControls(index.data(LabTableModel::RouteMeaningRole).toString());
    if (stateOf(index) != CellState::Done)
        return (footerFacts(index) + (route.isEmpty() ? QStringList() : QStringList{route}))
            .join(QLatin1Char('\n'));
    const QString odd = index.data(LabTableModel::OddEndMeaningRole).toString();
    const QString words = answerFacts::words(wordsOf(index));
    QStringList lines = {
        odd.isEmpty() ? tr("Done: %1.", "state of a cell, words").arg(words)
                      : withVisibleControls(odd),
        isReused(index)
            ? (route.isEmpty() ? answerFacts::reusedMeaning() : answerFacts::takenMeaning())
            : answerFacts::costMeaning(numberOf(index, LabTableModel::CostRole))};
    if (const auto first = numberOf(index, LabTableModel::FirstTokenMsRole))
        lines << answerFacts::firstTokenMeaning(*first);
    if (const auto tokens = tokensOf(index))
        lines << answerFacts::tokensMeaning(*tokens, areTokensEstimated(index));
    if (!route.isEmpty())
        lines << route;
    if (const auto satisfied = numberOf(index, LabTableModel::SatisfiedRole))
        lines << answerFacts::outcomeMeaning(*satisfied);
    if (const QString beside = failedSampleOf(index); !beside.isEmpty())
        lines << tr("Beside it, %1.", "which answer failed, reason").arg(beside);
    if (const QString said = index.data(ReadingRows::RemarkRole).toString(); !said.isEmpty())
        lines << withVisibleControls(said);
    return lines.join(QLatin1Char('\n'));
}

bool AnswerDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view,
                               const QStyleOptionViewItem& option, const QModelIndex& index)
{
    const QString meaning = meaningOf(index);
    if (event->type() != QEvent::ToolTip || meaning.isEmpty())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QToolTip::showText(event->globalPos(), plainToolTip(meaning), view->viewport(), option.rect);
    return true;
}

void AnswerDelegate::paintGround(QPainter& painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index)
{
    const ThemeColors& colors = Theme::current().colors();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QRect& cell = option.rect;
    painter.fillRect(cell, selected ? colors.accented.soft : colors.surface);
    painter.setPen(colors.line);
    if (index.column() > 0 || !isBesideTurn(index, 1))
        painter.drawLine(cell.bottomLeft(), cell.bottomRight());
    if (index.column() + 1 < index.model()->columnCount())
        painter.drawLine(cell.topRight(), cell.bottomRight());
    if (selected && index.column() == 0)
        painter.fillRect(QRect(cell.left(), cell.top(), kBarPx, cell.height()), colors.accent);
    if (index.column() == 0)
        paintRail(painter, cell, index);
}

void AnswerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const
{
    painter->save();
    const ThemeColors& colors = Theme::current().colors();
    painter->setClipRect(option.rect);
    paintGround(*painter, option, index);
    const AnswerCellGeometry geometry = AnswerCellGeometry::of(option.rect, index.column());
    paintText(*painter, option, index);
    paintFooter(*painter, geometry.footer, index);
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(colors.focus, 2));
        painter->drawRect(option.rect.adjusted(1, 1, -2, -2));
    }
    painter->restore();
}

QRect AnswerDelegate::paintRoute(QPainter& painter, const QRect& text, const QModelIndex& index)
{
    const QString route = withVisibleControls(index.data(LabTableModel::RouteRole).toString());
    if (route.isEmpty())
        return text;
    const ThemeColors& colors = Theme::current().colors();
    const QFont small = Theme::font(TextRole::Small);
    const QFontMetrics metrics(small);
    const bool hasFallenBack = index.data(LabTableModel::FallbackRole).toBool();
    const QColor ink = hasFallenBack ? colors.caution.ink : colors.textMuted;
    const QRect line(text.left(), text.top(), text.width(),
                     QFontMetrics(Theme::font(TextRole::Body)).lineSpacing());
    paintIcon(painter, QRectF(line.left(), line.center().y() - kIconPx / 2.0, kIconPx, kIconPx),
              hasFallenBack ? Icon::Chain : Icon::Rule, ink);
    const QRect words = line.adjusted(kIconPx + space::kHalf, 0, 0, 0);
    painter.setFont(small);
    painter.setPen(ink);
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     metrics.elidedText(route, Qt::ElideRight, words.width()));
    return text.adjusted(0, line.height(), 0, 0);
}

/// The text has the room that a star and a note leave it.
void AnswerDelegate::paintText(QPainter& painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const
{
    const ThemeColors& colors = Theme::current().colors();
    const AnswerCellGeometry geometry = AnswerCellGeometry::of(option.rect, index.column());
    QRect text = paintRoute(painter, geometry.text, index);
    const QString note = noteOf(index);
    if (!note.isEmpty())
        text.setBottom(geometry.note.top() - 1);
    if (index.data(ReadingRows::StarRole).toBool())
        text.setRight(geometry.star.left() - space::kHalf);
    painter.setPen(colors.text);
    const QString words = index.data(ReadingRows::HitRole).toString();
    const QFont font = Theme::font(TextRole::Body);
    if (index.column() > 0 && m_form == TextForm::Rendered)
        m_previews.of(shownText(index), words, font, text.size()).paint(painter, text.topLeft());
    else
        paintLines(painter, text, shownText(index), font, words);
    paintStar(painter, option, index);
    if (note.isEmpty())
        return;
    const QRect line = geometry.note;
    const QRectF icon(line.left(), line.center().y() - kIconPx / 2.0, kIconPx, kIconPx);
    paintIcon(painter, icon, Icon::Edit, colors.accentInk);
    const QRect place = line.adjusted(kIconPx + space::kHalf, 0, 0, 0);
    const QFont small = Theme::font(TextRole::Small);
    painter.setFont(small);
    painter.setPen(colors.accentInk);
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     QFontMetrics(small).elidedText(note, Qt::ElideRight, place.width()));
}

/// A hollow one under the pointer says where a click sets it.
void AnswerDelegate::paintStar(QPainter& painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index)
{
    const QVariant star = index.data(ReadingRows::StarRole);
    const bool isPointed = option.state.testFlag(QStyle::State_MouseOver);
    if (!star.isValid() || (!star.toBool() && !isPointed))
        return;
    const QRect place = AnswerCellGeometry::of(option.rect, index.column()).star;
    if (!star.toBool()) {
        const ThemeColors& colors = Theme::current().colors();
        painter.fillRect(place.adjusted(-space::kHalf, 0, 0, 0),
                         option.state.testFlag(QStyle::State_Selected) ? colors.accented.soft
                                                                       : colors.surface);
    }
    signalbox::ui::paintStar(painter, place, star.toBool());
}

bool AnswerDelegate::editorEvent(QEvent* event, QAbstractItemModel* model,
                                 const QStyleOptionViewItem& option, const QModelIndex& index)
{
    if (event->type() == QEvent::MouseButtonRelease &&
        index.data(ReadingRows::StarRole).isValid()) {
        const auto* click = static_cast<QMouseEvent*>(event);
        const QRect place = AnswerCellGeometry::of(option.rect, index.column()).star;
        if (click->button() == Qt::LeftButton &&
            place.adjusted(-space::kHalf, -space::kHalf, space::kHalf, space::kHalf)
                .contains(click->position().toPoint())) {
            emit starClicked(index);
            return true;
        }
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

/// A whole answer needs no word or mark for it: what is known of it stands there, or what failed
/// beside it.
void AnswerDelegate::paintFooter(QPainter& painter, const QRect& footer, const QModelIndex& index)
{
    const ThemeColors& colors = Theme::current().colors();
    const QFont small = Theme::font(TextRole::Small);
    const QFontMetricsF metrics(small);
    painter.setFont(small);
    painter.setPen(colors.textMuted);
    constexpr int kFlags = Qt::AlignVCenter | Qt::TextSingleLine;
    if (index.column() == 0) {
        const QString segment = index.data(LabTableModel::SegmentRole).toString();
        const QString turn = index.data(LabTableModel::TurnRole).toString();
        // What the conversation is about stands once.
        const bool isTold = !turn.isEmpty() && isBesideTurn(index, -1);
        QStringList facts = turn.isEmpty() ? QStringList() : QStringList{turn};
        if (!isTold) {
            facts << segment;
            for (const QString& tag : index.data(LabTableModel::TagsRole).toStringList())
                facts << withVisibleControls(QLatin1Char('#') + tag);
        }
        painter.drawText(footer, kFlags | Qt::AlignLeft,
                         fittingFacts(facts, metrics, footer.width()));
        return;
    }
    const CellState state = failedSampleOf(index).isEmpty() ? stateOf(index) : CellState::Failed;
    const QStringList facts = footerFacts(index);
    const bool isOdd = state == CellState::Done && !oddEndOf(index).isEmpty();
    if (state != CellState::Done || isOdd) {
        const QColor ink = isOdd                        ? colors.caution.ink
                           : state == CellState::Failed ? colors.negative.ink
                                                        : colors.textMuted;
        const QRectF place(footer.left(), footer.center().y() - kIconPx / 2.0, kIconPx, kIconPx);
        paintIcon(painter, place, isOdd ? Icon::Warning : iconOf(state), ink);
        const QRect text = footer.adjusted(kIconPx + space::kHalf, 0, 0, 0);
        painter.setPen(ink);
        painter.drawText(text, kFlags | Qt::AlignLeft, fittingFacts(facts, metrics, text.width()));
        return;
    }
    const FactColumns columns = FactColumns::of(small, footer);
    const std::array<QString, kFacts> inColumns = factsOf(index, columns.length);
    if (!columns.fit(inColumns, metrics)) {
        painter.drawText(footer, kFlags | Qt::AlignLeft,
                         fittingFacts(facts, metrics, footer.width()));
        return;
    }
    for (std::size_t i = 0; i < columns.places.size(); ++i)
        painter.drawText(columns.places[i], kFlags | (i == 0 ? Qt::AlignLeft : Qt::AlignRight),
                         inColumns[i]);
}

QSize AnswerDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {240, AnswerCellGeometry::rowHeight()};
}

} // namespace signalbox::ui
