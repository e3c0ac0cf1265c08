package dev.gamut.bench.problem;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.conformance.Check;
import dev.gamut.conformance.Report;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.kernel.KernelId;
import dev.gamut.tensor.Operand;
import dev.gamut.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A matrix product, or a batch of them. */
public final class GemmProblem implements Problem {
    private final Workload workload;
    private final Precision precision;
    private final boolean packed;
    private final GemmDesc desc;
    private final double bytes;
    private GemmArgs[] args = {};
    private Tensor[] a = {};
    private Tensor[] b = {};
    private Tensor firstResult;
    private MemorySegment verifiedResult;
    private ErrorBound verifiedBound;
    private Report verified;

    /**
     * A problem without operands.
     *
     * @param workload a GEMM
     * @param precision operand types
     * @param packed whether B is constant: it may be brought into another layout before the runs
     */
    public GemmProblem(Workload workload, Precision precision, boolean packed) {
        this.workload = workload;
        this.precision = precision;
        this.packed = packed;
        this.bytes = bytes(workload, precision);
        MatrixDesc a = matrix(precision.a(), workload.m(), workload.k(), workload.transposeA(), 1);
        MatrixDesc b = matrix(precision.b(), workload.k(), workload.n(), workload.transposeB(), 0);
        MatrixDesc c = MatrixDesc.rowMajor(precision.result(), workload.m(), workload.n());
        GemmDesc one = GemmDesc.of(a, b, c);
        this.desc = workload.batch() == 1 ? one : one.batch(workload.batch(), stride(a), stride(b), stride(c));
    }

    /** The operand as it enters the product, stored transposed where the workload says so. */
    private MatrixDesc matrix(DType type, long rows, long cols, boolean transposed, int axisOfK) {
        Scaling scaling = precision.scaling(type, transposed ? 1 - axisOfK : axisOfK);
        MatrixDesc stored = MatrixDesc.rowMajor(type, transposed ? cols : rows, transposed ? rows : cols);
        return transposed ? stored.scaling(scaling).transpose() : stored.scaling(scaling);
    }

    /** Matrices of a batch lie one after the other, each with whole rows. */
    private static long stride(MatrixDesc matrix) {
        return Math.max(matrix.rows() * matrix.rowStride(), matrix.cols() * matrix.colStride());
    }

    @Override
    public void fill(MachineCaches caches, int threads, long seed) {
        RandomData random = new RandomData(seed);
        args = new GemmArgs[Rotation.copies(workload, bytes, caches, threads)];
        a = new Tensor[args.length];
        b = new Tensor[args.length];
        for (int i = 0; i < args.length; i++) {
            Tensor c = Tensor.zeros(precision.result(), shape(workload.m(), workload.n()));
            a[i] = operand(desc.a(), workload.transposeA(), random);
            b[i] = operand(desc.b(), workload.transposeB(), random);
            args[i] = new GemmArgs();
            set(args[i].a(), a[i]);
            set(args[i].b(), b[i]);
            set(args[i].c(), c);
            firstResult = i == 0 ? c : firstResult;
        }
    }

    /** Whether B is constant: it may be brought into another layout before the runs. */
    public boolean packed() {
        return packed;
    }

    @Override
    public int sets() {
        return args.length;
    }

    /**
     * A left operand.
     *
     * @param set less than {@link #sets}
     * @return m×k, a transposed view where the workload stores it so
     */
    public Tensor a(int set) {
        return a[set];
    }

    /**
     * A right operand.
     *
     * @param set less than {@link #sets}
     * @return k×n, a transposed view where the workload stores it so
     */
    public Tensor b(int set) {
        return b[set];
    }

    @Override
    public Tensor out() {
        return firstResult;
    }

    @Override
    public Report check(ErrorBound allowed) {
        return Check.gemm(desc, allowed, args[0], workload.id().hashCode());
    }

    @Override
    public ErrorBound conventional() {
        return ErrorBound.ofAccumulation(desc.acc());
    }

    @Override
    public void release() {
        args = new GemmArgs[0];
        a = new Tensor[0];
        b = new Tensor[0];
        firstResult = null;
        verifiedResult = null;
        verifiedBound = null;
        verified = null;
    }

    /** As arrays where nothing more is to be said of them: that is what most callers have. */
    private static void set(Operand operand, Tensor tensor) {
        if (tensor.scaling().hasScales() || tensor.array() == null) {
            operand.set(tensor);
        } else {
            operand.set(tensor.array(), tensor.offset());
        }
    }

    private Tensor operand(MatrixDesc matrix, boolean transposed, RandomData random) {
        Scaling scaling = transposed ? matrix.scaling().transpose() : matrix.scaling();
        Tensor stored = Tensor.zeros(
                matrix.type(), transposed ? shape(matrix.cols(), matrix.rows()) : shape(matrix.rows(), matrix.cols()));
        random.fill(stored);
        if (scaling.hasScales()) {
            Tensor scales = Tensor.zeros(
                    scaling.scaleType(), scaling.scaleShape(stored.layout().shape()));
            random.fillScales(scales);
            stored = stored.scaled(scaling, scales, null);
        }
        return transposed ? Transposition.of(stored) : stored;
    }

    /** Bytes of A, B and C together. */
    public static double bytes(Workload w, Precision p) {
        double bits = (double) w.m() * w.k() * p.a().bits()
                + (double) w.k() * w.n() * p.b().bits()
                + (double) w.m() * w.n() * p.result().bits();
        return bits / 8 * w.batch();
    }

    private long[] shape(long rows, long cols) {
        return workload.batch() == 1 ? new long[] {rows, cols} : new long[] {workload.batch(), rows, cols};
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
    public Explanation explain(Gamut gamut, Accuracy accuracy) {
        return gamut.explain(desc.accuracy(accuracy));
    }

    @Override
    public Bound bind(Gamut gamut, Accuracy accuracy) {
        if (!packed) {
            return new BoundGemm(gamut.plan(desc.accuracy(accuracy)), args);
        }
        GemmArgs[] withPanels = new GemmArgs[args.length];
        GemmPlan plan = null;
        for (int set = 0; set < args.length; set++) {
            PackedMatrix panels = gamut.pack(b(set), accuracy);
            plan = plan == null ? gamut.plan(desc.b(panels.desc()).accuracy(accuracy)) : plan;
            withPanels[set] = new GemmArgs().packedB(panels);
            set(withPanels[set].a(), a(set));
            withPanels[set].c().set(args[set].c().array(), args[set].c().offset());
        }
        return new BoundGemm(plan, withPanels);
    }

    private final class BoundGemm implements Bound {
        private final GemmPlan plan;
        private final GemmArgs[] sets;

        BoundGemm(GemmPlan plan, GemmArgs[] args) {
            this.plan = plan;
            this.sets = args;
        }

        @Override
        public void run(int set) {
            plan.run(sets[set]);
        }

        /** A result with the same bits as one that was verified against the very same bound needs no second check. */
        @Override
        public Report verify() {
            firstResult.segment().fill((byte) 0xa5);
            plan.run(sets[0]);
            boolean known = verified != null
                    && plan.bound().equals(verifiedBound)
                    && verifiedResult.mismatch(firstResult.segment()) < 0;
            if (!known) {
                verified = check(plan.bound());
                verifiedBound = plan.bound();
                verifiedResult = MemorySegment.ofArray(firstResult.segment().toArray(ValueLayout.JAVA_BYTE));
            }
            return verified;
        }

        @Override
        public KernelId kernel() {
            return plan.kernel();
        }

        @Override
        public double declared() {
            return plan.bound().relative(desc.terms());
        }
    }
}
