// SPDX-License-Identifier: Apache-2.0
#include "result.h"

#include <string_view>

namespace signalbox {

namespace {

/// Is the word, or several, what a text begins with, and not only the begin of a longer word?
bool beginsWithWord(std::string_view text, std::string_view word)
{
    return text.starts_with(word) && (text.size() == word.size() || text[word.size()] == ' ');
}

} // namespace

const char* errorCodeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return "invalidArgument";
    case ErrorCode::ParseError:
        return "parseError";
    case ErrorCode::NotFound:
        return "notFound";
    case ErrorCode::Unsupported:
        return "unsupported";
    case ErrorCode::TooLarge:
        return "tooLarge";
    case ErrorCode::IoError:
        return "ioError";
    case ErrorCode::NetworkError:
        return "networkError";
    case ErrorCode::Refused:
        return "refused";
    case ErrorCode::Cancelled:
        return "cancelled";
    case ErrorCode::Internal:
        return "internal";
    }
    return "internal";
}

std::string toString(const Error& error)
{
    std::string text;
    if (!error.where.empty() && !beginsWithWord(error.message, error.where)) {
        text += error.where;
        text += ": ";
    }
    text += error.message;
    if (!error.hint.empty()) {
        text += " (";
        text += error.hint;
        text += ')';
    }
    return text;
}

} // namespace signalbox
