// Guards that announce a producer or a consumer for as long as they live, so that the other side
// notices when the last one has gone, however it went.
//
//   std::thread writer([&] { const ConsumerEnd end(pipeline); ... });
//
// Not thread-safe themselves. The pipeline must outlive them.
#ifndef ASSAY_PATTERNS_PIPELINE_ENDS_H_
#define ASSAY_PATTERNS_PIPELINE_ENDS_H_

namespace assay {

// `P` is a BasicPipeline.
template <class P>
class ProducerEnd {
 public:
  explicit ProducerEnd(P& pipeline) noexcept : pipeline_(pipeline) { pipeline_.AddProducer(); }
  ProducerEnd(const ProducerEnd&) = delete;
  ProducerEnd& operator=(const ProducerEnd&) = delete;
  ~ProducerEnd() { pipeline_.RemoveProducer(); }

 private:
  P& pipeline_;
};

template <class P>
class ConsumerEnd {
 public:
  explicit ConsumerEnd(P& pipeline) noexcept : pipeline_(pipeline) { pipeline_.AddConsumer(); }
  ConsumerEnd(const ConsumerEnd&) = delete;
  ConsumerEnd& operator=(const ConsumerEnd&) = delete;
  ~ConsumerEnd() { pipeline_.RemoveConsumer(); }

 private:
  P& pipeline_;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_ENDS_H_
