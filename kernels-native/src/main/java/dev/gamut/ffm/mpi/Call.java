package dev.gamut.ffm.mpi;

/** The functions that are called often, and whether one with larger counts exists since MPI 4. */
enum Call {
    TEST("MPI_Test", false),
    GET_COUNT("MPI_Get_count", true),
    SEND("MPI_Isend", true),
    RECEIVE("MPI_Irecv", true),
    BARRIER("MPI_Ibarrier", false),
    BROADCAST("MPI_Ibcast", true),
    ALL_REDUCE("MPI_Iallreduce", true),
    REDUCE("MPI_Ireduce", true),
    SCAN("MPI_Iscan", true),
    REDUCE_SCATTER("MPI_Ireduce_scatter_block", true),
    ALL_GATHER("MPI_Iallgather", true),
    ALL_TO_ALL("MPI_Ialltoall", true),
    GATHER("MPI_Igather", true),
    SCATTER("MPI_Iscatter", true);

    private final String function;
    private final boolean counts;

    Call(String function, boolean counts) {
        this.function = function;
        this.counts = counts;
    }

    /** Its name, in the variant with counts of 64 bits where that is wanted and makes a difference. */
    String function(boolean large) {
        return large && counts ? function + "_c" : function;
    }
}
