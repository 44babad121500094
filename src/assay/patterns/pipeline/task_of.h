// The task type of a coroutine library, found by what the naps of its time return.
//
// TaskOf<AsioTime, int> is boost::asio::awaitable<int>, since a nap's Until() returns a
// boost::asio::awaitable<bool>. So patterns name no library.
#ifndef ASSAY_PATTERNS_PIPELINE_TASK_OF_H_
#define ASSAY_PATTERNS_PIPELINE_TASK_OF_H_

#include <utility>

#include "assay/core/deadline.h"

namespace assay {

template <class Task, class T>
struct TaskYielding;

template <template <class, class...> class Task, class Any, class... Rest, class T>
struct TaskYielding<Task<Any, Rest...>, T> {
  using Type = Task<T, Rest...>;
};

// `Time` is a CoroutineTime.
template <class Time, class T>
using TaskOf =
    typename TaskYielding<decltype(std::declval<typename Time::Nap&>().Until(Deadline::Never())),
                          T>::Type;

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_TASK_OF_H_
