// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frontier_table_model.h"

#include <QWidget>

#include <memory>
#include <optional>

class QAction;

namespace signalbox::ui {

class Badge;
class Callout;
class Fold;
class SectionHeader;
class TextLabel;

namespace frontier_words {
struct Message;
}

/// What a search came to: in a sentence, as a table, and how far it can be trusted. Tells which row
/// is selected; GUI thread.
class FrontierResultView : public QWidget
{
    Q_OBJECT
public:
    /// @param again, close  actions that the view shows as buttons; their owner outlives it
    FrontierResultView(QAction* again, QAction* close, QWidget* parent = nullptr);
    ~FrontierResultView() override;

    void setFinding(const std::shared_ptr<const FrontierFinding>& finding);
    void choose(const FrontierChoice* choice);
    void setAdopted(std::optional<std::size_t> point);
    /// Why the points are not of what is there now; no title: they are.
    void setDoubt(const frontier_words::Message& doubt);

signals:
    void chosen(const signalbox::FrontierChoice* choice);

private:
    void buildTable();
    void showTrust(const FrontierChoice* choice);
    [[nodiscard]] QWidget* makeMeasures() const;
    [[nodiscard]] QWidget* makeNotes() const;

    std::shared_ptr<const FrontierFinding> m_finding;
    FrontierTableModel m_model;
    QAction* m_again = nullptr;
    SectionHeader* m_header = nullptr;
    Badge* m_simulated = nullptr;
    Callout* m_verdict = nullptr;
    Callout* m_doubt = nullptr;
    FiguresTable* m_table = nullptr;
    TextLabel* m_trust = nullptr;
    Fold* m_measures = nullptr;
    Fold* m_notes = nullptr;
};

} // namespace signalbox::ui
