// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: any text is either read whole or refused with its line, column and path, quickly and
// with bounded memory; writing is stable; the typed reader names the path of everything that does
// not fit and of every member nobody asked for.

#include <core/base/json.h>
#include <core/base/json_reader.h>

#include <QTest>
#include <nlohmann/json.hpp>

#include <limits>

using namespace signalbox;

namespace {

enum class Colour { Red, Green };
constexpr EnumName<Colour> kColourNames[] = {{Colour::Red, "red"}, {Colour::Green, "green"}};

std::string problemsOf(const JsonProblems& problems)
{
    std::string text;
    for (const Error& error : problems.errors())
        text += toString(error) + "\n";
    return text;
}

Json parsed(std::string_view text)
{
    const Result<Json> json = parseJson(text);
    return json ? *json : Json("not parsed: " + toString(json.error()));
}

} // namespace

class TestJson : public QObject
{
    Q_OBJECT
private slots:
    void refusesWithPlaceAndReason_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("error");
        const auto row = [](const char* name, const QByteArray& text, const char* error) {
            QTest::newRow(name) << text << QByteArray(error);
        };
        row("nothing", "",
            "line 1, column 1: expected a value, found the end of the text (The text seems to be "
            "cut off.)");
        row("only spaces", " \n ",
            "line 2, column 2: expected a value, found the end of the text (The text seems to be "
            "cut off.)");
        row("cut in an object", "{\"a\": 1",
            "line 1, column 8 (a): expected ',' or '}', found the end of the text (The text seems "
            "to be cut off.)");
        row("cut in a text", "{\"a\": \"x",
            "line 1, column 7 (a): the text in quotes that starts here has no end (The text seems "
            "to be cut off.)");
        row("comma before brace", "{\"a\": 1,}",
            "line 1, column 9 (a): expected a member name in double quotes, found '}' (Take out "
            "the comma before it.)");
        row("comma before bracket", "[1,\n 2,]",
            "line 2, column 4 ([2]): expected a value, found ']' (Take out the comma before it.)");
        row("no comma", "[1 2]", "line 1, column 4 ([0]): expected ',' or ']', found '2'");
        row("no colon", "{\"a\" 1}",
            "line 1, column 6 (a): expected ':' after the member name, found '1'");
        row("single quotes", "{\"a\": 'b'}",
            "line 1, column 7 (a): expected a value, found ''' (Texts stand in double quotes.)");
        row("comment", "[1, // one\n 2]",
            "line 1, column 5 ([1]): expected a value, found '/' (JSON has no comments; use a "
            "\"note\" member.)");
        row("other script's truth", "[True]",
            "line 1, column 2 ([0]): expected a value, found 'T'");
        row("word begun", "[tru]", "line 1, column 2 ([0]): expected a value, found 't'");
        row("not a number", "{\"a\": [NaN]}",
            "line 1, column 8 (a[0]): expected a value, found 'N'");
        row("leading zero", "[007]", "line 1, column 2 ([0]): a number must not start with 0");
        row("no digit after point", "[1.]",
            "line 1, column 4 ([0]): expected a digit after the decimal point, found ']'");
        row("no digit in exponent", "[1e+]",
            "line 1, column 5 ([0]): expected a digit in the exponent, found ']'");
        row("minus alone", "[-]", "line 1, column 2 ([0]): expected a value, found '-'");
        row("too large a number", "{\"rules\": [1, 1e400]}",
            "line 1, column 15 (rules[1]): the number is outside the range of a double");
        row("integer outside double", "[1" + QByteArray(400, '0') + "]",
            "line 1, column 2 ([0]): the number is outside the range of a double");
        row("text after the end", "{} x",
            "line 1, column 4: text after the end of the JSON value: 'x' (A file holds exactly one "
            "value.)");
        row("two values", "1 2",
            "line 1, column 3: text after the end of the JSON value: '2' (A file holds exactly one "
            "value.)");
        row("duplicate key", "{\"a\": {\"b\": 1, \"c\": 2,\n \"b\": 3}}",
            "line 2, column 2 (a): the member \"b\" is given twice (Keep one of the two.)");
        row("duplicate by escape", "{\"a\": 1, \"\\u0061\": 2}",
            "line 1, column 10: the member \"a\" is given twice (Keep one of the two.)");
        row("control character", "[\"a\tb\"]",
            "line 1, column 4 ([0]): a control character inside quotes (Write it as an escape, for "
            "example \\n for a line end.)");
        row("unknown escape", "[\"\\d\"]",
            "line 1, column 3 ([0]): unknown escape after '\\' (A backslash itself is written "
            "\\\\.)");
        row("short escape", "[\"\\u12\"]",
            "line 1, column 3 ([0]): expected four hexadecimal digits after \\u");
        row("half a pair", "[\"\\ud83d\"]",
            "line 1, column 3 ([0]): half of a surrogate pair is not a character");
        row("two high halves", "[\"\\ud83d\\ud83d\"]",
            "line 1, column 3 ([0]): half of a surrogate pair is not a character");
        row("low half alone", "[\"\\ude80\"]",
            "line 1, column 3 ([0]): half of a surrogate pair is not a character");
        row("not UTF-8", "{\"a\": \"gr\xFC\xDF\x65\"}",
            "line 1, column 10: the text is not UTF-8 (Save the file in the encoding UTF-8.)");
        row("columns count code points", "[\"🚀🚀\", x]",
            "line 1, column 8 ([1]): expected a value, found 'x'");
        row("odd key in the path", "{\"a b\": {\"c\\\"d\": x}}",
            "line 1, column 18 ([\"a b\"][\"c\\\"d\"]): expected a value, found 'x'");
        row("a control byte", QByteArray("[\0]", 3),
            "line 1, column 2 ([0]): expected a value, found a control character");
    }
    void refusesWithPlaceAndReason()
    {
        QFETCH(const QByteArray, text);
        QFETCH(QByteArray, error);
        const Result<Json> json =
            parseJson(std::string_view(text.constData(), std::size_t(text.size())));
        QVERIFY(!json);
        QCOMPARE(json.error().code, ErrorCode::ParseError);
        QCOMPARE(QByteArray::fromStdString(toString(json.error())), error);
    }

    void readsEveryKindOfValue()
    {
        const Json json = parsed("\xEF\xBB\xBF {\"t\": true, \"f\": false, \"n\": null, \"i\": -7, "
                                 "\"u\": 18446744073709551615, \"d\": 1.5e3, \"big\": 1e20,\r\n"
                                 "\"s\": \"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00fc\\ud83d\\ude80ü\", "
                                 "\"e\": {}, \"l\": [[], [1]]}");
        QVERIFY(json["t"] == Json(true));
        QVERIFY(json["f"] == Json(false));
        QVERIFY(json["n"].is_null());
        QCOMPARE(json["i"].get<std::int64_t>(), std::int64_t(-7));
        QCOMPARE(json["u"].get<std::uint64_t>(), std::numeric_limits<std::uint64_t>::max());
        QCOMPARE(json["d"].get<double>(), 1500.0);
        QCOMPARE(json["big"].get<double>(), 1e20);
        QCOMPARE(json["s"].get<std::string>(), std::string("a\"\\/\b\f\n\r\tü🚀ü"));
        QVERIFY(json["e"] == Json::object());
        QCOMPARE(json["l"].dump(), std::string("[[],[1]]"));
    }

    void agreesWithTheLibraryOnRandomTexts()
    {
        // Mutations of a valid text: ours accepts exactly what the library's strict parser accepts,
        // but for duplicate keys, and gives the same value.
        const std::string seedText =
            R"({"a":[1,-2.5e3,true,null,"x\ud83d\ude80\n"],"b":{"c":{},"d":[[]]},"é":0.1})";
        const std::string_view alphabet = "{}[],:\"\\0123456789.eE+-tfnul \n\xC3";
        std::uint32_t state = 7;
        const auto next = [&state] { return state = state * 1664525 + 1013904223; };
        int accepted = 0;
        for (int round = 0; round < 20'000; ++round) {
            std::string text = seedText;
            for (std::uint32_t edits = 1 + next() % 3; edits > 0; --edits) {
                const std::size_t at = (next() >> 8) % text.size();
                const char c = alphabet[(next() >> 8) % alphabet.size()];
                if (next() >> 31)
                    text[at] = c;
                else
                    text.erase(at, 1);
            }
            const Json theirs = Json::parse(text, nullptr, false);
            const Result<Json> ours = parseJson(text);
            if (!ours && ours.error().message.find("given twice") != std::string::npos)
                continue;
            QVERIFY2(ours.has_value() == !theirs.is_discarded(), text.c_str());
            if (ours) {
                ++accepted;
                QVERIFY2(*ours == theirs, text.c_str());
            }
        }
        QVERIFY(accepted > 500);
    }

    void aMillionLevelsAreRefusedAtTheLimit()
    {
        for (const char* opening : {"[", "{\"a\":"}) {
            const std::string text = QByteArray(opening).repeated(1'000'000).toStdString();
            const Result<Json> json = parseJson(text);
            QVERIFY(!json);
            QCOMPARE(json.error().code, ErrorCode::TooLarge);
            QVERIFY(json.error().where.starts_with("line 1, column "));
            QVERIFY(json.error().message.find("64 levels") != std::string::npos);
        }
        QVERIFY(parseJson(std::string(64, '[') + std::string(64, ']')).has_value());
        QVERIFY(!parseJson(std::string(65, '[') + std::string(65, ']')).has_value());
    }

    void aHundredMegabytesAreRefusedBeforeTheyAreRead()
    {
        const std::string text(std::size_t{100} << 20, '[');
        const Result<Json> json = parseJson(text);
        QVERIFY(!json);
        QCOMPARE(json.error().code, ErrorCode::TooLarge);
        QVERIFY(json.error().message.find("104857600 bytes") != std::string::npos);
    }

    void aHundredThousandMembersAreReadInTheirOrder()
    {
        std::string text = "{";
        for (int i = 0; i < 100'000; ++i)
            text += (i ? ",\"" : "\"") + std::to_string(i) + "\":" + std::to_string(i);
        const Result<Json> json = parseJson(text + "}");
        QVERIFY(json.has_value());
        QCOMPARE(json->size(), std::size_t(100'000));
        QCOMPARE(json->back().get<int>(), 99'999);
        const Result<Json> twice = parseJson(text + ",\"50000\":0}");
        QVERIFY(!twice);
        QCOMPARE(twice.error().message, std::string("the member \"50000\" is given twice"));
    }

    void writesSmallThingsOnOneLineAndKeepsOrder()
    {
        const Json json = parsed(R"({"z": 1, "a": {"signal": "chars", "op": "gt", "value": 200},
            "list": [{"k": [1, 2]}, {"deep": {"er": {"est": {}}}}, {"deep": {"er": {"est": {"x": 1}}}}], "none": [], "ü": "grüße\u0001"})");
        QCOMPARE(QByteArray::fromStdString(toJsonText(json)),
                 QByteArray("{\n"
                            "  \"z\": 1,\n"
                            "  \"a\": {\"signal\": \"chars\", \"op\": \"gt\", \"value\": 200},\n"
                            "  \"list\": [\n"
                            "    {\"k\": [1, 2]},\n"
                            "    {\"deep\": {\"er\": {\"est\": {}}}},\n"
                            "    {\n"
                            "      \"deep\": {\"er\": {\"est\": {\"x\": 1}}}\n"
                            "    }\n"
                            "  ],\n"
                            "  \"none\": [],\n"
                            "  \"ü\": \"grüße\\u0001\"\n"
                            "}\n"));
        QCOMPARE(toJsonText(parsed("[1]")), std::string("[\n  1\n]\n"));
        QCOMPARE(toJsonText(Json("x")), std::string("\"x\"\n"));
    }

    void noFlatLinePassesTheLimit()
    {
        for (int length = 60; length < 110; ++length) {
            const Json json = {{"k", {{"text", std::string(std::size_t(length), 'x')}}}};
            const std::string text = toJsonText(json);
            QVERIFY(parsed(text) == json);
            const bool isFlat = QByteArray::fromStdString(text).count('\n') == 3;
            // {"text": "…"} after `  "k": ` is 19 bytes more than the text itself.
            QCOMPARE(isFlat, length + 19 <= 100);
        }
    }

    void illFormedTextIsWrittenWithReplacements()
    {
        QCOMPARE(toCompactJsonText(Json("a\xFF")), std::string("\"a\xEF\xBF\xBD\""));
    }

    void findsThePlaceOfAnError_data()
    {
        QTest::addColumn<QByteArray>("where");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        QTest::newRow("a line and column") << QByteArray("line 3, column 7 (rules)") << 3 << 7;
        QTest::newRow("root") << QByteArray("") << 1 << 1;
        QTest::newRow("member") << QByteArray("rules") << 2 << 11;
        QTest::newRow("element") << QByteArray("rules[1].when") << 4 << 12;
        QTest::newRow("odd key") << QByteArray("[\"a b\"][0]") << 6 << 10;
        QTest::newRow("not there: the parent") << QByteArray("rules[0].plan.call") << 3 << 3;
        QTest::newRow("behind the broken part: the root") << QByteArray("later") << 1 << 1;
    }
    void findsThePlaceOfAnError()
    {
        QFETCH(const QByteArray, where);
        QFETCH(const int, line);
        QFETCH(const int, column);
        const std::string text = "{\n"
                                 " \"rules\": [\n"
                                 "  {\"when\": 1},\n"
                                 "  {\"when\": [2]}\n"
                                 " ],\n"
                                 " \"a b\": [true], oops \"later\": 1}";
        const auto place = findTextPlace(text, where.toStdString());
        QVERIFY(place.has_value());
        QCOMPARE(int(place->line), line);
        QCOMPARE(int(place->column), column);
    }

    void aPathIsTextAndBack()
    {
        const JsonPath root;
        const JsonPath rules = root.member("rules");
        const JsonPath third = rules.element(3);
        const JsonPath odd = third.member("a \"b\"");
        const JsonPath last = odd.member("x-1_Y");
        QCOMPARE(last.text(), std::string("rules[3][\"a \\\"b\\\"\"].x-1_Y"));
        const auto steps = parseJsonPath(last.text());
        QVERIFY(steps.has_value());
        QCOMPARE(steps->size(), std::size_t(4));
        QCOMPARE((*steps)[1], (JsonPathStep{true, 3, {}}));
        QCOMPARE((*steps)[3], (JsonPathStep{false, 0, "x-1_Y"}));
        QVERIFY(!parseJsonPath("rules[").has_value());
        QVERIFY(!parseJsonPath("rules[x]").has_value());
        QVERIFY(!parseJsonPath("rules..x").has_value());
        QVERIFY(!parseJsonPath("file name.json").has_value());
        const JsonPath given("rules[hard].when");
        QCOMPARE(given.member("any").text(), std::string("rules[hard].when.any"));
    }

    void theReaderNamesEverythingThatDoesNotFit()
    {
        const Json json = parsed(R"({"name": 5, "count": "many", "share": 1.5, "on": "yes",
            "colour": "grren", "shade": 3, "words": ["a", 2, null], "list": {}, "whole": 2.5,
            "coutn": 1, "zzzzzz": {}})");
        JsonProblems problems;
        const JsonPath root;
        const JsonPath path = root.member("part");
        JsonObjectReader object(json, path, problems);
        std::string name = "kept";
        int count = 4;
        int whole = 1;
        double share = 0.5;
        bool on = false;
        Colour colour = Colour::Red;
        Colour shade = Colour::Green;
        std::vector<std::string> words;
        QVERIFY(!object.read("name", name));
        QVERIFY(!object.read("count", count, {0, 10}));
        QVERIFY(!object.read("whole", whole));
        QVERIFY(!object.read("share", share, {0, 1}));
        QVERIFY(!object.read("on", on));
        QVERIFY(!object.readEnum("colour", kColourNames, colour));
        QVERIFY(!object.readEnum("shade", kColourNames, shade));
        QVERIFY(!object.read("words", words));
        QVERIFY(!object.readArray("list", [](const Json&, const JsonPath&) {}));
        QVERIFY(!object.readRequired("id", name));
        QVERIFY(!object.read("absent", name));
        object.finish();
        QCOMPARE(QByteArray::fromStdString(problemsOf(problems)),
                 QByteArray("part.name: expected a text, got 5\n"
                            "part.count: expected a whole number from 0 to 10, got \"many\"\n"
                            "part.whole: expected a whole number, got 2.5\n"
                            "part.share: expected a number from 0 to 1, got 1.5\n"
                            "part.on: expected true or false, got \"yes\"\n"
                            "part.colour: expected one of \"red\", \"green\", got \"grren\" (Did "
                            "you mean \"green\"?)\n"
                            "part.shade: expected one of \"red\", \"green\", got 3\n"
                            "part.words[1]: expected a text, got 2\n"
                            "part.words[2]: expected a text, got null\n"
                            "part.list: expected a list, got an object\n"
                            "part: the member \"id\" is missing\n"
                            "part.coutn: unknown member \"coutn\" (Did you mean \"count\"?)\n"
                            "part.zzzzzz: unknown member \"zzzzzz\"\n"));
        QCOMPARE(name, std::string("kept"));
        QCOMPARE(count, 4);
        QCOMPARE(shade, Colour::Green);
        QCOMPARE(words, std::vector<std::string>{"a"});
    }

    void theReaderTakesWhatFits()
    {
        const Json json = parsed(R"({"name": "n", "count": 3.0, "big": 9007199254740993,
            "share": 1, "on": true, "colour": "green", "words": ["a", "b"], "maybe": 7})");
        JsonProblems problems;
        const JsonPath root;
        JsonObjectReader object(json, root, problems);
        std::string name;
        int count = 0;
        std::int64_t big = 0;
        double share = 0;
        bool on = false;
        Colour colour = Colour::Red;
        std::vector<std::string> words;
        std::optional<int> maybe;
        std::optional<double> never;
        QVERIFY(object.readRequired("name", name));
        QVERIFY(object.read("count", count));
        QVERIFY(object.read("big", big));
        QVERIFY(object.read("share", share));
        QVERIFY(object.read("on", on));
        QVERIFY(object.readEnum("colour", kColourNames, colour));
        QVERIFY(object.read("words", words));
        QVERIFY(object.read("maybe", maybe));
        QVERIFY(!object.read("never", never));
        object.finish();
        QCOMPARE(QByteArray::fromStdString(problemsOf(problems)), QByteArray());
        QCOMPARE(name, std::string("n"));
        QCOMPARE(count, 3);
        QCOMPARE(big, std::int64_t(9007199254740993));
        QCOMPARE(share, 1.0);
        QVERIFY(on);
        QCOMPARE(colour, Colour::Green);
        QCOMPARE(words, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(maybe, std::optional<int>(7));
        QVERIFY(!never);
    }

    void numbersOutsideIntAreNoInt_data()
    {
        QTest::addColumn<QByteArray>("number");
        QTest::newRow("above int") << QByteArray("2147483648");
        QTest::newRow("below int") << QByteArray("-2147483649");
        QTest::newRow("above int64") << QByteArray("18446744073709551615");
        QTest::newRow("as a double") << QByteArray("1e300");
    }
    void numbersOutsideIntAreNoInt()
    {
        QFETCH(const QByteArray, number);
        const Json json = parsed("{\"n\": " + number.toStdString() + "}");
        JsonProblems problems;
        const JsonPath root;
        JsonObjectReader object(json, root, problems);
        int out = 9;
        QVERIFY(!object.read("n", out));
        QCOMPARE(out, 9);
        QCOMPARE(problems.count(), std::size_t(1));
    }

    void problemsBeyondTheLimitAreOnlyCounted()
    {
        JsonProblems problems(2);
        const JsonPath root;
        for (int i = 0; i < 5; ++i)
            problems.add(root, "bad");
        QVERIFY(problems.isFull());
        QCOMPARE(problems.count(), std::size_t(5));
        QCOMPARE(problems.errors().size(), std::size_t(2));
    }

    void longTextsAreCutInMessages()
    {
        const std::string quoted = describeJson(Json(std::string(1000, 'x') + "é"));
        QCOMPARE(quoted, "\"" + std::string(40, 'x') + "…\"");
    }
};

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
