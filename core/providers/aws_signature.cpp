// SPDX-License-Identifier: GPL-3.0-or-later
#include "aws_signature.h"

#include "chat_dialect.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QDateTime>
#include <QMessageAuthenticationCode>
#include <QString>

#include <algorithm>
#include <vector>

namespace signalbox {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

QByteArray bytesOf(std::string_view text)
{
    return {text.data(), qsizetype(text.size())};
}

QByteArray hmac(const QByteArray& key, std::string_view text)
{
    return QMessageAuthenticationCode::hash(bytesOf(text), key, QCryptographicHash::Sha256);
}

std::string sha256Hex(std::string_view text)
{
    return QCryptographicHash::hash(bytesOf(text), QCryptographicHash::Sha256)
        .toHex()
        .toStdString();
}

/// The parts of an address that are signed.
struct SignedUrl
{
    std::string host; ///< with the port, as in the Host header
    std::string path;
    std::string query;
};

SignedUrl partsOf(const std::string& url)
{
    const std::size_t host = url.find("://") + 3;
    const std::size_t path = std::min(url.find('/', host), url.size());
    const std::size_t query = std::min(url.find('?', path), url.size());
    return {url.substr(host, path - host), url.substr(path, query - path),
            query < url.size() ? url.substr(query + 1) : std::string()};
}

/// Parameters in the order of their names, each with a value.
std::string canonicalQuery(const std::string& query)
{
    std::vector<std::string> parameters;
    for (std::size_t at = 0; at < query.size();) {
        const std::size_t end = std::min(query.find('&', at), query.size());
        std::string parameter = query.substr(at, end - at);
        if (parameter.find('=') == std::string::npos)
            parameter += '=';
        parameters.push_back(std::move(parameter));
        at = end + 1;
    }
    std::ranges::sort(parameters);
    std::string joined;
    for (const std::string& parameter : parameters)
        joined += (joined.empty() ? "" : "&") + parameter;
    return joined;
}

/// Headers that are signed, by their small names: what has to be, and the content type.
std::vector<HttpHeader> signedHeaders(const HttpRequest& request, const std::string& host)
{
    std::vector<HttpHeader> found = {{"host", host}};
    for (const HttpHeader& header : request.headers) {
        std::string name = header.name;
        std::ranges::transform(name, name.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
        });
        if (name == "content-type" || name.starts_with("x-amz-"))
            found.push_back({std::move(name), header.value});
    }
    std::ranges::sort(found, {}, &HttpHeader::name);
    return found;
}

QByteArray signingKey(const AwsKey& key, std::string_view day, const std::string& region,
                      const std::string& service)
{
    QByteArray derived = bytesOf("AWS4" + key.secretAccessKey.reveal());
    for (const std::string_view step : {day, std::string_view(region), std::string_view(service),
                                        std::string_view("aws4_request")})
        derived = hmac(derived, step);
    return derived;
}

} // namespace

std::optional<AwsKey> awsKeyOf(const Secret& key)
{
    constexpr std::size_t kShortestId = 16;
    constexpr std::size_t kLongestId = 128;
    const std::string& text = key.reveal();
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos || colon < kShortestId || colon > kLongestId)
        return std::nullopt;
    const std::string id = text.substr(0, colon);
    const bool isId = std::ranges::all_of(
        id, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
    if (!isId)
        return std::nullopt;
    const std::size_t second = std::min(text.find(':', colon + 1), text.size());
    return AwsKey{id, Secret(text.substr(colon + 1, second - colon - 1)),
                  Secret(second < text.size() ? text.substr(second + 1) : std::string())};
}

bool isAwsRegion(std::string_view label)
{
    const auto isLetter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const std::size_t first = label.find('-');
    const std::size_t last = label.rfind('-');
    if (first != 2 || last <= first + 1 || last + 2 != label.size() || !isDigit(label.back()))
        return false;
    // Between them words of letters: "us" - "gov-west" - "1".
    const std::string_view place = label.substr(0, last);
    return place.find("--") == std::string_view::npos &&
           std::ranges::all_of(place, [&](char c) { return isLetter(c) || c == '-'; });
}

std::string awsRegionOf(std::string_view host)
{
    while (!host.empty()) {
        const std::string_view label = host.substr(0, host.find('.'));
        if (isAwsRegion(label))
            return std::string(label);
        host.remove_prefix(std::min(host.size(), label.size() + 1));
    }
    return "us-east-1";
}

void signAws(HttpRequest& request, const AwsKey& key, const std::string& region,
             const std::string& service, std::int64_t nowUnixMs)
{
    const std::string time = QDateTime::fromMSecsSinceEpoch(nowUnixMs, Qt::UTC)
                                 .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"))
                                 .toStdString();
    const std::string day = time.substr(0, 8);
    request.headers.push_back({"X-Amz-Date", time});
    if (!key.sessionToken.isEmpty())
        request.headers.push_back({"X-Amz-Security-Token", key.sessionToken.reveal()});

    const SignedUrl url = partsOf(request.url);
    std::string headers;
    std::string names;
    for (const HttpHeader& header : signedHeaders(request, url.host)) {
        headers += header.name + ":" + header.value + "\n";
        names += (names.empty() ? "" : ";") + header.name;
    }
    const std::string canonical = std::string(request.body.empty() ? "GET" : "POST") + "\n" +
                                  percentEncoded(url.path, "/") + "\n" + canonicalQuery(url.query) +
                                  "\n" + headers + "\n" + names + "\n" + sha256Hex(request.body);
    const std::string scope = day + "/" + region + "/" + service + "/aws4_request";
    const std::string toSign =
        std::string(kAlgorithm) + "\n" + time + "\n" + scope + "\n" + sha256Hex(canonical);
    const std::string signature =
        hmac(signingKey(key, day, region, service), toSign).toHex().toStdString();
    request.headers.push_back(
        {"Authorization", std::string(kAlgorithm) + " Credential=" + key.accessKeyId + "/" + scope +
                              ", SignedHeaders=" + names + ", Signature=" + signature});
}

} // namespace signalbox
