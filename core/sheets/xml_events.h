// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

// Inside of core/sheets.
namespace signalbox::sheets_detail {

/// The attributes of an element while it begins.
class XmlAttributes
{
public:
    explicit XmlAttributes(const char** pairs) : m_pairs(pairs) {}
    /// By its name without a prefix.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    [[nodiscard]] std::string_view text(std::string_view name) const; ///< empty if absent

private:
    const char** m_pairs; ///< name, value, …, null
};

/// Hears a document; names come without their prefix.
class XmlListener
{
public:
    XmlListener() = default;
    XmlListener(const XmlListener&) = delete;
    XmlListener& operator=(const XmlListener&) = delete;
    virtual ~XmlListener() = default;

    virtual void begin(std::string_view element, const XmlAttributes& attributes) = 0;
    virtual void end(std::string_view element) = 0;
    virtual void text(std::string_view) {}
    /// Set by a listener that has heard enough, or what it cannot bear: nothing more comes.
    std::optional<Error> objection = {};
};

/// Reads a document in pieces and tells a listener. A document type is refused, so nothing in it
/// can stand for something longer.
class XmlParser
{
public:
    /// @param part  for errors
    XmlParser(XmlListener& listener, std::string part);
    XmlParser(const XmlParser&) = delete;
    XmlParser& operator=(const XmlParser&) = delete;
    ~XmlParser();

    /// ParseError if it is not well-formed; the listener's objection.
    [[nodiscard]] Result<void> feed(std::string_view piece, bool isLast);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace signalbox::sheets_detail
