package dev.gamut.bench.report;

import dev.gamut.Gamut;
import dev.gamut.bench.cli.Json;
import dev.gamut.bench.cli.MachineFacts;
import dev.gamut.bench.cli.OutputFile;
import dev.gamut.bench.cli.Progress;
import dev.gamut.bench.cli.Terminal;
import dev.gamut.bench.gate.GateFile;
import dev.gamut.bench.machine.MachineCaches;
import dev.gamut.bench.machine.YardstickMeter;
import dev.gamut.bench.machine.Yardsticks;
import dev.gamut.bench.problem.Workload;
import dev.gamut.bench.problem.Workloads;
import dev.gamut.bench.supernode.Scales;
import dev.gamut.hw.EnergyMeter;
import dev.gamut.kernel.Glob;
import dev.gamut.topology.Topology;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** One run of the report: measures the peaks, carries out the plan, writes table, JSON and HTML. */
public final class ReportRun {
    /** The measurements, for programs. */
    public static final String JSON = "report.json";

    /** The same with charts, for people. */
    public static final String HTML = "report.html";

    private static final double SECONDS = 205;
    private static final double QUICK_SECONDS = 43;

    /** For each route of a product, beside what its operands and its check take. */
    private static final double ROUTE_SECONDS = 0.25;

    private static final double ROUTE_PATIENCE = 1;

    private final List<Workload> selected;
    private final Workloads all;
    private final boolean quick;

    private ReportRun(List<Workload> selected, Workloads all, boolean quick) {
        this.selected = selected;
        this.all = all;
        this.quick = quick;
    }

    /**
     * A run of some workloads.
     *
     * @param quick only those that are meant for a quick report
     * @param workloads a pattern over their ids
     * @return the run, empty where no workload matches
     */
    public static Optional<ReportRun> of(boolean quick, Glob workloads) {
        Workloads table = Workloads.shipped();
        List<Workload> selected = table.select(quick, workloads);
        return selected.isEmpty() ? Optional.empty() : Optional.of(new ReportRun(selected, table, quick));
    }

    /**
     * Measures and writes: first the table, which is there then even where the disk is full.
     *
     * @param out where the table goes
     * @param directory where the files go
     * @param gate a run of the gate to show beside it, or null
     * @return whether every row is verified
     */
    public boolean run(PrintWriter out, Path directory, GateFile gate) {
        Results results = measure();
        new TableWriter(out, Terminal.colours()).write(results);
        out.printf(
                Locale.ROOT,
                "%d of %d rows verified in %.0f s%s%n",
                results.rows().size()
                        + results.routes().size()
                        - results.failed().size(),
                results.rows().size() + results.routes().size(),
                results.seconds(),
                results.leftOut() == 0 ? "" : "; " + results.leftOut() + " left out for want of time or memory");
        out.flush();
        OutputFile.write(directory.resolve(JSON), Json.text(results.asJson()));
        OutputFile.write(directory.resolve(HTML), HtmlWriter.html(results, gate));
        out.println(directory.resolve(HTML) + " and " + JSON);
        return results.ok();
    }

    private Results measure() {
        long start = System.nanoTime();
        EnergyMeter meter = EnergyMeter.host();
        EnergyMeter devices = EnergyMeter.devices();
        int threads;
        Map<String, Object> facts;
        try (Gamut gamut = Gamut.open()) {
            threads = gamut.config().threads();
            facts = MachineFacts.of(gamut);
            facts.put("devices", MachineFacts.devices(gamut));
        }
        Plan plan = Plan.of(selected, all, threads);
        Plan routes = Plan.routes(selected);
        MachineCaches caches = MachineCaches.host();
        try (Progress progress = Progress.of("report", plan.size() + routes.size() + 3L)) {
            Map<String, Object> placement = Scales.ofReport();
            progress.step("placement");
            long placed = System.nanoTime();
            Peaks first = Peaks.measured(threads, caches);
            progress.step("peaks");
            // The peaks are measured again at the end.
            double spent = (placed - start) / 1e9 + 2 * (System.nanoTime() - placed) / 1e9;
            double budget = (quick ? QUICK_SECONDS : SECONDS) - spent;
            Sweep sweep = new Sweep(plan, caches, first.one, first.many, budget, Math.min(0.03 * budget, 4));
            List<Row> rows = sweep.run(progress::step);
            Sweep ways =
                    new Sweep(routes, caches, first.one, first.many, ROUTE_SECONDS * routes.size(), ROUTE_PATIENCE);
            List<Row> routed = ways.run(progress::step);
            Peaks best = first.orBetter(Peaks.measured(threads, caches));
            progress.step("peaks");
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Results(
                    facts,
                    best.one,
                    best.many,
                    best.held(rows),
                    routed,
                    TopologyFacts.of(Topology.host()),
                    placement,
                    energy(meter, devices, seconds),
                    sweep.leftOut() + ways.leftOut(),
                    seconds,
                    Instant.now());
        }
    }

    private static Map<String, Object> energy(EnergyMeter meter, EnergyMeter devices, double seconds) {
        Map<String, Object> energy = new LinkedHashMap<>();
        energy.put("source", meter.toString());
        energy.put("joules", joules(meter));
        energy.put("devices", devices.toString());
        energy.put("device_joules", joules(devices));
        energy.put("seconds", seconds);
        return energy;
    }

    private static Double joules(EnergyMeter meter) {
        OptionalDouble joules = meter.joules();
        return joules.isPresent() ? joules.getAsDouble() : null;
    }

    /**
     * The peaks of one thread and of all; the same object twice where there is only one thread. Measured before and after
     * the sweep, as on a shared machine a minute may be a bad one: a roof must not lie below what stands under it.
     */
    private record Peaks(Yardsticks one, Yardsticks many) {
        static Peaks measured(int threads, MachineCaches caches) {
            Yardsticks alone = YardstickMeter.measured(1, caches);
            return threads == 1 ? new Peaks(alone, alone) : combined(alone, YardstickMeter.measured(threads, caches));
        }

        private static Peaks combined(Yardsticks alone, Yardsticks together) {
            Yardsticks one = alone.atLeastShareOf(together);
            return new Peaks(one, together.atLeast(one));
        }

        Peaks orBetter(Peaks other) {
            Yardsticks best = one.atLeast(other.one);
            return one == many ? new Peaks(best, best) : combined(best, many.atLeast(other.many));
        }

        List<Row> held(List<Row> rows) {
            return rows.stream()
                    .map(row -> row.heldAgainst(row.threads() == 1 ? one : many))
                    .toList();
        }
    }
}
