// Persistent threads for the few computations that are long enough to share. They wait spinning
// for some microseconds, since the next piece of a training step usually comes at once, and then
// sleep. A child process made by fork has none of them and starts its own when it needs them.
#include "threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum { most_threads = CK_MOST_THREADS, spins = 4000 };

// A computation that is shared, and whoever takes part in it. Everyone's has workers of its own; where two
// go on at the same time (`ck_both`), these are divided between two others.
typedef struct {
  void (*body)(void *, int, int);
  void *context;
  // Which parts of the present work are still to be had, in one word that changes as a whole: the
  // number of the round, how many parts there are, and the next one.
  atomic_uint_fast64_t offer;
  atomic_int finished;
  atomic_bool busy;
  int running;  // workers that exist, beside the caller
  ck_balance balance;
  pthread_mutex_t sleep_lock;
  pthread_cond_t wake;
} pool;

enum { pools_count = 3 };  // everyone's, and two halves
static pool pools[pools_count] = {[0 ... pools_count - 1] = {
    .sleep_lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER}};

// Set while a thread leads one of two halves: which, and how many threads it has.
static _Thread_local struct { pool *pool; int threads; } half;

static inline uint64_t round_of(uint64_t offer) { return offer >> 32; }
static inline int parts_of(uint64_t offer) { return (int)(offer >> 16 & 0xffff); }
static inline int next_of(uint64_t offer) { return (int)(offer & 0xffff); }

static atomic_int wanted_threads;  // 0 until someone sets or asks
static pthread_once_t once = PTHREAD_ONCE_INIT;

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Does parts as long as there are any. The caller takes part in its own work: where the cores are
// busy with other programs it has done everything before a worker wakes. Nobody can begin another
// round while a part of this one is being done, so what a taken part needs stays in place. Returns
// the round that has nothing left, and counts the parts done here.
static uint64_t take_parts(pool *p, int *taken) {
  uint64_t now = atomic_load_explicit(&p->offer, memory_order_acquire);
  while (next_of(now) < parts_of(now)) {
    if (!atomic_compare_exchange_weak_explicit(&p->offer, &now, now + 1, memory_order_acq_rel,
                                               memory_order_acquire))
      continue;
    p->body(p->context, next_of(now), parts_of(now));
    atomic_fetch_add_explicit(&p->finished, 1, memory_order_release);
    ++*taken;
    now = atomic_load_explicit(&p->offer, memory_order_acquire);
  }
  return round_of(now);
}

static void *worker(void *unused) {
  (void)unused;
  pool *p = &pools[0];
  for (int taken = 0;;) {
    const uint64_t seen = take_parts(p, &taken);
    int tries = 0;
    while (round_of(atomic_load_explicit(&p->offer, memory_order_acquire)) == seen && tries < spins) {
      pause_briefly();
      tries++;
    }
    if (tries < spins) continue;
    pthread_mutex_lock(&p->sleep_lock);
    while (round_of(atomic_load(&p->offer)) == seen) pthread_cond_wait(&p->wake, &p->sleep_lock);
    pthread_mutex_unlock(&p->sleep_lock);
  }
  return NULL;
}

static void forget_workers(void) {
  pool *p = &pools[0];
  p->running = 0;
  for (int i = 0; i < pools_count; i++) atomic_store(&pools[i].busy, false);
  pthread_mutex_init(&p->sleep_lock, NULL);
  pthread_cond_init(&p->wake, NULL);
}
static void prepare(void) { pthread_atfork(NULL, NULL, forget_workers); }

void ck_set_threads(int count) {
  atomic_store(&wanted_threads, count < 1 ? 1 : count > most_threads ? most_threads : count);
}

static int all_threads(void) {
  int count = atomic_load_explicit(&wanted_threads, memory_order_relaxed);
  if (count > 0) return count;
  // Whoever sets a number meanwhile wins.
  const int wished = ck_threads_wished();
  int unset = 0;
  atomic_compare_exchange_strong(&wanted_threads, &unset,
                                 wished > most_threads ? most_threads : wished);
  return atomic_load_explicit(&wanted_threads, memory_order_relaxed);
}

int ck_threads(void) {
  return half.pool ? half.threads : all_threads();
}

int ck_threads_for(double nanoseconds) {
  if (nanoseconds < 2 * ck_share_ns) return 1;
  const double most = nanoseconds / ck_share_ns;
  const int threads = ck_threads();
  return most < threads ? (int)most : threads;
}

enum { most_saved = 20000000, alone_times = 16 };  // nanoseconds

void ck_balance_shared(ck_balance *b, int64_t alone, int64_t shared) {
  b->saved += alone - shared;
  if (b->saved > most_saved) b->saved = most_saved;
  if (b->saved >= 0) return;
  b->alone = alone_times * -b->saved;
  b->saved = 0;
}

// What teams tell of this thread, since only they know: nanoseconds that it has waited for other members,
// and how much of their parts it has done for them, less what they have done of its own.
typedef struct { int64_t waited; double stood_in; } team_account;
static _Thread_local team_account in_teams;

static int64_t nanoseconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void ck_parallel(int wanted, void (*body)(void *, int, int), void *context) {
  pool *p = half.pool ? half.pool : &pools[0];
  // One computation is shared at a time; a second thread that asks meanwhile works alone.
  bool taken = false;
  if (wanted <= 1 || !atomic_compare_exchange_strong(&p->busy, &taken, true)) {
    body(context, 0, 1);
    return;
  }
  if (p->balance.alone > 0) {
    const int64_t begin = nanoseconds_now();
    body(context, 0, 1);
    p->balance.alone -= nanoseconds_now() - begin;
    atomic_store(&p->busy, false);
    return;
  }
  pthread_once(&once, prepare);
  while (p == &pools[0] && p->running + 1 < wanted && p->running + 1 < most_threads) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, worker, NULL) != 0) break;
    pthread_detach(thread);
    p->running++;
  }
  p->body = body;
  p->context = context;
  atomic_store(&p->finished, 0);
  pthread_mutex_lock(&p->sleep_lock);
  atomic_store(&p->offer, (round_of(atomic_load(&p->offer)) + 1) << 32 | (uint64_t)wanted << 16);
  pthread_cond_broadcast(&p->wake);
  pthread_mutex_unlock(&p->sleep_lock);
  const team_account outside = in_teams;  // what a half's rounds are part of
  in_teams = (team_account){0};
  int taken_here = 0;
  const int64_t begin = nanoseconds_now();
  take_parts(p, &taken_here);
  const double worked = (double)(nanoseconds_now() - begin - in_teams.waited);
  const double parts = taken_here + in_teams.stood_in;
  for (int tries = 0; atomic_load_explicit(&p->finished, memory_order_acquire) < wanted; tries++) {
    if (tries < spins) pause_briefly();
    else sched_yield();  // the cores may be fewer than the threads, or busy with other programs
  }
  // Alone all parts take as long as those done here; if none was, nobody knows.
  if (parts > 0)
    ck_balance_shared(&p->balance, (int64_t)(worked * wanted / parts), nanoseconds_now() - begin);
  in_teams = outside;
  atomic_store(&p->busy, false);
}

typedef struct {
  void (*body)(void *, int);
  void *context;
  int threads;
  atomic_bool done[2];
} two_halves;

// Takes part in what a half shares, until it is done.
static void help(pool *p, atomic_bool *done) {
  for (int taken = 0; !atomic_load_explicit(done, memory_order_acquire);) {
    const uint64_t seen = take_parts(p, &taken);
    for (int tries = 0; round_of(atomic_load_explicit(&p->offer, memory_order_acquire)) == seen &&
                        !atomic_load_explicit(done, memory_order_acquire);
         tries++) {
      if (tries < spins) pause_briefly();
      else sched_yield();
    }
  }
}

static void one_half(void *context, int part, int parts) {
  two_halves *both = context;
  if (parts == 1) {  // one after the other
    both->body(both->context, 0);
    both->body(both->context, 1);
    return;
  }
  pool *p = &pools[1 + part % 2];
  if (part >= 2) {
    help(p, &both->done[part % 2]);
    return;
  }
  half.pool = p;
  half.threads = (both->threads + 1 - part) / 2;
  both->body(both->context, part);
  half.pool = NULL;
  atomic_store_explicit(&both->done[part], true, memory_order_release);
}

void ck_both(void (*body)(void *, int), void *context) {
  two_halves both = {.body = body, .context = context, .threads = half.pool ? 1 : ck_threads()};
  ck_parallel(both.threads, one_half, &both);
}

void ck_share(long count, long grain, int part, int parts, long *first, long *size) {
  const long grains = (count + grain - 1) / grain;
  long begin = grains * part / parts * grain, end = grains * (part + 1) / parts * grain;
  if (end > count) end = count;
  *first = begin;
  *size = end - begin;
}

// A part's steps are claimed one after the other, by the thread whose own it is or by one that waits
// for it; so a part whose thread is asleep, or has never come, holds nobody up for long. A part that is
// claimed is being done by a thread that runs, or that the system has interrupted: for that one, too,
// those who wait give their time away after a while.
enum { patience = 300 };

typedef struct { _Alignas(64) atomic_long claimed; } team_part;
typedef struct { _Alignas(64) atomic_long done; } team_group;  // members · steps

typedef struct {
  int groups, members;
  long steps;
  void (*body)(void *, int, int, long);
  void *context;
  team_part parts[most_threads];
  team_group group[most_threads];
} team;

static bool take_step(team *t, int group, int member, long step) {
  long expected = step;
  if (!atomic_compare_exchange_strong_explicit(
          &t->parts[group * t->members + member].claimed, &expected, step + 1,
          memory_order_acq_rel, memory_order_relaxed))
    return false;
  t->body(t->context, group, member, step);
  atomic_fetch_add_explicit(&t->group[group].done, 1, memory_order_acq_rel);
  return true;
}

static void team_member(void *context, int part, int parts) {
  team *t = context;
  (void)parts;
  const int group = part / t->members, own = part % t->members;
  atomic_long *done = &t->group[group].done;
  uint64_t adopted = (uint64_t)1 << own;  // the parts that this thread does, its own among them
  for (long step = 0; step < t->steps; step++) {
    int done_here = 0;
    for (int member = 0; member < t->members; member++) {
      if (!(adopted >> member & 1)) continue;
      if (take_step(t, group, member, step)) done_here++;
      else if (member != own) adopted &= ~((uint64_t)1 << member);
    }
    int tries = 0;
    int64_t since = 0;
    while (atomic_load_explicit(done, memory_order_acquire) < (step + 1) * t->members) {
      if (++tries < patience) {
        pause_briefly();
        continue;
      }
      if (since == 0) since = nanoseconds_now();
      bool helped = false;
      for (int member = 0; member < t->members && !helped; member++)
        if (take_step(t, group, member, step)) {
          adopted |= (uint64_t)1 << member;
          helped = true;
          done_here++;
        }
      if (!helped) sched_yield();
    }
    in_teams.stood_in += (double)(done_here - 1) / (double)t->steps;
    if (since > 0) in_teams.waited += nanoseconds_now() - since;
  }
}

// All parts, where there is one thread: nobody to wait for.
static void team_alone(team *t) {
  for (int group = 0; group < t->groups; group++)
    for (long step = 0; step < t->steps; step++)
      for (int member = 0; member < t->members; member++)
        t->body(t->context, group, member, step);
}

static void team_part_of(void *context, int part, int parts) {
  team *t = context;
  if (parts == 1 && t->groups * t->members > 1) team_alone(t);
  else team_member(t, part, parts);
}

void ck_team(int groups, int members, long steps, void (*body)(void *, int, int, long),
             void *context) {
  team t = {.groups = groups, .members = members, .steps = steps, .body = body, .context = context};
  for (int i = 0; i < groups * members; i++) atomic_init(&t.parts[i].claimed, 0);
  for (int i = 0; i < groups; i++) atomic_init(&t.group[i].done, 0);
  ck_parallel(groups * members, team_part_of, &t);
}
