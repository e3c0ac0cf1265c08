package dev.gamut.bench.peers.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.bench.peer.RoundedActivations;
import dev.gamut.bench.problem.GemmProblem;
import java.util.Optional;

/** A product whose left operand each run rounds to I8 first. */
final class RoundedProduct extends Product {
    private final long k;

    RoundedProduct(
            GemmProblem problem, ProductModel model, OrtEnvironment environment, OrtSession.SessionOptions options)
            throws OrtException {
        super(problem, model, environment, options);
        k = problem.workload().k();
    }

    @Override
    public Optional<ErrorBound> bound() {
        return Optional.of(RoundedActivations.bound(k));
    }
}
