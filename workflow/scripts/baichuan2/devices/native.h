/* native.c's vectors of 16 numbers, twice: by AVX512 with VNNI, where each function is one instruction or a few; and by
 * an Arm CPU with dot products (sdot: ARMv8.2 and later), in four registers each. What a function is, stands at the
 * first. */
#include <stdint.h>
#include <string.h>

#define LANES 16      /* numbers of a vector */
#define MOST_GROUPS 4 /* vectors of outputs of a strip */
/* Without both gcc keeps a strip's sums in memory: loops over its outputs unrolled, and, of those with k inputs a step
 * as NEVER_EMPTY says, no way past the first step. */
#define UNROLLED _Pragma("GCC unroll 8")

#ifdef __AVX512F__
#include <immintrin.h>

#define CODE_ZERO 0    /* what is taken from a u8 code before it is multiplied: vpdpbusd takes it as it is */
#define AHEAD 4096     /* bytes of 8-bit weights asked for early, since widening them leaves no time to wait */
#define NEVER_EMPTY(k) ((k) == 1) /* of floats; sums of integers gcc 12 copies to other registers then, and back */
#define SECOND(even, odd) odd /* sums apart for bfloat16, so that fewer additions wait for each other */

typedef __m512 vec;      /* float32 */
typedef __m512i ivec;    /* int32, or 64 bytes of weights */
typedef __mmask16 lanes; /* which of a vector's numbers are there */

static inline lanes first(int64_t count) { return count >= LANES ? 0xFFFF : (lanes)((1u << count) - 1); }

static inline vec v_set(float x) { return _mm512_set1_ps(x); }
static inline vec v_zero(void) { return _mm512_setzero_ps(); }
static inline vec v_add(vec a, vec b) { return _mm512_add_ps(a, b); }
static inline vec v_sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
static inline vec v_mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
static inline vec v_div(vec a, vec b) { return _mm512_div_ps(a, b); }
static inline vec v_min(vec a, vec b) { return _mm512_min_ps(a, b); }
static inline vec v_max(vec a, vec b) { return _mm512_max_ps(a, b); }
static inline vec v_abs(vec a) { return _mm512_abs_ps(a); }
static inline vec v_round(vec a) { return _mm512_roundscale_ps(a, 0); }
/* a * b + c; c - a * b */
static inline vec v_fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
static inline vec v_fnma(vec a, vec b, vec c) { return _mm512_fnmadd_ps(a, b, c); }
static inline float v_sum(vec a) { return _mm512_reduce_add_ps(a); }
static inline float v_largest(vec a) { return _mm512_reduce_max_ps(a); }
/* The larger magnitudes of a, which has no signs, and b; and the largest. What is no number is above all, as it is among
 * integers of the same bits: the maximum of floats loses it. */
static inline vec v_max_abs(vec a, vec b) {
    return _mm512_castsi512_ps(_mm512_max_epi32(_mm512_castps_si512(a), _mm512_castps_si512(v_abs(b))));
}
static inline float v_largest_abs(vec a) {
    const __m512i bits = _mm512_set1_epi32(_mm512_reduce_max_epi32(_mm512_castps_si512(a)));
    return _mm512_cvtss_f32(_mm512_castsi512_ps(bits));
}

/* Numbers that are not there are 0; they are not stored. */
static inline vec v_only(lanes m, vec a) { return _mm512_maskz_mov_ps(m, a); }
static inline vec v_load(const float *x, lanes m) { return _mm512_maskz_loadu_ps(m, x); }
static inline void v_store(float *x, lanes m, vec a) { _mm512_mask_storeu_ps(x, m, a); }

static inline vec v_load_bfloat16(const uint16_t *x, lanes m) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(m, x)), 16));
}

static inline void v_store_bfloat16(uint16_t *x, lanes m, vec a) {
    const __m512i bits = _mm512_castps_si512(a), one = _mm512_set1_epi32(1);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), one);
    const __m512i rounded = _mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7FFF)), odd); /* to even */
    const __m512i nan = _mm512_or_si512(bits, _mm512_set1_epi32(0x400000)); /* rounding could make it infinite */
    const __m512i kept = _mm512_mask_mov_epi32(rounded, _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q), nan);
    _mm256_mask_storeu_epi16(x, m, _mm512_cvtepi32_epi16(_mm512_srli_epi32(kept, 16)));
}

/* The bits of the lanes of m in which a > b; a is not below b, which is true of what is no number, too. */
static inline uint32_t v_above(lanes m, vec a, vec b) { return _mm512_mask_cmp_ps_mask(m, a, b, _CMP_GT_OQ); }
static inline uint32_t v_not_below(lanes m, vec a, vec b) { return _mm512_mask_cmp_ps_mask(m, a, b, _CMP_NLT_UQ); }
static inline int number_of(lanes m) { return __builtin_popcount(m); }

/* y 2^n, n integral; 0 where x < least. */
static inline vec v_scale(vec y, vec n, vec x, float least) {
    return _mm512_maskz_scalef_ps((lanes)~_mm512_cmp_ps_mask(x, _mm512_set1_ps(least), _CMP_LT_OQ), y, n);
}

static inline ivec i_zero(void) { return _mm512_setzero_si512(); }
static inline ivec i_add(ivec a, ivec b) { return _mm512_add_epi32(a, b); }
static inline ivec i_sub(ivec a, ivec b) { return _mm512_sub_epi32(a, b); }
static inline ivec i_load(const int32_t *x, lanes m) { return _mm512_maskz_loadu_epi32(m, x); }
static inline ivec i_load_bytes(const char *x) { return _mm512_loadu_si512(x); }
static inline vec v_of(ivec a) { return _mm512_cvtepi32_ps(a); }
static inline vec v_load_int8(const char *x) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)x)));
}

/* A vector's pairs of bfloat16 as float32: the first of each, and the second. */
static inline vec even_of(ivec pair) { return _mm512_castsi512_ps(_mm512_slli_epi32(pair, 16)); }
static inline vec odd_of(ivec pair) {
    return _mm512_castsi512_ps(_mm512_and_si512(pair, _mm512_set1_epi32((int)0xFFFF0000)));
}

/* clamp(round(x * inverse_scale) + zero_point, 0, 255) - CODE_ZERO, in bytes. */
static inline void store_quantized(void *out, lanes m, vec x, float inverse_scale, float zero_point) {
    vec v = v_round(v_mul(x, v_set(inverse_scale)));
    v = v_max(v_add(v, v_set(zero_point)), v_zero());
    _mm_mask_storeu_epi8(out, m, _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(v_min(v, v_set(255.0f)))));
}

/* Of integral x in 0 .. 2^16 - 1: the low byte; and both, less CODE_ZERO each. */
static inline vec v_low_byte(vec x) { return v_of(_mm512_and_si512(_mm512_cvtps_epi32(x), _mm512_set1_epi32(255))); }
static inline void store_two_bytes(uint8_t *high, uint8_t *low, vec x) {
    const __m512i code = _mm512_cvtps_epi32(x);
    _mm_storeu_si128((__m128i *)high, _mm512_cvtepi32_epi8(_mm512_srli_epi32(code, 8)));
    _mm_storeu_si128((__m128i *)low, _mm512_cvtepi32_epi8(code));
}

/* ---- what a strip takes of a row's inputs: 4 bytes a step, read as they are multiplied ---------------------- */

typedef const char *quad;

static inline quad quad_at(const char *x) { return x; }
static inline vec v_fma_quad(vec sums, quad x, int lane, vec w) {
    return _mm512_fmadd_ps(_mm512_set1_ps(((const float *)x)[lane]), w, sums);
}

/* vpdpbusd, u8 x and s8 w. With the intrinsic gcc 12 copies every sum to another register and back. */
static inline ivec i_dot_quad(ivec sums, quad x, int lane, ivec w) {
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(_mm512_set1_epi32(((const int32_t *)x)[lane])), "v"(w));
    return sums;
}

/* vdpbf16ps, two products of bfloat16 in each sum; asm, since not every compiler here is told that there is one. */
static inline vec v_dot_quad(vec sums, quad x, int lane, ivec w) {
    __asm__("vdpbf16ps %2, %1, %0" : "+v"(sums) : "v"(_mm512_set1_epi32(((const int32_t *)x)[lane])), "v"(w));
    return sums;
}

/* Steps of a round of a strip's loop, by how many 4 bytes of a row's inputs a step takes. */
#define ROUND_1 1
#define ROUND_2 1
#define EACH_1(STEP) STEP(0)
#define EACH_2(STEP) STEP(0)

/* Bytes from a vector of a strip's outputs to the next: they are side by side in a block. */
#define APART(steps, bytes) (bytes)
#define END_OF_STRIP(output, block) (((output) / (block) + 1) * (block))

/* Rows, and vectors of outputs for so many rows, of which the sums stay in registers: MOST_SUMS vectors at most. */
#define MOST_SUMS 16
#define MOST_ROWS(two_sums) 4
static inline int64_t most_groups(int two_sums, int64_t rows) { return two_sums && rows == 4 ? 2 : MOST_GROUPS; }

#else /* Arm */

#include <arm_neon.h>

#define CODE_ZERO 128 /* sdot takes s8 */
#define AHEAD 1024
#define NEVER_EMPTY(k) 1
#define SECOND(even, odd) even /* a vector's four registers do not wait for each other, and there are only 32 */

typedef struct { float32x4_t at[4]; } vec;
typedef struct { int32x4_t at[4]; } ivec;
typedef int64_t lanes; /* the first so many */

#define INLINE static inline __attribute__((always_inline))
#define EACH(type, expression) ((type){{expression(0), expression(1), expression(2), expression(3)}})
#define DEFINE_1(name, type, of, function)                                                                     \
    INLINE type name(of x) {                                                                                   \
        return (type){{function(x.at[0]), function(x.at[1]), function(x.at[2]), function(x.at[3])}};           \
    }
#define DEFINE_2(name, type, function)                                                                         \
    INLINE type name(type x, type y) {                                                                         \
        return (type){{function(x.at[0], y.at[0]), function(x.at[1], y.at[1]), function(x.at[2], y.at[2]),     \
                       function(x.at[3], y.at[3])}};                                                           \
    }
#define DEFINE_3(name, function)                                                                               \
    INLINE vec name(vec x, vec y, vec z) {                                                                     \
        return (vec){{function(z.at[0], x.at[0], y.at[0]), function(z.at[1], x.at[1], y.at[1]),                \
                      function(z.at[2], x.at[2], y.at[2]), function(z.at[3], x.at[3], y.at[3])}};              \
    }

INLINE lanes first(int64_t count) { return count < LANES ? count : LANES; }
INLINE int number_of(lanes m) { return (int)m; }

INLINE vec v_set(float x) {
    const float32x4_t all = vdupq_n_f32(x);
    return (vec){{all, all, all, all}};
}
INLINE vec v_zero(void) { return v_set(0.0f); }
DEFINE_2(v_add, vec, vaddq_f32)
DEFINE_2(v_sub, vec, vsubq_f32)
DEFINE_2(v_mul, vec, vmulq_f32)
DEFINE_2(v_div, vec, vdivq_f32)
DEFINE_2(v_min, vec, vminq_f32)
DEFINE_2(v_max, vec, vmaxq_f32)
DEFINE_1(v_abs, vec, vec, vabsq_f32)
DEFINE_1(v_round, vec, vec, vrndnq_f32)
DEFINE_3(v_fma, vfmaq_f32)
DEFINE_3(v_fnma, vfmsq_f32)
INLINE float v_sum(vec x) {
    return vaddvq_f32(vaddq_f32(vaddq_f32(x.at[0], x.at[2]), vaddq_f32(x.at[1], x.at[3])));
}
INLINE float v_largest(vec x) {
    return vmaxvq_f32(vmaxq_f32(vmaxq_f32(x.at[0], x.at[2]), vmaxq_f32(x.at[1], x.at[3])));
}
/* Arm's maximum keeps what is no number. */
INLINE vec v_max_abs(vec a, vec b) { return v_max(a, v_abs(b)); }
INLINE float v_largest_abs(vec a) { return v_largest(a); }

/* ---- memory: numbers beyond the lanes are neither read nor written -------------------------------------- */

INLINE vec load_all(const float *x) {
    return (vec){{vld1q_f32(x), vld1q_f32(x + 4), vld1q_f32(x + 8), vld1q_f32(x + 12)}};
}
INLINE void store_all(float *x, vec v) {
    for (int i = 0; i < 4; i++) vst1q_f32(x + 4 * i, v.at[i]);
}
/* As many bytes as `count` things have, with zeros behind them; apart, since it is seldom needed. */
static __attribute__((noinline, cold)) void copy_some(void *to, const void *from, int64_t count, int64_t size) {
    memset(to, 0, LANES * size);
    if (count > 0) memcpy(to, from, count * size);
}

INLINE vec v_load(const float *x, lanes m) {
    if (__builtin_expect(m == LANES, 1)) return load_all(x);
    float some[LANES];
    copy_some(some, x, m, sizeof(float));
    return load_all(some);
}
INLINE void v_store(float *x, lanes m, vec v) {
    if (__builtin_expect(m == LANES, 1)) {
        store_all(x, v);
        return;
    }
    float some[LANES];
    store_all(some, v);
    if (m > 0) memcpy(x, some, m * sizeof(float));
}
INLINE vec v_only(lanes m, vec v) {
    if (__builtin_expect(m == LANES, 1)) return v;
    float all[LANES], some[LANES];
    store_all(all, v);
    copy_some(some, all, m, sizeof(float));
    return load_all(some);
}

INLINE vec widened(const uint16_t *x) {
    const uint16x8_t low = vld1q_u16(x), high = vld1q_u16(x + 8);
    return (vec){{vreinterpretq_f32_u32(vshll_n_u16(vget_low_u16(low), 16)),
                  vreinterpretq_f32_u32(vshll_high_n_u16(low, 16)),
                  vreinterpretq_f32_u32(vshll_n_u16(vget_low_u16(high), 16)),
                  vreinterpretq_f32_u32(vshll_high_n_u16(high, 16))}};
}
INLINE vec v_load_bfloat16(const uint16_t *x, lanes m) {
    if (__builtin_expect(m == LANES, 1)) return widened(x);
    uint16_t some[LANES];
    copy_some(some, x, m, sizeof(uint16_t));
    return widened(some);
}

/* Four float32 to bfloat16, rounded to even; what is no number stays none. */
INLINE uint16x4_t narrowed(float32x4_t x) {
    const uint32x4_t bits = vreinterpretq_u32_f32(x), odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
    const uint32x4_t rounded = vaddq_u32(vaddq_u32(bits, vdupq_n_u32(0x7FFF)), odd);
    const uint32x4_t nan = vorrq_u32(bits, vdupq_n_u32(0x400000)); /* rounding could make it infinite */
    return vshrn_n_u32(vbslq_u32(vceqq_f32(x, x), rounded, nan), 16);
}
INLINE void v_store_bfloat16(uint16_t *x, lanes m, vec v) {
    uint16_t some[LANES];
    uint16_t *to = m == LANES ? x : some;
    for (int i = 0; i < 4; i++) vst1_u16(to + 4 * i, narrowed(v.at[i]));
    if (m > 0 && m < LANES) memcpy(x, some, m * sizeof(uint16_t));
}

/* ---- comparisons ------------------------------------------------------------------------------------------ */

/* A bit for each lane of m whose mask is all ones. */
INLINE uint32_t bits_of(lanes m, uint32x4_t a, uint32x4_t b, uint32x4_t c, uint32x4_t d) {
    static const uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint16x8_t low = vcombine_u16(vmovn_u32(a), vmovn_u32(b)), high = vcombine_u16(vmovn_u32(c), vmovn_u32(d));
    const uint8x16_t all = vandq_u8(vcombine_u8(vmovn_u16(low), vmovn_u16(high)), vld1q_u8(bits));
    const uint32_t each = vaddv_u8(vget_low_u8(all)) | (uint32_t)vaddv_u8(vget_high_u8(all)) << 8;
    return m > 0 ? each & ((1u << m) - 1) : 0;
}
INLINE uint32_t v_above(lanes m, vec x, vec y) {
    return bits_of(m, vcgtq_f32(x.at[0], y.at[0]), vcgtq_f32(x.at[1], y.at[1]), vcgtq_f32(x.at[2], y.at[2]),
                   vcgtq_f32(x.at[3], y.at[3]));
}
INLINE uint32_t v_not_below(lanes m, vec x, vec y) {
    const uint32_t below = bits_of(m, vcltq_f32(x.at[0], y.at[0]), vcltq_f32(x.at[1], y.at[1]),
                                   vcltq_f32(x.at[2], y.at[2]), vcltq_f32(x.at[3], y.at[3]));
    return m > 0 ? ~below & ((1u << m) - 1) : 0;
}

/* n from -126 to 127. */
INLINE float32x4_t scaled(float32x4_t y, float32x4_t n, float32x4_t x, float least) {
    const int32x4_t power = vshlq_n_s32(vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127)), 23);
    const uint32x4_t result = vreinterpretq_u32_f32(vmulq_f32(y, vreinterpretq_f32_s32(power)));
    return vreinterpretq_f32_u32(vbicq_u32(result, vcltq_f32(x, vdupq_n_f32(least))));
}
INLINE vec v_scale(vec y, vec n, vec x, float least) {
#define SCALED(i) scaled(y.at[i], n.at[i], x.at[i], least)
    return EACH(vec, SCALED);
}

/* ---- integers ----------------------------------------------------------------------------------------------- */

INLINE ivec i_zero(void) {
    const int32x4_t zero = vdupq_n_s32(0);
    return (ivec){{zero, zero, zero, zero}};
}
DEFINE_2(i_add, ivec, vaddq_s32)
DEFINE_2(i_sub, ivec, vsubq_s32)
DEFINE_1(v_of, vec, ivec, vcvtq_f32_s32)
INLINE ivec i_load_all(const int32_t *x) {
    return (ivec){{vld1q_s32(x), vld1q_s32(x + 4), vld1q_s32(x + 8), vld1q_s32(x + 12)}};
}
INLINE ivec i_load(const int32_t *x, lanes m) {
    if (__builtin_expect(m == LANES, 1)) return i_load_all(x);
    int32_t some[LANES];
    copy_some(some, x, m, sizeof(int32_t));
    return i_load_all(some);
}
INLINE ivec i_load_bytes(const char *x) {
#define BYTES(i) vreinterpretq_s32_s8(vld1q_s8((const int8_t *)x + 16 * (i)))
    return EACH(ivec, BYTES);
}
INLINE vec v_load_int8(const char *x) {
    const int8x16_t bytes = vld1q_s8((const int8_t *)x);
    const int16x8_t low = vmovl_s8(vget_low_s8(bytes)), high = vmovl_high_s8(bytes);
    return v_of((ivec){{vmovl_s16(vget_low_s16(low)), vmovl_high_s16(low), vmovl_s16(vget_low_s16(high)),
                        vmovl_high_s16(high)}});
}

INLINE vec even_of(ivec pair) {
#define EVEN(i) vreinterpretq_f32_s32(vshlq_n_s32(pair.at[i], 16))
    return EACH(vec, EVEN);
}
INLINE vec odd_of(ivec pair) {
#define ODD(i) vreinterpretq_f32_s32(vandq_s32(pair.at[i], vdupq_n_s32((int32_t)0xFFFF0000)))
    return EACH(vec, ODD);
}

/* clamp(round(x * inverse_scale) + offset, -128, 127): every step saturates. */
INLINE int8x16_t quantized(vec x, float inverse_scale, int32_t offset) {
    const int32x4_t more = vdupq_n_s32(offset);
#define ROUNDED(i) vqaddq_s32(vcvtnq_s32_f32(vmulq_n_f32(x.at[i], inverse_scale)), more)
    const int16x8_t low = vqmovn_high_s32(vqmovn_s32(ROUNDED(0)), ROUNDED(1));
    const int16x8_t high = vqmovn_high_s32(vqmovn_s32(ROUNDED(2)), ROUNDED(3));
    return vqmovn_high_s16(vqmovn_s16(low), high);
}
INLINE void store_quantized(void *out, lanes m, vec x, float inverse_scale, float zero_point) {
    const int8x16_t q = quantized(x, inverse_scale, (int32_t)zero_point - CODE_ZERO);
    if (__builtin_expect(m == LANES, 1)) {
        vst1q_s8(out, q);
        return;
    }
    int8_t some[LANES];
    vst1q_s8(some, q);
    if (m > 0) memcpy(out, some, m);
}

INLINE vec v_low_byte(vec x) {
#define LOW_BYTE(i) vcvtq_f32_u32(vandq_u32(vcvtnq_u32_f32(x.at[i]), vdupq_n_u32(255)))
    return EACH(vec, LOW_BYTE);
}
INLINE void store_two_bytes(uint8_t *high, uint8_t *low, vec x) {
#define CODE(i) vmovn_u32(vcvtnq_u32_f32(x.at[i]))
    const uint16x8_t flip = vdupq_n_u16(0x8080);
    const uint16x8_t begin = veorq_u16(vcombine_u16(CODE(0), CODE(1)), flip);
    const uint16x8_t end = veorq_u16(vcombine_u16(CODE(2), CODE(3)), flip);
    vst1q_u8(high, vshrn_high_n_u16(vshrn_n_u16(begin, 8), end, 8));
    vst1q_u8(low, vmovn_high_u16(vmovn_u16(begin), end));
}

/* ---- what a strip takes of a row's inputs: 16 bytes a round, of which an instruction takes one of four ----- */

typedef float32x4_t quad;

INLINE quad quad_at(const char *x) { return vreinterpretq_f32_u8(vld1q_u8((const uint8_t *)x)); }
/* Macros, since a lane is a constant. */
#define v_fma_quad(sums, x, lane, w)                                                                           \
    ((vec){{vfmaq_laneq_f32((sums).at[0], (w).at[0], x, lane), vfmaq_laneq_f32((sums).at[1], (w).at[1], x, lane), \
            vfmaq_laneq_f32((sums).at[2], (w).at[2], x, lane), vfmaq_laneq_f32((sums).at[3], (w).at[3], x, lane)}})
#define DOT(sums, x, lane, w)                                                                                  \
    vdotq_laneq_s32(sums, vreinterpretq_s8_s32(w), vreinterpretq_s8_f32(x), lane)
#define i_dot_quad(sums, x, lane, w)                                                                           \
    ((ivec){{DOT((sums).at[0], x, lane, (w).at[0]), DOT((sums).at[1], x, lane, (w).at[1]),                     \
             DOT((sums).at[2], x, lane, (w).at[2]), DOT((sums).at[3], x, lane, (w).at[3])}})

#define ROUND_1 4
#define ROUND_2 2
#define EACH_1(STEP) STEP(0) STEP(1) STEP(2) STEP(3)
#define EACH_2(STEP) STEP(0) STEP(1)

/* Blocks have LANES outputs, so that each vector of a strip is a block. */
#define APART(steps, bytes) ((steps) * (bytes))
#define END_OF_STRIP(output, block) ((output) + MOST_GROUPS * LANES)

#define MOST_SUMS 4
#define MOST_ROWS(two_sums) ((two_sums) ? 2 : 4)
INLINE int64_t most_groups(int two_sums, int64_t rows) {
    const int64_t groups = MOST_SUMS / (rows * (two_sums ? 2 : 1));
    return groups > 0 ? groups : 1;
}

#endif
