// SPDX-License-Identifier: Apache-2.0
#include "cost_chart.h"

#include "number_text.h"
#include "xml_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox {

namespace {

// Plain SVG 1.1 without patterns, filters or style sheets, so that every viewer shows the same.
constexpr const char* kInk = "#1f2328";
constexpr const char* kMuted = "#59636e";
constexpr const char* kGrid = "#e6e9ec";
constexpr const char* kForbidden = "#f6e3dc";
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
            for (double decade = std::pow(10, std::floor(std::log10(m_low))); decade <= m_high;
                 decade *= 10) {
                for (const double factor : {1.0, 2.0, 5.0}) {
                    if (decade * factor >= m_low && decade * factor <= m_high)
                        ticks.push_back(decade * factor);
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
        for (double tick = std::ceil(m_low / step) * step; tick <= m_high; tick += step)
            ticks.push_back(tick);
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

/// Draws one chart from back to front.
class ChartDrawing
{
public:
    ChartDrawing(std::vector<FrontierPoint> points, const CostChart& chart)
        : m_points(std::move(points)), m_chart(chart), m_axes(m_points, chart)
    {}

    [[nodiscard]] std::string draw()
    {
        reserveMarks();
        drawFrame();
        drawForbidden();
        drawAxes();
        drawLine(FrontierPoint::Kind::RandomMix, "#9aa3ad", "", "random mix");
        drawLine(FrontierPoint::Kind::LongerToStronger, "#9aa3ad", "2 4",
                 "longer prompts to the stronger");
        drawTrail();
        drawModels();
        drawOracle();
        drawPolicies();
        return m_out + "</svg>\n";
    }

private:
    std::vector<FrontierPoint> m_points;
    const CostChart& m_chart;
    Axes m_axes;
    std::string m_out;
    std::vector<Box> m_taken;

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

    /// Writes a label beside a mark, on the first side where it hides nothing.
    void label(Place at, const std::string& words, int size, const char* colour, double gap,
               bool strong = false)
    {
        const double width = 0.58 * size * static_cast<double>(words.size());
        const double height = size * 1.2;
        const std::array<Box, 4> sides = {
            Box{at.x + gap, at.y - height / 2, at.x + gap + width, at.y + height / 2},
            Box{at.x - gap - width, at.y - height / 2, at.x - gap, at.y + height / 2},
            Box{at.x - width / 2, at.y - gap - height, at.x + width / 2, at.y - gap},
            Box{at.x - width / 2, at.y + gap, at.x + width / 2, at.y + gap + height}};
        const auto isFree = [&](const Box& box) {
            return box.left >= m_axes.left() && box.right <= m_axes.right() + kRight - 4 &&
                   box.top >= m_axes.top() && box.bottom <= m_axes.bottom() &&
                   std::ranges::none_of(m_taken,
                                        [&](const Box& taken) { return box.overlaps(taken); });
        };
        const auto found = std::ranges::find_if(sides, isFree);
        const Box& box =
            found == sides.end() ? sides[at.x > m_axes.right() - width ? 1 : 0] : *found;
        m_taken.push_back(box);
        text(box.left, box.top + 0.85 * height, words, size, colour, "start", strong);
    }

    /// Marks keep their room before any label is placed.
    void reserveMarks()
    {
        for (const FrontierPoint& point : m_points) {
            const bool isLarge = point.kind == FrontierPoint::Kind::Policy ||
                                 point.kind == FrontierPoint::Kind::SingleModel;
            const double radius = isLarge ? 8 : 2;
            const Place at = m_axes.at(point);
            m_taken.push_back({at.x - radius, at.y - radius, at.x + radius, at.y + radius});
        }
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

    void drawForbidden()
    {
        const Place topLeft{m_axes.left(), m_axes.top()};
        const Place bottomRight{m_axes.right(), m_axes.bottom()};
        std::vector<const Gate*> limits;
        for (const Gate& gate : m_chart.gates) {
            if (gate.per != GateScope::Total)
                continue;
            if (gate.metric == GateMetric::Consistency && gate.atLeast)
                forbid({topLeft.x, m_axes.y(*gate.atLeast)}, bottomRight);
            else if (const auto limit = costLimit(gate))
                forbid({m_axes.x(*limit), topLeft.y}, bottomRight);
            else
                continue;
            limits.push_back(&gate);
        }
        for (const Gate* gate : limits)
            drawLimit(*gate, topLeft, bottomRight);
    }

    void drawLimit(const Gate& gate, Place topLeft, Place bottomRight)
    {
        if (const auto limit = costLimit(gate)) {
            const double x = m_axes.x(*limit);
            line({x, topLeft.y}, {x, bottomRight.y}, kLimit, 1, "5 3");
            const std::string words = gate.metric == GateMetric::CostSaving
                                          ? "saves " + valueText(*gate.atLeast, MetricUnit::Percent)
                                          : "at most " + valueText(*limit, MetricUnit::Usd);
            text(x - 6, bottomRight.y - 8, words, 11, kLimit, "end");
            m_taken.push_back({x - 6 - 6.2 * static_cast<double>(words.size()), bottomRight.y - 20,
                               x - 6, bottomRight.y - 4});
            return;
        }
        const double y = m_axes.y(*gate.atLeast);
        line({topLeft.x, y}, {bottomRight.x, y}, kLimit, 1, "5 3");
        const std::string words =
            "consistency at least " + valueText(*gate.atLeast, MetricUnit::Points);
        text(topLeft.x + 8, y + 15, words, 11, kLimit);
        m_taken.push_back(
            {topLeft.x, y + 3, topLeft.x + 8 + 6.2 * static_cast<double>(words.size()), y + 19});
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
        const auto points = ofKind(kind);
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
            dot(m_axes.at(*point), 2, colour, "none");
        // The lowest point of a mix lies apart from the single models at its ends.
        const FrontierPoint* lowest = *std::ranges::min_element(
            points, {}, [](const FrontierPoint* point) { return point->consistency->value; });
        label(m_axes.at(*lowest), words, 11, kMuted, 8);
    }

    void dot(Place at, double radius, const char* fill, const char* stroke, double opacity = 1)
    {
        m_out += "<circle cx=\"" + px(at.x) + "\" cy=\"" + px(at.y) + "\" r=\"" + px(radius) +
                 "\" fill=\"" + fill + "\" stroke=\"" + stroke +
                 "\" stroke-width=\"1.5\" opacity=\"" + fixedText(opacity, 2) + "\"/>\n";
    }

    void drawTrail()
    {
        const auto revisions = ofKind(FrontierPoint::Kind::Revision);
        const auto policies = ofKind(FrontierPoint::Kind::Policy);
        std::vector<const FrontierPoint*> trail = revisions;
        if (!policies.empty())
            trail.push_back(policies.front());
        for (std::size_t i = 1; i < trail.size(); ++i)
            line(m_axes.at(*trail[i - 1]), m_axes.at(*trail[i]), "#b6bcc3", 1.2);
        for (std::size_t i = 0; i < revisions.size(); ++i) {
            const double age = static_cast<double>(i + 1) / static_cast<double>(revisions.size());
            dot(m_axes.at(*revisions[i]), 4, "#59636e", "#ffffff", 0.35 + 0.45 * age);
            label(m_axes.at(*revisions[i]), revisions[i]->name, 11, kMuted, 8);
        }
    }

    void mark(Place at, std::size_t shape, const char* colour)
    {
        const auto polygon = [&](std::initializer_list<Place> corners) {
            m_out += "<polygon fill=\"" + std::string(colour) +
                     "\" stroke=\"#ffffff\" stroke-width=\"1.5\" points=\"";
            for (const Place& corner : corners)
                m_out += px(at.x + corner.x) + ',' + px(at.y + corner.y) + ' ';
            m_out += "\"/>\n";
        };
        switch (shape % 4) {
        case 0:
            return dot(at, 6.5, colour, "#ffffff");
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
    }

    void drawModels()
    {
        std::size_t index = 0;
        for (const FrontierPoint* model : ofKind(FrontierPoint::Kind::SingleModel)) {
            const char* colour = kModelColours[index % kModelColours.size()];
            cross(*model, colour, 1);
            mark(m_axes.at(*model), index++, colour);
            label(m_axes.at(*model), model->name, 12, kInk, 12);
        }
    }

    void drawOracle()
    {
        for (const FrontierPoint* oracle : ofKind(FrontierPoint::Kind::Oracle)) {
            const Place at = m_axes.at(*oracle);
            line({at.x - 4, at.y - 4}, {at.x + 4, at.y + 4}, kMuted, 1.5);
            line({at.x - 4, at.y + 4}, {at.x + 4, at.y - 4}, kMuted, 1.5);
            label(at, "oracle", 11, kMuted, 9);
        }
    }

    void drawPolicies()
    {
        for (const FrontierPoint* policy : ofKind(FrontierPoint::Kind::Policy)) {
            cross(*policy, kInk, 2);
            dot(m_axes.at(*policy), 9, kInk, "#ffffff");
            label(m_axes.at(*policy),
                  policy->name + "  " + valueText(policy->costPer1k->value, MetricUnit::Usd) +
                      " at " + valueText(policy->consistency->value, MetricUnit::Points),
                  13, kInk, 14, true);
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
