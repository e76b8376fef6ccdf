// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_message.h"
#include "secret.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// What AWS signs requests with. In one key, wherever that is kept (keychain:NAME, env:NAME):
///     ACCESS_KEY_ID:SECRET_ACCESS_KEY
///     ACCESS_KEY_ID:SECRET_ACCESS_KEY:SESSION_TOKEN     (temporary, from STS or SSO)
/// so that one reference, one grant and one entry of the keychain serve as for any other key. The
/// secret never leaves this computer; the other two parts are sent.
struct AwsKey
{
    std::string accessKeyId;
    Secret secretAccessKey;
    Secret sessionToken; ///< empty: none
};

/// The parts of such a key; nothing if it is none, and then it is a Bedrock API key, which has no
/// colon. An access key id is 16 to 128 capital letters and digits.
[[nodiscard]] std::optional<AwsKey> awsKeyOf(const Secret& key);

/// Whether a label of a host name is the name of a region, as AWS gives them: "us-gov-west-1".
[[nodiscard]] bool isAwsRegion(std::string_view label);
/// The region in a host name of AWS; us-east-1 if there is none, as behind a proxy.
[[nodiscard]] std::string awsRegionOf(std::string_view host);

/// Adds the headers of Signature Version 4: X-Amz-Date, X-Amz-Security-Token, Authorization. The
/// request is whole by then: URL with all that is to be escaped, body, content type.
/// The canonical path is the path of the URL escaped once more, as for every service but S3.
/// Source: AWS, "Create a signed AWS API request".
void signAws(HttpRequest& request, const AwsKey& key, const std::string& region,
             const std::string& service, std::int64_t nowUnixMs);

} // namespace signalbox
