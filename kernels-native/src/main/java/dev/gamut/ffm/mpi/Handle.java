package dev.gamut.ffm.mpi;

import dev.gamut.ffm.library.LoadFailure;
import dev.gamut.ffm.library.SharedLibrary;

/**
 * Predefined handles: the value in the standard ABI, the value in MPICH's, the variable that Open MPI exports. Checked against the
 * headers of MPI 5.0, MPICH 4.0.2 and Open MPI 4.1.4.
 */
enum Handle {
    COMM_WORLD(0x101, 0x44000000, "comm_world"),
    COMM_NULL(0x100, 0x04000000, "comm_null"),
    INFO_NULL(0x130, 0x1c000000, "info_null"),
    ERRORS_RETURN(0x143, 0x54000001, "errors_return"),
    BYTE(0x247, 0x4c00010d, "byte"),
    FLOAT(0x210, 0x4c00040a, "float"),
    DOUBLE(0x214, 0x4c00080b, "double"),
    INT8(0x240, 0x4c000137, "int8_t"),
    UINT8(0x241, 0x4c00013b, "uint8_t"),
    INT32(0x250, 0x4c000439, "int32_t"),
    INT64(0x258, 0x4c00083a, "int64_t"),
    SUM(0x21, 0x58000003, "op_sum"),
    PRODUCT(0x24, 0x58000004, "op_prod"),
    MIN(0x22, 0x58000002, "op_min"),
    MAX(0x23, 0x58000001, "op_max");

    private final long standard;
    private final long mpich;
    private final String openMpi;

    Handle(long standard, long mpich, String openMpi) {
        this.standard = standard;
        this.mpich = mpich;
        this.openMpi = "ompi_mpi_" + openMpi;
    }

    /** Whether a library exports the variable, as Open MPI alone does. */
    boolean isExported(SharedLibrary library) {
        return library.symbols().find(openMpi).isPresent();
    }

    /**
     * The handle's value.
     *
     * @param abi that the library has
     * @param library with the variable, in Open MPI's case
     * @throws LoadFailure where it has none
     */
    long value(Abi abi, SharedLibrary library) throws LoadFailure {
        return abi == Abi.OPEN_MPI ? library.find(openMpi).address() : abi.choose(standard, mpich, 0L);
    }
}
