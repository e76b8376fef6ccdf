// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/random.h>
#include <core/voice/tone.h>
#include <core/voice/voice_features.h>

#include <functional>
#include <limits>
#include <string>

namespace signalbox::tests {

/// Answers without texts: every feature is noise, equal in part for all models on one prompt, to
/// which `shape` adds what makes a model's voice.
inline VoicePanel noisePanel(std::size_t models, std::size_t prompts, std::uint64_t seed,
                             const std::function<void(std::size_t, AnswerStats&)>& shape = {})
{
    Random random(seed);
    VoicePanel panel;
    for (std::size_t m = 0; m < models; ++m) {
        panel.models.push_back(std::string(1, char('A' + m)));
        panel.stats.emplace_back(prompts);
    }
    for (std::size_t p = 0; p < prompts; ++p) {
        panel.prompts.push_back(std::to_string(1000 + p));
        for (std::size_t k = 0; k < kVoiceFeatureCount; ++k) {
            const double topic = random.normal();
            for (std::size_t m = 0; m < models; ++m)
                panel.stats[m][p].features[k] = topic + random.normal();
        }
        for (std::size_t m = 0; m < models; ++m) {
            panel.stats[m][p].words = 100;
            if (shape)
                shape(m, panel.stats[m][p]);
        }
    }
    return panel;
}

} // namespace signalbox::tests
