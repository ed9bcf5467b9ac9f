// Persistent threads for the few computations that are long enough to share. They wait spinning
// for some microseconds, since the next piece of a training step usually comes at once, and then
// sleep. A child process made by fork has none of them and starts its own when it needs them.
#include "threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "cpu.h"

enum { most_threads = 64, spins = 4000 };

typedef struct {
  void (*body)(void *, int, int);
  void *context;
  int parts;
} Work;

static Work work;
static atomic_uint_fast64_t round_number;  // odd or even does not matter, only that it changes
static atomic_int unfinished;
static atomic_int wanted_threads = 1;
static atomic_bool busy;
static int running;  // workers that exist, beside the caller
static uint64_t started_at[most_threads];
static pthread_mutex_t sleep_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void *worker(void *argument) {
  const int index = (int)(intptr_t)argument;
  uint64_t seen = started_at[index];
  for (;;) {
    int tries = 0;
    while (atomic_load_explicit(&round_number, memory_order_acquire) == seen && tries < spins) {
      pause_briefly();
      tries++;
    }
    if (tries == spins) {
      pthread_mutex_lock(&sleep_lock);
      while (atomic_load(&round_number) == seen) pthread_cond_wait(&wake, &sleep_lock);
      pthread_mutex_unlock(&sleep_lock);
    }
    // A round ends only when every worker has answered it, so none can be missed.
    seen++;
    if (index < work.parts) work.body(work.context, index, work.parts);
    atomic_fetch_sub_explicit(&unfinished, 1, memory_order_release);
  }
  return NULL;
}

static void forget_workers(void) {
  running = 0;
  atomic_store(&busy, false);
  pthread_mutex_init(&sleep_lock, NULL);
  pthread_cond_init(&wake, NULL);
}
static void prepare(void) { pthread_atfork(NULL, NULL, forget_workers); }

void ck_set_threads(int count) {
  atomic_store(&wanted_threads, count < 1 ? 1 : count > most_threads ? most_threads : count);
}

int ck_threads(void) { return atomic_load_explicit(&wanted_threads, memory_order_relaxed); }

void ck_parallel(int wanted, void (*body)(void *, int, int), void *context) {
  // One computation is shared at a time; a second thread that asks meanwhile works alone.
  bool taken = false;
  if (wanted <= 1 || !atomic_compare_exchange_strong(&busy, &taken, true)) {
    body(context, 0, 1);
    return;
  }
  pthread_once(&once, prepare);
  while (running + 1 < wanted && running + 1 < most_threads) {
    pthread_t thread;
    started_at[running + 1] = atomic_load(&round_number);
    if (pthread_create(&thread, NULL, worker, (void *)(intptr_t)(running + 1)) != 0) break;
    pthread_detach(thread);
    running++;
  }
  work = (Work){body, context, wanted < running + 1 ? wanted : running + 1};
  atomic_store(&unfinished, running);
  pthread_mutex_lock(&sleep_lock);
  atomic_fetch_add(&round_number, 1);
  pthread_cond_broadcast(&wake);
  pthread_mutex_unlock(&sleep_lock);
  body(context, 0, work.parts);
  for (int tries = 0; atomic_load_explicit(&unfinished, memory_order_acquire) > 0; tries++) {
    if (tries < spins) pause_briefly();
    else sched_yield();  // the cores may be fewer than the threads, or busy with other programs
  }
  atomic_store(&busy, false);
}

void ck_share(long count, long grain, int part, int parts, long *first, long *size) {
  const long grains = (count + grain - 1) / grain;
  long begin = grains * part / parts * grain, end = grains * (part + 1) / parts * grain;
  if (end > count) end = count;
  *first = begin;
  *size = end - begin;
}
