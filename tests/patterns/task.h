// The smallest lazy coroutine task, to show that the wrappers need no library.
#ifndef TESTS_PATTERNS_TASK_H_
#define TESTS_PATTERNS_TASK_H_

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace assay {

// Starts when it is awaited or Run(); destroying it destroys the coroutine.
template <class T>
class [[nodiscard]] Task {
 public:
  struct promise_type {
    std::optional<T> value;
    std::exception_ptr exception;
    std::coroutine_handle<> awaiting = std::noop_coroutine();

    struct Finish : std::suspend_always {
      std::coroutine_handle<> await_suspend(
          std::coroutine_handle<promise_type> self) const noexcept {
        return self.promise().awaiting;
      }
    };

    Task get_return_object() {
      return Task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    Finish final_suspend() const noexcept { return {}; }
    void return_value(T result) { value = std::move(result); }
    void unhandled_exception() { exception = std::current_exception(); }
  };

  Task(Task&& other) noexcept : self_(std::exchange(other.self_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (self_) self_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    self_.promise().awaiting = awaiting;
    return self_;
  }
  T await_resume() {
    if (self_.promise().exception) std::rethrow_exception(self_.promise().exception);
    return std::move(*self_.promise().value);
  }

  // Runs until the first suspension; true when the coroutine has ended.
  bool Run() {
    self_.resume();
    return self_.done();
  }
  T Get() { return await_resume(); }

 private:
  explicit Task(std::coroutine_handle<promise_type> self) : self_(self) {}
  std::coroutine_handle<promise_type> self_;
};

}  // namespace assay

#endif  // TESTS_PATTERNS_TASK_H_
