package dev.gamut.bench.peers.nd4j;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.gamut.bench.peer.NativeLibrary;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.problem.ReduceProblem;
import dev.gamut.hw.Capabilities;
import dev.gamut.hw.Feature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Properties;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J's native backend: its own reductions, and products by the OpenBLAS that it brings along. */
public final class Nd4jPeer implements Peer {
    private boolean avx512;
    private NativeOps ops;

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public void open(int threads) throws Unavailable {
        avx512 = Capabilities.host().has(Feature.AVX512);
        // Chosen here, since ND4J ends the process where a build meets a CPU that lacks its instructions.
        System.setProperty("org.bytedeco.javacpp.platform.extension", avx512 ? "-avx512" : "");
        System.setProperty("org.nd4j.log.initialization", "false");
        NativeLibrary.environment("OMP_NUM_THREADS", Integer.toString(threads));
        NativeLibrary.environment("OPENBLAS_NUM_THREADS", null);
        NativeLibrary.environment("OPENBLAS_CORETYPE", core());
        NativeLibrary.environment("OPENBLAS_L2_SIZE", null);
        load();
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        ops.setOmpNumThreads(threads);
        Nd4j.factory().blas().setMaxThreads(threads);
        if (ops.ompGetMaxThreads() != threads || blasThreads() != threads) {
            throw new Unavailable("takes " + threads() + " threads when asked for " + threads);
        }
    }

    private void load() throws Unavailable {
        try {
            Nd4j.getBackend(); // before the holder of the native functions, which is not ready without it
            ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
        } catch (ExceptionInInitializerError e) { // what ND4J fails with where no jar suits the platform
            throw new Unavailable("cannot load its backend for " + NativeLibrary.platform(), e);
        }
    }

    /**
     * The kernels that its OpenBLAS shall take; null for its own choice. That OpenBLAS is of 2021 and does not know newer
     * CPUs: on AMD Zen 5 it takes Barcelona's kernels, made for SSE3, a quarter as fast as SkylakeX's. On CPUs that it does
     * know it would choose these or their like.
     */
    private static String core() {
        Capabilities host = Capabilities.host();
        return host.has(Feature.AVX512) ? "SkylakeX" : host.has(Feature.AVX2) ? "Haswell" : null;
    }

    private static int blasThreads() {
        return Nd4j.factory().blas().getMaxThreads();
    }

    private String threads() {
        return ops.ompGetMaxThreads() + " (OpenBLAS " + blasThreads() + ")";
    }

    @Override
    public String describe() {
        return "ND4J " + version() + (avx512 ? " for AVX-512, " : ", ") + blas("openblas_get_config") + ", kernel "
                + blas("openblas_get_corename") + (core() == null ? "" : " as set by the peer") + ", threads "
                + threads();
    }

    private static String version() {
        Properties maven = new Properties();
        try (InputStream in =
                Nd4jPeer.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-native/pom.properties")) {
            maven.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return maven.getProperty("version");
    }

    /** What the OpenBLAS says that ND4J loaded, with this class's own loader. */
    private static String blas(String function) {
        MethodHandle text =
                NativeLibrary.of(SymbolLookup.loaderLookup()).function(function, FunctionDescriptor.of(ADDRESS));
        return NativeLibrary.call(() -> NativeLibrary.text((MemorySegment) text.invokeExact()))
                .strip();
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        Precision p = problem.precision();
        if (p.a() != p.b() || p.block() != 0) {
            throw new Unavailable("multiplies equal types without scales only");
        }
        return new Nd4jProduct(problem);
    }

    @Override
    public Side reduce(ReduceProblem problem) throws Unavailable {
        return new Nd4jReduction(problem);
    }
}
