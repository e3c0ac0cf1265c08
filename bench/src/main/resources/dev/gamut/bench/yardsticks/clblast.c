/*
 * A product by CLBlast as a C programmer calls it: operands in memory of the device, one call, and a wait for its end. Gamut's way to
 * CLBlast and its own kernels are held against it. Both libraries are opened by name and what is used of them is declared here, since
 * machines that have the libraries seldom have their headers. One thread at a time.
 *
 * Built and run with CLBlast 1.5.3 on PoCL 3.1.
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
    DEVICE_TYPE_ALL = -1,
    DEVICE_NAME = 0x102B,
    MEM_READ_WRITE = 1,
    BLOCKING = 1,
    ROW_MAJOR = 101,
    NOT_TRANSPOSED = 111,
    MOST = 16
};

static int32_t (*get_platforms)(uint32_t, handle *, uint32_t *);
static int32_t (*get_devices)(handle, uint64_t, uint32_t, handle *, uint32_t *);
static int32_t (*get_device_info)(handle, uint32_t, size_t, void *, size_t *);
static handle (*create_context)(const intptr_t *, uint32_t, const handle *, void *, void *, int32_t *);
static handle (*create_queue)(handle, handle, uint64_t, int32_t *);
static handle (*create_buffer)(handle, uint64_t, size_t, void *, int32_t *);
static int32_t (*write_buffer)(handle, handle, uint32_t, size_t, size_t, const void *, uint32_t, const handle *, handle *);
static int32_t (*read_buffer)(handle, handle, uint32_t, size_t, size_t, void *, uint32_t, const handle *, handle *);
static int32_t (*finish)(handle);
static int32_t (*release_buffer)(handle);
static int32_t (*release_queue)(handle);
static int32_t (*release_context)(handle);
static int (*sgemm)(int, int, int, size_t, size_t, size_t, float, handle, size_t, size_t, handle, size_t, size_t, float, handle,
                    size_t, size_t, handle *, handle *);

static const struct {
    void *function;
    const char *name;
} functions[] = {
    {&get_platforms, "clGetPlatformIDs"},     {&get_devices, "clGetDeviceIDs"},        {&get_device_info, "clGetDeviceInfo"},
    {&create_context, "clCreateContext"},     {&create_queue, "clCreateCommandQueue"}, {&create_buffer, "clCreateBuffer"},
    {&write_buffer, "clEnqueueWriteBuffer"},  {&read_buffer, "clEnqueueReadBuffer"},   {&finish, "clFinish"},
    {&release_buffer, "clReleaseMemObject"},  {&release_queue, "clReleaseCommandQueue"}, {&release_context, "clReleaseContext"},
    {&sgemm, "CLBlastSgemm"},
};

typedef struct product {
    size_t m, n, k;
    handle context, queue, a, b, c;
} product;

/* Opens both libraries; answers why not, or NULL. */
EXPORT const char *gamut_product_open(void) {
    if (dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_GLOBAL) == NULL) return "there is no libOpenCL.so.1";
    void *blas = dlopen("libclblast.so.1", RTLD_NOW);
    if (blas == NULL) return "there is no libclblast.so.1";
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *found = dlsym(blas, functions[i].name); /* those of OpenCL too, which it needs */
        if (found == NULL) return functions[i].name;
        memcpy(functions[i].function, &found, sizeof found);
    }
    return NULL;
}

/* The device of that name, or NULL. */
static handle device_named(const char *name) {
    handle platforms[MOST], devices[MOST];
    uint32_t count = 0, found;
    char text[256];
    get_platforms(MOST, platforms, &count);
    for (uint32_t p = 0; p < count && p < MOST; p++) {
        if (get_devices(platforms[p], (uint64_t)DEVICE_TYPE_ALL, MOST, devices, &found) != 0) continue;
        for (uint32_t d = 0; d < found && d < MOST; d++) {
            if (get_device_info(devices[d], DEVICE_NAME, sizeof text, text, NULL) == 0 && strcmp(text, name) == 0) return devices[d];
        }
    }
    return NULL;
}

EXPORT void gamut_product_free(product *p) {
    handle buffers[] = {p->a, p->b, p->c};
    for (int i = 0; i < 3; i++) {
        if (buffers[i] != NULL) release_buffer(buffers[i]);
    }
    if (p->queue != NULL) release_queue(p->queue);
    if (p->context != NULL) release_context(p->context);
    free(p);
}

static handle filled(product *p, size_t elements, const float *from) {
    int32_t status;
    handle buffer = create_buffer(p->context, MEM_READ_WRITE, elements * sizeof *from, NULL, &status);
    if (buffer != NULL && from != NULL) write_buffer(p->queue, buffer, BLOCKING, 0, elements * sizeof *from, from, 0, NULL, NULL);
    return buffer;
}

/* Rows of A and B on a device, to be multiplied; NULL where the device or memory of it is not to be had. */
EXPORT product *gamut_product_new(const char *device, const char *type, int transposed, size_t m, size_t n, size_t k, const float *a,
                                  const float *b) {
    handle on = device_named(device);
    product *p = calloc(1, sizeof *p);
    int32_t status;
    if (on == NULL || p == NULL || transposed || strcmp(type, "f32") != 0) {
        free(p);
        return NULL;
    }
    p->m = m, p->n = n, p->k = k;
    p->context = create_context(NULL, 1, &on, NULL, NULL, &status);
    if (p->context != NULL) p->queue = create_queue(p->context, on, 0, &status);
    if (p->queue != NULL) p->a = filled(p, m * k, a), p->b = filled(p, k * n, b), p->c = filled(p, m * n, NULL);
    if (p->a != NULL && p->b != NULL && p->c != NULL) return p;
    gamut_product_free(p);
    return NULL;
}

/* Multiplies once and waits; CLBlast's status, or OpenCL's. */
EXPORT int gamut_product_run(product *p) {
    int status = sgemm(ROW_MAJOR, NOT_TRANSPOSED, NOT_TRANSPOSED, p->m, p->n, p->k, 1, p->a, 0, p->k, p->b, 0, p->n, 0, p->c, 0, p->n,
                       &p->queue, NULL);
    return status != 0 ? status : finish(p->queue);
}

/* The result, row after row. */
EXPORT int gamut_product_result(product *p, float *to) {
    return read_buffer(p->queue, p->c, BLOCKING, 0, p->m * p->n * sizeof *to, to, 0, NULL, NULL);
}
