package dev.gamut.ffm.mpi;

import dev.gamut.ffm.library.SharedLibrary;

/**
 * The binary interfaces of MPI libraries: functions have the same names and parameters in all of them, handles and constants differ.
 * {@link Handle} and {@link ErrorClass} have the values.
 */
enum Abi {
    /** That of MPI 5, chapter 20 and its header mpi.h; handles are numbers as wide as pointers. */
    STANDARD("the standard ABI", Long.BYTES, 4096, 221),
    /** MPICH and what is built on it (Intel MPI, MVAPICH, Cray MPICH); handles are of type int. */
    MPICH("MPICH's ABI", Integer.BYTES, 3, 1),
    /** Open MPI; handles are addresses of variables that it exports. */
    OPEN_MPI("Open MPI's ABI", Long.BYTES, 3, 0);

    /** For people. */
    final String title;

    /** Size of a handle in memory. */
    final int handleBytes;

    /** What MPI_THREAD_MULTIPLE is. */
    final int threadMultiple;

    /** What MPI_COMM_TYPE_SHARED is. */
    final int sharedMemory;

    Abi(String title, int handleBytes, int threadMultiple, int sharedMemory) {
        this.title = title;
        this.handleBytes = handleBytes;
        this.threadMultiple = threadMultiple;
        this.sharedMemory = sharedMemory;
    }

    /** MPI_UNDEFINED, in all of them. */
    static final int UNDEFINED = -32766;

    /** No status and no name of a processor or an error is longer in any of them. */
    static final int LONGEST_NAME = 512;

    /** Nor is the version of a library. */
    static final int LONGEST_VERSION = 8192;

    /** The one of three values that is for this interface. */
    <T> T choose(T standard, T mpich, T openMpi) {
        return switch (this) {
            case STANDARD -> standard;
            case MPICH -> mpich;
            case OPEN_MPI -> openMpi;
        };
    }

    /**
     * Which one a library has that is not known to have the standard one.
     *
     * @param library any MPI
     */
    static Abi ofOwn(SharedLibrary library) {
        return Handle.COMM_WORLD.isExported(library) ? OPEN_MPI : MPICH;
    }
}
