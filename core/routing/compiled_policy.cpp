// SPDX-License-Identifier: Apache-2.0
#include "compiled_policy.h"
