/*
 * The BLAS of the system, which has the routines that this library leaves to others. It is looked for when one of them is called for the
 * first time; linking and loading never fail for want of it.
 */
#define _GNU_SOURCE

#include "blas.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A slot of stubs.S: where the routine is, and three names, each behind the 0 of the one before; empty: none of this kind. */
typedef struct routine {
    _Atomic(void *) place;
    char names[];
} routine;

/* Its name; and for integers of 64 bits how others spell that, and what it is called where there are no other integers. */
typedef struct names {
    const char *name, *spelling, *plain;
    int wide;
} names;

typedef struct library {
    const char *file;
    /* Has no integers of 32 bits. */
    int wide;
    int opened;
    void *handle;
    /* Why it cannot be used. */
    char *fault;
} library;

/*
 * In this order. Those without integers of 32 bits are not opened for routines with such ones. MKL's dispatching library comes last: unless
 * it is told otherwise, it returns complex numbers in another way than gfortran expects.
 */
static library system_libraries[] = {
    {.file = "libopenblas64_.so.0", .wide = 1},
    {.file = "libopenblas64.so.0", .wide = 1},
    {.file = "libblas64.so.3", .wide = 1},
    {.file = "libopenblas.so.0"},
    {.file = "libblis.so.4"},
    {.file = "libblas.so.3"},
    {.file = "libcblas.so.3"},
    {.file = "libmkl_rt.so.3"},
    {.file = "libmkl_rt.so.2"},
    {.file = "libmkl_rt.so"},
    {.file = NULL},
};

/* The one that GAMUT_BLAS names, if any. */
static library named_library[2];

/* Where to look; ends with one that has no name. */
static library *libraries;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A child of fork has none of the other threads, one of which might be looking for a routine. */
static void before_fork(void) {
    pthread_mutex_lock(&lock);
}

static void after_fork(void) {
    pthread_mutex_unlock(&lock);
}

static void choose_libraries(void) {
    const char *file = getenv("GAMUT_BLAS");
    libraries = file == NULL || *file == '\0' ? system_libraries : named_library;
    if (libraries == named_library && strcmp(file, "none") != 0) {
        named_library->file = strdup(file);
    }
    pthread_atfork(before_fork, after_fork, after_fork);
}

/* Whether it is this library, or leads to one of its kind: that would send every call back. */
static int is_gamut(void *handle) {
    return dlsym(handle, "gamut_abi_version") != NULL;
}

/*
 * Whether integers have 64 bits there under the plain names, which a file's name need not tell: the length of a vector is 1 in its lower
 * half, and negative as a whole. (So does libblastrampoline, autodetect_blas_interface.)
 */
static int is_wide(void *handle) {
    int (*index_of_largest)(const void *n, const float *x, const void *inc);
    *(void **)&index_of_largest = dlsym(handle, "isamax_");
    const int64_t n = INT64_MIN + 1, inc = 1;
    const float x = 1;
    return index_of_largest != NULL && index_of_largest(&n, &x, &inc) == 0;
}

/*
 * Whether CBLAS there calls Fortran's routines, as the reference does, and comes to those of this library, whose integers under the plain names
 * have 32 bits: they see two numbers, the second of which is larger.
 */
static int comes_back(void *handle) {
    size_t (*index_of_largest)(int64_t n, const float *x, int64_t inc);
    *(void **)&index_of_largest = dlsym(handle, "cblas_isamax");
    return index_of_largest != NULL && index_of_largest(INT64_MIN + 2, (const float[]){1, 2}, 1) == 1;
}

static void *look_into(void *handle, const names *x) {
    void *found = dlsym(handle, x->name);
    if (!x->wide) {
        return found != NULL && is_wide(handle) ? NULL : found;
    }
    found = found != NULL ? found : dlsym(handle, x->spelling);
    void *plain = found != NULL ? NULL : dlsym(handle, x->plain);
    int cblas = strncmp(x->plain, "cblas_", strlen("cblas_")) == 0;
    return plain != NULL && is_wide(handle) && !(cblas && comes_back(handle)) ? plain : found;
}

/* Files that the process has loaded. */
typedef struct loaded {
    int count;
    char *files[1000];
} loaded;

static int collect(struct dl_phdr_info *info, size_t size, void *data) {
    (void)size;
    loaded *x = data;
    char *file = *info->dlpi_name == '\0' ? NULL : strdup(info->dlpi_name);
    if (file != NULL) {
        x->files[x->count++] = file;
    }
    return x->count == sizeof x->files / sizeof *x->files;
}

/* Among what the process has loaded: with its program, or as an extension brought a BLAS of its own, from which this library took over. */
static void *look_around(const names *x) {
    loaded all = {.count = 0};
    void *found = NULL;
    dl_iterate_phdr(collect, &all);
    for (int i = 0; i < all.count; i++) {
        void *handle = found == NULL ? dlopen(all.files[i], RTLD_LAZY | RTLD_NOLOAD) : NULL;
        if (handle != NULL && !is_gamut(handle)) {
            found = look_into(handle, x);
        }
        if (handle != NULL && found == NULL) {
            dlclose(handle);
        }
        free(all.files[i]);
    }
    return found;
}

/* There where the address sanitizer is, which ends programs that ask for RTLD_DEEPBIND. */
__attribute__((weak)) void __asan_init(void);

/*
 * Opens a library, once: such that what has other integers under names that this library has too comes to its own routines. It has no
 * effect on what the process has loaded already.
 */
static void open_library(library *x) {
    if (x->opened) {
        return;
    }
    x->opened = 1;
    x->handle = dlopen(x->file, RTLD_LAZY | RTLD_LOCAL);
    if (x->handle != NULL && is_wide(x->handle) && __asan_init == NULL) {
        dlclose(x->handle);
        x->handle = dlopen(x->file, RTLD_LAZY | RTLD_LOCAL | RTLD_DEEPBIND);
    }
    if (x->handle == NULL) {
        const char *fault = dlerror();
        x->fault = fault == NULL ? NULL : strdup(fault);
    } else if (is_gamut(x->handle)) {
        x->handle = NULL;
        x->fault = strdup("it is Gamut itself");
    }
}

static void *look_up(const names *x) {
    void *found = libraries == named_library ? NULL : look_around(x);
    for (library *from = libraries; found == NULL && from->file != NULL; from++) {
        if (x->wide || !from->wide) {
            open_library(from);
            found = from->handle == NULL ? NULL : look_into(from->handle, x);
        }
    }
    return found;
}

/* Says what is missing and ends the program, as the reference BLAS does where it cannot go on. */
static void miss(const names *x) {
    fprintf(stderr, "gamut: %s is left to a BLAS of the system, and none was found that has it with integers of %d bits; ", x->name,
            x->wide ? 64 : 32);
    if (libraries == named_library) {
        const char *fault = named_library->fault;
        fprintf(stderr, "GAMUT_BLAS=%s%s%s\n", getenv("GAMUT_BLAS"), fault == NULL ? "" : ": ", fault == NULL ? "" : fault);
    } else {
        fprintf(stderr, "looked for");
        for (const library *from = libraries; from->file != NULL; from++) {
            if (x->wide || !from->wide) {
                fprintf(stderr, " %s", from->file);
            }
        }
        fprintf(stderr, "; GAMUT_BLAS can name another file\n");
    }
    exit(EXIT_FAILURE);
}

/* Finds a routine whose slot does not point to it yet. Threads that come first find the same; none is cancelled in a library's constructors. */
void *gamut_find_routine(routine *slot) {
    names x = {.name = slot->names};
    x.spelling = x.name + strlen(x.name) + 1;
    x.plain = x.spelling + strlen(x.spelling) + 1;
    x.wide = *x.plain != '\0';
    int cancels;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancels);
    pthread_once(&once, choose_libraries);
    pthread_mutex_lock(&lock);
    void *found = look_up(&x);
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(cancels, NULL);
    if (found == NULL) {
        miss(&x);
    }
    atomic_store(&slot->place, found);
    return found;
}
