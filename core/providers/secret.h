// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>

namespace signalbox {

/// A key in memory. Wiped when it goes; has no way into a stream, a log or a QVariant, so that
/// whoever uses it has to write reveal() and be seen.
class Secret
{
public:
    Secret() = default;
    explicit Secret(std::string text) : m_text(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept { m_text.swap(other.m_text); }
    Secret& operator=(Secret other) noexcept
    {
        m_text.swap(other.m_text);
        return *this;
    }
    ~Secret()
    {
        volatile char* bytes = m_text.data();
        for (std::size_t i = 0; i < m_text.size(); ++i)
            bytes[i] = 0;
    }

    [[nodiscard]] bool isEmpty() const { return m_text.empty(); }
    [[nodiscard]] const std::string& reveal() const { return m_text; }

private:
    std::string m_text;
};

} // namespace signalbox
