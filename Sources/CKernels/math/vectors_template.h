// The vectors of T that one register holds, and functions of them (FN(v_exp), …) and of numbers
// (FN(n_exp), …).

typedef T FN(vec) __attribute__((vector_size(VECTOR), aligned(sizeof(T)), may_alias));
typedef UNSIGNED FN(bits) __attribute__((vector_size(VECTOR), aligned(sizeof(T)), may_alias));

#define IS_VECTOR 0
#define V T
#define U UNSIGNED
#define M(name) FN(n_##name)
#include "math/exp_template.h"
#include "math/log_template.h"
#undef IS_VECTOR
#undef V
#undef U
#undef M

#define IS_VECTOR 1
#define V FN(vec)
#define U FN(bits)
#define M(name) FN(v_##name)
#include "math/exp_template.h"
#include "math/log_template.h"
#undef IS_VECTOR
#undef V
#undef U
#undef M

#define V FN(vec)
#define BITS FN(bits)
#define AT(p) (*(V *)(p))
#define AT_CONST(p) (*(const V *)(p))

// The next vector of a row of which `left` numbers remain; zeros behind them, or without a row.
INLINE V FN(load)(const T *p, long left) {
  if (p == NULL) return (V){0};
  if (left >= LANES) return AT_CONST(p);
  V x = {0};
  for (long j = 0; j < left; j++) x[j] = p[j];
  return x;
}

INLINE void FN(store)(T *p, V x, long left) {
  if (left >= LANES) AT(p) = x;
  else for (long j = 0; j < left; j++) p[j] = x[j];
}
