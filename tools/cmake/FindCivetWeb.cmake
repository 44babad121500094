# Finds CivetWeb's C library and defines CivetWeb::CivetWeb.
#
# Debian's own CMake package cannot be used: its target file insists on /usr/bin/civetweb, which is
# in another package than the library.
find_path(CivetWeb_INCLUDE_DIR civetweb.h)
find_library(CivetWeb_LIBRARY civetweb)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CivetWeb REQUIRED_VARS CivetWeb_LIBRARY CivetWeb_INCLUDE_DIR)
mark_as_advanced(CivetWeb_LIBRARY CivetWeb_INCLUDE_DIR)

if(CivetWeb_FOUND AND NOT TARGET CivetWeb::CivetWeb)
  add_library(CivetWeb::CivetWeb UNKNOWN IMPORTED)
  set_target_properties(CivetWeb::CivetWeb PROPERTIES
    IMPORTED_LOCATION ${CivetWeb_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${CivetWeb_INCLUDE_DIR})
endif()
