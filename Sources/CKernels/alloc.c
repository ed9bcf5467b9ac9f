#include "alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

_Thread_local bool ck_recording = true;

// Size classes: four to each power of two, from 64 bytes up, so that rounding wastes at most a quarter.
enum { smallest_log2 = 6, steps = 4, classes = (40 - smallest_log2) * steps + 1 };
// What one thread keeps at the most; more goes back to the system.
static const size_t kept_at_most = (size_t)1 << 29;

typedef struct Free { struct Free *next; } Free;
typedef struct { Free *list[classes]; size_t kept; bool registered; } Cache;

static _Thread_local Cache cache;
static atomic_size_t in_use;

static int class_of(size_t bytes) {
  if (bytes <= (size_t)1 << smallest_log2) return 0;
  int top = 63 - __builtin_clzll(bytes - 1);        // 2^top < bytes <= 2^(top + 1)
  size_t quarter = ((size_t)1 << top) / steps;
  int step = (int)((bytes - 1 - ((size_t)1 << top)) / quarter);
  return (top - smallest_log2) * steps + step + 1;
}

static size_t class_size(int index) {
  if (index == 0) return (size_t)1 << smallest_log2;
  size_t base = (size_t)1 << ((index - 1) / steps + smallest_log2);
  return base + base / steps * (size_t)((index - 1) % steps + 1);
}

// A thread that ends gives its lists back.
static pthread_key_t cleanup_key;
static pthread_once_t cleanup_once = PTHREAD_ONCE_INIT;
static void empty_cache(void *unused) {
  (void)unused;
  for (int i = 0; i < classes; i++) {
    for (Free *block = cache.list[i]; block;) {
      Free *next = block->next;
      free(block);
      block = next;
    }
    cache.list[i] = NULL;
  }
  cache.kept = 0;
}
static void make_key(void) { pthread_key_create(&cleanup_key, empty_cache); }

void *ck_alloc(size_t bytes) {
  int index = class_of(bytes);
  if (index >= classes) {
    fprintf(stderr, "out of memory: an array of %zu bytes was asked for\n", bytes);
    abort();
  }
  size_t size = class_size(index);
  atomic_fetch_add_explicit(&in_use, size, memory_order_relaxed);
  Free *block = cache.list[index];
  if (block) {
    cache.list[index] = block->next;
    cache.kept -= size;
    return block;
  }
  void *fresh = aligned_alloc(64, (size + 63) & ~(size_t)63);
  if (!fresh) {
    fprintf(stderr, "out of memory: an array of %zu bytes was asked for\n", bytes);
    abort();
  }
  return fresh;
}

void ck_free(void *memory, size_t bytes) {
  int index = class_of(bytes);
  size_t size = class_size(index);
  atomic_fetch_sub_explicit(&in_use, size, memory_order_relaxed);
  if (cache.kept + size > kept_at_most) {
    free(memory);
    return;
  }
  if (!cache.registered) {
    cache.registered = true;
    pthread_once(&cleanup_once, make_key);
    pthread_setspecific(cleanup_key, &cache);
  }
  Free *block = memory;
  block->next = cache.list[index];
  cache.list[index] = block;
  cache.kept += size;
}

size_t ck_bytes_in_use(void) { return atomic_load_explicit(&in_use, memory_order_relaxed); }
