package dev.gamut.bench.tune;

import dev.gamut.spi.Tuning;
import java.util.ArrayList;
import java.util.List;

/**
 * One constant that was measured.
 *
 * @param line as it goes to the file
 * @param shipped the value without it; NaN where the tables have none
 * @param objection why the value without it stays; empty where the line is written
 */
record Tuned(Tuning.Line line, double shipped, String objection) {
    /** A table that asks one line before another table. */
    static Tuning over(Tuning.Line line, Tuning fallback) {
        return Tuning.of(List.of(line)).over(fallback);
    }

    /** The lines to be written. */
    static List<Tuning.Line> lines(List<Tuned> all) {
        return all.stream()
                .filter(tuned -> tuned.objection.isEmpty())
                .map(Tuned::line)
                .toList();
    }

    /**
     * New lines, and those of before that stay: of other machines and JDKs, of devices, and after a run over some kernels those of others.
     *
     * @param fresh new ones
     * @param before the lines of a file
     * @param here pattern of this machine
     * @param whole whether the run measured everything of this machine but its devices
     */
    static List<Tuning.Line> merged(List<Tuning.Line> fresh, List<Tuning.Line> before, Here here, boolean whole) {
        List<Tuning.Line> all = new ArrayList<>(fresh);
        before.stream()
                .filter(old -> whole
                        ? !here.wrote(old) || DeviceTune.wrote(old)
                        : fresh.stream().noneMatch(line -> line.replaces(old)))
                .forEach(all::add);
        return all;
    }
}
