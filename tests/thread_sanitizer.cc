// What the ThreadSanitizer is told, in every test program that it watches.

// OpenSSL is not compiled for it, so it sees what OpenSSL reads and frees but not the
// reference counts that keep both apart.
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libssl.so\n"
         "called_from_lib:libcrypto.so\n";
}
