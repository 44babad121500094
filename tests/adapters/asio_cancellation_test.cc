#include "assay/adapters/asio_cancellation.h"

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <stdexcept>
#include <system_error>

#include "assay/core/result.h"

namespace assay {
namespace {

template <class Task, class Thrown>
bool Is(const Thrown& thrown) {
  return Cancellation<Task>::Is(std::make_exception_ptr(thrown));
}

TEST(AsioCancellation, KnowsWhatAsioThrows) {
  using Task = boost::asio::awaitable<Result<int>>;
  using boost::system::system_error;
  EXPECT_TRUE(Is<Task>(system_error(boost::asio::error::operation_aborted)));
  EXPECT_FALSE(Is<Task>(system_error(boost::asio::error::connection_refused)));
  EXPECT_FALSE(Is<Task>(std::runtime_error("broken")));
  EXPECT_FALSE(Is<Task>(7));
}

TEST(AsioCancellation, AndWhatTheStandardHasForIt) {
  using Task = boost::asio::awaitable<void>;
  EXPECT_TRUE(Is<Task>(std::system_error(std::make_error_code(std::errc::operation_canceled))));
  EXPECT_FALSE(Is<Task>(std::system_error(std::make_error_code(std::errc::timed_out))));
  EXPECT_TRUE(Is<int>(std::system_error(std::make_error_code(std::errc::operation_canceled))));
  EXPECT_FALSE(Is<int>(7));
}

}  // namespace
}  // namespace assay
