package dev.gamut.bench.peers.onnxruntime;

import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Precision;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/** MatMulNBits: weights of 4 or 8 bits, stored n×k with a scale factor for each block of a row. They are constant. */
final class WeightsModel implements ProductModel {
    private final GemmProblem problem;
    private final int accuracyLevel;
    private final int bits;
    private final int m;
    private final int n;
    private final int k;
    private final int block;

    /**
     * Reads the problem.
     *
     * @param problem with scale factors
     * @param accuracyLevel of the operator
     * @throws Unavailable if the operator does not take it
     */
    WeightsModel(GemmProblem problem, int accuracyLevel) throws Unavailable {
        Precision p = problem.precision();
        if (p.a() != DType.F32 || p.b() != DType.I4 && p.b() != DType.I8) {
            throw new Unavailable("has scale factors for F32 by I4 and I8 weights only");
        }
        if (!problem.workload().transposeB()
                || problem.workload().transposeA()
                || problem.workload().batch() > 1) {
            throw new Unavailable("takes one matrix of weights, stored n×k, and plain activations");
        }
        this.problem = problem;
        this.accuracyLevel = accuracyLevel;
        bits = p.b().bits();
        m = (int) problem.workload().m();
        n = (int) problem.workload().n();
        k = (int) problem.workload().k();
        block = p.block();
    }

    @Override
    public boolean constant() {
        return true;
    }

    @Override
    public Element typeOfA() {
        return Element.F32;
    }

    @Override
    public Element typeOfB() {
        return Element.U8;
    }

    @Override
    public Element typeOfC() {
        return Element.F32;
    }

    @Override
    public long[] shapeOfA() {
        return new long[] {m, k};
    }

    @Override
    public long[] shapeOfB() {
        return new long[] {n, k / block, block * bits / Byte.SIZE};
    }

    @Override
    public long[] shapeOfC() {
        return new long[] {m, n};
    }

    @Override
    public MemorySegment copyOfA(int set, Arena arena) {
        return Operands.copy(problem.a(set), arena);
    }

    @Override
    public MemorySegment copyOfB(int set, Arena arena) {
        throw new UnsupportedOperationException("weights are constant");
    }

    @Override
    public Model build(int set) {
        Tensor stored = problem.b(set).transpose();
        return new Model()
                .input(A, Element.F32, shapeOfA())
                .constant(B, Element.U8, unsigned(stored.segment()), shapeOfB())
                .constant("scales", Element.F32, stored.scales().segment(), (long) n * k / block)
                .output(Element.F32, shapeOfC())
                .contributed(
                        "MatMulNBits",
                        Model.RESULT,
                        Map.of("N", n, "K", k, "bits", bits, "block_size", block, "accuracy_level", accuracyLevel),
                        A,
                        B,
                        "scales");
    }

    /** Codes count from 0 there, with the zero point in the middle: the highest bit of each is the other way round. */
    private MemorySegment unsigned(MemorySegment signed) {
        byte[] codes = signed.toArray(ValueLayout.JAVA_BYTE);
        int highest = bits == 4 ? 0x88 : 0x80;
        for (int i = 0; i < codes.length; i++) {
            codes[i] ^= (byte) highest;
        }
        return MemorySegment.ofArray(codes);
    }
}
