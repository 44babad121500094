// One permit, returned when its holder goes out of scope.
//
// A move-only value of one pointer; not thread-safe itself, but a permit may be
// destroyed by another thread than the one that took it. The semaphore must
// outlive its permits.
#ifndef ASSAY_PATTERNS_SEMAPHORE_PERMIT_H_
#define ASSAY_PATTERNS_SEMAPHORE_PERMIT_H_

#include <utility>

namespace assay {

// `S` is Semaphore or BlockingSemaphore.
template <class S>
class [[nodiscard]] Permit {
 public:
  Permit() noexcept = default;  // holds nothing

  // Takes charge of a permit that the caller got from `taken_from`.
  explicit Permit(S& taken_from) noexcept : semaphore_(&taken_from) {}

  Permit(Permit&& other) noexcept : semaphore_(std::exchange(other.semaphore_, nullptr)) {}
  Permit& operator=(Permit&& other) noexcept {
    // By way of a temporary: what this one held goes back, and self-assignment keeps it.
    Permit(std::move(other)).Swap(*this);
    return *this;
  }
  ~Permit() { Release(); }

  // Returns the permit early; afterwards, and after a move, it holds nothing.
  void Release() noexcept {
    if (S* semaphore = std::exchange(semaphore_, nullptr)) semaphore->Release();
  }

  explicit operator bool() const noexcept { return semaphore_ != nullptr; }

 private:
  void Swap(Permit& other) noexcept { std::swap(semaphore_, other.semaphore_); }

  S* semaphore_ = nullptr;
};

// A permit if one is free, else an empty one (the refusal is counted).
template <class S>
Permit<S> TryPermit(S& semaphore) noexcept {
  return semaphore.TryAcquire() ? Permit<S>(semaphore) : Permit<S>();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_PERMIT_H_
