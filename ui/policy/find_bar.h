// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/find.h>

#include <QWidget>

#include <optional>
#include <vector>

class QLineEdit;
class QListView;
class QPushButton;
class QStandardItemModel;
class QToolButton;
class QVBoxLayout;

namespace signalbox::ui {

class IconButton;
class PolicyEditor;
class TextLabel;

/// Find and replace over the policy (core/policy/find.h): what to look for, where it stands, and
/// what to put there. Every replacement is one undo step. Follows the document while it is shown.
class FindBar final : public QWidget
{
    Q_OBJECT
public:
    explicit FindBar(PolicyEditor& editor, QWidget* parent = nullptr);

    /// Shows it and gives the keyboard to what is looked for.
    void open(bool withReplacing);
    void close();
    /// To the next hit or the one before, round the end.
    void step(int delta);

    [[nodiscard]] const std::vector<FindHit>& hits() const { return m_hits; }
    [[nodiscard]] int current() const { return m_current; } ///< -1: none

signals:
    /// Show this place, a JSON path.
    void placeRequested(const QString& path);
    void opened();
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void buildFinding();
    void buildReplacing();
    void nameReplacing();
    void buildList();
    [[nodiscard]] QToolButton* makeOption(const QString& text, const QString& name);
    [[nodiscard]] FindQuery query() const;
    void search();
    void choose(int hit);
    void fillList();
    void refreshState();
    void replaceCurrent();
    void replaceEverything();
    void perform(const Replacement& replacement);

    PolicyEditor& m_editor;
    QVBoxLayout* m_layout = nullptr;
    std::vector<FindHit> m_hits;
    int m_current = -1;
    bool m_isReplacing = false;
    QLineEdit* m_find = nullptr;
    QToolButton* m_matchCase = nullptr;
    QToolButton* m_wholeWords = nullptr;
    TextLabel* m_count = nullptr;
    IconButton* m_previous = nullptr;
    IconButton* m_next = nullptr;
    QWidget* m_replaceLine = nullptr;
    QLineEdit* m_replacement = nullptr;
    QPushButton* m_replace = nullptr;
    QPushButton* m_replaceAll = nullptr;
    TextLabel* m_outcome = nullptr;
    QListView* m_list = nullptr;
    QStandardItemModel* m_model = nullptr;
};

/// Where a hit stands, in words: "Hard questions · condition".
[[nodiscard]] QString placeWords(const PolicyDocument& document, const FindHit& hit);

} // namespace signalbox::ui
