#include "tests/explore/schedule.h"

#include <algorithm>
#include <memory>
#include <semaphore>
#include <thread>

namespace assay::explore {
namespace {

enum class State { kReady, kBlocked, kEnded };

struct Worker {
  std::thread thread{};
  std::binary_semaphore turn{0};
  State state = State::kEnded;
  const void* blocked_on = nullptr;
};

// At a point where several threads can go on, or a thread has a choice: which one it was.
struct Branch {
  std::size_t taken;
  std::size_t options;
};

class Explorer {
 public:
  Explorer(const Options& options, std::size_t threads) : options_(options) {
    // All are there before the first thread looks at any.
    for (std::size_t i = 0; i < threads; ++i) workers_.push_back(std::make_unique<Worker>());
    for (std::size_t i = 0; i < threads; ++i) {
      workers_[i]->thread = std::thread([this, i] { Work(i); });
    }
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

  bool stuck() const { return stuck_; }
  void Join() {
    stop_ = true;
    for (auto& worker : workers_) worker->turn.release();
    for (auto& worker : workers_) worker->thread.join();
  }
  void Detach() {
    for (auto& worker : workers_) worker->thread.detach();
  }

  void Step();
  void Block(const void* on);
  void Unblock(const void* on);
  bool Choose();

 private:
  void Work(std::size_t index);
  std::vector<std::size_t> Ready(std::size_t but) const;
  std::size_t Take(std::size_t options);
  void GiveTurnTo(std::size_t index);
  void LeaveTurn();
  void GiveUp(const char* why);

  const Options options_;
  std::vector<std::unique_ptr<Worker>> workers_{};
  std::binary_semaphore over_{0};
  std::vector<Branch> branches_{};
  Scenario scenario_{};
  bool stop_ = false;

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

void Explorer::Work(std::size_t index) {
  current = this;
  for (;;) {
    workers_[index]->turn.acquire();
    if (stop_) return;
    scenario_.threads[index]();
    workers_[index]->state = State::kEnded;
    LeaveTurn();
  }
}

std::string Explorer::Run(Scenario scenario) {
  scenario_ = std::move(scenario);
  depth_ = 0;
  preemptions_left_ = options_.preemptions;
  steps_ = 0;
  running_ = kNobody;
  turns_.clear();
  failure_.clear();
  for (auto& worker : workers_) worker->state = State::kReady;
  LeaveTurn();
  over_.acquire();
  if (failure_.empty()) failure_ = scenario_.check();
  return failure_.empty() ? "" : failure_ + "; threads in their turns:" + turns_;
}

std::vector<std::size_t> Explorer::Ready(std::size_t but) const {
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if (i != but && workers_[i]->state == State::kReady) ready.push_back(i);
  }
  return ready;
}

std::size_t Explorer::Take(std::size_t options) {
  if (depth_ == branches_.size()) branches_.push_back({0, options});
  return branches_[depth_++].taken;
}

void Explorer::GiveTurnTo(std::size_t index) {
  running_ = index;
  turns_ += " " + std::to_string(index);
  workers_[index]->turn.release();
}

// To any thread that can go on, if there is one.
void Explorer::LeaveTurn() {
  const auto ready = Ready(kNobody);
  if (!ready.empty()) return GiveTurnTo(ready[Take(ready.size())]);
  for (const auto& worker : workers_) {
    if (worker->state == State::kBlocked) return GiveUp("the threads wait for each other");
  }
  over_.release();
}

void Explorer::GiveUp(const char* why) {
  failure_ = why;
  stuck_ = true;
  over_.release();
}

void Explorer::Step() {
  const std::size_t self = running_;
  if (++steps_ > options_.most_steps) {
    GiveUp("the threads go round in circles");
    workers_[self]->turn.acquire();  // never comes
  }
  if (preemptions_left_ == 0) return;
  const auto others = Ready(self);
  if (others.empty()) return;
  const std::size_t taken = Take(1 + others.size());
  if (taken == 0) return;
  --preemptions_left_;
  GiveTurnTo(others[taken - 1]);
  workers_[self]->turn.acquire();
}

void Explorer::Block(const void* on) {
  Worker& self = *workers_[running_];
  self.state = State::kBlocked;
  self.blocked_on = on;
  LeaveTurn();
  self.turn.acquire();
}

void Explorer::Unblock(const void* on) {
  for (auto& worker : workers_) {
    if (worker->state == State::kBlocked && worker->blocked_on == on) {
      worker->state = State::kReady;
    }
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
  if (explorer->stuck()) {
    // Its threads wait for ever, on stacks that refer to the scenario: both have to stay.
    explorer.release()->Detach();
  } else {
    explorer->Join();
  }
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
