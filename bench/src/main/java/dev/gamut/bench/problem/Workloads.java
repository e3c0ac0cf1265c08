package dev.gamut.bench.problem;

import dev.gamut.bench.cli.Resources;
import dev.gamut.kernel.Glob;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The table of workloads, {@code workloads.csv}. Immutable. */
public final class Workloads {
    private static final String TABLE = "dev/gamut/bench/workloads.csv";
    private static final int COLUMNS = 14;

    private final List<Workload> all;

    private Workloads(List<Workload> all) {
        this.all = all;
    }

    /** The table that is shipped. */
    public static Workloads shipped() {
        return new Workloads(Resources.text(TABLE)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Workloads::parse)
                .toList());
    }

    private static Workload parse(String line) {
        String[] f = line.split(",", COLUMNS);
        if (f.length != COLUMNS) {
            throw new IllegalStateException(TABLE + ": '" + line + "' has " + f.length + " of " + COLUMNS + " columns");
        }
        Arrays.setAll(f, i -> f[i].strip());
        return new Workload(
                f[0],
                f[1],
                f[2],
                Arrays.stream(f[3].split(" ")).map(Precision::parse).toList(),
                Long.parseLong(f[4]),
                Long.parseLong(f[5]),
                Long.parseLong(f[6]),
                Long.parseLong(f[7]),
                f[8].contains("a"),
                f[8].contains("b"),
                f[9].equals("memory"),
                f[10].equals("yes"),
                f[11].equals("yes"),
                f[12].equals("-") ? "" : f[12],
                f[13]);
    }

    /** All of them, in their order. */
    public List<Workload> all() {
        return all;
    }

    /**
     * Those that a report runs.
     *
     * @param quick only those meant for a quick report
     * @param ids a pattern over their ids
     */
    public List<Workload> select(boolean quick, Glob ids) {
        return all.stream()
                .filter(w -> (w.quick() || !quick) && ids.matches(w.id()))
                .toList();
    }

    /**
     * One of them.
     *
     * @param id its id
     */
    public Optional<Workload> find(String id) {
        return all.stream().filter(w -> w.id().equals(id)).findFirst();
    }
}
