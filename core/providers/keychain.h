// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "secret.h"

#include <core/base/result.h>

#include <functional>
#include <memory>
#include <string>

class QObject;

namespace signalbox {

/// Where keys are kept between starts. Answers come later, on the thread of `context`, once, unless
/// it dies first. A machine without a keychain gives errors, nothing worse.
class Keychain
{
public:
    virtual ~Keychain() = default;
    /// NotFound if there is no such entry.
    virtual void read(const std::string& name, QObject* context,
                      std::function<void(Result<Secret>)> done) = 0;
    virtual void write(const std::string& name, const Secret& key, QObject* context,
                       std::function<void(Result<void>)> done) = 0;
    virtual void remove(const std::string& name, QObject* context,
                        std::function<void(Result<void>)> done) = 0;
};

/// The desktop's own: Secret Service or KWallet on Linux.
[[nodiscard]] std::unique_ptr<Keychain> systemKeychain();

} // namespace signalbox
