// Buffers that come back: a training step asks for the same sizes as the step before, so what it
// frees is kept in lists by size, one set of lists a thread, and handed out again without a system
// call and without page faults.
#pragma once
#include <stddef.h>
#include <stdbool.h>

/// Memory for `bytes` bytes, aligned to 64 (a cache line, an AVX-512 register). Not cleared.
/// Ends the program with a message if the system has none left.
void *ck_alloc(size_t bytes);

/// Gives back what `ck_alloc(bytes)` gave, on any thread.
void ck_free(void *memory, size_t bytes);

/// Bytes now handed out by `ck_alloc` and not yet given back, over all threads.
size_t ck_bytes_in_use(void);

/// Whether operations on this thread record their history (true until told otherwise).
extern _Thread_local bool ck_recording;
static inline bool ck_is_recording(void) { return ck_recording; }
static inline void ck_set_recording(bool on) { ck_recording = on; }
