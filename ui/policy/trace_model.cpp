// SPDX-License-Identifier: GPL-3.0-or-later
#include "trace_model.h"

#include "policy_words.h"

#include <ui/kit/basic_widgets.h>

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

struct TraceModel::Node
{
    QString step;
    QString saw;
    QString asked;
    QString result; ///< instead of the outcome in words
    std::optional<Outcome> outcome;
    std::string path;
    Node* parent = nullptr;
    std::vector<std::unique_ptr<Node>> children;

    Node& add(const QString& text, const QString& value, std::optional<Outcome> cameTo,
              std::string where)
    {
        auto node = std::make_unique<Node>();
        node->step = text;
        node->saw = value;
        node->outcome = cameTo;
        node->path = std::move(where);
        node->parent = this;
        children.push_back(std::move(node));
        return *children.back();
    }
};

namespace {

using Node = TraceModel::Node;
using Outcome = TraceModel::Outcome;

QString resultWords(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Holds:
        return TraceModel::tr("held", "a condition");
    case Outcome::Fails:
        return TraceModel::tr("not held", "a condition");
    case Outcome::Taken:
        return TraceModel::tr("taken", "a lane of the policy");
    case Outcome::Passed:
        return TraceModel::tr("no match");
    case Outcome::NotAsked:
        return TraceModel::tr("not reached", "a lane behind the one that was taken");
    case Outcome::Off:
        return TraceModel::tr("off");
    case Outcome::WouldHold:
        return TraceModel::tr("would hold", "a condition of a rule that was not reached");
    case Outcome::WouldFail:
        return TraceModel::tr("would not hold", "a condition of a rule that was not reached");
    }
    return {};
}

/// What a condition or margin comes to, in a rule that was asked or was not.
Outcome outcomeOf(bool holds, bool isAsked)
{
    if (!isAsked)
        return holds ? Outcome::WouldHold : Outcome::WouldFail;
    return holds ? Outcome::Holds : Outcome::Fails;
}

Outcome outcomeOf(const TraceRule& rule, bool won)
{
    if (!rule.enabled)
        return Outcome::Off;
    if (won)
        return Outcome::Taken;
    return rule.evaluated ? Outcome::Passed : Outcome::NotAsked;
}

/// With the one threshold that counted where there is one per style.
Compare countedOf(const TraceCompare& compare)
{
    Compare counted = compare.compare;
    if (compare.limit)
        counted.value = *compare.limit;
    return counted;
}

/// The comparison in one piece, "complexity ≥ 7".
QString wordsOf(const TraceCompare& compare)
{
    const Compare counted = countedOf(compare);
    const bool* const yes = std::get_if<bool>(&counted.value);
    if (yes && (counted.op == CompareOp::Eq || counted.op == CompareOp::Ne))
        return TraceModel::tr("%1 is %2", "comparison: signal, yes or no")
            .arg(PolicyWords::text(counted.signal.value),
                 PolicyWords::scalar((counted.op == CompareOp::Eq) == *yes));
    QString words = PolicyWords::compare(counted);
    return compare.limit ? TraceModel::tr("%1 for this style", "comparison").arg(words) : words;
}

/// What a comparison asks of the value, "at most 280".
QString askedBy(const Compare& compare)
{
    if (const bool* const yes = std::get_if<bool>(&compare.value);
        yes && compare.op != CompareOp::Exists)
        return PolicyWords::scalar((compare.op == CompareOp::Eq) == *yes);
    QString value = PolicyWords::value(compare.value);
    switch (compare.op) {
    case CompareOp::Eq:
        return value;
    case CompareOp::Ne:
        return TraceModel::tr("not %1", "what a condition asks for: a value").arg(value);
    case CompareOp::Lt:
        return TraceModel::tr("less than %1").arg(value);
    case CompareOp::Lte:
        return TraceModel::tr("at most %1").arg(value);
    case CompareOp::Gt:
        return TraceModel::tr("more than %1").arg(value);
    case CompareOp::Gte:
        return TraceModel::tr("at least %1").arg(value);
    case CompareOp::In:
        return TraceModel::tr("one of %1", "what a condition asks for: values").arg(value);
    case CompareOp::Contains:
    case CompareOp::Prefix:
    case CompareOp::Suffix:
    case CompareOp::Matches:
        return TraceModel::tr("%1 %2", "what a condition asks for: contains, text")
            .arg(PolicyWords::op(compare.op), value);
    case CompareOp::Exists:
        return TraceModel::tr("any value", "what a condition asks for");
    }
    return value;
}

/// The value of the request with what it counts, "412 characters".
QString sawWords(const PolicyDocument& document, const SignalId& id, const SignalValue& saw)
{
    const QString words = PolicyWords::seen(saw);
    const Signal* const signal = document.findSignal(id);
    const auto* const source = signal ? std::get_if<MeasureSource>(&signal->source) : nullptr;
    const auto* const number = std::get_if<double>(&saw);
    return source && number ? PolicyWords::measured(source->measure, *number) : words;
}

void addCompare(Node& parent, const PolicyDocument& document, const TraceCompare& compare,
                bool isAsked)
{
    const SignalId& signal = compare.compare.signal;
    Node& node =
        parent.add(PolicyWords::text(signal.value), sawWords(document, signal, compare.saw),
                   outcomeOf(compare.holds, isAsked), compare.path);
    const QString asked = askedBy(countedOf(compare));
    node.asked = compare.limit
                     ? TraceModel::tr("%1 for this style", "what a condition asks for").arg(asked)
                     : asked;
}

/// "needs at most 280"; of a row that asks for nothing itself, nothing.
QString detailOf(const Node& node)
{
    return node.asked.isEmpty() ? QString()
                                : TraceModel::tr("needs %1", "a condition").arg(node.asked);
}

/// What lies within its margin a rule takes before it is asked for anything else.
void addMargin(Node& parent, const Uncertain& uncertain, bool isWithin, bool isAsked)
{
    parent.add(isWithin ? TraceModel::tr("%1, so it goes there", "margin of a rule")
                              .arg(PolicyWords::margin(uncertain))
                        : PolicyWords::margin(uncertain),
               {}, outcomeOf(isWithin, isAsked), parent.path + ".uncertain");
}

/// All of a row in one line: "length, it was 412 characters, needs at most 280, not held".
QString spokenOf(const Node& node)
{
    QStringList words{node.step};
    if (!node.saw.isEmpty())
        words << TraceModel::tr("it was %1").arg(node.saw);
    if (!node.asked.isEmpty())
        words << detailOf(node);
    if (node.outcome)
        words << resultWords(*node.outcome);
    if (!node.result.isEmpty())
        words << node.result;
    return words.join(TraceModel::tr(", "));
}

void addScores(Node& root, const PolicyDocument& document, const Trace& trace)
{
    for (const TraceScore& score : trace.scores) {
        Node& node = root.add(TraceModel::tr("How %1 was counted", "a score")
                                  .arg(PolicyWords::text(score.signal.value)),
                              PolicyWords::number(score.value), std::nullopt,
                              "signals[" + score.signal.value + ']');
        node.add(TraceModel::tr("starts at"), PolicyWords::number(score.base), std::nullopt,
                 node.path);
        for (const TraceScore::Term& term : score.terms) {
            QStringList when;
            QStringList saw;
            for (const TraceCompare& compare : term.compares) {
                when << wordsOf(compare);
                saw << sawWords(document, compare.compare.signal, compare.saw);
            }
            const QString sign = term.add < 0 ? QStringLiteral("−") : QStringLiteral("+");
            const QString amount = sign + PolicyWords::number(std::abs(term.add));
            Node& row = node.add(TraceModel::tr("%1 if %2", "score term: amount, condition")
                                     .arg(amount, when.join(TraceModel::tr(", "))),
                                 saw.join(TraceModel::tr(", ")),
                                 term.holds ? Outcome::Holds : Outcome::Fails, node.path);
            // What it adds is what a reader sums up.
            row.result = term.holds ? amount : QStringLiteral("+") + PolicyWords::number(0);
        }
    }
}

} // namespace

TraceModel::TraceModel(QObject* parent)
    : QAbstractItemModel(parent), m_root(std::make_unique<Node>())
{}

TraceModel::~TraceModel() = default;

void TraceModel::clear()
{
    beginResetModel();
    m_root = std::make_unique<Node>();
    endResetModel();
}

void TraceModel::setTrace(const PolicyDocument& document, const Trace& trace)
{
    beginResetModel();
    m_root = std::make_unique<Node>();
    const int won = trace.decision.rule;
    if (document.holdout) {
        const double place = static_cast<double>(trace.holdoutBucket) / 4294967296.0;
        m_root->add(tr("Holdout, %1").arg(PolicyWords::holdout(*document.holdout)),
                    PolicyWords::share(place),
                    trace.holdoutDrawn ? Outcome::Taken : Outcome::Passed, "holdout");
    }
    for (std::size_t i = 0; i < trace.rules.size(); ++i) {
        const TraceRule& rule = trace.rules[i];
        const Rule* const known = document.findRule(rule.id);
        Node& node = m_root->add(
            known ? PolicyWords::rule(*known) : PolicyWords::text(rule.id.value), {},
            outcomeOf(rule, won == static_cast<int>(i)), "rules[" + rule.id.value + ']');
        const bool isAsked = rule.enabled && rule.evaluated;
        for (const TraceCompare& compare : rule.compares)
            addCompare(node, document, compare, isAsked);
        if (known && known->uncertain)
            addMargin(node, *known->uncertain, rule.isUncertain, isAsked);
    }
    m_root->add(tr("Otherwise"), {},
                won == Decision::kOtherwise ? Outcome::Taken : Outcome::NotAsked, "otherwise");
    addScores(*m_root, document, trace);
    endResetModel();
}

QModelIndex TraceModel::takenIndex() const
{
    for (std::size_t i = 0; i < m_root->children.size(); ++i) {
        if (m_root->children[i]->outcome == Outcome::Taken)
            return createIndex(static_cast<int>(i), 0, m_root->children[i].get());
    }
    return {};
}

QModelIndex TraceModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const Node* const node =
        parent.isValid() ? static_cast<Node*>(parent.internalPointer()) : m_root.get();
    return createIndex(row, column, node->children[static_cast<std::size_t>(row)].get());
}

QModelIndex TraceModel::parent(const QModelIndex& child) const
{
    if (!child.isValid())
        return {};
    const Node* const parent = static_cast<Node*>(child.internalPointer())->parent;
    if (!parent || parent == m_root.get())
        return {};
    const auto& siblings = parent->parent->children;
    const auto found = std::find_if(siblings.begin(), siblings.end(),
                                    [&](const auto& each) { return each.get() == parent; });
    return createIndex(static_cast<int>(found - siblings.begin()), 0, parent);
}

int TraceModel::rowCount(const QModelIndex& parent) const
{
    if (parent.column() > 0)
        return 0;
    const Node* const node =
        parent.isValid() ? static_cast<Node*>(parent.internalPointer()) : m_root.get();
    return static_cast<int>(node->children.size());
}

int TraceModel::columnCount(const QModelIndex& /*parent*/) const
{
    return ColumnCount;
}

QVariant TraceModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Node& node = *static_cast<Node*>(index.internalPointer());
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Step:
            return node.step;
        case Saw:
            return node.saw;
        case Asked:
            return node.asked;
        default:
            return !node.result.isEmpty() ? node.result
                   : node.outcome         ? resultWords(*node.outcome)
                                          : QString();
        }
    case Qt::ToolTipRole:
        return plainToolTip(spokenOf(node));
    case Qt::AccessibleTextRole:
        return index.column() == Step ? QVariant(spokenOf(node)) : QVariant();
    case DetailRole:
        return detailOf(node);
    case OutcomeRole:
        return node.outcome ? QVariant(static_cast<int>(*node.outcome)) : QVariant();
    case PathRole:
        return QString::fromStdString(node.path);
    default:
        return {};
    }
}

QVariant TraceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Step:
        return tr("Condition");
    case Saw:
        return tr("It was", "the value that a condition saw");
    case Asked:
        return tr("Asked");
    case Result:
        return tr("Result");
    default:
        return {};
    }
}

} // namespace signalbox::ui
