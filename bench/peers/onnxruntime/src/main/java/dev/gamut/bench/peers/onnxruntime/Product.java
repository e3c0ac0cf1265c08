package dev.gamut.bench.peers.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sessions with operands and results bound to native memory, which a run neither copies nor allocates. */
sealed class Product implements Side, AutoCloseable permits RoundedProduct {
    private final Arena arena = Arena.ofShared();
    private final OrtEnvironment environment;
    private final List<OrtSession> sessions = new ArrayList<>();
    private final List<Map<String, OnnxTensor>> operands = new ArrayList<>();
    private final List<Map<String, OnnxTensor>> results = new ArrayList<>();
    private final MemorySegment first;

    /**
     * Makes one session, or one for each set of operands where B is constant.
     *
     * @param problem filled
     * @param model of the problem
     * @throws OrtException if there is no kernel for the model
     */
    Product(GemmProblem problem, ProductModel model, OrtEnvironment environment, OrtSession.SessionOptions options)
            throws OrtException {
        this.environment = environment;
        MemorySegment[] c = new MemorySegment[problem.sets()];
        try {
            for (int set = 0; set < problem.sets(); set++) {
                sessions.add(set == 0 || model.constant() ? session(model.build(set), options) : sessions.get(0));
                Map<String, OnnxTensor> in = new HashMap<>();
                MemorySegment a = model.copyOfA(set, arena);
                in.put(ProductModel.A, tensor(a, model.typeOfA(), model.shapeOfA()));
                if (!model.constant()) {
                    MemorySegment b = model.copyOfB(set, arena);
                    in.put(ProductModel.B, tensor(b, model.typeOfB(), model.shapeOfB()));
                }
                operands.add(in);
                c[set] = arena.allocate(problem.out().segment().byteSize(), 64);
                results.add(Map.of(Model.RESULT, tensor(c[set], model.typeOfC(), model.shapeOfC())));
            }
        } catch (OrtException e) {
            close();
            throw e;
        }
        first = c[0];
    }

    private OrtSession session(Model model, OrtSession.SessionOptions options) throws OrtException {
        // The session keeps its own copy of the constants, so the model's goes at once.
        try (Arena passing = Arena.ofConfined()) {
            return environment.createSession(model.serialise(passing), options);
        }
    }

    private OnnxTensor tensor(MemorySegment memory, Element type, long... shape) throws OrtException {
        return OnnxTensor.createTensor(
                environment, memory.asByteBuffer().order(ByteOrder.nativeOrder()), shape, type.java);
    }

    @Override
    public final void run(int set) {
        try {
            sessions.get(set).run(operands.get(set), results.get(set)).close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public final void result(Tensor into) {
        Operands.copy(first, into);
    }

    @Override
    public final void close() {
        operands.forEach(map -> map.values().forEach(OnnxTensor::close));
        results.forEach(map -> map.values().forEach(OnnxTensor::close));
        try {
            for (OrtSession session : Set.copyOf(sessions)) {
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } finally {
            arena.close();
        }
    }
}
