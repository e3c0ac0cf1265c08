/* An MPI with the standard ABI of MPI 5 and one rank, for tests: libraries with that ABI are not in distributions yet. Handles are
 * compared with the values of the standard, so that a wrong one in the binding is an error here. Counts of 64 bits only, as by the
 * binding where they are there: each function has the suffix _c, or takes no counts. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef void *Handle;
typedef int64_t Count;
typedef struct {
  int source, tag, error, reserved[5];
} Status;
typedef struct Request {
  char *bytes;
  Count size;
  int tag, done, error, receives;
  Handle comm;
  struct Request *next;
} Request;

enum { TRUNCATE = 15, BAD_COMM = 5, BAD_TYPE = 3, BAD_OP = 10, BAD_RANK = 6, BAD_ARG = 13, BAD_HANDLER = 61, UNDEFINED = -32766 };
#define HANDLE(n) ((Handle)(intptr_t)(n))
#define WORLD HANDLE(0x101)
#define NOTHING HANDLE(0x180) /* MPI_REQUEST_NULL */

static int initialised;
static intptr_t comms = 0x10000; /* handles of groups that were made */
static Request *waiting;         /* messages on their way, in their order */

static int is_comm(Handle comm) { return comm == WORLD || ((intptr_t)comm > 0x10000 && (intptr_t)comm <= comms); }

static int size_of(Handle type) {
  switch ((intptr_t)type) {
    case 0x247: case 0x240: case 0x241: return 1; /* BYTE, INT8_T, UINT8_T */
    case 0x210: case 0x250: return 4;             /* FLOAT, INT32_T */
    case 0x214: case 0x258: return 8;             /* DOUBLE, INT64_T */
    default: return 0;
  }
}

static int is_op(Handle op) { return (intptr_t)op >= 0x21 && (intptr_t)op <= 0x24; }

int MPI_Abi_get_version(int *major, int *minor) { return *major = 1, *minor = 0, 0; }
int MPI_Get_library_version(char *text, int *length) {
  strcpy(text, "Stand-in 1.0, for tests");
  return *length = (int)strlen(text), 0;
}
int MPI_Initialized(int *flag) { return *flag = initialised, 0; }
int MPI_Init_thread(void *argc, void *argv, int wanted, int *provided) {
  (void)argc, (void)argv;
  if (wanted != 4096) return BAD_ARG;
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
  return !is_comm(comm) ? BAD_COMM : handler == HANDLE(0x143) ? 0 : BAD_HANDLER;
}
int MPI_Comm_rank(Handle comm, int *rank) { return *rank = 0, is_comm(comm) ? 0 : BAD_COMM; }
int MPI_Comm_size(Handle comm, int *size) { return *size = 1, is_comm(comm) ? 0 : BAD_COMM; }
int MPI_Comm_split(Handle comm, int colour, int key, Handle *made) {
  (void)key;
  if (!is_comm(comm)) return BAD_COMM;
  return *made = HANDLE(colour == UNDEFINED ? 0x100 : ++comms), 0;
}
int MPI_Comm_free(Handle *comm) { return is_comm(*comm) && *comm != WORLD ? (*comm = HANDLE(0x100), 0) : BAD_COMM; }

static Request *request(Handle *into) {
  Request *made = calloc(1, sizeof *made);
  return *into = made;
}

/* Pairs messages of one group and tag, oldest first. */
static void deliver(void) {
  for (Request **s = &waiting; *s;) {
    Request *sent = *s, **r = &waiting;
    while (*r && (sent->receives || !(*r)->receives || (*r)->comm != sent->comm || (*r)->tag != sent->tag)) r = &(*r)->next;
    if (!*r) {
      s = &sent->next;
      continue;
    }
    Request *got = *r;
    if (sent->size > got->size) got->error = TRUNCATE;
    else if (sent->size) memcpy(got->bytes, sent->bytes, (size_t)sent->size);
    got->size = sent->size;
    got->done = sent->done = 1;
    *r = got->next;
    for (s = &waiting; *s != sent;) s = &(*s)->next;
    *s = sent->next;
    s = &waiting;
  }
}

static int message(int receives, void *bytes, Count count, Handle type, int peer, int tag, Handle comm, Handle *into) {
  if (!is_comm(comm)) return BAD_COMM;
  if (!size_of(type)) return BAD_TYPE;
  if (peer != 0) return BAD_RANK;
  Request *made = request(into), **last = &waiting;
  *made = (Request){bytes, count * size_of(type), tag, 0, 0, receives, comm, NULL};
  while (*last) last = &(*last)->next;
  *last = made;
  return deliver(), 0;
}
int MPI_Isend_c(void *bytes, Count count, Handle type, int peer, int tag, Handle comm, Handle *into) {
  return message(0, bytes, count, type, peer, tag, comm, into);
}
int MPI_Irecv_c(void *bytes, Count count, Handle type, int peer, int tag, Handle comm, Handle *into) {
  return message(1, bytes, count, type, peer, tag, comm, into);
}

int MPI_Test(Handle *handle, int *flag, Status *status) {
  Request *asked = *handle;
  *flag = asked == NOTHING || asked->done;
  if (!*flag || asked == NOTHING) return 0;
  int error = asked->error;
  memset(status, 0, sizeof *status);
  memcpy(status->reserved, &asked->size, sizeof asked->size);
  free(asked);
  return *handle = NOTHING, error;
}
int MPI_Cancel(Handle *handle) {
  Request *given = *handle, **at = &waiting;
  while (*at && *at != given) at = &(*at)->next;
  if (*at) *at = given->next;
  return given->done = 1, given->size = 0;
}
int MPI_Get_count_c(Status *status, Handle type, Count *count) {
  if (!size_of(type)) return BAD_TYPE;
  memcpy(count, status->reserved, sizeof *count);
  return *count /= size_of(type), 0;
}

/* What one rank gives is what it gets. */
static int same(const void *from, void *to, Count count, Handle type, int root, Handle comm, Handle *into) {
  if (!is_comm(comm)) return BAD_COMM;
  if (!size_of(type)) return BAD_TYPE;
  if (root != 0) return BAD_RANK;
  if (from != to && count) memcpy(to, from, (size_t)(count * size_of(type)));
  return request(into)->done = 1, 0;
}
int MPI_Ibarrier(Handle comm, Handle *into) { return same(NULL, NULL, 0, HANDLE(0x247), 0, comm, into); }
int MPI_Ibcast_c(void *bytes, Count count, Handle type, int root, Handle comm, Handle *into) {
  return same(bytes, bytes, count, type, root, comm, into);
}
#define COMBINING(name) \
  int name(const void *from, void *to, Count count, Handle type, Handle op, Handle comm, Handle *into) { \
    return is_op(op) ? same(from, to, count, type, 0, comm, into) : BAD_OP; \
  }
COMBINING(MPI_Iallreduce_c)
COMBINING(MPI_Iscan_c)
COMBINING(MPI_Ireduce_scatter_block_c)
int MPI_Ireduce_c(const void *from, void *to, Count count, Handle type, Handle op, int root, Handle comm, Handle *into) {
  return is_op(op) ? same(from, to, count, type, root, comm, into) : BAD_OP;
}
#define MOVING(name) \
  int name(const void *from, Count count, Handle type, void *to, Count count_to, Handle type_to, Handle comm, Handle *into) { \
    return type == type_to && count == count_to ? same(from, to, count, type, 0, comm, into) : BAD_TYPE; \
  }
MOVING(MPI_Iallgather_c)
MOVING(MPI_Ialltoall_c)
#define MOVING_BY_ROOT(name) \
  int name(const void *from, Count count, Handle type, void *to, Count count_to, Handle type_to, int root, Handle comm, \
           Handle *into) { \
    return type == type_to && count == count_to ? same(from, to, count, type, root, comm, into) : BAD_TYPE; \
  }
MOVING_BY_ROOT(MPI_Igather_c)
MOVING_BY_ROOT(MPI_Iscatter_c)
