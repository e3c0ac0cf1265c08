package dev.gamut.ffm.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;

/**
 * The functions that are called, by what their names end in, with their parameters; each answers with a status. Handles and addresses on a
 * device are numbers of 64 bits, which are passed as pointers are (System V ABI for x86-64, AAPCS64).
 */
enum Call {
    RUNTIME_VERSION("RuntimeGetVersion", ADDRESS),
    DRIVER_VERSION("DriverGetVersion", ADDRESS),
    DEVICE_COUNT("GetDeviceCount", ADDRESS),
    DEVICE_PROPERTIES("GetDeviceProperties", ADDRESS, JAVA_INT),
    DEVICE_ATTRIBUTE("DeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT),
    SET_DEVICE("SetDevice", JAVA_INT),
    LAST_ERROR("GetLastError"),
    MALLOC("Malloc", ADDRESS, JAVA_LONG),
    FREE("Free", JAVA_LONG),
    HOST_REGISTER("HostRegister", JAVA_LONG, JAVA_LONG, JAVA_INT),
    HOST_UNREGISTER("HostUnregister", JAVA_LONG),
    STREAM_CREATE("StreamCreateWithFlags", ADDRESS, JAVA_INT),
    STREAM_DESTROY("StreamDestroy", JAVA_LONG),
    STREAM_SYNCHRONIZE("StreamSynchronize", JAVA_LONG),
    STREAM_QUERY("StreamQuery", JAVA_LONG),
    STREAM_WAIT_EVENT("StreamWaitEvent", JAVA_LONG, JAVA_LONG, JAVA_INT),
    EVENT_CREATE("EventCreateWithFlags", ADDRESS, JAVA_INT),
    EVENT_RECORD("EventRecord", JAVA_LONG, JAVA_LONG),
    EVENT_QUERY("EventQuery", JAVA_LONG),
    EVENT_SYNCHRONIZE("EventSynchronize", JAVA_LONG),
    EVENT_DESTROY("EventDestroy", JAVA_LONG),
    /** To, from, bytes, direction, stream. */
    COPY("MemcpyAsync", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_LONG),
    /** To, its pitch, from, its pitch, bytes of a row, rows, direction, stream. */
    COPY_ROWS("Memcpy2DAsync", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG),
    SET("MemsetAsync", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG),
    /** Where the library goes, PTX, options of the compiler with values and number, the same of the library; from CUDA 12.8 on. */
    PROGRAM_LOAD("LibraryLoadData", ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT),
    PROGRAM_FUNCTION("LibraryGetKernel", ADDRESS, JAVA_LONG, ADDRESS),
    /** Function, groups, items of a group, where its arguments are, shared memory, stream. */
    LAUNCH("LaunchKernel", JAVA_LONG, CudaLaunch.DIM3, CudaLaunch.DIM3, ADDRESS, JAVA_LONG, JAVA_LONG),

    BLAS_CREATE("Create", ADDRESS),
    BLAS_DESTROY("Destroy", JAVA_LONG),
    DESC_CREATE("MatmulDescCreate", ADDRESS, JAVA_INT, JAVA_INT),
    DESC_DESTROY("MatmulDescDestroy", JAVA_LONG),
    DESC_SET("MatmulDescSetAttribute", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
    LAYOUT_CREATE("MatrixLayoutCreate", ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG),
    LAYOUT_DESTROY("MatrixLayoutDestroy", JAVA_LONG),
    LAYOUT_SET("MatrixLayoutSetAttribute", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
    PREFERENCE_CREATE("MatmulPreferenceCreate", ADDRESS),
    PREFERENCE_DESTROY("MatmulPreferenceDestroy", JAVA_LONG),
    PREFERENCE_SET("MatmulPreferenceSetAttribute", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
    /** Handle, description, layouts of A, B, C, D, preference, how many answers, answers, their number. */
    HEURISTIC(
            "MatmulAlgoGetHeuristic",
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT,
            ADDRESS,
            ADDRESS),
    /** Handle, description, alpha, A and its layout, B, beta, C, D, algorithm, workspace and its bytes, stream. */
    MATMUL(
            "Matmul", JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG,
            JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG),

    RANKS_VERSION("GetVersion", ADDRESS),
    GROUP_ID("GetUniqueId", ADDRESS),
    /** Where the communicator goes, ranks, the group's name, rank, configuration. */
    JOIN("CommInitRankConfig", ADDRESS, JAVA_INT, Ranks.ID, JAVA_INT, ADDRESS),
    STATE("CommGetAsyncError", JAVA_LONG, ADDRESS),
    FINALIZE("CommFinalize", JAVA_LONG),
    LEAVE("CommDestroy", JAVA_LONG),
    ABORT("CommAbort", JAVA_LONG),
    /** Communicator, ranks to leave out and their number, where the new one goes, configuration, whether to end what is under way. */
    SHRINK("CommShrink", JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT),
    /** From, to, elements, type, operation, communicator, stream; these begin all that follow. */
    ALL_REDUCE("AllReduce", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
    REDUCE("Reduce", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
    BROADCAST("Broadcast", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
    ALL_GATHER("AllGather", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG),
    REDUCE_SCATTER("ReduceScatter", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
    SEND("Send", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
    RECEIVE("Recv", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
    GROUP_START("GroupStart"),
    GROUP_END("GroupEnd");

    /** Which of a vendor's libraries has it. */
    enum Role {
        RUNTIME,
        PRODUCTS,
        RANKS
    }

    private final String suffix;
    private final FunctionDescriptor descriptor;

    Call(String suffix, MemoryLayout... parameters) {
        this.suffix = suffix;
        this.descriptor = FunctionDescriptor.of(JAVA_INT, parameters);
    }

    String suffix() {
        return suffix;
    }

    FunctionDescriptor descriptor() {
        return descriptor;
    }

    Role role() {
        return compareTo(BLAS_CREATE) < 0 ? Role.RUNTIME : compareTo(RANKS_VERSION) < 0 ? Role.PRODUCTS : Role.RANKS;
    }

    /** Whether a library serves without it, as older ones do. */
    boolean isOptional() {
        return this == SHRINK || this == PROGRAM_LOAD || this == PROGRAM_FUNCTION || this == LAUNCH;
    }
}
