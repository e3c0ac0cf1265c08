package dev.gamut.bench.gate;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gamut.bench.gate.PairMeter.Pair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What one JVM measured of one row; travels to the gate as a JSON file.
 *
 * @param obstacle why nothing was measured; empty where something was
 * @param failure why the result is not right; empty where it is
 * @param kernel the kernel that Gamut ran
 * @param peer version, kernel and threads of the peer
 * @param pairs in the order in which they were measured
 * @param error largest error of Gamut's result over its sum of absolute terms; NaN where none was looked at
 * @param peerError the same of the peer's result
 * @param traded whether one side computes with less than conventional accuracy, so that errors are compared
 * @param accumulator type that terms are summed in; empty where nothing was measured, or not what could be held against a peak
 * @param operations of one run
 * @param bytes that one run must move
 * @param level where the operands lie
 */
record ForkResult(
        String obstacle,
        String failure,
        String kernel,
        String peer,
        List<Pair> pairs,
        double error,
        double peerError,
        boolean traded,
        String accumulator,
        double operations,
        double bytes,
        String level) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The same with some of its pairs. */
    ForkResult with(List<Pair> some) {
        return new ForkResult(
                obstacle, failure, kernel, peer, some, error, peerError, traded, accumulator, operations, bytes, level);
    }

    /** A row that was not measured. */
    static ForkResult notMeasured(String obstacle) {
        return new ForkResult(obstacle, "", "", "", List.of(), Double.NaN, Double.NaN, false, "", 0, 0, "");
    }

    /** Times alone, of what has been checked and has no error to compare. */
    static ForkResult timed(String kernel, String peer, List<Pair> pairs, double bytes) {
        return new ForkResult("", "", kernel, peer, pairs, Double.NaN, Double.NaN, false, "", 0, bytes, "");
    }

    /** A row that was not measured to the end, and must be seen to. */
    static ForkResult failed(String words) {
        return new ForkResult("", words, "", "", List.of(), Double.NaN, Double.NaN, false, "", 0, 0, "");
    }

    void write(Path file) {
        try {
            MAPPER.writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    static ForkResult read(Path file) {
        try {
            return MAPPER.readValue(file.toFile(), ForkResult.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
