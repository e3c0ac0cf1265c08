package dev.gamut.conformance;

import dev.gamut.accuracy.Determinism;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.spi.KernelInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The fingerprints of one kernel: for problems that are the same on every machine, unlike those of the rules. */
final class Fingerprints {
    private final KernelInfo kernel;
    private final Subject subject;
    private final long seed;
    private final List<Fingerprint> found = new ArrayList<>();

    private Fingerprints(KernelInfo kernel, Subject subject, long seed) {
        this.kernel = kernel;
        this.subject = subject;
        this.seed = seed;
    }

    static List<Fingerprint> of(KernelInfo kernel, Subject subject, long seed) {
        Fingerprints all = new Fingerprints(kernel, subject, seed);
        switch (kernel.id().op()) {
            case "gemm" -> all.products();
            case "convert" -> all.conversions();
            default -> all.reductions();
        }
        return List.copyOf(all.found);
    }

    /** Adds the problem's fingerprint unless the kernel declines it, or will not promise its bits. */
    private void add(Object spec, Supplier<long[]> bits) {
        try {
            found.add(Fingerprint.of(kernel.id(), spec, seed, bits.get()));
        } catch (UnsupportedProblemException declined) {
            return;
        }
    }

    /** Edges of every tile, rows, columns, two blocks of k, and an old C. */
    private void products() {
        for (GemmSpec plain : List.of(
                GemmSpec.plain(7, 9, 5),
                GemmSpec.plain(1, 67, 259),
                GemmSpec.plain(35, 1, 300),
                GemmSpec.plain(14, 37, 261).scalars(-1, 1),
                GemmSpec.plain(6, 35, 40).chain(EpilogueChain.BIAS_GELU_RESIDUAL))) {
            GemmSpec spec = plain.scalings(scaling(0), scaling(1));
            add(spec, () -> {
                GemmDesc desc = spec.desc(kernel).determinism(Determinism.BITWISE);
                GemmProblem problem = new GemmProblem(spec, desc, Data.RANDOM, seed);
                subject.plan(desc, 1).run(problem.args(null));
                return problem.bits();
            });
        }
    }

    private Scaling scaling(int operand) {
        return new GemmFactors(kernel.id(), subject.machine()).scalings(operand).getLast();
    }

    private void reductions() {
        for (ReduceSpec spec : List.of(
                ReduceSpec.plain(67),
                ReduceSpec.plain(4_097),
                ReduceSpec.plain(131).form(ReduceSpec.Form.STRIDED),
                ReduceSpec.plain(300).form(ReduceSpec.Form.COLUMNS))) {
            add(spec, () -> {
                ReduceDesc desc = spec.desc(kernel).determinism(Determinism.BITWISE);
                var numbers = new ReduceNumbers(ReduceSpec.op(kernel), desc.type(), seed).random();
                ReduceProblem problem = new ReduceProblem(spec, desc, numbers, false);
                subject.plan(desc, 1).run(problem.args());
                return problem.bits();
            });
        }
    }

    private void conversions() {
        DType from = kernel.id().types().get(0);
        DType to = kernel.id().types().get(1);
        for (ConvertSpec spec : List.of(ConvertSpec.plain(5, 67), ConvertSpec.plain(1, 517))) {
            add(spec, () -> {
                ConvertProblem problem = new ConvertProblem(spec, spec.desc(from, to), seed);
                subject.plan(spec.desc(from, to), 1).run(problem.args());
                return problem.bits();
            });
        }
    }
}
