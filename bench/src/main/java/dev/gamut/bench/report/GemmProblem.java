package dev.gamut.bench.report;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.conformance.Check;
import dev.gamut.conformance.Report;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.hw.CacheTopology;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** A matrix product, or a batch of them. */
final class GemmProblem implements Problem {
    private final Workload workload;
    private final Precision precision;
    private final GemmDesc desc;
    private final double bytes;
    private final GemmArgs[] args;
    private Tensor firstResult;
    private MemorySegment verifiedResult;
    private double verifiedBound;
    private Report verified;

    GemmProblem(Workload workload, Precision precision, CacheTopology caches, long seed) {
        this.workload = workload;
        this.precision = precision;
        this.bytes = bytes(workload, precision);
        this.args = new GemmArgs[Rotation.copies(workload, bytes, caches)];
        RandomData random = new RandomData(seed);
        Tensor a = null;
        Tensor b = null;
        for (int i = 0; i < args.length; i++) {
            a = operand(precision.a(), workload.m(), workload.k(), workload.transposeA(), 1, random);
            b = operand(precision.b(), workload.k(), workload.n(), workload.transposeB(), 0, random);
            Tensor c = Tensor.zeros(precision.result(), shape(workload.m(), workload.n()));
            args[i] = new GemmArgs();
            args[i].a().set(a);
            args[i].b().set(b);
            args[i].c().set(c);
            firstResult = i == 0 ? c : firstResult;
        }
        MatrixDesc left = matrix("a", a);
        MatrixDesc right = matrix("b", b);
        this.desc = GemmDesc.of(left, right, matrix("c", firstResult))
                .batch(workload.batch(), left.batchStride(), right.batchStride(), workload.m() * workload.n());
    }

    /** Bytes of A, B and C together. */
    static double bytes(Workload w, Precision p) {
        double bits = (double) w.m() * w.k() * p.a().bits()
                + (double) w.k() * w.n() * p.b().bits()
                + (double) w.m() * w.n() * p.result().bits();
        return bits / 8 * w.batch();
    }

    private long[] shape(long rows, long cols) {
        return workload.batch() == 1 ? new long[] {rows, cols} : new long[] {workload.batch(), rows, cols};
    }

    private static MatrixDesc matrix(String name, Tensor tensor) {
        return MatrixDesc.of(name, tensor);
    }

    /** The operand as it enters the product, stored transposed where the workload says so. */
    private Tensor operand(DType type, long rows, long cols, boolean transposed, int axisOfK, RandomData random) {
        Tensor stored = Tensor.zeros(type, transposed ? shape(cols, rows) : shape(rows, cols));
        random.fill(stored);
        Scaling scaling = precision.scaling(type, transposed ? 1 - axisOfK : axisOfK);
        if (scaling.hasScales()) {
            Tensor scales = Tensor.zeros(scaling.scaleType(), scaling.scaleShape(stored.layout().shape()));
            random.fillScales(scales);
            stored = stored.scaled(scaling, scales, null);
        }
        return transposed ? Transposition.of(stored) : stored;
    }

    @Override
    public Workload workload() {
        return workload;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public DType accumulator() {
        return desc.acc();
    }

    @Override
    public DType result() {
        return desc.c().type();
    }

    @Override
    public double operations() {
        return desc.flops();
    }

    @Override
    public double bytes() {
        return bytes;
    }

    @Override
    public double footprint() {
        return bytes * args.length;
    }

    @Override
    public Explanation explain(Gamut gamut) {
        return gamut.explain(desc);
    }

    @Override
    public Bound bind(Gamut gamut) {
        return new BoundGemm(gamut.plan(desc));
    }

    private final class BoundGemm implements Bound {
        private final GemmPlan plan;

        BoundGemm(GemmPlan plan) {
            this.plan = plan;
        }

        @Override
        public void run(int turn) {
            plan.run(args[turn % args.length]);
        }

        /** A result with the same bits as one that was verified against the same bound needs no second check. */
        @Override
        public Report verify() {
            firstResult.segment().fill((byte) 0xa5);
            plan.run(args[0]);
            boolean known = verified != null
                    && declared() >= verifiedBound
                    && verifiedResult.mismatch(firstResult.segment()) < 0;
            if (!known) {
                verified = Check.gemm(desc, plan.bound(), args[0], workload.id().hashCode());
                verifiedBound = declared();
                verifiedResult = MemorySegment.ofArray(firstResult.segment().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
            }
            return verified;
        }

        @Override
        public double declared() {
            return plan.bound().relative(desc.terms());
        }
    }
}
