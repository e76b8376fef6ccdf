// SPDX-License-Identifier: Apache-2.0
#include "name_leaks.h"

#include <core/base/ascii.h>

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

constexpr std::array kTellingNames = {
    std::string_view("ChatGPT"),     std::string_view("GPT"),
    std::string_view("OpenAI"),      std::string_view("Claude"),
    std::string_view("Anthropic"),   std::string_view("Gemini"),
    std::string_view("Gemma"),       std::string_view("Bard"),
    std::string_view("PaLM"),        std::string_view("DeepMind"),
    std::string_view("Llama"),       std::string_view("Meta AI"),
    std::string_view("Mistral"),     std::string_view("Mixtral"),
    std::string_view("Qwen"),        std::string_view("Alibaba Cloud"),
    std::string_view("DeepSeek"),    std::string_view("Cohere"),
    std::string_view("Grok"),        std::string_view("xAI"),
    std::string_view("Copilot"),     std::string_view("Kimi"),
    std::string_view("Moonshot AI"), std::string_view("Nemotron"),
    std::string_view("Zhipu"),       std::string_view("ChatGLM"),
    std::string_view("Ernie Bot"),
};

/// Bytes of other scripts count as letters: a name inside of a word of theirs is none.
bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool isNameByte(char c)
{
    return (isWordByte(c) && static_cast<unsigned char>(c) < 0x80) || c == '-' || c == '.' ||
           c == '_' || c == ':';
}

bool startsWithFolded(std::string_view text, std::string_view name)
{
    return text.size() >= name.size() &&
           std::equal(name.begin(), name.end(), text.begin(),
                      [](char a, char b) { return foldAscii(a) == foldAscii(b); });
}

/// The end of the version or variant that follows a name: "-4o" after "GPT".
std::size_t endOfName(std::string_view text, std::size_t end)
{
    std::size_t last = end;
    for (std::size_t i = end; i < text.size() && isNameByte(text[i]); ++i) {
        if (isWordByte(text[i]))
            last = i + 1;
    }
    return last;
}

/// Length of the longest name that stands there as a word; 0 if none does.
std::size_t lengthAt(std::string_view text, std::size_t offset, std::string_view name)
{
    if (name.size() < 2 || !startsWithFolded(text.substr(offset), name))
        return 0;
    const std::size_t end = offset + name.size();
    // A longer word that only begins like the name ("Bardolino") is not it; digits may follow.
    const bool isWord =
        end == text.size() || !isWordByte(text[end]) || (text[end] >= '0' && text[end] <= '9');
    return isWord ? endOfName(text, end) - offset : 0;
}

} // namespace

std::span<const std::string_view> tellingNames()
{
    return kTellingNames;
}

std::vector<NameLeak> nameLeaks(std::string_view text, std::span<const std::string> own)
{
    std::vector<NameLeak> leaks;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!isWordByte(text[i]) || (i > 0 && isWordByte(text[i - 1])))
            continue;
        std::size_t longest = 0;
        for (const std::string_view name : kTellingNames)
            longest = std::max(longest, lengthAt(text, i, name));
        for (const std::string& name : own)
            longest = std::max(longest, lengthAt(text, i, name));
        if (longest == 0)
            continue;
        leaks.push_back({i, longest});
        i += longest - 1;
    }
    return leaks;
}

std::string withoutNames(std::string_view text, std::span<const std::string> own)
{
    std::string result;
    std::size_t from = 0;
    for (const NameLeak& leak : nameLeaks(text, own)) {
        result += text.substr(from, leak.offset - from);
        result += "[name]";
        from = leak.offset + leak.length;
    }
    result += text.substr(from);
    return result;
}

} // namespace signalbox
