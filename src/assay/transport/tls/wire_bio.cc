#include "assay/transport/tls/wire_bio.h"

#include <algorithm>
#include <cstring>

namespace assay::openssl {
namespace {

TlsWire& WireOf(BIO* bio) { return *static_cast<TlsWire*>(BIO_get_data(bio)); }

int Write(BIO* bio, const char* bytes, int size) {
  WireOf(bio).output.append(bytes, static_cast<std::size_t>(size));
  return size;
}

int Read(BIO* bio, char* bytes, int size) {
  TlsWire& wire = WireOf(bio);
  BIO_clear_retry_flags(bio);
  if (wire.input.empty()) {
    if (!wire.input_ended) BIO_set_retry_read(bio);
    return wire.input_ended ? 0 : -1;
  }
  const std::size_t count = std::min(static_cast<std::size_t>(size), wire.input.size());
  std::memcpy(bytes, wire.input.data(), count);
  wire.input.remove_prefix(count);
  return static_cast<int>(count);
}

// There is nothing to flush.
long Control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return WireOf(bio).input_ended ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BioMethod MakeMethod() {
  BioMethod method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "assay wire"));
  const bool made = method && BIO_meth_set_write(method.get(), Write) == 1 &&
                    BIO_meth_set_read(method.get(), Read) == 1 &&
                    BIO_meth_set_ctrl(method.get(), Control) == 1;
  return made ? std::move(method) : nullptr;
}

}  // namespace

Bio MakeWireBio(TlsWire& wire) {
  static const BioMethod method = MakeMethod();
  Bio bio(method ? BIO_new(method.get()) : nullptr);
  if (!bio) return bio;
  BIO_set_data(bio.get(), &wire);
  BIO_set_init(bio.get(), 1);
  return bio;
}

}  // namespace assay::openssl
