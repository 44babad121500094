// Items, and those who wait at the ends of a pipeline in the model's test: they note their
// wake-ups.
#ifndef TESTS_PATTERNS_PIPELINE_MODEL_WAITERS_H_
#define TESTS_PATTERNS_PIPELINE_MODEL_WAITERS_H_

#include <vector>

#include "assay/core/clock.h"
#include "assay/patterns/pipeline/waiter.h"

namespace assay {

struct ModelItem {
  int producer;
  int number;
  int bytes;
  TimePoint offered;
};

class ModelProducer final : public PipelineProducer<ModelItem> {
 public:
  ModelProducer(ModelItem& item) : PipelineProducer<ModelItem>(item, item.bytes) {}
  bool woken = false;

 private:
  void Wake() noexcept override { woken = true; }
};

class ModelConsumer final : public PipelineConsumer {
 public:
  ModelConsumer(int most_items, bool of_batches, std::vector<ModelConsumer*>& wakes)
      : PipelineConsumer(most_items, of_batches),
        most(most_items),
        batch(of_batches),
        wakes_(wakes) {}
  const int most;
  const bool batch;
  bool woken = false;
  int promised = 0;  // so many items were there for it

 private:
  void Wake() noexcept override {
    woken = true;
    wakes_.push_back(this);
  }
  std::vector<ModelConsumer*>& wakes_;
};

}  // namespace assay

#endif  // TESTS_PATTERNS_PIPELINE_MODEL_WAITERS_H_
