#include "assay/adapters/asio_children.h"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace assay {

bool AsioChildren::IsCancellation(const std::exception_ptr& thrown) {
  if (!thrown) return false;
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    return error.code() == boost::asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

}  // namespace assay
