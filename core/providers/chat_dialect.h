// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chat_decoder.h"
#include "endpoint.h"
#include "http_transport.h"
#include "model_list.h"
#include "provider.h"
#include "secret.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// How a repetition of a request differs from the first form: what the server refused by name.
struct RequestShape
{
    std::vector<std::string> refused;
    bool operator==(const RequestShape&) const = default;
};
/// The shape to try after `parameter` was refused; nothing if it has been tried.
[[nodiscard]] std::optional<RequestShape> shapeWithout(const std::string& parameter,
                                                       const RequestShape& shape);

/// The body of a request, and what is to be known of it.
struct RequestBody
{
    std::string json;
    std::vector<std::string> optional;    ///< parameters in it that the call can do without
    std::vector<StreamAdjusted> adjusted; ///< where it is not what was asked for
};

/// One way to talk to model servers, without a socket: what to send, and what the answer means.
/// Has no state: one constant object serves all threads and lives as long as the program.
class ChatDialect
{
public:
    virtual ~ChatDialect() = default;

    /// The name in a policy's "provider" member.
    [[nodiscard]] virtual std::string name() const = 0;
    /// What its vendor takes for a temperature that is not sent, where one is documented.
    [[nodiscard]] virtual std::optional<double> defaultTemperature() const { return std::nullopt; }

    /// The address to ask. A base URL without a path gets the customary one.
    [[nodiscard]] virtual std::string chatUrl(const Endpoint& endpoint,
                                              const std::string& model) const = 0;
    [[nodiscard]] virtual RequestBody body(const ChatRequest& request, const Endpoint& endpoint,
                                           const RequestShape& shape) const = 0;
    [[nodiscard]] virtual std::string contentType() const { return "text/event-stream"; }

    /// Adds the key to a request that is otherwise whole; an empty key adds nothing.
    virtual void sign(HttpRequest& request, const Endpoint& endpoint, const Secret& key,
                      std::int64_t nowUnixMs) const = 0;
    /// The part of the key that leaves this computer, so that a server could send it back.
    [[nodiscard]] virtual Secret sentPart(const Secret& key) const { return key; }

    [[nodiscard]] virtual std::unique_ptr<ChatDecoder> decoder(const Endpoint& endpoint,
                                                               CallContext call) const = 0;

    /// Where the models are listed, and how.
    [[nodiscard]] virtual ModelList models(const Endpoint& endpoint) const = 0;
};

/// A request for the answer of a model, signed. `body` is of the same dialect.
[[nodiscard]] HttpRequest chatHttpRequest(const ChatDialect& dialect, const ChatRequest& request,
                                          const Endpoint& endpoint, std::string body,
                                          const Secret& key, std::int64_t nowUnixMs);
/// A GET for one page of the model list. @param page  as the page before said; empty: the first
[[nodiscard]] HttpRequest modelsHttpRequest(const ChatDialect& dialect, const Endpoint& endpoint,
                                            const Secret& key, const std::string& page,
                                            std::int64_t nowUnixMs);

/// Where a dialect wants the parameters of ChatRequest, as JSON pointers. Empty: it has no such
/// parameter, and what was asked for is noted as adjusted.
struct ParameterPlaces
{
    std::string_view maxTokens = {};
    std::string_view temperature = {};
    std::string_view seed = {};
};
/// Puts the parameters into `body`, but for the refused ones, and fills the lists of the result.
/// Parameters are named by the last part of their place: "maxOutputTokens".
void addParameters(nlohmann::json& body, const ChatRequest& request, const ParameterPlaces& places,
                   const RequestShape& shape, RequestBody& result);
/// One more of them.
void addParameter(nlohmann::json& body, std::string_view place, const nlohmann::json& value,
                  const RequestShape& shape, RequestBody& result);

/// "Authorization: Bearer KEY", if there is a key.
void signBearer(HttpRequest& request, const Secret& key);

/// Base URL and customary path: "https://host" + "/v1". A URL that has a path stays as it is.
[[nodiscard]] std::string basePath(const Endpoint& endpoint, std::string_view implicitPath);
/// `base` + `path`, once, also if the base ends with it already.
[[nodiscard]] std::string withPath(std::string base, std::string_view path);
/// `base` without `path` at its end.
[[nodiscard]] std::string withoutPath(std::string base, std::string_view path);
/// Percent-encodes everything but letters, digits and "-._~" (RFC 3986, section 2.3), and `also`.
[[nodiscard]] std::string percentEncoded(std::string_view text, std::string_view also = {});

} // namespace signalbox
