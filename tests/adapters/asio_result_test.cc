// Tasks of a Result at the border to Asio: what boost::asio::co_spawn() hands over.
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>

#include "assay/adapters/asio_children.h"
#include "assay/core/result.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

const Error kDown{ErrorCode::kConnectRefused, "refused"};

awaitable<Result<std::string>> Succeeds() { co_return "done"; }
awaitable<Result<std::string>> Fails() { co_return kDown; }
awaitable<Result<std::string>> Throws() {
  throw std::runtime_error("broken");
  co_return "never";
}

TEST(AsioResult, AFutureGetsIt) {
  asio::io_context context;
  auto done = asio::co_spawn(context, Succeeds(), asio::use_future);
  auto failed = asio::co_spawn(context, Fails(), asio::use_future);
  auto thrown = asio::co_spawn(context, Throws(), asio::use_future);
  context.run();
  EXPECT_EQ(*done.get(), "done");
  EXPECT_EQ(failed.get().error(), kDown);
  EXPECT_THROW((void)thrown.get(), std::runtime_error);
}

// Who does not look at the exception finds an error, and no empty value.
TEST(AsioResult, ACallbackGetsItBesideAnException) {
  asio::io_context context;
  const auto result_of = [&](awaitable<Result<std::string>> task) {
    std::optional<Result<std::string>> got;
    asio::co_spawn(context, std::move(task),
                   [&](std::exception_ptr thrown, Result<std::string> result) {
                     EXPECT_TRUE(!thrown || !result.ok());
                     got = std::move(result);
                   });
    context.restart();
    context.run();
    return *got;
  };
  EXPECT_EQ(*result_of(Succeeds()), "done");
  EXPECT_EQ(result_of(Fails()).error(), kDown);
  EXPECT_EQ(result_of(Throws()).error().message, "no result yet");
}

}  // namespace
}  // namespace assay
