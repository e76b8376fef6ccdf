// SPDX-License-Identifier: Apache-2.0
#include "known_provider.h"
#include "lint_context.h"
#include "model_address.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_set>

namespace signalbox {

namespace {

/// USD per million tokens, as in the schema: the dearest model costs under a thousand, and nine
/// million tokens at this price are still an amount that Money holds.
constexpr double kLargestPrice = 1e6;

/// Whether an address stays on this machine: no key is needed and nobody listens in.
bool isLoopback(std::string_view url)
{
    const std::string_view host = hostOf(url);
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string keyNameFor(const std::string& provider)
{
    const KnownProvider* const known = knownProvider(provider);
    if (known && !known->keyVariable.empty())
        return std::string(known->keyVariable);
    std::string name;
    for (const char c : provider) {
        if (c >= 'a' && c <= 'z')
            name += static_cast<char>(c - ('a' - 'A'));
        else
            name += (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    }
    return name + "_API_KEY";
}

class ModelLinter
{
public:
    explicit ModelLinter(LintContext& context) : m_context(context)
    {
        forEachModelUse(context.document(), [this](const ModelId& id) { m_used.insert(id); });
    }

    void lint(std::size_t index)
    {
        m_index = index;
        m_path = "models[" + std::to_string(index) + ']';
        const bool isFirst = m_ids.insert(model().id).second;
        lintId(isFirst);
        if (model().provider.empty())
            m_context.error("empty-provider", name() + " names no provider.", m_path + ".provider");
        else if (!knownProvider(model().provider))
            m_context.info("unknown-provider",
                           name() + " is asked through " + quoted(model().provider) +
                               ", which this program does not know, so it cannot be asked from "
                               "here.",
                           m_path + ".provider");
        if (model().provider != "simulator")
            lintConnection();
        lintPrice();
        if (model().contextTokens) {
            lintRange<int>(m_context, m_path + ".contextTokens", "The longest context",
                           *model().contextTokens, 1, std::numeric_limits<int>::max(),
                           [this](int tokens) {
                               return changed([=](ModelSpec& m) { m.contextTokens = tokens; });
                           });
        }
        if (isFirst && !model().id.isEmpty() && !m_used.contains(model().id)) {
            m_context.info("unused-model", "No rule asks model " + quoted(model().id.value) + '.',
                           m_path, m_context.fix("Remove the model", [this] {
                               return Edit(RemoveModel{model().id});
                           }));
        }
    }

private:
    [[nodiscard]] const ModelSpec& model() const { return m_context.document().models[m_index]; }
    [[nodiscard]] std::string name() const { return "Model " + quoted(model().id.value); }
    /// Where it is asked: its own address, or its provider's usual one.
    [[nodiscard]] std::string_view address() const
    {
        const KnownProvider* const known = knownProvider(model().provider);
        return model().baseUrl.empty() && known ? known->baseUrl
                                                : std::string_view(model().baseUrl);
    }

    template<class Change> std::optional<Edit> changed(const Change& change)
    {
        ModelSpec copy = model();
        change(copy);
        return m_context.editOfModel(m_index, std::move(copy));
    }

    template<class Change>
    std::optional<QuickFix> fix(const std::string& label, const Change& change)
    {
        return m_context.fix(label, [&] { return changed(change); });
    }

    void lintId(bool isFirst)
    {
        if (isFirst && !model().id.isEmpty())
            return;
        const std::string fresh = freshName(
            model().id.isEmpty() ? "model" : model().id.value,
            [this](const std::string& taken) { return m_context.findModel(ModelId(taken)); });
        auto rename =
            fix("Call it " + quoted(fresh), [&fresh](ModelSpec& m) { m.id = ModelId(fresh); });
        if (model().id.isEmpty())
            m_context.error("empty-id", "A model has no id.", m_path + ".id", std::move(rename));
        else
            m_context.error("duplicate-id",
                            "Two models are called " + quoted(model().id.value) + '.',
                            m_path + ".id", std::move(rename));
    }

    void lintConnection()
    {
        if (model().upstreamModel.empty()) {
            m_context.warning("no-upstream-model",
                              name() + " does not say what it is called at its provider.",
                              m_path + ".upstreamModel",
                              fix("Use " + quoted(model().id.value),
                                  [](ModelSpec& m) { m.upstreamModel = m.id.value; }));
        }
        if (mayHoldSecret(model().baseUrl)) {
            m_context.error("secret-in-url",
                            "The address of model " + quoted(model().id.value) +
                                " holds a user name, a password or a query, which may be a key; "
                                "keys stay out of the policy.",
                            m_path + ".baseUrl", fix("Keep only the address", [](ModelSpec& m) {
                                m.baseUrl = withoutSecrets(m.baseUrl);
                            }));
        }
        if (isLoopback(address()))
            return;
        if (model().keyRef.empty()) {
            const std::string key = keyNameFor(model().provider);
            m_context.warning(
                "missing-key", name() + " has no key, so its provider will refuse it.",
                m_path + ".keyRef",
                fix("Read the key from " + key, [&key](ModelSpec& m) { m.keyRef = "env:" + key; }));
        }
        if (model().baseUrl.starts_with("http://")) {
            m_context.warning("plain-http",
                              name() + " is reached without encryption, so prompts and key can be "
                                       "read on the way.",
                              m_path + ".baseUrl",
                              fix("Use https", [](ModelSpec& m) { m.baseUrl.insert(4, "s"); }));
        }
    }

    void lintPrice()
    {
        if (!model().price) {
            m_context.warning("unknown-price",
                              "The price of model " + quoted(model().id.value) +
                                  " is unknown, and so is every cost with it.",
                              m_path + ".price");
            return;
        }
        lintAmount(".price.inputPerMTok", "The price of input", &Price::inputPerToken);
        lintAmount(".price.outputPerMTok", "The price of output", &Price::outputPerToken);
    }

    void lintAmount(const char* member, const char* what, Money Price::* amount)
    {
        lintRange<double>(m_context, m_path + member, what, usdPerMTok((*model().price).*amount), 0,
                          kLargestPrice, [this, amount](double usd) {
                              return changed([&](ModelSpec& m) {
                                  (*m.price).*amount = pricePerTokenFromUsdPerMTok(usd);
                              });
                          });
    }

    LintContext& m_context;
    std::unordered_set<ModelId> m_used;
    std::unordered_set<ModelId> m_ids;
    std::size_t m_index = 0; ///< of the model that is looked at
    std::string m_path;
};

} // namespace

void lintModels(LintContext& context)
{
    const auto& models = context.document().models;
    if (models.empty())
        context.error("no-models", "The policy has no model that could answer.", "models");
    ModelLinter linter(context);
    for (std::size_t i = 0; i < models.size(); ++i)
        linter.lint(i);
}

} // namespace signalbox
