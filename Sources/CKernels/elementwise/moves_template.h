// Numbers that are put somewhere else.

static void FN(fill)(long n, double number, void *to) {
  const T value = (T)number;
  T *out = to;
  for (long i = 0; i < n; i++) out[i] = value;
}

static void FN(gather_strided)(long n, const void *from, long stride, void *to) {
  const T *restrict a = from;
  T *restrict out = to;
  for (long i = 0; i < n; i++) out[i] = a[i * stride];
}

static void FN(scatter_strided)(long n, const void *from, void *to, long stride) {
  const T *restrict a = from;
  T *restrict out = to;
  for (long i = 0; i < n; i++) out[i * stride] = a[i];
}

static void FN(to_f32)(long n, const void *from, float *to) {
  const T *x = from;
  if (!IS_DOUBLE) memmove(to, x, (size_t)n * sizeof(T));
  else for (long i = 0; i < n; i++) to[i] = (float)x[i];
}

static void FN(to_f64)(long n, const void *from, double *to) {
  const T *x = from;
  if (IS_DOUBLE) memmove(to, x, (size_t)n * sizeof(T));
  else for (long i = 0; i < n; i++) to[i] = (double)x[i];
}
