// How many requests retries make of so many calls, in theory. Pure.
#ifndef ASSAY_BENCH_RESILIENCE_AMPLIFICATION_H_
#define ASSAY_BENCH_RESILIENCE_AMPLIFICATION_H_

#include <cstdint>

#include "assay/patterns/retry_budget.h"

namespace assay::bench {

// Requests per call where each fails with the probability `error_rate` and up to `attempts` are
// made: 1 + p + p^2 + ...
double ExpectedAmplification(double error_rate, int attempts);

// By how much the mean of `calls` such calls may be off: five standard errors, which chance exceeds
// once in 1.7 million times.
double AmplificationTolerance(double error_rate, int attempts, std::uint64_t calls);

// Share of the calls that succeed in the end.
double ExpectedSuccess(double error_rate, int attempts);

// The most requests per call that a budget allows, whatever the server does, where `successes` of
// `calls` succeeded within one window: what it holds at first, and what they earned.
double MostAmplification(const TokenBudgetOptions& budget, std::uint64_t calls,
                         std::uint64_t successes);
double MostAmplification(const RatioBudgetOptions& budget, std::uint64_t calls,
                         std::uint64_t successes);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_RESILIENCE_AMPLIFICATION_H_
