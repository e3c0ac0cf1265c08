package dev.gamut.bench.problem;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.conformance.Check;
import dev.gamut.conformance.Report;
import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import dev.gamut.reduce.ReduceArgs;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.Locale;

/** A reduction of a vector, or of each row of a matrix. */
public final class ReduceProblem implements Problem {
    private final Workload workload;
    private final Precision precision;
    private final ReduceDesc desc;
    private final double bytes;
    private final long[] shape;
    private ReduceArgs[] args = {};
    private Tensor out;

    public ReduceProblem(Workload workload, Precision precision) {
        this.workload = workload;
        this.precision = precision;
        ReduceOp op = ReduceOp.valueOf(workload.op().toUpperCase(Locale.ROOT));
        boolean rows = workload.m() > 1;
        this.shape = rows ? new long[] {workload.m(), workload.k()} : new long[] {workload.k()};
        this.desc = ReduceDesc.of(op, precision.a(), Layout.rowMajor(shape), rows ? 1 : ReduceDesc.ALL);
        this.bytes = bytes(workload, precision);
    }

    @Override
    public void fill(MachineCaches caches, int threads, long seed) {
        RandomData random = new RandomData(seed);
        args = new ReduceArgs[workload.fromMemory() ? Rotation.copies(workload, bytes, caches, threads) : 1];
        out = Tensor.zeros(desc.result(), workload.m());
        for (int i = 0; i < args.length; i++) {
            args[i] = new ReduceArgs();
            args[i].x().set(operand(random));
            if (desc.op().isBinary()) {
                args[i].y().set(operand(random));
            }
            args[i].out().set(out);
        }
    }

    @Override
    public int sets() {
        return args.length;
    }

    /**
     * The operand.
     *
     * @param set less than {@link #sets}
     */
    public Tensor x(int set) {
        return args[set].x().tensor();
    }

    /**
     * The second operand of a dot product.
     *
     * @param set less than {@link #sets}
     */
    public Tensor y(int set) {
        return args[set].y().tensor();
    }

    @Override
    public Tensor out() {
        return out;
    }

    @Override
    public Report check(ErrorBound allowed) {
        return Check.reduce(desc, allowed, args[0], workload.id().hashCode());
    }

    @Override
    public ErrorBound conventional() {
        return desc.op().isSelection() ? ErrorBound.EXACT : ErrorBound.ofAccumulation(accumulator());
    }

    @Override
    public void release() {
        args = new ReduceArgs[0];
        out = null;
    }

    private Tensor operand(RandomData random) {
        Tensor x = Tensor.zeros(precision.a(), shape);
        if (desc.op() == ReduceOp.PRODUCT) {
            random.fillNearOne(x);
        } else {
            random.fill(x);
        }
        return x;
    }

    /** Bytes of the operands. */
    public static double bytes(Workload w, Precision p) {
        return (double) w.m() * w.k() * p.a().bits() / 8 * (w.op().equals("dot") ? 2 : 1);
    }

    /** Operations for each element: a square or a product and its addition are two, a deviation is one more. */
    public static int operationsPerElement(String op) {
        return switch (op) {
            case "dot", "nrm2", "logsumexp" -> 2;
            case "variance" -> 3;
            default -> 1;
        };
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
        return desc.op().isSelection()
                ? desc.type()
                : desc.op().isReal() ? desc.result() : desc.type().sumAccumulator();
    }

    @Override
    public DType result() {
        return desc.result();
    }

    @Override
    public double operations() {
        return (double) workload.m() * workload.k() * operationsPerElement(workload.op());
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
        return new BoundReduction(gamut.plan(desc.accuracy(accuracy)));
    }

    private final class BoundReduction implements Bound {
        private final ReducePlan plan;

        BoundReduction(ReducePlan plan) {
            this.plan = plan;
        }

        @Override
        public void run(int set) {
            plan.run(args[set]);
        }

        @Override
        public Report verify() {
            out.segment().fill((byte) 0xa5);
            plan.run(args[0]);
            return check(plan.bound());
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
