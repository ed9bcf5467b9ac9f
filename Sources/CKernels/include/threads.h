// A few threads that wait for work; see threads.c.
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { CK_MOST_THREADS = 64 };

/// Threads that long computations may use, the caller's among them: as many as UNROLL_THREADS or
/// OMP_NUM_THREADS says, or else `ck_cores()`, until `ck_set_threads` is called. The results have the
/// same bits with any number.
void ck_set_threads(int count);
int ck_threads(void);

/// The cores that this process may use: those of its affinity mask, at most as many as its control
/// group gives it time for.
int ck_cores(void);
/// What `ck_threads()` is before anyone sets it.
int ck_threads_wished(void);

/// How many threads are to share work that takes one about so many nanoseconds: the rule by which
/// what is small is not shared. To hand out parts and to wait for the last one takes 0.4 µs while the
/// others spin, and 3 to 30 µs where they sleep, so each is to have `ck_share_ns` of the work at least.
int ck_threads_for(double nanoseconds);
enum { ck_share_ns = 15000 };

/// Whether sharing pays, in nanoseconds. Where other programs keep the cores busy, a worker may be stopped
/// in the middle of a part, and the caller waits for its next turn, longer than all of it takes alone. So
/// it is kept what sharing has saved of late, 20 ms at the most. When that is used up, nothing is shared
/// for 16 times the rest of the loss: to try again then costs a sixteenth at the worst, and one worker held
/// up now and then does not send fifteen others home.
typedef struct { int64_t saved, alone; } ck_balance;
/// Something was shared and took `shared`; without, it would have taken `alone`.
void ck_balance_shared(ck_balance *balance, int64_t alone, int64_t shared);

/// Runs body(context, part, parts) for every part < parts ≤ `wanted`, on whatever threads have time.
void ck_parallel(int wanted, void (*body)(void *context, int part, int parts), void *context);

/// Runs body(context, 0) and body(context, 1), at the same time where there are threads: each half then
/// shares its own work among half of them.
void ck_both(void (*body)(void *context, int half), void *context);

/// Cuts `count` things into `parts` runs of whole `grain`s; *first and *size become run `part`.
void ck_share(long count, long grain, int part, int parts, long *first, long *size);

/// `groups` · `members` parts go through `steps` steps. The members of a group wait for one another
/// after every step, so that each may use what the others made of the step before; groups don't.
/// Runs body(context, group, member, step) for all of them, on whatever threads have time: a member
/// for whom no thread has come is stood in for.
void ck_team(int groups, int members, long steps,
             void (*body)(void *context, int group, int member, long step), void *context);
