// Exact null distributions of the two rank statistics, by counting.
//
// Signed rank: of n values whose signs are fair coins whatever their magnitudes,
// the number of averages (x_i + x_j) ÷ 2, i <= j, that are positive (Wilcoxon,
// Biometrics Bulletin 1945; in this form Tukey 1949, Walsh 1949).
// Rank sum: of n + m values in exchangeable order, the number of pairs in which
// the one of m is larger (Mann and Whitney, Annals of Mathematical Statistics 1947).
// Both are distribution-free; ties are for the caller to count against rejection,
// which keeps the tails valid.
#ifndef ASSAY_TOOLS_REGRESSION_DECIDE_RANK_TAILS_H_
#define ASSAY_TOOLS_REGRESSION_DECIDE_RANK_TAILS_H_

#include <cstddef>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace assay::regression {

// tail[w] = P(W >= w) for w = 0 ... n(n+1)÷2. Time and space O(n³), O(n²).
std::vector<double> SignedRankTail(std::size_t n);

// tail[u] = P(U >= u) for u = 0 ... nm. Time O(n² m); above nm = 10,000 by the
// normal approximation with continuity correction, whose error is then below 1 %
// of any tail above 1e-6.
std::vector<double> RankSumTail(std::size_t n, std::size_t m);

// The smallest count whose tail is at most `level`; tail.size() where no count is.
std::size_t CriticalCount(std::span<const double> tail, double level) noexcept;

// Computes each table once: a suite asks for the same few again and again.
class TailCache {
 public:
  const std::vector<double>& SignedRank(std::size_t n);
  const std::vector<double>& RankSum(std::size_t n, std::size_t m);

 private:
  std::map<std::size_t, std::vector<double>> signed_rank_;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<double>> rank_sum_;
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_DECIDE_RANK_TAILS_H_
