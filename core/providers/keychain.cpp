// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychain.h"

#include <QObject>
#include <QString>
#include <qt6keychain/keychain.h>

#include <utility>

namespace signalbox {

namespace {

/// Turns the end of a job into an Error. The library's own text names no keys.
Error errorOf(const QKeychain::Job& job)
{
    const std::string name = "keychain:" + job.key().toStdString();
    if (job.error() == QKeychain::EntryNotFound)
        return {ErrorCode::NotFound, "The keychain holds no key of this name.", name,
                "Enter the key in the settings."};
    return {ErrorCode::IoError,
            "The keychain cannot be used: " + job.errorString().toStdString() + ".", name,
            "Unlock or install a keychain (GNOME Keyring, KWallet), or put the key into an "
            "environment variable and name it with env:."};
}

class SystemKeychain final : public Keychain
{
public:
    void read(const std::string& name, QObject* context,
              std::function<void(Result<Secret>)> done) override
    {
        auto* job = new QKeychain::ReadPasswordJob(serviceName());
        const auto finish = [job, done = std::move(done)] {
            if (job->error() != QKeychain::NoError)
                done(tl::unexpected(errorOf(*job)));
            else
                done(Secret(job->textData().toStdString()));
        };
        run(job, name, context, finish);
    }

    void write(const std::string& name, const Secret& key, QObject* context,
               std::function<void(Result<void>)> done) override
    {
        auto* job = new QKeychain::WritePasswordJob(serviceName());
        job->setTextData(QString::fromStdString(key.reveal()));
        run(job, name, context, [job, done = std::move(done)] { finishPlain(*job, done); });
    }

    void remove(const std::string& name, QObject* context,
                std::function<void(Result<void>)> done) override
    {
        auto* job = new QKeychain::DeletePasswordJob(serviceName());
        run(job, name, context, [job, done = std::move(done)] { finishPlain(*job, done); });
    }

private:
    static QString serviceName() { return QStringLiteral("signalbox"); }

    /// The job deletes itself, also when nobody waits for it any more.
    template<class Finish>
    void run(QKeychain::Job* job, const std::string& name, QObject* context, Finish finish)
    {
        job->setKey(QString::fromStdString(name));
        QObject::connect(job, &QKeychain::Job::finished, context, std::move(finish));
        job->start();
    }

    static void finishPlain(const QKeychain::Job& job,
                            const std::function<void(Result<void>)>& done)
    {
        if (job.error() != QKeychain::NoError)
            done(tl::unexpected(errorOf(job)));
        else
            done({});
    }
};

} // namespace

std::unique_ptr<Keychain> systemKeychain()
{
    return std::make_unique<SystemKeychain>();
}

} // namespace signalbox
