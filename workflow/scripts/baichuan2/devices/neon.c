/* An Arm CPU with dot products (sdot: ARMv8.2 and later): an int8 linear in one call, for prefill and decode alike.
 *
 * The sums are exact: s8 x s8 in int32. Weights are in blocks of 16 outputs, [outputs / 16][inputs / 4][16][4], both
 * sizes padded to a multiple of 16, with zeros. neon.py holds the same structure.
 */
#include <arm_neon.h>
#include <float.h>
#include <omp.h>
#include <stdint.h>
#include <string.h>

#define LANES 16  /* outputs of a block, and inputs of a step */
#define VECTORS 4 /* of 4 outputs each in a block */
#define ROWS 4    /* that share one reading of the weights: ROWS * VECTORS sums fill half of the registers */

typedef struct {
    const int8_t *weight;
    const float *scale;      /* static: deq_scale, dynamic: weight_scale [padded outputs] */
    const int32_t *bias;     /* static: quant_bias, dynamic: zeros [padded outputs] */
    int64_t outputs, inputs; /* not padded */
    float inverse_scale;     /* static: 1 / input_scale; 0: dynamic, each row has its own */
    int32_t offset;          /* static: input_offset; dynamic: 0 */
} linear;

static int is_dynamic(const linear *l) { return l->inverse_scale == 0.0f; }

static int64_t padded(int64_t count) { return (count + LANES - 1) / LANES * LANES; }

/* max|x|; NaN where an input is NaN. */
static float largest_of(const float *x, int64_t count) {
    float32x4_t largest = vdupq_n_f32(0.0f);
    int64_t i = 0;
    for (; i + 4 <= count; i += 4) largest = vmaxq_f32(largest, vabsq_f32(vld1q_f32(x + i)));
    for (; i < count; i++) largest = vmaxq_f32(largest, vabsq_f32(vdupq_n_f32(x[i])));
    return vmaxvq_f32(largest);
}

/* The dynamic scheme's scale of a row: as w8a8.token_scale. */
static float row_scale(float largest) { return largest / 127 < FLT_EPSILON ? FLT_EPSILON : largest / 127; }

/* Four clamp(round(x * inverse_scale) + offset) to int32's range. */
static inline int32x4_t rounded(const float *x, float inverse_scale, int32x4_t offset) {
    return vqaddq_s32(vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(x), inverse_scale)), offset);
}

/* clamp(round(x * inverse_scale) + offset, -128, 127) of 16 inputs: every step saturates. */
static inline int8x16_t quantized(const float *x, float inverse_scale, int32_t offset) {
    const int32x4_t zero_point = vdupq_n_s32(offset);
    const int16x8_t low = vqmovn_high_s32(vqmovn_s32(rounded(x, inverse_scale, zero_point)),
                                          rounded(x + 4, inverse_scale, zero_point));
    const int16x8_t high = vqmovn_high_s32(vqmovn_s32(rounded(x + 8, inverse_scale, zero_point)),
                                           rounded(x + 12, inverse_scale, zero_point));
    return vqmovn_high_s16(vqmovn_s16(low), high);
}

/* Step `step` of all rows together, 16 inputs of one row: from x to q, whose padding meets weights of 0. */
static void quantize_step(const linear *l, const float *x, const float *scales, int8_t *q, int64_t step) {
    const int64_t width = padded(l->inputs), row = step / (width / LANES), i = step % (width / LANES) * LANES;
    const float inverse_scale = is_dynamic(l) ? 1.0f / scales[row] : l->inverse_scale, *from = x + row * l->inputs + i;
    float last[LANES] = {0};
    if (i + LANES > l->inputs) from = memcpy(last, from, (l->inputs - i) * sizeof(float));
    vst1q_s8(q + row * width + i, quantized(from, inverse_scale, l->offset));
}

/* Four vectors of the block's outputs times four inputs of each row: those of lane `lane` of its 16. */
#define MULTIPLY(lane)                                                                                         \
    for (int v = 0; v < VECTORS; v++) {                                                                        \
        const int8x16_t weights = vld1q_s8(w + (lane * VECTORS + v) * 16);                                     \
        for (int r = 0; r < rows; r++) sums[r][v] = vdotq_laneq_s32(sums[r][v], weights, inputs[r], lane);     \
    }

/* y [rows, outputs] of one block of outputs; rows is a constant where this is inlined. */
static inline __attribute__((always_inline)) void block(const linear *l, int64_t output, const int8_t *q,
                                                        const float *scales, float *y, int rows) {
    const int64_t width = padded(l->inputs), left = l->outputs - output;
    const int8_t *w = l->weight + output * width;
    int32x4_t sums[ROWS][VECTORS];
    int8x16_t inputs[ROWS];
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < VECTORS; v++) sums[r][v] = vld1q_s32(l->bias + output + 4 * v);
    for (int64_t i = 0; i < width; i += LANES, w += LANES * LANES) {
        for (int r = 0; r < rows; r++) inputs[r] = vld1q_s8(q + r * width + i);
        MULTIPLY(0) MULTIPLY(1) MULTIPLY(2) MULTIPLY(3)
    }
    for (int r = 0; r < rows; r++) {
        const float of_row = is_dynamic(l) ? scales[r] : 1.0f;
        float result[LANES];
        for (int v = 0; v < VECTORS; v++) {
            const float32x4_t scaled = vmulq_f32(vcvtq_f32_s32(sums[r][v]), vld1q_f32(l->scale + output + 4 * v));
            vst1q_f32(result + 4 * v, vmulq_n_f32(scaled, of_row));
        }
        memcpy(y + r * l->outputs + output, result, (left < LANES ? left : LANES) * sizeof(float));
    }
}

/* y float32 [rows, outputs] of x float32 [rows, inputs], in the order of operations of devices/base.py.
 *
 * largest: of a dynamic linear, max|x| of each whole row where x is a rank's part of it, or NULL. Made on the way: q
 * [rows, padded inputs] and, of a dynamic linear, scales [rows]. */
void int8_linear(const linear *l, const float *x, const float *largest, int64_t rows, int8_t *q, float *scales,
                 float *y, int64_t threads) {
    const int64_t width = padded(l->inputs);
#pragma omp parallel num_threads(threads)
    {
        if (is_dynamic(l)) {
#pragma omp for
            for (int64_t r = 0; r < rows; r++)
                scales[r] = row_scale(largest ? largest[r] : largest_of(x + r * l->inputs, l->inputs));
        }
#pragma omp for
        for (int64_t step = 0; step < rows * (width / LANES); step++) quantize_step(l, x, scales, q, step);
#pragma omp for
        for (int64_t output = 0; output < l->outputs; output += LANES)
            for (int64_t row = 0; row < rows; row += ROWS) {
                const int8_t *from = q + row * width;
                float *to = y + row * l->outputs;
                switch (rows - row) {
                    case 1: block(l, output, from, scales + row, to, 1); break;
                    case 2: block(l, output, from, scales + row, to, 2); break;
                    case 3: block(l, output, from, scales + row, to, 3); break;
                    default: block(l, output, from, scales + row, to, 4);
                }
            }
    }
}
