#include "bench/regression/confidence_bound.h"

#include <boost/math/distributions/binomial.hpp>

namespace assay::regression {
namespace {

constexpr double kError = 0.05;

using Binomial = boost::math::binomial_distribution<double>;

}  // namespace

double LowerBoundOfShare(std::size_t count, std::size_t cases) {
  return Binomial::find_lower_bound_on_p(static_cast<double>(cases), static_cast<double>(count),
                                         kError);
}

double UpperBoundOfShare(std::size_t count, std::size_t cases) {
  return Binomial::find_upper_bound_on_p(static_cast<double>(cases), static_cast<double>(count),
                                         kError);
}

}  // namespace assay::regression
