// Elementwise kernels, one entry point a kind: the operation and the element type are numbers, so
// that the caller needs no table of functions and no generic code.
#pragma once

typedef enum { CK_F32 = 0, CK_F64 = 1 } ck_dtype;

typedef enum {
  CK_ADD, CK_SUB, CK_MUL, CK_DIV, CK_POW, CK_MAX, CK_MIN,
  CK_EQ, CK_NE, CK_LT, CK_LE, CK_GT, CK_GE,  // 1 where it holds, 0 where not
  CK_RELU_GRAD,      // b where a > 0: the gradient b that arrives, through a = relu x or x
  CK_BCE,            // the cross-entropy of a logit a and a target b from 0 to 1 …
  CK_BCE_GRAD,       // … and its derivative by a, σ(a) − b
} ck_binary_op;

typedef enum {
  CK_NEG, CK_EXP, CK_LOG, CK_SQRT, CK_TANH, CK_SIGMOID, CK_RELU, CK_ABS, CK_SOFTPLUS,
  CK_RECIPROCAL, CK_SIGN, CK_SIN, CK_COS, CK_LOG1P, CK_EXPM1, CK_FLOOR,
} ck_unary_op;

/// out[i] = a[i · stride_a] ∘ b[i · stride_b] for i < n; a stride of 0 repeats one number; `out`
/// may be an operand whose stride is 1.
void ck_binary(ck_binary_op op, ck_dtype dtype, long n, const void *a, long stride_a,
               const void *b, long stride_b, void *out);

/// out[i] = f(a[i]) for i < n; `out` may be `a`.
void ck_unary(ck_unary_op op, ck_dtype dtype, long n, const void *a, void *out);

/// The same for CK_TANH and CK_SIGMOID, with slopes[i] = f′(a[i]): to the last digits, which could not
/// be told from f(a[i]) where that is nearly 1.
void ck_unary_with_slopes(ck_unary_op op, ck_dtype dtype, long n, const void *a, void *out,
                          void *slopes);

/// out[i] = a[i], but `low` where it is smaller and `high` where it is larger; NaN stays.
void ck_clamp(ck_dtype dtype, long n, double low, double high, const void *a, void *out);

/// out[i] = mask[i · stride_mask] ≠ 0 ? a[i · stride_a] : b[i · stride_b] for i < n.
void ck_where(ck_dtype dtype, long n, const void *mask, long stride_mask, const void *a,
              long stride_a, const void *b, long stride_b, void *out);

/// y[i] += scale · x[i] for i < n.
void ck_axpy(ck_dtype dtype, long n, double scale, const void *x, void *y);

/// y[i] ·= scale for i < n.
void ck_scale(ck_dtype dtype, long n, double scale, void *y);

/// Copies n numbers that stand `stride` apart into a row.
void ck_gather_strided(ck_dtype dtype, long n, const void *a, long stride, void *out);

/// Copies a row to n places that stand `stride` apart.
void ck_scatter_strided(ck_dtype dtype, long n, const void *a, void *out, long stride);

/// Sets n numbers to `value`.
void ck_fill(ck_dtype dtype, long n, double value, void *out);

/// Converts n numbers from one element type to the other (or copies them).
void ck_convert(ck_dtype from, ck_dtype to, long n, const void *a, void *out);
