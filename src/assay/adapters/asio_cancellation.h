// What Asio throws out of a coroutine that is cancelled: system_error(operation_aborted).
//
// To be included wherever a pattern goes around a boost::asio::awaitable; asio_time.h does it. See
// assay/core/cancellation.h.
#ifndef ASSAY_ADAPTERS_ASIO_CANCELLATION_H_
#define ASSAY_ADAPTERS_ASIO_CANCELLATION_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

#include "assay/core/cancellation.h"

namespace assay {

template <class T, class Executor>
struct Cancellation<boost::asio::awaitable<T, Executor>> {
  static bool Is(const std::exception_ptr& exception) {
    try {
      std::rethrow_exception(exception);
    } catch (const boost::system::system_error& error) {
      return error.code() == boost::asio::error::operation_aborted;
    } catch (...) {
      return Cancellation<T>::Is(exception);
    }
  }
};

}  // namespace assay

#endif  // ASSAY_ADAPTERS_ASIO_CANCELLATION_H_
