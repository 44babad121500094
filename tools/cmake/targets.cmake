# Seven verbs, so that every other build file is a list.
include(GNUInstallDirs)
include(GoogleTest)

# assay_apart(file...): sources of this folder that are never joined with others, for names of theirs
# that others have, too.
function(assay_apart)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# assay_precompiled(NAME HEADERS header... [OPTIONS option...] [LINK target...])
# Headers of others that many sources include, compiled once, for targets that name it after
# PRECOMPILED and have the same options: of the 1.8 s that an average source of the libraries takes,
# 1.2 s went into them. Libraries whose sources are joined do without: they gain little, and GCC 12
# warns of its own headers when these are precompiled. A source includes what it uses all the same;
# the preset `dev` compiles without, so that an include that is missing shows where one edits.
function(assay_precompiled name)
  cmake_parse_arguments(ARG "" "" "HEADERS;OPTIONS;LINK" ${ARGN})
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc "")
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE assay_warnings ${ARG_LINK})
  target_compile_options(${name} PRIVATE ${ARG_OPTIONS})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
endfunction()

# Those of the standard library that more than a few sources want.
set(assay_std_headers
  <algorithm> <array> <atomic> <charconv> <chrono> <cmath> <condition_variable> <coroutine>
  <cstdint> <deque> <functional> <limits> <map> <memory> <mutex> <optional> <set> <span>
  <stdexcept> <string> <string_view> <thread> <utility> <vector>)

# assay_light(target...): what these include is large (CLI11, JSON), and what they do takes no time:
# compiled in two thirds of the time, and under sanitizers in half of it.
function(assay_light)
  foreach(target IN LISTS ARGN)
    if(ASSAY_SANITIZE)
      target_compile_options(${target} PRIVATE -O0)
    elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
      target_compile_options(${target} PRIVATE -O1)
    endif()
  endforeach()
endfunction()

# assay_library(NAME SOURCES file... [HEADERS file...] [PUBLIC target...] [PRIVATE target...]
#               [PRECOMPILED target])
# A static library `assay_NAME` with the alias `assay::NAME`; its include root is the folder that
# holds its `assay/`, so an include reads the same here and after installation. HEADERS are those
# that users may include: they are installed with the library. Without HEADERS it is not installed.
function(assay_library name)
  cmake_parse_arguments(ARG "" "PRECOMPILED" "SOURCES;HEADERS;PUBLIC;PRIVATE" ${ARGN})
  add_library(assay_${name} STATIC ${ARG_SOURCES})
  add_library(assay::${name} ALIAS assay_${name})
  target_include_directories(assay_${name} PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>)
  target_compile_features(assay_${name} PUBLIC cxx_std_20)
  target_link_libraries(assay_${name} PUBLIC ${ARG_PUBLIC}
                        PRIVATE $<BUILD_INTERFACE:assay_warnings> ${ARG_PRIVATE})
  if(ARG_PRECOMPILED AND NOT CMAKE_UNITY_BUILD)
    target_precompile_headers(assay_${name} REUSE_FROM ${ARG_PRECOMPILED})
  endif()
  if(ARG_HEADERS)
    target_sources(assay_${name} PUBLIC
      FILE_SET HEADERS BASE_DIRS ${CMAKE_CURRENT_SOURCE_DIR} FILES ${ARG_HEADERS})
    set_property(GLOBAL APPEND PROPERTY ASSAY_PUBLIC_HEADERS ${ARG_HEADERS})
    set_target_properties(assay_${name} PROPERTIES EXPORT_NAME ${name})
    install(TARGETS assay_${name} EXPORT assay FILE_SET HEADERS)
  endif()
endfunction()

# assay_umbrella(NAME target...): installed libraries under the one name `assay::NAME`.
function(assay_umbrella name)
  add_library(assay_${name} INTERFACE)
  add_library(assay::${name} ALIAS assay_${name})
  target_link_libraries(assay_${name} INTERFACE ${ARGN})
  set_target_properties(assay_${name} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS assay_${name} EXPORT assay)
endfunction()

# assay_program(NAME SOURCES file... LINK target... [PRECOMPILED target]): an executable in
# build/<preset>/bin.
function(assay_program name)
  cmake_parse_arguments(ARG "" "PRECOMPILED" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE assay_warnings ${ARG_LINK})
  if(ARG_PRECOMPILED)
    target_precompile_headers(${name} REUSE_FROM ${ARG_PRECOMPILED})
  endif()
endfunction()

# assay_test(NAME SOURCES file... LINK target... [GROUPS name...]): GoogleTest cases, each one a
# ctest of its own; with GROUPS, for suites of many hundreds, a ctest for all cases whose parameter
# begins with the name of a group, and one for the rest. With SHARDS n, for many cases that are
# short and know nothing of each other, n ctests under sanitizers, whose processes take 0.1 s to
# begin.
# Not optimised, which takes a third of the time to compile with sanitizers and half of it without;
# what they test is as fast as the preset says, but for what stands in headers.
function(assay_test name)
  cmake_parse_arguments(ARG "" "SHARDS" "SOURCES;LINK;GROUPS" ${ARGN})
  if(ASSAY_THREADS_ONLY)
    # They take turns on one thread, by means that the ThreadSanitizer does not know.
    list(FILTER ARG_SOURCES EXCLUDE REGEX "explore")
  endif()
  assay_program(${name} SOURCES ${ARG_SOURCES} LINK ${ARG_LINK} GTest::gtest_main
                PRECOMPILED test_precompiled)
  target_compile_options(${name} PRIVATE ${assay_test_options})
  if(ASSAY_SANITIZE MATCHES "thread|address")
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/sanitizer_options.cc)
  endif()
  if(ARG_SHARDS AND ASSAY_SANITIZE)
    math(EXPR last "${ARG_SHARDS} - 1")
    foreach(shard RANGE ${last})
      add_test(NAME ${name}.${shard} COMMAND ${name} --gtest_brief=1)
      set_tests_properties(${name}.${shard} PROPERTIES TIMEOUT 600 COST 100
        ENVIRONMENT "GTEST_TOTAL_SHARDS=${ARG_SHARDS};GTEST_SHARD_INDEX=${shard}")
    endforeach()
    return()
  endif()
  if(NOT ARG_GROUPS)
    # Parameters have names of their own; what GoogleTest prints in place of one may be its address.
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES PROPERTIES TIMEOUT 60)
    return()
  endif()
  list(TRANSFORM ARG_GROUPS REPLACE "(.+)" "*/\\1_*" OUTPUT_VARIABLE filters)
  list(JOIN filters ":" grouped)
  foreach(group IN LISTS ARG_GROUPS)
    add_test(NAME ${name}.${group} COMMAND ${name} --gtest_brief=1 --gtest_filter=*/${group}_*)
  endforeach()
  add_test(NAME ${name}.rest COMMAND ${name} --gtest_brief=1 --gtest_filter=-${grouped})
  list(TRANSFORM ARG_GROUPS PREPEND ${name}. OUTPUT_VARIABLE cases)
  set_tests_properties(${cases} ${name}.rest PROPERTIES TIMEOUT 900 COST 900)
endfunction()
