#include "recurrent.h"

#include <string.h>

#include "alloc.h"
#include "clones.h"
#include "cpu.h"
#include "gemm.h"
#include "kernels.h"
#include "threads.h"

#define KERNELS ck_kernels_f32_t
#define STEP ck_step_f32
#define T float
#define SFN(name) name##_f32
#include "gemm_template.h"
#include "recurrent_template.h"
#include "recurrent_forward_template.h"
#include "recurrent_backward_template.h"
#undef KERNELS
#undef STEP
#undef T
#undef SFN

#define KERNELS ck_kernels_f64_t
#define STEP ck_step_f64
#define T double
#define SFN(name) name##_f64
#include "gemm_template.h"
#include "recurrent_template.h"
#include "recurrent_forward_template.h"
#include "recurrent_backward_template.h"

size_t ck_sequence_saved_bytes(const ck_sequence *s) {
  if (s->dtype == CK_F32) {
    plan_f32 p = plan_of_f32(s);
    return saved_size_f32(&p) * sizeof(float);
  }
  plan_f64 p = plan_of_f64(s);
  return saved_size_f64(&p) * sizeof(double);
}

size_t ck_sequence_scratch_bytes(const ck_sequence *s) {
  if (s->dtype == CK_F32) {
    plan_f32 p = plan_of_f32(s);
    return scratch_size_f32(&p) * sizeof(float);
  }
  plan_f64 p = plan_of_f64(s);
  return scratch_size_f64(&p) * sizeof(double);
}

void ck_sequence_forward(const ck_sequence *s, const void *x, void *out, long out_row, void *h_n,
                         void *c_n, void *saved, void *scratch) {
  if (s->dtype == CK_F32) sequence_forward_f32(s, x, out, out_row, h_n, c_n, saved, scratch);
  else sequence_forward_f64(s, x, out, out_row, h_n, c_n, saved, scratch);
}

void ck_sequence_backward(const ck_sequence *s, const void *x, const void *out, long out_row,
                          const void *dy, long dy_row, const void *dh_n, const void *dc_n,
                          void *saved, void *scratch, const ck_sequence_gradients *gradients) {
  if (s->dtype == CK_F32)
    sequence_backward_f32(s, x, out, out_row, dy, dy_row, dh_n, dc_n, saved, scratch, gradients);
  else
    sequence_backward_f64(s, x, out, out_row, dy, dy_row, dh_n, dc_n, saved, scratch, gradients);
}
