// SPDX-License-Identifier: GPL-3.0-or-later
#include "price_update_sheet.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/sheet_buttons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QHeaderView>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr QSize kSheetSize(860, 600);
constexpr int kLinePx = 340;
constexpr int kPricePx = 130;
constexpr int kKeyRole = Qt::UserRole + 1;
constexpr double kPerMTok = 1e6;

enum Column { Line, Before, After, Change, ColumnCount };

QString text(const std::string& utf8)
{
    return withVisibleControls(QString::fromStdString(utf8));
}

QString kindText(UpdateKind kind)
{
    switch (kind) {
    case UpdateKind::Added:
        return PriceUpdateSheet::tr("new", "a line of a price book");
    case UpdateKind::Removed:
        return PriceUpdateSheet::tr("no longer there", "a line of a price book");
    case UpdateKind::Changed:
        return PriceUpdateSheet::tr("changed", "a line of a price book");
    }
    return {};
}

/// USD per million tokens, or of a request.
QString priceText(const std::optional<Money>& price, bool isPerRequest)
{
    if (!price)
        return QStringLiteral("\u2013");
    return format::money(isPerRequest ? price->usd() : price->usd() * kPerMTok);
}

QString changeText(const PriceStep& step)
{
    const auto change = step.relativeChange();
    if (!change || !std::isfinite(*change))
        return {};
    return (*change > 0 ? QStringLiteral("+") : QString()) + format::percent(*change, 0);
}

} // namespace

PriceUpdateSheet::PriceUpdateSheet(BookDiff diff, QWidget* parent)
    : QDialog(parent), m_diff(std::move(diff))
{
    setObjectName(QStringLiteral("priceUpdate"));
    setWindowTitle(tr("Update the price book"));
    build();
    resize(kSheetSize);
    fill();
    refresh();
    connect(m_lines, &QTreeWidget::itemChanged, this, [this] { refresh(); });
}

void PriceUpdateSheet::build()
{
    auto* const rows = new QVBoxLayout(this);
    rows->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kWide);
    rows->setSpacing(space::kGap);
    m_summary = new TextLabel({}, TextRole::BodyStrong, this);
    m_summary->setObjectName(QStringLiteral("priceUpdateSummary"));
    m_summary->setWordWrap(true);
    rows->addWidget(m_summary);
    m_doubts = new Callout(Tone::Caution, this);
    m_doubts->setObjectName(QStringLiteral("priceUpdateDoubts"));
    rows->addWidget(m_doubts);
    m_lines = new QTreeWidget(this);
    m_lines->setObjectName(QStringLiteral("priceUpdateLines"));
    m_lines->setAccessibleName(tr("Lines of the update"));
    m_lines->setColumnCount(ColumnCount);
    m_lines->setHeaderLabels({tr("Model"), tr("Now"), tr("Update"), tr("Change")});
    m_lines->headerItem()->setToolTip(
        Before, plainToolTip(tr("USD per million tokens; fees in USD per request")));
    m_lines->header()->setStretchLastSection(false);
    m_lines->header()->setSectionResizeMode(Line, QHeaderView::Stretch);
    for (const Column column : {Before, After, Change}) {
        m_lines->header()->resizeSection(column, kPricePx);
        m_lines->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    rows->addWidget(m_lines, 1);
    m_take = addSheetButtons(this, rows, {}, QStringLiteral("priceUpdateTake"), [this] { take(); });
}

QTreeWidgetItem* PriceUpdateSheet::addLine(const std::string& key, UpdateKind kind, bool isDoubtful)
{
    auto* const line = new QTreeWidgetItem(m_lines);
    line->setText(
        Line,
        tr("%1: %2", "a line of a price book, what becomes of it").arg(text(key), kindText(kind)));
    line->setData(Line, kKeyRole, QString::fromStdString(key));
    line->setFlags(line->flags() | Qt::ItemIsUserCheckable);
    const bool isSafe = kind != UpdateKind::Removed && !isDoubtful;
    line->setCheckState(Line, isSafe ? Qt::Checked : Qt::Unchecked);
    if (isDoubtful)
        line->setIcon(Line, icon(Icon::Warning));
    return line;
}

void PriceUpdateSheet::addEntry(const EntryUpdate& update)
{
    auto* const line = addLine(update.key, update.kind, !update.doubts.empty());
    const auto addRow = [&](const QStringList& texts) {
        auto* const row = new QTreeWidgetItem(line, texts);
        row->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        for (const Column column : {Before, After, Change})
            row->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        return row;
    };
    for (const PriceDoubt& doubt : update.doubts) {
        auto* const row = addRow({text(doubt.message)});
        row->setIcon(Line, icon(Icon::Warning));
        row->setFirstColumnSpanned(true);
    }
    for (const PriceStep& step : update.prices)
        addRow({text(step.where), priceText(step.before, step.isPerRequest),
                priceText(step.after, step.isPerRequest), changeText(step)});
    for (const std::string& other : update.others)
        addRow({text(other)})->setFirstColumnSpanned(true);
    line->setExpanded(!update.doubts.empty() || m_diff.entries.size() <= 10);
}

void PriceUpdateSheet::fill()
{
    for (const ProviderUpdate& update : m_diff.providers)
        addLine(update.key, update.kind, false);
    std::size_t doubtful = 0;
    for (const EntryUpdate& update : m_diff.entries) {
        addEntry(update);
        doubtful += update.doubts.empty() ? 0 : 1;
    }
    m_doubts->setVisible(doubtful > 0);
    m_doubts->setMessage(
        Tone::Caution, tr("%n line(s) are hardly right.", nullptr, static_cast<int>(doubtful)),
        tr("A price beyond all known ones, or ten times as much or as little as before. They are "
           "not taken unless you tick them, and not used until then."));
}

std::vector<std::string> PriceUpdateSheet::acceptedKeys() const
{
    std::vector<std::string> keys;
    for (int i = 0; i < m_lines->topLevelItemCount(); ++i) {
        const QTreeWidgetItem* const line = m_lines->topLevelItem(i);
        if (line->checkState(Line) == Qt::Checked)
            keys.push_back(line->data(Line, kKeyRole).toString().toStdString());
    }
    return keys;
}

void PriceUpdateSheet::refresh()
{
    const auto count = static_cast<int>(acceptedKeys().size());
    const int lines = m_lines->topLevelItemCount();
    m_summary->setText(
        tr("From version %1 to %2: %3. %4 have the same prices.", "versions, lines, models")
            .arg(text(m_diff.before.version), text(m_diff.after.version),
                 tr("%n line(s)", nullptr, lines),
                 tr("%n model(s)", nullptr, static_cast<int>(m_diff.unchanged))));
    m_take->setText(lines == 0 ? tr("Take its date") : tr("Accept %n line(s)", nullptr, count));
    m_take->setEnabled(lines == 0 || count > 0);
}

void PriceUpdateSheet::take()
{
    const std::vector<std::string> keys = acceptedKeys();
    const auto book = applyAccepted(m_diff, keys);
    if (!book) {
        m_doubts->setMessage(Tone::Negative, QString::fromStdString(book.error().message),
                             QString::fromStdString(book.error().hint));
        m_doubts->show();
        return;
    }
    accept();
    emit linesAccepted(*book);
}

} // namespace signalbox::ui
