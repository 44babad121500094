// The conformance suite is about the peers, without the tests of what they lack.
#include <algorithm>
#include <map>

#include "bench/peers/peers.h"
#include "tests/engines/conformance.h"

namespace assay {
namespace {

using bench::Feature;
using bench::PeerKind;

const PeerKind& PeerOf(const EngineKind& subject) {
  return *std::ranges::find_if(
      bench::PeerKinds(), [&](const PeerKind& kind) { return kind.engine.name == subject.name; });
}

// What a test needs beyond sending one request over and over.
const std::multimap<std::string_view, Feature>& Needs() {
  static const std::multimap<std::string_view, Feature> needs = {
      {"RequestsAreSentInRotation", Feature::kRequests},
      {"AHeadResponseHasNoBodyAndTheConnectionGoesOn", Feature::kRequests},
      {"ALargeRequestBodyArrivesWholeAndSoDoRequestsToASecondServer", Feature::kRequests},
      {"ARequestThatMustNotBeSentFailsAloneAndTheOthersGoOn", Feature::kRequests},
      {"ARefusedPortIsNamed", Feature::kErrorKinds},
      {"WhatIsNotHttpIsMalformed", Feature::kErrorKinds},
      {"AFailedConnectLeavesNothingOfTheResponseBefore", Feature::kErrorKinds},
      {"AServerThatDoesNotAcceptTimesOutInTheConnectPhase", Feature::kTimeouts},
      {"AServerThatSaysNothingTimesOut", Feature::kTimeouts},
      {"EveryRunHasItsTimeouts", Feature::kTimeouts},
      {"AServerThatDribblesTimesOutAllTheSame", Feature::kTimeouts},
      {"WhatFollowsATimeoutIsNotCalledATimeout", Feature::kTimeouts},
      {"ThePhasesAddUpToTheLatency", Feature::kPhases},
      {"AServerThatIsSlowWithItsFirstByteHasALimitOfItsOwn", Feature::kPhases},
      {"AServerThatStopsInTheMiddleOfABodyHasALimitOfItsOwn", Feature::kPhases},
      {"AServerThatReadsNothingHasALimitOfItsOwn", Feature::kPhases},
      {"AHeaderAboveTheLimitIsRefused", Feature::kHeaderLimit},
      {"ABodyAboveTheLimitIsRefused", Feature::kBodyLimit},
      {"AResetIsAConnectionThatWasClosedWhereverItStrikes", Feature::kErrorKinds},
      {"AResetOfANewConnectionIsAConnectionThatWasClosed", Feature::kErrorKinds},
      {"AResetOfANewConnectionIsAConnectionThatWasClosed", Feature::kStrict},
      {"AnEarlyEndIsAConnectionThatWasClosedAndSaysHowFarItCame", Feature::kErrorKinds},
      {"AnEarlyEndIsAConnectionThatWasClosedAndSaysHowFarItCame", Feature::kStrict},
      {"AStallIsATimeoutWhereverItStrikes", Feature::kTimeouts},
      {"AHeaderThatWasCorruptedOnTheWayIsMalformed", Feature::kErrorKinds},
      {"AHeaderThatWasCorruptedOnTheWayIsMalformed", Feature::kStrict},
      {"NobodyCanTellThatABodyWasCorruptedOnTheWay", Feature::kRequests},  // another answer later
      {"AnEndAfterTheAnswerCostsAtMostTheNextRequestOfThatConnection", Feature::kTimeouts},
      {"ARefusedConnectionIsNamedAndTheNextOneWorks", Feature::kErrorKinds},
      {"ManyFaultsAtOnceStrikeThoseThatThePlanPredicts", Feature::kErrorKinds},
      {"ManyFaultsAtOnceStrikeThoseThatThePlanPredicts", Feature::kRequests},
      {"AStatusIsAnErrorOfItsOwnAndTheConnectionGoesOn", Feature::kRequests},
      {"FailuresAndLimitsOfThePlanAreStatuses", Feature::kRequests},
      {"EveryBrokenFormOfAnAnswerHasOneName", Feature::kErrorKinds},
      {"EveryBrokenFormOfAnAnswerHasOneName", Feature::kStrict},
      {"EveryRightFormOfAnAnswerArrivesWhole", Feature::kRequests},
      {"AnAnswerThatIsHeldBackTimesOutAndArrivesWhenItIsLetGo", Feature::kTimeouts},
      {"AFailureThatTheSecondAttemptWouldNotMeetIsStillAFailure", Feature::kRequests},
      {"FaultsStrikeTheRequestsThatThePlanPredicts", Feature::kRequests},
      {"FaultsStrikeTheRequestsThatThePlanPredicts", Feature::kStrict},
      {"AServerThatIsDownIsNamedAndServesAgain", Feature::kErrorKinds},
      {"AnAnswerCutAfterAnyByteIsAConnectionThatWasClosed", Feature::kStrict},
      {"AChunkedAnswerCutAfterAnyByteIsAConnectionThatWasClosed", Feature::kStrict},
      {"WhatContradictsItselfOrIsNoHttpIsMalformed", Feature::kStrict},
      {"AFloodOfInterimResponsesIsMalformed", Feature::kStrict},
      {"AHeaderWithoutEndIsRefusedAtTheLimit", Feature::kHeaderLimit},
      {"ABodyAboveTheLimitIsRefusedHoweverItIsFramed", Feature::kStrict},
      {"MoreThanTheResponseIsNoAnswerToTheNextRequest", Feature::kStrict},
      {"AnAnswerThatComesBeforeTheRequestIsNoAnswerToIt", Feature::kStrict},
      {"AHostThatDoesNotExistFailsAloneAndTheOthersGoOn", Feature::kRequests},
  };
  return needs;
}

}  // namespace

std::vector<EngineKind> ConformanceSubjects() {
  std::vector<EngineKind> subjects;
  for (const PeerKind& kind : bench::PeerKinds()) subjects.push_back(kind.engine);
  return subjects;
}

std::string WhyNot(const EngineKind& subject, Pooling pooling, std::string_view test) {
  const PeerKind& peer = PeerOf(subject);
  const auto lacks = [&](Feature feature) {
    return std::string(subject.name) + " lacks: " + std::string(ToString(feature));
  };
  if (pooling == Pooling::kNaive && !peer.Has(Feature::kNaive)) return lacks(Feature::kNaive);
  const auto [begin, end] = Needs().equal_range(test);
  for (auto need = begin; need != end; ++need) {
    if (!peer.Has(need->second)) return lacks(need->second);
  }
  return {};
}

bool HasOurMessages(const EngineKind& subject) { return PeerOf(subject).Has(Feature::kMessages); }

}  // namespace assay
