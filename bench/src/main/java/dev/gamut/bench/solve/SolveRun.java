package dev.gamut.bench.solve;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.bench.solve.SolveMethod.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * A system solved and checked.
 *
 * @param method how
 * @param n order
 * @param threads of the products
 * @param accuracy of the products
 * @param seconds for factors, solution and refinement
 * @param residual HPL's, below 16 if the solution is right
 * @param factored precision of the factors
 * @param steps of refinement
 * @param fallbacks why lower precisions were given up
 */
public record SolveRun(
        SolveMethod method,
        int n,
        int threads,
        String accuracy,
        double seconds,
        double residual,
        String factored,
        int steps,
        List<String> fallbacks) {
    /** HPL's and HPL-MxP's. */
    public static final double THRESHOLD = 16;

    /** Order of the system that is solved again and again before, until the JIT compiler has met all there is. */
    private static final int WARM_UP = 1024;

    /** For systems of that order and above; less for smaller ones, which take less themselves. */
    private static final long WARM_UP_NANOS = 3_000_000_000L;

    /**
     * Solves.
     *
     * @param gamut computes the products
     * @param method how
     * @param system what
     * @param accuracy of the products of {@link SolveMethod#HPL}
     * @param done told how many columns are factored
     */
    public static SolveRun of(
            Gamut gamut, SolveMethod method, LinearSystem system, Accuracy accuracy, IntConsumer done) {
        warmUp(gamut, method, system.n(), accuracy);
        Answer answer = method.solve(gamut, system, accuracy, done);
        return new SolveRun(
                method,
                system.n(),
                gamut.config().threads(),
                accuracy.toString(),
                answer.nanos() / 1e9,
                system.residual(answer.x()),
                answer.factored(),
                answer.steps(),
                answer.fallbacks());
    }

    private static void warmUp(Gamut gamut, SolveMethod method, int n, Accuracy accuracy) {
        LinearSystem small = LinearSystem.random(Math.min(WARM_UP, n), 1);
        double share = Math.min(1, (double) n / WARM_UP);
        long begun = System.nanoTime();
        do {
            method.solve(gamut, small, accuracy, columns -> {});
        } while (System.nanoTime() - begun < share * share * WARM_UP_NANOS);
    }

    /** Whether the solution is right. */
    public boolean passed() {
        return residual < THRESHOLD;
    }

    /** Operations as HPL counts them, whatever was done, over time. */
    public double gflops() {
        double order = n;
        return (2.0 / 3 * order + 3.0 / 2) * order * order / seconds / 1e9;
    }

    /** What HPL prints. */
    public List<String> lines() {
        String line = "-".repeat(80);
        String name = method == SolveMethod.HPL ? "HPL" : "HPL-MxP";
        String how = steps == 0 && fallbacks.isEmpty()
                ? "factored in " + factored
                : "factored in " + factored + ", " + steps + " steps of refinement";
        return java.util.stream.Stream.of(
                        List.of(
                                "=".repeat(80),
                                String.format("%-16s %10s %8s %18s %18s", "T/V", "N", "threads", "Time", "Gflops"),
                                line,
                                String.format(
                                        Locale.ROOT,
                                        "%-16s %10d %8d %18.2f %18.4e",
                                        name,
                                        n,
                                        threads,
                                        seconds,
                                        gflops()),
                                how),
                        fallbacks.stream().map(why -> "gave up " + why).toList(),
                        List.of(
                                line,
                                String.format(
                                        Locale.ROOT,
                                        "||Ax-b||_oo/(eps*(||A||_oo*||x||_oo+||b||_oo)*N)= %18.7f ...... %s",
                                        residual,
                                        passed() ? "PASSED" : "FAILED"),
                                "=".repeat(80)))
                .flatMap(List::stream)
                .toList();
    }

    /** For JSON. */
    public Map<String, Object> asJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("method", method.id());
        json.put("n", n);
        json.put("threads", threads);
        json.put("gflops", gflops());
        json.put("seconds", seconds);
        json.put("residual", residual);
        json.put("passed", passed());
        json.put("accuracy", accuracy);
        json.put("factored", factored);
        json.put("steps", steps);
        json.put("fallbacks", fallbacks);
        return json;
    }
}
