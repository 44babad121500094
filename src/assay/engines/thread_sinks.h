// What each thread of an engine writes its results to: a sink of its own where the
// user's sink has one for it, else the user's sink under a lock.
//
// Internal to engines.
#ifndef ASSAY_ENGINES_THREAD_SINKS_H_
#define ASSAY_ENGINES_THREAD_SINKS_H_

#include <mutex>

#include "assay/http/result_sink.h"

namespace assay {

class ThreadSinks {
 public:
  // `sink` outlives it.
  explicit ThreadSinks(ResultSink& sink) : sink_(sink), locked_(sink) {}

  // For the thread with this number, from 0.
  ResultSink& Of(std::size_t thread) {
    ResultSink* own = sink_.ForThread(thread);
    return own != nullptr ? *own : locked_;
  }

 private:
  class Locked : public ResultSink {
   public:
    explicit Locked(ResultSink& sink) : sink_(sink) {}
    void Accept(const RequestResult& result, const Response& response) noexcept override {
      const std::lock_guard lock(mutex_);
      sink_.Accept(result, response);
    }

   private:
    std::mutex mutex_;
    ResultSink& sink_;
  };

  ResultSink& sink_;
  Locked locked_;
};

}  // namespace assay

#endif  // ASSAY_ENGINES_THREAD_SINKS_H_
