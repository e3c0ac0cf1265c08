/* What the CPU and the operating system offer, before GAMUT_ISA is asked. One file for each architecture. */
#ifndef GAMUT_FEATURES_H
#define GAMUT_FEATURES_H

#include "gamut.h"

#define FEATURE(name) (UINT64_C(1) << GAMUT_##name)

/** A level of GAMUT_ISA: the features up to it. */
typedef struct isa_level {
    const char *name;
    uint64_t features;
} isa_level;

/** The levels of this architecture, rising; each contains those before it. The last one has no name. */
extern const isa_level gamut_isa_levels[];

/**
 * Asks the CPU.
 *
 * @param present set to what the CPU has
 * @return what the operating system lets be used of that
 */
uint64_t gamut_detect(uint64_t *present);

#endif
