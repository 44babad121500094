// Permits of a semaphore, returned when their holder goes out of scope.
//
//   const Permit permit = TryPermit(semaphore);
//   if (!permit) return;  // none free
//
// A move-only value; not thread-safe itself, but permits may be destroyed by another thread than
// the one that took them. The semaphore must outlive its permits.
#ifndef ASSAY_PATTERNS_SEMAPHORE_PERMIT_H_
#define ASSAY_PATTERNS_SEMAPHORE_PERMIT_H_

#include <utility>

namespace assay {

// `S` is a BasicSemaphore.
template <class S>
class [[nodiscard]] Permit {
 public:
  Permit() noexcept = default;  // holds nothing

  // Takes charge of `permits` (at least 1) that the caller got from `taken_from`.
  explicit Permit(S& taken_from, int permits = 1) noexcept
      : semaphore_(&taken_from), permits_(permits) {}

  Permit(Permit&& other) noexcept
      : semaphore_(std::exchange(other.semaphore_, nullptr)), permits_(other.permits_) {}
  Permit& operator=(Permit&& other) noexcept {
    // By way of a temporary: what this one held goes back, and self-assignment keeps it.
    Permit(std::move(other)).Swap(*this);
    return *this;
  }
  ~Permit() { Release(); }

  // Returns them early; afterwards, and after a move, it holds nothing.
  void Release() noexcept {
    if (S* semaphore = std::exchange(semaphore_, nullptr)) semaphore->Release(permits_);
  }

  explicit operator bool() const noexcept { return semaphore_ != nullptr; }
  int permits() const noexcept { return semaphore_ != nullptr ? permits_ : 0; }

 private:
  void Swap(Permit& other) noexcept {
    std::swap(semaphore_, other.semaphore_);
    std::swap(permits_, other.permits_);
  }

  S* semaphore_ = nullptr;
  int permits_ = 0;
};

// As TryAcquire(): empty where that is false.
template <class S>
Permit<S> TryPermit(S& semaphore, int permits = 1) noexcept {
  return semaphore.TryAcquire(permits) ? Permit<S>(semaphore, permits) : Permit<S>();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_PERMIT_H_
