// SPDX-License-Identifier: Apache-2.0
#include "cost_chart.h"

#include "number_text.h"
#include "xml_text.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox {

namespace {

// Plain SVG 1.1 without patterns, filters or style sheets, so that every viewer shows the same.
constexpr const char* kInk = "#1f2328";
constexpr const char* kPaper = "#ffffff";
constexpr const char* kMuted = "#59636e";
constexpr const char* kGrid = "#e6e9ec";
constexpr const char* kForbidden = "#f9ece6";
constexpr const char* kLimit = "#b3441e";
constexpr const char* kFont = "Inter, 'Helvetica Neue', Arial, sans-serif";
/// Colour-blind-safe (Okabe and Ito 2008), darkened where white paper needs it.
constexpr std::array kModelColours = {"#0072b2", "#c14e00", "#00805c",
                                      "#a8538a", "#8a6d00", "#2b7fb0"};

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
        m_floor = std::max(0.0, std::min(0.5, std::floor(lowestConsistency * 10 - 0.5) / 10));
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
        drawLine(FrontierPoint::Kind::RandomMix, "#9aa3ad", "", "random mix");
        drawLine(FrontierPoint::Kind::LongerToStronger, "#9aa3ad", "2 4",
                 "longer prompts to the stronger");
        drawTrail();
        drawModels();
        drawOracle();
        drawPolicies();
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

    void forbid(Place from, Place to)
    {
        m_out += "<rect x=\"" + px(from.x) + "\" y=\"" + px(from.y) + "\" width=\"" +
                 px(std::max(0.0, to.x - from.x)) + "\" height=\"" +
                 px(std::max(0.0, to.y - from.y)) + "\" fill=\"" + kForbidden + "\"/>\n";
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

    void drawForbidden()
    {
        for (const Gate* gate : limits()) {
            const auto limit = costLimit(*gate);
            forbid(limit ? Place{m_axes.x(*limit), m_axes.top()}
                         : Place{m_axes.left(), m_axes.y(*gate->atLeast)},
                   {m_axes.right(), m_axes.bottom()});
        }
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
            line({x, topLeft.y}, {x, bottomRight.y}, kLimit, 1, "5 3");
            take({x, topLeft.y}, {x, bottomRight.y});
            const std::string words =
                gate.metric == GateMetric::CostSaving
                    ? "gate: saves " + limitValueText(*gate.atLeast, MetricUnit::Percent)
                    : "gate: at most " + valueText(*limit, MetricUnit::Usd);
            text(x - 6, bottomRight.y - 8, words, 11, kLimit, "end");
            m_taken.push_back({x - 6 - 6.2 * static_cast<double>(words.size()), bottomRight.y - 20,
                               x - 6, bottomRight.y - 4});
            return;
        }
        const double y = m_axes.y(*gate.atLeast);
        line({topLeft.x, y}, {bottomRight.x, y}, kLimit, 1, "5 3");
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
        line({m_axes.left(), m_axes.bottom()}, {m_axes.right(), m_axes.bottom()}, "#8b949e", 1);
        text((m_axes.left() + m_axes.right()) / 2, m_axes.bottom() + 46,
             std::string("Cost, USD per 1,000 requests") + (m_axes.isLog() ? " (log scale)" : ""),
             12, kInk, "middle");
        text(kLeft, kTop - 14,
             m_axes.floor() > 0 ? "Consistency (axis does not start at 0)" : "Consistency", 12,
             kInk);
    }

    void drawLine(FrontierPoint::Kind kind, const char* colour, const char* dash,
                  const std::string& words)
    {
        std::vector<const FrontierPoint*> points = ofKind(kind);
        if (points.empty())
            return;
        m_out += "<polyline fill=\"none\" stroke=\"" + std::string(colour) +
                 "\" stroke-width=\"1.5\"" +
                 (*dash ? std::string(" stroke-dasharray=\"") + dash + '"' : "") + " points=\"";
        for (const FrontierPoint* point : points) {
            const Place at = m_axes.at(*point);
            m_out += px(at.x) + ',' + px(at.y) + ' ';
        }
        m_out += "\"/>\n";
        for (const FrontierPoint* point : points)
            dot(m_axes.at(*point), 2, isHollow(*point) ? kPaper : colour, colour);
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

    void connect(Place a, Place b)
    {
        line(a, b, "#b6bcc3", 1.2);
        take(a, b);
    }

    void drawTrail()
    {
        const auto revisions = ofKind(FrontierPoint::Kind::Revision);
        const auto policies = ofKind(FrontierPoint::Kind::Policy);
        std::vector<const FrontierPoint*> trail = revisions;
        if (!policies.empty())
            trail.push_back(policies.front());
        for (std::size_t i = 1; i < trail.size(); ++i)
            connect(m_axes.at(*trail[i - 1]), m_axes.at(*trail[i]));
        for (std::size_t i = 0; i < revisions.size(); ++i) {
            const double age = static_cast<double>(i + 1) / static_cast<double>(revisions.size());
            disc(*revisions[i], 4, kMuted, 0.35 + 0.45 * age);
            take(m_axes.at(*revisions[i]), 4);
            m_labels.push_back({2, {m_axes.at(*revisions[i])}, revisions[i]->name, 11, kMuted, 8});
        }
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
        const double width = 0.55 * 12 * static_cast<double>(codePointCount(words));
        text(m_axes.right(), kTop - 14, words, 12, kMuted, "end");
        dot({m_axes.right() - width - 12, kTop - 18}, 4, kPaper, kMuted);
    }

    void mark(const FrontierPoint& point, std::size_t shape, const char* colour)
    {
        const Place at = m_axes.at(point);
        const bool hollow = isHollow(point);
        const auto polygon = [&](std::initializer_list<Place> corners) {
            m_out += "<polygon fill=\"" + std::string(hollow ? kPaper : colour) + "\" stroke=\"" +
                     (hollow ? colour : kPaper) + "\" stroke-width=\"1.5\" points=\"";
            for (const Place& corner : corners)
                m_out += px(at.x + corner.x) + ',' + px(at.y + corner.y) + ' ';
            m_out += "\"/>\n";
        };
        switch (shape % 4) {
        case 0:
            return disc(point, 6.5, colour);
        case 1:
            return polygon({{-6, -6}, {6, -6}, {6, 6}, {-6, 6}});
        case 2:
            return polygon({{0, -7.5}, {7, 5.5}, {-7, 5.5}});
        default:
            return polygon({{0, -8}, {8, 0}, {0, 8}, {-8, 0}});
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
        take(at, 8);
    }

    void drawModels()
    {
        std::size_t index = 0;
        for (const FrontierPoint* model : ofKind(FrontierPoint::Kind::SingleModel)) {
            const char* colour = kModelColours[index % kModelColours.size()];
            cross(*model, colour, 1);
            mark(*model, index++, colour);
            m_labels.push_back({1, {m_axes.at(*model)}, model->name, 12, kInk, 12});
        }
    }

    void drawOracle()
    {
        for (const FrontierPoint* oracle : ofKind(FrontierPoint::Kind::Oracle)) {
            const Place at = m_axes.at(*oracle);
            line({at.x - 4, at.y - 4}, {at.x + 4, at.y + 4}, kMuted, 1.5);
            line({at.x - 4, at.y + 4}, {at.x + 4, at.y - 4}, kMuted, 1.5);
            take(at, 5);
            m_labels.push_back({2, {at}, "oracle", 11, kMuted, 9});
        }
    }

    void drawPolicies()
    {
        for (const FrontierPoint* policy : ofKind(FrontierPoint::Kind::Policy)) {
            cross(*policy, kInk, 2);
            disc(*policy, 9, kInk);
            m_labels.push_back({0,
                                {m_axes.at(*policy)},
                                policy->name + ", " +
                                    valueText(policy->costPer1k->value, MetricUnit::Usd) + " at " +
                                    valueText(policy->consistency->value, MetricUnit::Points),
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
    if (projection.baselineCostPer1k)
        chart.baselineCostPer1k = projection.baselineCostPer1k->value;
    chart.simulated = projection.simulated;
    return chart;
}

} // namespace signalbox
