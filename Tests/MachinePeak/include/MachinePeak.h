// What this machine can do at the most, for kernels to be measured against.
#pragma once

/// Seconds that `steps` rounds of independent multiply-adds of Floats take on this thread with the widest
/// vectors in use; `*operations` receives how many floating-point operations that was.
double ck_time_multiply_adds(long steps, double *operations);

/// Seconds that it takes to multiply `numbers` floats, in rows of 256, with others and to do
/// nothing else: the mean of `times` passes, there and back.
double ck_time_reading(long numbers, long times);

/// Seconds in which the threads in use read `bytes` bytes of Floats from `a`, and as many from `b`
/// unless that is NULL, and write as many to `out`, in a plain loop.
double ck_time_streaming(long bytes, const void *a, const void *b, void *out);
