package dev.gamut.ffm.mpi;

import java.util.stream.Stream;

/**
 * Classes of errors that calls of Gamut can end in, by their number in the standard ABI, in MPICH's and in Open MPI's; 0 where a library
 * has no such class. Codes are a library's own and are not compared with anything. Those of failed processes are Open MPI 5's.
 */
enum ErrorClass {
    BUFFER(1, 1, 1),
    COUNT(2, 2, 2),
    TYPE(3, 3, 3),
    TAG(4, 4, 4),
    COMM(5, 5, 5),
    RANK(6, 6, 6),
    REQUEST(7, 19, 7),
    ROOT(8, 7, 8),
    GROUP(9, 8, 9),
    OP(10, 9, 10),
    ARG(13, 12, 13),
    UNKNOWN(14, 13, 14),
    TRUNCATE(15, 14, 15),
    OTHER(16, 15, 16),
    INTERN(17, 16, 17),
    PENDING(18, 18, 19),
    IN_STATUS(19, 17, 18),
    NO_MEM(39, 34, 39),
    UNSUPPORTED_OPERATION(55, 44, 52),
    PROC_ABORTED(58, 76, 74),
    PROC_FAILED(0, 101, 75),
    PROC_FAILED_PENDING(0, 102, 76),
    REVOKED(0, 103, 77);

    private final int standard;
    private final int mpich;
    private final int openMpi;

    ErrorClass(int standard, int mpich, int openMpi) {
        this.standard = standard;
        this.mpich = mpich;
        this.openMpi = openMpi;
    }

    /** Whether a class's number stands for this one. */
    boolean is(int number, Abi abi) {
        return number != 0 && abi.choose(standard, mpich, openMpi) == number;
    }

    /** The name of a class, such as {@code MPI_ERR_TRUNCATE}. */
    static String name(int number, Abi abi) {
        return Stream.of(values())
                .filter(c -> c.is(number, abi))
                .map(c -> "MPI_ERR_" + c.name())
                .findFirst()
                .orElse("error class " + number);
    }
}
