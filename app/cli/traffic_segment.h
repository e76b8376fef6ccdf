// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/policy/user_styles.h>
#include <core/traffic/traffic.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class Option;
}

namespace signalbox {
struct Segmentation;
}

namespace signalbox::cli {

struct SegmentOutcome;

/// "traffic segment": divides the requests of a table anew.
class TrafficSegment
{
public:
    void declare(CLI::App& traffic);
    [[nodiscard]] bool isParsed() const;
    [[nodiscard]] int run(const Streams& streams);

private:
    [[nodiscard]] Result<void> checkUse() const;
    [[nodiscard]] Result<std::optional<std::size_t>> clusterCount() const;
    [[nodiscard]] Result<void> loadPolicyInUse(const Streams& streams);
    [[nodiscard]] Result<Segmentation> make(const std::shared_ptr<const Traffic>& traffic,
                                            SegmentOutcome& outcome, const Streams& streams) const;
    [[nodiscard]] Result<SegmentOutcome> work(const Streams& streams);

    CLI::App* m_app = nullptr;
    CLI::Option* m_kMeans = nullptr;
    std::string m_table;
    std::string m_out;
    std::string m_saved;
    std::string m_applied;
    std::string m_tag;
    std::string m_policy;
    std::string m_evidence;
    std::vector<std::string> m_expressions;
    std::vector<std::string> m_clusters;
    std::size_t m_most = 0;
    std::uint64_t m_seed = 1;
    bool m_json = false;

    std::optional<PolicyDocument> m_document; ///< of --policy
    std::shared_ptr<const UserStyles> m_styles;
};

} // namespace signalbox::cli
