// libcurl's event-driven interface the way its manual says is the fastest:
// curl_multi_socket_action() on an epoll, `concurrency` easy handles, one thread.

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <memory>

#include "assay/engines/result_writer.h"
#include "bench/peers/curl_transfer.h"
#include "bench/peers/peers.h"

namespace assay::bench {
namespace {

struct Slot {
  explicit Slot(const EngineOptions& options) : transfer(options) {}

  CurlTransfer transfer;
  const PreparedWorkload::Item* item = nullptr;
  TimePoint started;
};

class CurlMulti : public Engine {
 public:
  explicit CurlMulti(const EngineOptions& options)
      : options_(options),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        multi_(curl_multi_init(), &curl_multi_cleanup) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(*options.concurrency));
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &CurlMulti::OnSocket);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &CurlMulti::OnTimer);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
    for (int i = 0; i < *options.concurrency; ++i) {
      Slot& slot = slots_.emplace_back(options);
      curl_easy_setopt(slot.transfer.handle(), CURLOPT_PRIVATE, &slot);
    }
  }
  ~CurlMulti() override {
    multi_.reset();  // says goodbye to its sockets through the callbacks
    ::close(epoll_);
  }

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    const std::uint64_t opened_before = opened_;
    PreparedWorkload prepared(workload, options_.pooling, false, origins_);
    requests_ = ForCurl(workload.requests);
    ResultWriter writer(sink);
    const TimePoint started = clock.Now();
    prepared.Start(started);
    workload_ = &prepared;
    writer_ = &writer;
    active_ = slots_.size();
    for (Slot& slot : slots_) Next(slot);
    Act(CURL_SOCKET_TIMEOUT, 0);
    while (active_ > 0) Wait();
    return {.requests = writer.requests(),
            .failed = writer.failed(),
            .connections_opened = opened_ - opened_before,
            .elapsed = clock.Now() - started,
            .cpu = CpuTime() - cpu_before};
  }

 private:
  void Wait() {
    std::array<epoll_event, 128> events;
    const int ready =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms_);
    if (ready == 0) Act(CURL_SOCKET_TIMEOUT, 0);
    for (int i = 0; i < ready; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      Act(event.data.fd, ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                             ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                             ((event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0));
    }
    // A transfer that has been added starts when its timer fires, at once.
    while (timeout_ms_ == 0) Act(CURL_SOCKET_TIMEOUT, 0);
  }

  void Act(curl_socket_t socket, int events) {
    if (socket == CURL_SOCKET_TIMEOUT) timeout_ms_ = -1;
    int running = 0;
    curl_multi_socket_action(multi_.get(), socket, events, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      Slot* slot = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
      End(*slot, message->data.result);
    }
  }

  void Next(Slot& slot) {
    static const Response kNoResponse;
    for (;;) {
      slot.started = SteadyClock().Now();
      slot.item = workload_->Take(slot.started);
      if (slot.item == nullptr) {
        --active_;
        return;
      }
      if (!slot.item->refused) break;
      writer_->Write(*slot.item, slot.started, SteadyClock().Now(), kNoResponse,
                     slot.item->refused);
    }
    slot.transfer.Start(requests_[workload_->IndexOf(*slot.item)]);
    curl_multi_add_handle(multi_.get(), slot.transfer.handle());
  }

  void End(Slot& slot, CURLcode code) {
    std::optional<Error> error = slot.transfer.End(code);
    opened_ += slot.transfer.connections_opened();
    curl_multi_remove_handle(multi_.get(), slot.transfer.handle());
    writer_->Write(*slot.item, slot.started, SteadyClock().Now(), slot.transfer.response(),
                   std::move(error));
    Next(slot);
  }

  static int OnSocket(CURL*, curl_socket_t socket, int what, void* engine, void* known) {
    CurlMulti& self = *static_cast<CurlMulti*>(engine);
    epoll_event event{};
    event.data.fd = socket;
    event.events =
        ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
    const int operation = what == CURL_POLL_REMOVE ? EPOLL_CTL_DEL
                          : known == nullptr       ? EPOLL_CTL_ADD
                                                   : EPOLL_CTL_MOD;
    ::epoll_ctl(self.epoll_, operation, socket, &event);
    // Any pointer but null: libcurl hands it back as `known`.
    if (operation == EPOLL_CTL_ADD) curl_multi_assign(self.multi_.get(), socket, &self);
    return 0;
  }

  static int OnTimer(CURLM*, long timeout_ms, void* engine) {
    static_cast<CurlMulti*>(engine)->timeout_ms_ = static_cast<int>(timeout_ms);
    return 0;
  }

  EngineOptions options_;
  OriginTable origins_;
  int epoll_;
  int timeout_ms_ = -1;
  std::vector<CurlRequest> requests_;
  std::deque<Slot> slots_;
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
  PreparedWorkload* workload_ = nullptr;
  ResultWriter* writer_ = nullptr;
  std::size_t active_ = 0;
  std::uint64_t opened_ = 0;
};

}  // namespace

std::unique_ptr<Engine> MakeCurlMulti(const EngineOptions& options) {
  return std::make_unique<CurlMulti>(ResolveForPeer("curl_multi", options));
}

}  // namespace assay::bench
