// Elementwise kernels, one entry point a kind: the operation and the element type are numbers, so
// that the caller needs no table of functions and no generic code.
#pragma once

typedef enum { CK_F32 = 0, CK_F64 = 1 } ck_dtype;

/// An operation's number, from a line OP(number, kernel) of the lists below: whoever adds a line has to
/// write a kernel of that name (dispatch/kernels.h), or nothing compiles.
#define CK_ENUMERATOR(number, kernel) number,

#define CK_BINARY_OPS(OP)                                                                         \
  OP(CK_ADD, add)                                                                                 \
  OP(CK_SUB, sub)                                                                                 \
  OP(CK_MUL, mul)                                                                                 \
  OP(CK_DIV, div)                                                                                 \
  OP(CK_POW, pow)                                                                                 \
  OP(CK_MAX, max)                                                                                 \
  OP(CK_MIN, min)                                                                                 \
  /* 1 where it holds, 0 where not */                                                             \
  OP(CK_EQ, eq)                                                                                   \
  OP(CK_NE, ne)                                                                                   \
  OP(CK_LT, lt)                                                                                   \
  OP(CK_LE, le)                                                                                   \
  OP(CK_GT, gt)                                                                                   \
  OP(CK_GE, ge)                                                                                   \
  /* b where a > 0: the gradient b that arrives, through a = relu x or x */                       \
  OP(CK_RELU_GRAD, relu_grad)                                                                     \
  /* the cross-entropy of a logit a and a target b from 0 to 1, and its derivative by             \
     a, σ(a) − b */                                                                               \
  OP(CK_BCE, bce)                                                                                 \
  OP(CK_BCE_GRAD, bce_grad)
typedef enum { CK_BINARY_OPS(CK_ENUMERATOR) CK_BINARY_OPS_COUNT } ck_binary_op;

#define CK_UNARY_OPS(OP)        \
  OP(CK_NEG, neg)               \
  OP(CK_EXP, exp)               \
  OP(CK_LOG, log)               \
  OP(CK_SQRT, sqrt)             \
  OP(CK_TANH, tanh)             \
  OP(CK_SIGMOID, sigmoid)       \
  OP(CK_RELU, relu)             \
  OP(CK_ABS, abs)               \
  OP(CK_SOFTPLUS, softplus)     \
  OP(CK_RECIPROCAL, reciprocal) \
  OP(CK_SIGN, sign)             \
  OP(CK_SIN, sin)               \
  OP(CK_COS, cos)               \
  OP(CK_LOG1P, log1p)           \
  OP(CK_EXPM1, expm1)           \
  OP(CK_FLOOR, floor)
typedef enum { CK_UNARY_OPS(CK_ENUMERATOR) CK_UNARY_OPS_COUNT } ck_unary_op;

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

/// sums[i · stride] += a[i] for i < n.
void ck_add_strided(ck_dtype dtype, long n, const void *a, double *sums, long stride);

/// out[i · out_row + j] = a[j · a_row + i] for i < rows, j < columns.
void ck_transpose(ck_dtype dtype, long rows, long columns, const void *a, long a_row, void *out,
                  long out_row);

/// Copies `rows` rows of n numbers, which stand `a_row` apart, one after the other.
void ck_copy_rows(ck_dtype dtype, long rows, long n, const void *a, long a_row, void *out);

/// Sets n numbers to `value`.
void ck_fill(ck_dtype dtype, long n, double value, void *out);

/// Converts n numbers from one element type to the other (or copies them).
void ck_convert(ck_dtype from, ck_dtype to, long n, const void *a, void *out);
