package dev.gamut.bench.gate;

import dev.gamut.Gamut;
import dev.gamut.bench.cli.MachineFacts;
import dev.gamut.bench.cli.Progress;
import dev.gamut.bench.cli.Terminal;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.machine.YardstickMeter;
import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** One run of the gate: measures the machine's peaks, then the rows, and judges them. */
public final class Gate {
    private static final double SECONDS = 0.6;
    private static final double QUICK_SECONDS = 0.4;

    private final List<GateRow> rows;
    private final boolean quick;
    private final ToDoubleFunction<GateRow> limit;
    private final String command;

    private Gate(List<GateRow> rows, boolean quick, ToDoubleFunction<GateRow> limit, String command) {
        this.rows = rows;
        this.quick = quick;
        this.limit = limit;
        this.command = command;
    }

    /**
     * A run of some rows.
     *
     * @param quick only rows meant for a quick run, and less time for each
     * @param judged only rows that have a bar
     * @param ids a pattern over their ids
     * @param bars whether a row must reach its bar rather than its floor
     * @param share of the bar or floor that must be reached
     * @param command what was called, for those who read the result
     * @return the run, empty where no row matches
     */
    public static Optional<Gate> of(
            boolean quick, boolean judged, Glob ids, boolean bars, double share, String command) {
        List<GateRow> rows = GateTable.shipped().select(quick, ids).stream()
                .filter(row -> !judged || !Double.isNaN(row.bar()))
                .toList();
        ToDoubleFunction<GateRow> limit = row -> share * (bars ? row.bar() : row.floor());
        return rows.isEmpty() ? Optional.empty() : Optional.of(new Gate(rows, quick, limit, command));
    }

    /** Ids and peers of the rows. */
    public List<String> keys() {
        return rows.stream().map(GateRow::key).toList();
    }

    /** Modules of bench/peers that hold the peers of the rows that apply here. */
    public List<String> modules() {
        TreeSet<String> modules = new TreeSet<>();
        for (GateRow row : rows) {
            if (!row.isLimit() && row.obstacle(Capabilities.host()).isEmpty()) {
                Peers.module(row.peer()).ifPresent(modules::add);
                row.ourModule().flatMap(Peers::module).ifPresent(modules::add);
            }
        }
        return List.copyOf(modules);
    }

    /** A finished run. */
    public static final class Outcome {
        private final GateResults results;

        private Outcome(GateResults results) {
            this.results = results;
        }

        /** Whether no row failed. */
        public boolean ok() {
            return results.ok();
        }

        /** Why nothing was measured; empty where something was. */
        public Optional<String> obstacle() {
            return results.obstacle();
        }

        /** Prints the table. */
        public void print(PrintWriter out) {
            new GatePrinter(out, Terminal.colours()).write(results);
        }

        /** The gate's JSON. */
        public Map<String, Object> asJson() {
            return results.asJson();
        }

        /**
         * Prints where this run differs from an earlier one.
         *
         * @param earlier that one
         * @param out where to
         */
        public void compare(GateFile earlier, PrintWriter out) {
            new Comparison(earlier, results.verdicts()).print(out);
        }
    }

    /**
     * Measures.
     *
     * @param soFar told what is known after each pass over the rows: a run takes long, and may be stopped
     */
    public Outcome run(Consumer<Outcome> soFar) {
        long start = System.nanoTime();
        int threads;
        Map<String, Object> facts;
        try (Gamut gamut = Gamut.open()) {
            threads = gamut.config().threads();
            facts = MachineFacts.of(gamut);
        }
        MachineCaches caches = MachineCaches.host();
        List<Yardsticks> peaks = threads == 1
                ? List.of(YardstickMeter.measured(1, caches))
                : List.of(YardstickMeter.measured(1, caches), YardstickMeter.measured(threads, caches));
        GateRun run = new GateRun(rows, quick ? QUICK_SECONDS : SECONDS, limit);
        try (Progress progress = Progress.of("gate", run.steps())) {
            Function<List<Verdict>, Outcome> outcome = verdicts -> new Outcome(
                    new GateResults(facts, peaks, verdicts, command, (System.nanoTime() - start) / 1e9, Instant.now()));
            return outcome.apply(run.run(progress::step, verdicts -> soFar.accept(outcome.apply(verdicts))));
        }
    }
}
