// Whether an exception says that a call was cancelled: nobody wants the result any more, which is
// no evidence about the one who was called.
//
// Libraries of coroutines throw different things for it, so a type of task has a Cancellation of
// its own where it needs one: assay/adapters/asio_cancellation.h has that of
// boost::asio::awaitable. Any thread.
#ifndef ASSAY_CORE_CANCELLATION_H_
#define ASSAY_CORE_CANCELLATION_H_

#include <exception>
#include <system_error>

namespace assay {

// `Task` is what the call returns: a Result, or a task of one. Here, what any of them may throw: a
// std::system_error that compares equal to std::errc::operation_canceled.
template <class Task>
struct Cancellation {
  static bool Is(const std::exception_ptr& exception) {
    try {
      std::rethrow_exception(exception);
    } catch (const std::system_error& error) {
      return error.code() == std::errc::operation_canceled;
    } catch (...) {
      return false;
    }
  }
};

}  // namespace assay

#endif  // ASSAY_CORE_CANCELLATION_H_
