/*
 * The system's OpenCL as it is, but that the n-th call from now of a function can be made to fail without doing anything (gamut_sim_fail), and
 * that calls (gamut_sim_calls) and objects (gamut_sim_open) are counted. Other libraries, such as CLBlast, still call the system's.
 *
 * All parameters of these functions are integers or pointers, at most nine: as machine words they are passed on as they came, whatever their
 * types and number. That holds where the first few are in registers and the rest lie on the stack, a word each: x86-64 and arm64 of Linux.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

/* What a function that returns an object takes the address of its status as; -1: it returns its status. */
enum { RETURNED = -1 };

/* Name, parameter of the status, objects more where it succeeds. */
#define FUNCTIONS(F)                                                                                                               \
    F(clGetPlatformIDs, RETURNED, 0)                                                                                               \
    F(clGetPlatformInfo, RETURNED, 0)                                                                                              \
    F(clGetDeviceIDs, RETURNED, 0)                                                                                                 \
    F(clGetDeviceInfo, RETURNED, 0)                                                                                                \
    F(clCreateContext, 5, 1)                                                                                                       \
    F(clCreateCommandQueue, 3, 1)                                                                                                  \
    F(clReleaseCommandQueue, RETURNED, -1)                                                                                         \
    F(clCreateBuffer, 4, 1)                                                                                                        \
    F(clReleaseMemObject, RETURNED, -1)                                                                                            \
    F(clEnqueueReadBuffer, RETURNED, 0)                                                                                            \
    F(clEnqueueWriteBuffer, RETURNED, 0)                                                                                           \
    F(clEnqueueCopyBuffer, RETURNED, 0)                                                                                            \
    F(clEnqueueFillBuffer, RETURNED, 0)                                                                                            \
    F(clEnqueueMarkerWithWaitList, RETURNED, 1)                                                                                    \
    F(clEnqueueBarrierWithWaitList, RETURNED, 0)                                                                                   \
    F(clGetEventInfo, RETURNED, 0)                                                                                                 \
    F(clWaitForEvents, RETURNED, 0)                                                                                                \
    F(clReleaseEvent, RETURNED, -1)                                                                                                \
    F(clFinish, RETURNED, 0)                                                                                                       \
    F(clFlush, RETURNED, 0)                                                                                                        \
    F(clCreateProgramWithSource, 4, 1)                                                                                             \
    F(clBuildProgram, RETURNED, 0)                                                                                                 \
    F(clGetProgramBuildInfo, RETURNED, 0)                                                                                          \
    F(clReleaseProgram, RETURNED, -1)                                                                                              \
    F(clCreateKernel, 2, 1)                                                                                                        \
    F(clSetKernelArg, RETURNED, 0)                                                                                                 \
    F(clReleaseKernel, RETURNED, -1)                                                                                               \
    F(clEnqueueNDRangeKernel, RETURNED, 0)

typedef long call(long, long, long, long, long, long, long, long, long);

typedef struct function {
    const char *name;
    int status;
    int objects;
    call *real;
    long count;
    long fails_at; /* 0: never */
    int code;
} function;

#define ENTRY(name, status, objects) {#name, status, objects, NULL, 0, 0, 0},
static function functions[] = {FUNCTIONS(ENTRY)};

enum { COUNT = sizeof(functions) / sizeof(functions[0]) };

#define PLACE(name, status, objects) PLACE_OF_##name,
enum { FUNCTIONS(PLACE) };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long open_objects;

__attribute__((constructor)) static void find(void) {
    void *library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
    for (int i = 0; library != NULL && i < COUNT; i++) {
        void *found = dlsym(library, functions[i].name);
        memcpy(&functions[i].real, &found, sizeof found);
    }
}

static long answer(const function *f, const long *arguments, int code) {
    if (f->status == RETURNED) {
        return code;
    }
    *(int *)arguments[f->status] = code;
    return 0;
}

static long forward(function *f, const long *a) {
    enum { NOT_AVAILABLE = -2 };
    pthread_mutex_lock(&lock);
    int fails = ++f->count == f->fails_at;
    pthread_mutex_unlock(&lock);
    if (fails || f->real == NULL) {
        return answer(f, a, fails ? f->code : NOT_AVAILABLE);
    }
    long result = f->real(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]);
    int succeeded = f->status == RETURNED ? (int)result == 0 : result != 0;
    if (succeeded && f->objects != 0) {
        pthread_mutex_lock(&lock);
        open_objects += f->objects;
        pthread_mutex_unlock(&lock);
    }
    return result;
}

#define DEFINE(name, status, objects)                                                                                              \
    EXPORT long name(long a, long b, long c, long d, long e, long f, long g, long h, long i) {                                    \
        return forward(&functions[PLACE_OF_##name], (long[]){a, b, c, d, e, f, g, h, i});                                          \
    }
FUNCTIONS(DEFINE)

static function *named(const char *name) {
    for (function *f = functions; f < functions + COUNT; f++) {
        if (strcmp(f->name, name) == 0) {
            return f;
        }
    }
    return NULL;
}

EXPORT void gamut_sim_fail(const char *name, int nth, int code) {
    pthread_mutex_lock(&lock);
    function *f = named(name);
    f->fails_at = f->count + nth;
    f->code = code;
    pthread_mutex_unlock(&lock);
}

EXPORT long gamut_sim_calls(const char *name) {
    pthread_mutex_lock(&lock);
    long count = named(name)->count;
    pthread_mutex_unlock(&lock);
    return count;
}

EXPORT long gamut_sim_open(void) {
    pthread_mutex_lock(&lock);
    long count = open_objects;
    pthread_mutex_unlock(&lock);
    return count;
}
