#define _GNU_SOURCE

#include "processors.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

/* No machine has so many. */
#define BEYOND (1 << 20)

/* Whether the environment has OpenMP bind threads: the initial one, too, and as soon as the runtime is loaded. */
static int binds(void) {
    static const char *const names[] = {"OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY", "KMP_AFFINITY"};
    int set = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        set |= getenv(names[i]) != NULL;
    }
    return set;
}

/* The runtime's places are within what the process had when it started, which a batch system or taskset may have limited. */
static void add_places(cpu_set_t *set, size_t bytes) {
    int (*places)(void);
    int (*processors)(int place);
    void (*numbers)(int place, int *into);
    *(void **)&places = dlsym(RTLD_DEFAULT, "omp_get_num_places");
    *(void **)&processors = dlsym(RTLD_DEFAULT, "omp_get_place_num_procs");
    *(void **)&numbers = dlsym(RTLD_DEFAULT, "omp_get_place_proc_ids");
    int count = places == NULL || processors == NULL || numbers == NULL ? 0 : places();
    for (int place = 0; place < count; place++) {
        int size = processors(place);
        int *into = size > 0 ? malloc((size_t)size * sizeof *into) : NULL;
        if (into != NULL) {
            numbers(place, into);
            for (int i = 0; i < size; i++) {
                CPU_SET_S((size_t)into[i], bytes, set);
            }
            free(into);
        }
    }
}

/* The kernel refuses sets that are smaller than its own, and does not say how large that is. */
cpu_set_t *gamut_processors(size_t *bytes) {
    for (size_t most = CPU_SETSIZE; most < BEYOND; most *= 2) {
        cpu_set_t *set = CPU_ALLOC(most);
        if (set == NULL) {
            return NULL;
        }
        *bytes = CPU_ALLOC_SIZE(most);
        CPU_ZERO_S(*bytes, set);
        if (sched_getaffinity(0, *bytes, set) == 0) {
            if (binds()) {
                add_places(set, *bytes);
            }
            return set;
        }
        CPU_FREE(set);
        if (errno != EINVAL) {
            return NULL;
        }
    }
    return NULL;
}
