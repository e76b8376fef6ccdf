// SPDX-License-Identifier: GPL-3.0-or-later
#include "curl_transport.h"

#include "endpoint.h"
#include "sleep_watch.h"
#include "thread_door.h"

#include <core/base/clock.h>

#include <QSocketNotifier>
#include <QThread>
#include <QTimer>
#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <unordered_map>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kHeaderLimitBytes = std::size_t{256} << 10;
constexpr std::size_t kDrainBytes = std::size_t{256} << 10;
constexpr std::chrono::milliseconds kDrainTime{1'000};
/// After as long without use libcurl drops a connection by itself, but its clock sleeps along.
constexpr long kConnectionSeconds = 118;

/// Notifiers and timers may have to go while their own signal is being handled.
struct LaterDeleter
{
    void operator()(QSocketNotifier* notifier) const
    {
        notifier->setEnabled(false);
        notifier->deleteLater();
    }
    void operator()(QTimer* timer) const
    {
        timer->stop();
        timer->deleteLater();
    }
};
using Notifier = std::unique_ptr<QSocketNotifier, LaterDeleter>;
using Timer = std::unique_ptr<QTimer, LaterDeleter>;

struct CurlDeleter
{
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\r\n";
    const auto begin = text.find_first_not_of(kBlank);
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

int statusOfLine(std::string_view statusLine)
{
    const auto space = statusLine.find(' ');
    int status = 0;
    if (space != std::string_view::npos)
        std::from_chars(statusLine.data() + space + 1, statusLine.data() + statusLine.size(),
                        status);
    return status;
}

/// One request under way.
struct Transfer
{
    TransferId id = 0;
    HttpRequest request;
    std::shared_ptr<TransferReader> reader; ///< null once its end was told
    std::unique_ptr<CURL, CurlDeleter> easy;
    std::unique_ptr<curl_slist, CurlDeleter> headerList;
    Timer timer;                          ///< of silence; of draining after Enough
    std::optional<TransferEnd> ourReason; ///< why we told libcurl to stop
    HttpHeaders headers;
    int status = 0;
    std::size_t headerBytes = 0;
    std::size_t bodyBytes = 0;
    std::size_t drainedBytes = 0;
    bool sent = false;
    bool headersDone = false;
    bool isHere = false; ///< its server is on this computer
    std::int64_t startedNs = 0;
    std::int64_t lastByteNs = 0;
    std::int64_t wokeNs = 0; ///< when the computer did, while this was under way

    void end(TransferEnd how)
    {
        if (const auto last = std::exchange(reader, nullptr))
            last->onEnd(how, systemClock().monotonicNs());
    }

    int onPrerequest();
    void onHeaderLine(std::string_view line);
    bool onBody(std::string_view bytes);
    [[nodiscard]] bool isFramed() const;
    /// Nothing has come since the computer woke up.
    [[nodiscard]] bool isInDoubt() const { return wokeNs > lastByteNs; }
    [[nodiscard]] TransferEnd endOf(CURLcode code) const;
};

/// The connection stands; the request goes out with the next write.
int Transfer::onPrerequest()
{
    lastByteNs = systemClock().monotonicNs();
    sent = true;
    if (reader)
        reader->onSent(lastByteNs, lastByteNs - startedNs);
    return CURL_PREREQFUNC_OK;
}

void Transfer::onHeaderLine(std::string_view line)
{
    if (headersDone)
        return; // trailers
    if (line.starts_with("HTTP/")) {
        headers.clear();
        status = statusOfLine(line);
        return;
    }
    const std::string_view text = trimmed(line);
    if (!text.empty()) {
        const auto colon = text.find(':');
        if (colon != std::string_view::npos)
            headers.add(std::string(trimmed(text.substr(0, colon))),
                        std::string(trimmed(text.substr(colon + 1))));
        return;
    }
    if (status < 200)
        return; // 100 Continue and the like: the answer is still to come
    headersDone = true;
    if (reader)
        reader->onHeaders(status, headers, lastByteNs);
}

/// False: stop the transfer.
bool Transfer::onBody(std::string_view bytes)
{
    if (!reader) {
        drainedBytes += bytes.size();
        return drainedBytes <= kDrainBytes;
    }
    const std::string_view encoding = headers.value("content-encoding");
    if (bodyBytes == 0 && !encoding.empty() && encoding != "identity") {
        ourReason = TransferEnd::Encoded;
        return false;
    }
    const std::size_t room = request.bodyLimitBytes - bodyBytes;
    if (bytes.size() > room) {
        ourReason = TransferEnd::TooLarge;
        bytes = bytes.substr(0, room);
    }
    bodyBytes += bytes.size();
    if (reader->onBody(bytes, lastByteNs) == TransferReader::Verdict::Enough) {
        // What follows an end marker is the framing's own end: reading it keeps the connection.
        reader.reset();
        timer->start(kDrainTime);
        return true;
    }
    return !ourReason;
}

bool Transfer::isFramed() const
{
    long version = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_HTTP_VERSION, &version);
    return version >= CURL_HTTP_VERSION_2_0 || headers.contains("content-length") ||
           headers.value("transfer-encoding").find("chunked") != std::string_view::npos;
}

TransferEnd Transfer::endOf(CURLcode code) const
{
    if (ourReason)
        return *ourReason;
    const bool isProven = code == CURLE_OK && headersDone && isFramed();
    if (isInDoubt() && sent && !isProven)
        return TransferEnd::LostInSleep;
    switch (code) {
    case CURLE_OK:
        if (!headersDone)
            return TransferEnd::NoAnswer;
        return isFramed() ? TransferEnd::Whole : TransferEnd::Closed;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return TransferEnd::NameUnknown;
    case CURLE_COULDNT_CONNECT:
        return TransferEnd::Refused;
    case CURLE_OPERATION_TIMEDOUT:
        return sent ? TransferEnd::TimedOut : TransferEnd::ConnectTimedOut;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return TransferEnd::Untrusted;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        return sent ? TransferEnd::NotHttp : TransferEnd::BadUrl;
    case CURLE_URL_MALFORMAT:
        return TransferEnd::BadUrl;
    default:
        return headersDone ? TransferEnd::Cut : sent ? TransferEnd::NoAnswer : TransferEnd::Refused;
    }
}

Transfer& transferOf(void* self)
{
    return *static_cast<Transfer*>(self);
}

int prerequest(void* self, char*, char*, int, int)
{
    return transferOf(self).onPrerequest();
}

std::size_t takeHeader(char* bytes, std::size_t size, std::size_t count, void* self)
{
    Transfer& transfer = transferOf(self);
    transfer.lastByteNs = systemClock().monotonicNs();
    transfer.headerBytes += size * count;
    if (transfer.headerBytes > kHeaderLimitBytes) {
        transfer.ourReason = TransferEnd::TooLarge;
        return 0;
    }
    transfer.onHeaderLine(std::string_view(bytes, size * count));
    return size * count;
}

std::size_t takeBody(char* bytes, std::size_t size, std::size_t count, void* self)
{
    Transfer& transfer = transferOf(self);
    transfer.lastByteNs = systemClock().monotonicNs();
    const std::string_view body(bytes, size * count);
    return transfer.onBody(body) ? body.size() : CURL_WRITEFUNC_ERROR;
}

/// Everything libcurl is told about one request.
void configure(Transfer& transfer, bool wantsFresh)
{
    CURL* const easy = transfer.easy.get();
    const HttpRequest& request = transfer.request;
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); // a redirect would take the key along
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 0L); // no waiting for a connection to share
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // cancelling does not wait for a name server
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, long(request.connectTimeoutMs));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, long(request.totalTimeoutMs));
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "Signalbox");
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, kConnectionSeconds);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, wantsFresh ? 1L : 0L);
    if (transfer.isHere)
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    if (!request.body.empty()) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    }
    curl_slist* list = curl_slist_append(nullptr, "Accept-Encoding: identity");
    list = curl_slist_append(list, "Expect:"); // no second round trip for large prompts
    for (const HttpHeader& header : request.headers)
        list = curl_slist_append(list, (header.name + ": " + header.value).c_str());
    transfer.headerList.reset(list);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, static_cast<void*>(&transfer));
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, prerequest);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, static_cast<void*>(&transfer));
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, takeHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, takeBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
}

} // namespace

/// The multi handle on the event loop of the network thread; every member is of that thread.
class CurlTransport::Loop : public ThreadDoor
{
public:
    explicit Loop(const Wake& wake) : m_wake(wake) {}
    void open();
    void close();
    void add(TransferId id, HttpRequest request, std::shared_ptr<TransferReader> reader);
    void stop(TransferId id, TransferEnd how);

private:
    struct Socket
    {
        Notifier read, write;
    };

    static int watchSocket(CURL*, curl_socket_t socket, int what, void* self, void*);
    static int setTimer(CURLM*, long timeoutMs, void* self);
    void watch(Notifier& notifier, curl_socket_t socket, QSocketNotifier::Type type, bool wanted);
    void act(curl_socket_t socket, int what);
    void collectFinished();
    void checkSilence(TransferId id);
    void wakeUp();
    [[nodiscard]] bool sleepsAlong(const Transfer& transfer) const;

    const Wake m_wake;
    SleepWatch* m_watch = nullptr;
    std::int64_t m_wokeNs = 0; ///< 0: not yet
    CURLM* m_multi = nullptr;
    QTimer* m_timer = nullptr;
    std::unordered_map<curl_socket_t, Socket> m_sockets;
    std::unordered_map<TransferId, std::unique_ptr<Transfer>> m_transfers;
};

void CurlTransport::Loop::open()
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    m_watch = new SleepWatch(m_wake.clock ? *m_wake.clock : systemClock(), m_wake.lookMs, this);
    connect(m_watch, &SleepWatch::woke, this, &Loop::wakeUp);
    m_watch->start();
    m_timer = new QTimer(this);
    m_timer->setSingleShot(true);
    m_timer->setTimerType(Qt::PreciseTimer);
    connect(m_timer, &QTimer::timeout, this, [this] { act(CURL_SOCKET_TIMEOUT, 0); });
    m_multi = curl_multi_init();
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, watchSocket);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, static_cast<void*>(this));
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, setTimer);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, static_cast<void*>(this));
}

void CurlTransport::Loop::close()
{
    while (!m_transfers.empty())
        stop(m_transfers.begin()->first, TransferEnd::Cancelled);
    curl_multi_cleanup(m_multi);
    m_sockets.clear();
    delete m_timer;
    delete m_watch;
}

void CurlTransport::Loop::add(TransferId id, HttpRequest request,
                              std::shared_ptr<TransferReader> reader)
{
    auto owned = std::make_unique<Transfer>();
    Transfer& transfer = *owned;
    transfer.id = id;
    transfer.request = std::move(request);
    transfer.reader = std::move(reader);
    transfer.easy.reset(curl_easy_init());
    transfer.startedNs = transfer.lastByteNs = systemClock().monotonicNs();
    transfer.timer.reset(new QTimer);
    transfer.timer->setSingleShot(true);
    connect(transfer.timer.get(), &QTimer::timeout, this, [this, id] { checkSilence(id); });
    if (transfer.request.idleTimeoutMs > 0)
        transfer.timer->start(transfer.request.idleTimeoutMs);
    const auto endpoint = parseEndpoint(transfer.request.url);
    transfer.isHere = endpoint && endpoint->loopback;
    constexpr std::int64_t kNsPerSecond = 1'000'000'000;
    const bool mayBeDead =
        m_wokeNs > 0 && transfer.startedNs - m_wokeNs < kConnectionSeconds * kNsPerSecond;
    configure(transfer, mayBeDead && !sleepsAlong(transfer));
    m_transfers.emplace(id, std::move(owned));
    curl_multi_add_handle(m_multi, transfer.easy.get());
}

void CurlTransport::Loop::stop(TransferId id, TransferEnd how)
{
    const auto found = m_transfers.find(id);
    if (found == m_transfers.end())
        return;
    const std::unique_ptr<Transfer> transfer = std::move(found->second);
    m_transfers.erase(found);
    curl_multi_remove_handle(m_multi, transfer->easy.get());
    transfer->end(how);
}

int CurlTransport::Loop::watchSocket(CURL*, curl_socket_t socket, int what, void* self, void*)
{
    Loop& loop = *static_cast<Loop*>(self);
    if (what == CURL_POLL_REMOVE) {
        loop.m_sockets.erase(socket);
        return 0;
    }
    Socket& watched = loop.m_sockets[socket];
    loop.watch(watched.read, socket, QSocketNotifier::Read, what & CURL_POLL_IN);
    loop.watch(watched.write, socket, QSocketNotifier::Write, what & CURL_POLL_OUT);
    return 0;
}

void CurlTransport::Loop::watch(Notifier& notifier, curl_socket_t socket,
                                QSocketNotifier::Type type, bool wanted)
{
    if (!notifier && wanted) {
        notifier.reset(new QSocketNotifier(socket, type));
        const int what = type == QSocketNotifier::Read ? CURL_CSELECT_IN : CURL_CSELECT_OUT;
        connect(notifier.get(), &QSocketNotifier::activated, this,
                [this, socket, what] { act(socket, what); });
    }
    if (notifier)
        notifier->setEnabled(wanted);
}

int CurlTransport::Loop::setTimer(CURLM*, long timeoutMs, void* self)
{
    QTimer& timer = *static_cast<Loop*>(self)->m_timer;
    if (timeoutMs < 0)
        timer.stop();
    else
        timer.start(int(std::min<long>(timeoutMs, 1'000'000)));
    return 0;
}

void CurlTransport::Loop::act(curl_socket_t socket, int what)
{
    int running = 0;
    curl_multi_socket_action(m_multi, socket, what, &running);
    collectFinished();
}

void CurlTransport::Loop::collectFinished()
{
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(m_multi, &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        const CURLcode code = message->data.result;
        char* self = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
        const Transfer& transfer = transferOf(self);
        stop(transfer.id, transfer.endOf(code));
    }
}

void CurlTransport::Loop::checkSilence(TransferId id)
{
    const auto found = m_transfers.find(id);
    if (found == m_transfers.end())
        return;
    Transfer& transfer = *found->second;
    const bool isInDoubt = transfer.isInDoubt();
    const int limitMs = isInDoubt ? m_wake.graceMs : transfer.request.idleTimeoutMs;
    const std::int64_t heardNs = std::max(transfer.lastByteNs, transfer.wokeNs);
    const std::int64_t silentMs = (systemClock().monotonicNs() - heardNs) / 1'000'000;
    const bool isOver = transfer.sent && limitMs > 0 && silentMs >= limitMs;
    const bool draining = !transfer.reader;
    if (draining || isOver) // where a thread stood still, Qt reads its sockets first
        stop(id, isInDoubt && !draining ? TransferEnd::LostInSleep : TransferEnd::Stalled);
    else if (transfer.sent && limitMs > 0) // bytes came since: again when they would be too old
        transfer.timer->start(int(limitMs - silentMs));
    else if (limitMs > 0) // connecting has its own limit
        transfer.timer->start(limitMs);
}

bool CurlTransport::Loop::sleepsAlong(const Transfer& transfer) const
{
    return transfer.isHere && m_wake.sparesHere;
}

/// Whoever is there still says something soon.
void CurlTransport::Loop::wakeUp()
{
    m_wokeNs = systemClock().monotonicNs();
    for (const auto& [id, transfer] : m_transfers) {
        if (!transfer->reader || sleepsAlong(*transfer))
            continue;
        transfer->wokeNs = m_wokeNs;
        transfer->timer->start(m_wake.graceMs);
    }
}

/// The thread and the loop in it.
struct CurlTransport::Network
{
    explicit Network(const Wake& wake) : loop(wake) {}

    QThread thread;
    Loop loop;
};

CurlTransport::CurlTransport() : CurlTransport(Wake()) {}
CurlTransport::CurlTransport(const Wake& wake) : m_wake(wake) {}

CurlTransport::~CurlTransport()
{
    if (!m_network)
        return;
    m_network->loop.post([this] {
        const std::scoped_lock lock(m_mutex);
        m_network->loop.close();
        QThread::currentThread()->quit();
    });
    m_network->thread.wait();
    const std::scoped_lock lock(m_mutex); // everything of the loop is of this thread again
    m_network.reset();
}

CurlTransport::Loop& CurlTransport::loop()
{
    const std::scoped_lock lock(m_mutex);
    if (!m_network) {
        m_network = std::make_unique<Network>(m_wake);
        m_network->thread.setObjectName(QStringLiteral("network"));
        m_network->loop.moveToThread(&m_network->thread);
        m_network->thread.start();
        Loop& network = m_network->loop;
        network.post([&network] { network.open(); });
    }
    return m_network->loop;
}

TransferId CurlTransport::start(HttpRequest request, std::shared_ptr<TransferReader> reader)
{
    const TransferId id = ++m_lastId;
    Loop& network = loop();
    network.post([&network, id, request = std::move(request), reader = std::move(reader)] {
        network.add(id, request, reader);
    });
    return id;
}

void CurlTransport::cancel(TransferId id)
{
    Loop& network = loop();
    network.post([&network, id] { network.stop(id, TransferEnd::Cancelled); });
}

} // namespace signalbox
