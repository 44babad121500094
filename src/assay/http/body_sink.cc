#include "assay/http/body_sink.h"

namespace assay {
namespace {

class Discard : public BodyTarget {
  Result<std::unique_ptr<BodySink>> Open(const Response&) const override {
    return std::unique_ptr<BodySink>();
  }
};

}  // namespace

std::shared_ptr<const BodyTarget> DiscardBody() { return std::make_shared<Discard>(); }

}  // namespace assay
