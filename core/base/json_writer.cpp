// SPDX-License-Identifier: Apache-2.0
#include "json.h"
#include "utf8.h"

#include <nlohmann/json.hpp>

namespace signalbox {

namespace {

constexpr std::size_t kOneLineLimit = 100; ///< bytes
constexpr int kOneLineLevels = 3;

std::string scalarText(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Writes pretty text. Its depth is that of the value, which our own documents bound.
class Writer
{
public:
    std::string write(const Json& json)
    {
        writeValue(json, 0, 0);
        m_out += '\n';
        return std::move(m_out);
    }

private:
    /// @param used  bytes that stand before the value on its line
    void writeValue(const Json& json, std::size_t level, std::size_t used)
    {
        if (!json.is_structured()) {
            m_out += scalarText(json);
            return;
        }
        if (json.empty()) {
            m_out += json.is_array() ? "[]" : "{}";
            return;
        }
        if (level > 0) {
            const std::size_t before = m_out.size();
            if (writeFlat(json, kOneLineLevels,
                          before + kOneLineLimit - std::min(used, kOneLineLimit)))
                return;
            m_out.resize(before);
        }
        m_out += json.is_array() ? '[' : '{';
        bool first = true;
        for (const auto& item : json.items()) {
            m_out += first ? "\n" : ",\n";
            first = false;
            const std::size_t lineStart = m_out.size();
            m_out.append(2 * (level + 1), ' ');
            if (json.is_object())
                m_out += scalarText(item.key()) + ": ";
            writeValue(item.value(), level + 1, m_out.size() - lineStart);
        }
        m_out += '\n';
        m_out.append(2 * level, ' ');
        m_out += json.is_array() ? ']' : '}';
    }

    /// Tries one line; false if it holds too many levels or passes `end`, output then unspecified.
    bool writeFlat(const Json& json, int levels, std::size_t end)
    {
        if (!json.is_structured()) {
            m_out += scalarText(json);
            return m_out.size() <= end;
        }
        if (levels == 0 && !json.empty())
            return false;
        m_out += json.is_array() ? '[' : '{';
        bool first = true;
        for (const auto& item : json.items()) {
            if (!first)
                m_out += ", ";
            first = false;
            if (json.is_object())
                m_out += scalarText(item.key()) + ": ";
            if (!writeFlat(item.value(), levels - 1, end))
                return false;
        }
        m_out += json.is_array() ? ']' : '}';
        return m_out.size() <= end;
    }

    std::string m_out;
};
} // namespace

std::string toJsonText(const Json& json)
{
    return Writer().write(json);
}

std::string toCompactJsonText(const Json& json)
{
    return scalarText(json);
}

} // namespace signalbox
