package dev.gamut.ffm.gpu;

/**
 * Numbers of the two interfaces: CUDA's and cuBLASLt's, then HIP's and hipBLASLt's. From the headers of CUDA 13.0, cuBLASLt 13.1.1 (the
 * same in 12.6) and ROCm 6.3; {@code native-src/sim/gpu/vendor.c} holds them against those where they are installed, by way of the
 * simulator, which has the same numbers.
 */
enum Constant {
    UNITS(16, 63),
    CAPABILITY_MAJOR(75, 23),
    CAPABILITY_MINOR(76, 61),
    OP_N(0, 111),
    OP_T(1, 112),
    COMPUTE_32F(68, 2),
    COMPUTE_64F(70, 7),
    COMPUTE_32I(72, 9),
    DESC_TRANSA(3, 0),
    DESC_TRANSB(4, 1),
    DESC_EPILOGUE(7, 2),
    DESC_BIAS_POINTER(8, 3),
    LAYOUT_BATCH_COUNT(5, 0),
    LAYOUT_BATCH_STRIDE(6, 1),
    PREF_WORKSPACE_BYTES(1, 1),
    PREF_REDUCTIONS(3, Constant.NONE),
    PREF_ALIGNMENT_A(5, Constant.NONE),
    PREF_ALIGNMENT_B(6, Constant.NONE),
    PREF_ALIGNMENT_C(7, Constant.NONE),
    PREF_ALIGNMENT_D(8, Constant.NONE),
    EPILOGUE_BIAS(4, 4),
    /** A status: there is no algorithm for such a product. */
    NOT_SUPPORTED(15, 7),
    /** Bytes of the opaque structure that names an algorithm. */
    ALGORITHM_BYTES(64, 24),
    /** Bytes of what the heuristic answers: the algorithm, its workspace, a status, a float, four reserved ints. */
    HEURISTIC_BYTES(96, 56);

    /** The library has no such thing. */
    static final int NONE = -1;

    /** The same in both runtimes. */
    static final int OUT_OF_MEMORY = 2;

    static final int NO_DEVICE = 100;
    static final int NOT_READY = 600;
    static final int TO_DEVICE = 1;
    static final int TO_HOST = 2;
    static final int WITHIN_DEVICE = 3;
    static final int NON_BLOCKING = 1;
    static final int WITHOUT_TIMING = 2;

    /** Partial sums are added in the type of the computation: in that of the result they would be rounded more than once. */
    static final int REDUCTION_IN_COMPUTE_TYPE = 2;

    private final int cuda;
    private final int rocm;

    Constant(int cuda, int rocm) {
        this.cuda = cuda;
        this.rocm = rocm;
    }

    int of(Vendor vendor) {
        return vendor == Vendor.CUDA ? cuda : rocm;
    }
}
