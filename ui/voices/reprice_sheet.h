// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/evidence/evidence_store.h>
#include <core/lab/repricing.h>

#include <QDialog>
#include <QFutureWatcher>

#include <memory>
#include <vector>

class QTreeWidget;

namespace signalbox::ui {

class TextLabel;

/// A run of the store at today's prices: for each model what was recorded and what it would cost
/// now, and whose prices these are. It is kept beside what was recorded, which nobody touches. The
/// pricing runs on the store's own thread.
class RepriceSheet final : public QDialog
{
    Q_OBJECT
public:
    /// @param store   outlives the sheet
    /// @param policy  models whose prices count where the price book has none
    /// @param book    never null
    RepriceSheet(EvidenceStore& store, const RunSummary& run, std::vector<ModelSpec> policy,
                 std::shared_ptr<const PriceBook> book, QWidget* parent = nullptr);

signals:
    void priced(); ///< or it is said why not

private:
    void showPricing(const Result<RunPricing>& pricing);
    void addRow(const RepricedModel& model);

    std::shared_ptr<const PriceBook> m_book;
    std::shared_ptr<Repricer> m_repricer;
    QFutureWatcher<Result<RunPricing>> m_watcher;
    TextLabel* m_summary = nullptr;
    QTreeWidget* m_list = nullptr;
};

} // namespace signalbox::ui
