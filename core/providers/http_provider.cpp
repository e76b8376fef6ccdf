// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_provider.h"

#include "http_chat_stream.h"

#include <core/base/clock.h>

#include <iterator>
#include <utility>

namespace signalbox {

namespace {

constexpr int kMostPages = 50;

using Listed = Result<std::vector<ModelListing>>;

/// A list of models on its way, page by page.
struct ModelListFetch
{
    const ChatDialect& dialect;
    std::shared_ptr<HttpTransport> transport;
    Endpoint endpoint;
    Secret key;
    QObject* context; ///< alive whenever one of its callbacks is called
    std::function<void(Listed)> done;
    std::vector<ModelListing> models = {};
    int pages = 0;
};

/// Errors as sentences without the key.
Result<ModelPage> modelPageOf(const HttpAnswer& answer, const ModelListFetch& fetch)
{
    const ModelList list = fetch.dialect.models(fetch.endpoint);
    const Secret sent = fetch.dialect.sentPart(fetch.key);
    const CallContext call{fetch.endpoint.server, list.url, {},
                           !fetch.key.isEmpty(),  {},       Redaction(sent.reveal(), {})};
    const bool bodyEnded = answer.end == TransferEnd::Whole || answer.end == TransferEnd::Closed;
    if (answer.status != 0 && (answer.status < 200 || answer.status >= 300))
        return Unexpected(withoutKey(failureOfStatus(answer.status, complaintOfBody(answer.body),
                                                     &answer.headers, systemClock().unixMs(), call)
                                         .failed.error,
                                     sent));
    if (!bodyEnded)
        return Unexpected(failureOfTransfer(answer.end, call).failed.error);
    auto page = readModelPage(answer.body, *list.shape);
    if (!page) {
        page.error().where = fetch.endpoint.server;
        return page;
    }
    for (ModelListing& model : page->models)
        model.id = call.unspoken.withoutKey(std::move(model.id));
    return page;
}

void fetchPage(const std::shared_ptr<ModelListFetch>& fetch, const std::string& page)
{
    const auto read = [fetch, page](const HttpAnswer& answer) {
        auto next = modelPageOf(answer, *fetch);
        if (!next) {
            fetch->done(Unexpected(next.error()));
            return;
        }
        std::ranges::move(next->models, std::back_inserter(fetch->models));
        const bool isMore = !next->next.empty() && next->next != page;
        if (isMore && ++fetch->pages < kMostPages)
            fetchPage(fetch, next->next);
        else
            fetch->done(std::move(fetch->models));
    };
    fetchWhole(*fetch->transport,
               modelsHttpRequest(fetch->dialect, fetch->endpoint, fetch->key, page,
                                 systemClock().unixMs()),
               fetch->context, read);
}

} // namespace

HttpProvider::HttpProvider(const ChatDialect& dialect, std::shared_ptr<HttpTransport> transport,
                           std::shared_ptr<KeyStore> keys, Options options, QObject* parent)
    : ChatProvider(parent), m_dialect(dialect), m_transport(std::move(transport)),
      m_keys(std::move(keys)), m_options(options), m_jitter(options.jitterSeed)
{}

HttpProvider::HttpProvider(const ChatDialect& dialect, std::shared_ptr<HttpTransport> transport,
                           std::shared_ptr<KeyStore> keys, QObject* parent)
    : HttpProvider(dialect, std::move(transport), std::move(keys), Options(), parent)
{}

HttpProvider::~HttpProvider() = default;

std::unique_ptr<ChatStream> HttpProvider::start(const ChatRequest& request)
{
    Options options = m_options;
    options.jitterSeed = m_jitter.next(); // no two streams wait alike
    return makeHttpChatStream(m_dialect, request, m_transport, m_keys, options);
}

void HttpProvider::listModels(const std::string& baseUrl, const std::string& keyRef,
                              QObject* context, std::function<void(Listed)> done)
{
    auto endpoint = endpointOfModel(m_dialect.name(), baseUrl);
    // Some vendors list models at another host than they answer at; the key is asked for that one.
    auto listed = endpoint;
    if (endpoint) {
        const std::string url = m_dialect.models(*endpoint).url;
        listed = parseEndpoint(std::string_view(url).substr(0, url.find('?')));
    }
    if (!listed) {
        QMetaObject::invokeMethod(
            context, [done = std::move(done), error = listed.error()] { done(Unexpected(error)); },
            Qt::QueuedConnection);
        return;
    }
    const auto ask =
        [fetch = std::make_shared<ModelListFetch>(ModelListFetch{
             m_dialect, m_transport, std::move(*endpoint), {}, context, std::move(done)})](
            const Result<Secret>& key) {
            if (!key) {
                fetch->done(Unexpected(key.error()));
                return;
            }
            fetch->key = *key;
            fetchPage(fetch, {});
        };
    m_keys->resolve(keyRef, *listed, context, ask);
}

} // namespace signalbox
