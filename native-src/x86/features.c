#include "../core/features.h"

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of XCR0: the operating system saves XMM and YMM registers; masks and ZMM registers; tiles. */
#define SAVES_YMM 0x6u
#define SAVES_ZMM 0xE6u
#define SAVES_TILES 0x60000u

/* arch_prctl(2): a process asks once for the right to use tiles, the state of which is large. */
#define ARCH_REQ_XCOMP_PERM 0x1023
#define XFEATURE_XTILEDATA 18

#define LEVEL_AVX2 (FEATURE(AVX2) | FEATURE(FMA) | FEATURE(F16C) | FEATURE(AVX_VNNI))
#define LEVEL_AVX512 (LEVEL_AVX2 | FEATURE(AVX512))
#define LEVEL_VNNI (LEVEL_AVX512 | FEATURE(AVX512_VNNI) | FEATURE(AVX512_BF16) | FEATURE(AVX512_FP16))
#define LEVEL_AMX (LEVEL_VNNI | FEATURE(AMX_INT8) | FEATURE(AMX_BF16))

const isa_level gamut_isa_levels[] = {
    ISA_LEVEL("generic", 0),
    ISA_LEVEL("avx2", LEVEL_AVX2),
    ISA_LEVEL("avx512", LEVEL_AVX512),
    ISA_LEVEL("vnni", LEVEL_VNNI),
    ISA_LEVEL("amx", LEVEL_AMX),
    {NULL, 0, NULL},
};
const char gamut_isa_unknown[] = "GAMUT_ISA is not one of generic, avx2, avx512, vnni, amx";

static uint64_t xcr0(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static int has(uint32_t reg, int bit) {
    return (reg >> bit & 1) != 0;
}

#ifdef GAMUT_SIM
#define SIMULATED (FEATURE(AMX_INT8) | FEATURE(AMX_BF16))
#else
#define SIMULATED 0
#endif

uint64_t gamut_detect(uint64_t *present) {
    uint32_t a, b, c, d;
    uint64_t found = 0;
    *present = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d)) {
        return 0;
    }
    int osxsave = has(c, 27);
    found |= has(c, 12) ? FEATURE(FMA) : 0;
    found |= has(c, 29) ? FEATURE(F16C) : 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        int avx512 = has(b, 16) && has(b, 17) && has(b, 28) && has(b, 30) && has(b, 31);
        found |= has(b, 5) ? FEATURE(AVX2) : 0;
        found |= avx512 ? FEATURE(AVX512) : 0;
        found |= avx512 && has(c, 11) ? FEATURE(AVX512_VNNI) : 0;
        found |= avx512 && has(d, 23) ? FEATURE(AVX512_FP16) : 0;
        found |= has(d, 24) && has(d, 25) ? FEATURE(AMX_INT8) : 0;
        found |= has(d, 24) && has(d, 22) ? FEATURE(AMX_BF16) : 0;
        if (a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) {
            found |= has(a, 4) ? FEATURE(AVX_VNNI) : 0;
            found |= avx512 && has(a, 5) ? FEATURE(AVX512_BF16) : 0;
        }
    }
    *present = found | SIMULATED;

    uint64_t saved = osxsave ? xcr0() : 0;
    uint64_t usable = 0;
    if ((saved & SAVES_YMM) == SAVES_YMM) {
        usable |= LEVEL_AVX2;
    }
    if ((saved & SAVES_ZMM) == SAVES_ZMM) {
        usable |= LEVEL_VNNI;
    }
    int tiles = (found & (FEATURE(AMX_INT8) | FEATURE(AMX_BF16))) != 0 && (saved & SAVES_TILES) == SAVES_TILES;
    if (tiles && syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0) {
        usable |= LEVEL_AMX & ~LEVEL_VNNI; /* it may save tiles and no ZMM registers */
    }
    return (found & usable) | SIMULATED;
}
