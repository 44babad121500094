# `cmake --install build/release --prefix DIR` makes a package for find_package(assay 0.1 CONFIG).
# What goes in is said where it is built: HEADERS of assay_library, and the program in tools.
include(CMakePackageConfigHelpers)
set(version_file ${PROJECT_BINARY_DIR}/assay-config-version.cmake)
write_basic_package_version_file(${version_file} COMPATIBILITY SameMinorVersion)  # before 1.0

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/assay)
install(EXPORT assay NAMESPACE assay:: FILE assay-targets.cmake DESTINATION ${package_dir})
install(
  FILES
    ${version_file}
    ${CMAKE_CURRENT_LIST_DIR}/FindCivetWeb.cmake
    ${CMAKE_CURRENT_LIST_DIR}/FindLiburing.cmake
    ${CMAKE_CURRENT_LIST_DIR}/assay-config.cmake
  DESTINATION ${package_dir})
