// A few threads that wait for work; see threads.c.
#pragma once

/// Runs body(context, part, parts) for every part < parts ≤ `wanted`, on whatever threads have time.
void ck_parallel(int wanted, void (*body)(void *context, int part, int parts), void *context);

/// Cuts `count` things into `parts` runs of whole `grain`s; *first and *size become run `part`.
void ck_share(long count, long grain, int part, int parts, long *first, long *size);
