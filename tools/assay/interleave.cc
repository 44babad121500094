#include "tools/assay/interleave.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>

#include "assay/core/duration_text.h"

namespace assay {
namespace {

using regression::BlockOutcome;
using regression::BlockProgress;

std::atomic<bool> cancelled{false};  // a signal handler can reach nothing else

void Cancel(int) { cancelled = true; }

// For as long as it lives, the two signals ask for an early end instead of death.
class CancelOnSignal {
 public:
  CancelOnSignal() {
    cancelled = false;
    struct sigaction action {};
    action.sa_handler = Cancel;
    ::sigaction(SIGINT, &action, &interrupt_);
    ::sigaction(SIGTERM, &action, &terminate_);
  }
  ~CancelOnSignal() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGTERM, &terminate_, nullptr);
  }

 private:
  struct sigaction interrupt_ {
  }, terminate_{};
};

std::string WholeSeconds(Duration duration) {
  return DurationText(std::chrono::ceil<std::chrono::seconds>(duration));
}

void ShowBlocks(const BlockProgress& progress) {
  std::fprintf(stderr, "\r\x1b[Kblock %d of at most %d, %zu undecided, %s gone, about %s to go",
               progress.blocks, progress.max_blocks, progress.undecided,
               WholeSeconds(progress.elapsed).c_str(), WholeSeconds(progress.remaining).c_str());
}

void SayWhyItStopped(BlockOutcome::Stop stop, int blocks) {
  const char* why = nullptr;
  switch (stop) {
    case BlockOutcome::Stop::kDecided: return;
    case BlockOutcome::Stop::kMaxBlocks: why = "--max-blocks is reached"; break;
    case BlockOutcome::Stop::kBudget: why = "--budget is used up"; break;
    case BlockOutcome::Stop::kCancelled: why = "interrupted"; break;
  }
  std::fprintf(stderr, "assay compare: stopped after %d blocks: %s\n", blocks, why);
}

}  // namespace

Result<regression::Comparison> Interleave(const std::string& base, const std::string& head,
                                          const regression::CompareOptions& options,
                                          regression::BlockOptions blocks) {
  const CancelOnSignal signals;
  blocks.cancelled = &cancelled;
  const bool show = ::isatty(STDERR_FILENO) == 1;
  auto compared = regression::ComparePrograms(
      base, head, options, blocks, show ? ShowBlocks : regression::BlockRunner::ProgressSink());
  if (show) std::fputs("\r\x1b[K", stderr);
  if (!compared) return std::move(compared).error();
  SayWhyItStopped(compared->stop, compared->blocks);
  return std::move(compared->comparison);
}

}  // namespace assay
