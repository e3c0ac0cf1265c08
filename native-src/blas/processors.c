#define _GNU_SOURCE

#include "processors.h"

#include <dlfcn.h>
#include <stdlib.h>

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
static void add_places(cpu_set_t *set) {
    int (*places)(void);
    int (*processors)(int place);
    void (*numbers)(int place, int *into);
    *(void **)&places = dlsym(RTLD_DEFAULT, "omp_get_num_places");
    *(void **)&processors = dlsym(RTLD_DEFAULT, "omp_get_place_num_procs");
    *(void **)&numbers = dlsym(RTLD_DEFAULT, "omp_get_place_proc_ids");
    int count = places == NULL || processors == NULL || numbers == NULL ? 0 : places();
    for (int place = 0; place < count; place++) {
        int into[CPU_SETSIZE], size = processors(place);
        if (size > 0 && size <= CPU_SETSIZE) {
            numbers(place, into);
            for (int i = 0; i < size; i++) {
                CPU_SET((size_t)into[i], set);
            }
        }
    }
}

int gamut_processors(cpu_set_t *set) {
    CPU_ZERO(set);
    if (sched_getaffinity(0, sizeof *set, set) != 0) {
        return 0;
    }
    if (binds()) {
        add_places(set);
    }
    return CPU_COUNT(set);
}
