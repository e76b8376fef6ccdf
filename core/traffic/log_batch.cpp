// SPDX-License-Identifier: Apache-2.0
#include "log_batch.h"

#include <utility>

namespace signalbox::traffic_detail {

void appendRange(std::vector<LogByteRange>& ranges, const LogByteRange& range)
{
    if (!ranges.empty() && ranges.back().begin + ranges.back().count == range.begin) {
        ranges.back().count += range.count;
        ranges.back().lines += range.lines;
        return;
    }
    ranges.push_back(range);
}

void LogBatch::addProblem(LogProblem problem)
{
    if (report.problems.size() < keptProblems)
        report.problems.push_back(std::move(problem));
}

void LogBatch::setAside(LogProblem problem)
{
    ++report.badLines;
    appendRange(report.setAside, {problem.byteBegin, problem.byteCount, problem.line, 1});
    problem.kind = LogProblem::Kind::SetAside;
    addProblem(std::move(problem));
}

void append(LogReport& whole, LogReport&& part, std::size_t linesBefore, std::size_t keptProblems)
{
    whole.lines += part.lines;
    whole.rows += part.rows;
    whole.feedbackRows += part.feedbackRows;
    whole.otherRows += part.otherRows;
    whole.emptyLines += part.emptyLines;
    whole.badLines += part.badLines;
    whole.partlyRead += part.partlyRead;
    for (LogProblem& problem : part.problems) {
        if (whole.problems.size() == keptProblems)
            break;
        problem.line += linesBefore;
        whole.problems.push_back(std::move(problem));
    }
    for (LogByteRange range : part.setAside) {
        range.firstLine += linesBefore;
        appendRange(whole.setAside, range);
    }
}

} // namespace signalbox::traffic_detail
