// A series cut into stretches, each with a level of its own. For one thread.
#ifndef ASSAY_TOOLS_REGRESSION_HISTORY_SEGMENTATION_H_
#define ASSAY_TOOLS_REGRESSION_HISTORY_SEGMENTATION_H_

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace assay::regression {

// Split k lies between the segments k and k + 1; there is one segment more than splits.
class Segmentation {
 public:
  // One segment. A weight, positive, for each value; a level lasts `shortest` values, ≥ 2.
  Segmentation(std::vector<double> values, std::vector<double> weights, std::size_t shortest)
      : values_(std::move(values)), weights_(std::move(weights)), shortest_(shortest) {}

  // The first index of every segment but the first, ascending.
  void Cut(std::vector<std::size_t> starts) { starts_ = std::move(starts); }
  void Merge(std::size_t split);

  std::size_t splits() const { return starts_.size(); }
  const std::vector<std::size_t>& starts() const { return starts_; }
  const std::vector<double>& values() const { return values_; }
  const std::vector<double>& weights() const { return weights_; }

  std::size_t Begin(std::size_t segment) const { return segment == 0 ? 0 : starts_[segment - 1]; }
  std::size_t End(std::size_t segment) const {
    return segment == starts_.size() ? values_.size() : starts_[segment];
  }
  double Centre(std::size_t segment) const;  // the median
  double Effect(std::size_t split) const;    // new ÷ old - 1, of logarithms
  std::vector<double> Residuals() const;     // each value without its segment's centre

  // Moves each split to where squares of `tamed` values are least between its
  // neighbours: medians find outliers no reason to cut, but place a small step worse
  // than means do.
  void Relocate(std::span<const double> tamed);

  // Whether enough values of either level are nearer to it than to the other: the
  // median of three is the outliers' own when two of the three are outliers.
  bool Lasts(std::size_t split) const;

  // The values between which the change may as well have been, the last of the old
  // level and the first of the new one, at 95 %. `precision` is what a value of
  // weight 1 tells, 1 ÷ variance.
  std::pair<std::size_t, std::size_t> PlaceOf(std::size_t split, std::span<const double> tamed,
                                              double precision) const;

 private:
  std::vector<double> values_;
  std::vector<double> weights_;
  std::size_t shortest_;
  std::vector<std::size_t> starts_;
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_HISTORY_SEGMENTATION_H_
