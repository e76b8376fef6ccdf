// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace signalbox {

/// From now on the calling thread, and those that it starts, run where the others leave room: a
/// window stays smooth in front of them. Cannot be taken back. Does nothing where the system has no
/// such thing per thread.
void runBehindOthers();

} // namespace signalbox
