// Recurrent layers over whole sequences: forward, and the gradient derived by hand.
//
// Time is the outer axis. The rows of a step are its sequences; with `batch_sizes` (sorted,
// descending, as in PyTorch's PackedSequence) later steps have fewer rows and `x` and `out` hold
// the steps' rows one behind the other. Weights, gate order and biases are PyTorch's.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "elementwise.h"

/// The cells, with the names of their arithmetic (gates_template.h):
///
///     h = tanh(W_ih x + b_ih + W_hh h + b_hh), or with max(…, 0)
///     LSTM: gates i, f, g, o;  GRU: gates r, z, n; b_hn inside the reset product
#define CK_CELLS(OP)        \
  OP(CK_RNN_TANH, rnn_tanh) \
  OP(CK_RNN_RELU, rnn_relu) \
  OP(CK_LSTM, lstm)         \
  OP(CK_GRU, gru)
typedef enum { CK_CELLS(CK_ENUMERATOR) } ck_cell;

/// One layer, one direction.
typedef struct {
  ck_cell cell;
  ck_dtype dtype;
  bool reverse;                // from the last step to the first
  long input, hidden, steps, batch;
  const long *batch_sizes;     // rows of each step, the first being `batch`; null: `batch` in all
  const void *w_ih, *w_hh;     // [gates · hidden, input], [gates · hidden, hidden]
  const void *b_ih, *b_hh;     // [gates · hidden]; null: no bias
  const void *h0, *c0;         // [batch, hidden]; null: zeros
  bool checkpointing;          // the gates are not kept but computed again on the way back
  const void *packed;          // both weights as `ck_sequence_pack` leaves them; null: not yet
} ck_sequence;

/// Where gradients go; null where none is wanted.
typedef struct {
  void *x;                     // as x, overwritten
  void *h0, *c0;               // [batch, hidden], overwritten
  void *w_ih, *w_hh, *b_ih, *b_hh;  // overwritten
} ck_sequence_gradients;

/// Bytes of what forward keeps for backward, and of the scratch memory that either call needs.
size_t ck_sequence_saved_bytes(const ck_sequence *s);
size_t ck_sequence_scratch_bytes(const ck_sequence *s);

/// How so many threads would share the steps: groups of sequences times members who share the hidden
/// units. What one thread has to do at a step forward, and how often it waits for the others.
typedef struct {
  int directions;        // of a layer in both directions, how many go on at the same time
  int groups, members;   // of one direction
  long sequences;        // of one group, at the most
  size_t weights_read;   // bytes of W_hh that a thread reads at a step
  double multiply_adds;  // of a thread at a step, on average
  long waits;            // of a thread, forward and back
} ck_schedule;
ck_schedule ck_sequence_schedule(const ck_sequence *s, int threads);
/// The same for a layer in two directions.
ck_schedule ck_directions_schedule(const ck_sequence *s, int threads);

/// Both weights in the order in which forward reads them, for many short passes with the same ones.
size_t ck_sequence_packed_bytes(const ck_sequence *s);
void ck_sequence_pack(const ck_sequence *s, void *packed);

/// out[row] = h of that step, rows `out_row` apart; h_n and c_n ([batch, hidden], null: not wanted)
/// are those of each sequence's last step (its first, in reverse). `saved` null: no backward.
void ck_sequence_forward(const ck_sequence *s, const void *x, void *out, long out_row, void *h_n,
                         void *c_n, void *saved, void *scratch);

/// `dy`, `dh_n` and `dc_n` may be null (zeros). Uses `saved` up: it can be called once.
void ck_sequence_backward(const ck_sequence *s, const void *x, const void *out, long out_row,
                          const void *dy, long dy_row, const void *dh_n, const void *dc_n,
                          void *saved, void *scratch, const ck_sequence_gradients *gradients);

/// What these two are given, rows without gaps.
typedef struct {
  const ck_sequence *sequence;
  const void *x;
  void *out, *h_n, *c_n, *saved, *scratch;
} ck_forward_pass;
typedef struct {
  const ck_sequence *sequence;
  const void *x, *out, *dy, *dh_n, *dc_n;
  void *saved, *scratch;
  ck_sequence_gradients gradients;
} ck_backward_pass;

/// The two directions of a layer: at the same time, where one alone would leave threads idle or have
/// them wait for one another.
void ck_directions_forward(const ck_forward_pass passes[2]);
void ck_directions_backward(const ck_backward_pass passes[2]);

/// One step of an LSTM whose gates see the memory cell, between its products (peephole_template.h).
typedef struct {
  ck_dtype dtype;
  bool coupled;
  long rows, hidden;
  void *gates;          // W_ih x + W_hh h + b; forward leaves there what backward needs
  long gates_row;
  const void *c;        // [rows, hidden]
  const void *below;    // the cells of the layer below, [rows, hidden]; null: no gate for them
  const void *w_ci, *w_cf, *w_co, *w_cd, *w_ld;  // [hidden]; null: zeros
} ck_peephole;

/// Where gradients go.
typedef struct {
  void *c, *below;      // [rows, hidden], overwritten; c may be dc_new
  double *w[5];         // of w_ci …, added up; null where none is wanted
} ck_peephole_gradients;

/// Writes h and the new c, [rows, hidden].
void ck_peephole_forward(const ck_peephole *s, void *h, void *c_new);
/// The gates' gradients take the place of what forward has left there. `dh` and `dc_new` may be null
/// (zeros).
void ck_peephole_backward(const ck_peephole *s, const void *c_new, const void *dh,
                          const void *dc_new, const ck_peephole_gradients *to);

/// Whether so few numbers of x [rows, k] are not zero that it pays to look for them.
bool ck_mostly_zeros(ck_dtype dtype, long rows, long k, const void *x);
/// Products with such an x: out [rows, n] = init + x w with w [k, n] and init [n] (null: zeros), and
/// out [n, k] = dyᵀ x with dy [rows, n].
void ck_sparse_product(ck_dtype dtype, long rows, long k, long n, const void *x, const void *w,
                       const void *init, void *out);
void ck_sparse_gradient(ck_dtype dtype, long rows, long k, long n, const void *x, const void *dy,
                        void *out);
