#include "optim.h"

#include <stdatomic.h>
#include <stddef.h>

#include "dispatch/kernels.h"
#include "threads.h"

enum { grain = 1 << 10 };

/// A step of a long parameter, of which each thread takes some part.
typedef struct {
  const ck_kernels *kernels;
  long n, size;  // numbers; bytes of each
  const void *gradient;
  void *slots[3];
  const void *before;
  void *after;
  enum { is_sgd, is_rmsprop, is_adam } step;
  union {
    ck_sgd_options sgd;
    ck_rmsprop_options rmsprop;
    ck_adam_options adam;
  };
  atomic_bool is_finite;
} Step;

static void part_of(void *context, int part, int parts) {
  Step *s = context;
  long first, n;
  ck_share(s->n, grain, part, parts, &first, &n);
  const long bytes = first * s->size;
  const void *gradient = (const char *)s->gradient + bytes;
  const void *before = (const char *)s->before + bytes;
  void *after = (char *)s->after + bytes, *slots[3];
  for (int i = 0; i < 3; i++) slots[i] = s->slots[i] ? (char *)s->slots[i] + bytes : NULL;
  const ck_kernels *k = s->kernels;
  bool is_finite = true;
  switch (s->step) {
    case is_sgd: is_finite = k->sgd(n, s->sgd, gradient, slots[0], before, after); break;
    case is_rmsprop:
      is_finite = k->rmsprop(n, s->rmsprop, gradient, slots[0], slots[1], slots[2], before, after);
      break;
    case is_adam:
      is_finite = k->adam(n, s->adam, gradient, slots[0], slots[1], slots[2], before, after);
      break;
  }
  if (!is_finite) atomic_store(&s->is_finite, false);
}

static bool run(Step *s, ck_dtype dtype) {
  s->kernels = ck_table(dtype);
  s->size = dtype == CK_F32 ? sizeof(float) : sizeof(double);
  ck_parallel(ck_threads_for(0.5 * (double)s->n), part_of, s);
  return atomic_load(&s->is_finite);
}

bool ck_sgd(ck_dtype dtype, long n, ck_sgd_options options, const void *gradient, void *momentum,
            const void *before, void *after) {
  Step s = {.n = n, .gradient = gradient, .slots = {momentum}, .before = before, .after = after,
            .step = is_sgd, .sgd = options, .is_finite = true};
  return run(&s, dtype);
}

bool ck_rmsprop(ck_dtype dtype, long n, ck_rmsprop_options options, const void *gradient,
                void *mean_square, void *mean, void *momentum, const void *before, void *after) {
  Step s = {.n = n, .gradient = gradient, .slots = {mean_square, mean, momentum},
            .before = before, .after = after, .step = is_rmsprop, .rmsprop = options,
            .is_finite = true};
  return run(&s, dtype);
}

bool ck_adam(ck_dtype dtype, long n, ck_adam_options options, const void *gradient, void *mean,
             void *mean_square, void *largest_square, const void *before, void *after) {
  Step s = {.n = n, .gradient = gradient, .slots = {mean, mean_square, largest_square},
            .before = before, .after = after, .step = is_adam, .adam = options,
            .is_finite = true};
  return run(&s, dtype);
}

double ck_sum_squares(ck_dtype dtype, long n, const void *x) {
  return ck_table(dtype)->sum_squares(n, x);
}

bool ck_all_finite(ck_dtype dtype, long n, const void *x) {
  return ck_table(dtype)->all_finite(n, x);
}
