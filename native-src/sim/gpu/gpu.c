/*
 * A stand-in for the parts of CUDA's runtime (programs.inc), cuBLASLt and NCCL (nccl.inc) that Gamut calls, and for HIP's, hipBLASLt's and RCCL's where
 * GAMUT_SIM_HIP is defined: two devices of 256 MiB that compute on the CPU. It proves that calls are right, nothing about speed, and is as strict as it can be:
 *
 * - a device's memory cannot be touched by the host: its addresses are pages without access, the bytes lie elsewhere;
 * - streams are late: work runs when somebody waits for it, or one piece for each question whether it is done. Memory that was freed
 *   before its work ran is an illegal address, as is what belongs to another device;
 * - every object is counted (gamut_sim_open), every call too (gamut_sim_calls), and the n-th call from now of a function can be made to
 *   fail without doing anything (gamut_sim_fail);
 * - products are refused where the documentation demands more than was given: layouts, leading dimensions, alignments, a workspace.
 *
 * Thread-safe by one lock. Function names: see names.h.
 */
#define _GNU_SOURCE
#include "names.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define EXPORT __attribute__((visibility("default")))

#ifndef GAMUT_SIM_VERSION /* what the runtime says that it is */
#ifdef GAMUT_SIM_HIP
#define GAMUT_SIM_VERSION 60300000
#else
#define GAMUT_SIM_VERSION 13000
#endif
#endif
#ifndef GAMUT_SIM_BLAS_VERSION
#define GAMUT_SIM_BLAS_VERSION 130101
#endif
#ifndef GAMUT_SIM_NCCL_VERSION
#define GAMUT_SIM_NCCL_VERSION 22707
#endif
#ifndef GAMUT_SIM_DEVICES
#define GAMUT_SIM_DEVICES 2
#endif
#define DEVICE_BYTES ((size_t)256 << 20)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER; /* work was put somewhere, or given up */
static _Thread_local int current;

/* --- Calls: counted, and made to fail ----------------------------------------------------------------------------------------- */

typedef struct call {
    const char *name;
    long count;
    long fails_at; /* 0: never */
    int code;
} call;

enum { MOST_CALLS = 96 };
static call calls[MOST_CALLS];

static call *call_of(const char *name) {
    for (call *c = calls; c < calls + MOST_CALLS; c++) {
        if (c->name == NULL) {
            c->name = strdup(name);
        }
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    abort();
}

EXPORT void gamut_sim_fail(const char *name, int nth, int code) {
    pthread_mutex_lock(&lock);
    call *c = call_of(name);
    c->fails_at = c->count + nth;
    c->code = code;
    pthread_mutex_unlock(&lock);
}

EXPORT long gamut_sim_calls(const char *name) {
    pthread_mutex_lock(&lock);
    long count = call_of(name)->count;
    pthread_mutex_unlock(&lock);
    return count;
}

static int enter(const char *name) {
    pthread_mutex_lock(&lock);
    call *c = call_of(name);
    return ++c->count == c->fails_at ? c->code : 0;
}

static int leave(int code) {
    pthread_mutex_unlock(&lock);
    return code;
}

/* Begins a function: its name is as the program calls it. */
#define ENTER(text)                                                                                                                     \
    do {                                                                                                                                \
        int injected = enter(text);                                                                                                     \
        if (injected != 0) {                                                                                                            \
            return leave(injected);                                                                                                     \
        }                                                                                                                               \
    } while (0)

/* --- Memory -------------------------------------------------------------------------------------------------------------------- */

typedef struct region { /* of a device, or registered memory of the host where bytes is NULL */
    struct region *next;
    char *address;
    size_t size;
    int device;
    char *bytes;
} region;

static region *regions;
static size_t used[GAMUT_SIM_DEVICES + 1];
static long open_objects;

/* What is open: memory, registrations, streams, events, handles and descriptors. */
EXPORT long gamut_sim_open(void) {
    pthread_mutex_lock(&lock);
    long open = open_objects;
    pthread_mutex_unlock(&lock);
    return open;
}

static region **find(const void *address) {
    region **r = &regions;
    while (*r != NULL && !((char *)address >= (*r)->address && (char *)address < (*r)->address + (*r)->size)) {
        r = &(*r)->next;
    }
    return r;
}

/* Where the bytes of a device's memory lie; NULL where the range is not all in one live buffer of it. */
static char *reach(const void *address, size_t size, int device) {
    region *r = *find(address);
    if (r == NULL || r->bytes == NULL || r->device != device || size > (size_t)(r->address + r->size - (char *)address)) {
        return NULL;
    }
    return r->bytes + ((char *)address - r->address);
}

static void add(char *address, size_t size, int device, char *bytes) {
    region *r = malloc(sizeof *r);
    *r = (region){regions, address, size, device, bytes};
    regions = r;
    open_objects++;
}

static void drop(region **at) {
    region *r = *at;
    *at = r->next;
    free(r->bytes);
    free(r);
    open_objects--;
}

EXPORT int RT(Malloc)(void **to, size_t size) {
    ENTER(RT_TEXT "Malloc");
    if (to == NULL || size == 0) {
        return leave(RT_INVALID_VALUE);
    }
    if (size > DEVICE_BYTES - used[current]) {
        return leave(RT_NO_MEMORY);
    }
    char *address = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    char *bytes = malloc(size);
    memset(bytes, 0xFF, size); /* NaN in every type, and not 0 */
    add(address, size, current, bytes);
    used[current] += size;
    *to = address;
    return leave(RT_SUCCESS);
}

EXPORT int RT(Free)(void *address) {
    ENTER(RT_TEXT "Free");
    region **r = find(address);
    if (*r == NULL || (*r)->bytes == NULL || (*r)->address != address) {
        return leave(RT_INVALID_VALUE);
    }
    used[(*r)->device] -= (*r)->size;
    munmap(address, (*r)->size);
    drop(r);
    return leave(RT_SUCCESS);
}

EXPORT int RT(HostRegister)(void *address, size_t size, unsigned flags) {
    ENTER(RT_TEXT "HostRegister");
    if (address == NULL || size == 0 || flags != 0) {
        return leave(RT_INVALID_VALUE);
    }
    if (*find(address) != NULL) {
        return leave(RT_ALREADY_REGISTERED);
    }
    add(address, size, current, NULL);
    return leave(RT_SUCCESS);
}

EXPORT int RT(HostUnregister)(void *address) {
    ENTER(RT_TEXT "HostUnregister");
    region **r = find(address);
    if (*r == NULL || (*r)->bytes != NULL || (*r)->address != address) {
        return leave(RT_NOT_REGISTERED);
    }
    drop(r);
    return leave(RT_SUCCESS);
}

/* --- Products, as descriptors ----------------------------------------------------------------------------------------------------- */

typedef struct matrix {
    int type, batches;
    uint64_t rows, cols;
    int64_t ld, stride;
} matrix;

typedef struct operation {
    int compute, scale, trans_a, trans_b, epilogue;
    void *bias;
} operation;

typedef struct preference {
    uint64_t workspace;
    uint32_t reductions;
    uint32_t alignments[4];
} preference;

typedef struct product {
    operation op;
    matrix a, b, c;
    double alpha, beta;
    const char *pa, *pb, *bias;
    char *pc, *workspace;
    size_t workspace_size;
} product;

static size_t size_of(int type) {
    return type == TYPE_F64 ? 8 : type == TYPE_F32 || type == TYPE_I32 ? 4 : type == TYPE_I8 ? 1 : 2;
}

static double half(uint16_t bits) {
    int exponent = bits >> 10 & 31;
    double fraction = bits & 1023;
    double value = exponent == 31 ? (fraction == 0 ? __builtin_inf() : __builtin_nan(""))
                   : exponent == 0 ? fraction * 0x1p-24
                                   : (1024 + fraction) * __builtin_ldexp(1, exponent - 25);
    return bits >> 15 ? -value : value;
}

/* Both round a float to nearest, ties to even. */
static uint16_t to_half(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint16_t sign = bits >> 16 & 0x8000;
    float magnitude = __builtin_fabsf(x);
    if (magnitude != magnitude) {
        return sign | 0x7E00;
    }
    if (magnitude >= 65520 || magnitude == 0) {
        return magnitude == 0 ? sign : sign | 0x7C00;
    }
    int exponent = 0;
    (void)__builtin_frexpf(magnitude, &exponent);
    int unit = exponent - 11 < -24 ? -24 : exponent - 11; /* of the last place */
    uint32_t units = (uint32_t)__builtin_rintf(__builtin_ldexpf(magnitude, -unit));
    return sign | (unit == -24 ? units : (uint32_t)(unit + 24) * 1024 + units); /* 1,024 and more units carry into the exponent */
}

static uint16_t to_bf16(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return x != x ? 0x7FC0 : (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

static double load(const char *memory, int type, int64_t at) {
    memory += at * (int64_t)size_of(type);
    double f64;
    float f32;
    int32_t i32;
    uint16_t u16;
    uint32_t u32;
    switch (type) {
        case TYPE_F64: memcpy(&f64, memory, 8); return f64;
        case TYPE_F32: memcpy(&f32, memory, 4); return f32;
        case TYPE_I32: memcpy(&i32, memory, 4); return i32;
        case TYPE_I8: return *(const int8_t *)memory;
        case TYPE_F16: memcpy(&u16, memory, 2); return half(u16);
        default:
            memcpy(&u16, memory, 2);
            u32 = (uint32_t)u16 << 16;
            memcpy(&f32, &u32, 4);
            return f32;
    }
}

static void store(char *memory, int type, int64_t at, double value) {
    memory += at * (int64_t)size_of(type);
    float f32 = (float)value;
    int32_t i32;
    uint16_t u16;
    switch (type) {
        case TYPE_F64: memcpy(memory, &value, 8); break;
        case TYPE_F32: memcpy(memory, &f32, 4); break;
        case TYPE_I32:
            i32 = (int32_t)value;
            memcpy(memory, &i32, 4);
            break;
        default:
            u16 = type == TYPE_F16 ? to_half(f32) : to_bf16(f32);
            memcpy(memory, &u16, 2);
    }
}

/* Bytes from a matrix's first element to the last one of its batch. */
static size_t extent(const matrix *m) {
    int64_t elements = (int64_t)(m->cols - 1) * m->ld + (int64_t)m->rows + (m->batches - 1) * m->stride;
    return (size_t)elements * size_of(m->type);
}

static double sum_of(const product *p, int64_t row, int64_t col, int64_t batch, int64_t k) {
    double wide = 0;
    float narrow = 0;
    for (int64_t i = 0; i < k; i++) {
        int64_t at_a = batch * p->a.stride + (p->op.trans_a == OP_T ? row * p->a.ld + i : i * p->a.ld + row);
        int64_t at_b = batch * p->b.stride + (p->op.trans_b == OP_T ? i * p->b.ld + col : col * p->b.ld + i);
        double x = load(p->pa, p->a.type, at_a) * load(p->pb, p->b.type, at_b);
        if (p->op.compute == COMPUTE_F32) {
            narrow += (float)x;
        } else {
            wide += x;
        }
    }
    return p->op.compute == COMPUTE_F32 ? narrow : wide;
}

static int multiply(const product *p, int device) {
    product at = *p;
    at.pa = reach(p->pa, extent(&p->a), device);
    at.pb = reach(p->pb, extent(&p->b), device);
    at.pc = reach(p->pc, extent(&p->c), device);
    at.bias = reach(p->bias, p->c.rows * size_of(p->c.type), device);
    at.workspace = reach(p->workspace, p->workspace_size, device);
    if (!at.pa || !at.pb || !at.pc || !at.workspace || (p->op.epilogue == EPILOGUE_BIAS && !at.bias)) {
        return RT_ILLEGAL_ADDRESS;
    }
    memset(at.workspace, 0xFF, p->workspace_size);
    int64_t k = (int64_t)(p->op.trans_a == OP_T ? p->a.rows : p->a.cols);
    for (int64_t batch = 0; batch < p->c.batches; batch++) {
        for (int64_t col = 0; col < (int64_t)p->c.cols; col++) {
            for (int64_t row = 0; row < (int64_t)p->c.rows; row++) {
                int64_t to = batch * p->c.stride + col * p->c.ld + row;
                double value = sum_of(&at, row, col, batch, k);
                double old = p->beta == 0 ? 0 : load(at.pc, p->c.type, to);
                double bias = p->op.epilogue == EPILOGUE_BIAS ? load(at.bias, p->c.type, row) : 0;
                if (p->op.compute == COMPUTE_F32) {
                    value = (float)p->alpha * (float)value;
                    value = p->beta == 0 ? value : __builtin_fmaf((float)p->beta, (float)old, (float)value);
                    value = (float)value + (float)bias;
                } else {
                    value = p->alpha * value;
                    value = (p->beta == 0 ? value : __builtin_fma(p->beta, old, value)) + bias;
                }
                store(at.pc, p->c.type, to, value);
            }
        }
    }
    return RT_SUCCESS;
}

/* --- Streams and events ----------------------------------------------------------------------------------------------------------- */

typedef struct stream stream;
typedef struct joint joint; /* a rank's part of what several do together */
typedef struct launch launch;

typedef struct work {
    struct work *next;
    enum { COPY, SET, WAIT, MARK, PRODUCT, JOINT, LAUNCH } kind;
    void *to;
    const void *from;
    size_t to_pitch, from_pitch, width, height;
    int value; /* direction of a copy, byte of a set */
    stream *other;
    long mark;
    product product;
    joint *joint;
    launch *launch;
} work;

struct stream {
    work *first, **last;
    long put, done; /* pieces of work */
    int device, fault, refs;
};

typedef struct event {
    stream *of; /* NULL: never recorded */
    long mark;
    int device;
} event;

static void release(stream *s) {
    if (--s->refs == 0) {
        free(s);
    }
}

static int run_until(stream *s, long mark);
static int carried_out(joint *j);
static int ended(joint *j);
static int carry_out(launch *l, int device);

static int transfer(const work *w, int device) {
    size_t to_size = (w->height - 1) * w->to_pitch + w->width;
    size_t from_size = (w->height - 1) * w->from_pitch + w->width;
    char *to = w->value == COPY_TO_HOST ? w->to : reach(w->to, to_size, device);
    const char *from = w->value == COPY_TO_DEVICE ? w->from : reach(w->from, from_size, device);
    if (to == NULL || from == NULL) {
        return RT_ILLEGAL_ADDRESS;
    }
    for (size_t row = 0; row < w->height; row++) {
        memcpy(to + row * w->to_pitch, from + row * w->from_pitch, w->width);
    }
    return RT_SUCCESS;
}

static int perform(const work *w, int device) {
    char *to;
    switch (w->kind) {
        case COPY: return transfer(w, device);
        case SET:
            to = reach(w->to, w->width, device);
            if (to == NULL) {
                return RT_ILLEGAL_ADDRESS;
            }
            memset(to, w->value, w->width);
            return RT_SUCCESS;
        case PRODUCT: return multiply(&w->product, device);
        case JOINT: return ended(w->joint);
        case LAUNCH: return carry_out(w->launch, device);
        default: return RT_SUCCESS;
    }
}

/* Whether the first piece of work could be done: what waits for others may not yet. */
static int step(stream *s) {
    work *w = s->first;
    if ((w->kind == WAIT && !run_until(w->other, w->mark)) || (w->kind == JOINT && !carried_out(w->joint))) {
        return 0;
    }
    s->first = w->next;
    if (s->first == NULL) {
        s->last = &s->first;
    }
    int fault = perform(w, s->device);
    if (fault != 0) {
        s->fault = fault;
    }
    s->done++;
    if (w->kind == WAIT) {
        release(w->other);
    }
    free(w);
    return 1;
}

static int run_until(stream *s, long mark) {
    while (s->done < mark) {
        if (!step(s)) {
            return 0;
        }
    }
    return 1;
}

static void wait_until(stream *s, long mark) {
    while (!run_until(s, mark)) {
        pthread_cond_wait(&changed, &lock);
    }
}

static void put(stream *s, const work *w) {
    work *copy = malloc(sizeof *copy);
    *copy = *w;
    copy->next = NULL;
    *s->last = copy;
    s->last = &copy->next;
    s->put++;
    pthread_cond_broadcast(&changed);
}

EXPORT int RT(StreamCreateWithFlags)(stream **to, unsigned flags) {
    ENTER(RT_TEXT "StreamCreateWithFlags");
    if (to == NULL || flags > STREAM_NON_BLOCKING) {
        return leave(RT_INVALID_VALUE);
    }
    stream *s = calloc(1, sizeof *s);
    s->last = &s->first;
    s->device = current;
    s->refs = 1;
    open_objects++;
    *to = s;
    return leave(RT_SUCCESS);
}

EXPORT int RT(StreamDestroy)(stream *s) {
    ENTER(RT_TEXT "StreamDestroy");
    if (s == NULL) {
        return leave(RT_INVALID_HANDLE);
    }
    wait_until(s, s->put);
    release(s);
    open_objects--;
    return leave(RT_SUCCESS);
}

EXPORT int RT(StreamSynchronize)(stream *s) {
    ENTER(RT_TEXT "StreamSynchronize");
    wait_until(s, s->put);
    return leave(s->fault);
}

EXPORT int RT(StreamQuery)(stream *s) {
    ENTER(RT_TEXT "StreamQuery");
    if (s->done < s->put) {
        step(s);
    }
    return leave(s->fault != 0 ? s->fault : s->done < s->put ? RT_NOT_READY : RT_SUCCESS);
}

EXPORT int RT(StreamWaitEvent)(stream *s, event *e, unsigned flags) {
    ENTER(RT_TEXT "StreamWaitEvent");
    if (flags != 0) {
        return leave(RT_INVALID_VALUE);
    }
    if (e->of != NULL && e->of != s) {
        e->of->refs++;
        put(s, &(work){.kind = WAIT, .other = e->of, .mark = e->mark});
    }
    return leave(RT_SUCCESS);
}

EXPORT int RT(EventCreateWithFlags)(event **to, unsigned flags) {
    ENTER(RT_TEXT "EventCreateWithFlags");
    if (to == NULL || flags != EVENT_DISABLE_TIMING) {
        return leave(RT_INVALID_VALUE);
    }
    *to = calloc(1, sizeof **to);
    (*to)->device = current;
    open_objects++;
    return leave(RT_SUCCESS);
}

EXPORT int RT(EventRecord)(event *e, stream *s) {
    ENTER(RT_TEXT "EventRecord");
    if (e->device != s->device) {
        return leave(RT_INVALID_HANDLE);
    }
    put(s, &(work){.kind = MARK});
    s->refs++;
    if (e->of != NULL) {
        release(e->of);
    }
    e->of = s;
    e->mark = s->put;
    return leave(RT_SUCCESS);
}

EXPORT int RT(EventQuery)(event *e) {
    ENTER(RT_TEXT "EventQuery");
    if (e->of != NULL && e->of->done < e->mark) {
        step(e->of);
    }
    return leave(e->of == NULL ? RT_SUCCESS : e->of->fault != 0 ? e->of->fault : e->of->done < e->mark ? RT_NOT_READY : RT_SUCCESS);
}

EXPORT int RT(EventSynchronize)(event *e) {
    ENTER(RT_TEXT "EventSynchronize");
    if (e->of != NULL) {
        wait_until(e->of, e->mark);
    }
    return leave(e->of == NULL ? RT_SUCCESS : e->of->fault);
}

EXPORT int RT(EventDestroy)(event *e) {
    ENTER(RT_TEXT "EventDestroy");
    if (e->of != NULL) {
        release(e->of);
    }
    free(e);
    open_objects--;
    return leave(RT_SUCCESS);
}

static int copy(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, int direction, stream *s) {
    int into = *find(to) != NULL && (*find(to))->bytes != NULL;
    int out_of = *find(from) != NULL && (*find(from))->bytes != NULL;
    if (into != (direction != COPY_TO_HOST) || out_of != (direction != COPY_TO_DEVICE)) {
        return RT_INVALID_DIRECTION;
    }
    if (width > to_pitch || width > from_pitch) {
        return RT_INVALID_VALUE;
    }
    if (width > 0 && height > 0) {
        put(s, &(work){.kind = COPY, .to = to, .to_pitch = to_pitch, .from = from, .from_pitch = from_pitch, .width = width,
                .height = height, .value = direction});
    }
    return RT_SUCCESS;
}

EXPORT int RT(MemcpyAsync)(void *to, const void *from, size_t size, int direction, stream *s) {
    ENTER(RT_TEXT "MemcpyAsync");
    return leave(copy(to, size, from, size, size, 1, direction, s));
}

EXPORT int RT(Memcpy2DAsync)(
        void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, int direction, stream *s) {
    ENTER(RT_TEXT "Memcpy2DAsync");
    return leave(copy(to, to_pitch, from, from_pitch, width, height, direction, s));
}

EXPORT int RT(MemsetAsync)(void *to, int value, size_t size, stream *s) {
    ENTER(RT_TEXT "MemsetAsync");
    if (*find(to) == NULL) {
        return leave(RT_INVALID_VALUE);
    }
    put(s, &(work){.kind = SET, .to = to, .width = size, .value = value});
    return leave(RT_SUCCESS);
}

/* --- Programs ------------------------------------------------------------------------------------------------------------------- */

#include "programs.inc"

/* --- Devices -------------------------------------------------------------------------------------------------------------------- */

EXPORT int RT(RuntimeGetVersion)(int *to) {
    ENTER(RT_TEXT "RuntimeGetVersion");
    *to = GAMUT_SIM_VERSION;
    return leave(RT_SUCCESS);
}

EXPORT int RT(DriverGetVersion)(int *to) {
    ENTER(RT_TEXT "DriverGetVersion");
    *to = GAMUT_SIM_VERSION;
    return leave(RT_SUCCESS);
}

EXPORT int RT(GetDeviceCount)(int *to) {
    ENTER(RT_TEXT "GetDeviceCount");
    *to = GAMUT_SIM_DEVICES;
    return leave(GAMUT_SIM_DEVICES == 0 ? RT_NO_DEVICE : RT_SUCCESS);
}

EXPORT int RT(SetDevice)(int device) {
    ENTER(RT_TEXT "SetDevice");
    if (device < 0 || device >= GAMUT_SIM_DEVICES) {
        return leave(RT_INVALID_DEVICE);
    }
    current = device;
    return leave(RT_SUCCESS);
}

EXPORT int GET_PROPERTIES(properties *to, int device) {
    ENTER(RT_TEXT "GetDeviceProperties");
    memset(to, 0, sizeof *to);
    snprintf(to->name, sizeof to->name, "Simulated GPU %d", device);
    to->memory = DEVICE_BYTES;
    return leave(RT_SUCCESS);
}

EXPORT int RT(DeviceGetAttribute)(int *to, int attribute, int device) {
    ENTER(RT_TEXT "DeviceGetAttribute");
    (void)device;
    *to = attribute == ATTRIBUTE_UNITS ? 4 : attribute == ATTRIBUTE_MAJOR ? 9 : attribute == ATTRIBUTE_MINOR ? 4 : -1;
    return leave(*to < 0 ? RT_INVALID_VALUE : RT_SUCCESS);
}

EXPORT int RT(GetLastError)(void) {
    return RT_SUCCESS;
}

EXPORT const char *RT(GetErrorName)(int code) {
    switch (code) {
        case RT_SUCCESS: return RT_TEXT "Success";
        case RT_INVALID_VALUE: return RT_TEXT "ErrorInvalidValue";
#ifdef GAMUT_SIM_HIP
        case RT_NO_MEMORY: return "hipErrorOutOfMemory";
        case RT_INVALID_HANDLE: return "hipErrorInvalidHandle";
#else
        case RT_NO_MEMORY: return "cudaErrorMemoryAllocation";
        case RT_INVALID_HANDLE: return "cudaErrorInvalidResourceHandle";
#endif
        case RT_INVALID_DIRECTION: return RT_TEXT "ErrorInvalidMemcpyDirection";
        case RT_INSUFFICIENT_DRIVER: return RT_TEXT "ErrorInsufficientDriver";
        case RT_NO_DEVICE: return RT_TEXT "ErrorNoDevice";
        case RT_INVALID_DEVICE: return RT_TEXT "ErrorInvalidDevice";
        case RT_NOT_READY: return RT_TEXT "ErrorNotReady";
        case RT_ILLEGAL_ADDRESS: return RT_TEXT "ErrorIllegalAddress";
        case RT_ALREADY_REGISTERED: return RT_TEXT "ErrorHostMemoryAlreadyRegistered";
        case RT_NOT_REGISTERED: return RT_TEXT "ErrorHostMemoryNotRegistered";
        default: return RT_TEXT "ErrorUnknown";
    }
}

/* --- The library for products ---------------------------------------------------------------------------------------------------- */

#ifndef GAMUT_SIM_HIP
EXPORT size_t LT(GetVersion)(void) {
    return GAMUT_SIM_BLAS_VERSION;
}
#endif

static int made(void **to, const void *value, size_t size) {
    *to = malloc(size);
    memcpy(*to, value, size);
    open_objects++;
    return LT_SUCCESS;
}

static int unmade(void *object) {
    free(object);
    open_objects--;
    return LT_SUCCESS;
}

EXPORT int LT(Create)(void **to) {
    ENTER(LT_TEXT "Create");
    return leave(made(to, &current, sizeof current));
}

EXPORT int LT(Destroy)(void *handle) {
    ENTER(LT_TEXT "Destroy");
    return leave(unmade(handle));
}

EXPORT int LT(MatrixLayoutCreate)(void **to, int type, uint64_t rows, uint64_t cols, int64_t ld) {
    ENTER(LT_TEXT "MatrixLayoutCreate");
    matrix m = {.type = type, .batches = 1, .rows = rows, .cols = cols, .ld = ld};
    return leave(made(to, &m, sizeof m));
}

EXPORT int LT(MatrixLayoutDestroy)(void *layout) {
    ENTER(LT_TEXT "MatrixLayoutDestroy");
    return leave(unmade(layout));
}

static int set(void *field, size_t size, const void *value, size_t given) {
    if (field == NULL || value == NULL || size != given) {
        return LT_INVALID_VALUE;
    }
    memcpy(field, value, size);
    return LT_SUCCESS;
}

EXPORT int LT(MatrixLayoutSetAttribute)(matrix *m, int attribute, const void *value, size_t size) {
    ENTER(LT_TEXT "MatrixLayoutSetAttribute");
    return leave(attribute == LAYOUT_BATCHES  ? set(&m->batches, 4, value, size)
                 : attribute == LAYOUT_STRIDE ? set(&m->stride, 8, value, size)
                                              : LT_INVALID_VALUE);
}

EXPORT int LT(MatmulDescCreate)(void **to, int compute, int scale) {
    ENTER(LT_TEXT "MatmulDescCreate");
    operation op = {.compute = compute, .scale = scale, .trans_a = OP_N, .trans_b = OP_N, .epilogue = EPILOGUE_NONE};
    return leave(made(to, &op, sizeof op));
}

EXPORT int LT(MatmulDescDestroy)(void *op) {
    ENTER(LT_TEXT "MatmulDescDestroy");
    return leave(unmade(op));
}

EXPORT int LT(MatmulDescSetAttribute)(operation *op, int attribute, const void *value, size_t size) {
    ENTER(LT_TEXT "MatmulDescSetAttribute");
    return leave(attribute == DESC_TRANS_A    ? set(&op->trans_a, 4, value, size)
                 : attribute == DESC_TRANS_B  ? set(&op->trans_b, 4, value, size)
                 : attribute == DESC_EPILOGUE ? set(&op->epilogue, 4, value, size)
                 : attribute == DESC_BIAS     ? set(&op->bias, sizeof op->bias, value, size)
                                              : LT_INVALID_VALUE);
}

EXPORT int LT(MatmulPreferenceCreate)(void **to) {
    ENTER(LT_TEXT "MatmulPreferenceCreate");
    preference p = {.workspace = 0, .reductions = 7, .alignments = {256, 256, 256, 256}};
    return leave(made(to, &p, sizeof p));
}

EXPORT int LT(MatmulPreferenceDestroy)(void *p) {
    ENTER(LT_TEXT "MatmulPreferenceDestroy");
    return leave(unmade(p));
}

EXPORT int LT(MatmulPreferenceSetAttribute)(preference *p, int attribute, const void *value, size_t size) {
    ENTER(LT_TEXT "MatmulPreferenceSetAttribute");
    int alignment = attribute - PREF_ALIGNMENT_A;
    return leave(attribute == PREF_WORKSPACE                ? set(&p->workspace, 8, value, size)
                 : attribute == PREF_REDUCTION              ? set(&p->reductions, 4, value, size)
                 : PREF_ALIGNMENT_A > 0 && alignment >= 0 && alignment < 4 ? set(&p->alignments[alignment], 4, value, size)
                                                            : LT_INVALID_VALUE);
}

/* Types of A and B, C and D, computation and factors that go together. */
static const int combinations[][4] = {
#ifndef GAMUT_SIM_HIP
    {TYPE_F64, TYPE_F64, COMPUTE_F64, TYPE_F64},
#endif
    {TYPE_F32, TYPE_F32, COMPUTE_F32, TYPE_F32},   {TYPE_F16, TYPE_F16, COMPUTE_F32, TYPE_F32},
    {TYPE_F16, TYPE_F32, COMPUTE_F32, TYPE_F32},   {TYPE_BF16, TYPE_BF16, COMPUTE_F32, TYPE_F32},
    {TYPE_BF16, TYPE_F32, COMPUTE_F32, TYPE_F32},  {TYPE_I8, TYPE_I32, COMPUTE_I32, TYPE_I32},
};

static int combines(const operation *op, const matrix *a, const matrix *b, const matrix *c) {
    for (size_t i = 0; i < sizeof combinations / sizeof *combinations; i++) {
        const int *t = combinations[i];
        if (a->type == t[0] && b->type == t[0] && c->type == t[1] && op->compute == t[2] && op->scale == t[3]) {
            return 1;
        }
    }
    return 0;
}

/* Which of the library's statuses a product deserves. */
static int judge(const operation *op, const matrix *a, const matrix *b, const matrix *c, const matrix *d) {
    int turned_a = op->trans_a == OP_T, turned_b = op->trans_b == OP_T;
    uint64_t k = turned_a ? a->rows : a->cols;
    if (memcmp(c, d, sizeof *c) != 0 || (turned_b ? b->cols : b->rows) != k || (turned_a ? a->cols : a->rows) != c->rows ||
        (turned_b ? b->rows : b->cols) != c->cols || a->batches != c->batches || b->batches != c->batches || c->batches < 1 || k == 0 ||
        c->rows == 0 || c->cols == 0 || a->ld < (int64_t)a->rows || b->ld < (int64_t)b->rows || c->ld < (int64_t)c->rows ||
        (c->batches > 1 && c->stride < (int64_t)c->rows)) {
        return LT_INVALID_VALUE;
    }
    int plain = op->epilogue == EPILOGUE_NONE || (op->epilogue == EPILOGUE_BIAS && op->compute == COMPUTE_F32);
    if (!combines(op, a, b, c) || !plain) {
        return LT_NOT_SUPPORTED;
    }
    int regular = turned_a && !turned_b && (a->ld | b->ld | c->ld | (int64_t)c->rows | (int64_t)k) % 4 == 0;
    return op->compute == COMPUTE_I32 && !regular ? LT_NOT_SUPPORTED : LT_SUCCESS;
}

/* What an algorithm remembers: it was chosen, and what it demands of pointers. */
typedef struct choice {
    char magic[8];
    uint8_t shifts[4];
    uint32_t workspace;
} choice;

static const char MAGIC[8] = "gamutsim";
enum { WORKSPACE = 1024 };

EXPORT int LT(MatmulAlgoGetHeuristic)(
        void *handle, operation *op, matrix *a, matrix *b, matrix *c, matrix *d, preference *p, int wanted, heuristic *to, int *found) {
    ENTER(LT_TEXT "MatmulAlgoGetHeuristic");
    if (handle == NULL || wanted < 1) {
        return leave(LT_INVALID_VALUE);
    }
    int status = judge(op, a, b, c, d);
    *found = status == LT_SUCCESS;
    if (status == LT_SUCCESS) {
        choice made_up = {.workspace = p->workspace >= WORKSPACE ? WORKSPACE : 0};
        memcpy(made_up.magic, MAGIC, sizeof MAGIC);
        for (int i = 0; i < 4; i++) {
            made_up.shifts[i] = PREF_ALIGNMENT_A > 0 ? (uint8_t)__builtin_ctz(p->alignments[i] > 16 ? 16 : p->alignments[i]) : 0;
        }
        memset(to, 0, sizeof *to);
        memcpy(&to->chosen, &made_up, sizeof made_up);
        to->workspace = made_up.workspace;
        to->state = LT_SUCCESS;
    }
    return leave(status);
}

EXPORT int LT(Matmul)(
        int *handle, operation *op, const void *alpha, const void *pa, matrix *a, const void *pb, matrix *b, const void *beta,
        const void *pc, matrix *c, void *pd, matrix *d, const algo *chosen, void *workspace, size_t size, stream *s) {
    ENTER(LT_TEXT "Matmul");
    choice by;
    if (handle == NULL || chosen == NULL || pc != pd) {
        return leave(LT_INVALID_VALUE);
    }
    memcpy(&by, chosen, sizeof by);
    const void *pointers[4] = {pa, pb, pc, pd};
    int aligned = 1;
    for (int i = 0; i < 4; i++) {
        aligned &= (uintptr_t)pointers[i] % ((uintptr_t)1 << by.shifts[i]) == 0;
    }
    aligned &= op->compute != COMPUTE_I32 || ((uintptr_t)pa | (uintptr_t)pb | (uintptr_t)pc) % 4 == 0;
    if (memcmp(by.magic, MAGIC, sizeof MAGIC) != 0 || !aligned || size < by.workspace || (uintptr_t)workspace % 256 != 0 ||
        *handle != s->device) {
        return leave(LT_INVALID_VALUE);
    }
    int status = judge(op, a, b, c, d);
    if (status == LT_SUCCESS) {
        product p = {.op = *op, .a = *a, .b = *b, .c = *c, .pa = pa, .pb = pb, .pc = pd, .bias = op->bias, .workspace = workspace,
                .workspace_size = by.workspace, .alpha = load(alpha, op->scale, 0), .beta = load(beta, op->scale, 0)};
        put(s, &(work){.kind = PRODUCT, .product = p});
    }
    return leave(status);
}

#include "nccl.inc"
