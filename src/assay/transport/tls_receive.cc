#include "assay/transport/tls_receive.h"

namespace assay {
namespace {

using Progress = ResponseReader::Progress;

Result<Progress> EndOf(ResponseReader& reader, bool farewell) {
  auto ended = reader.Close();
  if (!ended || farewell) return ended;
  return Error{ErrorCode::kConnectionClosed,
               "connection closed without the farewell of TLS (close_notify) after " +
                   std::to_string(reader.response().body.size()) + " bytes of the body"};
}

}  // namespace

Result<Progress> ReceiveTls(TlsSession& session, ResponseReader& reader,
                            std::string_view ciphertext) {
  session.Feed(ciphertext);
  for (;;) {
    auto decrypted = session.Decrypt(reader.Space());
    if (!decrypted) return std::move(decrypted).error();
    if (decrypted->what == TlsSession::Input::kMore) return Progress::kMore;
    if (decrypted->what != TlsSession::Input::kData) {
      return EndOf(reader, decrypted->what == TlsSession::Input::kFarewell);
    }
    auto progress = reader.Commit(decrypted->bytes);
    if (progress.ok() && *progress == Progress::kMore) continue;
    if (!session.DropInput()) reader.ForbidReuse();
    return progress;
  }
}

}  // namespace assay
