package dev.gamut.bench.peers.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.RoundedActivations;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import java.util.ArrayList;
import java.util.List;

/** ONNX Runtime with one setting of how exactly it multiplies by weights of few bits. */
abstract sealed class Engine implements Peer permits OnnxRuntimePeer, OnnxRuntimeInt8Peer {
    private final String name;
    private final int accuracyLevel;
    private final List<Product> products = new ArrayList<>();
    private OrtEnvironment environment;
    private OrtSession.SessionOptions options;
    private int threads;

    /**
     * An engine.
     *
     * @param accuracyLevel of MatMulNBits: 1 for F32 activations, 4 for I8
     */
    Engine(String name, int accuracyLevel) {
        this.name = name;
        this.accuracyLevel = accuracyLevel;
    }

    @Override
    public final String name() {
        return name;
    }

    /**
     * Makes one pool of threads for all sessions: each set of constant operands needs a session of its own, and the threads
     * of one would spin for a while beside the next.
     */
    @Override
    public final void open(int threads) throws Unavailable {
        this.threads = threads;
        try (OrtEnvironment.ThreadingOptions pool = new OrtEnvironment.ThreadingOptions()) {
            pool.setGlobalIntraOpNumThreads(threads);
            pool.setGlobalInterOpNumThreads(1);
            environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, name, pool);
            environment.setTelemetry(false);
            options = new OrtSession.SessionOptions();
            options.disablePerSessionThreads();
        } catch (OrtException e) {
            throw new Unavailable("does not start: " + e.getMessage(), e);
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError e) {
            throw new Unavailable("has no library for this platform", e);
        }
    }

    @Override
    public double warmUp() {
        return COMPILED_SECONDS;
    }

    @Override
    public final String describe() {
        return "ONNX Runtime " + environment.getVersion() + ", CPU, weights of few bits at accuracy level "
                + accuracyLevel + " (" + (accuracyLevel == 1 ? "F32" : "I8")
                + " activations), default optimisations, one pool, threads spin between runs, threads " + threads;
    }

    @Override
    public final Side gemm(GemmProblem problem) throws Unavailable {
        boolean weights = problem.precision().block() != 0;
        if (accuracyLevel == 4 && !weights) {
            throw new Unavailable("rounds activations for scaled weights only");
        }
        if (accuracyLevel == 4 && problem.workload().k() < RoundedActivations.LEAST_TERMS) {
            throw new Unavailable("has no bound for less than " + RoundedActivations.LEAST_TERMS + " terms");
        }
        ProductModel model = weights ? new WeightsModel(problem, accuracyLevel) : new PlainModel(problem);
        try {
            Product product = accuracyLevel == 4
                    ? new RoundedProduct(problem, model, environment, options)
                    : new Product(problem, model, environment, options);
            products.add(product);
            return product;
        } catch (OrtException e) {
            throw new Unavailable("declines: " + e.getMessage(), e);
        }
    }

    @Override
    public final void close() {
        products.forEach(Product::close);
        if (options != null) {
            options.close();
        }
    }
}
