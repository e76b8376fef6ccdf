// SPDX-License-Identifier: Apache-2.0
#include "xml_events.h"

#include <expat.h>

namespace signalbox::sheets_detail {

namespace {

std::string_view withoutPrefix(std::string_view name)
{
    const std::size_t colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

struct FreeParser
{
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

} // namespace

std::optional<std::string_view> XmlAttributes::find(std::string_view name) const
{
    for (const char** pair = m_pairs; *pair; pair += 2) {
        if (withoutPrefix(pair[0]) == name)
            return std::string_view(pair[1]);
    }
    return std::nullopt;
}

std::string_view XmlAttributes::text(std::string_view name) const
{
    return find(name).value_or(std::string_view());
}

struct XmlParser::Impl
{
    XmlListener& listener;
    std::string part;
    std::unique_ptr<XML_ParserStruct, FreeParser> parser;

    static Impl& of(void* data) { return *static_cast<Impl*>(data); }

    void stopIfTold()
    {
        if (listener.objection)
            XML_StopParser(parser.get(), XML_FALSE);
    }

    static void begin(void* data, const char* name, const char** attributes)
    {
        of(data).listener.begin(withoutPrefix(name), XmlAttributes(attributes));
        of(data).stopIfTold();
    }
    static void end(void* data, const char* name)
    {
        of(data).listener.end(withoutPrefix(name));
        of(data).stopIfTold();
    }
    static void text(void* data, const char* text, int size)
    {
        of(data).listener.text({text, static_cast<std::size_t>(size)});
        of(data).stopIfTold();
    }
    static void refuseDocumentType(void* data, const char*, const char*, const char*, int)
    {
        of(data).listener.objection = Error{ErrorCode::ParseError,
                                            "it declares a document type, which no workbook does",
                                            of(data).part,
                                            {}};
        of(data).stopIfTold();
    }
};

XmlParser::XmlParser(XmlListener& listener, std::string part)
    : m_impl(std::make_unique<Impl>(
          Impl{listener, std::move(part),
               std::unique_ptr<XML_ParserStruct, FreeParser>(XML_ParserCreate(nullptr))}))
{
    XML_Parser parser = m_impl->parser.get();
    XML_SetUserData(parser, m_impl.get());
    XML_SetElementHandler(parser, &Impl::begin, &Impl::end);
    XML_SetCharacterDataHandler(parser, &Impl::text);
    XML_SetStartDoctypeDeclHandler(parser, &Impl::refuseDocumentType);
}

XmlParser::~XmlParser() = default;

Result<void> XmlParser::feed(std::string_view piece, bool isLast)
{
    XML_Parser parser = m_impl->parser.get();
    const XML_Status status =
        XML_Parse(parser, piece.data(), static_cast<int>(piece.size()), isLast ? 1 : 0);
    if (m_impl->listener.objection)
        return Unexpected(*m_impl->listener.objection);
    if (status == XML_STATUS_OK)
        return {};
    return fail(ErrorCode::ParseError,
                "line " + std::to_string(XML_GetCurrentLineNumber(parser)) + ": " +
                    XML_ErrorString(XML_GetErrorCode(parser)),
                m_impl->part, "open it in a spreadsheet program and save it again");
}

} // namespace signalbox::sheets_detail
