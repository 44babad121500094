// Lets the threads of a run through at once, or sends them home.
//
// With fewer threads than promised a run would not be what it is called, so nobody
// begins before all are there. Internal to engines.
#ifndef ASSAY_ENGINES_START_GATE_H_
#define ASSAY_ENGINES_START_GATE_H_

#include <atomic>

namespace assay {

class StartGate {
 public:
  void Open() noexcept { Set(State::kOpen); }
  void Abandon() noexcept { Set(State::kAbandoned); }

  // Blocks until one of these; true when there is work to do.
  bool Wait() const noexcept {
    state_.wait(State::kClosed);
    return state_ == State::kOpen;
  }

 private:
  enum class State { kClosed, kOpen, kAbandoned };
  void Set(State state) noexcept {
    state_ = state;
    state_.notify_all();
  }
  std::atomic<State> state_{State::kClosed};
};

}  // namespace assay

#endif  // ASSAY_ENGINES_START_GATE_H_
