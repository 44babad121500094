// Where the time of one request went.
//
// A value. The phases follow one another without a gap, so their sum is the
// latency. A phase that did not take place, such as the connect on a connection
// that was open already, is 0; one that took place twice, because the request was
// repeated or redirected, has both; what a failed request had spent when it failed
// belongs to the phase in which it failed.
#ifndef ASSAY_HTTP_PHASES_H_
#define ASSAY_HTTP_PHASES_H_

#include "assay/core/clock.h"

namespace assay {

struct Phases {
  Duration queue{};       // for a connection, while the pool's limits were reached
  Duration resolve{};     // the host's name; 0 in engines, which look it up before they begin
  Duration connect{};     // TCP, all addresses that were tried
  Duration tls{};         // the handshake
  Duration send{};        // until the operating system had the whole request
  Duration first_byte{};  // from there until bytes of the response had been read
  Duration body{};        // from there until it was complete; 0 if all came at once

  constexpr Duration Sum() const noexcept {
    return queue + resolve + connect + tls + send + first_byte + body;
  }
};

}  // namespace assay

#endif  // ASSAY_HTTP_PHASES_H_
