// From measurements to verdicts: regressed, improved, equivalent or inconclusive.
//
// Pure: no I/O, no clock, no randomness. A measurement is a cost: larger is worse.
// For a rate, negate the logarithms or invert the values before they come here.
#ifndef ASSAY_TOOLS_REGRESSION_DECIDE_DECIDE_H_
#define ASSAY_TOOLS_REGRESSION_DECIDE_DECIDE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::regression {

// How much a comparison may be believed, by how its data came about.
enum class Grade : std::uint8_t {
  kA,  // randomised interleaved blocks of processes: may fail and may prove equality
  kB,  // five or more process-level reports on each side: may fail and may prove equality
  kC,  // one report on each side with repetitions: may fail beyond the guard band only
  kD,  // aggregates or single values: reported, never decided
};

enum class Verdict : std::uint8_t {
  kRegressed,      // slower by more than the tolerance
  kImproved,       // faster by more than the tolerance
  kEquivalent,     // a change of more than the tolerance, either way, is excluded
  kInconclusive,   // none of these has been shown
  kMissing,        // on the base side only
  kNew,            // on the head side only
  kNotComparable,  // failed, skipped or measured under other conditions on one side
};

std::string_view ToString(Grade grade) noexcept;      // "A"
std::string_view ToString(Verdict verdict) noexcept;  // "REGRESSED", "NOT COMPARABLE"

// What is known of one benchmark and one metric.
struct Evidence {
  Grade grade = Grade::kD;
  double tolerance = 0.03;       // relative, > 0
  std::vector<double> blocks{};  // grade A: log(head ÷ base) of each block, in time order
  std::vector<double> base{};    // grades B to D: a value for each process (B) or repetition
  std::vector<double> head{};
};

struct DecideOptions {
  double alpha = 0.05;        // bound on the chance of any false REGRESSED among all `evidence`
                              // of grades A and B, and separately of any false IMPROVED
  double alpha_equal = 0.05;  // the same for each interval, and so for each EQUIVALENT, on its own
};

struct Decision {
  Verdict verdict = Verdict::kInconclusive;
  double effect = 0;  // head ÷ base - 1, point estimate; from zero to more: about 1e304
  // Interval for it at 1 - alpha_equal, valid whenever one stops to look; EQUIVALENT
  // exactly if it came to lie within the tolerance first. Unknown: -1 and infinity.
  double low = 0;
  double high = 0;
  double p_regressed = 1;  // of "not slower by more than the tolerance", before Holm;
  double p_improved = 1;   // 1 in grades C and D, where no p-value can be had
  // Grade A, undecided: blocks that will probably be needed beyond those there are.
  std::optional<int> more_blocks{};
  std::string reason{};  // one line: what kept it from being decided, or from a better grade
};

// One decision for each evidence, in order. The margins are ±log(1 + tolerance), so
// swapping base and head mirrors everything.
//   A  exact signed-rank tests at a few looks that share alpha (block_evidence.h,
//      looks.h): valid however often it is called again with more blocks, and a
//      verdict other than INCONCLUSIVE is not replaced by another one, as long as
//      blocks are only appended. Family and options must stay the same.
//   B  exact rank-sum tests (two_samples.h); smallest p with n files a side 1 ÷ C(2n, n).
//   C  beyond the guard band of finding.h only, never EQUIVALENT, outside the family.
//   D  effect and reason.
// Holm's method over A and B bounds the false alarms of the family, under any
// dependence. Bad values (not a number, negative, none at all) are never decided on:
// the reason says so. Never throws but for lack of memory.
std::vector<Decision> Decide(std::span<const Evidence> evidence, const DecideOptions& options);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_DECIDE_DECIDE_H_
