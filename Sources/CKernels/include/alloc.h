// Buffers that come back: a training step asks for the same sizes as the step before, so what it
// frees is kept in lists by size, one set of lists a thread, and handed out again without a system
// call and without page faults. The usual case, a size that was freed before, is inlined: a few
// instructions and no lock.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Four sizes to each power of two, from 64 bytes up, so that rounding wastes at most a quarter.
enum { ck_smallest_log2 = 6, ck_steps = 4, ck_sizes = (40 - ck_smallest_log2) * ck_steps + 1 };

typedef struct ck_block { struct ck_block *next; } ck_block;

/// Swift objects, arrays of a few numbers, that are not needed now but kept for the next.
typedef struct ck_spares { void **object; int count, room; } ck_spares;
enum { ck_spares_at_most = 4096 };

/// What one thread has freed, and what it has asked for less what it has given back.
typedef struct ck_cache {
  ck_block *list[ck_sizes];
  size_t kept;
  int64_t in_use;  // written by its own thread, read by others
  bool registered;
  ck_spares spares;
  struct ck_cache *next, *previous;
} ck_cache;

extern _Thread_local ck_cache ck_own_cache;

void *ck_alloc_fresh(size_t bytes, int size);
void ck_free_slow(void *memory, int size);

/// The number of the smallest size that holds `bytes`.
static inline int ck_size_index(size_t bytes) {
  if (bytes <= (size_t)1 << ck_smallest_log2) return 0;
  int top = 63 - __builtin_clzll(bytes - 1);  // 2^top < bytes ≤ 2^(top + 1)
  int step = (int)((bytes - 1) >> (top - 2)) & 3;
  return (top - ck_smallest_log2) * ck_steps + step + 1;
}

static inline size_t ck_size_bytes(int index) {
  if (index == 0) return (size_t)1 << ck_smallest_log2;
  size_t base = (size_t)1 << ((index - 1) / ck_steps + ck_smallest_log2);
  return base + base / ck_steps * (size_t)((index - 1) % ck_steps + 1);
}

static inline void ck_count(ck_cache *cache, int64_t bytes) {
  __atomic_store_n(&cache->in_use, cache->in_use + bytes, __ATOMIC_RELAXED);
}

/// Memory for `bytes` bytes, aligned to 64 (a cache line, an AVX-512 register). Not cleared.
/// Ends the program with a message if the system has none left.
static inline void *ck_alloc(size_t bytes) {
  ck_cache *cache = &ck_own_cache;
  int index = ck_size_index(bytes);
  ck_block *block = index < ck_sizes ? cache->list[index] : NULL;
  if (!block) return ck_alloc_fresh(bytes, index);
  size_t size = ck_size_bytes(index);
  cache->list[index] = block->next;
  cache->kept -= size;
  ck_count(cache, (int64_t)size);
  return block;
}

/// What one thread keeps at the most; more goes back to the system.
#define CK_KEPT_AT_MOST ((size_t)1 << 29)

/// Gives back what `ck_alloc(bytes)` gave, on any thread.
static inline void ck_free(void *memory, size_t bytes) {
  ck_cache *cache = &ck_own_cache;
  int index = ck_size_index(bytes);
  size_t size = ck_size_bytes(index);
  if (!cache->registered || cache->kept + size > CK_KEPT_AT_MOST) {
    ck_free_slow(memory, index);
    return;
  }
  ck_block *block = (ck_block *)memory;
  block->next = cache->list[index];
  cache->list[index] = block;
  cache->kept += size;
  ck_count(cache, -(int64_t)size);
}

bool ck_make_room(ck_spares *spares);

/// An object that was kept; NULL if there is none.
static inline void *ck_take_spare(void) {
  ck_spares *spares = &ck_own_cache.spares;
  return spares->count > 0 ? spares->object[--spares->count] : NULL;
}

/// Where to put a reference to an object that may be kept; NULL if there are enough. If it turns out
/// not to be kept, the reference is taken away again.
static inline void **ck_spare_place(void) {
  ck_spares *spares = &ck_own_cache.spares;
  if (spares->count == spares->room && !ck_make_room(spares)) return NULL;
  return &spares->object[spares->count];
}

/// Keeps the object that was put there.
static inline void ck_keep_spare(void) { ck_own_cache.spares.count++; }

/// Counts memory that a spare object holds as not in use, or in use again.
static inline void ck_count_spare(int64_t bytes) { ck_count(&ck_own_cache, bytes); }

/// Bytes now handed out by `ck_alloc` and not yet given back, over all threads.
size_t ck_bytes_in_use(void);
/// What this thread has asked for less what it has given back, of its own or of others'.
static inline int64_t ck_bytes_in_use_here(void) { return ck_own_cache.in_use; }

/// Whether operations on this thread record their history (true until told otherwise).
extern _Thread_local bool ck_recording;
static inline bool ck_is_recording(void) { return ck_recording; }
static inline void ck_set_recording(bool on) { ck_recording = on; }

/// Where the release of a chain of objects that goes on in this thread keeps those whose turn is
/// still to come; NULL if none goes on.
extern _Thread_local void *ck_waiting;
static inline void *ck_get_waiting(void) { return ck_waiting; }
static inline void ck_set_waiting(void *list) { ck_waiting = list; }
