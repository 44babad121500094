#include "tests/explore/schedule.h"

#include <ucontext.h>

#include <cstdint>
#include <memory>
#include <utility>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

namespace assay::explore {
namespace {

enum class State { kReady, kBlocked, kEnded };

// A stack of its own for each of the threads: they take turns, so one thread of the system is
// enough for all, and a change from one to another costs no call of the scheduler.
class Fiber {
 public:
  explicit Fiber(void (*entry)()) : entry_(entry) {}
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  void Start() {
    if (!stack_) stack_ = std::make_unique<char[]>(kStackBytes);
#ifdef __SANITIZE_ADDRESS__
    // The frames of the run before are still marked there: they were never left.
    ASAN_UNPOISON_MEMORY_REGION(stack_.get(), kStackBytes);
#endif
    getcontext(&context_);
    context_.uc_stack.ss_sp = stack_.get();
    context_.uc_stack.ss_size = kStackBytes;
    context_.uc_link = nullptr;
    makecontext(&context_, entry_, 0);
    state = State::kReady;
  }

  // Goes on with this one, and returns when somebody goes on with `from`.
  void SwitchFrom(Fiber& from) { swapcontext(&from.context_, &context_); }

  State state = State::kEnded;
  const void* blocked_on = nullptr;

 private:
  // Above 256 KiB the AddressSanitizer maps its shadow anew at each switch, which takes 20 us.
  static constexpr std::size_t kStackBytes = 256 * 1024;

  void (*entry_)();
  std::unique_ptr<char[]> stack_{};
  ucontext_t context_{};
};

// At a point where several threads can go on, or a thread has a choice: which one it was.
struct Branch {
  std::size_t taken;
  std::size_t options;
};

class Explorer {
 public:
  Explorer(const Options& options, std::size_t threads) : options_(options) {
    for (std::size_t i = 0; i < threads; ++i) fibers_.push_back(std::make_unique<Fiber>(&Enter));
  }

  // Of the run that `branches_` describes, as far as it goes: what was wrong.
  std::string Run(Scenario scenario);

  // To the next run; false when there is none.
  bool Advance() {
    while (!branches_.empty() && branches_.back().taken + 1 == branches_.back().options) {
      branches_.pop_back();
    }
    if (branches_.empty()) return false;
    ++branches_.back().taken;
    return true;
  }

  // Threads were left in the middle of what they did.
  bool stuck() const { return stuck_; }

  void Step();
  void Block(const void* on);
  void Unblock(const void* on);
  bool Choose();

 private:
  static void Enter();
  std::vector<std::size_t> Ready(std::size_t but) const;
  std::size_t Take(std::size_t options);
  void GiveTurnTo(std::size_t index);
  void LeaveTurn();
  void GiveUp(const char* why);
  void BackToMain() { main_.SwitchFrom(*fibers_[running_]); }

  const Options options_;
  std::vector<std::unique_ptr<Fiber>> fibers_{};
  Fiber main_{nullptr};
  std::vector<Branch> branches_{};
  Scenario scenario_{};

  // Of one run.
  std::size_t depth_ = 0;
  int preemptions_left_ = 0;
  int steps_ = 0;
  std::size_t running_ = 0;
  std::string turns_{};
  std::string failure_{};
  bool stuck_ = false;
};

constexpr std::size_t kNobody = SIZE_MAX;

thread_local Explorer* current = nullptr;

void Explorer::Enter() {
  Explorer& self = *current;
  self.scenario_.threads[self.running_]();
  self.fibers_[self.running_]->state = State::kEnded;
  self.LeaveTurn();  // and nobody comes back
}

std::string Explorer::Run(Scenario scenario) {
  scenario_ = std::move(scenario);
  depth_ = 0;
  preemptions_left_ = options_.preemptions;
  steps_ = 0;
  running_ = kNobody;
  turns_.clear();
  failure_.clear();
  for (const auto& fiber : fibers_) fiber->Start();
  current = this;
  LeaveTurn();
  current = nullptr;
  if (failure_.empty()) failure_ = scenario_.check();
  return failure_.empty() ? "" : failure_ + "; threads in their turns:" + turns_;
}

std::vector<std::size_t> Explorer::Ready(std::size_t but) const {
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < fibers_.size(); ++i) {
    if (i != but && fibers_[i]->state == State::kReady) ready.push_back(i);
  }
  return ready;
}

std::size_t Explorer::Take(std::size_t options) {
  if (depth_ == branches_.size()) branches_.push_back({0, options});
  return branches_[depth_++].taken;
}

void Explorer::GiveTurnTo(std::size_t index) {
  Fiber& from = running_ == kNobody ? main_ : *fibers_[running_];
  running_ = index;
  turns_ += " " + std::to_string(index);
  fibers_[index]->SwitchFrom(from);
}

// To any thread that can go on, if there is one.
void Explorer::LeaveTurn() {
  const auto ready = Ready(kNobody);
  if (!ready.empty()) return GiveTurnTo(ready[Take(ready.size())]);
  for (const auto& fiber : fibers_) {
    if (fiber->state == State::kBlocked) return GiveUp("the threads wait for each other");
  }
  if (running_ != kNobody) BackToMain();
}

// What the threads were doing is never finished.
void Explorer::GiveUp(const char* why) {
  failure_ = why;
  stuck_ = true;
  BackToMain();
}

void Explorer::Step() {
  const std::size_t self = running_;
  if (++steps_ > options_.most_steps) GiveUp("the threads go round in circles");
  if (preemptions_left_ == 0) return;
  const auto others = Ready(self);
  if (others.empty()) return;
  const std::size_t taken = Take(1 + others.size());
  if (taken == 0) return;
  --preemptions_left_;
  GiveTurnTo(others[taken - 1]);
}

void Explorer::Block(const void* on) {
  Fiber& self = *fibers_[running_];
  self.state = State::kBlocked;
  self.blocked_on = on;
  LeaveTurn();
}

void Explorer::Unblock(const void* on) {
  for (const auto& fiber : fibers_) {
    if (fiber->state == State::kBlocked && fiber->blocked_on == on) fiber->state = State::kReady;
  }
}

bool Explorer::Choose() {
  if (preemptions_left_ == 0 || Take(2) == 0) return false;
  --preemptions_left_;
  return true;
}

}  // namespace

Report Explore(const std::function<Scenario()>& make, const Options& options) {
  auto explorer = std::make_unique<Explorer>(options, make().threads.size());
  Report report;
  while (report.schedules < options.most_schedules) {
    ++report.schedules;
    report.failure = explorer->Run(make());
    if (!report.failure.empty()) break;
    report.complete = !explorer->Advance();
    if (report.complete) break;
  }
  // What stands on the stacks of its threads refers to the scenario: both have to stay.
  static std::vector<std::unique_ptr<Explorer>> kept;
  if (explorer->stuck()) kept.push_back(std::move(explorer));
  return report;
}

void Step() {
  if (current != nullptr) current->Step();
}
void Block(const void* on) {
  if (current != nullptr) current->Block(on);
}
void Unblock(const void* on) {
  if (current != nullptr) current->Unblock(on);
}
bool Choose() { return current != nullptr && current->Choose(); }

}  // namespace assay::explore
