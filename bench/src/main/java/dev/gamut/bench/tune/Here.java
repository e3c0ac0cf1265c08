package dev.gamut.bench.tune;

import dev.gamut.hw.Capabilities;
import dev.gamut.kernel.Glob;
import dev.gamut.spi.Tuning;
import java.time.LocalDate;

/**
 * What a line says of where and how its constant was measured.
 *
 * @param machine this machine
 * @param date of the run
 * @param command what was called
 */
record Here(Capabilities machine, LocalDate date, String command) {
    /** This CPU and JDK; characters that mean something in patterns or tables stand for any. */
    private Glob pattern() {
        return Glob.of(
                (machine.arch() + "/" + machine.cpu() + "/" + machine.jdk()).replaceAll("[;#{}*\\s&&[^ ]]", "?"));
    }

    private String bits() {
        return Integer.toString(machine.vectorBits());
    }

    /**
     * A line for this machine.
     *
     * @param kernels pattern over kernel ids
     * @param constant its name
     * @param value measured
     * @param figure what was measured, with its spread
     */
    Tuning.Line line(String kernels, String constant, double value, String figure) {
        String origin = machine.cpu().replace(';', ',') + ", JDK " + Runtime.version() + ", " + bits() + " bits, "
                + date + ", " + command + ": " + figure;
        return new Tuning.Line(pattern(), bits(), Glob.of(kernels), constant, value, origin);
    }

    /**
     * Whether a line is one of those that a run here writes.
     *
     * @param line of a file
     */
    boolean wrote(Tuning.Line line) {
        return line.machine().toString().equals(pattern().toString())
                && line.vectorBits().equals(bits());
    }
}
