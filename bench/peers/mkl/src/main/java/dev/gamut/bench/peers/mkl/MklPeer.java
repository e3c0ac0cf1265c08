package dev.gamut.bench.peers.mkl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gamut.bench.peer.Dgesv;
import dev.gamut.bench.peer.NativeLibrary;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.SystemSide;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.solve.LinearSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Intel oneMKL through the foreign function interface, on native operands aligned to 64 bytes. */
public final class MklPeer implements Peer {
    private static final String PLATFORM = "linux-x86_64";

    /** What libmkl_rt opens by itself: interface, threading, core, and whichever kernels suit the processor. */
    private static final List<String> SIBLINGS = List.of(
            "libmkl_core.so.2",
            "libmkl_intel_lp64.so.2",
            "libmkl_gnu_thread.so.2",
            "libmkl_def.so.2",
            "libmkl_avx2.so.2",
            "libmkl_avx512.so.2");

    private static final Pattern KERNELS = Pattern.compile("libmkl_((?:def|mc3|avx)\\w*)\\.so");

    /** Settings of other programs' users that would slow the peer down, make it print, or narrow its choice of kernel. */
    private static final List<String> UNSET = List.of(
            "MKL_VERBOSE",
            "MKL_CBWR",
            "MKL_ENABLE_INSTRUCTIONS",
            "MKL_DEBUG_CPU_TYPE",
            "MKL_NUM_STRIPES",
            "MKL_DOMAIN_NUM_THREADS",
            "OMP_THREAD_LIMIT",
            "OMP_PROC_BIND",
            "GOMP_CPU_AFFINITY");

    private static final Map<Precision, Layout> PRODUCTS = Map.of(
            Precision.parse("f64"), Doubles::new,
            Precision.parse("f32"), Singles::new,
            Precision.parse("bf16"), Bfloats::new,
            Precision.parse("f16"), Halves::new,
            Precision.parse("i8"), Bytes::new,
            Precision.parse("u8*i8"), Bytes::new);

    /** The loaded library; what uses it is initialised after {@link #open}. */
    static NativeLibrary library;

    private final Arena arena = Arena.ofShared();

    @FunctionalInterface
    private interface Layout {
        Side of(GemmProblem problem, Arena arena) throws Unavailable;
    }

    @Override
    public String name() {
        return "mkl";
    }

    @Override
    public void open(int threads) throws Unavailable {
        if (!NativeLibrary.platform().equals(PLATFORM)) {
            throw new Unavailable("has no build for " + NativeLibrary.platform());
        }
        UNSET.forEach(name -> NativeLibrary.environment(name, null));
        NativeLibrary.environment("MKL_INTERFACE_LAYER", "LP64");
        NativeLibrary.environment("MKL_THREADING_LAYER", "GNU");
        requireOpenMp();
        library = NativeLibrary.load(
                MklPeer.class, "/org/bytedeco/mkl/" + PLATFORM + "/", SIBLINGS, List.of("libmkl_rt.so.2"));
        set("MKL_Set_Dynamic", 0); // or the library may take fewer threads than it is told to
        set("MKL_Set_Num_Threads", threads);
        if (threads() != threads) {
            throw new Unavailable("takes " + threads() + " threads, not " + threads);
        }
    }

    /** The library ends the process if it does not find its OpenMP runtime. */
    private static void requireOpenMp() throws Unavailable {
        try {
            SymbolLookup.libraryLookup("libgomp.so.1", Arena.global());
        } catch (IllegalArgumentException e) {
            throw new Unavailable("needs libgomp.so.1, which is not installed", e);
        }
    }

    private static void set(String function, int value) {
        MethodHandle set = library.function(function, FunctionDescriptor.ofVoid(JAVA_INT));
        NativeLibrary.call(() -> {
            set.invokeExact(value);
            return null;
        });
    }

    private static int threads() {
        MethodHandle threads = library.function("MKL_Get_Max_Threads", FunctionDescriptor.of(JAVA_INT));
        return NativeLibrary.call(() -> (int) threads.invokeExact());
    }

    @Override
    public String describe() {
        return version() + ", kernels " + kernels() + ", GNU OpenMP, threads " + threads();
    }

    private static String version() {
        MethodHandle version = library.function("MKL_Get_Version_String", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int size = 256;
            MemorySegment text = arena.allocate(size);
            NativeLibrary.call(() -> {
                version.invokeExact(text, size);
                return null;
            });
            return text.getString(0).strip();
        }
    }

    /** The library has no function that tells its choice, but it loads its kernels from a file for each instruction set. */
    private static String kernels() {
        try {
            return KERNELS.matcher(Files.readString(Path.of("/proc/self/maps")))
                    .results()
                    .map(MatchResult::group)
                    .distinct()
                    .collect(Collectors.joining(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        Layout layout = PRODUCTS.get(problem.precision());
        if (layout == null) {
            throw new Unavailable("multiplies F64, F32, BF16, F16, I8 and U8·I8 only");
        }
        return layout.of(problem, arena);
    }

    @Override
    public SystemSide solve(LinearSystem system) {
        return new Dgesv(library, system, arena);
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
