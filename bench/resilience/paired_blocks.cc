#include "bench/resilience/paired_blocks.h"

#include "bench/fixture/spread.h"
#include "bench/resilience/overhead.h"

namespace assay::bench {
namespace {

double PerRequest(Duration duration) { return static_cast<double>(duration.count()) / kBlock; }

}  // namespace

void PairedBlocks::Add(const Block& with, const Block& without) {
  elapsed_.push_back(PerRequest(with.elapsed - without.elapsed));
  cpu_.push_back(PerRequest(with.cpu - without.cpu));
  without_.push_back(PerRequest(without.elapsed));
  cpu_with_ += PerRequest(with.cpu);
  allocations_ += static_cast<double>(with.allocations) - static_cast<double>(without.allocations);
}

bool PairedBlocks::seen() const { return OverheadOf(elapsed_).seen(); }

std::map<std::string, double> PairedBlocks::Figures() const {
  const Overhead elapsed = OverheadOf(elapsed_), cpu = OverheadOf(cpu_);
  const double request_ns = Quantile(without_, 0.5);
  const auto pairs = static_cast<double>(count());
  std::map<std::string, double> figures{{"request_ns", request_ns},
                                        {"overhead_ns", elapsed.median},
                                        {"overhead_q1_ns", elapsed.q1},
                                        {"overhead_q3_ns", elapsed.q3},
                                        {"overhead_ratio", elapsed.median / request_ns},
                                        {"overhead_cpu_ns", cpu.median},
                                        {"overhead_allocs", allocations_ / pairs / kBlock},
                                        {"cpu_us_per_req", cpu_with_ / pairs / 1000},
                                        {"pairs", pairs}};
  if (MedianRank(elapsed_.size()) == 0) return figures;  // reports cannot hold infinity
  figures["overhead_low_ns"] = elapsed.low;
  figures["overhead_high_ns"] = elapsed.high;
  figures["overhead_cpu_low_ns"] = cpu.low;
  figures["overhead_cpu_high_ns"] = cpu.high;
  return figures;
}

}  // namespace assay::bench
