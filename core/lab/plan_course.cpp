// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_course.h"

namespace signalbox {

Answer PlanCourse::applied(Answer answer) const
{
    answer.route = toRouteJson(route);
    answer.text = text;
    answer.inputTokens = inputTokens;
    answer.outputTokens = outputTokens;
    answer.tokensEstimated = isEstimated;
    answer.cost = billed;
    answer.costStated = false;
    answer.simulated = isSimulated;
    answer.reused = route.isReused() && answer.state == AnswerState::Done;
    return answer;
}

} // namespace signalbox
