// What the sanitizers are told, in every test program that they watch.

// A check of the UndefinedBehaviorSanitizer that fails in a test is an illegal instruction.
extern "C" const char* __asan_default_options() { return "handle_sigill=1"; }

// OpenSSL is not compiled for it, so it sees what OpenSSL reads and frees but not the
// reference counts that keep both apart.
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libssl.so\n"
         "called_from_lib:libcrypto.so\n";
}
