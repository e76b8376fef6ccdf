// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/providers/keychain.h>

#include <QMetaObject>

#include <map>
#include <memory>
#include <string>

namespace signalbox::test {

/// A keychain in memory, or one that is not there.
class FakeKeychain final : public Keychain
{
public:
    struct State
    {
        std::map<std::string, std::string> keys;
        bool present = true;
        int reads = 0;
    };
    explicit FakeKeychain(std::shared_ptr<State> state) : m_state(std::move(state)) {}

    void read(const std::string& name, QObject* context,
              std::function<void(Result<Secret>)> done) override
    {
        ++m_state->reads;
        const auto found = m_state->keys.find(name);
        Result<Secret> result = fail(ErrorCode::IoError, "No keychain.");
        if (m_state->present && found == m_state->keys.end())
            result = fail(ErrorCode::NotFound, "No such key.");
        else if (m_state->present)
            result = Secret(found->second);
        later(context, std::move(done), std::move(result));
    }
    void write(const std::string& name, const Secret& key, QObject* context,
               std::function<void(Result<void>)> done) override
    {
        if (m_state->present)
            m_state->keys[name] = key.reveal();
        later(context, std::move(done), plain());
    }
    void remove(const std::string& name, QObject* context,
                std::function<void(Result<void>)> done) override
    {
        m_state->keys.erase(name);
        later(context, std::move(done), plain());
    }

private:
    [[nodiscard]] Result<void> plain() const
    {
        if (m_state->present)
            return {};
        return fail(ErrorCode::IoError, "No keychain.");
    }
    template<class T>
    static void later(QObject* context, std::function<void(Result<T>)> done, Result<T> result)
    {
        QMetaObject::invokeMethod(
            context, [done = std::move(done), result = std::move(result)] { done(result); },
            Qt::QueuedConnection);
    }

    std::shared_ptr<State> m_state;
};

} // namespace signalbox::test
