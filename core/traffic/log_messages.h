// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_value.h"
#include "logged_request.h"
#include "text_arena.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// The role of a word of any chat interface ("developer", "human", "model", …).
[[nodiscard]] std::optional<Role> roleNamed(std::string_view word);

/// Reads what people and models said out of the shapes of chat interfaces: OpenAI's chats,
/// completions and responses, Anthropic's, Gemini's, OpenTelemetry's messages of parts, and plain
/// text. Texts go to the arena, which must live as long as they are used.
class MessageReader
{
public:
    explicit MessageReader(TextArena& arena) : m_arena(arena) {}

    /// Appends the messages of a list, a message, a request with "messages", or a text.
    /// @return  false if it is none of these; what could be read is appended all the same
    bool readMessages(const LogValue& value, std::vector<LoggedMessage>& out);
    /// The text of an answer, of a whole response, or of a list of messages; nothing if there is
    /// none.
    [[nodiscard]] std::optional<std::string_view> readResponse(const LogValue& value);

private:
    bool readMessage(simdjson::dom::element value, std::vector<LoggedMessage>& out);
    bool readRequest(const simdjson::dom::object& request, std::vector<LoggedMessage>& out);
    bool appendContent(simdjson::dom::element content, int& images, int depth);
    void appendText(std::string_view text);
    bool appendResponse(simdjson::dom::element value, int depth);
    bool appendElements(simdjson::dom::element value, int depth);
    std::string_view takeText() { return m_arena.copy(m_text); }

    TextArena& m_arena;
    std::string m_text = {}; ///< that is being put together
};

} // namespace signalbox::traffic_detail
