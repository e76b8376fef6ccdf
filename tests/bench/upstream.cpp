// SPDX-License-Identifier: GPL-3.0-or-later
// An OpenAI-compatible server on loopback that thinks of nothing, so that a client's own time is
// what is left: one thread, one epoll. It answers every POST, as an event stream with one word an
// event if that is asked for, else as one JSON object. Prints its port, and ends when its input
// does. usage: bench_upstream [DELAY_MS [WORDS [PAUSE_MS]]]
//   DELAY_MS  between the last byte of a request and the first word (0)
//   WORDS     of an answer (40)
//   PAUSE_MS  between words of a stream (0: all at once); the first word is then how many
//             microseconds it waited by this server's clock

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <queue>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

struct Manner
{
    milliseconds delay{0};
    int words = 40;
    milliseconds pause{0};
};

std::string chunk(const std::string& bytes)
{
    std::array<char, 20> size{};
    const auto end = std::to_chars(size.begin(), size.end(), bytes.size(), 16).ptr;
    return std::string(size.begin(), end) + "\r\n" + bytes + "\r\n";
}

std::string wordAt(int place)
{
    constexpr std::array<const char*, 7> kWords = {"The",   "refund",  "comes", "within",
                                                   "seven", "working", "days."};
    return kWords[static_cast<std::size_t>(place) % kWords.size()];
}

std::string eventOf(const std::string& delta, const char* finish)
{
    return "data: {\"id\":\"bench-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
           "\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":" +
           delta + ",\"finish_reason\":" + finish + "}]}\n\n";
}

std::string wordEvent(const std::string& word)
{
    return chunk(eventOf("{\"content\":\"" + word + " \"}", "null"));
}

std::string usageOf(int words)
{
    return R"("usage":{"prompt_tokens":20,"completion_tokens":)" + std::to_string(words) +
           ",\"total_tokens\":" + std::to_string(20 + words) + "}";
}

const std::string kStreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                "Transfer-Encoding: chunked\r\n\r\n";

std::string streamEnd(int words)
{
    return chunk(eventOf("{}", "\"stop\"")) +
           chunk(R"(data: {"id":"bench-1","model":"bench","choices":[],)" + usageOf(words) +
                 "}\n\ndata: [DONE]\n\n") +
           chunk({});
}

std::string wholeAnswer(int words)
{
    std::string text;
    for (int i = 0; i < words; ++i)
        text += wordAt(i) + " ";
    const std::string body =
        R"({"id":"bench-1","object":"chat.completion","created":1,"model":"bench","choices":[)"
        R"({"index":0,"message":{"role":"assistant","content":")" +
        text + R"("},"finish_reason":"stop"}],)" + usageOf(words) + "}";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

class Upstream
{
public:
    explicit Upstream(const Manner& manner)
        : m_manner(manner), m_whole(wholeAnswer(manner.words)), m_stream(kStreamHead)
    {
        for (int i = 0; i < manner.words; ++i)
            m_stream += wordEvent(wordAt(i));
        m_stream += streamEnd(manner.words);
    }

    /// @return the port, or 0
    int open();
    void run();

private:
    struct Connection
    {
        std::string received, waiting;
        long number = 0; ///< of all connections, for a descriptor is used again
        Clock::time_point asked;
        bool wantsStream = false;
        int nextWord = 0;
    };
    struct Due
    {
        Clock::time_point at;
        int socket = 0;
        long number = 0;
        bool operator<(const Due& other) const { return at > other.at; }
    };

    void watch(int descriptor, unsigned events, int how) const;
    void takeConnections();
    void read(int socket);
    void takeRequests(int socket, Connection& connection);
    void answerWhatIsDue();
    void answer(int socket, Connection& connection);
    void write(int socket, Connection& connection);

    Manner m_manner;
    std::string m_whole;
    std::string m_stream;
    int m_listener = -1;
    int m_epoll = -1;
    long m_lastNumber = 0;
    std::unordered_map<int, Connection> m_connections;
    std::priority_queue<Due> m_due;
};

int Upstream::open()
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(m_listener, any, size) != 0 || ::listen(m_listener, SOMAXCONN) != 0 ||
        ::getsockname(m_listener, any, &size) != 0)
        return 0;
    m_epoll = ::epoll_create1(EPOLL_CLOEXEC);
    watch(m_listener, EPOLLIN, EPOLL_CTL_ADD);
    watch(STDIN_FILENO, EPOLLIN, EPOLL_CTL_ADD);
    return ntohs(address.sin_port);
}

void Upstream::watch(int descriptor, unsigned events, int how) const
{
    epoll_event event = {};
    event.events = events;
    event.data.fd = descriptor;
    ::epoll_ctl(m_epoll, how, descriptor, &event);
}

void Upstream::run()
{
    std::array<epoll_event, 256> events{};
    while (true) {
        timespec wait = {};
        if (!m_due.empty()) {
            const nanoseconds left =
                std::max(nanoseconds(0), nanoseconds(m_due.top().at - Clock::now()));
            wait = {left.count() / 1'000'000'000, left.count() % 1'000'000'000};
        }
        const int count = ::epoll_pwait2(m_epoll, events.data(), int(events.size()),
                                         m_due.empty() ? nullptr : &wait, nullptr);
        answerWhatIsDue();
        for (int i = 0; i < count; ++i) {
            const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
            if (descriptor == STDIN_FILENO)
                return;
            if (descriptor == m_listener)
                takeConnections();
            else
                read(descriptor);
        }
    }
}

void Upstream::takeConnections()
{
    const int one = 1;
    for (int socket = 0;
         (socket = ::accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        m_connections[socket] = {};
        m_connections[socket].number = ++m_lastNumber;
        watch(socket, EPOLLIN, EPOLL_CTL_ADD);
    }
}

void Upstream::read(int socket)
{
    const auto found = m_connections.find(socket);
    if (found == m_connections.end())
        return;
    Connection& connection = found->second;
    std::array<char, 64 << 10> bytes; // NOLINT(cppcoreguidelines-pro-type-member-init)
    ssize_t count = 0;
    while ((count = ::recv(socket, bytes.data(), bytes.size(), 0)) > 0)
        connection.received.append(bytes.data(), static_cast<std::size_t>(count));
    if (count == 0 || errno != EAGAIN) {
        ::close(socket);
        m_connections.erase(found);
        return;
    }
    write(socket, connection);
    takeRequests(socket, connection);
}

/// Clients here send a length, and the next request after the answer.
void Upstream::takeRequests(int socket, Connection& connection)
{
    constexpr std::string_view kLength = "ontent-";
    const std::string_view all = connection.received;
    const auto headEnd = all.find("\r\n\r\n");
    if (headEnd == std::string_view::npos)
        return;
    std::size_t length = 0;
    for (auto at = all.find(kLength); at < headEnd; at = all.find(kLength, at + 1)) {
        const std::string_view rest = all.substr(at + kLength.size());
        if (rest.starts_with("Length: ") || rest.starts_with("length: "))
            std::from_chars(rest.data() + 8, rest.data() + rest.size(), length);
    }
    if (all.size() < headEnd + 4 + length)
        return;
    const std::string_view body = all.substr(headEnd + 4, length);
    connection.asked = Clock::now();
    connection.wantsStream = body.find("\"stream\":true") != std::string_view::npos ||
                             body.find("\"stream\": true") != std::string_view::npos;
    connection.nextWord = 0;
    connection.received.erase(0, headEnd + 4 + length);
    if (m_manner.delay.count() > 0)
        m_due.push({connection.asked + m_manner.delay, socket, connection.number});
    else
        answer(socket, connection);
}

void Upstream::answerWhatIsDue()
{
    while (!m_due.empty() && m_due.top().at <= Clock::now()) {
        const Due due = m_due.top();
        m_due.pop();
        const auto found = m_connections.find(due.socket);
        if (found != m_connections.end() && found->second.number == due.number)
            answer(due.socket, found->second);
    }
}

/// The whole answer, or its next word.
void Upstream::answer(int socket, Connection& connection)
{
    const bool isPaced = connection.wantsStream && m_manner.pause.count() > 0;
    if (!isPaced) {
        connection.waiting += connection.wantsStream ? m_stream : m_whole;
        write(socket, connection);
        return;
    }
    if (connection.nextWord == 0)
        connection.waiting += kStreamHead;
    const auto waited =
        std::chrono::duration_cast<microseconds>(Clock::now() - connection.asked).count();
    connection.waiting +=
        wordEvent(connection.nextWord == 0 ? std::to_string(waited) : wordAt(connection.nextWord));
    if (++connection.nextWord == m_manner.words)
        connection.waiting += streamEnd(m_manner.words);
    else
        m_due.push({connection.asked + m_manner.delay + m_manner.pause * connection.nextWord,
                    socket, connection.number});
    write(socket, connection);
}

void Upstream::write(int socket, Connection& connection)
{
    std::size_t done = 0;
    while (done < connection.waiting.size()) {
        const ssize_t count =
            ::send(socket, connection.waiting.data() + done, connection.waiting.size() - done, 0);
        if (count <= 0)
            break;
        done += static_cast<std::size_t>(count);
    }
    connection.waiting.erase(0, done);
    watch(socket, connection.waiting.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

int numberAt(int argc, char** argv, int place, int otherwise)
{
    return argc > place ? std::atoi(argv[place]) : otherwise;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    Manner manner;
    manner.delay = milliseconds(numberAt(argc, argv, 1, 0));
    manner.words = numberAt(argc, argv, 2, manner.words);
    manner.pause = milliseconds(numberAt(argc, argv, 3, 0));
    Upstream upstream(manner);
    const int port = upstream.open();
    if (port == 0) {
        std::perror("bench_upstream");
        return 1;
    }
    std::printf("%d\n", port);
    std::fflush(stdout);
    upstream.run();
    return 0;
}
