/* native.c's vectors of 16 numbers, by AVX512 with VNNI. neon.h has the same for an Arm CPU. */
#include <immintrin.h>
#include <stdint.h>

#define LANES 16       /* numbers of a vector */
#define MOST_GROUPS 4  /* vectors of outputs of a strip */
#define CODE_ZERO 0    /* what is taken from a u8 code before it is multiplied: vpdpbusd takes it as it is */
#define AHEAD 4096     /* bytes of 8-bit weights asked for early, since widening them leaves no time to wait */
#define HAS_ODD_SUMS 1 /* even and odd sums are apart for bfloat16, so that fewer additions wait for each other */

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

/* The two bytes of integral x in 0 .. 2^16 - 1, less CODE_ZERO each. */
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

/* Steps of a round of a strip's loop, by how many 4 bytes of a row's inputs a step takes. */
#define ROUND_1 1
#define ROUND_2 1
#define EACH_1(STEP) STEP(0)
#define EACH_2(STEP) STEP(0)

/* Bytes from a vector of a strip's outputs to the next: they are side by side in a block. */
#define APART(steps, bytes) (bytes)
#define END_OF_STRIP(output, block) (((output) / (block) + 1) * (block))

/* Rows, and vectors of outputs for so many rows, of which the sums stay in registers. */
static inline int64_t most_rows(int two_sums) { return 4; }
static inline int64_t most_groups(int two_sums, int64_t rows) { return two_sums && rows == 4 ? 2 : MOST_GROUPS; }
