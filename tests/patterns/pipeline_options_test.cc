// The rules of a pipeline, and what its options may be.
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "assay/patterns/pipeline/pipeline.h"
#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

std::string Complaint(const PipelineOptions& options) {
  return InvalidArgumentOf([&] { const PipelineRules rules(options); });
}

TEST(PipelineOptionsTest, RefusesWhatIsOutOfRange) {
  EXPECT_EQ(Complaint({}), "");
  EXPECT_EQ(Complaint({.items = 0}), "pipeline items: 0 is not within 1 to 16777216");
  EXPECT_EQ(Complaint({.items = -1}), "pipeline items: -1 is not within 1 to 16777216");
  EXPECT_EQ(Complaint({.items = (1 << 24) + 1}),
            "pipeline items: 16777217 is not within 1 to 16777216");
  EXPECT_EQ(Complaint({.bytes = 0}), "pipeline bytes: 0 is not at least 1");
  EXPECT_EQ(Complaint({.bytes = -5}), "pipeline bytes: -5 is not at least 1");
  EXPECT_EQ(Complaint({.overflow = static_cast<Overflow>(4)}),
            "pipeline overflow: 4 is not one of Overflow");
  EXPECT_EQ(Complaint({.push_timeout = Duration(0)}), "pipeline push_timeout: 0 ns is not above 0");
  EXPECT_EQ(Complaint({.push_timeout = Duration(-1)}),
            "pipeline push_timeout: -1 ns is not above 0");
  EXPECT_EQ(Complaint({.batch_items = 0}), "pipeline batch_items: 0 is not within 1 to 1000");
  EXPECT_EQ(Complaint({.items = 5, .batch_items = 6}),
            "pipeline batch_items: 6 is not within 1 to 5");
  EXPECT_EQ(Complaint({.batch_age = Duration(0)}), "pipeline batch_age: 0 ns is not above 0");
  EXPECT_EQ(Complaint({.resume_level = -0.5}), "pipeline resume_level: -0.5 is not within 0 to 1");
  EXPECT_EQ(Complaint({.resume_level = 1.5}), "pipeline resume_level: 1.5 is not within 0 to 1");
  EXPECT_EQ(Complaint({.resume_level = std::numeric_limits<double>::quiet_NaN()}),
            "pipeline resume_level: nan is not within 0 to 1");
}

TEST(PipelineOptionsTest, AcceptsTheEndsOfTheRanges) {
  EXPECT_EQ(Complaint({.items = 1 << 24}), "");
  EXPECT_EQ(Complaint({.items = 1,
                       .bytes = 1,
                       .overflow = Overflow::kReject,
                       .push_timeout = Duration(1),
                       .batch_items = 1,
                       .batch_age = Duration(1),
                       .resume_level = 0}),
            "");
  EXPECT_EQ(Complaint({.items = 5, .batch_items = 5, .resume_level = 1}), "");
}

TEST(PipelineOptionsTest, ALimitOfBytesNeedsToKnowThem) {
  EXPECT_EQ(InvalidArgumentOf([] { const Pipeline<int> pipeline({.bytes = 10}); }),
            "pipeline bytes_of: missing is not accepted with a limit of bytes");
}

TEST(PipelineRulesTest, AnItemIsAcceptedAsLongAsItFits) {
  const PipelineRules rules({.items = 3, .bytes = 10});
  EXPECT_EQ(rules.ForItem({}, 0), Verdict::kAccept);
  EXPECT_EQ(rules.ForItem({.items = 2, .bytes = 4}, 6), Verdict::kAccept);
  EXPECT_EQ(rules.ForItem({.items = 3}, 0), Verdict::kWait);
  EXPECT_EQ(rules.ForItem({.items = 2, .bytes = 4}, 7), Verdict::kWait);
  EXPECT_EQ(rules.ForItem({.items = 1, .producers_wait = true}, 1), Verdict::kWait);
  EXPECT_EQ(rules.ForItem({}, 10), Verdict::kAccept);
}

TEST(PipelineRulesTest, WhatNeverFitsIsToldBeforeWhetherThereIsRoom) {
  const PipelineRules rules({.items = 3, .bytes = 10});
  EXPECT_EQ(rules.ForItem({}, 11), Verdict::kBadSize);
  EXPECT_EQ(rules.ForItem({.items = 3}, 11), Verdict::kBadSize);
  EXPECT_EQ(rules.ForItem({}, -1), Verdict::kBadSize);
  EXPECT_EQ(rules.ForItem({.no_consumer = true}, 11), Verdict::kNoConsumer);
  EXPECT_EQ(rules.ForItem({.closed = true, .no_consumer = true}, 11), Verdict::kClosed);
}

TEST(PipelineRulesTest, AFullOneDoesAsItIsTold) {
  const auto when_full = [](Overflow overflow) {
    return PipelineRules({.items = 1, .overflow = overflow}).ForItem({.items = 1}, 0);
  };
  EXPECT_EQ(when_full(Overflow::kBlock), Verdict::kWait);
  EXPECT_EQ(when_full(Overflow::kDropNewest), Verdict::kDropNewest);
  EXPECT_EQ(when_full(Overflow::kDropOldest), Verdict::kDropOldest);
  EXPECT_EQ(when_full(Overflow::kReject), Verdict::kFull);
}

TEST(PipelineRulesTest, ProducersGoOnBelowALevelOfItemsAndBytes) {
  const PipelineRules half({.items = 10, .bytes = 101});
  EXPECT_TRUE(half.MayResume({.items = 5, .bytes = 50}));
  EXPECT_FALSE(half.MayResume({.items = 6, .bytes = 50}));
  EXPECT_FALSE(half.MayResume({.items = 5, .bytes = 51}));
  const PipelineRules at_once({.items = 10, .resume_level = 1});
  EXPECT_TRUE(at_once.MayResume({.items = 10, .bytes = PipelineOptions::kUnlimited}));
}

TEST(PipelineRulesTest, ABatchIsMadeByCountPressureOrAge) {
  const PipelineRules rules({.batch_items = 5, .batch_age = Duration(100)});
  EXPECT_FALSE(rules.BatchReady(4, false));
  EXPECT_TRUE(rules.BatchReady(5, false));
  EXPECT_TRUE(rules.BatchReady(1, true));
  EXPECT_EQ(rules.BatchDue(TimePoint(Duration(7))), Deadline::At(TimePoint(Duration(107))));
  EXPECT_TRUE(rules.ages());
  EXPECT_FALSE(PipelineRules({}).ages());
  EXPECT_TRUE(PipelineRules({}).BatchDue(TimePoint(Duration(7))).never());
}

TEST(PipelineRulesTest, RefusalsSayWhatAndWhy) {
  const PipelineRules rules({.bytes = 10});
  const auto refusal = [&](Verdict verdict) {
    return rules.Refusal(verdict, 11, std::chrono::seconds(5));
  };
  EXPECT_EQ(refusal(Verdict::kFull), (Error{ErrorCode::kLimitReached, "pipeline: full"}));
  EXPECT_EQ(refusal(Verdict::kTimedOut),
            (Error{ErrorCode::kTimeout, "pipeline: no room within 5 s"}));
  EXPECT_EQ(refusal(Verdict::kClosed), (Error{ErrorCode::kPipelineClosed, "pipeline closed"}));
  EXPECT_EQ(refusal(Verdict::kNoConsumer), (Error{ErrorCode::kPipelineClosed, "consumers gone"}));
  EXPECT_EQ(refusal(Verdict::kBadSize),
            (Error{ErrorCode::kInvalidRequest, "pipeline item: 11 bytes is not within 0 to 10"}));
}

TEST(PipelineRulesTest, TakenMeansThatTheProducerIsRidOfIt) {
  for (const Verdict taken : {Verdict::kAccept, Verdict::kDropOldest, Verdict::kDropNewest}) {
    EXPECT_TRUE(Taken(taken));
  }
  for (const Verdict left : {Verdict::kWait, Verdict::kFull, Verdict::kTimedOut, Verdict::kClosed,
                             Verdict::kNoConsumer, Verdict::kBadSize}) {
    EXPECT_FALSE(Taken(left));
  }
}

TEST(PipelineRulesTest, NoRoomIsNotThatItIsClosedOrTooLarge) {
  for (const Verdict verdict :
       {Verdict::kDropOldest, Verdict::kDropNewest, Verdict::kWait, Verdict::kFull}) {
    EXPECT_TRUE(NoRoom(verdict));
  }
  for (const Verdict verdict :
       {Verdict::kAccept, Verdict::kClosed, Verdict::kNoConsumer, Verdict::kBadSize}) {
    EXPECT_FALSE(NoRoom(verdict));
  }
}

}  // namespace
}  // namespace assay
