// The record of a comparison in progress: every finished block, so that a run that
// was stopped can be taken up again.
//
// A file of JSON lines that only grows: first a header that says which executables
// and options the blocks belong to, then one line for each block.
//
//   {"assay_block_log":2,"seed":"7","min_time_s":0.05,"repetitions":3,"cpu":null,"filter":".",
//    "medians":["cpu_time","real_time","rps"],"counts":["allocs_per_op"],
//    "base":{"path":"old/bench","arguments":[],"hash":"00ab…"},"head":{…}}
//   {"block":0,"order":"ABBA","elapsed_ns":612000000,
//    "medians":{"BM_a":{"cpu_time":[1.5,1.6,1.6,1.5],"rps":[9,null,null,9]}},
//    "counts":{"BM_a":{"allocs_per_op":[3,3,3,3]}},
//    "not_comparable":{"BM_b":"head failed: no file"}}
//
// The four values are those of the launches in order (RecordedMetrics in block.h),
// null where a launch has none. Version 1 had the times of one clock only.
#ifndef ASSAY_TOOLS_REGRESSION_RUN_BLOCK_LOG_H_
#define ASSAY_TOOLS_REGRESSION_RUN_BLOCK_LOG_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assay/core/result.h"
#include "tools/regression/run/block.h"
#include "tools/regression/run/file_descriptor.h"

namespace assay::regression {

struct LoggedProgram {
  std::string path;  // for people: a moved executable is still the same
  std::vector<std::string> arguments{};
  std::uint64_t hash = 0;
};

// What must be the same for blocks to belong together.
struct BlockLogHeader {
  std::uint64_t seed = 0;
  double min_time_s = 0;
  int repetitions = 0;
  std::optional<int> cpu{};
  std::string filter{};
  RecordedMetrics metrics{};
  LoggedProgram base{};
  LoggedProgram head{};
};

struct LoadedBlocks {
  std::vector<Block> blocks{};       // numbered from 0, without a gap
  std::vector<std::string> notes{};  // what was dropped, one line each
  std::size_t bytes = 0;             // length of what is complete; 0: not even a header
};

// Reads a log. A last line that was not finished is dropped with a note. kIo with
// "PATH: …" or "PATH:LINE: …" for what cannot be read, is no block log, or belongs to
// other executables or options than `expected`: which, and how they differ.
Result<LoadedBlocks> LoadBlockLog(const std::string& path, const BlockLogHeader& expected);

// A log that is being written.
class BlockLog {
 public:
  // Opens `path` for `header`, new or to be continued; what it has is put into
  // `loaded`. Refuses what LoadBlockLog refuses, and a log that another process is
  // writing.
  static Result<BlockLog> Open(const std::string& path, const BlockLogHeader& header,
                               LoadedBlocks& loaded);

  // Hands a block to the operating system before it returns. On failure (a full disk)
  // the file is as it was before.
  Result<Done> Append(const Block& block);

 private:
  BlockLog(std::string path, FileDescriptor file, std::size_t bytes);
  Result<Done> Write(const std::string& line);

  std::string path_;
  FileDescriptor file_;
  std::size_t bytes_;
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_RUN_BLOCK_LOG_H_
