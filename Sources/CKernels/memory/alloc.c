#include "alloc.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

// Under the address sanitizer nothing is kept, and an array ends where its last number does.
enum {
#if !defined(__has_feature)
  watched = false
#elif __has_feature(address_sanitizer)
  watched = true
#else
  watched = false
#endif
};

_Thread_local bool ck_recording = true;
_Thread_local void *ck_waiting;
_Thread_local ck_cache ck_own_cache;

void swift_release(void *object);  // of Swift's runtime library

// The caches of all threads, in a ring through `everyone`, which also holds the counts of threads
// that have ended.
static ck_cache everyone = {.next = &everyone, .previous = &everyone};
static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t cleanup_key;
static pthread_once_t cleanup_once = PTHREAD_ONCE_INIT;

// A thread that ends gives its lists back. Other thread-local values may still free arrays after
// this; `ck_free_slow` then registers the cache again, and the thread's end calls this again.
static void empty_cache(void *pointer) {
  ck_cache *cache = pointer;
  ck_spares spares = cache->spares;
  cache->spares = (ck_spares){0};
  for (int i = 0; i < spares.count; i++) swift_release(spares.object[i]);
  free(spares.object);
  for (int i = 0; i < ck_sizes; i++) {
    for (ck_block *block = cache->list[i]; block;) {
      ck_block *next = block->next;
      free(block);
      block = next;
    }
    cache->list[i] = NULL;
  }
  cache->kept = 0;
  cache->registered = false;
  pthread_mutex_lock(&ring_lock);
  cache->next->previous = cache->previous;
  cache->previous->next = cache->next;
  ck_count(&everyone, cache->in_use);
  ck_count(cache, -cache->in_use);
  pthread_mutex_unlock(&ring_lock);
}

static void make_key(void) { pthread_key_create(&cleanup_key, empty_cache); }

static void register_cache(ck_cache *cache) {
  cache->registered = true;
  if (watched) cache->kept = CK_KEPT_AT_MOST;
  pthread_once(&cleanup_once, make_key);
  pthread_setspecific(cleanup_key, cache);
  pthread_mutex_lock(&ring_lock);
  cache->next = &everyone;
  cache->previous = everyone.previous;
  cache->previous->next = everyone.previous = cache;
  pthread_mutex_unlock(&ring_lock);
}

// Large arrays ask for large pages: the first touch of a small one costs more than computing what is
// written to it.
enum { huge_page = 1 << 21, large = 4 * huge_page };

static void out_of_memory(size_t bytes) {
  fprintf(stderr, "out of memory: an array of %zu bytes was asked for\n", bytes);
  abort();
}

void *ck_alloc_fresh(size_t bytes, int index) {
  if (index >= ck_sizes) out_of_memory(bytes);
  if (!ck_own_cache.registered) register_cache(&ck_own_cache);
  size_t size = ck_size_bytes(index);
  const size_t line = size >= large ? huge_page : 64;
  const size_t rounded = watched && bytes >= 64 ? bytes : (size + line - 1) & ~(line - 1);
  void *fresh;
  if (posix_memalign(&fresh, line, rounded) != 0) out_of_memory(bytes);
#if defined(MADV_HUGEPAGE)
  if (size >= large) madvise(fresh, size, MADV_HUGEPAGE);
#endif
  ck_count(&ck_own_cache, (int64_t)size);
  return fresh;
}

void ck_free_slow(void *memory, int index) {
  if (!ck_own_cache.registered) register_cache(&ck_own_cache);
  ck_count(&ck_own_cache, -(int64_t)ck_size_bytes(index));
  free(memory);
}

bool ck_make_room(ck_spares *spares) {
  if (spares->room == ck_spares_at_most) return false;
  if (!ck_own_cache.registered) register_cache(&ck_own_cache);
  int room = spares->room ? 2 * spares->room : 64;
  void **object = realloc(spares->object, (size_t)room * sizeof(void *));
  if (!object) return false;
  spares->object = object;
  spares->room = room;
  return true;
}

size_t ck_bytes_in_use(void) {
  pthread_mutex_lock(&ring_lock);
  int64_t total = everyone.in_use;
  for (ck_cache *cache = everyone.next; cache != &everyone; cache = cache->next)
    total += __atomic_load_n(&cache->in_use, __ATOMIC_RELAXED);
  pthread_mutex_unlock(&ring_lock);
  return total > 0 ? (size_t)total : 0;
}
