#include "assay/transport/client.h"

#include "assay/transport/blocking_pool.h"

namespace assay {

struct Client::Link {
  Link(Pooling how, const ConnectionOptions& options, const PoolOptions& limits)
      : pooling(how),
        decode(options.decode),
        tls(options.tls),
        pool(limits, how, tls, 1),
        transaction(options, how, origins) {}

  Pooling pooling;
  bool decode;
  TlsContext tls;
  OriginTable origins;
  BlockingPool pool;
  Transaction transaction;
};

Client::Client(Pooling pooling, const ConnectionOptions& options, const PoolOptions& pool) {
  Validate(options);
  link_ = std::make_unique<Link>(pooling, options, pool);
}

Client::~Client() = default;

Result<Response> Client::Send(const Request& request) {
  link_->origins.ForgetFailures();
  const PreparedRequest prepared = Prepare(request, link_->pooling, link_->decode, link_->origins);
  Transaction& transaction = link_->transaction;
  link_->pool.Perform(transaction, prepared, SteadyClock().Now(), 0, Interrupt());
  if (transaction.error()) return std::move(*transaction.error());
  return transaction.response();
}

PoolStats Client::stats() const { return link_->pool.stats(); }

}  // namespace assay
