// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_words.h"

#include <core/projection/projection.h>
#include <ui/models/policy_editor.h>

#include <QPointF>
#include <QRectF>
#include <QString>
#include <QStringList>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace signalbox::ui {

// The flow canvas as plain numbers: where everything is, what it says and how wide its edges are.
// The scene draws these structs and nothing else, hit-testing and keyboard navigation are functions
// over them, and tests read them without a window. Coordinates are scene pixels at 100 % zoom.

/// What a rule's margin claimed: see Rule::uncertain.
struct MarginTraffic
{
    double share = 0;                     ///< of all requests
    double costShare = 0;                 ///< of the whole bill; NaN if unknown
    std::map<std::string, double> served; ///< share of all requests, by model
};

/// What a projection says about one lane, by name instead of by index: it may be a moment older
/// than the document that is drawn.
struct LaneTraffic
{
    std::size_t requests = 0;
    double share = 0;                     ///< of all requests
    double costShare = 0;                 ///< of the whole bill; NaN if unknown
    double seamLoss = 0;                  ///< part of 1 - consistency
    std::map<std::string, double> served; ///< share of all requests, by model
    /// Of those, what the rule's margin claimed; only where the rule has one.
    std::optional<MarginTraffic> margin = {};
    [[nodiscard]] bool isSameAs(const LaneTraffic& other) const; ///< also where both know nothing
};

struct FlowTraffic
{
    std::size_t requests = 0; ///< 0: nothing is known
    std::size_t conversations = 0;
    bool synthetic = false;
    std::map<std::string, LaneTraffic> rules;
    std::optional<LaneTraffic> otherwise;
    std::optional<LaneTraffic> holdout;
    std::map<std::string, double> servedShare; ///< by model
    std::map<std::string, double> spendShare;  ///< by model; NaN if unknown
};

/// @param document  the one that `projection` was made from
[[nodiscard]] FlowTraffic flowTrafficOf(const PolicyDocument& document,
                                        const Projection& projection);

enum class FlowText { Label, Body, Chip, Small };

/// How wide a part of the flow may be.
struct FlowSpan
{
    qreal least = 0; ///< at 100 % in a small window; more if its numbers need it
    qreal most = 0;  ///< in a window with room to spare
};

/// Widths of texts and the fixed measures. The standard ones come from the theme's fonts.
struct FlowMetrics
{
    std::function<qreal(FlowText, const QString&)> textWidth;

    FlowSpan source{96, 124};
    FlowSpan trunk{88, 128};
    FlowSpan head{180, 320};
    FlowSpan plan{168, 300};
    FlowSpan edge{60, 220};
    FlowSpan station{136, 212};
    FlowSpan laneGap{20, 36};
    qreal padding = 12;
    qreal planGap = 12;
    qreal stationHeight = 112;
    qreal stationGap = 12; ///< at least, between two models
    qreal titleHeight = 24;
    qreal chipHeight = 24;
    qreal chipGap = 4;
    qreal statsHeight = 16;
    qreal checkHeight = 20;     ///< of what a cascade holds answers against, in one line
    qreal checkLineHeight = 16; ///< of each further line of it
    qreal leadHeight = 20;      ///< of the words above a step
    qreal headingHeight = 24;   ///< of a group of rules
    qreal rowGap = 6;
    qreal pillHeight = 28;
    qreal pillDetailHeight = 44; ///< of a call with budgets below its name
    qreal captionHeight = 24;    ///< as a title beside it
    qreal ribbon = 52;           ///< width of an edge that carries all traffic, if all lanes fit
    qreal arrivalGap = 8;        ///< between edges that reach the same model, if they fit
    qreal thinnest = 1.5;
    int chipLines = 3;

    [[nodiscard]] static FlowMetrics standard();
};

/// A chip, or a word between chips.
struct FlowChip
{
    QRectF rect;
    ConditionChip::Kind kind = ConditionChip::Kind::Compare;
    QString text;
    std::string path;      ///< inside the rule's condition
    bool isMargin = false; ///< it is the rule's margin instead
    bool operator==(const FlowChip&) const = default;
};

/// One node of a plan. A call is a pill with a port at its right; all else is a caption with its
/// parts below. What a cascade holds answers against is a row of its own below its caption.
struct FlowNode
{
    enum class Kind { Call, Chain, Split, Cascade, Pool, Check };
    Kind kind = Kind::Call;
    QRectF rect;  ///< with all its parts
    QRectF pill;  ///< the call, or the caption row
    QRectF badge; ///< in front of it: the step's number or the arm's share; null if none
    QString badgeText;
    QRectF lead; ///< above it: when it is asked; null if none
    QString leadText;
    QString title;
    QStringList titleLines; ///< of a check: its title, broken where the row ends
    QString detail;
    QString hint;               ///< what there is no room for, e.g. how a call asks otherwise
    std::string path;           ///< inside its root plan; a check has its cascade's
    bool isOfMargin = false;    ///< in the plan of the rule's margin
    ModelId model;              ///< of a call, or the one that checks
    bool asksOtherwise = false; ///< a call with overrides
    bool fallback = false;      ///< asked only if an earlier step fails or is rejected
    double share = 0;           ///< of all requests, served by this call
    QString shareText;          ///< empty for nothing to say
    bool operator==(const FlowNode&) const = default;
    qreal portX = 0; ///< the lane's right border
    /// Where its edge leaves the lane.
    [[nodiscard]] QPointF port() const { return {portX, pill.center().y()}; }
    [[nodiscard]] bool hasEdge() const
    {
        return kind == Kind::Call || (kind == Kind::Check && !model.isEmpty());
    }
    /// Unlike any other node's of the lane.
    [[nodiscard]] std::string key() const
    {
        return (isOfMargin ? "margin/" : "") + path + (kind == Kind::Check ? "/check" : "");
    }
};

struct FlowLane
{
    enum class Kind { Holdout, Rule, Otherwise };
    Kind kind = Kind::Rule;
    std::string id; ///< of the rule
    bool enabled = true;
    QRectF rect;
    QRectF grip;   ///< null unless a rule
    QRectF toggle; ///< null unless a rule
    QRectF label;
    QRectF stats; ///< null if unknown
    QRectF loss;  ///< null if nothing is lost
    QRectF plan;
    QRectF margin;      ///< what the rule does with those it can hardly tell apart; null if nothing
    QRectF marginStats; ///< null if unknown
    QString marginStatsText; ///< as statsText, of those that the margin claimed
    QString labelText;
    QString statsText; ///< "41.0 % of requests · 12.3 % of cost"
    QString lossText;  ///< "3.1 points of consistency lost"
    std::vector<FlowChip> chips;
    std::vector<FlowNode> nodes; ///< pre-order; the first one is the root, the margin's come last
    double share = 0;
    bool operator==(const FlowLane&) const = default;
    [[nodiscard]] PolicySelection selection() const;
    [[nodiscard]] PolicySelection selectionOf(const FlowNode& node) const;
    [[nodiscard]] PolicySelection selectionOf(const FlowChip& chip) const;
};

/// A model at the right.
struct FlowStation
{
    ModelId id;
    int model = -1; ///< index in the document; -1: a plan names it, but there is no such model
    QRectF rect;
    QString title;
    QString price;     ///< "$30 in, $60 out"
    QString priceUnit; ///< "per 1M tokens"; empty without a price
    bool baseline = false;
    QString shareText; ///< "26.1 % of requests"; empty if unknown
    QString spendText; ///< "90.9 % of cost"; empty if unknown
    bool operator==(const FlowStation&) const = default;
};

struct FlowEdge
{
    enum class Kind {
        Intake,   ///< requests to lane
        Serve,    ///< call to model
        Fallback, ///< the same, taken only after a failure or a rejection
        Verify,   ///< a check to the model that it asks
    };
    Kind kind = Kind::Intake;
    int lane = 0;  ///< index into lanes
    int node = -1; ///< index into the lane's nodes
    int station = -1;
    QPointF from;
    QPointF to;
    double share = 0;
    qreal width = 0; ///< its height, the same from end to end: the share in the flow's scale
    bool operator==(const FlowEdge&) const = default;
};

/// The room between two lanes: where a new rule goes, and where a dragged one is dropped.
struct FlowGap
{
    std::size_t index = 0; ///< a rule inserted here gets this index
    QRectF rect;
    bool operator==(const FlowGap&) const = default;
    [[nodiscard]] QPointF plus() const { return {rect.left() + 16, rect.center().y()}; }
    /// What of it is to be clicked: the plus with a margin, not all the way between the lanes.
    [[nodiscard]] QRectF target() const
    {
        return QRectF(plus() - QPointF(16, 16), QSizeF(32, 32)) & rect;
    }
};

/// The heading over rules that belong together and stand below each other.
struct FlowHeading
{
    std::size_t group = 0; ///< index in the document
    int firstLane = 0;
    int lastLane = 0;
    QRectF rect;
    QString text;
    bool operator==(const FlowHeading&) const = default;
};

struct FlowLayout
{
    QRectF bounds;
    QRectF source;
    QString sourceTitle;
    QString sourceDetail;
    bool synthetic = false;
    std::vector<FlowLane> lanes; ///< holdout, rules, otherwise
    std::vector<FlowStation> stations;
    std::vector<FlowEdge> edges;
    std::vector<FlowGap> gaps;
    std::vector<FlowHeading> headings;
    bool operator==(const FlowLayout&) const = default;

    [[nodiscard]] int laneIndexOf(const PolicySelection& selection) const; ///< -1 if in none
    [[nodiscard]] int laneIndexOf(const RuleId& rule) const;
    [[nodiscard]] int stationIndexOf(const ModelId& model) const;
    /// The first heading of the selected group, or the one right above a lane; null if none.
    [[nodiscard]] const FlowHeading* headingOf(const PolicySelection& selection) const;
    [[nodiscard]] const FlowHeading* headingAbove(int lane) const;
    /// Where a selection is drawn; null if nowhere.
    [[nodiscard]] QRectF rectOf(const PolicySelection& selection) const;
};

/// The widths of a flow's parts.
struct FlowColumns
{
    qreal source = 0;
    qreal trunk = 0;
    qreal head = 0;
    qreal plan = 0;
    qreal edge = 0;
    qreal station = 0;
    qreal loneCallIndent = 0; ///< inside the plan, of one that is a single call
    bool operator==(const FlowColumns&) const = default;
    [[nodiscard]] qreal total() const { return source + trunk + head + plan + edge + station; }
};

/// What is kept of one layout for the next: rules that did not change have their words, widths and
/// lane already, and need only be put where they go. A drag lays out hundreds of rules anew with
/// every place that it passes. For one set of metrics; clear() it when words or fonts change.
class FlowMemory
{
public:
    struct Call
    {
        qreal indent = 0; ///< in its plan
        bool isLone = false;
        qreal width = 0; ///< that its words need
    };
    struct Known
    {
        Rule rule;
        std::vector<Call> calls;
        std::vector<ModelId> models; ///< in the order in which its plans name them
        qreal partIndent = 0;        ///< the least of its plans that have parts; 0: none has
        std::optional<LaneTraffic> traffic = {};
        qreal statsWidth = 0;
        bool isFirst = false;              ///< no rule above it is enabled
        std::optional<FlowLane> lane = {}; ///< with its top at 0, in the memory's columns
        quint64 round = 0;                 ///< of the last layout that it was part of
    };

    void clear() { m_rules.clear(); }

private:
    friend class FlowLayouter;

    FlowColumns m_columns; ///< of all lanes
    std::unordered_map<std::string, Known> m_rules;
    quint64 m_round = 0;
};

/// What a flow is laid out into.
struct FlowFrame
{
    /// Scene pixels. Columns and gaps grow into it, each up to its most; where it is too small they
    /// keep their least. Empty: everything at its least.
    QSizeF room;
    /// While something is dragged the models stay where they are: their centres' y by id. Without
    /// effect unless it names all of them.
    std::map<std::string, qreal> heldStations;
};

/// Pure: with a memory it is the same layout sooner. O(size of the document). Models stand in the
/// order of the middle height from which their traffic comes, in the document's order where that is
/// the same, so that few edges cross; at that height if there is room, so that the edge that
/// matters is straight, else at even distances. Edges have one scale, which is smaller than the
/// metrics' only if there are so many lanes that theirs do not fit beside each other on the border
/// of the requests.
[[nodiscard]] FlowLayout layoutFlow(const PolicyDocument& document, const FlowTraffic& traffic,
                                    const FlowMetrics& metrics, const FlowFrame& frame = {},
                                    FlowMemory* memory = nullptr);

} // namespace signalbox::ui
