#include "recurrent.h"

#include "dispatch/kernels.h"

size_t ck_sequence_saved_bytes(const ck_sequence *s) {
  return ck_table(s->dtype)->sequence_saved_bytes(s);
}

size_t ck_sequence_scratch_bytes(const ck_sequence *s) {
  return ck_table(s->dtype)->sequence_scratch_bytes(s);
}

ck_schedule ck_sequence_schedule(const ck_sequence *s, int threads) {
  return ck_table(s->dtype)->sequence_schedule(s, threads);
}

size_t ck_sequence_packed_bytes(const ck_sequence *s) {
  return ck_table(s->dtype)->sequence_packed_bytes(s);
}

void ck_sequence_pack(const ck_sequence *s, void *packed) {
  ck_table(s->dtype)->sequence_pack(s, packed);
}

void ck_sequence_forward(const ck_sequence *s, const void *x, void *out, long out_row, void *h_n,
                         void *c_n, void *saved, void *scratch) {
  ck_table(s->dtype)->sequence_forward(s, x, out, out_row, h_n, c_n, saved, scratch);
}

void ck_sequence_backward(const ck_sequence *s, const void *x, const void *out, long out_row,
                          const void *dy, long dy_row, const void *dh_n, const void *dc_n,
                          void *saved, void *scratch, const ck_sequence_gradients *gradients) {
  ck_table(s->dtype)->sequence_backward(s, x, out, out_row, dy, dy_row, dh_n, dc_n, saved, scratch,
                                        gradients);
}

// Two directions at once need no barrier between them, so that each thread waits half as often, with
// twice as much to do in between. Where the batch alone gives every thread its part nobody waits anyway.
//
// (Layers at once, each some steps behind the one below, would gain as much again and lose more: of T
// steps in which a layer is c steps ahead, c / (T + 2c) are spent filling and emptying; with the 35 steps
// of a character model and the 8 steps whose input is projected together that is a sixth, while 16
// threads on a batch of 32 spend about a twentieth of a layer's time waiting.)
ck_schedule ck_directions_schedule(const ck_sequence *s, int threads) {
  ck_schedule one = ck_sequence_schedule(s, threads);
  const double work = one.multiply_adds * one.groups * one.members * (double)s->steps / 40;
  const bool is_shared_evenly = one.groups == threads && one.members == 1;
  if (threads < 2 || is_shared_evenly || work < ck_share_ns) return one;
  ck_schedule two = ck_sequence_schedule(s, threads / 2);
  two.directions = 2;
  return two;
}

static bool go_at_once(const ck_sequence *s) {
  return ck_directions_schedule(s, ck_threads()).directions == 2;
}

// The table of the thread that asks, for both.
typedef struct {
  const ck_kernels *table;
  const void *passes;
} directions;

static void one_forward(void *context, int half) {
  const directions *d = context;
  const ck_forward_pass *p = (const ck_forward_pass *)d->passes + half;
  d->table->sequence_forward(p->sequence, p->x, p->out, p->sequence->hidden, p->h_n, p->c_n,
                             p->saved, p->scratch);
}

static void one_backward(void *context, int half) {
  const directions *d = context;
  const ck_backward_pass *p = (const ck_backward_pass *)d->passes + half;
  const long row = p->sequence->hidden;
  d->table->sequence_backward(p->sequence, p->x, p->out, row, p->dy, row, p->dh_n, p->dc_n, p->saved,
                              p->scratch, &p->gradients);
}

void ck_directions_forward(const ck_forward_pass passes[2]) {
  directions d = {ck_table(passes[0].sequence->dtype), passes};
  if (go_at_once(passes[0].sequence)) ck_both(one_forward, &d);
  else for (int i = 0; i < 2; i++) one_forward(&d, i);
}

void ck_directions_backward(const ck_backward_pass passes[2]) {
  directions d = {ck_table(passes[0].sequence->dtype), passes};
  if (go_at_once(passes[0].sequence)) ck_both(one_backward, &d);
  else for (int i = 0; i < 2; i++) one_backward(&d, i);
}

void ck_peephole_forward(const ck_peephole *s, void *h, void *c_new) {
  ck_table(s->dtype)->peephole_forward(s, h, c_new);
}

void ck_peephole_backward(const ck_peephole *s, const void *c_new, const void *dh,
                          const void *dc_new, const ck_peephole_gradients *to) {
  ck_table(s->dtype)->peephole_backward(s, c_new, dh, dc_new, to);
}

bool ck_mostly_zeros(ck_dtype dtype, long rows, long k, const void *x) {
  return ck_table(dtype)->mostly_zeros(rows, k, x);
}

void ck_sparse_product(ck_dtype dtype, long rows, long k, long n, const void *x, const void *w,
                       const void *init, void *out) {
  ck_table(dtype)->sparse_product(rows, k, n, x, w, init, out);
}

void ck_sparse_gradient(ck_dtype dtype, long rows, long k, long n, const void *x, const void *dy,
                        void *out) {
  ck_table(dtype)->sparse_gradient(rows, k, n, x, dy, out);
}
