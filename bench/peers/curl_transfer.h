// One transfer at a time through one easy handle of libcurl: from a Request to a
// Response or an Error.
//
// Not thread-safe.
#ifndef ASSAY_BENCH_PEERS_CURL_TRANSFER_H_
#define ASSAY_BENCH_PEERS_CURL_TRANSFER_H_

#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/engines/engine.h"
#include "assay/http/response.h"

namespace assay::bench {

// A request in libcurl's terms, made once for each request of a workload.
struct CurlRequest {
  explicit CurlRequest(const Request& request);

  std::string url, method, body;
  bool no_body;  // HEAD
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> fields;
};

// Every request of a workload, by its index.
std::vector<CurlRequest> ForCurl(const std::vector<Request>& requests);

class CurlTransfer {
 public:
  explicit CurlTransfer(const EngineOptions& options);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // Sets the handle up; `request` outlives the transfer.
  void Start(const CurlRequest& request);

  // What became of it, by what libcurl said; sets the response's status.
  std::optional<Error> End(CURLcode code);

  CURL* handle() const noexcept { return handle_.get(); }
  const Response& response() const noexcept { return response_; }
  // Of the transfer that has ended.
  std::uint64_t connections_opened() const;

 private:
  static std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* transfer);
  static std::size_t OnField(char* data, std::size_t size, std::size_t count, void* transfer);
  ErrorCode CodeOf(CURLcode code) const;

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
  std::size_t max_body_bytes_;
  bool body_too_large_ = false;
  Response response_;
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_PEERS_CURL_TRANSFER_H_
