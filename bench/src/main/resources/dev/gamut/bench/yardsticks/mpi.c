/*
 * Collectives as a C programmer calls them, to hold Gamut's over MPI against: in a process that has initialised MPI, on all of its ranks.
 * Compiled with -DGAMUT_OPEN_MPI where the process has loaded Open MPI: a header of another library is an error, for handles differ.
 *
 * Built and run with Open MPI 4.1.4 and MPICH 4.0.2.
 */
#include <mpi.h>
#include <stdint.h>
#include <string.h>

#if defined(GAMUT_OPEN_MPI) != defined(OPEN_MPI)
#error mpi.h is not that of the library which the process has loaded
#endif

/* What gamut_mpi_calls returns where MPI has no such call; errors of MPI are above 0. */
enum { NO_SUCH_CALL = -1 };

struct name {
    const char *name;
    intptr_t value;
};
#define NAMED(table, wanted, type, none) ((type)find(table, sizeof table / sizeof *table, wanted, (intptr_t)(none)))

static intptr_t find(const struct name *table, size_t n, const char *wanted, intptr_t none) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(table[i].name, wanted) == 0) return table[i].value;
    }
    return none;
}

/* The library that these calls go to. */
__attribute__((visibility("default"))) int gamut_mpi_version(char *text) {
    int length;
    return MPI_Get_library_version(text, &length);
}

/* One after the other, each waited for: by MPI_Test in a loop, or, where it blocks, in the call. */
#define CALLS(blocking, starting, ...)                                             \
    for (int64_t i = 0; i < calls && status == MPI_SUCCESS; i++) {                 \
        if (blocks) {                                                              \
            status = MPI_##blocking(__VA_ARGS__ MPI_COMM_WORLD);                   \
        } else {                                                                   \
            MPI_Request request;                                                   \
            int ended = 0;                                                         \
            status = MPI_##starting(__VA_ARGS__ MPI_COMM_WORLD, &request);         \
            while (status == MPI_SUCCESS && !ended) {                              \
                status = MPI_Test(&request, &ended, MPI_STATUS_IGNORE);            \
            }                                                                      \
        }                                                                          \
    }                                                                              \
    return status

/*
 * op, type, redop: names as nccl-tests has them; count: elements of a rank's part where there are parts, else of the whole;
 * element: bytes of one; a broadcast's operand is from.
 */
__attribute__((visibility("default"))) int gamut_mpi_calls(const char *op, const char *type, const char *redop, int root,
                                                           int count, int element, void *from, void *to, int blocks,
                                                           int64_t calls) {
    const struct name types[] = {
        {"f64", (intptr_t)MPI_DOUBLE},  {"f32", (intptr_t)MPI_FLOAT},  {"i64", (intptr_t)MPI_INT64_T},
        {"i32", (intptr_t)MPI_INT32_T}, {"i8", (intptr_t)MPI_INT8_T}, {"u8", (intptr_t)MPI_UINT8_T},
    };
    const struct name redops[] = {
        {"sum", (intptr_t)MPI_SUM}, {"prod", (intptr_t)MPI_PROD}, {"min", (intptr_t)MPI_MIN}, {"max", (intptr_t)MPI_MAX},
    };
    MPI_Datatype number = NAMED(types, type, MPI_Datatype, MPI_DATATYPE_NULL);
    MPI_Op how = NAMED(redops, redop, MPI_Op, MPI_OP_NULL);
    int combines = strcmp(redop, "none") != 0;
    int bytes = count * element;
    int status = MPI_SUCCESS;
    if (combines && (number == MPI_DATATYPE_NULL || how == MPI_OP_NULL)) return NO_SUCH_CALL;
    if (strcmp(op, "all_reduce") == 0) { CALLS(Allreduce, Iallreduce, from, to, count, number, how, ); }
    if (strcmp(op, "reduce") == 0) { CALLS(Reduce, Ireduce, from, to, count, number, how, root, ); }
    if (strcmp(op, "reduce_scatter") == 0) { CALLS(Reduce_scatter_block, Ireduce_scatter_block, from, to, count, number, how, ); }
    if (strcmp(op, "scan") == 0) { CALLS(Scan, Iscan, from, to, count, number, how, ); }
    if (strcmp(op, "broadcast") == 0) { CALLS(Bcast, Ibcast, from, bytes, MPI_BYTE, root, ); }
    if (strcmp(op, "all_gather") == 0) { CALLS(Allgather, Iallgather, from, bytes, MPI_BYTE, to, bytes, MPI_BYTE, ); }
    if (strcmp(op, "all_to_all") == 0) { CALLS(Alltoall, Ialltoall, from, bytes, MPI_BYTE, to, bytes, MPI_BYTE, ); }
    if (strcmp(op, "gather") == 0) { CALLS(Gather, Igather, from, bytes, MPI_BYTE, to, bytes, MPI_BYTE, root, ); }
    if (strcmp(op, "scatter") == 0) { CALLS(Scatter, Iscatter, from, bytes, MPI_BYTE, to, bytes, MPI_BYTE, root, ); }
    if (strcmp(op, "barrier") == 0) { CALLS(Barrier, Ibarrier, ); }
    return NO_SUCH_CALL;
}
