// The machine's own bandwidth: what an elementwise kernel has to be measured against.
#include <time.h>

#include "cpu.h"
#include "threads.h"

typedef struct {
  long n;
  const float *a, *b;
  float *out;
} Streams;

// Plain loops (McCalpin's "scale" and "add"); the arithmetic keeps the compiler from calling memcpy,
// which may go past the caches.
static void stream(void *context, int part, int parts) {
  const Streams *s = context;
  long first, n;
  ck_share(s->n, 1024, part, parts, &first, &n);
  const float *restrict a = s->a + first, *restrict b = s->b ? s->b + first : NULL;
  float *restrict out = s->out + first;
  if (b) for (long i = 0; i < n; i++) out[i] = a[i] + b[i];
  else for (long i = 0; i < n; i++) out[i] = 3 * a[i];
}

double ck_time_streaming(long bytes, const void *a, const void *b, void *out) {
  Streams streams = {bytes / (long)sizeof(float), a, b, out};
  struct timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  ck_parallel(ck_threads(), stream, &streams);
  clock_gettime(CLOCK_MONOTONIC, &end);
  return (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
}
