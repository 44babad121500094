# Run at every build (cmake -P): writes OUTPUT, a header with the commit and how it is built, and
# leaves the file alone when nothing has changed, so that nothing is compiled again.
execute_process(COMMAND git -C ${SOURCE_DIR} rev-parse HEAD RESULT_VARIABLE no_commit
                OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND git -C ${SOURCE_DIR} status --porcelain RESULT_VARIABLE no_status
                OUTPUT_VARIABLE changes ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
set(dirty false)
if(changes)
  set(dirty true)
endif()
if(no_commit OR no_status)
  set(commit unknown)
  set(dirty unknown)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
// Written at every build by tools/cmake/build_info.cmake.
#define ASSAY_COMMIT "@commit@"
#define ASSAY_DIRTY "@dirty@"
#define ASSAY_COMPILER "@COMPILER@"
#define ASSAY_FLAGS "@FLAGS@"
#define ASSAY_BUILD_TYPE "@BUILD_TYPE@"
]])
