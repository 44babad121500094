// What does a large body cost, streamed or in memory, and does it stay out of memory?
//
//   matrix/streamed/download/<engine>/<memory|counted>/MiB:64
//   matrix/streamed/upload/<engine>/<memory|generated>/MiB:64
//   matrix/streamed/decode/<engine>/<identity|gzip>/MiB:8
//   matrix/streamed/1_GiB/<engine>
//
// One connection, to a server that is a process of its own (bench/harness/stream_server.h).
// `counted` is a BodyTarget that adds lengths up, `generated` a BodySource that copies text.
// Verified before the clock starts: every byte of a download, decoded, and of an upload, by the
// server; while it is timed, status and length. In 1_GiB the process must not grow by 8 MiB.
//
// Counters: MiB_per_s and cpu_us_per_MiB, of the body before it was coded; peak_rss_growth_MiB.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <string>

#include "assay/engines/engines.h"
#include "bench/harness/memory.h"
#include "bench/harness/stream_server.h"
#include "bench/matrix/matrix_benchmarks.h"

namespace assay::bench {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr double kMostGrowth = 8 * kMiB;

// Adds up what arrives, and compares it with the text if it is told to.
class Counting : public BodyTarget {
 public:
  explicit Counting(bool compares) : compares_(compares) {}

  Result<std::unique_ptr<BodySink>> Open(const Response&) const override {
    return std::unique_ptr<BodySink>(std::make_unique<Sink>(compares_));
  }

 private:
  class Sink : public BodySink {
   public:
    explicit Sink(bool compares) : compares_(compares) {}
    Result<Done> Write(std::string_view piece) override {
      for (std::string_view rest = piece; compares_ && !rest.empty();) {
        const std::string_view expected =
            StreamPiece(bytes_ + piece.size() - rest.size(), rest.size());
        if (!rest.starts_with(expected)) return Error{ErrorCode::kIo, "not the right body"};
        rest.remove_prefix(expected.size());
      }
      bytes_ += piece.size();
      return Done{};
    }

   private:
    bool compares_;
    std::uint64_t bytes_ = 0;
  };

  bool compares_;
};

std::shared_ptr<const BodySource> Generated(std::uint64_t bytes) {
  class Reader : public BodyReader {
   public:
    explicit Reader(std::uint64_t bytes) : left_(bytes), bytes_(bytes) {}
    Result<std::size_t> Read(std::span<char> space) override {
      const auto piece = StreamPiece(bytes_ - left_, std::min<std::uint64_t>(left_, space.size()));
      left_ -= piece.size();
      return piece.copy(space.data(), piece.size());
    }

   private:
    std::uint64_t left_, bytes_;
  };
  return GeneratedBody(
      [bytes]() -> Result<std::unique_ptr<BodyReader>> {
        return std::unique_ptr<BodyReader>(std::make_unique<Reader>(bytes));
      },
      bytes);
}

std::string InMemory(std::uint64_t bytes) {
  std::string body;
  body.reserve(bytes);
  while (body.size() < bytes) body += StreamPiece(body.size(), bytes - body.size());
  return body;
}

struct Row {
  enum class Body { kDownMemory, kDownCounted, kUpMemory, kUpGenerated };
  Body body = Body::kDownCounted;
  std::uint64_t bytes = 64 * kMiB;
  StreamServer::Coding coding = StreamServer::Coding::kIdentity;
  double most_growth = 0;  // in bytes; 0: any

  bool up() const { return body == Body::kUpMemory || body == Body::kUpGenerated; }
};

// One request, which is moved: a body in memory is there once.
Workload WorkloadOf(const Row& row, const Url& url, bool compares) {
  Request request{.method = row.up() ? Method::kPost : Method::kGet, .url = url};
  if (row.body == Row::Body::kUpMemory) request.body = InMemory(row.bytes);
  if (row.body == Row::Body::kUpGenerated) request.body_source = Generated(row.bytes);
  if (row.body == Row::Body::kDownCounted || compares) {
    request.body_target = std::make_shared<Counting>(compares);
  }
  Workload workload{.count = 1};
  workload.requests.push_back(std::move(request));
  return workload;
}

struct LengthSink : ResultSink {
  explicit LengthSink(std::uint64_t expected) : bytes(expected) {}
  void Accept(const RequestResult& result, const Response& response) noexcept override {
    if (result.error) wrong = result.error->message;
    if (!result.error && response.body_bytes != bytes) {
      wrong = "a body of " + std::to_string(response.body_bytes) + " bytes";
    }
  }
  std::uint64_t bytes;
  std::string wrong{};
};

// Throws std::runtime_error for a wrong answer.
RunSummary Send(Engine& engine, const Row& row, const Workload& workload) {
  LengthSink sink(row.up() ? 0 : row.bytes);
  const RunSummary run = engine.Run(workload, sink);
  if (!sink.wrong.empty()) throw std::runtime_error(sink.wrong);
  return run;
}

void Time(benchmark::State& state, const EngineKind& kind, const Row& row) {
  const StreamServer server(row.bytes, row.coding);
  const auto engine =
      kind.make({.concurrency = 1,
                 .connection = {.timeout = std::chrono::minutes(2),
                                .decode = row.coding == StreamServer::Coding::kGzip}});
  Send(*engine, row, WorkloadOf(row, server.url(), true));
  const double before = MemoryNow().resident_bytes;
  MarkPeak();
  const Workload workload = WorkloadOf(row, server.url(), false);
  RunSummary total;
  for (auto _ : state) {
    const RunSummary run = Send(*engine, row, workload);
    total.elapsed += run.elapsed;
    total.cpu += run.cpu;
  }
  const double growth = PeakResidentBytes() - before;
  const double mebibytes =
      static_cast<double>(state.iterations()) * static_cast<double>(row.bytes) / kMiB;
  state.counters["MiB_per_s"] = mebibytes / std::chrono::duration<double>(total.elapsed).count();
  state.counters["cpu_us_per_MiB"] =
      std::chrono::duration<double, std::micro>(total.cpu).count() / mebibytes;
  state.counters["peak_rss_growth_MiB"] = growth / kMiB;
  if (row.most_growth > 0 && growth >= row.most_growth) {
    state.SkipWithError(
        ("the process has grown by " + std::to_string(growth / kMiB) + " MiB").c_str());
  }
}

benchmark::internal::Benchmark* Register(const std::string& name, const EngineKind& kind,
                                         const Row& row) {
  return benchmark::RegisterBenchmark(("matrix/streamed/" + name).c_str(),
                                      [kind, row](benchmark::State& state) {
                                        try {
                                          Time(state, kind, row);
                                        } catch (const std::exception& error) {
                                          state.SkipWithError(error.what());
                                        }
                                      })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

void RegisterStreamedBenchmarks() {
  using Body = Row::Body;
  using Coding = StreamServer::Coding;
  for (const EngineKind& kind : EngineKinds()) {
    const std::string engine(kind.name);
    Register("download/" + engine + "/memory/MiB:64", kind, {.body = Body::kDownMemory});
    Register("download/" + engine + "/counted/MiB:64", kind, {});
    Register("upload/" + engine + "/memory/MiB:64", kind, {.body = Body::kUpMemory});
    Register("upload/" + engine + "/generated/MiB:64", kind, {.body = Body::kUpGenerated});
    Register("decode/" + engine + "/identity/MiB:8", kind, {.bytes = 8 * kMiB});
    Register("decode/" + engine + "/gzip/MiB:8", kind,
             {.bytes = 8 * kMiB, .coding = Coding::kGzip});
    Register("1_GiB/" + engine, kind, {.bytes = 1024 * kMiB, .most_growth = kMostGrowth})
        ->Iterations(1);
  }
}

}  // namespace assay::bench
