// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the voice measures reproduce the reference numbers on real answers: counts exactly,
// features to 1e-6. Skipped, and saying so, where the shared data is absent.

#include <core/voice/answer_stats.h>
#include <tests/support/shared_data.h>

#include <QFile>
#include <QTest>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <map>

using namespace signalbox;
using nlohmann::json;

namespace {

struct Row
{
    std::string prompt;
    std::string model;
    std::string text;
};

std::vector<Row> readRows(const QString& path)
{
    std::ifstream file(path.toStdString());
    std::vector<Row> rows;
    for (std::string line; std::getline(file, line);) {
        const json row = json::parse(line);
        rows.push_back({row.at("prompt_id"), row.at("model"), row.at("response")});
    }
    return rows;
}

} // namespace

class TestVoiceReference : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void goldenVectors_data();
    void goldenVectors();
    void meansOfEveryFeature_data();
    void meansOfEveryFeature();

private:
    [[nodiscard]] const json& expected() const { return m_spec.at("expected"); }

    json m_spec;
    std::vector<Row> m_rows;
    std::map<std::pair<std::string, std::string>, AnswerStats> m_stats; ///< model, prompt
};

void TestVoiceReference::initTestCase()
{
    const QString spec = tests::sharedDataFile(QStringLiteral("voices/voice_spec.json"));
    if (spec.isEmpty())
        QSKIP("The shared voice data is not here; set SIGNALBOX_SHARED_DATA to check against it.");
    m_spec = json::parse(std::ifstream(spec.toStdString()));
    m_rows = readRows(tests::sharedDataFile(QStringLiteral("voices/alpacaeval_dev.jsonl")));
    QCOMPARE(m_rows.size(), std::size_t(3000));
    std::vector<std::string_view> texts;
    for (const Row& row : m_rows)
        texts.push_back(row.text);
    const std::vector<AnswerStats> stats = measureAnswers(texts);
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_stats[{m_rows[i].model, m_rows[i].prompt}] = stats[i];
}

void TestVoiceReference::goldenVectors_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const json& golden : expected().at("golden")) {
        QTest::addRow("%d %s", index, golden.at("model").get<std::string>().c_str()) << index;
        ++index;
    }
}

void TestVoiceReference::goldenVectors()
{
    QFETCH(const int, index);
    const json& golden = expected().at("golden").at(std::size_t(index));
    const AnswerStats& stats = m_stats.at(
        {golden.at("model").get<std::string>(), golden.at("prompt_id").get<std::string>()});
    const json& counts = golden.at("counts");
    QCOMPARE(stats.words, counts.at("words").get<int>());
    QCOMPARE(stats.sentences, counts.at("sents").get<int>());
    QCOMPARE(stats.characters, counts.at("chars").get<int>());
    QCOMPARE(stats.paragraphs, counts.at("paras").get<int>());
    QCOMPARE(stats.headers, counts.at("headers").get<int>());
    QCOMPARE(stats.orderedItems, counts.at("ol").get<int>());
    QCOMPARE(stats.unorderedItems, counts.at("ul").get<int>());
    QCOMPARE(stats.bold, counts.at("bold").get<int>());
    QCOMPARE(stats.tableRows, counts.at("tables").get<int>());

    const auto agrees = [](const json& wanted, double value) {
        return wanted.is_null() ? std::isnan(value)
                                : std::abs(wanted.get<double>() - value) < 1.000001e-6;
    };
    QVERIFY(agrees(golden.at("fkgl"), stats.fleschKincaidGrade));
    QVERIFY(agrees(golden.at("fre"), stats.fleschReadingEase));
    QVERIFY(agrees(golden.at("mtld"), stats.mtld));
    QVERIFY(agrees(golden.at("hdd"), stats.hdd));
    const auto& names = voiceFeatureNames();
    QCOMPARE(golden.at("x").size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i)
        QVERIFY2(agrees(golden.at("x").at(std::string(names[i])), stats.features[i]),
                 names[i].data());
}

void TestVoiceReference::meansOfEveryFeature_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const json& model : expected().at("alpacaeval_dev").at("models"))
        QTest::newRow(model.at("model").get<std::string>().c_str()) << index++;
}

/// The reference rounds means to four digits; three hundred texts of ten models leave no room for a
/// rule that is read differently.
void TestVoiceReference::meansOfEveryFeature()
{
    QFETCH(const int, index);
    const json& wanted = expected().at("alpacaeval_dev").at("models").at(std::size_t(index));
    const std::string model = wanted.at("model");
    std::vector<const AnswerStats*> stats;
    for (const auto& [key, value] : m_stats) {
        if (key.first == model)
            stats.push_back(&value);
    }
    QCOMPARE(stats.size(), wanted.at("n").get<std::size_t>());
    const auto mean = [&](auto&& value) {
        double sum = 0;
        double count = 0;
        for (const AnswerStats* one : stats) {
            const double v = value(*one);
            if (!std::isnan(v)) {
                sum += v;
                ++count;
            }
        }
        return sum / count;
    };
    const auto near = [](double a, const json& b, double tolerance) {
        return std::abs(a - b.get<double>()) <= tolerance;
    };
    QVERIFY(near(mean([](const AnswerStats& s) { return double(s.words); }),
                 wanted.at("mean_words"), 0.0051));
    QVERIFY(near(mean([](const AnswerStats& s) { return double(s.characters); }),
                 wanted.at("mean_chars"), 0.0051));
    QVERIFY(near(mean([](const AnswerStats& s) { return double(s.sentences); }),
                 wanted.at("mean_sentences"), 0.00051));
    QVERIFY(near(mean([](const AnswerStats& s) { return s.hdd; }), wanted.at("mean_hdd"), 0.00051));
    QVERIFY(near(mean([](const AnswerStats& s) { return s.mtld; }), wanted.at("mean_mtld"), 0.051));
    const auto& names = voiceFeatureNames();
    for (std::size_t i = 0; i < names.size(); ++i)
        QVERIFY2(near(mean([&](const AnswerStats& s) { return s.features[i]; }),
                      wanted.at("means").at(std::string(names[i])), 0.0000501),
                 names[i].data());
}

QTEST_GUILESS_MAIN(TestVoiceReference)
#include "tst_voice_reference.moc"
