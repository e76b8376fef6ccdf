// SPDX-License-Identifier: GPL-3.0-or-later
#include "reprice_sheet.h"

#include <core/base/clock.h>
#include <core/evidence/lab_store.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/sheet_buttons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace signalbox::ui {

namespace {

constexpr QSize kSheetSize(760, 380);
enum Column { Model, Answers, Recorded, Now, Change, Prices, ColumnCount };

/// "$1.20", "$1.20, 3 unknown", "unknown".
QString sumText(const std::optional<Money>& sum, std::size_t unknown)
{
    if (!sum)
        return RepriceSheet::tr("unknown", "a cost");
    const QString money = format::money(sum->usd());
    return unknown == 0 ? money
                        : RepriceSheet::tr("%1, %n unknown", "known costs, how many are not",
                                           static_cast<int>(unknown))
                              .arg(money);
}

QString changeText(const RepricedModel& model)
{
    if (!model.recorded || !model.now)
        return {};
    return model.changed == 0
               ? RepriceSheet::tr("the same", "costs")
               : format::difference(model.now->usd(), model.recorded->usd(), format::Unit::Usd);
}

} // namespace

RepriceSheet::RepriceSheet(EvidenceStore& store, const RunSummary& run,
                           std::vector<ModelSpec> policy, std::shared_ptr<const PriceBook> book,
                           QWidget* parent)
    : QDialog(parent), m_book(std::move(book))
{
    setObjectName(QStringLiteral("repriceSheet"));
    setWindowTitle(tr("At today's prices"));
    resize(kSheetSize);
    auto* rows = new QVBoxLayout(this);
    m_summary = new TextLabel(tr("Pricing \u2026"), TextRole::Body, this);
    m_summary->setObjectName(QStringLiteral("reprice.summary"));
    m_summary->setWordWrap(true);
    rows->addWidget(m_summary);
    m_list = new QTreeWidget(this);
    m_list->setObjectName(QStringLiteral("reprice.models"));
    m_list->setAccessibleName(tr("Costs by model"));
    m_list->setRootIsDecorated(false);
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    m_list->setHeaderLabels(
        {tr("Model"), tr("Answers"), tr("Recorded"), tr("Now"), tr("Change"), tr("Prices of")});
    m_list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_list->header()->setStretchLastSection(true);
    rows->addWidget(m_list, 1);
    addCloseButton(this, rows);
    connect(&m_watcher, &QFutureWatcherBase::finished, this,
            [this] { showPricing(m_watcher.result()); });
    const auto draft = store.draft(run.id);
    if (!draft) {
        showPricing(Unexpected(draft.error()));
        return;
    }
    m_repricer =
        std::make_shared<Repricer>(*draft, *m_book, systemClock().unixMs(), std::move(policy));
    m_watcher.setFuture(store.background().reprice(
        run.id, m_repricer->name(),
        [repricer = m_repricer, book = m_book](const PricedUsage& usage) {
            return repricer->priceOf(usage);
        }));
}

void RepriceSheet::showPricing(const Result<RunPricing>& pricing)
{
    if (!pricing) {
        m_summary->setText(tr("The run could not be priced. %1", "why, a sentence")
                               .arg(QString::fromStdString(toString(pricing.error()))));
        emit priced();
        return;
    }
    std::optional<Money> recorded;
    std::optional<Money> now;
    std::size_t unknownBefore = 0;
    std::size_t unknownNow = 0;
    for (const RepricedModel& model : m_repricer->models()) {
        addRow(model);
        unknownBefore += model.unknownBefore;
        unknownNow += model.unknownNow;
        if (model.recorded)
            recorded = recorded.value_or(Money()) + *model.recorded;
        if (model.now)
            now = now.value_or(Money()) + *model.now;
    }
    m_summary->setText(
        tr("Recorded %1, at today's prices %2 (price book %3). What was recorded stays; this is "
           "kept beside it.",
           "costs, version")
            .arg(sumText(recorded, unknownBefore), sumText(now, unknownNow),
                 QString::fromStdString(m_book->version)));
    emit priced();
}

void RepriceSheet::addRow(const RepricedModel& model)
{
    QStringList texts;
    texts.resize(ColumnCount);
    texts[Model] = withVisibleControls(QString::fromStdString(model.model.value));
    texts[Answers] = format::count(static_cast<qint64>(model.answers));
    texts[Recorded] = sumText(model.recorded, model.unknownBefore);
    texts[Now] = sumText(model.now, model.unknownNow);
    texts[Change] = changeText(model);
    texts[Prices] = QString::fromStdString(model.from.empty() ? model.reason : model.from);
    auto* row = new QTreeWidgetItem(m_list, texts);
    for (const Column column : {Answers, Recorded, Now, Change})
        row->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    if (!model.reason.empty())
        row->setToolTip(Prices, plainToolTip(QString::fromStdString(model.reason)));
}

} // namespace signalbox::ui
