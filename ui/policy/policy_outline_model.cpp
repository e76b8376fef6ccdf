// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_outline_model.h"

#include "condition_edits.h"
#include "margin_edits.h"
#include "plan_edits.h"
#include "policy_paths.h"
#include "policy_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {

struct PolicyOutlineModel::Node
{
    enum class Kind {
        Heading,
        Document,
        Holdout,
        Rule,
        Otherwise,
        Group,
        Compare,
        Chain,
        Split,
        Cascade,
        Pool,
        Margin,
        RuleGroup,
        Call,
        Model,
        Signal,
        Gate
    };
    Kind kind = Kind::Heading;
    std::string key; ///< stays the same while the thing does; unique among siblings
    PolicySelection selection;
    QString part;
    QString value;
    QString share;
    int model = -1;      ///< look of the row, if it is about a model
    bool enabled = true; ///< of the rule it belongs to
    Node* parent = nullptr;
    std::vector<std::unique_ptr<Node>> children;

    [[nodiscard]] bool showsSameAs(const Node& other) const
    {
        return kind == other.kind && selection == other.selection && part == other.part &&
               value == other.value && share == other.share && model == other.model &&
               enabled == other.enabled;
    }
    /// Takes what is shown, not key and children.
    void show(const Node& other)
    {
        kind = other.kind;
        selection = other.selection;
        part = other.part;
        value = other.value;
        share = other.share;
        model = other.model;
        enabled = other.enabled;
    }
};

namespace {

using Node = PolicyOutlineModel::Node;
using NodeKind = Node::Kind;

/// Builds the tree that the document asks for.
class OutlineBuilder
{
public:
    OutlineBuilder(const PolicyDocument& document, const FlowTraffic& traffic)
        : m_document(document), m_traffic(traffic)
    {}

    Node build()
    {
        Node root;
        Node& document = add(root, NodeKind::Document, "document", selectDocument(),
                             PolicyWords::text(m_document.name));
        document.value = PolicyWords::tr("revision %1").arg(m_document.revision);
        if (m_document.holdout)
            addHoldout(root);
        Node& rules = add(root, NodeKind::Heading, "rules", {},
                          PolicyWords::tr("Rules, the first that holds wins"));
        addRules(rules);
        Node& otherwise = add(root, NodeKind::Otherwise, "otherwise", selectOtherwise(),
                              PolicyWords::tr("Otherwise"));
        otherwise.value = PolicyWords::plan(m_document.otherwise);
        otherwise.share = shareText(m_traffic.otherwise ? &*m_traffic.otherwise : nullptr);
        addPlan(otherwise, m_document.otherwise, selectOtherwise(), {}, PolicyWords::tr("Then"));
        addModels(root);
        addSignals(root);
        addGates(root);
        return root;
    }

private:
    static Node& add(Node& parent, NodeKind kind, std::string key, PolicySelection selection,
                     QString part)
    {
        auto node = std::make_unique<Node>();
        node->kind = kind;
        node->key = std::move(key);
        node->selection = std::move(selection);
        node->part = std::move(part);
        node->enabled = parent.enabled;
        parent.children.push_back(std::move(node));
        return *parent.children.back();
    }

    static QString shareText(const LaneTraffic* traffic)
    {
        return traffic ? PolicyWords::share(traffic->share) : QString();
    }

    int lookOf(const ModelId& id) const
    {
        for (std::size_t i = 0; i < m_document.models.size(); ++i) {
            if (m_document.models[i].id == id)
                return static_cast<int>(i);
        }
        return -1;
    }

    void addHoldout(Node& root)
    {
        Node& node = add(root, NodeKind::Holdout, "holdout", selectDocument("holdout"),
                         PolicyWords::tr("Holdout"));
        node.value = PolicyWords::tr("%1 to %2", "share to model")
                         .arg(PolicyWords::holdout(*m_document.holdout),
                              PolicyWords::text(m_document.holdout->model.value));
        node.share = shareText(m_traffic.holdout ? &*m_traffic.holdout : nullptr);
        node.model = lookOf(m_document.holdout->model);
    }

    /// Rules of one group that stand together are under its heading.
    void addRules(Node& rules)
    {
        Node* parent = &rules;
        std::string group;
        std::map<std::string, int> seen;
        for (const Rule& rule : m_document.rules) {
            if (rule.group != group) {
                group = rule.group;
                parent = addGroup(rules, group, ++seen[group]);
            }
            addRule(*parent, rule);
        }
    }

    /// The heading of a group; the rules themselves if there is none. @param nth  time it is shown
    Node* addGroup(Node& rules, const std::string& id, int nth)
    {
        const auto group = std::ranges::find(m_document.groups, id, &RuleGroup::id);
        if (id.empty() || group == m_document.groups.end())
            return &rules;
        return &add(rules, NodeKind::RuleGroup, "group " + std::to_string(nth) + ' ' + id,
                    selectGroup(static_cast<std::size_t>(group - m_document.groups.begin())),
                    PolicyWords::group(*group));
    }

    void addRule(Node& parent, const Rule& rule)
    {
        Node& node = add(parent, NodeKind::Rule, rule.id.value, selectRule(rule.id),
                         PolicyWords::rule(rule));
        node.enabled = rule.enabled;
        node.value = PolicyWords::tr("%1 → %2", "condition, then plan")
                         .arg(PolicyWords::condition(rule.when), PolicyWords::plan(rule.plan));
        const auto traffic = m_traffic.rules.find(rule.id.value);
        node.share = shareText(traffic == m_traffic.rules.end() ? nullptr : &traffic->second);
        addCondition(node, rule, rule.when, {}, PolicyWords::tr("If"));
        addPlan(node, rule.plan, selectRule(rule.id), {}, PolicyWords::tr("Then"));
        if (rule.uncertain) {
            Node& margin = add(node, NodeKind::Margin, "uncertain", selectUncertain(rule.id),
                               PolicyWords::tr("But", "before a margin"));
            margin.value = PolicyWords::margin(*rule.uncertain);
            addPlan(margin, rule.uncertain->plan, selectUncertain(rule.id), {},
                    PolicyWords::tr("Then"));
        }
    }

    void addCondition(Node& parent, const Rule& rule, const Condition& condition,
                      const std::string& path, const QString& part)
    {
        const PolicySelection selection = selectRule(rule.id, joinPath("when", path));
        const std::string key = "when." + path;
        if (const auto* const compare = std::get_if<Compare>(&condition.node)) {
            Node& node = add(parent, NodeKind::Compare, key, selection, part);
            node.value = PolicyWords::compare(*compare);
            return;
        }
        Node& node = add(parent, NodeKind::Group, key, selection, part);
        if (const auto* const negation = std::get_if<Not>(&condition.node)) {
            node.value = PolicyWords::tr("not");
            addCondition(node, rule, *negation->condition, childPath(condition, path, 0),
                         PolicyWords::tr("this"));
            return;
        }
        const auto* const all = std::get_if<All>(&condition.node);
        const auto& children = all ? all->conditions : std::get<Any>(condition.node).conditions;
        node.value =
            all ? PolicyWords::tr("all of these hold") : PolicyWords::tr("any of these holds");
        if (children.empty())
            node.value = all ? PolicyWords::tr("always") : PolicyWords::tr("no condition yet");
        for (std::size_t i = 0; i < children.size(); ++i)
            addCondition(node, rule, children[i], childPath(condition, path, i),
                         PolicyWords::tr("Condition"));
    }

    /// @param root  the selection of the root plan: of a rule, its margin or `otherwise`
    void addPlan(Node& parent, const Plan& plan, const PolicySelection& root,
                 const std::string& path, const QString& part)
    {
        const auto* const call = std::get_if<Call>(&plan.node);
        // A root plan that is one call needs no row of its own under `otherwise`.
        if (call && path.empty() && root == selectOtherwise()) {
            parent.model = lookOf(call->model);
            return;
        }
        const PolicySelection selection = withPlanPath(root, path);
        Node& node = add(parent, kindOfRow(plan), "plan." + path, selection, part);
        node.value = call ? callWords(*call) : PolicyWords::planTitle(plan);
        if (call)
            node.model = lookOf(call->model);
        if (const auto* const cascade = std::get_if<Cascade>(&plan.node))
            node.value +=
                QStringLiteral(" · ") +
                PolicyWords::tr("accepted: %1", "by a cascade, what an answer must be like")
                    .arg(PolicyWords::acceptance(cascade->accept));
        const std::vector<Plan> parts = partsOf(plan);
        for (std::size_t i = 0; i < parts.size(); ++i)
            addPlan(node, parts[i], root, partPath(plan, path, i), partWords(plan, i));
    }

    static NodeKind kindOfRow(const Plan& plan)
    {
        switch (kindOf(plan)) {
        case PlanKind::Call:
            return NodeKind::Call;
        case PlanKind::Chain:
            return NodeKind::Chain;
        case PlanKind::Split:
            return NodeKind::Split;
        case PlanKind::Cascade:
            return NodeKind::Cascade;
        case PlanKind::Pool:
            return NodeKind::Pool;
        }
        return NodeKind::Call;
    }

    static QString callWords(const Call& call)
    {
        QStringList words{PolicyWords::callTitle(call), PolicyWords::callDetail(call),
                          PolicyWords::overrides(call.overrides)};
        words.removeAll(QString());
        return words.join(QStringLiteral(" · "));
    }

    static QString partWords(const Plan& plan, std::size_t part)
    {
        if (const auto* const split = std::get_if<Split>(&plan.node))
            return PolicyWords::tr("Arm %1, %2", "number, share")
                .arg(part + 1)
                .arg(PolicyWords::basisPoints(split->arms[part].weight));
        if (std::holds_alternative<Pool>(plan.node))
            return PolicyWords::tr("Member %1", "of a pool").arg(part + 1);
        if (std::holds_alternative<Cascade>(plan.node) && part > 0)
            return PolicyWords::tr("Step %1, if rejected").arg(part + 1);
        return PolicyWords::tr("Step %1").arg(part + 1);
    }

    void addModels(Node& root)
    {
        Node& models = add(root, NodeKind::Heading, "models", {}, PolicyWords::tr("Models"));
        for (std::size_t i = 0; i < m_document.models.size(); ++i) {
            const ModelSpec& spec = m_document.models[i];
            Node& node = add(models, NodeKind::Model, spec.id.value, selectModel(spec.id),
                             PolicyWords::text(spec.id.value));
            node.model = static_cast<int>(i);
            node.value = PolicyWords::price(spec.price);
            if (spec.id == m_document.baseline)
                node.value += QStringLiteral(" · ") + PolicyWords::tr("baseline");
            if (const auto share = m_traffic.servedShare.find(spec.id.value);
                share != m_traffic.servedShare.end())
                node.share = PolicyWords::share(share->second);
        }
    }

    void addSignals(Node& root)
    {
        Node& all = add(root, NodeKind::Heading, "signals", {}, PolicyWords::tr("Signals"));
        for (const Signal& signal : m_document.signalList) {
            Node& node = add(all, NodeKind::Signal, signal.id.value, selectSignal(signal.id),
                             PolicyWords::text(signal.id.value));
            node.value = PolicyWords::source(signal);
        }
    }

    void addGates(Node& root)
    {
        Node& gates = add(root, NodeKind::Heading, "gates", {}, PolicyWords::tr("Gates"));
        for (std::size_t i = 0; i < m_document.gates.size(); ++i)
            add(gates, NodeKind::Gate, std::to_string(i),
                selectDocument("gates[" + std::to_string(i) + ']'),
                PolicyWords::gate(m_document.gates[i]));
    }

    const PolicyDocument& m_document;
    const FlowTraffic& m_traffic;
};

QIcon iconOf(const Node& node)
{
    switch (node.kind) {
    case NodeKind::Heading:
        return {};
    case NodeKind::Document:
        return icon(Icon::Document);
    case NodeKind::Holdout:
        return icon(Icon::Lock);
    case NodeKind::Rule:
        return icon(Icon::Rule);
    case NodeKind::Otherwise:
        return icon(Icon::Otherwise);
    case NodeKind::Group:
    case NodeKind::Compare:
        return icon(Icon::Filter);
    case NodeKind::Chain:
        return icon(Icon::Chain);
    case NodeKind::Split:
        return icon(Icon::Split);
    case NodeKind::Cascade:
        return icon(Icon::Cascade);
    case NodeKind::Pool:
        return icon(Icon::Pool);
    case NodeKind::Margin:
        return icon(Icon::Margin);
    case NodeKind::RuleGroup:
        return icon(Icon::Outline);
    case NodeKind::Call:
    case NodeKind::Model:
        return modelIcon(node.model);
    case NodeKind::Signal:
        return icon(Icon::Signal);
    case NodeKind::Gate:
        return icon(Icon::Gate);
    }
    return {};
}

std::optional<Scalar> scalarFromText(const Scalar& like, const QString& text)
{
    if (std::holds_alternative<double>(like)) {
        bool ok = false;
        const double number = QLocale().toDouble(text.trimmed(), &ok);
        return ok && std::isfinite(number) ? std::optional<Scalar>(number) : std::nullopt;
    }
    if (std::holds_alternative<bool>(like)) {
        const QString word = text.trimmed().toLower();
        if (word == PolicyWords::tr("yes") || word == QLatin1String("true"))
            return Scalar(true);
        if (word == PolicyWords::tr("no") || word == QLatin1String("false"))
            return Scalar(false);
        return std::nullopt;
    }
    return Scalar(text.toStdString());
}

} // namespace

std::optional<CompareValue> compareValueFromText(const CompareValue& like, const QString& text)
{
    if (const auto* const list = std::get_if<std::vector<Scalar>>(&like)) {
        const Scalar sample = list->empty() ? Scalar(std::string()) : list->front();
        std::vector<Scalar> values;
        for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
            const auto value = scalarFromText(sample, part.trimmed());
            if (!value)
                return std::nullopt;
            values.push_back(*value);
        }
        return values.empty() ? std::nullopt : std::optional<CompareValue>(std::move(values));
    }
    if (std::holds_alternative<ByStyle>(like)) {
        const QStringList parts = text.split(QLatin1Char('/'));
        double numbers[3] = {};
        if (parts.size() != 3)
            return std::nullopt;
        for (int i = 0; i < 3; ++i) {
            const auto number = scalarFromText(Scalar(0.0), parts[i]);
            if (!number)
                return std::nullopt;
            numbers[i] = std::get<double>(*number);
        }
        return ByStyle{numbers[0], numbers[1], numbers[2]};
    }
    std::optional<Scalar> value;
    if (const auto* const number = std::get_if<double>(&like))
        value = scalarFromText(*number, text);
    else if (const auto* const yes = std::get_if<bool>(&like))
        value = scalarFromText(*yes, text);
    else
        value = scalarFromText(std::string(), text);
    if (!value)
        return std::nullopt;
    return std::visit([](const auto& plain) { return CompareValue(plain); }, *value);
}

QString textFromCompareValue(const CompareValue& value)
{
    if (const auto* const plain = std::get_if<std::string>(&value))
        return QString::fromStdString(*plain);
    if (const auto* const list = std::get_if<std::vector<Scalar>>(&value)) {
        QStringList parts;
        for (const Scalar& item : *list) {
            const auto* const word = std::get_if<std::string>(&item);
            parts << (word ? QString::fromStdString(*word) : PolicyWords::scalar(item));
        }
        return parts.join(QStringLiteral(", "));
    }
    return PolicyWords::value(value);
}

PolicyOutlineModel::PolicyOutlineModel(PolicyEditor& editor, QObject* parent)
    : QAbstractItemModel(parent), m_editor(editor), m_root(std::make_unique<Node>())
{
    connect(&editor, &PolicyEditor::shownChanged, this, &PolicyOutlineModel::follow);
    follow();
}

PolicyOutlineModel::~PolicyOutlineModel() = default;

void PolicyOutlineModel::setTraffic(const FlowTraffic& traffic)
{
    m_traffic = traffic;
    follow();
}

void PolicyOutlineModel::setWatched(bool watched)
{
    if (std::exchange(m_watched, watched) != watched)
        follow();
}

void PolicyOutlineModel::follow()
{
    if (!m_watched && m_editor.isPreviewing())
        return;
    reconcile(*m_root, OutlineBuilder(m_editor.shownDocument(), m_traffic).build(), {});
}

/// Turns the children of `node` into those of `wanted`, by key, with as few row changes as it
/// takes.
void PolicyOutlineModel::reconcile(Node& node, Node&& wanted, const QModelIndex& index)
{
    auto& have = node.children;
    for (std::size_t row = have.size(); row-- > 0;) {
        const auto stays =
            std::any_of(wanted.children.begin(), wanted.children.end(),
                        [&](const auto& each) { return each->key == have[row]->key; });
        if (stays)
            continue;
        beginRemoveRows(index, static_cast<int>(row), static_cast<int>(row));
        have.erase(have.begin() + static_cast<std::ptrdiff_t>(row));
        endRemoveRows();
    }
    for (std::size_t row = 0; row < wanted.children.size(); ++row) {
        Node& next = *wanted.children[row];
        const auto found = std::find_if(have.begin() + static_cast<std::ptrdiff_t>(row), have.end(),
                                        [&](const auto& each) { return each->key == next.key; });
        if (found == have.end()) {
            auto fresh = std::make_unique<Node>();
            fresh->key = next.key;
            fresh->show(next);
            fresh->parent = &node;
            beginInsertRows(index, static_cast<int>(row), static_cast<int>(row));
            have.insert(have.begin() + static_cast<std::ptrdiff_t>(row), std::move(fresh));
            endInsertRows();
        } else if (const auto from = static_cast<std::size_t>(found - have.begin()); from != row) {
            beginMoveRows(index, static_cast<int>(from), static_cast<int>(from), index,
                          static_cast<int>(row));
            std::rotate(have.begin() + static_cast<std::ptrdiff_t>(row), found, found + 1);
            endMoveRows();
        }
        Node& here = *have[row];
        const QModelIndex rowIndex = createIndex(static_cast<int>(row), 0, &here);
        if (!here.showsSameAs(next)) {
            here.show(next);
            emit dataChanged(rowIndex, rowIndex.siblingAtColumn(ColumnCount - 1));
        }
        reconcile(here, std::move(next), rowIndex);
    }
}

PolicyOutlineModel::Node* PolicyOutlineModel::nodeAt(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex PolicyOutlineModel::indexOfNode(const Node& node) const
{
    if (!node.parent)
        return {};
    const auto& siblings = node.parent->children;
    const auto found = std::find_if(siblings.begin(), siblings.end(),
                                    [&](const auto& each) { return each.get() == &node; });
    return createIndex(static_cast<int>(found - siblings.begin()), 0, &node);
}

QModelIndex PolicyOutlineModel::indexOf(const PolicySelection& selection) const
{
    if (selection.kind == PolicySelection::Kind::Nothing)
        return {};
    const Node* best = nullptr;
    std::size_t bestLength = 0;
    const std::function<void(const Node&)> visit = [&](const Node& node) {
        for (const auto& child : node.children) {
            const PolicySelection& here = child->selection;
            if (here.kind == selection.kind && here.id == selection.id &&
                pathBelow(here.path, selection.path) && (!best || here.path.size() >= bestLength)) {
                best = child.get();
                bestLength = here.path.size();
            }
            visit(*child);
        }
    };
    visit(*m_root);
    return best ? indexOfNode(*best) : QModelIndex();
}

PolicySelection PolicyOutlineModel::selectionAt(const QModelIndex& index) const
{
    return index.isValid() ? nodeAt(index)->selection : PolicySelection{};
}

QModelIndex PolicyOutlineModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, nodeAt(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex PolicyOutlineModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOfNode(*nodeAt(child)->parent) : QModelIndex();
}

int PolicyOutlineModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeAt(parent)->children.size());
}

int PolicyOutlineModel::columnCount(const QModelIndex& /*parent*/) const
{
    return ColumnCount;
}

QVariant PolicyOutlineModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Node& node = *nodeAt(index);
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == Part    ? node.part
               : index.column() == Value ? node.value
                                         : node.share;
    case Qt::EditRole:
        if (index.column() == Value && node.kind == Node::Kind::Compare) {
            const Rule* const rule = m_editor.document().findRule(RuleId(node.selection.id));
            const auto path = conditionPathOf(node.selection);
            const Condition* const condition =
                rule && path ? conditionAt(rule->when, *path) : nullptr;
            const auto* const compare =
                condition ? std::get_if<Compare>(&condition->node) : nullptr;
            return compare ? textFromCompareValue(compare->value) : QVariant();
        }
        if (index.column() == Value && node.kind == Node::Kind::Call) {
            const Plan* const root = rootPlanOf(m_editor.document(), node.selection);
            const Call* const call =
                root ? callAt(*root, planPathOf(node.selection).value_or("")) : nullptr;
            return call ? QString::fromStdString(call->model.value) : QVariant();
        }
        if (index.column() == Value && node.kind == Node::Kind::Margin) {
            const Rule* const rule = m_editor.document().findRule(RuleId(node.selection.id));
            return rule && rule->uncertain ? PolicyWords::number(rule->uncertain->margin)
                                           : QVariant();
        }
        if (index.column() != Part)
            return {};
        if (node.kind == Node::Kind::RuleGroup) {
            const auto group = groupOf(node.selection);
            const auto& groups = m_editor.document().groups;
            return group && *group < groups.size()
                       ? QString::fromStdString(groups[*group].label.empty() ? groups[*group].id
                                                                             : groups[*group].label)
                       : QVariant();
        }
        if (node.kind == Node::Kind::Rule) {
            // As it is in the document, without marks for what cannot be seen.
            const Rule* const rule = m_editor.document().findRule(RuleId(node.selection.id));
            return rule ? QString::fromStdString(rule->label.empty() ? rule->id.value : rule->label)
                        : QVariant();
        }
        return node.part;
    case Qt::DecorationRole:
        return index.column() == Part ? QVariant(iconOf(node)) : QVariant();
    case Qt::CheckStateRole:
        if (index.column() == Part && node.kind == Node::Kind::Rule)
            return node.enabled ? Qt::Checked : Qt::Unchecked;
        return {};
    case Qt::TextAlignmentRole:
        return index.column() == Share ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::ToolTipRole:
        return index.column() == Value ? QVariant(plainToolTip(node.value)) : QVariant();
    case Qt::AccessibleTextRole: {
        QStringList words{node.part};
        if (!node.value.isEmpty())
            words << node.value;
        if (!node.share.isEmpty())
            words << tr("%1 of requests").arg(node.share);
        if (!node.enabled)
            words << tr("off");
        return index.column() == Part ? QVariant(words.join(QStringLiteral(", "))) : QVariant();
    }
    case SelectionRole:
        return QVariant::fromValue(node.selection);
    case ModelChoicesRole: {
        if (index.column() != Value || node.kind != Node::Kind::Call)
            return {};
        QStringList ids;
        for (const ModelSpec& model : m_editor.document().models)
            ids << QString::fromStdString(model.id.value);
        return ids;
    }
    case EnabledRole:
        return node.enabled;
    default:
        return {};
    }
}

QVariant PolicyOutlineModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Part:
        return tr("Part");
    case Value:
        return tr("What it says");
    case Share:
        return tr("Requests");
    default:
        return {};
    }
}

Qt::ItemFlags PolicyOutlineModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return {};
    const Node& node = *nodeAt(index);
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    const bool hasValue = node.kind == Node::Kind::Compare || node.kind == Node::Kind::Call ||
                          node.kind == Node::Kind::Margin;
    const bool hasName = node.kind == Node::Kind::Rule || node.kind == Node::Kind::RuleGroup;
    if (index.column() == Value ? hasValue : index.column() == Part && hasName)
        flags |= Qt::ItemIsEditable;
    if (index.column() == Part && node.kind == Node::Kind::Rule)
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

bool PolicyOutlineModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!index.isValid())
        return false;
    const Node& node = *nodeAt(index);
    if (role == Qt::CheckStateRole && node.kind == Node::Kind::Rule) {
        const bool enable = value.toInt() == Qt::Checked;
        if (enable == node.enabled)
            return false;
        const MaybeGesture gesture = toggleSelected(m_editor.document(), node.selection);
        return gesture && m_editor.push(gesture->edit).has_value();
    }
    if (role != Qt::EditRole)
        return false;
    return index.column() == Part ? rename(node, value.toString())
                                  : setValue(node, value.toString());
}

bool PolicyOutlineModel::rename(const Node& node, const QString& text)
{
    if (const auto group = groupOf(node.selection)) {
        std::vector<RuleGroup> groups = m_editor.document().groups;
        if (*group >= groups.size())
            return false;
        groups[*group].label = text.trimmed().toStdString();
        return m_editor.push(SetGroups{std::move(groups)}).has_value();
    }
    const Rule* const rule = m_editor.document().findRule(RuleId(node.selection.id));
    if (node.kind != Node::Kind::Rule || !rule)
        return false;
    Rule changed = *rule;
    changed.label = text.trimmed().toStdString();
    return m_editor.push(ReplaceRule{rule->id, changed}).has_value();
}

bool PolicyOutlineModel::setValue(const Node& node, const QString& text)
{
    const PolicyDocument& document = m_editor.document();
    MaybeGesture gesture;
    if (node.kind == Node::Kind::Call) {
        if (document.findModel(ModelId(text.toStdString())))
            gesture = callModel(document, node.selection, ModelId(text.toStdString()));
    } else if (node.kind == Node::Kind::Margin) {
        const auto margin = scalarFromText(Scalar(0.0), text);
        if (margin && std::get<double>(*margin) > 0)
            gesture = setMargin(document, node.selection, std::get<double>(*margin));
    } else if (const Rule* const rule = document.findRule(RuleId(node.selection.id))) {
        const auto path = conditionPathOf(node.selection);
        const Condition* const condition = path ? conditionAt(rule->when, *path) : nullptr;
        const auto* const compare = condition ? std::get_if<Compare>(&condition->node) : nullptr;
        const auto value = compare ? compareValueFromText(compare->value, text) : std::nullopt;
        if (value) {
            Compare changed = *compare;
            changed.value = *value;
            gesture = setCondition(document, node.selection, Condition{changed});
        }
    }
    return gesture && m_editor.push(gesture->edit).has_value();
}

} // namespace signalbox::ui
