// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/policy/user_styles.h>
#include <core/projection/dragged_projection.h>
#include <core/projection/evidence_table.h>
#include <core/traffic/traffic.h>

#include <memory>
#include <optional>

namespace signalbox::ui {

/// What numbers are made of beside the policy.
struct NumbersGround
{
    std::shared_ptr<const Traffic> traffic;
    std::shared_ptr<const UserStyles> styles; ///< may be null
    std::shared_ptr<const EvidenceTable> evidence;
    bool operator==(const NumbersGround&) const = default;
};

/// One threshold of a policy that a person moves, and what is known of its places: nothing yet, or
/// that it must be replayed at each of them, or a ThresholdDrag that answers at once. Holds values;
/// owned and fed by the ProjectionEngine, on its thread.
class ThresholdGesture
{
public:
    /// @param document  with the threshold anywhere
    ThresholdGesture(std::shared_ptr<const PolicyDocument> document, ThresholdPlace place,
                     NumbersGround ground);

    [[nodiscard]] const std::shared_ptr<const PolicyDocument>& document() const;
    [[nodiscard]] const ThresholdPlace& place() const { return m_place; }
    [[nodiscard]] const NumbersGround& ground() const { return m_ground; }
    /// Whether this is the policy, apart from where the threshold stands.
    [[nodiscard]] bool isOf(const PolicyDocument& document) const;
    [[nodiscard]] double thresholdIn(PolicyDocument document) const;

    enum class Making { Wanted, UnderWay, Done, Refused };
    [[nodiscard]] Making making() const { return m_making; }
    void setUnderWay() { m_making = Making::UnderWay; }
    void setDrag(Result<ThresholdDrag> drag);
    [[nodiscard]] const std::shared_ptr<const ThresholdDrag>& drag() const { return m_drag; }

    /// All that a projection of the policy says with the threshold at one place; the other places
    /// have their intervals from it, and the parts of the traffic until they are known.
    /// @param start  null: none any more
    void setStart(std::shared_ptr<const Projection> start);
    /// What the parts of the traffic are at a place.
    void setParts(DraggedParts parts) { m_parts = std::move(parts); }

    /// Whether projectionAt() may be asked.
    [[nodiscard]] bool isReady() const;
    [[nodiscard]] bool hasStart() const { return m_start != nullptr; }
    /// @param totals  of the place, from drag()
    [[nodiscard]] Projection projectionAt(const ReplayTotals& totals) const;

private:
    std::shared_ptr<const PolicyDocument> m_document;
    ThresholdPlace m_place;
    NumbersGround m_ground;
    Making m_making = Making::Wanted;
    std::shared_ptr<const ThresholdDrag> m_drag;
    std::shared_ptr<const Projection> m_start;
    std::optional<DraggedParts> m_parts; ///< newer than m_start
};

} // namespace signalbox::ui
