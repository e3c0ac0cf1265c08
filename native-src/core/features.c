#include "features.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What was found, once known. All threads that ask first find the same. */
static _Atomic uint64_t usable;
static _Atomic uint64_t present;
static _Atomic uint64_t allowed;
static const isa_level *_Atomic cap;
static atomic_bool known;

/* The level that GAMUT_ISA names: one that admits all where it is not set, and none where it names no level. */
static const isa_level *admitted(void) {
    static const isa_level all = {"", ~UINT64_C(0), NULL};
    static const isa_level none = {"", 0, gamut_isa_unknown};
    const char *isa = getenv("GAMUT_ISA");
    if (isa == NULL || *isa == '\0') {
        return &all;
    }
    for (const isa_level *level = gamut_isa_levels; level->name != NULL; level++) {
        if (strcmp(isa, level->name) == 0) {
            return level;
        }
    }
    return &none;
}

static void detect(void) {
    if (!atomic_load_explicit(&known, memory_order_acquire)) {
        uint64_t has = 0;
        uint64_t saved = gamut_detect(&has);
        const isa_level *admits = admitted();
        atomic_store(&cap, admits);
        atomic_store(&present, has);
        atomic_store(&allowed, saved);
        atomic_store(&usable, saved & admits->features);
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
    return atomic_load(&cap)->refusal;
}
