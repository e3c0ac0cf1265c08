/* What the CPU and the operating system offer, before GAMUT_ISA is asked. One file for each architecture. */
#ifndef GAMUT_FEATURES_H
#define GAMUT_FEATURES_H

#include "gamut.h"

#define FEATURE(name) (UINT64_C(1) << GAMUT_##name)

/** A level of GAMUT_ISA: the features up to it, and what is said of the others. */
typedef struct isa_level {
    const char *name;
    uint64_t features;
    const char *refusal;
} isa_level;

#define ISA_LEVEL(name, features) {name, features, "GAMUT_ISA=" name " does not admit it"}

/** The levels of this architecture, rising; each contains those before it. The last one has no name. */
extern const isa_level gamut_isa_levels[];

/** What is said where GAMUT_ISA is none of them. */
extern const char gamut_isa_unknown[];

/**
 * Asks the CPU.
 *
 * @param present set to what the CPU has
 * @return what the operating system lets be used of that
 */
uint64_t gamut_detect(uint64_t *present);

#endif
