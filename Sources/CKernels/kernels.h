// What an instruction set offers: tiles of a matrix product, gate arithmetic and functions of one
// number, as tables of functions. `kernels_*.c` each fill one table per element type; `ck_kernels_f32()` and
// `ck_kernels_f64()` give the best that this processor runs.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define CK_MAX_ROWS 12    // rows of the largest tile of any instruction set
#define CK_MAX_WIDTH 32   // columns of the widest

typedef void (*ck_function)(long n, const void *a, void *out);
typedef void (*ck_function_of_two)(long n, const void *a, long stride_a, const void *b,
                                   long stride_b, void *out);
typedef void (*ck_sloped_function)(long n, const void *a, void *out, void *slopes);

// Gate arithmetic of `rows` sequences at one step. A row of `gates` has one slot of `hidden`
// numbers a gate, slot behind slot, and room for one more vector. Rows of `padded` numbers have
// `hidden` of them, rounded up to whole vectors; the rest is zero and stays zero. `h`, `h_prev` and
// `dy` have exactly `hidden` numbers a row; null means zeros.
#define CK_DEFINE_KERNELS(T, S)                                                                   \
  typedef struct {                                                                                \
    long rows, hidden, padded;                                                                    \
    T *gates;                                                                                     \
    long gates_row;                                                                               \
    T *h;            /* forward: the new state, written */                                        \
    long h_row;                                                                                   \
    const T *h_prev; /* GRU: the state before */                                                  \
    long h_prev_row;                                                                              \
    const T *c_prev; /* LSTM, `padded` numbers a row */                                           \
    T *c;            /* LSTM: the new cell, written forward, read backward */                     \
    const T *dy;     /* backward: the gradient that arrives from outside … */                     \
    long dy_row;                                                                                  \
    T *dh;           /* … and from the step after, `padded` numbers a row */                      \
    T *dc;           /* LSTM: read, and replaced by that of the cell before */                    \
  } ck_step_##S;                                                                                  \
                                                                                                  \
  typedef void (*ck_tile_##S)(const T *a, long a_row, long a_k, long count, const T *b, long b_k, \
                              const T *init, long init_row, T *c, long c_row);                    \
                                                                                                  \
  typedef struct {                                                                                \
    int lanes, rows;                     /* of a vector; of the largest tile */                   \
    ck_tile_##S tile[CK_MAX_ROWS][2];    /* [rows − 1][vectors − 1] */                            \
    /* y[j] += Σ_k x[k] · w[j·w_row + k]: one row times the rows of a matrix, without packing */  \
    void (*dots)(const T *x, const T *w, long w_row, long k, long n, T *y);                       \
    /* packs m columns of A: out[k·m + i] = a[k·a_k + i] */                                       \
    void (*pack)(const T *a, long a_k, long k, int m, T *out);                                    \
    /* out[j] = init[j] + Σ_i x[i] · w[offset[i] + j] for j < n, a multiple of `lanes`; every two \
       vectors further on, w goes on by `panel` */                                                \
    void (*combine)(const T *init, const T *w, long panel, const long *offset, const T *x,        \
                    long terms, long n, T *out);                                                  \
    void (*forward[4])(const ck_step_##S *);    /* by ck_cell */                                  \
    void (*backward[4])(const ck_step_##S *);                                                     \
    /* out[i] = f(a[i]) for i < n; `out` may be `a` */                                            \
    ck_function exp, expm1, log, log1p, tanh, sigmoid, softplus, sin, cos;                        \
    /* out[i] = f(a[i · stride_a], b[i · stride_b]): a ^ b; see CK_BCE */                         \
    ck_function_of_two power, bce, bce_grad;                                                      \
    /* the function and its derivative in one pass */                                             \
    ck_sloped_function tanh_slopes, sigmoid_slopes;                                               \
  } ck_kernels_##S##_t;                                                                           \
                                                                                                  \
  const ck_kernels_##S##_t *ck_kernels_##S(void);                                                 \
  extern const ck_kernels_##S##_t ck_base_##S, ck_avx2_##S, ck_avx512_##S;

CK_DEFINE_KERNELS(float, f32)
CK_DEFINE_KERNELS(double, f64)
