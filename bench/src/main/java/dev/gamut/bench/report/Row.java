package dev.gamut.bench.report;

import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.bench.problem.Precision;
import dev.gamut.bench.problem.Workload;
import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One measurement: a workload in one precision by one kernel on a number of threads.
 *
 * @param workload the shape; where a smaller one stands in, that one
 * @param precision operand types
 * @param kernel id of the kernel
 * @param provider who registers it
 * @param acc type that terms are summed in
 * @param result type of the result
 * @param threads threads used
 * @param accuracy what was demanded of it, as the command line writes it
 * @param chosenFor the demands for which Gamut picks it
 * @param standsFor id of the shape that this one stands in for; empty for none
 * @param seconds median time of one run; NaN where it failed
 * @param joules energy of one run; NaN where the machine does not tell
 * @param operations arithmetic operations of one run
 * @param bytes bytes that one run must move
 * @param level where its operands lie: L1, L2, L3 or memory
 * @param error largest error found, over the sum of absolute terms
 * @param bound the error that the kernel declares, over the sum of absolute terms
 * @param errorOverBound largest error found over what was allowed for that element
 * @param ok whether every element checked is within its allowed error
 * @param message what was wrong; empty where nothing was
 * @param peaks what it is held against
 */
record Row(
        Workload workload,
        Precision precision,
        String kernel,
        String provider,
        String acc,
        String result,
        int threads,
        String accuracy,
        List<String> chosenFor,
        String standsFor,
        double seconds,
        double joules,
        double operations,
        double bytes,
        String level,
        double error,
        double bound,
        double errorOverBound,
        boolean ok,
        String message,
        Yardsticks peaks) {
    /** Providers of kernels in C. */
    private static final Set<String> COMPILED = Set.of("native", "blas");

    /** 10^9 operations a second. */
    double gops() {
        return operations / seconds / 1e9;
    }

    /** 10^9 bytes a second. */
    double gbs() {
        return bytes / seconds / 1e9;
    }

    /** Operations a second over the measured peak of the arithmetic. */
    double computeShare() {
        return gops()
                / (COMPILED.contains(provider)
                        ? peaks.arithmeticInC(KernelId.parse(kernel))
                        : peaks.arithmetic(DType.parse(acc)));
    }

    /** Bytes a second over the measured bandwidth of the level. */
    double bandwidthShare() {
        return gbs() / peaks.bandwidth(level);
    }

    /** How close it comes to the roof: the larger share, as the smaller one does not bind. */
    double shareOfPeak() {
        return Math.max(computeShare(), bandwidthShare());
    }

    /** Which roof is the nearer one. */
    String binding() {
        return computeShare() >= bandwidthShare() ? "arithmetic" : level;
    }

    /** Whether this kernel is one that Gamut picks. */
    boolean chosen() {
        return !chosenFor.isEmpty();
    }

    /** Whether the scalar reference computed it. */
    boolean isReference() {
        return provider.equals("reference");
    }

    /** The row of {@code report.json}; what could not be measured is null. */
    Map<String, Object> asJson() {
        Map<String, Object> map = new LinkedHashMap<>();
        boolean two = workload.isGemm() || workload.op().equals("dot");
        map.put("op", workload.op());
        map.put("kernel", kernel);
        map.put("provider", provider);
        map.put("a", precision.a().id());
        map.put("b", two ? precision.b().id() : null);
        map.put("acc", acc);
        map.put("c", result);
        map.put("m", workload.m());
        map.put("n", workload.n());
        map.put("k", workload.k());
        map.put("threads", threads);
        map.put("seconds", finite(seconds));
        map.put("gops", finite(gops()));
        map.put("error", finite(error));
        map.put("bound", finite(bound));
        map.put("ok", ok);
        map.put("share_of_peak", finite(shareOfPeak()));
        map.put("workload", workload.id());
        map.put("joules", finite(joules));
        return map;
    }

    /** The row of {@code report.json} as one of several routes to the same result. */
    Map<String, Object> asRoute() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("workload", workload.id());
        map.put("a", precision.a().id());
        map.put("m", workload.m());
        map.put("n", workload.n());
        map.put("k", workload.k());
        map.put("threads", threads);
        map.put("kernel", kernel);
        map.put("provider", provider);
        map.put("accuracy", accuracy);
        map.put("chosen_for", chosenFor);
        map.put("seconds", finite(seconds));
        map.put("gops", finite(gops()));
        map.put("error", finite(error));
        map.put("bound", finite(bound));
        map.put("ok", ok);
        return map;
    }

    /**
     * The same measurement held against other peaks.
     *
     * @param others of as many threads
     */
    Row heldAgainst(Yardsticks others) {
        return new Row(
                workload,
                precision,
                kernel,
                provider,
                acc,
                result,
                threads,
                accuracy,
                chosenFor,
                standsFor,
                seconds,
                joules,
                operations,
                bytes,
                level,
                error,
                bound,
                errorOverBound,
                ok,
                message,
                others);
    }

    static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
