package dev.gamut.bench.peers.jlama;

import com.github.tjake.jlama.tensor.operations.TensorOperations;
import com.github.tjake.jlama.tensor.operations.TensorOperationsProvider;
import com.github.tjake.jlama.util.MachineSpec;
import com.github.tjake.jlama.util.PhysicalCoreExecutor;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.dtype.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** One of Jlama's implementations of its tensor operations, picked the way its users pick it: by a system property. */
abstract sealed class Engine implements Peer permits JlamaPeer, JlamaNativePeer, JlamaInt8Peer {
    private final String name;
    private final String property;
    private final String implementation;
    private final int tile;
    private final boolean roundsActivations;
    private TensorOperations operations;
    private int threads;

    /**
     * An engine.
     *
     * @param property makes Jlama choose it
     * @param implementation what it calls itself then
     * @param tile columns of C that its widest kernel computes together
     * @param roundsActivations whether F32 activations become I8 before each product
     */
    Engine(String name, String property, String implementation, int tile, boolean roundsActivations) {
        this.name = name;
        this.property = property;
        this.implementation = implementation;
        this.tile = tile;
        this.roundsActivations = roundsActivations;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final void open(int threads) throws Unavailable {
        System.setProperty(property, "true");
        PhysicalCoreExecutor.overrideThreadCount(threads);
        int got = PhysicalCoreExecutor.instance.get().getCoreCount();
        if (got != threads) {
            throw new Unavailable("takes " + got + " threads instead of " + threads);
        }
        this.threads = threads;
        operations = TensorOperationsProvider.get();
        if (!operations.name().equals(implementation)) {
            throw new Unavailable("falls back to its " + operations.name() + " here");
        }
    }

    @Override
    public final String describe() {
        return "Jlama " + version() + ", " + operations.name() + ", " + MachineSpec.VECTOR_TYPE + " Java vectors"
                + (roundsActivations ? ", activations rounded to I8" : "") + ", operands laid out along k, threads "
                + threads;
    }

    private static String version() {
        Properties maven = new Properties();
        try (InputStream in = TensorOperations.class.getResourceAsStream(
                "/META-INF/maven/com.github.tjake/jlama-core/pom.properties")) {
            maven.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return maven.getProperty("version");
    }

    @Override
    public final Side gemm(GemmProblem problem) throws Unavailable {
        Precision p = problem.precision();
        boolean weights = p.a() == DType.F32 && p.b() == DType.I4 && p.block() == Rows.BLOCK;
        if (roundsActivations) {
            if (!weights) {
                throw new Unavailable("rounds activations for I4 weights in blocks of 32 only");
            }
            // The kernel takes the scale factors of eight blocks at a time and reads past a row that ends between.
            return product(problem, 8 * Rows.BLOCK);
        }
        if (weights) {
            return product(problem, Rows.BLOCK);
        }
        if (p.block() == 0 && p.a() == p.b() && (p.a() == DType.F32 || p.a() == DType.BF16)) {
            return product(problem, Long.SIZE * 8 / p.a().bits());
        }
        throw new Unavailable("multiplies F32, BF16, and F32 by I4 weights in blocks of 32 only");
    }

    private Side product(GemmProblem problem, int step) throws Unavailable {
        if (problem.workload().k() % step != 0) {
            throw new Unavailable("reads past the operands where k is not a multiple of " + step);
        }
        if (problem.precision().block() != 0 && !problem.workload().transposeB()) {
            throw new Unavailable("takes weights stored n×k only");
        }
        return roundsActivations
                ? new RoundedProduct(problem, operations, tile, threads)
                : new Product(problem, operations, tile, threads);
    }
}
