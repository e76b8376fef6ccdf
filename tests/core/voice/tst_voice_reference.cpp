// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the voice measures reproduce the reference numbers on real answers: counts exactly,
// features to 1e-6,
// distances of every listed pair to the last digit given. Skipped, and saying so, where the shared
// data is absent.

#include <core/voice/answer_stats.h>
#include <core/voice/consistency.h>
#include <core/voice/normalize.h>
#include <core/voice/separability.h>
#include <core/voice/tone.h>
#include <core/voice/voice_distance.h>
#include <tests/support/shared_data.h>

#include <QFile>
#include <QTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>

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
    void everyListedPair_data();
    void everyListedPair();
    void pairsOfTheSalientFeatures();
    void samplesOfOneModel();
    void ranksOfVerbosity();
    void consistencyOfRouting();
    void leversOnNoticeability();

private:
    [[nodiscard]] const json& expected() const { return m_spec.at("expected"); }
    [[nodiscard]] const json& alpaca() const { return expected().at("alpacaeval_dev"); }
    [[nodiscard]] VoicePanel panelOf(const std::string& a, const std::string& b) const;
    void readStats(const char* file, std::size_t rows);

    json m_spec;
    std::map<std::pair<std::string, std::string>, AnswerStats> m_stats; ///< model, prompt
};

void TestVoiceReference::initTestCase()
{
    const QString spec = tests::sharedDataFile(QStringLiteral("voices/voice_spec.json"));
    if (spec.isEmpty())
        QSKIP("The shared voice data is not here; set SIGNALBOX_SHARED_DATA to check against it.");
    m_spec = json::parse(std::ifstream(spec.toStdString()));
    readStats("voices/alpacaeval_dev.jsonl", 3000);
    readStats("voices/arenahard_dev.jsonl", 600);
}

void TestVoiceReference::readStats(const char* file, std::size_t rowCount)
{
    const std::vector<Row> rows = readRows(tests::sharedDataFile(QLatin1String(file)));
    QCOMPARE(rows.size(), rowCount);
    std::vector<std::string_view> texts;
    for (const Row& row : rows)
        texts.push_back(row.text);
    const std::vector<AnswerStats> stats = measureAnswers(texts);
    for (std::size_t i = 0; i < rows.size(); ++i)
        m_stats[{rows[i].model, rows[i].prompt}] = stats[i];
}

/// The answers of two models to their common prompts.
VoicePanel TestVoiceReference::panelOf(const std::string& a, const std::string& b) const
{
    VoicePanel panel{{a, b}, {}, {{}, {}}};
    for (const auto& [key, stats] : m_stats) {
        const auto other = m_stats.find({b, key.second});
        if (key.first != a || other == m_stats.end())
            continue;
        panel.prompts.push_back(key.second);
        panel.stats[0].push_back(stats);
        panel.stats[1].push_back(other->second);
    }
    return panel;
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

void TestVoiceReference::everyListedPair_data()
{
    QTest::addColumn<QByteArray>("pair");
    const auto addAll = [](const json& pairs) {
        for (const json& pair : pairs) {
            const std::string name =
                pair.at("a").get<std::string>() + " / " + pair.at("b").get<std::string>();
            QTest::newRow(name.c_str()) << QByteArray::fromStdString(pair.dump());
        }
    };
    addAll(alpaca().at("pairs"));
    addAll(alpaca().at("null_pairs"));
    addAll(alpaca().at("lever_pairs"));
    addAll(expected().at("arenahard_dev").at("pairs"));
}

void TestVoiceReference::everyListedPair()
{
    QFETCH(const QByteArray, pair);
    const json wanted = json::parse(pair.toStdString());
    VoiceDistanceOptions options;
    options.draws = 400;
    const VoiceDistance distance =
        voiceDistance(panelOf(wanted.at("a"), wanted.at("b")), 0, 1, options);
    const auto verifyNear = [&](double value, const char* key, double tolerance) {
        const double reference = wanted.at(key);
        if (std::abs(value - reference) > tolerance)
            QFAIL(qPrintable(QStringLiteral("%1 is %2, expected %3")
                                 .arg(QLatin1String(key))
                                 .arg(value, 0, 'f', 4)
                                 .arg(reference)));
    };
    QCOMPARE(distance.n, wanted.at("n").get<std::size_t>());
    verifyNear(distance.auc.value, "auc", 0.0002);
    verifyNear(distance.twoAfc, "twoafc", 0.0002);
    verifyNear(distance.balancedAccuracy, "balanced_accuracy", 0.0002);
    verifyNear(distance.aucSameDifferent, "auc_sd", 0.0002);
    verifyNear(distance.noticeability.value, "nu", 0.0004);
    verifyNear(distance.noticeabilityClosedForm, "nu_closed_form", 0.0004);
    QVERIFY(std::abs(distance.auc.low - wanted.at("auc_ci95").at(0).get<double>()) < 0.01);
    QVERIFY(std::abs(distance.auc.high - wanted.at("auc_ci95").at(1).get<double>()) < 0.01);
    QVERIFY(distance.noticeability.low <= distance.noticeability.value + 0.01);
    QVERIFY(distance.noticeability.high >= distance.noticeability.value);

    const json& top = wanted.at("top_features");
    QCOMPARE(distance.reasons.size(), top.size());
    for (std::size_t i = 0; i < top.size(); ++i) {
        const VoiceReason& reason = distance.reasons[i];
        // Two features of one weight to three digits may change places.
        const double weight = top.at(i).at(1).get<double>();
        QVERIFY(std::abs(reason.weight - weight) < 0.00061);
        const bool tied = i + 1 == top.size() ||
                          std::abs(weight - top.at(i + 1).at(1).get<double>()) < 0.0011 ||
                          (i > 0 && std::abs(weight - top.at(i - 1).at(1).get<double>()) < 0.0011);
        QVERIFY(tied || voiceFeatureNames()[reason.feature] == top.at(i).at(0).get<std::string>());
        QVERIFY(!reason.sentence.empty());
    }
}

void TestVoiceReference::pairsOfTheSalientFeatures()
{
    VoiceDistanceOptions options;
    options.draws = 0;
    const auto& names = voiceFeatureNames();
    for (const json& name : m_spec.at("definitions").at("salient_subset"))
        options.features.push_back(std::size_t(
            std::find(names.begin(), names.end(), name.get<std::string>()) - names.begin()));
    for (const json& wanted : alpaca().at("pairs_salient")) {
        const VoiceDistance distance =
            voiceDistance(panelOf(wanted.at("a"), wanted.at("b")), 0, 1, options);
        QVERIFY(std::abs(distance.auc.value - wanted.at("auc").get<double>()) < 0.0002);
        QVERIFY(std::abs(distance.noticeability.value - wanted.at("nu").get<double>()) < 0.0004);
    }
}

/// The noise floor: ten samples of one model, every pair of them.
void TestVoiceReference::samplesOfOneModel()
{
    const json& wanted = expected().at("resamples_dev");
    std::map<int, std::map<std::string, AnswerStats>> bySample;
    std::ifstream file(
        tests::sharedDataFile(QStringLiteral("voices/resamples_dev.jsonl")).toStdString());
    for (std::string line; std::getline(file, line);) {
        const json row = json::parse(line);
        bySample[row.at("sample")][row.at("prompt_id")] =
            measureAnswer(row.at("response").get<std::string>());
    }
    std::vector<std::vector<AnswerStats>> samples;
    for (const auto& [number, answers] : bySample) {
        samples.emplace_back();
        for (const auto& [prompt, stats] : answers)
            samples.back().push_back(stats);
        QCOMPARE(samples.back().size(), wanted.at("n_prompts").get<std::size_t>());
    }
    std::vector<double> aucs;
    std::vector<double> noticeabilities;
    VoiceDistanceOptions options;
    options.draws = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        for (std::size_t j = i + 1; j < samples.size(); ++j) {
            const VoicePanel panel{{"a", "b"}, {}, {samples[i], samples[j]}};
            const VoiceDistance distance = voiceDistance(panel, 0, 1, options);
            aucs.push_back(distance.auc.value);
            noticeabilities.push_back(distance.noticeability.value);
        }
    }
    QCOMPARE(aucs.size(), std::size_t(45));
    const double mean = std::accumulate(aucs.begin(), aucs.end(), 0.0) / 45;
    QVERIFY(std::abs(mean - wanted.at("auc_mean").get<double>()) < 0.0005);
    QVERIFY(std::abs(quantileOf(aucs, 0.95) - wanted.at("auc_p95").get<double>()) < 0.0005);
    QVERIFY(std::abs(quantileOf(noticeabilities, 0.95) - wanted.at("nu_p95").get<double>()) <
            0.0005);

    const NoiseFloor floor = noiseFloor(samples[0], samples[1]);
    QVERIFY(floor.measured);
    QCOMPARE(floor.n, std::size_t(50));
    QVERIFY(floor.auc >= 0.5 && floor.auc < 0.62);
    QVERIFY(floor.noticeability < 0.05);
}

void TestVoiceReference::ranksOfVerbosity()
{
    std::map<std::string, double> words;
    std::map<std::string, double> characters;
    for (const auto& [key, stats] : m_stats) {
        words[key.first] += stats.words / 300.0;
        characters[key.first] += stats.characters / 300.0;
    }
    std::vector<std::string> models = alpaca().at("verbosity_rank");
    const std::vector<std::string> wanted = models;
    std::sort(models.begin(), models.end(), [&](const std::string& a, const std::string& b) {
        return words.at(a) > words.at(b);
    });
    QVERIFY(models == wanted);

    const auto spearman = [&](const std::map<std::string, double>& measured) {
        const auto& published = alpaca().at("published_avg_length");
        const auto rank = [&](const auto& value, const std::string& model) {
            return double(
                std::count_if(wanted.begin(), wanted.end(), [&](const std::string& other) {
                    return value(other) < value(model);
                }));
        };
        double squares = 0;
        for (const std::string& model : wanted) {
            const double apart =
                rank([&](const std::string& m) { return measured.at(m); }, model) -
                rank([&](const std::string& m) { return published.at(m).get<double>(); }, model);
            squares += apart * apart;
        }
        const auto n = double(wanted.size());
        return 1 - 6 * squares / (n * (n * n - 1));
    };
    QVERIFY(std::abs(spearman(words) -
                     alpaca().at("spearman_mean_words_vs_published_avg_length").get<double>()) <
            0.0001);
    QVERIFY(std::abs(spearman(characters) -
                     alpaca().at("spearman_mean_chars_vs_published_avg_length").get<double>()) <
            0.0001);
}

/// C of independent routing between two models, from the reference's nu and from ours.
void TestVoiceReference::consistencyOfRouting()
{
    VoiceDistanceOptions options;
    options.draws = 0;
    for (const json& wanted : expected().at("arenahard_dev").at("pairs")) {
        const VoiceDistance distance =
            voiceDistance(panelOf(wanted.at("a"), wanted.at("b")), 0, 1, options);
        for (const double share : {0.0, 0.25, 0.5, 1.0}) {
            const std::vector<double> shares = {share, 1 - share};
            const double value = consistency(independentSeams(shares), [&](auto, auto) {
                                     return distance.noticeability.value;
                                 }).value;
            const double reference = 1 - 2 * share * (1 - share) * wanted.at("nu").get<double>();
            QVERIFY(std::abs(value - reference) < 0.0005);
        }
    }
}

/// What the normaliser does to the mean nu of six models: 0.42 as they write, about 0.18 flattened
/// and trimmed, about 0.11 with at most 100 words, by the reference's own normaliser.
void TestVoiceReference::leversOnNoticeability()
{
    const std::vector<std::string> models = {
        "gpt4_0613",  "gpt-3.5-turbo-1106",         "claude-2.1",
        "gemini-pro", "Mixtral-8x7B-Instruct-v0.1", "llama-2-70b-chat-hf"};
    const std::vector<Row> rows =
        readRows(tests::sharedDataFile(QStringLiteral("voices/alpacaeval_dev.jsonl")));
    const auto meanNoticeability = [&](const NormalizeOptions& options) {
        std::map<std::pair<std::string, std::string>, AnswerStats> stats;
        for (const Row& row : rows) {
            if (std::find(models.begin(), models.end(), row.model) != models.end())
                stats[{row.model, row.prompt}] = measureAnswer(normalizeAnswer(row.text, options));
        }
        VoicePanel panel;
        panel.models = models;
        for (const std::string& model : models) {
            panel.stats.emplace_back();
            for (const auto& [key, one] : stats) {
                if (key.first == model)
                    panel.stats.back().push_back(one);
            }
        }
        VoiceDistanceOptions distances;
        distances.draws = 0;
        const VoiceMatrix matrix = voiceMatrix(panel, distances);
        double sum = 0;
        for (const VoiceDistance& pair : matrix.pairs)
            sum += pair.noticeability.value;
        return sum / double(matrix.pairs.size());
    };
    const auto near = [](double a, double b) { return std::abs(a - b) <= 0.03; };
    QVERIFY(near(meanNoticeability({}), 0.42));
    QVERIFY(near(meanNoticeability({true, true, true, {}}), 0.18));
    QVERIFY(near(meanNoticeability({true, true, true, 100}), 0.11));
}

QTEST_GUILESS_MAIN(TestVoiceReference)
#include "tst_voice_reference.moc"
