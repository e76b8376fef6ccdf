// SPDX-License-Identifier: Apache-2.0
#include "style_classifier.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

constexpr double kClip = 4;
constexpr double kLeastSpread = 1e-9;

double sigmoid(double logit)
{
    return logit >= 0 ? 1 / (1 + std::exp(-logit)) : std::exp(logit) / (1 + std::exp(logit));
}

/// -log of the likelihood of `label` at this logit.
double loss(double logit, double label)
{
    const double signedLogit = label > 0.5 ? logit : -logit;
    return signedLogit > 0 ? std::log1p(std::exp(-signedLogit))
                           : std::log1p(std::exp(signedLogit)) - signedLogit;
}

/// One fit; the last of the columns + 1 parameters is the intercept.
class NewtonFit
{
public:
    NewtonFit(std::span<const double> rows, std::span<const double> labels, std::size_t columns,
              double lambda)
        : m_rows(rows), m_labels(labels), m_columns(columns), m_lambda(lambda),
          m_parameters(columns + 1, 0.0)
    {}

    [[nodiscard]] LogisticModel run()
    {
        constexpr int kMostSteps = 50;
        constexpr double kSmallStep = 1e-9;
        double objective = objectiveAt(m_parameters);
        for (int i = 0; i < kMostSteps; ++i) {
            const std::vector<double> step = newtonStep();
            double length = 0;
            for (const double value : step)
                length = std::max(length, std::abs(value));
            if (length < kSmallStep || !advance(step, objective))
                break;
        }
        LogisticModel model;
        model.coefficients.assign(m_parameters.begin(), m_parameters.end() - 1);
        model.intercept = m_parameters.back();
        return model;
    }

private:
    [[nodiscard]] const double* row(std::size_t i) const { return m_rows.data() + i * m_columns; }

    [[nodiscard]] double logitAt(std::span<const double> parameters, std::size_t i) const
    {
        const double* values = row(i);
        double logit = parameters[m_columns];
        for (std::size_t k = 0; k < m_columns; ++k)
            logit += parameters[k] * values[k];
        return logit;
    }

    [[nodiscard]] double objectiveAt(std::span<const double> parameters) const
    {
        double sum = 0;
        for (std::size_t k = 0; k < m_columns; ++k)
            sum += 0.5 * m_lambda * parameters[k] * parameters[k];
        for (std::size_t i = 0; i < m_labels.size(); ++i)
            sum += loss(logitAt(parameters, i), m_labels[i]);
        return sum;
    }

    /// Solves Hessian * step = gradient.
    [[nodiscard]] std::vector<double> newtonStep() const
    {
        const std::size_t size = m_columns + 1;
        Eigen::MatrixXd hessian =
            Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(size), static_cast<Eigen::Index>(size));
        Eigen::VectorXd gradient = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(size));
        double* const h = hessian.data(); // column by column; the lower triangle is filled
        double* const g = gradient.data();
        std::vector<double> extended(size, 1.0);
        for (std::size_t i = 0; i < m_labels.size(); ++i) {
            const double p = sigmoid(logitAt(m_parameters, i));
            const double weight = p * (1 - p);
            const double residual = p - m_labels[i];
            std::copy_n(row(i), m_columns, extended.data());
            for (std::size_t k = 0; k < size; ++k) {
                g[k] += residual * extended[k];
                const double scaled = weight * extended[k];
                double* const column = h + k * size;
                for (std::size_t j = k; j < size; ++j)
                    column[j] += scaled * extended[j];
            }
        }
        for (std::size_t k = 0; k < m_columns; ++k) {
            g[k] += m_lambda * m_parameters[k];
            h[k * size + k] += m_lambda;
        }
        h[m_columns * size + m_columns] += kLeastSpread; // if every answer is told apart for sure
        const Eigen::VectorXd step = hessian.selfadjointView<Eigen::Lower>().llt().solve(gradient);
        return {step.data(), step.data() + step.size()};
    }

    /// Takes the step, or the largest half, quarter, … of it that lowers the objective.
    [[nodiscard]] bool advance(const std::vector<double>& step, double& objective)
    {
        std::vector<double> candidate(m_parameters.size());
        constexpr int kMostHalvings = 20;
        for (int halvings = 0; halvings < kMostHalvings; ++halvings) {
            const double length = std::ldexp(1.0, -halvings);
            for (std::size_t k = 0; k < candidate.size(); ++k)
                candidate[k] = m_parameters[k] - length * step[k];
            const double value = objectiveAt(candidate);
            if (value <= objective) {
                m_parameters.swap(candidate);
                objective = value;
                return true;
            }
        }
        return false;
    }

    std::span<const double> m_rows;
    std::span<const double> m_labels;
    std::size_t m_columns;
    double m_lambda;
    std::vector<double> m_parameters;
};

} // namespace

FeatureScaler::FeatureScaler(std::span<const AnswerStats* const> rows,
                             std::span<const std::size_t> features)
    : m_features(features.begin(), features.end()), m_mean(features.size(), 0.0),
      m_inverseSpread(features.size(), 1.0)
{
    for (std::size_t k = 0; k < m_features.size(); ++k) {
        double sum = 0;
        double count = 0;
        for (const AnswerStats* row : rows) {
            const double value = row->features[m_features[k]];
            if (!std::isnan(value)) {
                sum += value;
                ++count;
            }
        }
        if (count == 0)
            continue;
        const double mean = sum / count;
        double squares = 0;
        for (const AnswerStats* row : rows) {
            const double value = row->features[m_features[k]];
            if (!std::isnan(value))
                squares += (value - mean) * (value - mean);
        }
        const double spread = std::sqrt(squares / count);
        m_mean[k] = mean;
        m_inverseSpread[k] = spread < kLeastSpread ? 1.0 : 1 / spread;
    }
}

void FeatureScaler::scale(const AnswerStats& stats, double* out) const
{
    for (std::size_t k = 0; k < m_features.size(); ++k) {
        const double value = stats.features[m_features[k]];
        out[k] = std::isnan(value)
                     ? 0.0
                     : std::clamp((value - m_mean[k]) * m_inverseSpread[k], -kClip, kClip);
    }
}

double LogisticModel::logit(std::span<const double> row) const
{
    double sum = intercept;
    for (std::size_t k = 0; k < coefficients.size(); ++k)
        sum += coefficients[k] * row[k];
    return sum;
}

LogisticModel fitLogistic(std::span<const double> rows, std::span<const double> labels,
                          std::size_t columns, double lambda)
{
    return NewtonFit(rows, labels, columns, lambda).run();
}

OutOfFoldScores outOfFoldScores(std::span<const AnswerStats> a, std::span<const AnswerStats> b,
                                std::span<const std::size_t> features, int folds, double lambda,
                                const TurnGroups& turns)
{
    const std::size_t n = a.size();
    const auto foldCount = static_cast<std::size_t>(std::max(folds, 2));
    OutOfFoldScores scores{std::vector<double>(n, 0.0), std::vector<double>(n, 0.0)};
    const auto foldOf = [&](std::size_t p) { return turns.groupOf(p) % foldCount; };
    for (std::size_t fold = 0; fold < std::min(foldCount, turns.count(n)); ++fold) {
        std::vector<const AnswerStats*> training;
        std::vector<double> labels;
        for (std::size_t p = 0; p < n; ++p) {
            if (foldOf(p) == fold)
                continue;
            training.insert(training.end(), {&a[p], &b[p]});
            labels.insert(labels.end(), {1.0, 0.0});
        }
        if (training.empty())
            return scores; // one prompt cannot be scored by the others
        const FeatureScaler scaler(training, features);
        const std::size_t columns = scaler.columns();
        std::vector<double> rows(training.size() * columns);
        for (std::size_t i = 0; i < training.size(); ++i)
            scaler.scale(*training[i], rows.data() + i * columns);
        const LogisticModel model = fitLogistic(rows, labels, columns, lambda);
        std::vector<double> row(columns);
        for (std::size_t p = 0; p < n; ++p) {
            if (foldOf(p) != fold)
                continue;
            scaler.scale(a[p], row.data());
            scores.a[p] = model.logit(row);
            scaler.scale(b[p], row.data());
            scores.b[p] = model.logit(row);
        }
    }
    return scores;
}

} // namespace signalbox
