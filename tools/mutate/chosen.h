// Which mutant is at work: the number in ASSAY_MUTANT, none without. ASSAY_MUTANT_REACHED names a
// file in which the byte of each number that was asked for becomes 1.
#ifndef ASSAY_TOOLS_MUTATE_CHOSEN_H_
#define ASSAY_TOOLS_MUTATE_CHOSEN_H_

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <type_traits>

namespace assay_mutant {

struct Choice {
  Choice() noexcept {
    if (const char* const text = std::getenv("ASSAY_MUTANT")) number = std::atoi(text);
    const char* const path = std::getenv("ASSAY_MUTANT_REACHED");
    if (path == nullptr) return;
    // Shared with the file, so that it is there however the program ends.
    const int file = ::open(path, O_RDWR);
    struct stat status {};
    if (file < 0 || ::fstat(file, &status) != 0) std::abort();
    void* const bytes = ::mmap(nullptr, static_cast<std::size_t>(status.st_size),
                               PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (bytes == MAP_FAILED) std::abort();
    reached = static_cast<volatile char*>(bytes);
  }

  int number = -1;
  volatile char* reached = nullptr;
};

// By one who is no constant: so the compiler says where a mutant could never be at work.
inline bool Chosen(int number) noexcept {
  static const Choice choice;
  if (choice.reached != nullptr) choice.reached[number] = 1;
  return number == choice.number;
}

// Where constants are made, too, which stay as they are.
constexpr bool ChosenAtRunTime(int number) noexcept {
  return !std::is_constant_evaluated() && Chosen(number);
}

}  // namespace assay_mutant

#endif  // ASSAY_TOOLS_MUTATE_CHOSEN_H_
