package dev.gamut.bench.peers.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gamut.bench.peer.NativeLibrary;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** oneDNN's matmul primitive through the foreign function interface, on native operands aligned to 64 bytes. */
public final class OneDnnPeer implements Peer {
    private static final String PLATFORM = "linux-x86_64";
    private static final String FOLDER = "/org/bytedeco/dnnl/" + PLATFORM + "/";

    /** Settings of other programs' users that would slow the peer down, make it print, or narrow its choice of kernel. */
    private static final List<String> UNSET = List.of(
            "ONEDNN_VERBOSE",
            "DNNL_VERBOSE",
            "ONEDNN_MAX_CPU_ISA",
            "DNNL_MAX_CPU_ISA",
            "ONEDNN_CPU_ISA_HINTS",
            "DNNL_CPU_ISA_HINTS",
            "ONEDNN_DEFAULT_FPMATH_MODE",
            "DNNL_DEFAULT_FPMATH_MODE",
            "OMP_DYNAMIC",
            "OMP_THREAD_LIMIT",
            "OMP_PROC_BIND",
            "GOMP_CPU_AFFINITY");

    /** The loaded library; what uses it is initialised after {@link #open}. */
    static NativeLibrary library;

    private final Arena arena = Arena.ofShared();
    private NativeLibrary openMp;
    private Dnnl dnnl;
    private String implementation = "none yet";

    @Override
    public String name() {
        return "onednn";
    }

    @Override
    public void open(int threads) throws Unavailable {
        if (!NativeLibrary.platform().equals(PLATFORM)) {
            throw new Unavailable("has no build for " + NativeLibrary.platform());
        }
        UNSET.forEach(name -> NativeLibrary.environment(name, null));
        // omp_set_num_threads holds for the thread that calls it alone; this one holds for whichever thread runs a
        // side.
        NativeLibrary.environment("OMP_NUM_THREADS", Integer.toString(threads));
        openMp = NativeLibrary.load(OneDnnPeer.class, FOLDER, List.of("libgomp.so.1"));
        library = NativeLibrary.load(OneDnnPeer.class, FOLDER, List.of("libdnnl.so.3"));
        if (threads() != threads) {
            throw new Unavailable("takes " + threads() + " threads, not " + threads);
        }
        dnnl = new Dnnl(library);
    }

    private int threads() {
        return number(openMp, "omp_get_max_threads");
    }

    private static int number(NativeLibrary from, String function) {
        MethodHandle handle = from.function(function, FunctionDescriptor.of(JAVA_INT));
        return NativeLibrary.call(() -> (int) handle.invokeExact());
    }

    @Override
    public String describe() {
        return "oneDNN " + version() + ", kernel " + implementation + ", ISA "
                + isa(number(library, "dnnl_get_effective_cpu_isa")) + ", OpenMP, threads " + threads();
    }

    /** dnnl_version_t starts with three ints. */
    private static String version() {
        MethodHandle version = library.function("dnnl_version", FunctionDescriptor.of(ADDRESS));
        MemorySegment parts =
                NativeLibrary.call(() -> (MemorySegment) version.invokeExact()).reinterpret(3L * Integer.BYTES);
        return parts.getAtIndex(JAVA_INT, 0) + "." + parts.getAtIndex(JAVA_INT, 1) + "."
                + parts.getAtIndex(JAVA_INT, 2);
    }

    /** The name of a dnnl_cpu_isa_t. */
    private static String isa(int code) {
        return switch (code) {
            case 0x1 -> "sse41";
            case 0x3 -> "avx";
            case 0x7 -> "avx2";
            case 0xf -> "avx2_vnni";
            case 0x1f -> "avx2_vnni_2";
            case 0x27 -> "avx512_core";
            case 0x67 -> "avx512_core_vnni";
            case 0xe7 -> "avx512_core_bf16";
            case 0x1ef -> "avx10_1_512";
            case 0xfef -> "avx10_1_512_amx";
            case 0x1fef -> "avx10_1_512_amx_fp16";
            case 0x201ff -> "avx10_2";
            case 0x22fff -> "avx10_2_amx_2";
            default -> "0x" + Integer.toHexString(code);
        };
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        Matmul matmul = new Matmul(dnnl, problem, arena);
        implementation = matmul.implementation();
        return matmul;
    }

    @Override
    public double warmUp() {
        return COMPILED_SECONDS;
    }

    @Override
    public void close() {
        arena.close();
    }
}
