// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store_open.h"

#include <core/base/result.h>

#include <QFuture>
#include <QPromise>

#include <functional>
#include <memory>
#include <utility>

namespace signalbox {

/// Reads from a store on a thread of its own, one question after the other, in the order asked. It
/// sees what is on disk. A connection that is lost is made anew, and the question asked once more.
class StoreReader
{
public:
    /// @param before  called once on the reader's thread, before it opens the store; may block
    StoreReader(StoreAddress address, StoreOptions options, std::function<void()> before = {});
    /// Waits for the question that is being answered; the others are Cancelled.
    ~StoreReader();
    StoreReader(const StoreReader&) = delete;
    StoreReader& operator=(const StoreReader&) = delete;

    /// @param question  Result<T>(StoreConnection&), on the reader's thread; may be called twice
    template<class T, class Question> [[nodiscard]] QFuture<Result<T>> ask(Question question)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        add([promise, question = std::move(question)](Result<StoreConnection*> store) {
            Result<T> answer = store ? question(**store) : Result<T>(Unexpected(store.error()));
            if (!answer && store && answer.error().code == ErrorCode::NetworkError)
                return false;
            promise->addResult(std::move(answer));
            promise->finish();
            return true;
        });
        return future;
    }

private:
    /// Answers, or is told why there is no store. False: the connection is lost, ask again.
    using Job = std::function<bool(Result<StoreConnection*>)>;
    void add(Job job);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox
