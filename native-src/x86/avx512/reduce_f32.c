/* F32, see the header. */
#include "reduce_f32.h"

#define S float
#define READ(p) LOAD(p)

#define EXACT 0
#define MIN(a, b) _mm512_min_ps(b, a)
#define MAX(a, b) _mm512_max_ps(b, a)
#define FLAGS __mmask16
#define UNORDERED(f, a, b) _kor_mask16(f, _mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q))
#define ANY(f) ((f) != 0)
#define BITS(v) _mm512_castps_si512(v)
#define EITHER(s, a, b) _mm512_castsi512_ps(_mm512_ternarylogic_epi32(BITS(s), BITS(a), BITS(b), 0xFE))
#define BOTH(s, a, b) _mm512_castsi512_ps(_mm512_ternarylogic_epi32(BITS(s), BITS(a), BITS(b), 0x80))

#define NAME(op, order) gamut_##op##_f32_##order##avx512

#include "../../generic/reduce.inc"
