/*
 * A product by cuBLASLt as a C programmer calls it: operands in memory of the device, descriptors and the library's first choice of an
 * algorithm made once, one call a product, and a wait for its end. Gamut's way to cuBLASLt is held against it. Both libraries are opened by
 * name, the files that GAMUT_CUDA and GAMUT_CUBLASLT name first, and what is used of them is declared here, since machines that have the
 * libraries seldom have their headers. One thread at a time.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef void *handle;

enum {
    TO_DEVICE = 1,
    TO_HOST = 2,
    NON_BLOCKING = 1,
    DESC_TRANSA = 3,
    OP_T = 1,
    PREF_WORKSPACE_BYTES = 1,
    PROPERTIES = 16384
};

/* NVIDIA's advice for its largest GPUs, and what Gamut gives the library. */
static const size_t WORKSPACE = 32u << 20;

/* Numbers of cudaDataType and cublasComputeType_t. */
static const struct type {
    const char *name;
    int operands, bytes, compute, scale, result, result_bytes;
} types[] = {
    {"f64", 1, 8, 70, 1, 1, 8}, {"f32", 0, 4, 68, 0, 0, 4}, {"f16", 2, 2, 68, 0, 0, 4}, {"bf16", 14, 2, 68, 0, 0, 4}, {"i8", 3, 1, 72, 10, 10, 4},
};

typedef struct {
    uint64_t algorithm[8];
    size_t workspace;
    int status;
    float waves;
    int reserved[4];
} choice;

static int (*device_count)(int *);
static int (*device_properties)(void *, int);
static int (*set_device)(int);
static int (*allocate)(void **, size_t);
static int (*release)(void *);
static int (*copy)(void *, const void *, size_t, int, handle);
static int (*stream_create)(handle *, unsigned);
static int (*stream_destroy)(handle);
static int (*stream_synchronize)(handle);
static int (*create)(handle *);
static int (*destroy)(handle);
static int (*desc_create)(handle *, int, int);
static int (*desc_destroy)(handle);
static int (*desc_set)(handle, int, const void *, size_t);
static int (*layout_create)(handle *, int, uint64_t, uint64_t, int64_t);
static int (*layout_destroy)(handle);
static int (*preference_create)(handle *);
static int (*preference_destroy)(handle);
static int (*preference_set)(handle, int, const void *, size_t);
static int (*heuristic)(handle, handle, handle, handle, handle, handle, handle, int, choice *, int *);
static int (*matmul)(handle, handle, const void *, const void *, handle, const void *, handle, const void *, const void *, handle, void *, handle,
                     const void *, void *, size_t, handle);

static const struct {
    void *function;
    const char *name;
} functions[] = {
    {&device_count, "cudaGetDeviceCount"},
    {&device_properties, "cudaGetDeviceProperties"},
    {&set_device, "cudaSetDevice"},
    {&allocate, "cudaMalloc"},
    {&release, "cudaFree"},
    {&copy, "cudaMemcpyAsync"},
    {&stream_create, "cudaStreamCreateWithFlags"},
    {&stream_destroy, "cudaStreamDestroy"},
    {&stream_synchronize, "cudaStreamSynchronize"},
    {&create, "cublasLtCreate"},
    {&destroy, "cublasLtDestroy"},
    {&desc_create, "cublasLtMatmulDescCreate"},
    {&desc_destroy, "cublasLtMatmulDescDestroy"},
    {&desc_set, "cublasLtMatmulDescSetAttribute"},
    {&layout_create, "cublasLtMatrixLayoutCreate"},
    {&layout_destroy, "cublasLtMatrixLayoutDestroy"},
    {&preference_create, "cublasLtMatmulPreferenceCreate"},
    {&preference_destroy, "cublasLtMatmulPreferenceDestroy"},
    {&preference_set, "cublasLtMatmulPreferenceSetAttribute"},
    {&heuristic, "cublasLtMatmulAlgoGetHeuristic"},
    {&matmul, "cublasLtMatmul"},
};

typedef struct product {
    const struct type *type;
    size_t bytes;
    handle stream, blas, desc, left, right, result, preference;
    void *a, *b, *c, *workspace;
    choice by;
} product;

/* The first of a library's names that the loader knows. */
static void *opened(const char *variable, const char *const *names) {
    const char *given = getenv(variable);
    void *library = given == NULL ? NULL : dlopen(given, RTLD_NOW | RTLD_GLOBAL);
    for (; library == NULL && *names != NULL; names++) library = dlopen(*names, RTLD_NOW | RTLD_GLOBAL);
    return library;
}

/* Opens both libraries; answers why not, or NULL. */
EXPORT const char *gamut_product_open(void) {
    static const char *const runtimes[] = {"libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0", "libcudart.so",
                                           "/usr/local/cuda/lib64/libcudart.so", NULL};
    static const char *const blases[] = {"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so.11", "libcublasLt.so",
                                         "/usr/local/cuda/lib64/libcublasLt.so", NULL};
    void *runtime = opened("GAMUT_CUDA", runtimes), *blas = opened("GAMUT_CUBLASLT", blases);
    if (runtime == NULL) return "there is no libcudart.so";
    if (blas == NULL) return "there is no libcublasLt.so";
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *found = dlsym(strncmp(functions[i].name, "cuda", 4) == 0 ? runtime : blas, functions[i].name);
        if (found == NULL) return functions[i].name;
        memcpy(functions[i].function, &found, sizeof found);
    }
    return NULL;
}

/* The number of the first device of that name, or -1. */
static int device_named(const char *name) {
    int count = 0;
    char *properties = malloc(PROPERTIES); /* the name comes first in what newer libraries make longer */
    if (properties == NULL || device_count(&count) != 0) count = 0;
    int found = -1;
    for (int i = 0; i < count && found < 0; i++) {
        if (device_properties(properties, i) == 0 && strcmp(properties, name) == 0) found = i;
    }
    free(properties);
    return found;
}

EXPORT void gamut_product_free(product *p) {
    void *memory[] = {p->a, p->b, p->c, p->workspace};
    handle layouts[] = {p->left, p->right, p->result};
    for (int i = 0; i < 4; i++) {
        if (memory[i] != NULL) release(memory[i]);
    }
    for (int i = 0; i < 3; i++) {
        if (layouts[i] != NULL) layout_destroy(layouts[i]);
    }
    if (p->desc != NULL) desc_destroy(p->desc);
    if (p->preference != NULL) preference_destroy(p->preference);
    if (p->blas != NULL) destroy(p->blas);
    if (p->stream != NULL) stream_destroy(p->stream);
    free(p);
}

static int filled(product *p, void **to, size_t bytes, const void *from) {
    return allocate(to, bytes) == 0 && copy(*to, from, bytes, TO_DEVICE, p->stream) == 0 && stream_synchronize(p->stream) == 0;
}

/* C's rows are the columns that the library thinks in: it computes the transpose of C, from that of B on the left and that of A. */
static int described(product *p, int transposed, size_t m, size_t n, size_t k) {
    const struct type *t = p->type;
    const int32_t way = transposed ? OP_T : 0;
    int answers = 0;
    return create(&p->blas) == 0 && desc_create(&p->desc, t->compute, t->scale) == 0 &&
           desc_set(p->desc, DESC_TRANSA, &way, sizeof way) == 0 &&
           layout_create(&p->left, t->operands, transposed ? k : n, transposed ? n : k, (int64_t)(transposed ? k : n)) == 0 &&
           layout_create(&p->right, t->operands, k, m, (int64_t)k) == 0 && layout_create(&p->result, t->result, n, m, (int64_t)n) == 0 &&
           preference_create(&p->preference) == 0 &&
           preference_set(p->preference, PREF_WORKSPACE_BYTES, &WORKSPACE, sizeof WORKSPACE) == 0 &&
           heuristic(p->blas, p->desc, p->left, p->right, p->result, p->result, p->preference, 1, &p->by, &answers) == 0 && answers == 1 &&
           p->by.status == 0;
}

/* A and B, as their rows are stored, on a device, to be multiplied; NULL where the device, memory of it or an algorithm is not to be had. */
EXPORT product *gamut_product_new(const char *device, const char *type, int transposed, size_t m, size_t n, size_t k, const void *a,
                                  const void *b) {
    int on = device_named(device);
    product *p = calloc(1, sizeof *p);
    if (p == NULL) return NULL;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, type) == 0) p->type = &types[i];
    }
    if (on >= 0 && p->type != NULL && set_device(on) == 0 && stream_create(&p->stream, NON_BLOCKING) == 0) {
        p->bytes = m * n * (size_t)p->type->result_bytes;
        if (filled(p, &p->a, m * k * (size_t)p->type->bytes, a) && filled(p, &p->b, k * n * (size_t)p->type->bytes, b) &&
            allocate(&p->c, p->bytes) == 0 && allocate(&p->workspace, WORKSPACE) == 0 && described(p, transposed, m, n, k)) {
            return p;
        }
    }
    gamut_product_free(p);
    return NULL;
}

/* Multiplies once and waits; cuBLASLt's status, or CUDA's. */
EXPORT int gamut_product_run(product *p) {
    const double one = 1, none = 0;
    const float one_f = 1, none_f = 0;
    const int32_t one_i = 1, none_i = 0;
    const void *alpha = p->type->scale == 1 ? (const void *)&one : p->type->scale == 0 ? (const void *)&one_f : &one_i;
    const void *beta = p->type->scale == 1 ? (const void *)&none : p->type->scale == 0 ? (const void *)&none_f : &none_i;
    int status = matmul(p->blas, p->desc, alpha, p->b, p->left, p->a, p->right, beta, p->c, p->result, p->c, p->result, p->by.algorithm,
                        p->workspace, p->by.workspace, p->stream);
    return status != 0 ? status : stream_synchronize(p->stream);
}

/* The result, row after row. */
EXPORT int gamut_product_result(product *p, void *to) {
    int status = copy(to, p->c, p->bytes, TO_HOST, p->stream);
    return status != 0 ? status : stream_synchronize(p->stream);
}
