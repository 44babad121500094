// Which commit changed a benchmark, by how much, and how sure that is.
//
// Pure. Candidates come from an exact robust partition with a BIC-type penalty
// (partition.h). Each is confirmed by a permutation test over the stretch between
// its neighbours (split_test.h), on values freed of the noise's own first-order
// correlation; Holm's method bounds the chance of any false point in the series; the
// weakest is merged away until all stand. A level that lasted for fewer than
// `shortest` commits is no change: single outliers, and slow stretches that went away.
// The interval of the place inverts the likelihood ratio (Siegmund, Annals of
// Statistics 1988).
//
// What it finds depends on how much past there is to learn the noise from. Of steps of
// 5 % in independent noise of SD 2 %, 98 to 99 % are found within 8 commits when 100 or
// more precede the step, and 70, 83 and 92 % when 20, 30 and 50 do; with 1 % outliers
// 94 to 99 and 62 to 91 %, with noise correlated by 0.3 86 and 51 to 78 %. Within 20
// commits nearly all. bench/regression/change_points.cc is the Monte Carlo from which
// these and the parameters come (--seed 2 --trials 300: ± 1 to 6 points).
#ifndef ASSAY_TOOLS_REGRESSION_HISTORY_CHANGE_POINT_H_
#define ASSAY_TOOLS_REGRESSION_HISTORY_CHANGE_POINT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace assay::regression {

struct ChangePointOptions {
  double alpha = 0.0012;      // chance of any false point in a series, in (0, 1); in proportion
                              // less below 100 commits, where correlation is hard to see
  double penalty = 0.7;       // of a candidate, in noise SD × log n
  std::size_t shortest = 3;   // commits that a level must last, ≥ 2
  double min_effect = 0.005;  // smaller changes are merged away, however sure they are
  std::uint64_t seed = 1;
};

struct Segment {
  std::size_t begin;
  std::size_t end;  // exclusive
  double centre;    // median of the log values
};

struct ChangePoint {
  std::size_t index;      // the first point of the new level
  double effect;          // new centre ÷ old centre - 1
  double p;               // chance of as clear a split in noise, before Holm
  std::size_t last_good;  // the change is after this point, ...
  std::size_t first_bad;  // ... and no later than this one, at 95 %
};

struct Changes {
  std::vector<Segment> segments;    // cover the series, at least one unless it is empty
  std::vector<ChangePoint> points;  // points[i] is between segments[i] and segments[i + 1]
  double noise = 0;                 // SD of the log values within a segment, robust
  double correlation = 0;           // of neighbouring points within a segment; 0 if not clear
};

inline constexpr std::size_t kMaxPoints = 5000;

// `log_values` are finite and in commit order; `weights` are positive, one each, or
// none at all for equal weights. Of more than kMaxPoints the oldest are one segment's
// worth of past that is not looked at: segments begin at size - kMaxPoints. Throws
// std::invalid_argument for other arguments.
Changes FindChanges(std::span<const double> log_values, std::span<const double> weights = {},
                    const ChangePointOptions& options = {});

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_HISTORY_CHANGE_POINT_H_
