// SPDX-License-Identifier: GPL-3.0-or-later
#include "threshold_panel.h"

#include "policy_paths.h"
#include "policy_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/histogram_view.h>
#include <ui/kit/model_look.h>
#include <ui/kit/theme.h>

#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace signalbox::ui {
namespace {

constexpr std::size_t kNearestPerSide = 2;

struct StyleLine
{
    const char* id;
    double ByStyle::* member;
};
constexpr StyleLine kStyleLines[] = {{"concise", &ByStyle::concise},
                                     {"balanced", &ByStyle::balanced},
                                     {"detailed", &ByStyle::detailed}};
constexpr auto kSingleLine = "value";

bool ordersNumbers(const PolicyDocument& document, const Condition& condition)
{
    const auto* const compare = std::get_if<Compare>(&condition.node);
    if (!compare)
        return false;
    const bool orders = compare->op == CompareOp::Lt || compare->op == CompareOp::Lte ||
                        compare->op == CompareOp::Gt || compare->op == CompareOp::Gte;
    const bool numeric = std::holds_alternative<double>(compare->value) ||
                         std::holds_alternative<ByStyle>(compare->value);
    const Signal* const signal = document.findSignal(compare->signal);
    return orders && numeric && signal && valueTypeOf(*signal) == ValueType::Number;
}

std::optional<std::string> firstThreshold(const PolicyDocument& document,
                                          const Condition& condition, const std::string& path)
{
    if (ordersNumbers(document, condition))
        return path;
    if (const auto* const negation = std::get_if<Not>(&condition.node))
        return firstThreshold(document, *negation->condition, childPath(condition, path, 0));
    const auto* const all = std::get_if<All>(&condition.node);
    const auto* const any = std::get_if<Any>(&condition.node);
    if (!all && !any)
        return std::nullopt;
    const auto& children = all ? all->conditions : any->conditions;
    for (std::size_t i = 0; i < children.size(); ++i) {
        if (auto found = firstThreshold(document, children[i], childPath(condition, path, i)))
            return found;
    }
    return std::nullopt;
}

/// A number for each request, the same for those whose message to answer is the same.
std::vector<std::uint32_t> messageNumbers(const Traffic& traffic)
{
    std::unordered_map<std::string_view, std::uint32_t> known;
    std::vector<std::uint32_t> numbers;
    numbers.reserve(traffic.rowCount());
    for (std::size_t row = 0; row < traffic.rowCount(); ++row) {
        const auto next = static_cast<std::uint32_t>(known.size());
        numbers.push_back(known.emplace(traffic.lastUserMessage(row), next).first->second);
    }
    return numbers;
}

/// Whether a comparison stands below an odd number of "not".
bool isNegatedAt(const std::string& path)
{
    const std::vector<PathStep> steps = splitPath(path);
    return std::ranges::count(steps, "not", &PathStep::member) % 2 == 1;
}

/// Whether nothing else has a say in the rule.
bool isAlone(const Condition& root)
{
    const auto* const negation = std::get_if<Not>(&root.node);
    return negation ? isAlone(*negation->condition) : std::holds_alternative<Compare>(root.node);
}

/// The document as far as it decides what reaches a rule.
PolicyDocument above(const PolicyDocument& document, const RuleId& rule)
{
    PolicyDocument part;
    part.signalList = document.signalList;
    part.models = document.models;
    part.baseline = document.baseline;
    part.otherwise = document.otherwise;
    part.holdout = document.holdout;
    part.decideBy = document.decideBy;
    part.answerStyle = document.answerStyle;
    for (const Rule& each : document.rules) {
        if (each.id == rule)
            break;
        part.rules.push_back(each);
    }
    return part;
}

QString unitOf(const Signal& signal)
{
    const auto* const source = std::get_if<MeasureSource>(&signal.source);
    return source ? PolicyWords::measure(source->measure) : QString();
}

} // namespace

ThresholdPanel::ThresholdPanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_workbench(workbench)
{
    setObjectName(QStringLiteral("thresholdPanel"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    m_histogram = new HistogramView;
    m_histogram->setObjectName(QStringLiteral("thresholdHistogram"));
    m_empty = new TextLabel(tr("Open traffic to see how its requests spread over this signal."),
                            TextRole::Small);
    m_empty->setMuted(true);
    m_empty->setWordWrap(true);
    m_counted = new TextLabel({}, TextRole::Caption);
    m_counted->setObjectName(QStringLiteral("countedRequests"));
    m_counted->setMuted(true);
    m_counted->setWordWrap(true);
    m_near = new TextLabel({}, TextRole::Caption);
    m_near->setObjectName(QStringLiteral("marginRequests"));
    m_near->setMuted(true);
    m_near->setWordWrap(true);
    m_nearestTitle = new TextLabel({}, TextRole::Caption);
    m_nearestTitle->setMuted(true);
    m_nearest = new RequestList(tr("Requests nearest to the threshold"));
    m_nearest->setObjectName(QStringLiteral("nearestRequests"));
    for (QWidget* const part :
         {static_cast<QWidget*>(m_histogram), static_cast<QWidget*>(m_empty),
          static_cast<QWidget*>(m_counted), static_cast<QWidget*>(m_near),
          static_cast<QWidget*>(m_nearestTitle), static_cast<QWidget*>(m_nearest)})
        layout->addWidget(part);
    connect(m_nearest, &RequestList::requestChosen, this, &ThresholdPanel::requestChosen);
    connect(m_histogram, &HistogramView::thresholdMoved, this,
            [this](const QString& id, double value) {
                if (const auto edit = editFor(id, value))
                    m_workbench.editor().preview(*edit);
            });
    connect(m_histogram, &HistogramView::thresholdCommitted, this,
            [this](const QString& id, double value) {
                if (const auto edit = editFor(id, value))
                    m_workbench.editor().push(*edit, m_gesture);
            });
    const auto beginGesture = [this] { m_gesture = PolicyEditor::newGesture(); };
    connect(m_histogram, &HistogramView::gestureBegan, this, beginGesture);
    connect(m_histogram, &HistogramView::currentThresholdChanged, this, beginGesture);
    connect(m_histogram, &HistogramView::thresholdCancelled, this,
            [this] { m_workbench.editor().cancelPreview(); });
    // Whatever is done to the policy meanwhile is not done to the line that is being held.
    connect(&workbench.editor(), &PolicyEditor::documentChanged, m_histogram,
            &HistogramView::cancelDrag);
    connect(m_histogram, &HistogramView::currentThresholdChanged, this,
            &ThresholdPanel::showNearest);
    connect(m_histogram, &HistogramView::currentThresholdChanged, this, &ThresholdPanel::showCosts);
    connect(&workbench, &Workbench::projectionChanged, this, &ThresholdPanel::showCosts);
    const auto showAgain = [this] {
        if (const Rule* const rule = m_workbench.editor().shownDocument().findRule(m_rule);
            rule && isVisible())
            show(m_workbench.editor().shownDocument(), *rule, m_path);
    };
    connect(&workbench, &Workbench::trafficChanged, this, showAgain);
    connect(&workbench, &Workbench::stylesChanged, this, showAgain);
}

ThresholdPanel::~ThresholdPanel() = default;

std::optional<std::string> ThresholdPanel::thresholdPath(const PolicyDocument& document,
                                                         const Condition& root,
                                                         const std::string& path)
{
    const Condition* const chosen = conditionAt(root, path);
    if (chosen && ordersNumbers(document, *chosen))
        return path;
    return firstThreshold(document, root, {});
}

void ThresholdPanel::showNothing()
{
    m_rule = {};
    setVisible(false);
}

void ThresholdPanel::show(const PolicyDocument& document, const Rule& rule, const std::string& path)
{
    const auto threshold = thresholdPath(document, rule.when, path);
    if (!threshold) {
        showNothing();
        return;
    }
    if (m_rule != rule.id || m_path != *threshold)
        m_gesture = PolicyEditor::newGesture();
    m_rule = rule.id;
    m_path = *threshold;
    const Compare& compare = std::get<Compare>(conditionAt(rule.when, m_path)->node);
    loadValues(document, rule, compare.signal);
    showCounted(rule.enabled);
    showThresholds(rule, compare);
    showNearest();
    showCosts();
    setVisible(true);
}

void ThresholdPanel::loadValues(const PolicyDocument& document, const Rule& rule,
                                const SignalId& signal)
{
    // A rule that is dragged past others is counted anew where it is let go: to ask who reaches it
    // takes longer than a frame.
    const bool isKept = m_workbench.editor().isPreviewing() && m_countedFor == rule.id;
    if (isKept && m_signal == signal && m_traffic == m_workbench.traffic())
        return;
    m_countedFor = rule.id;
    PolicyDocument part = above(document, rule.id);
    if (m_signal == signal && m_above == part && m_traffic == m_workbench.traffic() && m_traffic &&
        m_styles == m_workbench.styles())
        return;
    m_signal = signal;
    m_traffic = m_workbench.traffic();
    m_styles = m_workbench.styles();
    const std::vector<double> values = m_workbench.signalValues(signal);
    const auto reaching = m_workbench.requestsReaching(part, part.rules.size());
    m_above = std::move(part);
    m_reachingIsKnown = reaching.has_value();
    m_reaching = reaching ? static_cast<std::size_t>(std::ranges::count(*reaching, true)) : 0;
    if (m_traffic && std::exchange(m_messagesOf, m_traffic) != m_traffic)
        m_messages = messageNumbers(*m_traffic);
    std::vector<double> counted;
    m_sorted.clear();
    for (std::size_t row = 0; row < values.size(); ++row) {
        if (reaching && !reaching->at(row))
            continue;
        counted.push_back(values[row]);
        if (std::isfinite(values[row]))
            m_sorted.push_back({values[row], m_messages[row], static_cast<std::uint32_t>(row)});
    }
    std::sort(m_sorted.begin(), m_sorted.end());
    m_histogram->setVisible(!counted.empty());
    m_empty->setText(values.empty()
                         ? tr("Open traffic to see how its requests spread over this signal.")
                         : tr("No request reaches this rule: those above take all of them."));
    m_empty->setVisible(counted.empty());
    const QString unit = unitOf(*document.findSignal(signal));
    const QString name = PolicyWords::text(signal.value);
    m_histogram->setSignal(name, unit.isEmpty() ? name : unit);
    m_nearest->setHeads(unit.isEmpty() ? name : tr("%1 (%2)", "signal, its unit").arg(name, unit),
                        tr("Requests"));
    m_histogram->setValues(std::move(counted));
}

/// What each side of the line costs under the policy that is shown. While a line moves, the costs
/// stay until those of its new place arrive; they are never those of another line.
void ThresholdPanel::showCosts()
{
    const auto& projection = m_workbench.projection();
    const int current = m_histogram->currentThreshold();
    if (!projection || !projection->costOfRow || current < 0 || m_traffic != m_workbench.traffic())
        return m_histogram->setSideNotes({}, {});
    const auto before = std::exchange(m_costsOf, {m_rule, m_path, current});
    const bool isSameLine = before == m_costsOf;
    if (!m_workbench.projectionIsOfShown()) {
        if (!isSameLine)
            m_histogram->setSideNotes({}, {});
        return;
    }
    const Threshold& line = m_histogram->thresholds()[static_cast<std::size_t>(current)];
    double left = 0;
    double right = 0;
    for (const Counted& each : m_sorted) {
        const bool isRight =
            line.rightIncludesEqual ? each.value >= line.value : each.value > line.value;
        (isRight ? right : left) += (*projection->costOfRow)[each.row];
    }
    const auto words = [](double usd) {
        return std::isnan(usd) ? tr("cost unknown") : format::money(usd);
    };
    m_histogram->setSideNotes(words(left), words(right));
}

/// Says whom the numbers are of.
void ThresholdPanel::showCounted(bool isRuleOn)
{
    m_counted->setVisible(!m_sorted.empty());
    if (m_sorted.empty())
        return;
    const auto number = [](std::size_t count) { return format::count(static_cast<qint64>(count)); };
    const QString all = number(m_traffic->rowCount());
    const QString counted =
        !m_reachingIsKnown
            ? tr("Counted are all %1 requests, also those that rules above take.").arg(all)
        : m_reaching == m_traffic->rowCount()
            ? tr("Reaching this rule: all %1 requests; their costs are added up.").arg(all)
            : tr("Reaching this rule: %1 of %2 requests; their costs are added up.")
                  .arg(number(m_reaching), all);
    m_counted->setText(isRuleOn
                           ? counted
                           : tr("The rule is switched off and takes no requests; this is what its "
                                "threshold would do.") +
                                 QLatin1Char(' ') + counted);
}

void ThresholdPanel::showThresholds(const Rule& rule, const Compare& compare)
{
    const bool rightIncludesEqual = compare.op == CompareOp::Gte || compare.op == CompareOp::Lt;
    std::vector<Threshold> lines;
    if (const auto* const byStyle = std::get_if<ByStyle>(&compare.value)) {
        for (const StyleLine& line : kStyleLines)
            lines.push_back({QLatin1String(line.id), QLatin1String(line.id), byStyle->*line.member,
                             rightIncludesEqual});
    } else {
        lines.push_back({QString::fromLatin1(kSingleLine), QString(),
                         std::get<double>(compare.value), rightIncludesEqual});
    }
    if (lines != m_histogram->thresholds())
        m_histogram->setThresholds(lines);
    // Alone a comparison decides the rule; among others it only holds or not.
    const bool alone = isAlone(rule.when);
    const QString holds = alone ? tr("this rule") : tr("holds");
    const QString fails = alone ? tr("next rule") : tr("does not hold");
    const bool isUpward = compare.op == CompareOp::Gte || compare.op == CompareOp::Gt;
    const bool rightHolds = isUpward != isNegatedAt(m_path);
    m_histogram->setSides(rightHolds ? fails : holds, rightHolds ? holds : fails,
                          rightHolds ? HistogramView::Side::Right : HistogramView::Side::Left);
    const std::vector<ModelSpec>& models = m_workbench.editor().document().models;
    const auto model = std::ranges::find(models, tierOf(rule.plan), &ModelSpec::id);
    m_histogram->setHoldingColor(alone && model != models.end()
                                     ? lookFor(static_cast<int>(model - models.begin())).color
                                     : QColor());
    showMargin(rule, compare, lines);
}

/// How many requests lie so near that the rule's margin claims them, whatever the line says.
void ThresholdPanel::showMargin(const Rule& rule, const Compare& compare,
                                const std::vector<Threshold>& lines)
{
    const bool hasMargin = rule.uncertain && rule.uncertain->signal == compare.signal;
    m_histogram->setMargin(hasMargin ? rule.uncertain->margin : 0);
    m_near->setVisible(hasMargin && lines.size() == 1 && !m_sorted.empty());
    if (m_near->isHidden())
        return;
    const double low = lines.front().value - rule.uncertain->margin;
    const double high = lines.front().value + rule.uncertain->margin;
    const bool lowBelongs = lines.front().rightIncludesEqual; // and then high does not
    const auto below = [&](double limit) {
        const auto end = lowBelongs
                             ? std::ranges::lower_bound(m_sorted, limit, {}, &Counted::value)
                             : std::ranges::upper_bound(m_sorted, limit, {}, &Counted::value);
        return static_cast<std::size_t>(end - m_sorted.begin());
    };
    const std::size_t count = below(high) - below(low);
    m_near->setText(
        tr("In the margin, between the dashed lines: %1 (%2) → %3", "count, share, model")
            .arg(format::count(static_cast<qint64>(count)),
                 format::percent(static_cast<double>(count) / static_cast<double>(m_sorted.size()),
                                 1),
                 PolicyWords::text(tierOf(rule.uncertain->plan).value)));
}

/// One line a message and side, nearest outwards, in the order of the values. Traffic asks the same
/// thing many times over: a message stands for all the requests that have it and the same value.
std::vector<RequestList::Line> ThresholdPanel::nearestLines(std::size_t split) const
{
    // All with its value and its message: one line, however many they are.
    const auto group = [&](std::size_t index) {
        const Counted& one = m_sorted[index];
        const auto key = [](const Counted& each) { return std::pair(each.value, each.message); };
        return std::ranges::equal_range(m_sorted, std::pair(one.value, one.message), {}, key);
    };
    std::vector<std::size_t> chosen; // indices into m_sorted
    const auto take = [&](std::size_t index, std::vector<std::uint32_t>& seen) {
        if (std::ranges::count(seen, m_sorted[index].message) > 0)
            return;
        seen.push_back(m_sorted[index].message);
        chosen.push_back(index);
    };
    const auto placeOf = [this](auto iterator) {
        return static_cast<std::size_t>(iterator - m_sorted.begin());
    };
    std::vector<std::uint32_t> left;
    for (std::size_t i = split; i > 0 && left.size() < kNearestPerSide;) {
        take(i - 1, left);
        i = placeOf(group(i - 1).begin());
    }
    std::ranges::reverse(chosen);
    std::vector<std::uint32_t> right;
    for (std::size_t i = split; i < m_sorted.size() && right.size() < kNearestPerSide;) {
        take(i, right);
        i = placeOf(group(i).end());
    }

    std::vector<RequestList::Line> lines;
    for (const std::size_t index : chosen) {
        const Counted& one = m_sorted[index];
        lines.push_back({one.row, PolicyWords::number(one.value),
                         format::count(static_cast<qint64>(group(index).size()))});
    }
    return lines;
}

void ThresholdPanel::showNearest()
{
    const auto& thresholds = m_histogram->thresholds();
    const int current = std::max(0, m_histogram->currentThreshold());
    std::vector<RequestList::Line> lines;
    if (!m_sorted.empty() && !thresholds.empty()) {
        const double at = thresholds[static_cast<std::size_t>(current)].value;
        const bool rightIncludesEqual =
            thresholds[static_cast<std::size_t>(current)].rightIncludesEqual;
        const auto split =
            std::partition_point(m_sorted.begin(), m_sorted.end(), [&](const auto& entry) {
                return rightIncludesEqual ? entry.value < at : entry.value <= at;
            });
        lines = nearestLines(static_cast<std::size_t>(split - m_sorted.begin()));
    }
    m_nearestTitle->setVisible(!lines.empty());
    m_nearest->setVisible(!lines.empty());
    if (lines.empty())
        return;
    m_nearestTitle->setText(tr("Nearest to the line"));
    m_nearest->setLines(*m_traffic, lines);
}

std::optional<Edit> ThresholdPanel::editFor(const QString& id, double value) const
{
    const Rule* const rule = m_workbench.editor().document().findRule(m_rule);
    if (!rule)
        return std::nullopt;
    Rule changed = *rule;
    Condition* const condition = conditionAt(changed.when, m_path);
    auto* const compare = condition ? std::get_if<Compare>(&condition->node) : nullptr;
    if (!compare)
        return std::nullopt;
    if (auto* const byStyle = std::get_if<ByStyle>(&compare->value)) {
        for (const StyleLine& line : kStyleLines) {
            if (id == QLatin1String(line.id))
                byStyle->*line.member = value;
        }
    } else {
        compare->value = value;
    }
    return ReplaceRule{rule->id, std::move(changed)};
}

} // namespace signalbox::ui
