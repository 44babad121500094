# ASSAY_SANITIZE: a comma-separated list for -fsanitize=, for example "address,undefined".
set(ASSAY_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=")
if(ASSAY_SANITIZE)
  add_compile_options(-fsanitize=${ASSAY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ASSAY_SANITIZE})
  # GCC 12 takes its own <regex> for uninitialised under a sanitizer (GCC bug 105562).
  target_compile_options(assay_warnings INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
if(ASSAY_SANITIZE MATCHES "undefined")
  # Its check of virtual calls opens a pipe each time: with no descriptor left, as one test has it,
  # every such call looks wrong.
  add_compile_options(-fno-sanitize=vptr)
endif()
if(ASSAY_SANITIZE MATCHES "address" AND ASSAY_SANITIZE MATCHES "undefined")
  # In tests, whose code it doubles, a check that fails is an illegal instruction, at a line that the
  # AddressSanitizer names, and not a text of its own: a quarter less to compile.
  set(assay_test_options -O0 -fsanitize-undefined-trap-on-error)
else()
  set(assay_test_options -O0)
endif()
if(ASSAY_SANITIZE MATCHES "thread")
  # ThreadSanitizer does not model fences; Asio's are only needed where its locks are left out.
  add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()
