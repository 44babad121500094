// Runs one program to its end, or ends it.
//
// The child gets an empty standard input, a session (and so a process group) of its
// own, default signal handling, and no file descriptor of this process. However it
// ends, nothing of its group is left behind: not after a time-out, not after a
// cancellation, and not when it exits and leaves children of its own. (Only a
// grandchild that starts yet another session escapes.)
//
// Thread safety: RunProcess may be called from any thread.
#ifndef ASSAY_TOOLS_REGRESSION_RUN_PROCESS_H_
#define ASSAY_TOOLS_REGRESSION_RUN_PROCESS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assay/core/clock.h"
#include "assay/core/result.h"

namespace assay::regression {

struct ProcessOptions {
  Duration timeout = std::chrono::seconds(60);
  const std::atomic<bool>* cancelled = nullptr;  // looked at every 50 ms and after every signal
  std::optional<int> cpu{};                      // the only CPU it may run on
  std::size_t max_output = std::size_t{256} << 20;
};

struct ProcessResult {
  enum class End : std::uint8_t { kExited, kSignalled, kTimedOut, kCancelled, kTooMuchOutput };

  End end = End::kExited;
  int status = 0;      // the exit status or the number of the signal
  std::string output;  // standard output
  std::string errors;  // the last 2 KiB of standard error
  Duration elapsed{};
  Duration cpu{};  // user and system time, with that of the children it waited for
};

// Runs `command`: the path of an executable and its arguments; PATH is not searched.
// kIo when it cannot be started; whatever happens after that is a ProcessResult.
Result<ProcessResult> RunProcess(const std::vector<std::string>& command,
                                 const ProcessOptions& options);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_RUN_PROCESS_H_
