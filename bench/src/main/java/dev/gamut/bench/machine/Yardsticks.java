package dev.gamut.bench.machine;

import dev.gamut.dtype.DType;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What this machine reaches at best, measured in the same run as the rows that are held against it.
 *
 * @param threads threads that were used
 * @param f64 F64 fused multiply-adds, in 10^9 operations a second
 * @param f32 F32 fused multiply-adds, in 10^9 operations a second; the yardstick of all narrower types, which
 *     accumulate in F32 or are exact in it
 * @param l1 read bandwidth of the first cache level, GB/s, all threads together
 * @param l2 of the second
 * @param l3 of the last one; that of memory where there is none
 * @param memory of memory, the best over one to eight streams a thread
 * @param streams the number of streams that was best
 * @param copy bandwidth of copying, reads and writes counted
 * @param triad bandwidth of STREAM's triad, reads and writes counted
 */
public record Yardsticks(
        int threads,
        double f64,
        double f32,
        double l1,
        double l2,
        double l3,
        double memory,
        int streams,
        double copy,
        double triad) {
    /** Keys and values for JSON, units in the keys. */
    public Map<String, Object> asJson() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("threads", threads);
        map.put("fma_f64_gops", rounded(f64));
        map.put("fma_f32_gops", rounded(f32));
        map.put("read_l1_gbs", rounded(l1));
        map.put("read_l2_gbs", rounded(l2));
        map.put("read_l3_gbs", rounded(l3));
        map.put("read_memory_gbs", rounded(memory));
        map.put("read_memory_streams", streams);
        map.put("copy_gbs", rounded(copy));
        map.put("triad_gbs", rounded(triad));
        return map;
    }

    /**
     * These peaks of one thread, raised where a thread did better beside others: what it reaches in company it reaches
     * alone.
     *
     * @param all peaks of several threads
     */
    public Yardsticks atLeastShareOf(Yardsticks all) {
        double n = all.threads;
        return new Yardsticks(
                threads,
                Math.max(f64, all.f64 / n),
                Math.max(f32, all.f32 / n),
                Math.max(l1, all.l1 / n),
                Math.max(l2, all.l2 / n),
                Math.max(l3, all.l3 / n),
                Math.max(memory, all.memory / n),
                streams,
                Math.max(copy, all.copy / n),
                Math.max(triad, all.triad / n));
    }

    /**
     * These peaks, raised where another measurement, of as many threads or fewer, did better.
     *
     * @param other the other measurement
     */
    public Yardsticks atLeast(Yardsticks other) {
        return new Yardsticks(
                threads,
                Math.max(f64, other.f64),
                Math.max(f32, other.f32),
                Math.max(l1, other.l1),
                Math.max(l2, other.l2),
                Math.max(l3, other.l3),
                Math.max(memory, other.memory),
                memory >= other.memory ? streams : other.streams,
                Math.max(copy, other.copy),
                Math.max(triad, other.triad));
    }

    /**
     * Read bandwidth of a level.
     *
     * @param level L1, L2, L3 or memory
     */
    public double bandwidth(String level) {
        return switch (level) {
            case "L1" -> l1;
            case "L2" -> l2;
            case "L3" -> l3;
            default -> memory;
        };
    }

    /**
     * The arithmetic that a sum is held against.
     *
     * @param accumulator type that terms are summed in
     */
    public double arithmetic(DType accumulator) {
        return accumulator.bits() == 64 ? f64 : f32;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
