#include "bench/peers/curl_transfer.h"

#include <cerrno>
#include <new>
#include <string_view>

namespace assay::bench {
namespace {

CURL* NewHandle() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* handle = once == CURLE_OK ? curl_easy_init() : nullptr;
  if (handle == nullptr) throw std::bad_alloc();
  return handle;
}

void Secure(CURL* curl, const TlsOptions& options) {
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
  if (!options.ca_pem.empty()) {
    std::string pem = options.ca_pem;
    curl_blob blob{.data = pem.data(), .len = pem.size(), .flags = CURL_BLOB_COPY};
    curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob);
  }
  // Else the system's authorities would be trusted as well.
  const bool own = !options.ca_file.empty() || !options.ca_pem.empty();
  if (own) curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  const bool verify = options.verify == TlsVerify::kPeer;
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, options.session_resumption ? 1L : 0L);
}

}  // namespace

CurlRequest::CurlRequest(const Request& request)
    : url(request.url.ToString()),
      method(ToString(request.method)),
      body(request.body),
      no_body(request.method == Method::kHead),
      fields(nullptr, &curl_slist_free_all) {
  const auto add = [this](const std::string& line) {
    curl_slist* longer = curl_slist_append(fields.get(), line.c_str());
    (void)fields.release();
    fields.reset(longer);
  };
  add("Expect:");  // or it would wait for a 100 (Continue) before a large body
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const Headers::Field field = request.headers[i];
    add(std::string(field.name).append(": ").append(field.value));
  }
}

std::vector<CurlRequest> ForCurl(const std::vector<Request>& requests) {
  return {requests.begin(), requests.end()};
}

CurlTransfer::CurlTransfer(const EngineOptions& options)
    : handle_(NewHandle(), &curl_easy_cleanup), max_body_bytes_(options.connection.max_body_bytes) {
  CURL* curl = handle_.get();
  const auto timeout =
      std::chrono::duration_cast<std::chrono::milliseconds>(options.connection.timeout);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  // It ends within the last of the milliseconds that it counts; we, not before the end.
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()) + 1);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, options.pooling == Pooling::kNaive ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, options.pooling == Pooling::kNaive ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &CurlTransfer::OnBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &CurlTransfer::OnField);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_PRIVATE, this);
  Secure(curl, options.connection.tls);
}

void CurlTransfer::Start(const CurlRequest& request) {
  CURL* curl = handle_.get();
  response_.Clear();
  body_too_large_ = false;
  curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  if (request.no_body) curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (!request.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, request.fields.get());
}

std::optional<Error> CurlTransfer::End(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  if (code == CURLE_OK) return std::nullopt;
  return Error{CodeOf(code), std::string("libcurl: ") + curl_easy_strerror(code)};
}

std::uint64_t CurlTransfer::connections_opened() const {
  long opened = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_NUM_CONNECTS, &opened);
  return static_cast<std::uint64_t>(opened);
}

std::size_t CurlTransfer::OnBody(char* data, std::size_t size, std::size_t count, void* transfer) {
  CurlTransfer& self = *static_cast<CurlTransfer*>(transfer);
  self.body_too_large_ = self.response_.body.size() + size * count > self.max_body_bytes_;
  if (self.body_too_large_) return 0;  // ends the transfer
  self.response_.body.append(data, size * count);
  return size * count;
}

std::size_t CurlTransfer::OnField(char* data, std::size_t size, std::size_t count, void* transfer) {
  Response& response = static_cast<CurlTransfer*>(transfer)->response_;
  const std::string_view line(data, size * count);
  const std::size_t colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    response.headers.Clear();
  } else if (colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
    response.headers.Add(line.substr(0, colon), value);
  }
  return size * count;
}

ErrorCode CurlTransfer::CodeOf(CURLcode code) const {
  long system = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_OS_ERRNO, &system);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return ErrorCode::kResolveFailed;
    case CURLE_COULDNT_CONNECT:
      return system == ECONNREFUSED ? ErrorCode::kConnectRefused : ErrorCode::kConnectFailed;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION: return ErrorCode::kTlsFailed;
    case CURLE_OPERATION_TIMEDOUT: return ErrorCode::kTimeout;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return ErrorCode::kConnectionClosed;
    case CURLE_UNSUPPORTED_PROTOCOL:  // what it takes for HTTP/0.9
    case CURLE_WEIRD_SERVER_REPLY: return ErrorCode::kMalformedResponse;
    case CURLE_WRITE_ERROR: return body_too_large_ ? ErrorCode::kBodyTooLarge : ErrorCode::kIo;
    default: return ErrorCode::kIo;
  }
}

}  // namespace assay::bench
