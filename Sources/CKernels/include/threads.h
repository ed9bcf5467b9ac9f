// A few threads that wait for work; see threads.c.
#pragma once

/// Threads that long computations may use, the caller's among them; 1 until told otherwise.
/// The results have the same bits with any number.
void ck_set_threads(int count);
int ck_threads(void);

/// Runs body(context, part, parts) for every part < parts ≤ `wanted`, on whatever threads have time.
void ck_parallel(int wanted, void (*body)(void *context, int part, int parts), void *context);

/// Cuts `count` things into `parts` runs of whole `grain`s; *first and *size become run `part`.
void ck_share(long count, long grain, int part, int parts, long *first, long *size);
