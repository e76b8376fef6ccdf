// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chat_dialect.h"

namespace signalbox {

/// "bedrock": Converse of Amazon Bedrock, in AWS's binary framing. The base URL names the region:
/// https://bedrock-runtime.eu-west-1.amazonaws.com. The key is a Bedrock API key, sent as Bearer,
/// or an access key in the form of AwsKey, which signs. There is no seed.
[[nodiscard]] const ChatDialect& bedrockConverse();

} // namespace signalbox
