package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.bench.peer.Operands;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.RoundedActivations;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.convert.ConvertArgs;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.convert.ConvertPlan;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.gemm.GemmArgs;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.MatrixDesc;
import dev.gamut.tensor.Tensor;
import java.util.Optional;

/**
 * Gamut where F32 activations become I8 in each run, with a scale factor for each block of them along k as the weights have: what it takes
 * to choose the factors, to convert and to multiply.
 */
final class OwnRounded implements Peer {
    private Gamut gamut;
    private String kernel = "";

    @Override
    public String name() {
        return "own-rounded";
    }

    @Override
    public void open(int count) {
        gamut = Gamut.open(GamutConfig.defaults().threads(count));
    }

    /** The id of the kernel. */
    @Override
    public String describe() {
        return kernel;
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        if (problem.precision().a() != DType.F32 || problem.precision().block() == 0) {
            throw new Unavailable("rounds F32 activations that meet weights with scale factors");
        }
        return new Rounded(problem);
    }

    @Override
    public void close() {
        gamut.close();
    }

    /** A product, ready to run. */
    private final class Rounded implements Side {
        private final GemmProblem problem;
        private final int block;
        private final float[] factors;
        private final ConvertPlan rounding;
        private final ConvertArgs[] numbers;
        private final GemmPlan plan;
        private final GemmArgs[] args;
        private final Tensor c;

        Rounded(GemmProblem problem) {
            this.problem = problem;
            this.block = problem.precision().block();
            long m = problem.workload().m();
            long k = problem.workload().k();
            Scaling scaling = Scaling.perBlock(1, block, DType.F32);
            Tensor scales = Tensor.zeros(DType.F32, scaling.scaleShape(new long[] {m, k}));
            Tensor codes = Tensor.zeros(DType.I8, m, k).scaled(scaling, scales, null);
            factors = (float[]) scales.array();
            c = Tensor.zeros(DType.F32, m, problem.workload().n());
            MatrixDesc a = MatrixDesc.of("a", codes);
            rounding = gamut.plan(ConvertDesc.of(MatrixDesc.rowMajor(DType.F32, m, k), a));
            plan = gamut.plan(GemmDesc.of(a, MatrixDesc.of("b", problem.b(0)), MatrixDesc.of("c", c)));
            kernel = plan.kernel().toString();
            numbers = new ConvertArgs[problem.sets()];
            args = new GemmArgs[problem.sets()];
            for (int set = 0; set < args.length; set++) {
                numbers[set] = new ConvertArgs();
                numbers[set].x().set(problem.a(set));
                numbers[set].y().set(codes);
                args[set] = new GemmArgs();
                args[set].a().set(codes);
                args[set].b().set(problem.b(set));
                args[set].c().set(c);
            }
        }

        @Override
        public void run(int set) {
            chooseFactors((float[]) problem.a(set).array());
            rounding.run(numbers[set]);
            plan.run(args[set]);
        }

        private void chooseFactors(float[] x) {
            for (int i = 0; i < factors.length; i++) {
                factors[i] = largest(x, i * block, block) / RoundedActivations.LARGEST;
            }
        }

        /** In four chains: each maximum waits for the one before. */
        private static float largest(float[] x, int from, int count) {
            float a = 0;
            float b = 0;
            float c = 0;
            float d = 0;
            for (int i = from; i < from + count; i += 4) {
                a = Math.max(a, Math.abs(x[i]));
                b = Math.max(b, Math.abs(x[i + 1]));
                c = Math.max(c, Math.abs(x[i + 2]));
                d = Math.max(d, Math.abs(x[i + 3]));
            }
            return Math.max(Math.max(a, b), Math.max(c, d));
        }

        @Override
        public void result(Tensor into) {
            Operands.copy(c.segment(), into);
        }

        @Override
        public Optional<ErrorBound> bound() {
            return Optional.of(RoundedActivations.bound(problem.workload().k()));
        }
    }
}
