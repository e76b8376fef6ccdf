// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: over columns a policy decides every request as it does alone, whatever its signals are
// or lack, with every kind of vector instructions and none; columns give back what was put in, in
// as few bytes as their values need.

#include "random_routing.h"

#include <core/routing/column_decider.h>

#include <QTest>

#include <bit>

using namespace signalbox;
using namespace signalbox::test;

namespace {

std::vector<Vectors> usableVectors()
{
    std::vector<Vectors> usable;
    for (const auto vectors : {Vectors::Baseline, Vectors::Avx2, Vectors::Avx512}) {
        if (canUse(vectors))
            usable.push_back(vectors);
    }
    return usable;
}

CodedColumn columnOf(const std::vector<SignalSlot>& values, std::size_t rowsOfFirstPart = 0)
{
    ColumnBuilder first;
    ColumnBuilder second;
    for (std::size_t row = 0; row < values.size(); ++row)
        (row < rowsOfFirstPart ? first : second).add(values[row]);
    const ColumnBuilder* const parts[] = {&first, &second};
    return ColumnBuilder::joined(parts);
}

bool isSame(const SignalSlot& a, const SignalSlot& b)
{
    return a.kind == b.kind && a.text == b.text &&
           std::bit_cast<std::uint64_t>(a.number) == std::bit_cast<std::uint64_t>(b.number);
}

/// Many requests with their signals as columns, and what the policy says of each alone.
struct World
{
    PolicyDocument document;
    CompiledPolicy policy;
    std::vector<Request> requests;
    std::vector<CodedColumn> columns;
    CodedColumn styles;
    std::vector<Decision> decisions;

    World(const PolicyDocument& source, std::vector<Request> asked,
          std::shared_ptr<const UserStyles> table = {})
        : document(source), policy(*CompiledPolicy::compile(document, nullptr, std::move(table))),
          requests(std::move(asked))
    {
        CompiledPolicy::Scratch scratch(policy);
        std::vector<ColumnBuilder> builders(document.signalList.size());
        ColumnBuilder styleBuilder;
        for (const Request& request : requests) {
            const std::span<const SignalSlot> values = policy.extract(request, scratch);
            decisions.push_back(policy.route(values, routingKeysOf(request)));
            for (std::size_t i = 0; i < builders.size(); ++i)
                builders[i].add(values[i]);
            styleBuilder.add(SignalSlot::ofText(request.style.value_or("")));
        }
        for (const ColumnBuilder& builder : builders) {
            const ColumnBuilder* const parts[] = {&builder};
            columns.push_back(ColumnBuilder::joined(parts));
        }
        const ColumnBuilder* const parts[] = {&styleBuilder};
        styles = ColumnBuilder::joined(parts);
    }

    [[nodiscard]] std::vector<const CodedColumn*> columnList() const
    {
        std::vector<const CodedColumn*> list;
        for (const CodedColumn& column : columns)
            list.push_back(&column);
        return list;
    }

    /// Empty, or which row is decided otherwise.
    [[nodiscard]] QByteArray difference(Vectors vectors) const
    {
        const ColumnDecider decider(
            policy, columnList(), ColumnDecider::needsStyles(policy) ? &styles : nullptr, vectors);
        std::vector<ColumnDecider::Claim> claims(requests.size(), 0xFFFF);
        const std::size_t cut = requests.size() / 3; // blocks may begin anywhere
        decider.claim(0, std::span(claims).first(cut));
        decider.claim(cut, std::span(claims).subspan(cut));
        for (std::size_t row = 0; row < requests.size(); ++row) {
            const RoutingKeys keys =
                decider.isDrawn(claims[row]) ? routingKeysOf(requests[row]) : RoutingKeys();
            const Decision decision = decider.decisionOf(claims[row], keys);
            const Decision& alone = decisions[row];
            if (decision.rule != alone.rule || decision.planIndex != alone.planIndex ||
                decision.firstModel != alone.firstModel ||
                decision.isUncertain != alone.isUncertain)
                return "row " + QByteArray::number(qulonglong(row)) + ": " +
                       nameOf(decision, document).c_str() + ", not " +
                       nameOf(alone, document).c_str();
        }
        return {};
    }
};

} // namespace

class TestColumnDecider : public QObject
{
    Q_OBJECT
private slots:
    void columnsGiveBackWhatWasPutIn_data();
    void columnsGiveBackWhatWasPutIn();
    void valuesAreToldApartToTheBit();
    void randomPoliciesDecideAlike();
    void manyValuesDecideAlike_data();
    void manyValuesDecideAlike();
    void moreRulesThanAByteCanCount();
    void aPolicyWithoutRules();
};

void TestColumnDecider::columnsGiveBackWhatWasPutIn_data()
{
    QTest::addColumn<int>("distinct");
    QTest::addColumn<int>("codeBytes");
    QTest::newRow("one byte") << 255 << 1;
    QTest::newRow("one value more") << 256 << 2;
    QTest::newRow("two bytes") << 65'535 << 2;
    QTest::newRow("four bytes") << 65'536 << 4;
}

void TestColumnDecider::columnsGiveBackWhatWasPutIn()
{
    QFETCH(const int, distinct);
    QFETCH(const int, codeBytes);
    Random random(1);
    for (const bool isText : {false, true}) {
        std::vector<std::string> texts;
        for (int i = 0; i < distinct; ++i)
            texts.push_back("text " + std::to_string(i * 7919 % distinct));
        std::vector<SignalSlot> values = {SignalSlot()};
        for (std::size_t i = 0; i < texts.size(); ++i)
            values.push_back(isText ? SignalSlot::ofText(texts[i])
                                    : SignalSlot::ofNumber(static_cast<double>(i) * 0.1 - 100));
        for (std::size_t i = values.size(); i-- > 1;)
            std::swap(values[i], values[random.below(i + 1)]);
        const CodedColumn column = columnOf(values, values.size() / 3);
        QCOMPARE(column.rowCount(), values.size());
        QCOMPARE(static_cast<int>(1U << column.codes().index()), codeBytes);
        QCOMPARE(static_cast<int>(column.values().size()), distinct + 1);
        for (std::size_t row = 0; row < values.size(); ++row)
            QVERIFY(isSame(column.at(row), values[row]));
        QVERIFY(std::ranges::is_sorted(column.values().subspan(1), {}, &SignalSlot::number));
    }
}

void TestColumnDecider::valuesAreToldApartToTheBit()
{
    const std::vector<SignalSlot> values = {SignalSlot::ofNumber(-0.0), SignalSlot::ofNumber(0.0),
                                            SignalSlot::ofNumber(-1e300), SignalSlot(),
                                            SignalSlot::ofNumber(5e-324)};
    CodedColumn column = columnOf(values, 2);
    const CodedColumn moved = std::move(column);
    for (std::size_t row = 0; row < values.size(); ++row)
        QVERIFY(isSame(moved.at(row), values[row]));
    const std::vector<SignalSlot> flags = {SignalSlot::ofBoolean(true), SignalSlot(),
                                           SignalSlot::ofBoolean(false)};
    const CodedColumn booleans = columnOf(flags, 1);
    for (std::size_t row = 0; row < flags.size(); ++row)
        QVERIFY(isSame(booleans.at(row), flags[row]));
    const CodedColumn short1 = columnOf({SignalSlot::ofText("a"), SignalSlot::ofText("")});
    QCOMPARE(std::string(short1.at(0).text), std::string("a"));
    QCOMPARE(std::string(short1.at(1).text), std::string());
}

void TestColumnDecider::randomPoliciesDecideAlike()
{
    const auto styles = std::make_shared<const UserStyles>(RandomRouting::styles());
    std::array<int, 4> seen{}; // holdout, otherwise, rules, margins
    for (int p = 0; p < 300; ++p) {
        RandomRouting generator(static_cast<std::uint64_t>(p) + 10'000);
        const PolicyDocument document = generator.policy();
        std::vector<Request> requests;
        for (int i = 0; i < 150; ++i)
            requests.push_back(generator.request());
        const World world(document, std::move(requests), styles);
        for (const auto vectors : usableVectors())
            QVERIFY2(world.difference(vectors).isEmpty(),
                     "policy " + QByteArray::number(p) + ", " + world.difference(vectors));
        for (const Decision& decision : world.decisions)
            ++seen[decision.isUncertain ? 3U
                                        : static_cast<std::size_t>(std::min(decision.rule, 0) + 2)];
    }
    for (const int count : seen)
        QVERIFY2(count > 400, qPrintable(QString::number(count)));
}

void TestColumnDecider::manyValuesDecideAlike_data()
{
    QTest::addColumn<int>("distinct");
    QTest::newRow("one byte") << 200;
    QTest::newRow("two bytes") << 5'000;
    QTest::newRow("four bytes") << 300'000;
}

/// Rows beyond one block, columns of mixed sizes, every comparison that numbers have.
void TestColumnDecider::manyValuesDecideAlike()
{
    QFETCH(const int, distinct);
    Random random(static_cast<std::uint64_t>(distinct));
    const std::size_t rows = distinct > 100'000 ? 120'000 : 20'003;
    std::vector<Request> requests(rows);
    for (Request& request : requests) {
        for (const char* key : {"a", "b", "c"}) {
            const bool isSmall = *key == 'c';
            if (random.chance(0.9))
                request.metadata.push_back({key, static_cast<double>(random.below(
                                                     isSmall ? 9 : std::uint64_t(distinct)))});
        }
        if (random.chance(0.8))
            request.metadata.push_back({"flag", random.chance(0.5)});
        if (random.chance(0.8))
            request.metadata.push_back({"plan", "plan " + std::to_string(random.below(40))});
        if (random.chance(0.7))
            request.style = random.chance(0.5) ? "concise" : "detailed";
    }
    for (int p = 0; p < (distinct > 100'000 ? 2 : 6); ++p) {
        PolicyBuilder builder({"x", "y", "z"});
        builder.metadata("a", ValueType::Number)
            .metadata("b", ValueType::Number)
            .metadata("c", ValueType::Number)
            .metadata("flag", ValueType::Boolean)
            .metadata("plan");
        const auto number = [&](const char* id) {
            const double bound = *id == 'c' ? 9 : distinct;
            const double limit = std::floor(random.uniform() * bound);
            const auto op = static_cast<CompareOp>(random.below(6));
            if (random.chance(0.2))
                return when(id, CompareOp::In,
                            CompareValue(std::vector<Scalar>{limit, limit + 1, limit / 2 + 7,
                                                             std::floor(limit / 3), 1.0}));
            if (random.chance(0.2))
                return when(id, op, CompareValue(ByStyle{limit, limit / 2, limit / 4}));
            return when(id, op, CompareValue(limit));
        };
        const std::function<Condition(int)> condition = [&](int depth) -> Condition {
            switch (random.below(depth > 0 ? 10 : 6)) {
            case 0:
            case 1:
                return number("a");
            case 2:
                return number("b");
            case 3:
                return number("c");
            case 4:
                return when("flag");
            case 5:
                return when("plan", CompareOp::Suffix, random.chance(0.5) ? "1" : "22");
            case 6:
                return negated(condition(depth - 1));
            case 7:
                return anyOf({condition(depth - 1), condition(depth - 1), condition(depth - 1)});
            default:
                return allOf({condition(depth - 1), condition(depth - 1)});
            }
        };
        for (int r = 0; r < 12; ++r)
            builder.rule("r" + std::to_string(r), allOf({condition(3), condition(2)}),
                         call(r % 2 == 0 ? "y" : "z"));
        const World world(builder, requests);
        for (const auto vectors : usableVectors())
            QVERIFY2(world.difference(vectors).isEmpty(), world.difference(vectors));
        std::vector<int> taken;
        for (const Decision& decision : world.decisions)
            taken.push_back(decision.rule);
        std::ranges::sort(taken);
        QVERIFY(std::unique(taken.begin(), taken.end()) - taken.begin() >= 3);
    }
}

void TestColumnDecider::moreRulesThanAByteCanCount()
{
    PolicyBuilder builder({"x", "y"});
    builder.metadata("n", ValueType::Number);
    for (int r = 0; r < 700; ++r)
        builder.rule("r" + std::to_string(r), when("n", CompareOp::Eq, r % 650), call("y"));
    std::vector<Request> requests(5'000);
    for (std::size_t i = 0; i < requests.size(); ++i)
        requests[i].metadata.push_back({"n", static_cast<double>(i % 800)});
    const World world(builder, requests);
    for (const auto vectors : usableVectors())
        QVERIFY2(world.difference(vectors).isEmpty(), world.difference(vectors));
    QCOMPARE(world.decisions[649].rule, 649);
    QCOMPARE(world.decisions[700].rule, Decision::kOtherwise);
}

void TestColumnDecider::aPolicyWithoutRules()
{
    const World none(PolicyBuilder({"x"}), std::vector<Request>(10));
    QVERIFY(none.difference(bestVectors()).isEmpty());
    const World empty(PolicyBuilder({"x"}), {});
    QVERIFY(empty.difference(bestVectors()).isEmpty());
    // Conditions that hold for every request or for none.
    PolicyBuilder builder({"x", "y"});
    builder.metadata("n", ValueType::Number)
        .rule("never", allOf({when("n", CompareOp::Gt, 5), when("n", CompareOp::Lt, 3)}), call("y"))
        .rule("always", negated(when("n", CompareOp::Gt, 100)), call("y"));
    std::vector<Request> requests(10);
    requests[3].metadata.push_back({"n", 7.0});
    const World world(builder, requests);
    QVERIFY(world.difference(bestVectors()).isEmpty());
    QCOMPARE(world.decisions[0].rule, 1);
}

QTEST_GUILESS_MAIN(TestColumnDecider)
#include "tst_column_decider.moc"
