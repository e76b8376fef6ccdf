// SPDX-License-Identifier: Apache-2.0
#include "attempt_machine.h"
