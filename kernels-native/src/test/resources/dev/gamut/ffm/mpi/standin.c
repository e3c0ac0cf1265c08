/* An MPI with the standard ABI of MPI 5, for tests: libraries with that ABI are not in distributions yet. Handles are compared with the
 * values of the standard, so that a wrong one in the binding is an error here. Counts of 64 bits only, as by the binding where they are
 * there: each function has the suffix _c, or takes no counts.
 *
 * Ranks are processes that find each other by GAMUT_STANDIN=FILE:RANK:SIZE and share that file's memory: a ring of bytes for each pair. In
 * a collective each rank sends each other what that one needs, which combines in the order of ranks. Without the variable there is one
 * rank. Of ULFM it has MPIX_Comm_revoke and MPIX_Comm_shrink, and what is to come from a process that has ended is an error. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef void *Handle;
typedef int64_t Count;
typedef struct {
  int source, tag, error, reserved[5];
} Status;

enum { TRUNCATE = 15, BAD_COMM = 5, BAD_TYPE = 3, BAD_OP = 10, BAD_RANK = 6, BAD_ARG = 13, BAD_HANDLER = 61, PROC_FAILED = 75, UNDEFINED = -32766 };
enum { RANKS = 8, RING = 1 << 16, COMMS = 1 << 13 };
#define HANDLE(n) ((Handle)(intptr_t)(n))
#define WORLD HANDLE(0x101)
#define NOTHING HANDLE(0x180) /* MPI_REQUEST_NULL */
#define SUM HANDLE(0x21)

/* ---- What ranks share. Each ring has one that writes and one that reads. ---- */

typedef struct {
  _Atomic uint64_t written, read;
  char bytes[RING];
} Ring;
typedef struct {
  _Atomic int pid[RANKS];
  _Atomic uint64_t survivors[RANKS]; /* a group's number and the ranks that its member takes for alive */
  Ring ring[RANKS][RANKS];           /* from, to */
} Shared;

typedef struct Comm {
  int number, rank, size, world[RANKS];
  int calls; /* collectives so far: ranks make them in the same order */
} Comm;

/* A message's number of a group is odd where it belongs to a collective. */
typedef struct {
  int comm, tag;
  Count size;
} Head;
typedef struct Request {
  Head head;
  char *bytes;
  int peer, done, error; /* peer: by its rank in the world */
  unsigned tests;
  Count moved;           /* of a message on its way, head included */
  struct Request *next;
  /* of a collective: */
  struct Request *sends[RANKS], *receives[RANKS];
  char *gathered, *to;
  Handle op, type;
  Count count;
  int first, last; /* ranks that are combined */
} Request;
typedef struct {
  Request *first, **end;
} Queue;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Shared *shared;
static int me, initialised, comms, numbers = 1; /* number of the next group */
static Comm *comm_of[COMMS];
static Queue leaving[RANKS], expected, arrived; /* for others; what was asked for; what was not */
static Request *arriving[RANKS];                /* the message that a ring is in the midst of */

static void append(Queue *queue, Request *request) {
  if (!queue->end) queue->end = &queue->first;
  request->next = NULL;
  *queue->end = request;
  queue->end = &request->next;
}
static void take_out(Queue *queue, Request *request) {
  Request **at = &queue->first;
  while (*at && *at != request) at = &(*at)->next;
  if (!*at) return;
  *at = request->next;
  if (queue->end == &request->next) queue->end = at;
}
static Request *find(Queue *queue, Head head, int peer) {
  for (Request *each = queue->first; each; each = each->next) {
    if (each->head.comm == head.comm && each->head.tag == head.tag && each->peer == peer) return each;
  }
  return NULL;
}

/* ---- Messages. ---- */

static Count copy_through(Ring *ring, char *bytes, Count size, int writes) {
  uint64_t written = atomic_load(&ring->written), read = atomic_load(&ring->read), at = writes ? written : read;
  Count room = (Count)(writes ? RING - (written - read) : written - read);
  Count n = size < room ? size : room;
  for (Count done = 0; done < n;) {
    Count place = (Count)((at + (uint64_t)done) % RING), piece = n - done < RING - place ? n - done : RING - place;
    if (writes) memcpy(ring->bytes + place, bytes + done, (size_t)piece);
    else memcpy(bytes + done, ring->bytes + place, (size_t)piece);
    done += piece;
  }
  atomic_store(writes ? &ring->written : &ring->read, at + (uint64_t)n);
  return n;
}
/* The next bytes of a message, head first; whether that was all. */
static int moved_through(Ring *ring, Request *message, int writes) {
  const Count head = sizeof message->head;
  if (message->moved < head) {
    message->moved += copy_through(ring, (char *)&message->head + message->moved, head - message->moved, writes);
    if (message->moved < head) return 0;
    if (!writes) message->bytes = malloc((size_t)message->head.size + 1);
  }
  Count done = message->moved - head;
  message->moved += copy_through(ring, message->bytes + done, message->head.size - done, writes);
  return message->moved == head + message->head.size;
}
static void deliver(Request *message, Request *into) {
  Count room = into->head.size;
  if (message->head.size > room) into->error = TRUNCATE;
  else if (message->head.size) memcpy(into->bytes, message->bytes, (size_t)message->head.size);
  into->head.size = message->head.size;
  into->done = 1;
  free(message->bytes);
  free(message);
}
static void arrive(Request *message) {
  Request *into = find(&expected, message->head, message->peer);
  if (!into) {
    append(&arrived, message);
    return;
  }
  take_out(&expected, into);
  deliver(message, into);
}
static void progress(void) {
  for (int r = 0; shared && r < RANKS; r++) {
    while (leaving[r].first && moved_through(&shared->ring[me][r], leaving[r].first, 1)) {
      Request *sent = leaving[r].first;
      take_out(&leaving[r], sent);
      sent->done = 1;
    }
    for (;;) {
      if (!arriving[r]) {
        arriving[r] = calloc(1, sizeof(Request));
        arriving[r]->peer = r;
      }
      if (!moved_through(&shared->ring[r][me], arriving[r], 0)) break;
      Request *message = arriving[r];
      arriving[r] = NULL;
      arrive(message);
    }
  }
}
static Request *message(int receives, const void *bytes, Count size, int peer, int tag, int comm) {
  Request *made = calloc(1, sizeof *made);
  *made = (Request){.head = {comm, tag, size}, .bytes = (char *)bytes, .peer = peer};
  if (receives) {
    Request *there = find(&arrived, made->head, peer);
    if (!there) return append(&expected, made), made;
    take_out(&arrived, there);
    return deliver(there, made), made;
  }
  if (peer != me) return append(&leaving[peer], made), made;
  Request *copy = calloc(1, sizeof *copy);
  *copy = *made;
  copy->bytes = malloc((size_t)size + 1);
  if (size) memcpy(copy->bytes, bytes, (size_t)size);
  return made->done = 1, arrive(copy), made;
}

/* ---- Handles. ---- */

static Comm *comm_at(Handle handle) {
  intptr_t number = handle == WORLD ? 0 : (intptr_t)handle - 0x10000;
  return initialised && number >= 0 && number < comms && (number || handle == WORLD) ? comm_of[number] : NULL;
}
static Handle named(Comm *comm) {
  for (int i = 1; i < comms; i++) {
    if (!comm_of[i]) return comm_of[i] = comm, HANDLE(0x10000 + i);
  }
  if (comms == COMMS) abort();
  comm_of[comms] = comm;
  return HANDLE(0x10000 + comms++);
}
static int size_of(Handle type) {
  switch ((intptr_t)type) {
    case 0x247: case 0x240: case 0x241: return 1; /* BYTE, INT8_T, UINT8_T */
    case 0x210: case 0x250: return 4;             /* FLOAT, INT32_T */
    case 0x214: case 0x258: return 8;             /* DOUBLE, INT64_T */
    default: return 0;
  }
}
static int is_op(Handle op) { return (intptr_t)op >= 0x21 && (intptr_t)op <= 0x24; }

#define COMBINED(T) \
  for (Count i = 0; i < n; i++) { \
    T x = ((T *)to)[i], y = ((const T *)from)[i]; \
    ((T *)to)[i] = op == SUM ? x + y : op == HANDLE(0x22) ? (y < x ? y : x) : op == HANDLE(0x23) ? (y > x ? y : x) : x * y; \
  } \
  break
static void combine(Handle op, Handle type, void *to, const void *from, Count n) {
  switch ((intptr_t)type) {
    case 0x210: COMBINED(float);
    case 0x214: COMBINED(double);
    case 0x240: COMBINED(int8_t);
    case 0x241: COMBINED(uint8_t);
    case 0x250: COMBINED(int32_t);
    case 0x258: COMBINED(int64_t);
  }
}

/* ---- Functions of MPI. ---- */

#define LOCKED(value) \
  pthread_mutex_lock(&lock); \
  int result = value; \
  pthread_mutex_unlock(&lock); \
  return result

int MPI_Abi_get_version(int *major, int *minor) { return *major = 1, *minor = 0, 0; }
int MPI_Get_library_version(char *text, int *length) {
  strcpy(text, "Stand-in 1.0, for tests");
  return *length = (int)strlen(text), 0;
}
int MPI_Initialized(int *flag) { return *flag = initialised, 0; }
int MPI_Init_thread(void *argc, void *argv, int wanted, int *provided) {
  (void)argc, (void)argv;
  if (wanted != 4096) return BAD_ARG;
  Comm *world = comm_of[comms++] = calloc(1, sizeof *world);
  world->size = 1;
  char file[4096];
  const char *place = getenv("GAMUT_STANDIN");
  if (place) {
    if (sscanf(place, "%4095[^:]:%d:%d", file, &world->rank, &world->size) != 3 || world->size > RANKS) return BAD_ARG;
    int opened = open(file, O_RDWR | O_CREAT, 0600);
    if (opened < 0 || ftruncate(opened, sizeof(Shared))) return BAD_ARG;
    shared = mmap(NULL, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
    close(opened);
    if (shared == MAP_FAILED) return BAD_ARG;
    atomic_store(&shared->pid[me = world->rank], getpid());
  }
  for (int r = 0; r < world->size; r++) {
    world->world[r] = r;
    while (shared && !atomic_load(&shared->pid[r])) usleep(1000);
  }
  return initialised = 1, *provided = wanted, 0;
}
int MPI_Query_thread(int *provided) { return *provided = 4096, 0; }
int MPI_Finalize(void) { return initialised = 0; }
int MPI_Get_processor_name(char *text, int *length) { return strcpy(text, "standin"), *length = 7, 0; }
int MPI_Error_class(int code, int *number) { return *number = code, 0; }
int MPI_Error_string(int code, char *text, int *length) {
  (void)code;
  return strcpy(text, "as the stand-in says"), *length = 20, 0;
}
int MPI_Comm_set_errhandler(Handle comm, Handle handler) {
  return !comm_at(comm) ? BAD_COMM : handler == HANDLE(0x143) ? 0 : BAD_HANDLER;
}
int MPI_Comm_rank(Handle comm, int *rank) { return comm_at(comm) ? *rank = comm_at(comm)->rank, 0 : BAD_COMM; }
int MPI_Comm_size(Handle comm, int *size) { return comm_at(comm) ? *size = comm_at(comm)->size, 0 : BAD_COMM; }
static int freed(Handle *handle) {
  Comm *comm = comm_at(*handle);
  if (!comm || *handle == WORLD) return BAD_COMM;
  comm_of[(intptr_t)*handle - 0x10000] = NULL;
  free(comm);
  return *handle = HANDLE(0x100), 0;
}
int MPI_Comm_free(Handle *comm) { LOCKED(freed(comm)); }

static int started(int receives, void *bytes, Count count, Handle type, int peer, int tag, Handle handle, Handle *into) {
  Comm *comm = comm_at(handle);
  if (!comm) return BAD_COMM;
  if (!size_of(type)) return BAD_TYPE;
  if (peer < 0 || peer >= comm->size) return BAD_RANK;
  *into = message(receives, bytes, count * size_of(type), comm->world[peer], tag, 2 * comm->number);
  return progress(), 0;
}
int MPI_Isend_c(void *bytes, Count count, Handle type, int peer, int tag, Handle comm, Handle *into) {
  LOCKED(started(0, bytes, count, type, peer, tag, comm, into));
}
int MPI_Irecv_c(void *bytes, Count count, Handle type, int peer, int tag, Handle comm, Handle *into) {
  LOCKED(started(1, bytes, count, type, peer, tag, comm, into));
}

/* Whether all parts of a collective have ended; combines what came. */
static int gathered(Request *all) {
  for (int r = 0; r < RANKS; r++) {
    if (all->sends[r] && !all->sends[r]->done || all->receives[r] && !all->receives[r]->done) return 0;
  }
  Count part = all->count * size_of(all->type);
  for (int r = all->first; all->op && r < all->last; r++) {
    if (r == all->first) memcpy(all->to, all->gathered + r * part, (size_t)part);
    else combine(all->op, all->type, all->to, all->gathered + r * part, all->count);
  }
  for (int r = 0; r < RANKS; r++) free(all->sends[r]), free(all->receives[r]);
  free(all->gathered);
  return 1;
}
/* The state of a rank's process, X where there is none. */
static char state_of(int rank) {
  char path[64], state = 'X';
  snprintf(path, sizeof path, "/proc/%d/stat", atomic_load(&shared->pid[rank]));
  FILE *stat = fopen(path, "r");
  if (stat) {
    if (fscanf(stat, "%*d (%*[^)]) %c", &state) != 1) state = 'X';
    fclose(stat);
  }
  return state;
}
static int is_waiting(Request *receive) {
  Request *each = expected.first;
  while (each && each != receive) each = each->next;
  return each != NULL;
}
/* What was sent before the end comes all the same: looked for once more. */
static void fail_where_ended(Request *receive) {
  if (!shared || !is_waiting(receive) || !strchr("XZ", state_of(receive->peer))) return;
  progress();
  if (receive->done) return;
  take_out(&expected, receive);
  receive->error = PROC_FAILED, receive->done = 1;
}
static int tested(Handle *handle, int *flag, Status *status) {
  Request *asked = *handle;
  progress();
  if (asked != NOTHING && ++asked->tests % 256 == 0) fail_where_ended(asked);
  *flag = asked == NOTHING || asked->done || asked->type && gathered(asked);
  if (!*flag || asked == NOTHING) return 0;
  int error = asked->error;
  memset(status, 0, sizeof *status);
  memcpy(status->reserved, &asked->head.size, sizeof asked->head.size);
  free(asked);
  return *handle = NOTHING, error;
}
int MPI_Test(Handle *handle, int *flag, Status *status) { LOCKED(tested(handle, flag, status)); }
static int cancelled(Request *given) {
  fail_where_ended(given);
  take_out(&expected, given);
  return given->done = 1, 0;
}
int MPI_Cancel(Handle *handle) { LOCKED(cancelled(*handle)); }
int MPI_Get_count_c(Status *status, Handle type, Count *count) {
  if (!size_of(type)) return BAD_TYPE;
  memcpy(count, status->reserved, sizeof *count);
  return *count /= size_of(type), 0;
}

/* Who sends what to whom: a step in bytes from one rank's part to the next, or nothing at all. */
typedef struct {
  const void *from;
  Count step; /* between the parts that others get: 0 where all get the same */
  void *to;
  Count count; /* elements of a message */
  Handle type, op;
  int sender, receiver; /* the only ones, or ANYONE */
  int upwards;          /* only to higher ranks and to itself */
} Plan;
enum { ANYONE = -1 };

static Request *begin(Comm *comm, Plan plan) {
  Request *all = calloc(1, sizeof *all);
  Count part = plan.count * size_of(plan.type);
  int tag = comm->calls++, number = 2 * comm->number + 1;
  int receives = plan.receiver == ANYONE || plan.receiver == comm->rank, sends = plan.sender == ANYONE || plan.sender == comm->rank;
  all->type = plan.type, all->count = plan.count, all->to = plan.to;
  all->op = receives ? plan.op : NULL;
  all->last = plan.upwards ? comm->rank + 1 : comm->size;
  if (plan.op) all->gathered = malloc((size_t)(part * comm->size) + 1);
  for (int r = 0; r < comm->size; r++) {
    int comes = receives && (plan.sender == ANYONE || plan.sender == r) && r < all->last;
    int goes = sends && (plan.receiver == ANYONE || plan.receiver == r) && (!plan.upwards || r >= comm->rank);
    char *place = plan.op ? all->gathered + r * part : (char *)plan.to + (plan.sender == ANYONE ? r * part : 0);
    if (comes) all->receives[r] = message(1, place, part, comm->world[r], tag, number);
    if (goes) all->sends[r] = message(0, (const char *)plan.from + r * plan.step, part, comm->world[r], tag, number);
  }
  return progress(), all;
}
static int collective(Handle handle, Plan plan, Handle *into) {
  Comm *comm = comm_at(handle);
  if (!comm) return BAD_COMM;
  if (!size_of(plan.type)) return BAD_TYPE;
  if (plan.op && !is_op(plan.op)) return BAD_OP;
  if (plan.sender >= comm->size || plan.receiver >= comm->size) return BAD_RANK;
  return *into = begin(comm, plan), 0;
}
int MPI_Ibarrier(Handle comm, Handle *into) {
  LOCKED(collective(comm, (Plan){NULL, 0, NULL, 0, HANDLE(0x247), NULL, ANYONE, ANYONE, 0}, into));
}
int MPI_Ibcast_c(void *bytes, Count count, Handle type, int root, Handle comm, Handle *into) {
  LOCKED(collective(comm, (Plan){bytes, 0, bytes, count, type, NULL, root, ANYONE, 0}, into));
}
int MPI_Iallreduce_c(const void *from, void *to, Count count, Handle type, Handle op, Handle comm, Handle *into) {
  LOCKED(collective(comm, (Plan){from, 0, to, count, type, op, ANYONE, ANYONE, 0}, into));
}
int MPI_Ireduce_c(const void *from, void *to, Count count, Handle type, Handle op, int root, Handle comm, Handle *into) {
  LOCKED(collective(comm, (Plan){from, 0, to, count, type, op, ANYONE, root, 0}, into));
}
int MPI_Iscan_c(const void *from, void *to, Count count, Handle type, Handle op, Handle comm, Handle *into) {
  LOCKED(collective(comm, (Plan){from, 0, to, count, type, op, ANYONE, ANYONE, 1}, into));
}
int MPI_Ireduce_scatter_block_c(const void *from, void *to, Count count, Handle type, Handle op, Handle comm, Handle *into) {
  LOCKED(collective(comm, (Plan){from, count * size_of(type), to, count, type, op, ANYONE, ANYONE, 0}, into));
}
#define MOVING(name, step, sender, receiver, ...) \
  int name(const void *from, Count count, Handle type, void *to, Count count_to, Handle type_to, __VA_ARGS__ Handle comm, Handle *into) { \
    if (type != type_to || count != count_to) return BAD_TYPE; \
    LOCKED(collective(comm, (Plan){from, step, to, count, type, NULL, sender, receiver, 0}, into)); \
  }
#define NO_ROOT
MOVING(MPI_Iallgather_c, 0, ANYONE, ANYONE, NO_ROOT)
MOVING(MPI_Ialltoall_c, count * size_of(type), ANYONE, ANYONE, NO_ROOT)
MOVING(MPI_Igather_c, 0, ANYONE, root, int root, )
MOVING(MPI_Iscatter_c, count * size_of(type), root, ANYONE, int root, )

/* What each rank says of itself: colour, key, number for a new group. */
int MPI_Comm_split(Handle handle, int colour, int key, Handle *made) {
  Comm *comm = comm_at(handle);
  if (!comm) return BAD_COMM;
  int own[3] = {colour, key, numbers}, all[RANKS][3], ended = 0;
  Handle request;
  Status status;
  MPI_Iallgather_c(own, sizeof own, HANDLE(0x247), all, sizeof own, HANDLE(0x247), handle, &request);
  for (; !ended; sched_yield()) MPI_Test(&request, &ended, &status);
  Comm *part = calloc(1, sizeof *part);
  for (int r = 0; r < comm->size; r++) {
    if (all[r][2] > part->number) part->number = all[r][2];
    if (all[r][0] != colour) continue;
    int place = part->size++;
    for (; place > 0 && all[part->world[place - 1]][1] > all[r][1]; place--) part->world[place] = part->world[place - 1];
    part->world[place] = r;
  }
  pthread_mutex_lock(&lock);
  numbers = part->number + 1;
  for (int i = 0; i < part->size; i++) {
    if (part->world[i] == comm->rank) part->rank = i;
    part->world[i] = comm->world[part->world[i]];
  }
  *made = colour == UNDEFINED ? HANDLE(0x100) : named(part);
  pthread_mutex_unlock(&lock);
  return 0;
}

/* Ranks share their memory, unless GAMUT_STANDIN_DOMAIN says how many do. */
int MPI_Comm_split_type(Handle comm, int type, int key, Handle info, Handle *made) {
  const char *each = getenv("GAMUT_STANDIN_DOMAIN");
  if (type != 221 || info != HANDLE(0x130)) return BAD_TYPE;
  return MPI_Comm_split(comm, each ? me / atoi(each) : 0, key, made);
}

static int is_gone(int rank) { return strchr("XZTt", state_of(rank)) != NULL; }
int MPIX_Comm_revoke(Handle comm) { return comm_at(comm) ? 0 : BAD_COMM; }
/* Members say whom they take for alive until all of those say the same; they only ever take fewer. */
int MPIX_Comm_shrink(Handle handle, Handle *made) {
  Comm *comm = comm_at(handle);
  if (!comm) return BAD_COMM;
  uint64_t name = (uint64_t)(comm->number + 1) << 32, alive = (1ull << comm->size) - 1;
  for (int agreed = 0; !agreed; usleep(1000)) {
    agreed = 1;
    for (int r = 0; r < comm->size; r++) {
      if (!(alive >> r & 1)) continue;
      uint64_t said = r == comm->rank ? name | alive : atomic_load(&shared->survivors[comm->world[r]]);
      if (is_gone(comm->world[r])) said = name | (alive & ~(1ull << r));
      agreed &= said == (name | alive);
      if (said >> 32 == name >> 32) alive &= said;
    }
    atomic_store(&shared->survivors[me], name | alive);
  }
  Comm *left = calloc(1, sizeof *left);
  left->number = (1 << 20) + comm->number;
  for (int r = 0; r < comm->size; r++) {
    if (!(alive >> r & 1)) continue;
    if (r == comm->rank) left->rank = left->size;
    left->world[left->size++] = comm->world[r];
  }
  pthread_mutex_lock(&lock);
  *made = named(left);
  pthread_mutex_unlock(&lock);
  return 0;
}
