// SPDX-License-Identifier: GPL-3.0-or-later
#include "key_store.h"

#include "vendor_keys.h"

#include <QMetaObject>
#include <QPointer>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

constexpr std::string_view kEnvironment = "env:";
constexpr std::string_view kKeychain = "keychain:";

/// The part after the prefix, if the reference is one of this kind with a usable name. Names of
/// variables are narrow, so that a key written there by mistake is refused and not repeated.
std::string nameOf(const std::string& keyRef, std::string_view prefix)
{
    if (!keyRef.starts_with(prefix))
        return {};
    const std::string name = keyRef.substr(prefix.size());
    const auto usable = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || (prefix == kKeychain && (c == '-' || c == '.'));
    };
    return name.size() <= 64 && std::ranges::all_of(name, usable) ? name : std::string();
}

/// A key as it may stand in a header: without blanks around it, and without control characters,
/// which would make a second header of it.
Result<Secret> usableKey(std::string text, const std::string& keyRef)
{
    const auto isBlank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    while (!text.empty() && isBlank(text.back()))
        text.pop_back();
    text.erase(text.begin(), std::ranges::find_if_not(text, isBlank));
    const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
    Secret key(std::move(text));
    if (key.isEmpty())
        return fail(ErrorCode::NotFound, "The key is empty.", keyRef, "Enter it again.");
    if (!plain)
        return fail(ErrorCode::InvalidArgument,
                    "The key holds blanks or characters that no key has.", keyRef,
                    "Copy it again, without anything around it.");
    return key;
}

Result<Secret> keyOfEnvironment(const std::string& variable)
{
    const char* value = std::getenv(variable.c_str());
    if (!value || !*value)
        return fail(ErrorCode::NotFound, "The environment variable " + variable + " is not set.",
                    "env:" + variable,
                    "Set it and start Signalbox again, or enter the key in the settings.");
    return usableKey(value, "env:" + variable);
}

} // namespace

KeyStore::KeyStore(std::unique_ptr<Keychain> keychain, QObject* parent)
    : QObject(parent), m_keychain(std::move(keychain))
{}

KeyStore::~KeyStore() = default;

KeyStore::Access KeyStore::access(const std::string& keyRef, const Endpoint& endpoint) const
{
    if (keyRef.empty())
        return Access::NoKey;
    const std::string variable = nameOf(keyRef, kEnvironment);
    if (variable.empty() && nameOf(keyRef, kKeychain).empty())
        return Access::BadReference;
    if (!variable.empty() && !endpoint.encrypted && !endpoint.loopback)
        return Access::NotEncrypted;
    const bool granted = std::ranges::binary_search(m_grants, KeyGrant{keyRef, endpoint.origin}) ||
                         isVendorsOwnKey(variable, endpoint);
    return granted ? Access::Granted : Access::NeedsConsent;
}

void KeyStore::setGrants(std::vector<KeyGrant> grants)
{
    std::ranges::sort(grants);
    grants.erase(std::unique(grants.begin(), grants.end()), grants.end());
    if (grants == m_grants)
        return;
    m_grants = std::move(grants);
    emit grantsChanged();
}

void KeyStore::allow(const std::string& keyRef, const Endpoint& endpoint)
{
    if (access(keyRef, endpoint) == Access::NeedsConsent)
        grant({keyRef, endpoint.origin});
}

void KeyStore::revoke(const KeyGrant& grant)
{
    std::vector<KeyGrant> left = m_grants;
    std::erase(left, grant);
    setGrants(std::move(left));
}

void KeyStore::grant(KeyGrant grant)
{
    std::vector<KeyGrant> more = m_grants;
    more.push_back(std::move(grant));
    setGrants(std::move(more));
}

Result<void> KeyStore::check(const std::string& keyRef, const Endpoint& endpoint) const
{
    switch (access(keyRef, endpoint)) {
    case Access::NoKey:
    case Access::Granted:
        return {};
    case Access::NeedsConsent:
        return fail(ErrorCode::Refused,
                    "The key " + keyRef + " is not allowed to go to " + endpoint.origin + ".",
                    keyRef, "If you trust that server with it, allow it in the settings.");
    case Access::NotEncrypted:
        return fail(ErrorCode::Refused,
                    "The key " + keyRef + " is not sent to " + endpoint.origin +
                        ", for everybody between could read it.",
                    keyRef, "Use https, or a tunnel to 127.0.0.1.");
    case Access::BadReference:
        break;
    }
    return fail(ErrorCode::InvalidArgument, "The key reference cannot be read.", {},
                "Write env:NAME for an environment variable, keychain:NAME for the keychain; "
                "never the key itself.");
}

void KeyStore::resolve(const std::string& keyRef, const Endpoint& endpoint, QObject* context,
                       std::function<void(Result<Secret>)> done)
{
    const auto later = [&](Result<Secret> result) {
        QMetaObject::invokeMethod(
            context, [done = std::move(done), result = std::move(result)] { done(result); },
            Qt::QueuedConnection);
    };
    if (const auto allowed = check(keyRef, endpoint); !allowed)
        return later(tl::unexpected(allowed.error()));
    if (keyRef.empty())
        return later(Secret());
    if (const std::string variable = nameOf(keyRef, kEnvironment); !variable.empty())
        return later(keyOfEnvironment(variable));
    const std::string name = nameOf(keyRef, kKeychain);
    if (const auto known = m_inMemory.find(name); known != m_inMemory.end())
        return later(known->second);
    // Kept in memory from then on: a run of the lab asks hundreds of times.
    const auto remember = [store = QPointer<KeyStore>(this), name, keyRef,
                           done = std::move(done)](const Result<Secret>& read) {
        const Result<Secret> key = read ? usableKey(read->reveal(), keyRef) : read;
        if (key && store)
            store->m_inMemory[name] = *key;
        done(key);
    };
    m_keychain->read(name, context, remember);
}

void KeyStore::keep(const std::string& name, const Secret& key, const Endpoint& endpoint,
                    QObject* context, std::function<void(Result<void>)> done)
{
    const std::string keyRef = std::string(kKeychain) + name;
    Result<Secret> usable = usableKey(key.reveal(), keyRef);
    if (usable && nameOf(keyRef, kKeychain).empty())
        usable = fail(ErrorCode::InvalidArgument, "The name of the key cannot be used.", {},
                      "Use letters, digits, dots, hyphens and underscores.");
    if (!usable) {
        QMetaObject::invokeMethod(
            context,
            [done = std::move(done), error = usable.error()] { done(tl::unexpected(error)); },
            Qt::QueuedConnection);
        return;
    }
    m_inMemory[name] = *usable;
    // A key that is entered anew is bound to the address it is entered for, and to no older one.
    std::vector<KeyGrant> grants = m_grants;
    std::erase_if(grants, [&](const KeyGrant& grant) { return grant.keyRef == keyRef; });
    grants.push_back({keyRef, endpoint.origin});
    setGrants(std::move(grants));
    m_keychain->write(name, *usable, context, std::move(done));
}

void KeyStore::forget(const std::string& name, QObject* context,
                      std::function<void(Result<void>)> done)
{
    const std::string keyRef = std::string(kKeychain) + name;
    m_inMemory.erase(name);
    std::vector<KeyGrant> left = m_grants;
    std::erase_if(left, [&](const KeyGrant& grant) { return grant.keyRef == keyRef; });
    setGrants(std::move(left));
    m_keychain->remove(name, context, std::move(done));
}

} // namespace signalbox
