// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace signalbox {

/// What kind of failure an Error is, for programs; people read its message.
enum class ErrorCode {
    InvalidArgument, ///< the caller or the document asked for something that cannot be
    ParseError,      ///< the input is not in the format it claims
    NotFound,        ///< a file, id or row that is not there
    Unsupported,     ///< known, but not by this version (a newer schema, an unknown dialect)
    TooLarge,        ///< a stated limit was exceeded
    IoError,         ///< disk or operating system
    NetworkError,    ///< no answer from the other side, or not a whole one
    Refused,         ///< the other side, or a gate, said no
    Cancelled,       ///< somebody asked to stop
    Internal,        ///< our mistake
};

/// Stable machine name of a code, e.g. "parseError".
[[nodiscard]] const char* errorCodeName(ErrorCode code);

/// A failure as a value: a code for programs, a sentence for people, the place if there is one
/// (file, line or JSON path) and what to try next.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string message; ///< one sentence, no trailing newline, never a key, prompt or answer
    std::string where;   ///< "rules[3].when.value", "/path/file.json", "line 12"; may be empty
    std::string hint;    ///< what to do next; may be empty

    bool operator==(const Error&) const = default;
};

/// "where: message (hint)" with the empty parts left out, and the place where the message begins
/// with it.
[[nodiscard]] std::string toString(const Error& error);

template<class T> using Result = tl::expected<T, Error>;

using Unexpected = tl::unexpected<Error>;

/// Shorthand for returning a failure: `return fail(ErrorCode::NotFound, "…", path);`
[[nodiscard]] inline Unexpected fail(ErrorCode code, std::string message, std::string where = {},
                                     std::string hint = {})
{
    return Unexpected(Error{code, std::move(message), std::move(where), std::move(hint)});
}

} // namespace signalbox
