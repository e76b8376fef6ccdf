// SPDX-License-Identifier: Apache-2.0
#include "cost_chart.h"

#include "number_text.h"
#include "xml_text.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <numbers>
#include <utility>

namespace signalbox {

namespace {

// Plain SVG 1.1 without patterns, filters or style sheets, so that every viewer shows the same.
// Colours and shapes are those of the window: a model looks the same here and there.
constexpr const char* kInk = "#1b1f27"; ///< of words and of the policy, which no model has
constexpr const char* kPaper = "#ffffff";
constexpr const char* kMuted = "#565e6d";
constexpr const char* kAxis = "#9aa1ae";
constexpr const char* kGrid = "#e9ebf0";
constexpr const char* kForbidden = "#f4e2e1";      ///< by one gate
constexpr const char* kForbiddenTwice = "#efd5d3"; ///< by two
constexpr const char* kLimit = "#ac231b";
constexpr const char* kFont = "Inter, 'Helvetica Neue', Arial, sans-serif";
/// Colour-blind-safe, 3:1 on white.
constexpr std::array kModelColours = {"#1d62cc", "#a8480f", "#2a9a74", "#662a8c",
                                      "#938f16", "#6b1f3b", "#56617a", "#cc66b2"};
constexpr double kPolicyRadius = 10.5;
constexpr double kRevisionRadius = 6.5;
constexpr double kModelRadius = 6.5;
constexpr double kFoundRadius = 6;
constexpr double kOlderInk = 0.45; ///< opacity of the oldest revision
constexpr double kNewestInk = 0.8; ///< of the newest of the older ones
constexpr double kAxisRoom = 0.02; ///< consistency under the lowest interval

constexpr double kLeft = 72;
constexpr double kRight = 28;
constexpr double kTop = 92;
constexpr double kBottom = 72;

struct Place
{
    double x = 0;
    double y = 0;
};

struct Box
{
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;
    [[nodiscard]] bool overlaps(const Box& other) const
    {
        return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
};

/// The arithmetic of the axes: USD to x, share of 1 to y.
class Axes
{
public:
    Axes(const std::vector<FrontierPoint>& points, const CostChart& chart)
        : m_width(chart.widthPx), m_height(chart.heightPx)
    {
        double low = std::numeric_limits<double>::infinity();
        double high = 0;
        double lowestConsistency = 1;
        for (const FrontierPoint& point : points) {
            low = std::min(low, point.costPer1k->low);
            high = std::max(high, point.costPer1k->high);
            lowestConsistency = std::min(lowestConsistency, point.consistency->low);
        }
        if (points.empty())
            low = high = 1;
        m_log = low > 0 && high > 10 * low;
        if (m_log) {
            m_low = low / 1.25;
            m_high = high * 1.25;
        } else {
            const double margin = std::max(0.08 * (high - low), 0.02 * high);
            m_low = std::max(0.0, low - margin);
            m_high = std::max(high + margin, m_low + 1e-9);
        }
        m_floor = std::max(0.0, std::floor((lowestConsistency - kAxisRoom) * 10) / 10);
    }

    [[nodiscard]] double left() const { return kLeft; }
    [[nodiscard]] double right() const { return m_width - kRight; }
    [[nodiscard]] double top() const { return kTop; }
    [[nodiscard]] double bottom() const { return m_height - kBottom; }
    [[nodiscard]] bool isLog() const { return m_log; }
    [[nodiscard]] double floor() const { return m_floor; }

    [[nodiscard]] double x(double usd) const
    {
        const double share = m_log ? (std::log(std::max(usd, 1e-12)) - std::log(m_low)) /
                                         (std::log(m_high) - std::log(m_low))
                                   : (usd - m_low) / (m_high - m_low);
        return left() + std::clamp(share, 0.0, 1.0) * (right() - left());
    }
    [[nodiscard]] double y(double consistency) const
    {
        const double share = (consistency - m_floor) / (kCeiling - m_floor);
        return bottom() - std::clamp(share, 0.0, 1.0) * (bottom() - top());
    }
    [[nodiscard]] Place at(const FrontierPoint& point) const
    {
        return {x(point.costPer1k->value), y(point.consistency->value)};
    }

    /// Round amounts inside the axis: 1, 2, 5 per decade when logarithmic.
    [[nodiscard]] std::vector<double> costTicks() const
    {
        std::vector<double> ticks;
        if (m_log) {
            const int first = static_cast<int>(std::floor(std::log10(m_low)));
            const int last = static_cast<int>(std::floor(std::log10(m_high)));
            for (int exponent = first; exponent <= last; ++exponent) {
                for (const double factor : {1.0, 2.0, 5.0}) {
                    const double tick = factor * std::pow(10, exponent);
                    if (tick >= m_low && tick <= m_high)
                        ticks.push_back(tick);
                }
            }
            return ticks;
        }
        const double rough = (m_high - m_low) / 6;
        const double decade = std::pow(10, std::floor(std::log10(rough)));
        const double step = rough / decade > 5   ? 10 * decade
                            : rough / decade > 2 ? 5 * decade
                            : rough / decade > 1 ? 2 * decade
                                                 : decade;
        const auto last = static_cast<int>(std::floor(m_high / step));
        for (auto tick = static_cast<int>(std::ceil(m_low / step)); tick <= last; ++tick)
            ticks.push_back(tick * step);
        return ticks;
    }

private:
    /// A little room above 100, where single models lie, for marks and labels.
    static constexpr double kCeiling = 1.03;
    double m_width;
    double m_height;
    double m_low = 0;
    double m_high = 1;
    double m_floor = 0;
    bool m_log = false;
};

std::string px(double value)
{
    return fixedText(value, 1);
}

std::string tickText(double usd)
{
    const int decimals = usd >= 10 || usd == std::floor(usd) ? 0 : usd >= 0.1 ? 2 : 4;
    std::string text = fixedText(usd, decimals);
    while (decimals > 0 && text.ends_with('0'))
        text.pop_back();
    if (text.ends_with('.'))
        text.pop_back();
    return '$' + text;
}

double distance(Place a, Place b)
{
    return std::hypot(b.x - a.x, b.y - a.y);
}

Place between(Place a, Place b, double share)
{
    return {a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
}

/// Corners of a regular polygon around the origin.
std::vector<Place> polygonOf(int corners, double radius, double startDegrees)
{
    std::vector<Place> places;
    for (int i = 0; i < corners; ++i) {
        const double angle = (startDegrees + 360.0 * i / corners) * std::numbers::pi / 180;
        places.push_back({radius * std::cos(angle), radius * std::sin(angle)});
    }
    return places;
}

/// A plus sign with arms of this half width, turned by `degrees`.
std::vector<Place> plusOf(double reach, double arm, double degrees)
{
    const double angle = degrees * std::numbers::pi / 180;
    std::vector<Place> places;
    for (const Place corner : {Place{-arm, -reach},
                               {arm, -reach},
                               {arm, -arm},
                               {reach, -arm},
                               {reach, arm},
                               {arm, arm},
                               {arm, reach},
                               {-arm, reach},
                               {-arm, arm},
                               {-reach, arm},
                               {-reach, -arm},
                               {-arm, -arm}})
        places.push_back({corner.x * std::cos(angle) - corner.y * std::sin(angle),
                          corner.x * std::sin(angle) + corner.y * std::cos(angle)});
    return places;
}

/// "r2, r3", "r1, r5-r7" with a dash between the ends of three or more in a row. Ascending.
std::string revisionsText(const std::vector<int>& revisions)
{
    constexpr std::size_t kShortestRun = 3;
    std::string words;
    for (std::size_t i = 0; i < revisions.size();) {
        std::size_t end = i + 1;
        while (end < revisions.size() && revisions[end] == revisions[end - 1] + 1)
            ++end;
        if (end - i < kShortestRun)
            end = i + 1;
        words += (words.empty() ? "r" : ", r") + std::to_string(revisions[i]);
        if (end > i + 1)
            words += "\xE2\x80\x93r" + std::to_string(revisions[end - 1]);
        i = end;
    }
    return words;
}

/// 7 for "r7".
int revisionOf(const FrontierPoint& point)
{
    return point.name.size() > 1 ? std::atoi(point.name.c_str() + 1) : 0;
}

/// Where a text of this size may stand beside a mark, the most readable place first.
std::array<Box, 8> sidesOf(Place at, double gap, double width, double height)
{
    const auto box = [&](double left, double top) {
        return Box{left, top, left + width, top + height};
    };
    const double before = at.x - gap - width;
    const double after = at.x + gap;
    const double centred = at.x - width / 2;
    return {box(after, at.y - height / 2),
            box(before, at.y - height / 2),
            box(centred, at.y + gap),
            box(centred, at.y - gap - height),
            box(after, at.y + gap / 2),
            box(before, at.y + gap / 2),
            box(after, at.y - gap / 2 - height),
            box(before, at.y - gap / 2 - height)};
}

/// Draws one chart from back to front.
class ChartDrawing
{
public:
    ChartDrawing(std::vector<FrontierPoint> points, const CostChart& chart)
        : m_points(std::move(points)), m_chart(chart), m_axes(m_points, chart)
    {}

    [[nodiscard]] std::string draw()
    {
        drawFrame();
        drawForbidden();
        drawAxes();
        drawLimits();
        drawLine(FrontierPoint::Kind::RandomMix, "5 4", "random mix");
        drawLine(FrontierPoint::Kind::LongerToStronger, "",
                 "long prompts to " +
                     (m_chart.baseline.empty() ? "the baseline" : m_chart.baseline));
        drawTrail();
        drawModels();
        drawOracle();
        drawPolicies();
        drawFound();
        drawHollowKey();
        placeLabels();
        return m_out + "</svg>\n";
    }

private:
    std::vector<FrontierPoint> m_points;
    const CostChart& m_chart;
    Axes m_axes;
    std::string m_out;
    std::vector<Box> m_taken; ///< what labels must not hide

    /// Placed when all marks are drawn, the important ones first.
    struct Label
    {
        int rank = 0;
        std::vector<Place> places; ///< it may stand at any of them, the first one rather
        std::string words;
        int size = 12;
        const char* colour = kInk;
        double gap = 8;
        bool strong = false;
    };
    std::vector<Label> m_labels;

    [[nodiscard]] std::vector<const FrontierPoint*> ofKind(FrontierPoint::Kind kind) const
    {
        std::vector<const FrontierPoint*> found;
        for (const FrontierPoint& point : m_points) {
            if (point.kind == kind)
                found.push_back(&point);
        }
        return found;
    }

    void text(double x, double y, const std::string& words, int size, const char* colour,
              const char* anchor = "start", bool strong = false)
    {
        m_out += "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\" font-size=\"" +
                 std::to_string(size) + "\" fill=\"" + colour + "\" text-anchor=\"" + anchor +
                 "\"" + (strong ? " font-weight=\"600\"" : "") + ">" + xmlText(words) + "</text>\n";
    }

    void line(Place a, Place b, const char* colour, double width, const char* dash = "")
    {
        m_out += "<line x1=\"" + px(a.x) + "\" y1=\"" + px(a.y) + "\" x2=\"" + px(b.x) +
                 "\" y2=\"" + px(b.y) + "\" stroke=\"" + colour + "\" stroke-width=\"" + px(width) +
                 "\"" + (*dash ? std::string(" stroke-dasharray=\"") + dash + '"' : "") + "/>\n";
    }

    void take(Place at, double radius)
    {
        m_taken.push_back({at.x - radius, at.y - radius, at.x + radius, at.y + radius});
    }

    /// Keeps labels off a line.
    void take(Place a, Place b)
    {
        const int steps = 1 + static_cast<int>(std::hypot(b.x - a.x, b.y - a.y) / 6);
        for (int i = 0; i <= steps; ++i) {
            const double share = static_cast<double>(i) / steps;
            take({a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)}, 1.5);
        }
    }

    void placeLabels()
    {
        std::ranges::stable_sort(m_labels, {}, &Label::rank);
        for (const Label& label : m_labels)
            place(label);
    }

    /// Beside its mark on the first side where it hides nothing, near before far.
    void place(const Label& label)
    {
        const double width = 0.6 * label.size * static_cast<double>(codePointCount(label.words));
        const double height = label.size * 1.2;
        const auto isFree = [&](const Box& box) {
            return box.left >= m_axes.left() && box.right <= m_axes.right() + kRight - 4 &&
                   box.top >= m_axes.top() && box.bottom <= m_axes.bottom() &&
                   std::ranges::none_of(m_taken,
                                        [&](const Box& taken) { return box.overlaps(taken); });
        };
        std::optional<Box> chosen;
        for (double gap = label.gap; gap < label.gap + 40 && !chosen; gap += 4) {
            for (const Place& at : label.places) {
                const auto sides = sidesOf(at, gap, width, height);
                const auto found = std::ranges::find_if(sides, isFree);
                if (found != sides.end() && !chosen)
                    chosen = *found;
            }
        }
        if (!chosen) {
            const Place at = label.places.front();
            const double left =
                std::clamp(at.x + label.gap, m_axes.left(), m_axes.right() + kRight - 4 - width);
            chosen = Box{left, at.y - height / 2, left + width, at.y + height / 2};
        }
        m_taken.push_back(*chosen);
        // Lines go under it, not through it.
        m_out += "<rect x=\"" + px(chosen->left) + "\" y=\"" + px(chosen->top) + "\" width=\"" +
                 px(width) + "\" height=\"" + px(height) + "\" fill=\"" + kPaper +
                 "\" opacity=\"0.75\"/>\n";
        text(chosen->left, chosen->top + 0.85 * height, label.words, label.size, label.colour,
             "start", label.strong);
    }

    void drawFrame()
    {
        const std::string size = "width=\"" + std::to_string(m_chart.widthPx) + "\" height=\"" +
                                 std::to_string(m_chart.heightPx) + '"';
        m_out += "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " +
                 std::to_string(m_chart.widthPx) + ' ' + std::to_string(m_chart.heightPx) +
                 "\" font-family=\"" + kFont + "\" role=\"img\">\n";
        m_out += "<title>" + xmlText(m_chart.title) +
                 "</title>\n<desc>Projected cost in USD per "
                 "1,000 requests against consistency from 0 to 100.</desc>\n";
        m_out += "<rect " + size + " fill=\"#ffffff\"/>\n";
        text(kLeft, 34, m_chart.title, 18, kInk, "start", true);
        text(kLeft, 56, m_chart.subtitle, 12, kMuted);
        if (m_chart.simulated) {
            const double right = m_chart.widthPx - kRight;
            m_out += "<rect x=\"" + px(right - 84) +
                     "\" y=\"18\" width=\"84\" height=\"22\" rx=\"11\" "
                     "fill=\"#fff4d6\" stroke=\"#b98900\"/>\n";
            text(right - 42, 33, "simulated", 12, "#6b4f00", "middle", true);
        }
    }

    void forbid(Place from, Place to, const char* colour)
    {
        m_out += "<rect x=\"" + px(from.x) + "\" y=\"" + px(from.y) + "\" width=\"" +
                 px(std::max(0.0, to.x - from.x)) + "\" height=\"" +
                 px(std::max(0.0, to.y - from.y)) + "\" fill=\"" + colour + "\"/>\n";
    }

    /// The most that a cost gate allows, or nullopt if it is no cost gate (or its baseline
    /// unknown).
    [[nodiscard]] std::optional<double> costLimit(const Gate& gate) const
    {
        if (gate.metric == GateMetric::CostPer1k)
            return gate.atMost;
        if (gate.metric == GateMetric::CostSaving && gate.atLeast && m_chart.baselineCostPer1k)
            return (1 - *gate.atLeast) * *m_chart.baselineCostPer1k;
        return std::nullopt;
    }

    /// Gates on the whole traffic that draw a limit here.
    [[nodiscard]] std::vector<const Gate*> limits() const
    {
        std::vector<const Gate*> found;
        for (const Gate& gate : m_chart.gates) {
            const bool isConsistency = gate.metric == GateMetric::Consistency && gate.atLeast;
            if (gate.per == GateScope::Total && (isConsistency || costLimit(gate)))
                found.push_back(&gate);
        }
        return found;
    }

    /// Deeper where two of them forbid.
    void drawForbidden()
    {
        const Place corner{m_axes.right(), m_axes.bottom()};
        std::optional<double> left;
        std::optional<double> top;
        for (const Gate* gate : limits()) {
            if (const auto limit = costLimit(*gate)) {
                left = std::min(left.value_or(m_axes.right()), m_axes.x(*limit));
                forbid({m_axes.x(*limit), m_axes.top()}, corner, kForbidden);
            } else {
                top = std::min(top.value_or(m_axes.bottom()), m_axes.y(*gate->atLeast));
                forbid({m_axes.left(), m_axes.y(*gate->atLeast)}, corner, kForbidden);
            }
        }
        if (left && top)
            forbid({*left, *top}, corner, kForbiddenTwice);
    }

    void drawLimits()
    {
        for (const Gate* gate : limits())
            drawLimit(*gate, {m_axes.left(), m_axes.top()}, {m_axes.right(), m_axes.bottom()});
    }

    void drawLimit(const Gate& gate, Place topLeft, Place bottomRight)
    {
        if (const auto limit = costLimit(gate)) {
            const double x = m_axes.x(*limit);
            line({x, topLeft.y}, {x, bottomRight.y}, kLimit, 1);
            take({x, topLeft.y}, {x, bottomRight.y});
            const std::string words =
                gate.metric == GateMetric::CostSaving
                    ? "gate: saves " + limitValueText(*gate.atLeast, MetricUnit::Percent)
                    : "gate: at most " + valueText(*limit, MetricUnit::Usd);
            // High up, where no gate on consistency forbids anything.
            text(x - 6, topLeft.y + 14, words, 11, kLimit, "end");
            m_taken.push_back({x - 6 - 6.2 * static_cast<double>(words.size()), topLeft.y + 2,
                               x - 6, topLeft.y + 18});
            return;
        }
        const double y = m_axes.y(*gate.atLeast);
        line({topLeft.x, y}, {bottomRight.x, y}, kLimit, 1);
        take({topLeft.x, y}, {bottomRight.x, y});
        const std::string words =
            "gate: consistency at least " + limitValueText(*gate.atLeast, MetricUnit::Points);
        // On the allowed side, like the words of the cost.
        text(topLeft.x + 8, y - 6, words, 11, kLimit);
        m_taken.push_back(
            {topLeft.x, y - 18, topLeft.x + 8 + 6.2 * static_cast<double>(words.size()), y - 2});
    }

    void drawAxes()
    {
        for (const double tick : m_axes.costTicks()) {
            const double x = m_axes.x(tick);
            line({x, m_axes.top()}, {x, m_axes.bottom()}, kGrid, 1);
            text(x, m_axes.bottom() + 20, tickText(tick), 12, kMuted, "middle");
        }
        for (int tick = static_cast<int>(std::lround(m_axes.floor() * 10)); tick <= 10; ++tick) {
            const double y = m_axes.y(tick / 10.0);
            line({m_axes.left(), y}, {m_axes.right(), y}, kGrid, 1);
            text(m_axes.left() - 10, y + 4, std::to_string(tick * 10), 12, kMuted, "end");
        }
        line({m_axes.left(), m_axes.bottom()}, {m_axes.right(), m_axes.bottom()}, kAxis, 1);
        text((m_axes.left() + m_axes.right()) / 2, m_axes.bottom() + 46,
             std::string("Cost, USD per 1,000 requests") + (m_axes.isLog() ? " (log scale)" : ""),
             12, kInk, "middle");
        text(kLeft, kTop - 14,
             m_axes.floor() > 0 ? "Consistency (of 100; starts at " +
                                      std::to_string(std::lround(m_axes.floor() * 100)) + ")"
                                : "Consistency (of 100)",
             12, kInk);
    }

    /// Thin and without marks: what the policy is measured by must not outshine it.
    void drawLine(FrontierPoint::Kind kind, const char* dash, const std::string& words)
    {
        std::vector<const FrontierPoint*> points = ofKind(kind);
        if (points.empty())
            return;
        m_out += "<polyline fill=\"none\" stroke=\"" + std::string(kMuted) +
                 "\" stroke-width=\"1\"" +
                 (*dash ? std::string(" stroke-dasharray=\"") + dash + '"' : "") + " points=\"";
        for (const FrontierPoint* point : points) {
            const Place at = m_axes.at(*point);
            m_out += px(at.x) + ',' + px(at.y) + ' ';
        }
        m_out += "\"/>\n";
        for (std::size_t i = 1; i < points.size(); ++i)
            take(m_axes.at(*points[i - 1]), m_axes.at(*points[i]));
        // The lowest points of a mix lie apart from the single models at its ends.
        std::ranges::sort(points, {},
                          [](const FrontierPoint* point) { return point->consistency->value; });
        std::vector<Place> places;
        for (const FrontierPoint* point : points)
            places.push_back(m_axes.at(*point));
        m_labels.push_back({3, std::move(places), words, 11, kMuted, 8});
    }

    void dot(Place at, double radius, const char* fill, const char* stroke, double opacity = 1)
    {
        m_out += "<circle cx=\"" + px(at.x) + "\" cy=\"" + px(at.y) + "\" r=\"" + px(radius) +
                 "\" fill=\"" + fill + "\" stroke=\"" + stroke +
                 "\" stroke-width=\"1.5\" opacity=\"" + fixedText(opacity, 2) + "\"/>\n";
    }

    /// A ring around a middle that is filled or a smaller ring: the policy's shape, no model has
    /// it.
    void bullseye(Place at, double radius, bool isHollow, double opacity)
    {
        const double ring = std::max(1.7, radius * 0.26);
        const double middle = std::max(2.6, radius * 0.48);
        const std::string faded = " opacity=\"" + fixedText(opacity, 2) + "\"/>\n";
        const auto circle = [&](double r, const char* fill) {
            m_out += "<circle cx=\"" + px(at.x) + "\" cy=\"" + px(at.y) + "\" r=\"" +
                     fixedText(r, 2) + "\" fill=\"" + fill + '"';
        };
        const auto stroke = [&](double width) {
            m_out += std::string(" stroke=\"") + kInk + "\" stroke-width=\"" + fixedText(width, 2) +
                     '"' + faded;
        };
        circle(radius + 2, kPaper); // a halo, so that lines end before the ring
        m_out += "/>\n";
        circle(radius - ring / 2, kPaper);
        stroke(ring);
        circle(middle, isHollow ? kPaper : kInk);
        stroke(isHollow ? 1.2 : 0);
    }

    /// One station of the policy's way: a revision, or the policy itself.
    struct Station
    {
        const FrontierPoint* point = nullptr;
        Place at;
        double radius = 0;
        int revision = 0;
        double opacity = 1;
    };

    /// Oldest first.
    [[nodiscard]] std::vector<Station> stations() const
    {
        std::vector<Station> way;
        auto revisions = ofKind(FrontierPoint::Kind::Revision);
        std::ranges::stable_sort(revisions, {},
                                 [](const FrontierPoint* each) { return revisionOf(*each); });
        for (std::size_t i = 0; i < revisions.size(); ++i) {
            const double age = static_cast<double>(i + 1) / static_cast<double>(revisions.size());
            way.push_back({revisions[i], m_axes.at(*revisions[i]), kRevisionRadius,
                           revisionOf(*revisions[i]), kOlderInk + (kNewestInk - kOlderInk) * age});
        }
        for (const FrontierPoint* policy : ofKind(FrontierPoint::Kind::Policy))
            way.push_back({policy, m_axes.at(*policy), kPolicyRadius, m_chart.revision, 1});
        for (Station& station : way) {
            if (isOnModel(station.at))
                station.radius = std::max(station.radius, kModelRadius + 4);
        }
        return way;
    }

    /// The newest drawn station at the same place, which stands for this one too.
    [[nodiscard]] static std::size_t mergedWith(const std::vector<Station>& way, std::size_t index)
    {
        std::vector<std::size_t> into(way.size());
        for (std::size_t each = way.size(); each-- > index;) {
            into[each] = each;
            for (std::size_t i = way.size(); i-- > each + 1 && into[each] == each;) {
                // Only one that is drawn, or a row of small steps would lose its first.
                if (into[i] == i && distance(way[i].at, way[each].at) <= way[i].radius)
                    into[each] = i;
            }
        }
        return into[index];
    }

    /// "r5-r7": the numbers of all that this station stands for.
    [[nodiscard]] static std::string revisionsAt(const std::vector<Station>& way, std::size_t index)
    {
        std::vector<int> numbers;
        for (std::size_t i = 0; i <= index; ++i) {
            const int number = mergedWith(way, i) == index ? way[i].revision : 0;
            if (number > 0 && (numbers.empty() || numbers.back() != number))
                numbers.push_back(number); // an unsaved edit has its saved revision's number
        }
        return revisionsText(numbers);
    }

    /// From rim to rim, with an arrow where there is room for one.
    void step(const Station& from, const Station& to)
    {
        constexpr double kAir = 2;
        const double length = distance(from.at, to.at);
        const double start = from.radius + kAir;
        const double end = length - to.radius - kAir;
        if (end - start < 3)
            return;
        const Place a = between(from.at, to.at, start / length);
        const Place b = between(from.at, to.at, end / length);
        line(a, b, kPaper, 5);
        line(a, b, kMuted, 1.6);
        take(a, b);
        if (end - start < 8)
            return;
        const double arrow = std::min(9.0, 0.8 * (end - start));
        const Place ahead{(to.at.x - from.at.x) / length * arrow,
                          (to.at.y - from.at.y) / length * arrow};
        const Place tip{between(a, b, 0.55).x + ahead.x / 2, between(a, b, 0.55).y + ahead.y / 2};
        m_out +=
            std::string("<polygon fill=\"") + kMuted + "\" points=\"" + px(tip.x) + ',' + px(tip.y);
        for (const double side : {0.42, -0.42})
            m_out += ' ' + px(tip.x - ahead.x - ahead.y * side) + ',' +
                     px(tip.y - ahead.y + ahead.x * side);
        m_out += "\"/>\n";
    }

    /// Under all marks.
    void drawTrail()
    {
        const std::vector<Station> way = stations();
        for (std::size_t i = 1; i < way.size(); ++i)
            step(way[i - 1], way[i]);
    }

    /// Whether a single model's mark is at this place: a policy there is a ring round it.
    [[nodiscard]] bool isOnModel(Place at) const
    {
        return std::ranges::any_of(ofKind(FrontierPoint::Kind::SingleModel),
                                   [&](const FrontierPoint* model) {
                                       return distance(m_axes.at(*model), at) <= kModelRadius + 3;
                                   });
    }

    void drawStation(const Station& station)
    {
        if (!isOnModel(station.at))
            return bullseye(station.at, station.radius, isHollow(*station.point), station.opacity);
        m_out += "<circle cx=\"" + px(station.at.x) + "\" cy=\"" + px(station.at.y) + "\" r=\"" +
                 px(station.radius) + "\" fill=\"none\" stroke=\"" + kInk +
                 "\" stroke-width=\"2\" opacity=\"" + fixedText(station.opacity, 2) + "\"/>\n";
    }

    void drawRevision(const Station& station, const std::string& words)
    {
        drawStation(station);
        take(station.at, station.radius + 1);
        m_labels.push_back({2, {station.at}, words, 11, kMuted, station.radius + 4});
    }

    /// Hollow where a gate that the axes do not show is open.
    [[nodiscard]] static bool isHollow(const FrontierPoint& point)
    {
        return !openGatesOffTheAxes(point).empty();
    }

    void disc(const FrontierPoint& point, double radius, const char* colour, double opacity = 1)
    {
        const bool hollow = isHollow(point);
        dot(m_axes.at(point), radius, hollow ? kPaper : colour, hollow ? colour : kPaper, opacity);
    }

    /// What hollow means, above the plot on the right; nothing where no mark is.
    void drawHollowKey()
    {
        std::vector<std::string> open;
        for (const FrontierPoint& point : m_points) {
            for (const GateMetric metric : metricsOffTheAxes(point)) {
                std::string word = gateMetricLabel(metric);
                word[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(word[0])));
                if (std::ranges::find(open, word) == open.end())
                    open.push_back(std::move(word));
            }
        }
        if (open.empty())
            return;
        std::string words = "hollow: fails another gate (";
        for (std::size_t i = 0; i < open.size(); ++i)
            words += (i > 0 ? ", " : "") + open[i];
        words += ')';
        const double width = 0.51 * 12 * static_cast<double>(codePointCount(words));
        text(m_axes.right(), kTop - 14, words, 12, kMuted, "end");
        bullseye({m_axes.right() - width - 14, kTop - 18}, kRevisionRadius, true, 1);
    }

    void mark(const FrontierPoint& point, std::size_t shape, const char* colour)
    {
        const Place at = m_axes.at(point);
        const bool hollow = isHollow(point);
        const auto polygon = [&](const std::vector<Place>& corners) {
            m_out += "<polygon fill=\"" + std::string(hollow ? kPaper : colour) + "\" stroke=\"" +
                     (hollow ? colour : kPaper) + "\" stroke-width=\"1.5\" points=\"";
            for (const Place& corner : corners)
                m_out += px(at.x + corner.x) + ',' + px(at.y + corner.y) + ' ';
            m_out += "\"/>\n";
        };
        switch (shape % 8) {
        case 0:
            return disc(point, kModelRadius, colour);
        case 1:
            return polygon({{-6, -6}, {6, -6}, {6, 6}, {-6, 6}});
        case 2:
            return polygon({{0, -7.5}, {7, 5.5}, {-7, 5.5}});
        case 3:
            return polygon({{0, -8}, {8, 0}, {0, 8}, {-8, 0}});
        case 4:
            return polygon(plusOf(7.9, 2.6, 45));
        case 5:
            return polygon(polygonOf(5, 7.5, -90));
        case 6:
            return polygon(plusOf(7.5, 2.7, 0));
        default:
            return polygon(polygonOf(6, 7.2, 0));
        }
    }

    void cross(const FrontierPoint& point, const char* colour, double width)
    {
        const Place at = m_axes.at(point);
        line({m_axes.x(point.costPer1k->low), at.y}, {m_axes.x(point.costPer1k->high), at.y},
             colour, width);
        line({at.x, m_axes.y(point.consistency->low)}, {at.x, m_axes.y(point.consistency->high)},
             colour, width);
        take({m_axes.x(point.costPer1k->low), at.y}, {m_axes.x(point.costPer1k->high), at.y});
        take({at.x, m_axes.y(point.consistency->low)}, {at.x, m_axes.y(point.consistency->high)});
        take(at, kPolicyRadius);
    }

    /// A model has the colour and shape of its place in the policy, as in the window, also where
    /// those before it have no point; one that is not in it has those after.
    void drawModels()
    {
        std::size_t others = m_chart.models.size();
        for (const FrontierPoint* model : ofKind(FrontierPoint::Kind::SingleModel)) {
            const auto found = std::ranges::find(m_chart.models, ModelId(model->name));
            const std::size_t index =
                found == m_chart.models.end()
                    ? others++
                    : static_cast<std::size_t>(found - m_chart.models.begin());
            const char* colour = kModelColours[index % kModelColours.size()];
            cross(*model, colour, 1);
            mark(*model, index, colour);
            m_labels.push_back({1, {m_axes.at(*model)}, model->name, 12, kInk, 12});
        }
    }

    void drawOracle()
    {
        for (const FrontierPoint* oracle : ofKind(FrontierPoint::Kind::Oracle)) {
            const Place at = m_axes.at(*oracle);
            m_out += std::string("<polygon fill=\"") + kMuted + "\" points=\"";
            for (int i = 0; i < 10; ++i) { // a star: no model has it either
                const double angle = i * std::numbers::pi / 5;
                const double reach = i % 2 == 0 ? 6.5 : 2.7;
                m_out += px(at.x + std::sin(angle) * reach) + ',' +
                         px(at.y - std::cos(angle) * reach) + ' ';
            }
            m_out += "\"/>\n";
            take(at, 7);
            m_labels.push_back({2, {at}, "oracle: the best model for each request", 11, kMuted, 9});
        }
    }

    /// As dark as the policy, which each of them may become; named by its number.
    void drawFound()
    {
        for (const FrontierPoint* found : ofKind(FrontierPoint::Kind::Found)) {
            disc(*found, kFoundRadius, kInk);
            take(m_axes.at(*found), kFoundRadius);
            m_labels.push_back({1, {m_axes.at(*found)}, found->name, 12, kInk, kFoundRadius + 4});
        }
    }

    /// The policy and its older revisions, the newest on top; coinciding ones are one mark.
    void drawPolicies()
    {
        const std::vector<Station> way = stations();
        for (std::size_t i = 0; i < way.size(); ++i) {
            const FrontierPoint& point = *way[i].point;
            if (mergedWith(way, i) != i)
                continue;
            const std::string revisions = revisionsAt(way, i);
            if (point.kind == FrontierPoint::Kind::Revision) {
                drawRevision(way[i], revisions);
                continue;
            }
            cross(point, kInk, 2);
            drawStation(way[i]);
            m_labels.push_back({0,
                                {way[i].at},
                                point.name + (revisions.empty() ? "" : ", " + revisions) + ", " +
                                    valueText(point.costPer1k->value, MetricUnit::Usd) + " at " +
                                    valueText(point.consistency->value, MetricUnit::Points),
                                13,
                                kInk,
                                14,
                                true});
        }
    }
};

} // namespace

std::string costConsistencySvg(const std::vector<FrontierPoint>& points, const CostChart& chart)
{
    std::vector<FrontierPoint> placed;
    std::ranges::copy_if(points, std::back_inserter(placed), [](const FrontierPoint& point) {
        return point.costPer1k && point.consistency;
    });
    return ChartDrawing(std::move(placed), chart).draw();
}

CostChart costChartOf(const Projection& projection, const PolicyDocument& document)
{
    CostChart chart;
    chart.title = document.name + ", revision " + std::to_string(document.revision);
    chart.subtitle = countOf(projection.requests, "request", "requests") + " in " +
                     countOf(projection.conversations, "conversation", "conversations") + ", " +
                     countOf(projection.answers, "recorded answer", "recorded answers") +
                     "; crosses are 95 % intervals, shaded is what a gate forbids";
    chart.gates = document.gates;
    chart.revision = document.revision;
    std::ranges::transform(document.models, std::back_inserter(chart.models), &ModelSpec::id);
    chart.baseline = document.baseline.value;
    if (projection.baselineCostPer1k)
        chart.baselineCostPer1k = projection.baselineCostPer1k->value;
    chart.simulated = projection.simulated;
    return chart;
}

} // namespace signalbox
