// SPDX-License-Identifier: Apache-2.0
#include "support_desk.h"
