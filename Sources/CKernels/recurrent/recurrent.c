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
