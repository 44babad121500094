#include "assay/transport/tcp_socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace assay {
namespace {

// Both ends of a connection.
class LooksClosedTest : public testing::Test {
 protected:
  LooksClosedTest() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0); }
  ~LooksClosedTest() override {
    for (const int end : ends_) ::close(end);
  }
  void ServerSays(const char* byte) { ASSERT_EQ(::send(ends_[1], byte, 1, 0), 1); }
  void ServerCloses() { ASSERT_EQ(::shutdown(ends_[1], SHUT_WR), 0); }
  int fd() const { return ends_[0]; }

 private:
  int ends_[2]{-1, -1};
};

TEST_F(LooksClosedTest, NotWhileTheServerIsSilent) {
  EXPECT_FALSE(LooksClosed(fd(), false));
  EXPECT_FALSE(LooksClosed(fd(), true));
}

TEST_F(LooksClosedTest, OnceTheServerHasClosed) {
  ServerCloses();
  EXPECT_TRUE(LooksClosed(fd(), false));
  EXPECT_TRUE(LooksClosed(fd(), true));
}

TEST_F(LooksClosedTest, WhatNobodyAskedForIsAsBadButForTls) {
  ServerSays("x");
  EXPECT_TRUE(LooksClosed(fd(), false));
  EXPECT_FALSE(LooksClosed(fd(), true));
  char byte = 0;  // nothing has been taken
  EXPECT_EQ(::recv(fd(), &byte, 1, MSG_DONTWAIT), 1);
}

TEST_F(LooksClosedTest, BehindAFarewellToo) {
  ServerSays("x");
  ServerCloses();
  EXPECT_TRUE(LooksClosed(fd(), true));
}

TEST(LooksClosed, WhatIsNoSocketIsClosed) { EXPECT_TRUE(LooksClosed(-1, false)); }

TEST(TcpSocket, OpensWithoutDelayAndClosesItself) {
  int fd = -1;
  {
    TcpSocket socket;
    EXPECT_FALSE(socket.open());
    ASSERT_EQ(socket.Open(AF_INET, TcpSocket::Calls::kDoNotBlock), 0);
    EXPECT_TRUE(socket.open());
    fd = socket.fd();
    int no_delay = 0;
    socklen_t size = sizeof(no_delay);
    ASSERT_EQ(::getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
    EXPECT_NE(no_delay, 0);
    EXPECT_NE(::fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
  }
  EXPECT_EQ(::fcntl(fd, F_GETFD), -1);
}

TEST(TcpSocket, BlocksWhereThatIsWanted) {
  TcpSocket socket;
  ASSERT_EQ(socket.Open(AF_INET6, TcpSocket::Calls::kBlock), 0);
  EXPECT_EQ(::fcntl(socket.fd(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(TcpSocket, ANewOneTakesThePlaceOfTheOneBefore) {
  TcpSocket socket;
  ASSERT_EQ(socket.Open(AF_INET, TcpSocket::Calls::kBlock), 0);
  const int fd = socket.fd();
  ASSERT_EQ(socket.Open(AF_INET, TcpSocket::Calls::kBlock), 0);
  EXPECT_EQ(socket.fd(), fd);  // the lowest number that is free again
}

TEST(TcpSocket, SaysWhyNot) {
  TcpSocket socket;
  EXPECT_EQ(socket.Open(12345, TcpSocket::Calls::kBlock), EAFNOSUPPORT);
  EXPECT_FALSE(socket.open());
  socket.Close();
}

}  // namespace
}  // namespace assay
