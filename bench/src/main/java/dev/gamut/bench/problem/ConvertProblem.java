package dev.gamut.bench.problem;

import dev.gamut.Explanation;
import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.conformance.Report;
import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.convert.ConvertPlan;
import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.kernel.KernelId;
import dev.gamut.tensor.Tensor;

/** A conversion of a vector from one type to another. */
public final class ConvertProblem implements Problem {
    private final Workload workload;
    private final Precision precision;
    private final ConvertDesc desc;
    private ConvertArgs[] args = {};
    private Tensor out;

    /**
     * A problem without operands.
     *
     * @param workload its length is k
     * @param precision from a to b
     */
    public ConvertProblem(Workload workload, Precision precision) {
        this.workload = workload;
        this.precision = precision;
        this.desc = ConvertDesc.of(
                MatrixDesc.rowMajor(precision.a(), 1, workload.k()),
                MatrixDesc.rowMajor(precision.b(), 1, workload.k()));
    }

    @Override
    public void fill(MachineCaches caches, int threads, long seed) {
        RandomData random = new RandomData(seed);
        args = new ConvertArgs[workload.fromMemory() ? Rotation.copies(workload, bytes(), caches, threads) : 1];
        for (int i = 0; i < args.length; i++) {
            Tensor x = Tensor.zeros(precision.a(), 1, workload.k());
            Tensor y = Tensor.zeros(precision.b(), 1, workload.k());
            random.fill(x);
            args[i] = new ConvertArgs();
            args[i].x().set(x);
            args[i].y().set(y);
            out = i == 0 ? y : out;
        }
    }

    @Override
    public int sets() {
        return args.length;
    }

    @Override
    public Tensor out() {
        return out;
    }

    /** Every code is compared with that of the scalar conversion; there is nothing to allow. */
    @Override
    public Report check(ErrorBound allowed) {
        Tensor x = args[0].x().tensor();
        Tensor want = Tensor.zeros(precision.b(), 1, workload.k());
        Convert.convert(x.segment(), x.dtype(), 0, want.segment(), want.dtype(), 0, workload.k());
        long at = want.segment().mismatch(out.segment());
        return at < 0
                ? new Report(true, 0, 0, 0, workload.k(), "")
                : new Report(false, Double.POSITIVE_INFINITY, 0, 0, workload.k(), "byte " + at + " differs");
    }

    @Override
    public ErrorBound conventional() {
        return ErrorBound.EXACT;
    }

    @Override
    public void release() {
        args = new ConvertArgs[0];
        out = null;
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
        return DType.F32;
    }

    @Override
    public DType result() {
        return precision.b();
    }

    @Override
    public double operations() {
        return workload.k();
    }

    @Override
    public double bytes() {
        return workload.k() * (precision.a().bits() + precision.b().bits()) / 8.0;
    }

    @Override
    public double footprint() {
        return bytes() * args.length;
    }

    @Override
    public Explanation explain(Gamut gamut, Accuracy accuracy) {
        return gamut.explain(desc);
    }

    @Override
    public Bound bind(Gamut gamut, Accuracy accuracy) {
        ConvertPlan plan = gamut.plan(desc);
        return new Bound() {
            @Override
            public void run(int set) {
                plan.run(args[set]);
            }

            @Override
            public Report verify() {
                out.segment().fill((byte) 0xa5);
                plan.run(args[0]);
                return check(ErrorBound.EXACT);
            }

            @Override
            public double declared() {
                return 0;
            }

            @Override
            public KernelId kernel() {
                return plan.kernel();
            }
        };
    }
}
