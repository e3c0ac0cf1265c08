/* Peaks of x86-64 processors: AVX2, AVX-512 with its VNNI, BF16 and FP16 extensions, and AMX. */
#include <cpuid.h>
#include <immintrin.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

/* ---- What the CPU has and the system lets programs use. ---- */

enum reg { EAX, EBX, ECX, EDX };

/* A bit of a leaf of CPUID. */
static int cpu_bit(unsigned leaf, unsigned subleaf, enum reg reg, int bit) {
    unsigned r[4];
    return __get_cpuid_count(leaf, subleaf, &r[EAX], &r[EBX], &r[ECX], &r[EDX]) && (r[reg] >> bit & 1);
}

/* Whether the system saves all of some register sets, as numbered in XCR0. */
static int system_saves(unsigned sets) {
    unsigned low, high;
    if (!cpu_bit(1, 0, ECX, 27)) { /* OSXSAVE: XGETBV may be executed */
        return 0;
    }
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & sets) == sets;
}

static int has_avx2(void) { return cpu_bit(7, 0, EBX, 5) && cpu_bit(1, 0, ECX, 12) && system_saves(0x6); }
static int has_avx512f(void) { return has_avx2() && cpu_bit(7, 0, EBX, 16) && system_saves(0xe6); }
static int has_vnni(void) { return has_avx512f() && cpu_bit(7, 0, ECX, 11); }
static int has_bf16(void) { return has_avx512f() && cpu_bit(7, 1, EAX, 5); }

/* AMX with one of its operations: Linux grants the tiles' state to a process that asks for it. */
static int has_amx(int operation_bit) {
    if (!cpu_bit(7, 0, EDX, 24) || !cpu_bit(7, 0, EDX, operation_bit)) {
        return 0;
    }
#ifdef __linux__
    enum { ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18 };
    return system_saves(0x60000) && !syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) ? 1 : -1;
#else
    return -1;
#endif
}
static int has_amx_bf16(void) { return has_amx(22); }
static int has_amx_int8(void) { return has_amx(25); }

/* ---- Vectors. ---- */

/*
 * A loop of some chains of one instruction, which sees a chain as c and two factors as x and y. The empty assembler
 * statements keep the compiler from knowing what any of them holds, and so from leaving anything out. AVX2 has 16
 * registers, which 12 chains and two factors fit; AVX-512 has 32.
 */
#define VECTOR_PEAK(name, features, chains, C, start, F, first, second, instruction, operations)     \
    __attribute__((target(features))) static double name(int64_t steps) {                            \
        C chain[chains];                                                                             \
        F x = first, y = second;                                                                     \
        __asm__("" : "+v"(x), "+v"(y));                                                              \
        _Pragma("GCC unroll 32") for (int k = 0; k < chains; k++) {                                  \
            chain[k] = start;                                                                        \
            __asm__("" : "+v"(chain[k]));                                                            \
        }                                                                                            \
        for (int64_t i = 0; i < steps; i++) {                                                        \
            _Pragma("GCC unroll 32") for (int k = 0; k < chains; k++) {                              \
                C c = chain[k];                                                                      \
                chain[k] = instruction;                                                              \
            }                                                                                        \
        }                                                                                            \
        _Pragma("GCC unroll 32") for (int k = 0; k < chains; k++) {                                  \
            __asm__ volatile("" : : "v"(chain[k]));                                                  \
        }                                                                                            \
        return (double)steps * chains * operations;                                                  \
    }

VECTOR_PEAK(f64_avx2, "avx2,fma", 12, __m256d, _mm256_set1_pd(1), __m256d, _mm256_set1_pd(0.999), _mm256_set1_pd(0.001),
            _mm256_fmadd_pd(c, x, y), 8)
VECTOR_PEAK(f32_avx2, "avx2,fma", 12, __m256, _mm256_set1_ps(1), __m256, _mm256_set1_ps(0.999f), _mm256_set1_ps(0.001f),
            _mm256_fmadd_ps(c, x, y), 16)
VECTOR_PEAK(f64_avx512, "avx512f", 24, __m512d, _mm512_set1_pd(1), __m512d, _mm512_set1_pd(0.999), _mm512_set1_pd(0.001),
            _mm512_fmadd_pd(c, x, y), 16)
VECTOR_PEAK(f32_avx512, "avx512f", 24, __m512, _mm512_set1_ps(1), __m512, _mm512_set1_ps(0.999f), _mm512_set1_ps(0.001f),
            _mm512_fmadd_ps(c, x, y), 32)
VECTOR_PEAK(i8_vpdpbusd, "avx512f,avx512vnni", 24, __m512i, _mm512_set1_epi32(0), __m512i, _mm512_set1_epi8(3),
            _mm512_set1_epi8(-5), _mm512_dpbusd_epi32(c, x, y), 128)
VECTOR_PEAK(bf16_vdpbf16ps, "avx512f,avx512bf16", 24, __m512, _mm512_set1_ps(0), __m512bh,
            (__m512bh)_mm512_set1_epi16(0x3f80), (__m512bh)_mm512_set1_epi16(0x3f00), _mm512_dpbf16_ps(c, x, y), 64)

/* Compilers without these intrinsics report no FP16 peak: the table has no row of it then. */
#if __GNUC__ >= 12 || __clang_major__ >= 16
#define HAS_FP16_INTRINSICS 1
static int has_fp16(void) { return has_avx512f() && cpu_bit(7, 0, EBX, 30) && cpu_bit(7, 0, EDX, 23); }
VECTOR_PEAK(f16_avx512, "avx512f,avx512fp16", 24, __m512h, (__m512h)_mm512_set1_epi16(0x3c00), __m512h,
            (__m512h)_mm512_set1_epi16(0x3bf0), (__m512h)_mm512_set1_epi16(0x1400), _mm512_fmadd_ph(c, x, y), 64)
#endif

/* ---- Matrix tiles. ---- */

/* What LDTILECFG reads: all eight tiles with 16 rows of 64 bytes. */
static const struct {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
} TILES = {1, 0, {0}, {64, 64, 64, 64, 64, 64, 64, 64}, {16, 16, 16, 16, 16, 16, 16, 16}};

/*
 * Six accumulating tiles and two factors: a product takes 16 cycles and has its result after about 52, so that four
 * would do. The tiles are released before returning, as a thread that keeps them pays for them at every switch. What
 * intrinsics of GCC 12 say about memory is too little, hence constants that nobody stores to.
 */
#define TILE_PEAK(name, features, factor, instruction, operations)                                   \
    __attribute__((target(features))) static double name(int64_t steps) {                            \
        static const uint32_t ONES[256] = {[0 ... 255] = factor};                                    \
        _tile_loadconfig(&TILES);                                                                    \
        _tile_zero(0);                                                                               \
        _tile_zero(1);                                                                               \
        _tile_zero(2);                                                                               \
        _tile_zero(3);                                                                               \
        _tile_zero(4);                                                                               \
        _tile_zero(5);                                                                               \
        _tile_loadd(6, ONES, 64);                                                                    \
        _tile_loadd(7, ONES, 64);                                                                    \
        for (int64_t i = 0; i < steps; i++) {                                                        \
            instruction(0, 6, 7);                                                                    \
            instruction(1, 6, 7);                                                                    \
            instruction(2, 6, 7);                                                                    \
            instruction(3, 6, 7);                                                                    \
            instruction(4, 6, 7);                                                                    \
            instruction(5, 6, 7);                                                                    \
        }                                                                                            \
        _tile_release();                                                                             \
        return (double)steps * 6 * operations;                                                       \
    }

TILE_PEAK(amx_bf16, "amx-tile,amx-bf16", 0x3f803f80u, _tile_dpbf16ps, 2 * 16 * 16 * 32)
TILE_PEAK(amx_i8, "amx-tile,amx-int8", 0x01010101u, _tile_dpbssd, 2 * 16 * 16 * 64)

/*
 * Tiles that come from the first cache level, as a product of matrices has them: two by two tiles of 256 sums, four steps. A register loop does not see
 * that a unit which cores or guests share is slow: loading tiles is what takes four times as long then.
 */
__attribute__((target("amx-tile,amx-int8"))) static double amx_i8_l1(int64_t steps) {
    static const uint32_t PANELS[16][256] __attribute__((aligned(64))) = {[0 ... 15] = {[0 ... 255] = 0x01010101u}};
    _tile_loadconfig(&TILES);
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (int64_t i = 0; i < steps; i++) {
        for (int step = 0; step < 4; step++) {
            _tile_loadd(4, PANELS[4 * step], 64);
            _tile_loadd(5, PANELS[4 * step + 1], 64);
            _tile_loadd(6, PANELS[4 * step + 2], 64);
            _tile_loadd(7, PANELS[4 * step + 3], 64);
            _tile_dpbssd(0, 4, 6);
            _tile_dpbssd(1, 4, 7);
            _tile_dpbssd(2, 5, 6);
            _tile_dpbssd(3, 5, 7);
        }
    }
    _tile_release();
    return (double)steps * 16 * (2 * 16 * 16 * 64);
}

static const struct peak PEAKS[] = {
    {"f64_avx2", "AVX2", has_avx2, f64_avx2},
    {"f64_avx512", "AVX-512", has_avx512f, f64_avx512},
    {"f32_avx2", "AVX2", has_avx2, f32_avx2},
    {"f32_avx512", "AVX-512", has_avx512f, f32_avx512},
    {"i8_vpdpbusd", "AVX-512 VNNI", has_vnni, i8_vpdpbusd},
    {"bf16_vdpbf16ps", "AVX-512 BF16", has_bf16, bf16_vdpbf16ps},
    {"amx_bf16", "AMX BF16", has_amx_bf16, amx_bf16},
    {"amx_i8", "AMX INT8", has_amx_int8, amx_i8},
    {"amx_i8_l1", "AMX INT8", has_amx_int8, amx_i8_l1},
#ifdef HAS_FP16_INTRINSICS
    {"f16_avx512", "AVX-512 FP16", has_fp16, f16_avx512},
#endif
};
