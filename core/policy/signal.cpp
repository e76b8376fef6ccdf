// SPDX-License-Identifier: Apache-2.0
#include "signal.h"

namespace signalbox {

namespace {

struct TypeOfSource
{
    ValueType operator()(const ScoreSource& /*source*/) const { return ValueType::Number; }
    ValueType operator()(const MeasureSource& /*source*/) const { return ValueType::Number; }
    ValueType operator()(const KeywordsSource& /*source*/) const { return ValueType::Boolean; }
    ValueType operator()(const ContainsSource& /*source*/) const { return ValueType::Boolean; }
    ValueType operator()(const RegexSource& /*source*/) const { return ValueType::Boolean; }
    ValueType operator()(const ScriptSource& /*source*/) const { return ValueType::String; }
    ValueType operator()(const StyleSource& /*source*/) const { return ValueType::String; }
    ValueType operator()(const MetadataSource& source) const { return source.type; }
    ValueType operator()(const HeaderSource& source) const { return source.type; }
    ValueType operator()(const FieldSource& source) const
    {
        switch (source.field) {
        case RequestField::Turn:
        case RequestField::Messages:
        case RequestField::MaxTokens:
            return ValueType::Number;
        case RequestField::HasTools:
        case RequestField::HasImages:
            return ValueType::Boolean;
        case RequestField::RequestedModel:
        case RequestField::LastRole:
            break;
        }
        return ValueType::String;
    }
    ValueType operator()(const TimeWindowSource& /*source*/) const { return ValueType::Boolean; }
    ValueType operator()(const UsageSource& /*source*/) const { return ValueType::Number; }
};

} // namespace

std::span<const std::string_view> scriptNames()
{
    static constexpr std::string_view kNames[] = {"latin",      "cyrillic", "greek", "han",
                                                  "kana",       "hangul",   "thai",  "arabic",
                                                  "devanagari", "hebrew",   "other", "none"};
    return kNames;
}

ValueType valueTypeOf(const Signal& signal)
{
    return std::visit(TypeOfSource{}, signal.source);
}

} // namespace signalbox
