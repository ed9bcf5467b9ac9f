// The recurrent layers in their plainest form, in double precision, one sequence after the other:
// what the fast ones are measured against. Each line is an equation.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CReference.h"

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

typedef struct {  // one step of one sequence, as the backward pass needs it
  double *pre_x, *pre_h;  // W_ih x + b_ih and W_hh h + b_hh, [gates · hidden]
  double *h, *c;          // after the step
} Step;

static long gates_of(ck_cell cell) { return cell == CK_LSTM ? 4 : cell == CK_GRU ? 3 : 1; }

static void affine(const double *w, const double *b, const double *x, long rows, long n, double *y) {
  for (long i = 0; i < rows; i++) {
    y[i] = b ? b[i] : 0;
    for (long j = 0; j < n; j++) y[i] += w[i * n + j] * x[j];
  }
}

// (h, c) ← the cell of (x, h, c)
static void cell_forward(const ck_sequence *s, Step *step, const double *h, const double *c) {
  const long H = s->hidden;
  const double *a = step->pre_x, *b = step->pre_h;
  for (long u = 0; u < H; u++) {
    switch (s->cell) {
      case CK_RNN_TANH: step->h[u] = tanh(a[u] + b[u]); break;
      case CK_RNN_RELU: step->h[u] = fmax(a[u] + b[u], 0); break;
      case CK_LSTM: {
        double i = sigmoid(a[u] + b[u]), f = sigmoid(a[H + u] + b[H + u]);
        double g = tanh(a[2 * H + u] + b[2 * H + u]), o = sigmoid(a[3 * H + u] + b[3 * H + u]);
        step->c[u] = f * c[u] + i * g;
        step->h[u] = o * tanh(step->c[u]);
        break;
      }
      case CK_GRU: {
        double r = sigmoid(a[u] + b[u]), z = sigmoid(a[H + u] + b[H + u]);
        double n = tanh(a[2 * H + u] + r * b[2 * H + u]);
        step->h[u] = (1 - z) * n + z * h[u];
        break;
      }
    }
  }
}

// From ∂h, ∂c after the step to the gradients of pre_x and pre_h (which take their place) and, in
// ∂h and ∂c, those parts of the state before that do not go through W_hh.
static void cell_backward(const ck_sequence *s, Step *step, const double *h, const double *c,
                          double *dh, double *dc) {
  const long H = s->hidden;
  double *a = step->pre_x, *b = step->pre_h;
  for (long u = 0; u < H; u++) {
    const double d = dh[u];
    dh[u] = 0;
    switch (s->cell) {
      case CK_RNN_TANH: a[u] = b[u] = d * (1 - step->h[u] * step->h[u]); break;
      case CK_RNN_RELU: a[u] = b[u] = step->h[u] > 0 ? d : 0; break;
      case CK_LSTM: {
        double i = sigmoid(a[u] + b[u]), f = sigmoid(a[H + u] + b[H + u]);
        double g = tanh(a[2 * H + u] + b[2 * H + u]), o = sigmoid(a[3 * H + u] + b[3 * H + u]);
        double t = tanh(step->c[u]), e = dc[u] + d * o * (1 - t * t);
        a[u] = b[u] = e * g * i * (1 - i);
        a[H + u] = b[H + u] = e * c[u] * f * (1 - f);
        a[2 * H + u] = b[2 * H + u] = e * i * (1 - g * g);
        a[3 * H + u] = b[3 * H + u] = d * t * o * (1 - o);
        dc[u] = e * f;
        break;
      }
      case CK_GRU: {
        double r = sigmoid(a[u] + b[u]), z = sigmoid(a[H + u] + b[H + u]);
        double m = b[2 * H + u], n = tanh(a[2 * H + u] + r * m), e = d * (1 - z) * (1 - n * n);
        a[u] = b[u] = e * m * r * (1 - r);
        a[H + u] = b[H + u] = d * (h[u] - n) * z * (1 - z);
        a[2 * H + u] = e;
        b[2 * H + u] = e * r;
        dh[u] = d * z;
        break;
      }
    }
  }
}

// ∂w += d xᵀ, ∂b += d, and ∂x += wᵀ d
static void affine_backward(const double *w, const double *d, const double *x, long rows, long n,
                            double *dw, double *db, double *dx) {
  for (long i = 0; i < rows; i++) {
    if (db) db[i] += d[i];
    for (long j = 0; j < n; j++) {
      if (dw) dw[i * n + j] += d[i] * x[j];
      if (dx) dx[j] += d[i] * w[i * n + j];
    }
  }
}

static void add_to(double *y, const double *x, long n) {
  for (long i = 0; x && i < n; i++) y[i] += x[i];
}

void ck_sequence_reference(const ck_sequence *s, const double *x, double *out, long out_row,
                           double *h_n, double *c_n, const double *dy, long dy_row,
                           const double *dh_n, const double *dc_n,
                           const ck_sequence_gradients *to) {
  const long H = s->hidden, I = s->input, G = gates_of(s->cell) * H;
  const long state = 2 * G + 2 * H;  // numbers of a Step
  double *memory = calloc((size_t)(s->steps * state + 4 * H), sizeof(double));
  double *zeros = memory + s->steps * state, *dh = zeros + H, *dc = dh + H;
  for (long row = 0; row < s->batch; row++) {
    const double *h0 = s->h0 ? (const double *)s->h0 + row * H : zeros;
    const double *c0 = s->c0 ? (const double *)s->c0 + row * H : zeros;
    const double *h = h0, *c = c0;
    long places[s->steps], length = 0, offset = 0;  // where this sequence's steps are
    for (long t = 0; t < s->steps; t++) {
      long here = s->batch_sizes ? s->batch_sizes[t] : s->batch;
      if (row < here) places[length++] = offset + row;
      offset += here;
    }
    Step steps[length];
    for (long i = 0; i < length; i++) {
      const long place = places[s->reverse ? length - 1 - i : i];
      double *m = memory + i * state;
      steps[i] = (Step){m, m + G, m + 2 * G, m + 2 * G + H};
      affine(s->w_ih, s->b_ih, x + place * I, G, I, steps[i].pre_x);
      affine(s->w_hh, s->b_hh, h, G, H, steps[i].pre_h);
      cell_forward(s, &steps[i], h, c);
      h = steps[i].h, c = steps[i].c;
      memcpy(out + place * out_row, h, (size_t)H * sizeof(double));
    }
    if (h_n) memcpy(h_n + row * H, h, (size_t)H * sizeof(double));
    if (c_n && s->cell == CK_LSTM) memcpy(c_n + row * H, c, (size_t)H * sizeof(double));
    if (!to) continue;

    memset(dh, 0, (size_t)(2 * H) * sizeof(double));
    add_to(dh, dh_n ? dh_n + row * H : NULL, H);
    add_to(dc, dc_n ? dc_n + row * H : NULL, H);
    for (long i = length - 1; i >= 0; i--) {
      const long place = places[s->reverse ? length - 1 - i : i];
      const double *before = i > 0 ? steps[i - 1].h : h0, *cell = i > 0 ? steps[i - 1].c : c0;
      add_to(dh, dy ? dy + place * dy_row : NULL, H);
      cell_backward(s, &steps[i], before, cell, dh, dc);
      affine_backward(s->w_hh, steps[i].pre_h, before, G, H, to->w_hh, to->b_hh, dh);
      affine_backward(s->w_ih, steps[i].pre_x, x + place * I, G, I, to->w_ih, to->b_ih,
                      to->x ? (double *)to->x + place * I : NULL);
    }
    if (to->h0) memcpy((double *)to->h0 + row * H, dh, (size_t)H * sizeof(double));
    if (to->c0) memcpy((double *)to->c0 + row * H, dc, (size_t)H * sizeof(double));
  }
  free(memory);
}
