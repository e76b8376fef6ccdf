// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "endpoint.h"
#include "keychain.h"
#include "secret.h"

#include <core/base/result.h>

#include <QObject>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace signalbox {

/// A person's consent that the key behind `keyRef` may go to `origin`. Holds no key.
struct KeyGrant
{
    std::string keyRef; ///< "env:NAME" or "keychain:NAME"
    std::string origin; ///< Endpoint::origin
    auto operator<=>(const KeyGrant&) const = default;
};

/// Finds keys by reference and guards where they go. A policy file is foreign text: it may name any
/// variable of this machine and any address. So a key goes only
///  - to an origin that was granted for its reference: by a person (allow(), or by entering a key
///    for that address), or because it is the vendor's own (env:OPENAI_API_KEY at api.openai.com);
///  - and never in the clear over a network: plain http only to loopback, or, for a key of the
///    keychain, to exactly the http address it was granted for.
/// Lives on the GUI thread. Grants belong into the settings; keys live in the environment, the
/// keychain, or in memory until the program ends.
class KeyStore : public QObject
{
    Q_OBJECT
public:
    explicit KeyStore(std::unique_ptr<Keychain> keychain, QObject* parent = nullptr);
    ~KeyStore() override;

    enum class Access {
        NoKey, ///< the reference is empty
        Granted,
        NeedsConsent, ///< ask the person, then allow()
        NotEncrypted, ///< cannot be allowed
        BadReference, ///< neither env:NAME nor keychain:NAME
    };
    [[nodiscard]] Access access(const std::string& keyRef, const Endpoint& endpoint) const;

    /// What a person consented to, for the settings. Setting it replaces all.
    [[nodiscard]] const std::vector<KeyGrant>& grants() const { return m_grants; }
    void setGrants(std::vector<KeyGrant> grants);
    void allow(const std::string& keyRef, const Endpoint& endpoint);
    void revoke(const KeyGrant& grant);

    /// The key for a request to `endpoint`, empty for an empty reference; an error says what is
    /// missing and what to do. `done` is called later, once, on this thread, unless `context` dies.
    void resolve(const std::string& keyRef, const Endpoint& endpoint, QObject* context,
                 std::function<void(Result<Secret>)> done);

    /// Keeps a key for "keychain:NAME" in the keychain and grants it to `endpoint`. When there is
    /// no keychain the key serves until the program ends, and `done` gets the error that says so.
    void keep(const std::string& name, const Secret& key, const Endpoint& endpoint,
              QObject* context, std::function<void(Result<void>)> done);
    /// Removes the key and its grants.
    void forget(const std::string& name, QObject* context, std::function<void(Result<void>)> done);

signals:
    void grantsChanged();

private:
    [[nodiscard]] Result<void> check(const std::string& keyRef, const Endpoint& endpoint) const;
    void grant(KeyGrant grant);

    std::unique_ptr<Keychain> m_keychain;
    std::vector<KeyGrant> m_grants;           ///< sorted
    std::map<std::string, Secret> m_inMemory; ///< by name in the keychain
};

} // namespace signalbox
