// The lines of a block log (block_log.h), written and read back.
//
// Reads what this file writes and nothing else: keys in this order, no white space.
#ifndef ASSAY_TOOLS_REGRESSION_RUN_BLOCK_LOG_TEXT_H_
#define ASSAY_TOOLS_REGRESSION_RUN_BLOCK_LOG_TEXT_H_

#include <optional>
#include <string>
#include <string_view>

#include "tools/regression/run/block_log.h"

namespace assay::regression {

// What every block log begins with, whatever its version.
inline constexpr std::string_view kBlockLogStart = "{\"assay_block_log\":";

// One line each, with its line end. Values come back bit by bit.
std::string HeaderLine(const BlockLogHeader& header);
std::string BlockLine(const Block& block);

// The same from a line without its line end; nothing for any other text.
std::optional<BlockLogHeader> ParseHeaderLine(std::string_view line);
std::optional<Block> ParseBlockLine(std::string_view line);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_RUN_BLOCK_LOG_TEXT_H_
