#include "features.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What was found, once known. All threads that ask first find the same. */
static _Atomic uint64_t usable;
static _Atomic uint64_t present;
static _Atomic uint64_t allowed;
static atomic_bool known;

/* What GAMUT_ISA admits: all where it is not set. Null where it says nothing known. */
static const uint64_t *admitted(void) {
    static const uint64_t all = ~UINT64_C(0);
    const char *isa = getenv("GAMUT_ISA");
    if (isa == NULL || *isa == '\0') {
        return &all;
    }
    for (const isa_level *level = gamut_isa_levels; level->name != NULL; level++) {
        if (strcmp(isa, level->name) == 0) {
            return &level->features;
        }
    }
    return NULL;
}

static void detect(void) {
    if (!atomic_load_explicit(&known, memory_order_acquire)) {
        uint64_t has = 0;
        uint64_t saved = gamut_detect(&has);
        const uint64_t *admits = admitted();
        atomic_store(&present, has);
        atomic_store(&allowed, saved);
        atomic_store(&usable, saved & (admits == NULL ? 0 : *admits));
        atomic_store_explicit(&known, true, memory_order_release);
    }
}

uint64_t gamut_cpu_features(void) {
    detect();
    return atomic_load(&usable);
}

const char *gamut_feature_refusal(int32_t feature) {
    if (feature < 0 || feature >= GAMUT_FEATURES) {
        return NULL;
    }
    detect();
    uint64_t bit = UINT64_C(1) << feature;
    if (atomic_load(&usable) & bit) {
        return NULL;
    }
    if (!(atomic_load(&present) & bit)) {
        return "the CPU lacks it";
    }
    if (!(atomic_load(&allowed) & bit)) {
        return "the operating system does not let it be used";
    }
    return admitted() == NULL ? "GAMUT_ISA names no level of this architecture" : "GAMUT_ISA admits less";
}
