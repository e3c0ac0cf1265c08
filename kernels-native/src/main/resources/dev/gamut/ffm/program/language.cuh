/* The words of OpenCL C that Gamut's programs use, in CUDA C++; and, where the host's compiler reads it, in C++ for tests without a GPU: there
 * the items of a group are fibres that take turns at barriers. */
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;

#define FP64
#define GLOBAL
#define constant static const
#define CLK_LOCAL_MEM_FENCE 0

#ifdef __CUDACC__

#define FUNCTION __device__ static
#define KERNEL(name) extern "C" __global__ void JOINED(PROGRAM, name)
#define ENTRY(name)
#define local __shared__
#define barrier(fence) __syncthreads()
#define as_float(x) __uint_as_float(x)
#define as_uint(x) __float_as_uint(x)
#define convert_float_rtz(x) __double2float_rz(x)
__device__ static long get_group_id(int d) { return d == 0 ? blockIdx.x : d == 1 ? blockIdx.y : blockIdx.z; }
__device__ static long get_local_id(int d) { return d == 0 ? threadIdx.x : d == 1 ? threadIdx.y : threadIdx.z; }
__device__ static long get_global_id(int d) {
  return get_group_id(d) * (d == 0 ? blockDim.x : d == 1 ? blockDim.y : blockDim.z) + get_local_id(d);
}
__device__ static long get_global_size(int d) {
  return d == 0 ? (long)gridDim.x * blockDim.x : d == 1 ? (long)gridDim.y * blockDim.y : (long)gridDim.z * blockDim.z;
}
__device__ static signed char convert_char_sat_rte(float x) { return (signed char)fminf(fmaxf(rintf(x), -128.0f), 127.0f); }
__device__ static uchar convert_uchar_sat_rte(float x) { return (uchar)fminf(fmaxf(rintf(x), 0.0f), 255.0f); }

#else

#include <ucontext.h>
#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#define FUNCTION static
#define KERNEL(name) static void name
#define local static
using std::isnan;
using std::max;
using std::min;
using std::signbit;

static thread_local struct {
  long group[3], item[3], size[3], groups[3];
} here;
static thread_local ucontext_t scheduler, *fibre;
static thread_local bool over;

static float as_float(uint x) {
  float f;
  memcpy(&f, &x, sizeof f);
  return f;
}
static uint as_uint(float x) {
  uint u;
  memcpy(&u, &x, sizeof u);
  return u;
}
static float convert_float_rtz(double x) {
  float near = (float)x;
  return std::fabs((double)near) > std::fabs(x) ? nextafterf(near, 0.0f) : near;
}
static signed char convert_char_sat_rte(float x) { return (signed char)fminf(fmaxf(rintf(x), -128.0f), 127.0f); }
static uchar convert_uchar_sat_rte(float x) { return (uchar)fminf(fmaxf(rintf(x), 0.0f), 255.0f); }
static long get_group_id(int d) { return here.group[d]; }
static long get_local_id(int d) { return here.item[d]; }
static long get_global_id(int d) { return here.group[d] * here.size[d] + here.item[d]; }
static long get_global_size(int d) { return here.size[d] * here.groups[d]; }
static void barrier(int) { swapcontext(fibre, &scheduler); }

/* A function with its arguments, for fibres that take none. */
struct work {
  virtual void run() = 0;
  virtual ~work() {}
};
static thread_local work *todo;

template <class... A>
struct call : work {
  void (*function)(A...);
  std::tuple<A...> arguments;
  call(void (*f)(A...), void **values) : function(f), arguments(take(values, std::index_sequence_for<A...>())) {}
  template <size_t... I>
  static std::tuple<A...> take(void **values, std::index_sequence<I...>) {
    return std::tuple<A...>(*(A *)values[I]...);
  }
  void run() override { std::apply(function, arguments); }
};

static void begin() {
  todo->run();
  over = true;
}

/* One group: its items in turn, each as far as its next barrier. */
static void run_group(std::vector<ucontext_t> &fibres, std::vector<char> &stacks) {
  size_t count = fibres.size(), left = count, stack = stacks.size() / count;
  for (size_t i = 0; i < count; i++) {
    getcontext(&fibres[i]);
    fibres[i].uc_stack.ss_sp = &stacks[i * stack];
    fibres[i].uc_stack.ss_size = stack;
    fibres[i].uc_link = &scheduler;
    makecontext(&fibres[i], begin, 0);
  }
  std::vector<char> ended(count);
  while (left > 0) {
    for (size_t i = 0; i < count; i++) {
      if (ended[i]) continue;
      here.item[0] = i % here.size[0], here.item[1] = i / here.size[0] % here.size[1], here.item[2] = i / here.size[0] / here.size[1];
      over = false;
      fibre = &fibres[i];
      swapcontext(&scheduler, fibre);
      ended[i] = over;
      left -= over;
    }
  }
}

static void run_all(work &all, const unsigned *groups, const unsigned *items) {
  enum { STACK = 32 << 10 };
  size_t count = (size_t)items[0] * items[1] * items[2];
  std::vector<ucontext_t> fibres(count);
  std::vector<char> stacks(count * STACK);
  todo = &all;
  for (int d = 0; d < 3; d++) here.size[d] = items[d], here.groups[d] = groups[d];
  for (unsigned z = 0; z < groups[2]; z++)
    for (unsigned y = 0; y < groups[1]; y++)
      for (unsigned x = 0; x < groups[0]; x++) {
        here.group[0] = x, here.group[1] = y, here.group[2] = z;
        run_group(fibres, stacks);
      }
}

/* What the stand-in for CUDA calls. */
#define ENTRY(name)                                                                                                                     \
  extern "C" __attribute__((visibility("default"))) void JOINED(PROGRAM, name)(void **values, const unsigned *groups,                   \
                                                                             const unsigned *items) {                                  \
    call all(name, values);                                                                                                             \
    run_all(all, groups, items);                                                                                                        \
  }

#endif
