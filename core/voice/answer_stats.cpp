// SPDX-License-Identifier: Apache-2.0
#include "answer_stats.h"
