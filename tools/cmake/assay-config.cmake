# Read by find_package(assay). Finds what the libraries are linked with, then defines
#   assay::assay     what measures: assay::core, http, transport, engines, patterns, measure
#   assay::fixtures  MockServer, its plan, fakes for tests
#   assay::gate      Gate: TLS, resets, slow and broken wires
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(Boost 1.81)
find_dependency(OpenSSL 3.0)
find_dependency(ZLIB)

# With our own module: FindCivetWeb.cmake says why. Not by find_dependency, which returns from here
# when it finds nothing and would leave the caller's module path changed.
list(PREPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
find_package(CivetWeb QUIET MODULE)
find_package(Liburing QUIET MODULE)  # only wanted where the uring engine was built
list(POP_FRONT CMAKE_MODULE_PATH)
if(NOT CivetWeb_FOUND)
  set(assay_FOUND FALSE)
  set(assay_NOT_FOUND_MESSAGE "CivetWeb, which assay::fixtures needs, was not found (on Debian: libcivetweb-dev)")
  return()
endif()

include(${CMAKE_CURRENT_LIST_DIR}/assay-targets.cmake)
