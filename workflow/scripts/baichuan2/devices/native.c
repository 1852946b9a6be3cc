/* A CPU with AVX512, or an Arm one: prefill, an operator a call; and decode, a decoder layer in two calls, each one
 * parallel region over all threads. native.h has the processor's vectors.
 *
 * Weights are in blocks of `block` outputs, [outputs / block][inputs / k][block][k], k = 4 bytes / element size (1 for
 * WEIGHTS8). With AVX512 these are oneDNN's prepacked linears, so that oneDNN and this share one copy; on Arm they are
 * ours.
 * Activations of decode are float32 throughout; int8 products accumulate in int32. The sum of an output has one order,
 * whatever rows and outputs are computed beside it: any part of a product has the whole's bits.
 * native.py holds the same structures. Row: one sequence's new token.
 */
#include <float.h>
#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <string.h>

#include "native.h"

#define ROWS 4    /* at most, that share one reading of the weights; the next ones find them in the core's cache */
#define FEW 3     /* sequences whose search waits for memory, not for products */
#define TOKENS 48 /* of a prompt, whose intermediate results a thread has in memory together */

/* Of weights, with float32 activations or, INT8, codes. WEIGHTS8: int8 weights, float32 activations; SCREEN: int8
 * weights, activations of 16 bits in two bytes; HIGH: the same, the high byte alone; PAIRS: both bfloat16. */
enum kind { FLOAT32, BFLOAT16, INT8, WEIGHTS8, SCREEN, HIGH, PAIRS };

typedef struct {
    const void *weight;
    const float *scale;        /* int8: deq_scale, dynamic weight_scale [outputs]; else of each row of weights */
    const int32_t *correction; /* int8: quant_bias (dynamic: 0) - (128 - CODE_ZERO) * row sums [outputs]; SCREEN:
                                  -128 * row sums */
    int64_t outputs, inputs;   /* inputs as padded */
    int64_t block;
    int64_t kind;
    float inverse_scale, zero_point; /* int8: of the u8 activations; inverse_scale 0: dynamic, each row has its own */
} linear;

typedef struct {
    const float *input_norm, *post_norm;
    linear qkv, output, gate_up, down;
} layer;

typedef struct {
    int64_t hidden, heads, head_dim;
    float eps;
    const float *slopes;       /* ALiBi [heads], or NULL */
    const float *cosine, *sine; /* RoPE [positions, head_dim], or NULL */
} network;

/* One layer's keys and values, [rows, heads, slots, head_dim], float32 or bfloat16 as `kind` says; strides in
 * elements. The first `prefix` positions are in the slots of the same numbers, those behind in slots starts[row],
 * starts[row] + 1, ... */
typedef struct {
    void *keys, *values;
    const int64_t *starts;
    int64_t row_stride, head_stride, prefix, kind;
} cache;

/* int8 rows of the output layer, in which the largest logits are looked for: see screening.py for the bound. */
typedef struct {
    linear rows;                    /* SCREEN; its outputs: those of the layer that may be chosen */
    const float *residual, *reach;  /* ||w - s q||, ||w|| + ||w - s q|| of each row [outputs] */
    float *largest;                 /* [threads, rows, count]: lower bounds */
    uint8_t *codes;                 /* [threads, rows, code_stride] */
    int64_t code_stride;
    int64_t *computed;              /* counts the rows of the layer itself that are computed, of all steps */
} screen;

/* What the threads share, made once for `rows`: see native.py. */
typedef struct {
    float *wide;     /* [rows, max(3 * heads * head_dim, 2 * intermediate)] */
    float *narrow;   /* [rows, max(heads * head_dim, intermediate)], padded inputs */
    float *result;   /* [rows, hidden] */
    float *scores;   /* [threads, slots] */
    float *normed;   /* [threads, rows, padded inputs]: each thread's own input of a product */
    const float *largest; /* [rows]: max|x| over all ranks of a dynamic product whose inputs are cut */
    int64_t wide_stride, narrow_stride, scores_stride, normed_stride;
} buffers;

/* e^x by Cephes' polynomial (relative error about 2e-7), 0 below -87; of no number none: of such two operands AVX512
 * takes the second. */
static inline vec exp16(vec from) {
    const vec x0 = v_min(v_set(88.0f), v_max(v_set(-87.0f), from)), n = v_round(v_mul(x0, v_set(1.44269504088896341f)));
    const vec x = v_fnma(n, v_set(-2.12194440e-4f), v_fnma(n, v_set(0.693359375f), x0));
    vec y = v_set(1.9875691500e-4f);
    y = v_fma(y, x, v_set(1.3981999507e-3f));
    y = v_fma(y, x, v_set(8.3334519073e-3f));
    y = v_fma(y, x, v_set(4.1665795894e-2f));
    y = v_fma(y, x, v_set(1.6666665459e-1f));
    y = v_fma(y, x, v_set(5.0000001201e-1f));
    y = v_fma(y, v_mul(x, x), v_add(x, v_set(1.0f)));
    return v_scale(y, n, from, -87.0f);
}

static inline vec silu(vec x) { return v_div(x, v_add(v_set(1.0f), exp16(v_sub(v_zero(), x)))); }

/* The part of `count` things that this thread does, in whole `unit`s. */
static inline void share(int64_t count, int64_t unit, int64_t *from, int64_t *to) {
    const int64_t units = (count + unit - 1) / unit, threads = omp_get_num_threads(), me = omp_get_thread_num();
    *from = units * me / threads * unit;
    *to = units * (me + 1) / threads * unit;
    if (*to > count) *to = count;
}

/* Numbers from element i of float32 or bfloat16 ones. */
static inline vec load(const void *base, int64_t i, lanes m, int64_t kind) {
    return kind == BFLOAT16 ? v_load_bfloat16((const uint16_t *)base + i, m) : v_load((const float *)base + i, m);
}

static inline void store(void *base, int64_t i, lanes m, int64_t kind, vec v) {
    if (kind == BFLOAT16) v_store_bfloat16((uint16_t *)base + i, m, v);
    else v_store((float *)base + i, m, v);
}

/* ---- products ------------------------------------------------------------------------------------------ */

/* max|x| of elements from .. from + count; none where one of them is no number. */
static float largest_of(const void *x, int64_t from, int64_t count, int64_t kind) {
    vec largest = v_zero();
    for (int64_t i = 0; i < count; i += LANES)
        largest = v_max_abs(largest, load(x, from + i, first(count - i), kind));
    return v_largest_abs(largest);
}

/* The dynamic scheme's scale of a row: as w8a8.token_scale. */
static float row_scale(float largest) { return largest / 127 < FLT_EPSILON ? FLT_EPSILON : largest / 127; }

/* Elements at .. at + count of x, `kind`, possibly in their own place, to codes and, behind all inputs of `l`, the row's
 * own scale as a float: 1 where `l` has one for all rows. largest: max|x| of the whole row where x is a rank's part of
 * it, or NULL. */
static inline void to_codes(const linear *l, const void *x, int64_t at, int64_t kind, int64_t count,
                            const float *largest, uint8_t *out) {
    float scale = 1.0f, inverse_scale = l->inverse_scale;
    if (inverse_scale == 0.0f) {
        scale = row_scale(largest ? *largest : largest_of(x, at, count, kind));
        inverse_scale = 1.0f / scale;
    }
    for (int64_t i = 0; i < count; i += LANES) {
        const lanes m = first(count - i);
        store_quantized(out + i, m, load(x, at + i, m, kind), inverse_scale, l->zero_point);
    }
    memcpy(out + l->inputs, &scale, sizeof(float));
}

/* x [count] to what `l` multiplies, possibly in its own place: float32 with zeros up to inputs, or codes. */
static void quantize(const linear *l, const float *x, int64_t count, const float *largest, void *out) {
    if (l->kind == INT8) {
        to_codes(l, x, 0, FLOAT32, count, largest, out);
        return;
    }
    if (out != x) memcpy(out, x, count * sizeof(float));
    memset((float *)out + count, 0, (l->inputs - count) * sizeof(float));
}

static inline vec dequantized(const linear *l, int64_t output, lanes m, ivec sums, const char *x) {
    sums = i_add(sums, i_load(l->correction + output, m));
    const vec y = v_mul(v_of(sums), v_load(l->scale + output, m));
    float of_row;
    memcpy(&of_row, x + l->inputs, sizeof(float));
    return v_mul(y, v_set(of_row));
}

/* (256 * high + low) * scales: in this order nothing overflows that is not too large itself. */
static inline vec joined(const linear *l, int64_t output, lanes m, ivec high, ivec low, const char *x) {
    const ivec correction = i_load(l->correction + output, m);
    if (CODE_ZERO == 0) high = i_add(high, correction);
    else low = i_sub(low, correction); /* codes less 128 */
    const vec sum = v_fma(v_of(high), v_set(256.0f), v_of(low));
    float of_row;
    memcpy(&of_row, x + 2 * l->inputs, sizeof(float));
    return v_mul(v_mul(sum, v_set(of_row)), v_load(l->scale + output, m));
}

/* The same of the high bytes alone, the low ones taken for 127.5. */
static inline vec joined_high(const linear *l, int64_t output, lanes m, ivec high, const char *x) {
    const ivec correction = i_load(l->correction + output, m);
    const vec low = v_mul(v_of(correction), v_set(-127.5f / 128));
    const vec exact = v_of(CODE_ZERO == 0 ? i_add(high, correction) : high); /* codes less 128 */
    float of_row;
    memcpy(&of_row, x + 2 * l->inputs, sizeof(float));
    const vec sum = v_fma(exact, v_set(256.0f), low);
    return v_mul(v_mul(sum, v_set(of_row)), v_load(l->scale + output, m));
}

/* The sums of `groups` vectors of outputs from `output` on, for `rows` rows, handed to FINISH one by one, and stored as
 * `to` says.
 *
 * A step is a group of k inputs; FOURS: how many 4 bytes of a row it takes, LOW: where those of `low` begin. Rows and
 * groups are constants where this is inlined. */
#define DEFINE_STRIP(NAME, SIZE, FOURS, LOW, VECTOR, ZERO, STEP, FINISH)                                       \
    static inline __attribute__((always_inline)) void NAME(const linear *l, int64_t output, int64_t k,         \
                                                           const char *const *x, void *const *y, int64_t to,   \
                                                           int rows, int groups) {                             \
        const int64_t steps = l->inputs / k, step_bytes = l->block * SIZE, apart = APART(steps, LANES * SIZE);  \
        const char *w = (const char *)l->weight + output / l->block * steps * step_bytes + output % l->block * SIZE; \
        VECTOR even[ROWS][MOST_GROUPS], odd[ROWS][MOST_GROUPS];                                                \
        for (int r = 0; r < rows; r++)                                                                         \
            for (int g = 0; g < groups; g++) even[r][g] = odd[r][g] = ZERO();                                  \
        if (NEVER_EMPTY(k) && steps <= 0) __builtin_unreachable();                                             \
        for (int64_t s = 0; s < steps; s += ROUND_##FOURS, w += ROUND_##FOURS * step_bytes) {                  \
            quad in[ROWS], low[ROWS];                                                                          \
            for (int r = 0; r < rows; r++) {                                                                   \
                in[r] = quad_at(x[r] + 4 * FOURS * s);                                                         \
                low[r] = quad_at(x[r] + LOW + 4 * FOURS * s);                                                  \
            }                                                                                                  \
            EACH_##FOURS(STEP)                                                                                 \
        }                                                                                                      \
        UNROLLED for (int g = 0; g < groups; g++) {                                                            \
            const int64_t o = output + g * LANES;                                                              \
            const lanes m = o < l->outputs ? first(l->outputs - o) : 0;                                        \
            UNROLLED for (int r = 0; r < rows; r++) store(y[r], o, m, to, FINISH);                             \
        }                                                                                                      \
    }

#define STEP_INT8(step)                                                                                        \
    for (int g = 0; g < groups; g++) {                                                                         \
        const ivec four = i_load_bytes(w + step * step_bytes + g * apart);                                     \
        for (int r = 0; r < rows; r++) even[r][g] = i_dot_quad(even[r][g], in[r], step, four);                 \
    }
#define STEP_FLOAT(step)                                                                                       \
    for (int g = 0; g < groups; g++) {                                                                         \
        const vec one = v_load((const float *)(w + step * step_bytes + g * apart), first(LANES));              \
        for (int r = 0; r < rows; r++) even[r][g] = v_fma_quad(even[r][g], in[r], step, one);                  \
    }
#define STEP_BFLOAT16(step)                                                                                    \
    for (int g = 0; g < groups; g++) {                                                                         \
        const ivec pair = i_load_bytes(w + step * step_bytes + g * apart);                                     \
        const vec first_of_each = even_of(pair), second_of_each = odd_of(pair);                                \
        for (int r = 0; r < rows; r++) {                                                                       \
            even[r][g] = v_fma_quad(even[r][g], in[r], 2 * step, first_of_each);                               \
            SECOND(even, odd)[r][g] = v_fma_quad(SECOND(even, odd)[r][g], in[r], 2 * step + 1, second_of_each); \
        }                                                                                                      \
    }
#define STEP_WEIGHTS8(step)                                                                                    \
    __builtin_prefetch(w + AHEAD, 0, 3);                                                                       \
    for (int g = 0; g < groups; g++) {                                                                         \
        const vec one = v_load_int8(w + step * step_bytes + g * apart);                                        \
        for (int r = 0; r < rows; r++) even[r][g] = v_fma_quad(even[r][g], in[r], step, one);                  \
    }
/* x: the high bytes, and behind them the low ones. */
#define STEP_SCREEN(step)                                                                                      \
    for (int g = 0; g < groups; g++) {                                                                         \
        const ivec four = i_load_bytes(w + step * step_bytes + g * apart);                                     \
        for (int r = 0; r < rows; r++) {                                                                       \
            even[r][g] = i_dot_quad(even[r][g], in[r], step, four);                                            \
            odd[r][g] = i_dot_quad(odd[r][g], low[r], step, four);                                             \
        }                                                                                                      \
    }

DEFINE_STRIP(strip_int8, 4, 1, 0, ivec, i_zero, STEP_INT8,
             l->kind == HIGH ? joined_high(l, o, m, even[r][g], x[r]) : dequantized(l, o, m, even[r][g], x[r]))
DEFINE_STRIP(strip_float, 4, 1, 0, vec, v_zero, STEP_FLOAT, even[r][g])
DEFINE_STRIP(strip_bfloat16, 4, 2, 0, vec, v_zero, STEP_BFLOAT16, v_add(even[r][g], odd[r][g]))
DEFINE_STRIP(strip_weights8, 1, 1, 0, vec, v_zero, STEP_WEIGHTS8, v_mul(even[r][g], v_load(l->scale + o, m)))
DEFINE_STRIP(strip_screen, 4, 1, l->inputs, ivec, i_zero, STEP_SCREEN, joined(l, o, m, even[r][g], odd[r][g], x[r]))

#ifdef __AVX512F__ /* of attention of prompts, below */
#define STEP_PAIRS(step)                                                                                       \
    for (int g = 0; g < groups; g++) {                                                                         \
        const ivec pair = i_load_bytes(w + step * step_bytes + g * apart);                                     \
        for (int r = 0; r < rows; r++) even[r][g] = v_dot_quad(even[r][g], in[r], step, pair);                 \
    }
DEFINE_STRIP(strip_pairs, 4, 1, 0, vec, v_zero, STEP_PAIRS, even[r][g])
#endif

static inline __attribute__((always_inline)) void strip(const linear *l, int64_t output, const char *const *x,
                                                        void *const *y, int64_t to, int rows, int groups) {
    if (l->kind == INT8 || l->kind == HIGH) strip_int8(l, output, 4, x, y, to, rows, groups);
#ifdef __AVX512F__
    else if (l->kind == PAIRS) strip_pairs(l, output, 2, x, y, to, rows, groups);
#endif
    else if (l->kind == WEIGHTS8) strip_weights8(l, output, 1, x, y, to, rows, groups);
    else if (l->kind == BFLOAT16) strip_bfloat16(l, output, 2, x, y, to, rows, groups);
    else if (l->kind == SCREEN) strip_screen(l, output, 4, x, y, to, rows, groups);
    else strip_float(l, output, 1, x, y, to, rows, groups);
}

/* Only what most_groups allows is compiled. */
#define GROUPS(rows, groups)                                                                                   \
    if ((rows) * (groups) <= MOST_SUMS) strip(l, output, x, y, to, rows, groups);
#define BY_GROUPS(rows)                                                                                        \
    switch (groups) {                                                                                          \
        case 4: GROUPS(rows, 4) break;                                                                         \
        case 3: GROUPS(rows, 3) break;                                                                         \
        case 2: GROUPS(rows, 2) break;                                                                         \
        default: GROUPS(rows, 1)                                                                               \
    }

/* A strip of 1 to ROWS rows and 1 to most_groups vectors. */
static void strip_of(const linear *l, int64_t output, const char *const *x, void *const *y, int64_t to, int64_t rows,
                     int64_t groups) {
    switch (rows) {
        case 1: BY_GROUPS(1) break;
        case 2: BY_GROUPS(2) break;
        case 3: BY_GROUPS(3) break;
        default: BY_GROUPS(4)
    }
}

/* Outputs o .. next, of one block, of `rows` rows of y = x . weight^T, y as `to` says; x holds what `quantize` made,
 * each row its own. Where a vector of outputs is a block, these may be some. */
static void block_product(const linear *l, int64_t o, int64_t next, const char *x, int64_t x_stride, void *y,
                          int64_t y_stride, int64_t to, int64_t rows) {
    const int two_sums = l->kind == SCREEN;
    const int64_t groups = (next - o + LANES - 1) / LANES, y_bytes = y_stride * (to == BFLOAT16 ? 2 : 4);
    for (int64_t row = 0, count; row < rows; row += count) {
        count = rows - row < MOST_ROWS(two_sums) ? rows - row : MOST_ROWS(two_sums);
        const int64_t at_once = most_groups(two_sums, count);
        const char *in[ROWS];
        void *out[ROWS];
        for (int64_t r = 0; r < count; r++) {
            in[r] = x + (row + r) * x_stride;
            out[r] = (char *)y + (row + r) * y_bytes;
        }
        for (int64_t g = 0; g < groups; g += at_once)
            strip_of(l, o + g * LANES, in, out, to, count, groups - g < at_once ? groups - g : at_once);
    }
}

/* This thread's share of y [rows, outputs] = x . weight^T. */
static void product(const linear *l, const char *x, int64_t x_stride, float *y, int64_t y_stride, int64_t rows) {
    int64_t from, to;
    share(l->outputs, LANES, &from, &to);
    for (int64_t o = from, next; o < to; o = next) {
        const int64_t end = END_OF_STRIP(o, l->block);
        next = end < to ? end : to;
        block_product(l, o, next, x, x_stride, y, y_stride, FLOAT32, rows);
    }
}

/* ---- float32 of many rows ------------------------------------------------------------------------------- */

#ifdef __AVX512F__

#define TILE 6    /* rows, with four vectors of outputs: with four rows, weights come too slowly from the L2 cache */
#define DEPTH 512 /* inputs at a time: their weights of a block stay in that cache */
#define PIECE 96  /* rows at a time, about */

/* `groups` vectors of outputs of `rows` rows, the last one with the lanes of `last`: y = x . w, or y += where there are
 * sums already. w: [inputs][block]. Rows and groups are constants where this is inlined. */
static inline __attribute__((always_inline)) void tile(const float *w, int64_t block, int64_t inputs, const float *x,
                                                       int64_t x_stride, float *y, int64_t y_stride, lanes last,
                                                       int more, int rows, int groups) {
    vec sums[TILE][MOST_GROUPS];
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int g = 0; g < groups; g++) {
            const lanes m = g < groups - 1 ? first(LANES) : last;
            sums[r][g] = more ? v_load(y + r * y_stride + g * LANES, m) : v_zero();
        }
    if (inputs <= 0) __builtin_unreachable();
    for (int64_t i = 0; i < inputs; i++, w += block) {
        vec weights[MOST_GROUPS];
        UNROLLED for (int g = 0; g < groups; g++) weights[g] = v_load(w + g * LANES, first(LANES));
        UNROLLED for (int r = 0; r < rows; r++) {
            const vec in = v_set(x[r * x_stride + i]);
            UNROLLED for (int g = 0; g < groups; g++) sums[r][g] = v_fma(in, weights[g], sums[r][g]);
        }
    }
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int g = 0; g < groups; g++)
            v_store(y + r * y_stride + g * LANES, g < groups - 1 ? first(LANES) : last, sums[r][g]);
}

#define TILES(rows)                                                                                            \
    switch (groups) {                                                                                          \
        case 4: tile(w, block, inputs, x, x_stride, y, y_stride, last, more, rows, 4); break;                  \
        case 3: tile(w, block, inputs, x, x_stride, y, y_stride, last, more, rows, 3); break;                  \
        case 2: tile(w, block, inputs, x, x_stride, y, y_stride, last, more, rows, 2); break;                  \
        default: tile(w, block, inputs, x, x_stride, y, y_stride, last, more, rows, 1);                        \
    }

static void tile_of(const float *w, int64_t block, int64_t inputs, const float *x, int64_t x_stride, float *y,
                    int64_t y_stride, lanes last, int more, int64_t rows, int64_t groups) {
    switch (rows) {
        case 1: TILES(1) break;
        case 2: TILES(2) break;
        case 3: TILES(3) break;
        case 4: TILES(4) break;
        case 5: TILES(5) break;
        default: TILES(6)
    }
}

/* Parts of `count` things, as few as can be of at most `most`, all of about one size: that of the first. */
static inline int64_t part_of(int64_t count, int64_t most) {
    const int64_t parts = (count + most - 1) / most;
    return parts > 0 ? (count + parts - 1) / parts : most;
}

/* Outputs o .. next, of one block, of `rows` rows of y = x . weight^T, x float32 [rows, width], y of output o. The bits
 * are those of block_product. */
static void tiles(const linear *l, int64_t width, int64_t o, int64_t next, const float *x, int64_t x_stride, float *y,
                  int64_t y_stride, int64_t rows) {
    const float *of_block = (const float *)l->weight + o / l->block * l->inputs * l->block;
    for (int64_t from = o; from < next; from += MOST_GROUPS * LANES) {
        const int64_t left = next - from, most = left < MOST_GROUPS * LANES ? left : MOST_GROUPS * LANES;
        const int64_t groups = (most + LANES - 1) / LANES;
        const lanes last = first(most - (groups - 1) * LANES);
        for (int64_t i = 0; i < width; i += DEPTH) {
            const float *w = of_block + i * l->block + from % l->block;
            const int64_t depth = width - i < DEPTH ? width - i : DEPTH;
            for (int64_t r = 0, count; r < rows; r += count) {
                count = part_of(rows - r, TILE);
                tile_of(w, l->block, depth, x + r * x_stride + i, x_stride, y + r * y_stride + from - o, y_stride,
                        last, i > 0, count, groups);
            }
        }
    }
}

/* y [rows, outputs] = x [rows, width] . weight^T, all float32. */
void float_rows(const linear *l, const float *x, int64_t width, float *y, int64_t rows, int64_t threads) {
    const int64_t piece = part_of(rows, PIECE), pieces = (rows + piece - 1) / piece;
    const int64_t blocks = (l->outputs + l->block - 1) / l->block;
#pragma omp parallel num_threads(threads)
    {
        int64_t from, to;
        share(blocks * pieces, 1, &from, &to);
        for (int64_t at = from; at < to; at++) {
            const int64_t o = at / pieces * l->block, r = at % pieces * piece;
            const int64_t next = o + l->block < l->outputs ? o + l->block : l->outputs;
            tiles(l, width, o, next, x + r * width, width, y + r * l->outputs + o, l->outputs,
                  rows - r < piece ? rows - r : piece);
        }
    }
}

/* y [rows, outputs / 2] = silu(gate) * up of the linear gate|up of x [rows, width], all float32; half of the outputs
 * are whole blocks. As gated_rows, which is int8's. */
void gated_float_rows(const linear *l, const float *x, int64_t width, float *y, int64_t rows, int64_t threads) {
    const int64_t piece = part_of(rows, PIECE), pieces = (rows + piece - 1) / piece;
    const int64_t half = l->outputs / 2, block = l->block;
#pragma omp parallel num_threads(threads)
    {
        float gate[PIECE * MOST_GROUPS * LANES], up[PIECE * MOST_GROUPS * LANES];
        int64_t from, to;
        share(half / block * pieces, 1, &from, &to);
        for (int64_t at = from; at < to; at++) {
            const int64_t o = at / pieces * block, r = at % pieces * piece;
            const int64_t count = rows - r < piece ? rows - r : piece;
            tiles(l, width, o, o + block, x + r * width, width, gate, block, count);
            tiles(l, width, half + o, half + o + block, x + r * width, width, up, block, count);
            for (int64_t k = 0; k < count; k++)
                for (int64_t i = 0; i < block; i += LANES) {
                    const vec value = silu(v_load(gate + k * block + i, first(LANES)));
                    const vec by = v_load(up + k * block + i, first(LANES));
                    v_store(y + (r + k) * half + o + i, first(LANES), v_mul(value, by));
                }
        }
    }
}

#endif

/* ---- between the products ------------------------------------------------------------------------------ */

/* RMSNorm(hidden + delta) of every row, as `l` multiplies it, into this thread's own place; the sum itself, this
 * thread's share of it, into `sum`, which is another place than hidden. delta may be NULL. */
static char *add_norm(const network *n, const buffers *b, const linear *l, const float *weight, const float *hidden,
                      const float *delta, float *sum, int64_t rows) {
    const int64_t width = n->hidden;
    float *own = b->normed + omp_get_thread_num() * rows * b->normed_stride;
    int64_t from, to;
    share(width, LANES, &from, &to);
    for (int64_t r = 0; r < rows; r++) {
        float *x = own + r * b->normed_stride;
        vec squares = v_zero();
        for (int64_t i = 0; i < width; i += LANES) {
            const lanes m = first(width - i);
            vec v = v_load(hidden + r * width + i, m);
            if (delta) v = v_add(v, v_load(delta + r * width + i, m));
            squares = v_fma(v, v, squares);
            v_store(x + i, m, v);
        }
        memcpy(sum + r * width + from, x + from, (to - from) * sizeof(float));
        const vec factor = v_set(1.0f / sqrtf(v_sum(squares) / width + n->eps));
        for (int64_t i = 0; i < width; i += LANES) {
            const lanes m = first(width - i);
            const vec v = v_mul(v_load(x + i, m), factor);
            v_store(x + i, m, v_mul(v_load(weight + i, m), v));
        }
        quantize(l, x, width, NULL, x);
    }
    return (char *)own;
}

/* This thread's share of result = `l` of every row of narrow [rows, count], by way of the thread's own place.
 * largest: max|x| of each row over all ranks, or NULL. */
static void from_narrow(const buffers *b, const linear *l, int64_t count, const float *largest, int64_t rows) {
    float *own = b->normed + omp_get_thread_num() * rows * b->normed_stride;
    for (int64_t r = 0; r < rows; r++)
        quantize(l, b->narrow + r * b->narrow_stride, count, largest ? largest + r : NULL, own + r * b->normed_stride);
    product(l, (char *)own, b->normed_stride * sizeof(float), b->result, l->outputs, rows);
}

/* silu(gate) * up, this thread's share. */
static void activate(const buffers *b, int64_t width, int64_t rows) {
    int64_t from, to;
    share(width, LANES, &from, &to);
    for (int64_t r = 0; r < rows; r++) {
        const float *gate = b->wide + r * b->wide_stride, *up = gate + width;
        for (int64_t i = from; i < to; i += LANES) {
            const lanes m = first(to - i);
            const vec g = v_load(gate + i, m);
            const vec value = v_mul(silu(g), v_load(up + i, m));
            v_store(b->narrow + r * b->narrow_stride + i, m, value);
        }
    }
}

/* ---- attention ----------------------------------------------------------------------------------------- */

static void rotate(float *x, const float *cosine, const float *sine, int64_t dim) {
    for (int64_t i = 0; i < dim / 2; i++) {
        const float a = x[i], b = x[i + dim / 2];
        x[i] = a * cosine[i] - b * sine[i];
        x[i + dim / 2] = b * cosine[i + dim / 2] + a * sine[i + dim / 2];
    }
}

/* Scores of one query against `count` keys from slot `slot` on, the first of them `distance` before it; returns the
 * largest. kind: the cache's, a constant where this is inlined. */
static inline __attribute__((always_inline)) float score_keys(const network *n, const cache *c, int64_t kind,
                                                              int64_t base, int64_t slot, int64_t count,
                                                              int64_t distance, const float *q, float slope,
                                                              float *scores) {
    const float scale = 1.0f / sqrtf((float)n->head_dim);
    float largest = -INFINITY;
    for (int64_t s = 0; s < count; s++) {
        vec sum = v_zero();
        const int64_t key = base + (slot + s) * n->head_dim;
        for (int64_t d = 0; d < n->head_dim; d += LANES) {
            const lanes m = first(n->head_dim - d);
            sum = v_fma(v_load(q + d, m), load(c->keys, key + d, m, kind), sum);
        }
        scores[s] = v_sum(sum) * scale - slope * (float)(distance - s);
        largest = scores[s] > largest ? scores[s] : largest;
    }
    return largest;
}

/* scores [count] to e^(score - largest), in place; returns their sum. */
static float exponentials(float *scores, int64_t count, float largest) {
    vec total = v_zero();
    for (int64_t s = 0; s < count; s += LANES) {
        const lanes m = first(count - s);
        const vec below = v_sub(v_load(scores + s, m), v_set(largest));
        const vec e = v_only(m, exp16(below));
        total = v_add(total, e);
        v_store(scores + s, m, e);
    }
    return v_sum(total);
}

/* out [head_dim] += weights [count] . values from slot `slot` on; four vectors of head_dim at a time. */
static inline __attribute__((always_inline)) void mix_values(const network *n, const cache *c, int64_t kind,
                                                             int64_t base, int64_t slot, int64_t count,
                                                             const float *weights, float *out) {
    for (int64_t d = 0; d < n->head_dim; d += 4 * LANES) {
        lanes m[4];
        vec sum[4];
        for (int g = 0; g < 4; g++) {
            const int64_t left = n->head_dim - d - g * LANES;
            m[g] = left > 0 ? first(left) : 0;
            sum[g] = v_load(out + d + g * LANES, m[g]);
        }
        for (int64_t s = 0; s < count; s++) {
            const vec weight = v_set(weights[s]);
            const int64_t value = base + (slot + s) * n->head_dim + d;
            for (int g = 0; g < 4; g++)
                sum[g] = v_fma(weight, load(c->values, value + g * LANES, m[g], kind), sum[g]);
        }
        for (int g = 0; g < 4; g++) v_store(out + d + g * LANES, m[g], sum[g]);
    }
}

static inline __attribute__((always_inline)) void attend_kind(const network *n, const cache *c, int64_t kind,
                                                              int64_t row, int64_t head, int64_t position,
                                                              const float *q, float *scores, float *out) {
    const int64_t base = row * c->row_stride + head * c->head_stride;
    const float slope = n->slopes ? n->slopes[head] : 0.0f;
    const int64_t shared = position < c->prefix ? position + 1 : c->prefix, own = position + 1 - shared;
    float largest = score_keys(n, c, kind, base, 0, shared, position, q, slope, scores);
    const float other = score_keys(n, c, kind, base, c->starts[row], own, position - shared, q, slope, scores + shared);
    if (other > largest) largest = other;
    const vec inverse = v_set(1.0f / exponentials(scores, position + 1, largest));
    memset(out, 0, n->head_dim * sizeof(float));
    mix_values(n, c, kind, base, 0, shared, scores, out);
    mix_values(n, c, kind, base, c->starts[row], own, scores + shared, out);
    for (int64_t d = 0; d < n->head_dim; d += LANES) {
        const lanes m = first(n->head_dim - d);
        v_store(out + d, m, v_mul(v_load(out + d, m), inverse));
    }
}

/* softmax(q . keys + ALiBi) . values for the query at `position` of `row` -> out [head_dim]. */
static void attend_one(const network *n, const cache *c, int64_t row, int64_t head, int64_t position, const float *q,
                       float *scores, float *out) {
    if (c->kind == BFLOAT16) attend_kind(n, c, BFLOAT16, row, head, position, q, scores, out);
    else attend_kind(n, c, FLOAT32, row, head, position, q, scores, out);
}

/* This thread's share of all (row, head) pairs: store the new key and value, then attend; context into narrow. */
static void attend(const network *n, const buffers *b, const cache *c, const int64_t *positions, int64_t rows) {
    const int64_t dim = n->head_dim, width = n->heads * dim;
    float *scores = b->scores + omp_get_thread_num() * b->scores_stride;
    int64_t from, to;
    share(rows * n->heads, 1, &from, &to);
    for (int64_t pair = from; pair < to; pair++) {
        const int64_t row = pair / n->heads, head = pair % n->heads, position = positions[row];
        float *q = b->wide + row * b->wide_stride + head * dim, *k = q + width, *v = k + width;
        if (n->cosine) {
            rotate(q, n->cosine + position * dim, n->sine + position * dim, dim);
            rotate(k, n->cosine + position * dim, n->sine + position * dim, dim);
        }
        const int64_t slot = position < c->prefix ? position : c->starts[row] + position - c->prefix;
        const int64_t at = row * c->row_stride + head * c->head_stride + slot * dim;
        for (int64_t d = 0; d < dim; d += LANES) {
            const lanes m = first(dim - d);
            store(c->keys, at + d, m, c->kind, v_load(k + d, m));
            store(c->values, at + d, m, c->kind, v_load(v + d, m));
        }
        attend_one(n, c, row, head, position, q, scores, b->narrow + row * b->narrow_stride + head * dim);
    }
}

/* ---- the largest logits ---------------------------------------------------------------------------------- */

/* Behind the codes of an input row x [n]: their scale, and what of x bounds the error of a logit. */
typedef struct {
    float scale;
    float sum, norm; /* ||x||_1, ||x||_2 */
    float rest, rest_high; /* to be multiplied by a row's reach; the latter where high bytes alone are multiplied */
} coded;

static coded *behind(const screen *s, const uint8_t *codes) { return (coded *)(codes + 2 * s->rows.inputs); }

/* x float32 [inputs] to two bytes each, those of round(x / scale) + 2^15. */
static void encode(const screen *s, const float *x, uint8_t *codes) {
    const int64_t inputs = s->rows.inputs;
    const vec none = v_zero();
    vec most = none, sum = none, squares = none;
    for (int64_t i = 0; i < inputs; i += LANES) {
        const vec v = v_load(x + i, first(LANES));
        most = v_max(most, v_abs(v));
        sum = v_add(sum, v_abs(v));
        squares = v_fma(v, v, squares);
    }
    coded *c = behind(s, codes);
    const float largest = v_largest(most), scale = largest / 32767;
    c->sum = v_sum(sum);
    c->norm = sqrtf(v_sum(squares));
    c->scale = scale;
    const float unit = FLT_EPSILON / 2;
    c->rest = (inputs + 16) * unit * c->norm + 0.5f * scale * sqrtf((float)inputs);
    if (!(largest > 1e-15f && largest < 1e15f)) c->rest = INFINITY; /* squares are lost: every row is computed */
    const vec inverse = v_set(1.0f / scale), half = v_set(32768.0f);
    squares = none;
    for (int64_t i = 0; i < inputs; i += LANES) {
        const vec code = v_add(v_round(v_mul(v_load(x + i, first(LANES)), inverse)), half);
        const vec error = v_sub(v_low_byte(code), v_set(127.5f));
        squares = v_fma(error, error, squares);
        store_two_bytes(codes + i, codes + inputs + i, code);
    }
    c->rest_high = c->rest + scale * sqrtf(v_sum(squares));
}

/* How far the screen's logits of outputs o .. o + 15 can be from the layer's: screening.py has the proof. kind: SCREEN,
 * or HIGH where they are of the high bytes alone. */
static inline vec bound_of(const screen *s, int64_t o, lanes m, const coded *c, int64_t kind) {
    const vec by_norm = v_mul(v_load(s->residual + o, m), v_set(c->norm));
    const vec by_sum = v_mul(v_load(s->rows.scale + o, m), v_set(0.5f * c->sum));
    const vec rest = v_mul(v_load(s->reach + o, m), v_set(kind == HIGH ? c->rest_high : c->rest));
    const vec sum = v_add(v_min(by_norm, by_sum), rest);
    return v_fma(sum, v_set(1.02f), v_set(s->rows.inputs * FLT_MIN));
}

/* Put v in the place of the least of `count` numbers: a heap, its root the least. */
static void replace_least(float *heap, int64_t count, float v) {
    int64_t i = 0;
    for (int64_t child; (child = 2 * i + 1) < count; i = child) {
        if (child + 1 < count && heap[child + 1] < heap[child]) child++;
        if (heap[child] >= v) break;
        heap[i] = heap[child];
    }
    heap[i] = v;
}

/* The `count` largest lower bounds of this thread's share of a row's logits, as a heap. Returns where it changed last:
 * of count 1, the first of the 16 outputs that have the largest; -1: nowhere. */
static int64_t largest_bounds(const screen *s, const coded *c, int64_t kind, const float *logits, int64_t count,
                              float *heap) {
    int64_t from, to, last = -1;
    share(s->rows.outputs, LANES, &from, &to);
    for (int64_t i = 0; i < count; i++) heap[i] = -INFINITY;
    for (int64_t o = from; o < to; o += LANES) {
        const lanes m = first(to - o);
        const vec lower = v_sub(v_load(logits + o, m), bound_of(s, o, m, c, kind));
        float each[LANES];
        uint32_t above, left = ~0u;
        while ((above = left & v_above(m, lower, v_set(heap[0])))) {
            v_store(each, first(LANES), lower);
            replace_least(heap, count, each[__builtin_ctz(above)]);
            last = o;
            left = above & (above - 1);
        }
    }
    return last;
}

/* Multiply 16 outputs from o on of one row by both bytes, and return the largest of their lower bounds. */
static float closer_bound(const screen *s, int64_t o, const uint8_t *codes, float *logits) {
    const lanes m = first(s->rows.outputs - o);
    strip_of(&s->rows, o, (const char *const[]){(const char *)codes}, (void *const[]){logits}, FLOAT32, 1, 1);
    float each[LANES], largest = -INFINITY;
    v_store(each, m, v_sub(v_load(logits + o, m), bound_of(s, o, m, behind(s, codes), SCREEN)));
    for (int i = 0; i < number_of(m); i++) largest = each[i] > largest ? each[i] : largest;
    return largest;
}

/* Put into s->largest [rows, count] the largest lower bounds of all threads' shares of the logits, as heaps. */
static void agree(const screen *s, int64_t kind, const uint8_t *codes, float *logits, int64_t y_stride, int64_t count,
                  int64_t rows) {
    float *own = s->largest + omp_get_thread_num() * rows * count;
    for (int64_t r = 0; r < rows; r++) {
        const uint8_t *of_row = codes + r * s->code_stride;
        float *y = logits + r * y_stride, *heap = own + r * count;
        const int64_t o = largest_bounds(s, behind(s, of_row), kind, y, count, heap);
        if (kind == HIGH && count == 1 && o >= 0) { /* a bound that leaves fewer rows to be multiplied again */
            const float closer = closer_bound(s, o, of_row, y);
            if (closer > *heap) *heap = closer;
        }
    }
#pragma omp barrier
#pragma omp single
    for (int64_t r = 0; r < rows; r++)
        for (int64_t t = 1; t < omp_get_num_threads(); t++)
            for (int64_t i = 0; i < count; i++) {
                const float v = s->largest[(t * rows + r) * count + i];
                if (v > s->largest[r * count]) replace_least(s->largest + r * count, count, v);
            }
}

/* Of 16 outputs from o on, whose logits are `kind`'s: those of `l`, which reads x, for the rows in which one of them
 * may be among the largest, whose lower bound is s->largest; -INFINITY for the others. Returns how many logits of `l`
 * were computed. */
static int64_t decide(const screen *s, int64_t kind, const linear *l, int64_t o, const char *x, int64_t x_stride,
                      const uint8_t *codes, int64_t count, float *logits, int64_t y_stride, int64_t rows) {
    const lanes m = first(s->rows.outputs - o);
    const int64_t most = MOST_ROWS(l->kind == SCREEN);
    const char *in[ROWS];
    void *out[ROWS];
    int64_t taken = 0, all = 0;
    for (int64_t r = 0; r < rows; r++) {
        float *y = logits + r * y_stride;
        const vec bound = bound_of(s, o, m, behind(s, codes + r * s->code_stride), kind);
        const vec upper = v_add(v_load(y + o, m), bound);
        if (v_not_below(m, upper, v_set(s->largest[r * count]))) {
            in[taken] = x + r * x_stride;
            out[taken++] = y;
        } else
            v_store(y + o, m, v_set(-INFINITY));
        if (taken == most || (taken && r == rows - 1)) {
            strip_of(l, o, in, out, FLOAT32, taken, 1);
            all += taken * number_of(m);
            taken = 0;
        }
    }
    return all;
}

/* logits [rows, outputs] of `l`, x float32 as `quantize` made it: the `count` largest of each row, their equals and
 * some others are `l`'s to the last bit; the rest is -INFINITY. Outputs that the screen lacks are not written.
 *
 * A few rows wait for memory, not for products: so both bytes are multiplied at once. */
static void largest_logits(const screen *s, const linear *l, const char *x, int64_t x_stride, float *logits,
                           int64_t count, int64_t rows) {
    uint8_t *codes = s->codes + omp_get_thread_num() * rows * s->code_stride;
    for (int64_t r = 0; r < rows; r++) encode(s, (const float *)(x + r * x_stride), codes + r * s->code_stride);
    linear screening = s->rows;
    if (rows > FEW) screening.kind = HIGH;
    product(&screening, (const char *)codes, s->code_stride, logits, l->outputs, rows);
    agree(s, screening.kind, codes, logits, l->outputs, count, rows);
    if (screening.kind == HIGH) {
#pragma omp for schedule(dynamic, 16)
        for (int64_t o = 0; o < s->rows.outputs; o += LANES)
            decide(s, HIGH, &s->rows, o, (const char *)codes, s->code_stride, codes, count, logits, l->outputs, rows);
        agree(s, SCREEN, codes, logits, l->outputs, count, rows);
    }
    int64_t computed = 0;
#pragma omp for schedule(dynamic, 16)
    for (int64_t o = 0; o < s->rows.outputs; o += LANES)
        computed += decide(s, SCREEN, l, o, x, x_stride, codes, count, logits, l->outputs, rows);
#pragma omp atomic
    *s->computed += computed;
}

/* ---- the calls of prefill: x and y float32 or bfloat16 [rows, width], as `kind` says ------------------- */

/* q u8 [rows * width] of x [rows * width]. */
void quantize_u8(const void *x, int64_t kind, int64_t count, float inverse_scale, float zero_point, uint8_t *q,
                 int64_t threads) {
#pragma omp parallel for num_threads(threads)
    for (int64_t i = 0; i < count; i += LANES) {
        const lanes m = first(count - i);
        store_quantized(q + i, m, load(x, i, m, kind), inverse_scale, zero_point);
    }
}

/* q u8 [rows, width] of x [rows, width], symmetric around 128, by each row's own scale -> scales [rows]. largest:
 * max|x| of each whole row where x is a rank's part of it, or NULL. */
void quantize_rows_u8(const void *x, int64_t kind, int64_t rows, int64_t width, const float *largest, uint8_t *q,
                      float *scales, int64_t threads) {
#pragma omp parallel for num_threads(threads)
    for (int64_t r = 0; r < rows; r++) {
        scales[r] = row_scale(largest ? largest[r] : largest_of(x, r * width, width, kind));
        const float inverse_scale = 1.0f / scales[r];
        for (int64_t i = 0; i < width; i += LANES) {
            const lanes m = first(width - i);
            store_quantized(q + r * width + i, m, load(x, r * width + i, m, kind), inverse_scale, 128);
        }
    }
}

/* sum = hidden + delta (NULL: sum is not written); y = RMSNorm(hidden + delta) * weight. */
void add_norm_rows(const void *hidden, const void *delta, const float *weight, float eps, int64_t kind, int64_t rows,
                   int64_t width, void *sum, void *y, int64_t threads) {
#pragma omp parallel for num_threads(threads)
    for (int64_t r = 0; r < rows; r++) {
        const int64_t from = r * width;
        const void *x = delta ? sum : hidden;
        vec squares = v_zero();
        for (int64_t i = 0; i < width; i += LANES) {
            const lanes m = first(width - i);
            vec v = load(hidden, from + i, m, kind);
            if (delta) {
                v = v_add(v, load(delta, from + i, m, kind));
                store(sum, from + i, m, kind, v);
                v = load(sum, from + i, m, kind); /* as rounded */
            }
            squares = v_fma(v, v, squares);
        }
        const vec factor = v_set(1.0f / sqrtf(v_sum(squares) / width + eps));
        for (int64_t i = 0; i < width; i += LANES) {
            const lanes m = first(width - i);
            const vec v = v_mul(load(x, from + i, m, kind), factor);
            store(y, from + i, m, kind, v_mul(v_load(weight + i, m), v));
        }
    }
}

/* y [rows, width] = silu(gate) * up of x [rows, 2 * width], gate first. */
void silu_mul_rows(const void *x, int64_t kind, int64_t rows, int64_t width, void *y, int64_t threads) {
#pragma omp parallel for num_threads(threads)
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < width; i += LANES) {
            const lanes m = first(width - i);
            const vec gate = load(x, 2 * r * width + i, m, kind), up = load(x, (2 * r + 1) * width + i, m, kind);
            store(y, r * width + i, m, kind, v_mul(silu(gate), up));
        }
}

/* y [rows, heads, dim] = x [rows, heads, dim], of `stride` elements from row to row, turned by RoPE: row r by row
 * r % positions of the tables, float32 [positions, dim]. */
void rotate_rows(const void *x, int64_t kind, int64_t stride, const float *cosine, const float *sine,
                 int64_t positions, int64_t rows, int64_t heads, int64_t dim, void *y, int64_t threads) {
    const int64_t half = dim / 2;
#pragma omp parallel for num_threads(threads)
    for (int64_t r = 0; r < rows; r++) {
        const float *c = cosine + r % positions * dim, *s = sine + r % positions * dim;
        for (int64_t h = 0; h < heads; h++) {
            const int64_t from = r * stride + h * dim, to = (r * heads + h) * dim;
            for (int64_t i = 0; i < half; i += LANES) {
                const lanes m = first(half - i);
                const vec a = load(x, from + i, m, kind), b = load(x, from + half + i, m, kind);
                const vec up = v_mul(b, v_load(c + half + i, m)), low = v_mul(a, v_load(c + i, m));
                store(y, to + i, m, kind, v_fnma(b, v_load(s + i, m), low));
                store(y, to + half + i, m, kind, v_fma(a, v_load(s + half + i, m), up));
            }
        }
    }
}

/* The block of an int8 linear that begins with output o. */
static linear block_of(const linear *l, int64_t o) {
    linear part = *l;
    part.weight = (const char *)l->weight + o * l->inputs;
    part.scale += o;
    part.correction += o;
    part.outputs = l->block;
    return part;
}

/* y [rows, outputs / 2] = silu(gate) * up of the int8 linear gate|up of x [rows, width], x and y as `kind` says;
 * codes [rows, inputs + LANES]. In two calls gate and up are written and read again; here some rows' of a block stay
 * in the core's cache. Half of the outputs are whole blocks. */
void gated_rows(const linear *l, const void *x, int64_t kind, int64_t width, uint8_t *codes, void *y, int64_t rows,
                int64_t threads) {
    const int64_t stride = l->inputs + LANES, half = l->outputs / 2, block = l->block;
#pragma omp parallel num_threads(threads)
    {
        float gate[TOKENS * MOST_GROUPS * LANES], up[TOKENS * MOST_GROUPS * LANES];
#pragma omp for
        for (int64_t r = 0; r < rows; r++) to_codes(l, x, r * width, kind, width, NULL, codes + r * stride);
        const int64_t pieces = (rows + TOKENS - 1) / TOKENS;
        int64_t from, to;
        share(half / block * pieces, 1, &from, &to);
        for (int64_t at = from; at < to; at++) {
            const int64_t o = at / pieces * block, r = at % pieces * TOKENS;
            const int64_t count = rows - r < TOKENS ? rows - r : TOKENS;
            const linear parts[] = {block_of(l, o), block_of(l, half + o)};
            block_product(parts, 0, block, (const char *)codes + r * stride, stride, gate, block, FLOAT32, count);
            block_product(parts + 1, 0, block, (const char *)codes + r * stride, stride, up, block, FLOAT32, count);
            for (int64_t k = 0; k < count; k++)
                for (int64_t i = 0; i < block; i += LANES) {
                    const vec value = silu(v_load(gate + k * block + i, first(LANES)));
                    const vec by = v_load(up + k * block + i, first(LANES));
                    store(y, (r + k) * half + o + i, first(LANES), kind, v_mul(value, by));
                }
        }
    }
}

/* y [rows, outputs] = x . weight^T, x float32 [rows, inputs]: all, or with a screen the `count` largest of each row,
 * their equals and some others; the rest is -INFINITY. */
void linear_rows(const linear *l, const screen *s, const float *x, float *y, int64_t count, int64_t rows,
                 int64_t threads) {
    const int64_t stride = l->inputs * sizeof(float);
#pragma omp parallel num_threads(threads)
    if (s) largest_logits(s, l, (const char *)x, stride, y, count, rows);
    else product(l, (const char *)x, stride, y, l->outputs, rows);
}

/* y [rows, outputs] of x float32 [rows, width], quantized into codes of `stride` bytes a row. largest: max|x| of each
 * whole row where x is a rank's part of it, or NULL. */
void int8_rows(const linear *l, const float *x, int64_t width, const float *largest, uint8_t *codes,
               int64_t stride, float *y, int64_t rows, int64_t threads) {
#pragma omp parallel num_threads(threads)
    {
#pragma omp for
        for (int64_t r = 0; r < rows; r++)
            to_codes(l, x, r * width, FLOAT32, width, largest ? largest + r : NULL, codes + r * stride);
        product(l, (const char *)codes, stride, y, l->outputs, rows);
    }
}

/* context [rows, heads, head_dim] of one query of each row, float32 [rows, heads, head_dim], over what the cache holds
 * up to positions[row]. scores [threads, slots]. Of the network only heads, head_dim and slopes are read. */
void attend_rows(const network *n, const cache *c, const float *q, const int64_t *positions, float *scores,
                 int64_t slots, float *context, int64_t rows, int64_t threads) {
#pragma omp parallel for num_threads(threads)
    for (int64_t pair = 0; pair < rows * n->heads; pair++) {
        const int64_t row = pair / n->heads, at = pair * n->head_dim;
        float *own = scores + omp_get_thread_num() * slots;
        attend_one(n, c, row, pair % n->heads, positions[row], q + at, own, context + at);
    }
}

/* ---- attention of prompts: keys and values as weights of PAIRS, by AVX512-BF16 -------------------------- */

#ifdef __AVX512F__

#define KEYS (MOST_GROUPS * LANES) /* a block */

/* One head's keys [count, dim] bfloat16, laid out for outputs that are keys. */
static void pack_keys(const void *keys, int64_t count, int64_t dim, uint32_t *out) {
    const int64_t pairs = dim / 2;
    const ivec numbers = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const ivec at = _mm512_mullo_epi32(numbers, _mm512_set1_epi32((int)pairs));
    for (int64_t k = 0; k < count; k += LANES) {
        const int32_t *from = (const int32_t *)keys + k * pairs;
        uint32_t *to = out + k / KEYS * KEYS * pairs + k % KEYS;
        for (int64_t p = 0; p < pairs; p++)
            _mm512_storeu_si512(to + p * KEYS, _mm512_mask_i32gather_epi32(i_zero(), first(count - k), at, from + p, 4));
    }
}

/* One head's values [count, dim] bfloat16, laid out for inputs that are keys: [count / 2][width][2]. */
static void pack_values(const uint16_t *values, int64_t count, int64_t dim, int64_t width, uint32_t *out) {
    for (int64_t k = 0; k < count; k += 2, values += 2 * dim, out += width)
        for (int64_t d = 0; d < dim; d += LANES) {
            const lanes m = first(dim - d), both = k + 1 < count ? m : 0;
            const ivec one = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(m, values + d));
            const ivec two = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(both, values + dim + d));
            _mm512_storeu_si512(out + d, _mm512_or_si512(one, _mm512_slli_epi32(two, 16)));
        }
}

/* scores * scale + ALiBi of the query at position count - 1, in its own place; returns the largest. */
static float biased(float *scores, int64_t count, float scale, float slope) {
    vec distance = v_sub(v_set((float)(count - 1)),
                         _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    vec most = v_set(-INFINITY);
    for (int64_t s = 0; s < count; s += LANES) {
        const lanes m = first(count - s);
        const vec v = v_fnma(v_set(slope), distance, v_mul(v_load(scores + s, m), v_set(scale)));
        distance = v_sub(distance, v_set(LANES));
        most = _mm512_mask_max_ps(most, m, most, v);
        v_store(scores + s, m, v);
    }
    return v_largest(most);
}

/* softmax(scores * scale + ALiBi) of the query at position count - 1, in its own place, as bfloat16; zeros up to
 * `padded`. */
static void probabilities(float *scores, int64_t count, int64_t padded, float scale, float slope) {
    const float most = biased(scores, count, scale, slope);
    const vec inverse = v_set(1.0f / exponentials(scores, count, most));
    for (int64_t s = 0; s < padded; s += LANES) { /* behind what is read, so that nothing unread is written over */
        const vec v = v_load(scores + s, s < count ? first(count - s) : 0);
        store(scores, s, first(padded - s), BFLOAT16, v_mul(v, inverse));
    }
}

/* context [rows, tokens, heads, head_dim] of queries at positions `begin`, begin + 1, ... of each row, over a cache
 * that has position s in slot s; all bfloat16. strides: of q from row to row, head to head, token to token, in
 * elements. scratch: scratch_stride bytes a thread, see native.py. Of the network only heads, head_dim and slopes are
 * read. */
void attend_prompts(const network *n, const cache *c, const uint16_t *q, const int64_t *strides, int64_t begin,
                    int64_t tokens, char *scratch, int64_t scratch_stride, uint16_t *context, int64_t rows,
                    int64_t threads) {
    const int64_t dim = n->head_dim, width = (dim + LANES - 1) / LANES * LANES, all = begin + tokens;
    const int64_t slots = (all + KEYS - 1) / KEYS * KEYS;
    const float scale = 1.0f / sqrtf((float)dim);
#pragma omp parallel for num_threads(threads)
    for (int64_t pair = 0; pair < rows * n->heads; pair++) {
        const int64_t row = pair / n->heads, head = pair % n->heads;
        const int64_t base = row * c->row_stride + head * c->head_stride;
        char *own = scratch + omp_get_thread_num() * scratch_stride;
        uint32_t *keys = (uint32_t *)own, *values = keys + slots * (dim / 2);
        float *scores = (float *)(values + slots / 2 * width);
        pack_keys((const uint16_t *)c->keys + base, all, dim, keys);
        pack_values((const uint16_t *)c->values + base, all, dim, width, values);
        const uint16_t *own_q = q + row * strides[0] + head * strides[1];
        for (int64_t t = 0; t < tokens; t += TOKENS) {
            const int64_t count = tokens - t < TOKENS ? tokens - t : TOKENS, seen = begin + t + count;
            const linear by_keys = {.weight = keys, .outputs = seen, .inputs = dim, .block = KEYS, .kind = PAIRS};
            const char *of_tokens = (const char *)(own_q + t * strides[2]);
            for (int64_t o = 0; o < seen; o += KEYS)
                block_product(&by_keys, o, o + KEYS < seen ? o + KEYS : seen, of_tokens, strides[2] * 2, scores, slots,
                              FLOAT32, count);
            const int64_t even = seen + seen % 2;
            for (int64_t k = 0; k < count; k++)
                probabilities(scores + k * slots, begin + t + k + 1, even, scale, n->slopes ? n->slopes[head] : 0.0f);
            const linear by_values = {.weight = values, .outputs = dim, .inputs = even, .block = width, .kind = PAIRS};
            block_product(&by_values, 0, dim, (const char *)scores, slots * sizeof(float),
                          context + ((row * tokens + t) * n->heads + head) * dim, n->heads * dim, BFLOAT16, count);
        }
    }
}

/* In float32: new tokens of one sequence, at positions begin, begin + 1, ...; the first of them is the call's number
 * `token`. Its keys are in `row` of the cache, those behind the cache's prefix in slots from `first` on. */
typedef struct {
    int64_t row, first, begin, tokens, token;
} run;

/* `count` keys and values from number `base` of the cache on, at positions from `at` on: keys as a weight whose outputs
 * they are, values as one whose inputs they are. */
static void lay_out(const cache *c, int64_t base, int64_t count, int64_t at, int64_t dim, int64_t width, float *keys,
                    float *values) {
    const float *key = (const float *)c->keys + base, *value = (const float *)c->values + base;
    for (int64_t k = at; k < at + count; k++, key += dim, value += dim) {
        float *to = keys + k / KEYS * KEYS * dim + k % KEYS;
        for (int64_t d = 0; d < dim; d++) to[d * KEYS] = key[d];
        memcpy(values + k * width, value, dim * sizeof(float));
    }
}

/* context of tokens t .. t + count of a run, over what lay_out has laid out. */
static void attend_tokens(const network *n, const run *r, int64_t head, int64_t t, int64_t count, const float *q,
                          int64_t q_stride, const float *keys, const float *values, int64_t width, float *scores,
                          int64_t slots, float *context, int64_t stride) {
    const int64_t dim = n->head_dim, seen = r->begin + t + count;
    const float scale = 1.0f / sqrtf((float)dim), slope = n->slopes ? n->slopes[head] : 0.0f;
    const linear by_keys = {.weight = keys, .outputs = seen, .inputs = dim, .block = KEYS, .kind = FLOAT32};
    const linear by_values = {.weight = values, .outputs = dim, .inputs = seen, .block = width, .kind = FLOAT32};
    float inverse[TOKENS];
    for (int64_t o = 0; o < seen; o += KEYS)
        tiles(&by_keys, dim, o, o + KEYS < seen ? o + KEYS : seen, q, q_stride, scores + o, slots, count);
    for (int64_t k = 0; k < count; k++) {
        float *own = scores + k * slots;
        const int64_t sees = r->begin + t + k + 1;
        const float most = biased(own, sees, scale, slope);
        inverse[k] = 1.0f / exponentials(own, sees, most);
        memset(own + sees, 0, (seen - sees) * sizeof(float));
    }
    tiles(&by_values, seen, 0, dim, scores, slots, context, stride, count);
    for (int64_t k = 0; k < count; k++)
        for (int64_t d = 0; d < dim; d += LANES) {
            const lanes m = first(dim - d);
            float *at = context + k * stride + d;
            v_store(at, m, v_mul(v_load(at, m), v_set(inverse[k])));
        }
}

/* context [tokens, heads, head_dim] of all tokens of the runs. strides: of q from token to token, head to head, in
 * elements. slots: at least the most that a run sees, of whole blocks of KEYS. scratch: scratch_stride floats a thread,
 * see native.py. Of the network only heads, head_dim and slopes are read.
 *
 * What a head's runs share is laid out once. The context of a run has the same bits whatever other runs there are. */
void attend_runs(const network *n, const cache *c, const float *q, const int64_t *strides, const run *runs,
                 int64_t count, int64_t slots, float *scratch, int64_t scratch_stride, float *context,
                 int64_t threads) {
    const int64_t dim = n->head_dim, width = (dim + LANES - 1) / LANES * LANES, stride = n->heads * dim;
#pragma omp parallel num_threads(threads)
    {
        float *keys = scratch + omp_get_thread_num() * scratch_stride, *values = keys + slots * dim;
        float *scores = values + slots * width;
        int64_t from, to;
        share(n->heads * count, 1, &from, &to);
        for (int64_t item = from; item < to; item++) {
            const run *r = runs + item % count;
            const int64_t head = item / count, base = r->row * c->row_stride + head * c->head_stride;
            if (item == from || item % count == 0) lay_out(c, base, c->prefix, 0, dim, width, keys, values);
            lay_out(c, base + r->first * dim, r->begin + r->tokens - c->prefix, c->prefix, dim, width, keys, values);
            for (int64_t t = 0; t < r->tokens; t += TOKENS) {
                const int64_t some = r->tokens - t < TOKENS ? r->tokens - t : TOKENS, token = r->token + t;
                attend_tokens(n, r, head, t, some, q + token * strides[0] + head * strides[1], strides[0], keys,
                              values, width, scores, slots, context + token * stride + head * dim, stride);
            }
        }
    }
}

#endif

/* ---- the calls of decode ------------------------------------------------------------------------------- */

/* To narrow: attention(norm(sum)), sum = hidden + delta. Keys and values go where `positions` says. */
static void to_context(const network *n, const layer *l, const cache *c, const buffers *b, const float *hidden,
                       const float *delta, float *sum, const int64_t *positions, int64_t rows) {
    const char *x = add_norm(n, b, &l->qkv, l->input_norm, hidden, delta, sum, rows);
    product(&l->qkv, x, b->normed_stride * sizeof(float), b->wide, b->wide_stride, rows);
#pragma omp barrier
    attend(n, b, c, positions, rows);
}

/* To narrow: silu(gate(y)) * up(y), y = norm(sum), sum = hidden + delta. */
static void to_activated(const network *n, const layer *l, const buffers *b, const float *hidden, const float *delta,
                         float *sum, int64_t rows) {
    const char *x = add_norm(n, b, &l->gate_up, l->post_norm, hidden, delta, sum, rows);
    product(&l->gate_up, x, b->normed_stride * sizeof(float), b->wide, b->wide_stride, rows);
#pragma omp barrier
    activate(b, l->gate_up.outputs / 2, rows);
}

/* sum = hidden + delta; result = o(attention(norm(sum))). Keys and values go where `positions` says. */
void attention_half(const network *n, const layer *l, const cache *c, const buffers *b, const float *hidden,
                    const float *delta, float *sum, const int64_t *positions, int64_t rows, int64_t threads) {
#pragma omp parallel num_threads(threads)
    {
        to_context(n, l, c, b, hidden, delta, sum, positions, rows);
#pragma omp barrier
        from_narrow(b, &l->output, n->heads * n->head_dim, NULL, rows);
    }
}

/* sum = hidden + delta; result = down(silu(gate(y)) * up(y)), y = norm(sum). */
void mlp_half(const network *n, const layer *l, const buffers *b, const float *hidden, const float *delta, float *sum,
              int64_t rows, int64_t threads) {
#pragma omp parallel num_threads(threads)
    {
        to_activated(n, l, b, hidden, delta, sum, rows);
#pragma omp barrier
        from_narrow(b, &l->down, l->gate_up.outputs / 2, NULL, rows);
    }
}

/* The halves in two calls each, for ranks of dynamic W8A8: between them the ranks agree on `largest`. */
void attention_context(const network *n, const layer *l, const cache *c, const buffers *b, const float *hidden,
                       const float *delta, float *sum, const int64_t *positions, int64_t rows, int64_t threads) {
#pragma omp parallel num_threads(threads)
    to_context(n, l, c, b, hidden, delta, sum, positions, rows);
}

void mlp_activated(const network *n, const layer *l, const buffers *b, const float *hidden, const float *delta,
                   float *sum, int64_t rows, int64_t threads) {
#pragma omp parallel num_threads(threads)
    to_activated(n, l, b, hidden, delta, sum, rows);
}

void row_parallel(const linear *l, const buffers *b, int64_t count, int64_t rows, int64_t threads) {
#pragma omp parallel num_threads(threads)
    from_narrow(b, l, count, b->largest, rows);
}

/* logits [rows, outputs] = head(norm(hidden + delta)). */
void output_head(const network *n, const float *norm, const linear *l, const buffers *b, const float *hidden,
                 const float *delta, float *sum, float *logits, int64_t rows, int64_t threads) {
#pragma omp parallel num_threads(threads)
    {
        const char *x = add_norm(n, b, l, norm, hidden, delta, sum, rows);
        product(l, x, b->normed_stride * sizeof(float), logits, l->outputs, rows);
    }
}

/* The same, but of the logits only the `count` largest of each row, their equals and some others; the rest is
 * -INFINITY. */
void output_largest(const network *n, const float *norm, const linear *l, const screen *s, const buffers *b,
                    const float *hidden, const float *delta, float *sum, float *logits, int64_t count, int64_t rows,
                    int64_t threads) {
#pragma omp parallel num_threads(threads)
    {
        const char *x = add_norm(n, b, l, norm, hidden, delta, sum, rows);
        largest_logits(s, l, x, b->normed_stride * sizeof(float), logits, count, rows);
    }
}
