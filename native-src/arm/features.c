#include "../core/features.h"

#include <asm/hwcap.h>
#include <sys/auxv.h>

#define LEVEL_NEON \
    (FEATURE(FMA) | FEATURE(NEON) | FEATURE(DOTPROD) | FEATURE(I8MM) | FEATURE(ARM_BF16))
#define LEVEL_SVE (LEVEL_NEON | FEATURE(SVE))

const isa_level gamut_isa_levels[] = {
    ISA_LEVEL("generic", 0),
    ISA_LEVEL("neon", LEVEL_NEON),
    ISA_LEVEL("sve", LEVEL_SVE),
    ISA_LEVEL("sve2", LEVEL_SVE | FEATURE(SVE2)),
    {NULL, 0, NULL},
};
const char gamut_isa_unknown[] = "GAMUT_ISA is not one of generic, neon, sve, sve2";

/* The kernel tells what both the CPU has and it lets be used. */
uint64_t gamut_detect(uint64_t *present) {
    unsigned long first = getauxval(AT_HWCAP);
    unsigned long second = getauxval(AT_HWCAP2);
    uint64_t found = FEATURE(FMA) | FEATURE(NEON);
    found |= first & HWCAP_ASIMDDP ? FEATURE(DOTPROD) : 0;
    found |= first & HWCAP_SVE ? FEATURE(SVE) : 0;
    found |= second & HWCAP2_SVE2 ? FEATURE(SVE2) : 0;
    found |= second & HWCAP2_I8MM ? FEATURE(I8MM) : 0;
    found |= second & HWCAP2_BF16 ? FEATURE(ARM_BF16) : 0;
    *present = found;
    return found;
}
