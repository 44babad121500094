// What a connection is doing at the moment, for messages and for deadlines.
#ifndef ASSAY_TRANSPORT_PHASE_H_
#define ASSAY_TRANSPORT_PHASE_H_

namespace assay {

enum class Phase {
  kQueue,    // for a connection of the pool, while all are in use
  kResolve,  // the host's name
  kConnect,
  kTls,      // handshake
  kSend,     // the request
  kReceive,  // nothing of the response has come yet
  kBody,     // something has
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_PHASE_H_
