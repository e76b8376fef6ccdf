// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_run.h"
