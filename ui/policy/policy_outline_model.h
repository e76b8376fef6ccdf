// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_layout.h"

#include <ui/models/policy_editor.h>

#include <QAbstractItemModel>

#include <memory>

namespace signalbox::ui {

/// The shown policy as a tree: the twin of the canvas for keyboards and screen readers. Rows follow
/// the document by insertions, moves and removals, so that views keep their place; edits of a cell
/// become edits of the document. Owned by its view.
class PolicyOutlineModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { Part, Value, Share, ColumnCount };
    enum Role {
        SelectionRole = Qt::UserRole + 1, ///< PolicySelection of the row
        ModelChoicesRole, ///< QStringList for a cell that names a model; else nothing
        EnabledRole,      ///< bool: false for a rule that is off, and all in it
    };

    explicit PolicyOutlineModel(PolicyEditor& editor, QObject* parent = nullptr);
    ~PolicyOutlineModel() override;

    /// Shares of the traffic for the third column.
    void setTraffic(const FlowTraffic& traffic);

    /// Whether somebody sees it. If not, it leaves out the previews of a gesture, which come with
    /// every move of the mouse, and follows when the gesture ends.
    void setWatched(bool watched);

    /// The row of a selection, or of the nearest thing that holds it.
    [[nodiscard]] QModelIndex indexOf(const PolicySelection& selection) const;
    [[nodiscard]] PolicySelection selectionAt(const QModelIndex& index) const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    using QObject::parent;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

    struct Node;

private:
    void follow();
    void reconcile(Node& node, Node&& wanted, const QModelIndex& index);
    [[nodiscard]] Node* nodeAt(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOfNode(const Node& node) const;
    bool rename(const Node& node, const QString& text);
    bool setValue(const Node& node, const QString& text);

    PolicyEditor& m_editor;
    FlowTraffic m_traffic;
    bool m_watched = true;
    std::unique_ptr<Node> m_root;
};

/// A comparison's value from what somebody typed for it, by the type that it has: "7", "8 / 7 / 5",
/// "yes", "enterprise", "a, b". Nothing if it does not fit.
[[nodiscard]] std::optional<CompareValue> compareValueFromText(const CompareValue& like,
                                                               const QString& text);
/// The text that compareValueFromText() reads back.
[[nodiscard]] QString textFromCompareValue(const CompareValue& value);

} // namespace signalbox::ui

Q_DECLARE_METATYPE(signalbox::ui::PolicySelection)
