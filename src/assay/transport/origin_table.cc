#include "assay/transport/origin_table.h"

#include <algorithm>

namespace assay {

Result<const Origin*> OriginTable::Find(const Url& url) {
  const std::lock_guard lock(mutex_);
  auto entry = std::ranges::find_if(entries_, [&](const Entry& known) {
    return known.host == url.host && known.port == url.port && known.tls == url.tls;
  });
  if (entry == entries_.end()) {
    entries_.push_back({url.host, url.port, url.tls, false, Origin{}});
    entry = std::prev(entries_.end());
  }
  if (!entry->looked_up) {
    entry->origin = ResolveOrigin(url.host, url.port, url.tls);
    if (entry->origin) entry->origin->index = static_cast<std::size_t>(entry - entries_.begin());
    entry->looked_up = true;
  }
  if (!entry->origin) return entry->origin.error();
  return &*entry->origin;
}

void OriginTable::ForgetFailures() {
  const std::lock_guard lock(mutex_);
  for (Entry& entry : entries_) entry.looked_up = entry.origin.ok();
}

}  // namespace assay
