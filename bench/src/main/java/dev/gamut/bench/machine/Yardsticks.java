package dev.gamut.bench.machine;

import static dev.gamut.bench.machine.Figure.rounded;

import dev.gamut.dtype.DType;
import dev.gamut.kernel.KernelId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * What this machine reaches at best, measured in the same run as the rows that are held against it. Immutable.
 *
 * @param threads threads that were used
 * @param arithmetic fused multiply-adds of Java's vectors, in 10^9 operations a second, all threads together, by type:
 *     F64, and F32 as the yardstick of all narrower types, which accumulate in F32 or are exact in it
 * @param levels bandwidth by level: {@link #LEVELS}
 * @param c what loops in C reach
 */
public record Yardsticks(int threads, Map<DType, Double> arithmetic, Map<String, Bandwidth> levels, CYardsticks c) {
    /** Data in main memory. */
    public static final String MEMORY = "memory";

    /** Where data may lie, nearest first. L3 is memory where there is no third level. */
    public static final List<String> LEVELS = List.of("L1", "L2", "L3", MEMORY);

    /** Sorts both maps. */
    public Yardsticks {
        arithmetic = inOrder(List.of(DType.F64, DType.F32), arithmetic);
        levels = inOrder(LEVELS, levels);
    }

    private static <K, V> Map<K, V> inOrder(List<K> keys, Map<K, V> map) {
        Map<K, V> ordered = new LinkedHashMap<>();
        keys.forEach(key -> ordered.put(key, map.get(key)));
        return Collections.unmodifiableMap(ordered);
    }

    /** Keys and values for JSON, units in the keys; copy and triad are those of memory where no level is named; a text says why a figure is missing. */
    public Map<String, Object> asJson() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("threads", threads);
        arithmetic.forEach((type, gops) -> map.put("fma_" + lower(type.name()) + "_gops", rounded(gops)));
        levels.forEach((level, b) -> map.put("read_" + lower(level) + "_gbs", rounded(b.read())));
        levels.forEach((level, b) -> map.put("read_" + lower(level) + "_streams", b.streams()));
        levels.forEach((level, b) -> map.put("copy" + infix(level) + "_gbs", rounded(b.copy())));
        levels.forEach((level, b) -> map.put("triad" + infix(level) + "_gbs", rounded(b.triad())));
        map.putAll(c.asJson());
        return map;
    }

    private static String infix(String level) {
        return level.equals(MEMORY) ? "" : "_" + lower(level);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /**
     * These peaks of one thread, raised where a thread did better beside others: what it reaches in company it reaches
     * alone.
     *
     * @param all peaks of several threads
     */
    public Yardsticks atLeastShareOf(Yardsticks all) {
        return new Yardsticks(
                threads,
                merged(arithmetic, all.arithmetic, (mine, theirs) -> Math.max(mine, theirs / all.threads)),
                merged(levels, all.levels, (mine, theirs) -> mine.atLeast(theirs.share(all.threads))),
                c.atLeastShareOf(all.c, all.threads));
    }

    /**
     * These peaks, raised where another measurement, of as many threads or fewer, did better.
     *
     * @param other the other measurement
     */
    public Yardsticks atLeast(Yardsticks other) {
        return new Yardsticks(
                threads,
                merged(arithmetic, other.arithmetic, Math::max),
                merged(levels, other.levels, Bandwidth::atLeast),
                c.atLeast(other.c));
    }

    private static <K, V> Map<K, V> merged(Map<K, V> mine, Map<K, V> theirs, BinaryOperator<V> merge) {
        Map<K, V> both = new LinkedHashMap<>(mine);
        theirs.forEach((key, value) -> both.merge(key, value, merge));
        return both;
    }

    /**
     * Read bandwidth of a level.
     *
     * @param level L1, L2, L3 or memory
     * @return GB/s, all threads together
     */
    public double bandwidth(String level) {
        return levels.get(level).read();
    }

    /**
     * The arithmetic that a sum is held against.
     *
     * @param accumulator type that terms are summed in
     */
    public double arithmetic(DType accumulator) {
        return arithmetic.get(accumulator.bits() == 64 ? DType.F64 : DType.F32);
    }

    /**
     * The arithmetic that a kernel in C is held against: that of whatever instructions a loop in C was measured with for products of two
     * operands of one width, such as dot products of bytes, which 4-bit integers become too, or fused multiply-adds where those do better.
     *
     * @param kernel types a, b and accumulator come first
     */
    public double arithmeticInC(KernelId kernel) {
        List<DType> types = kernel.types();
        double multiplyAdds = arithmetic(types.get(Math.min(2, types.size() - 1)));
        if (types.size() < 3) {
            return multiplyAdds;
        }
        DType a = types.get(0);
        DType b = types.get(1);
        if (a.bits() != b.bits() && !(a.isInteger() && b.isInteger())) {
            return multiplyAdds;
        }
        String prefix = (b.isSubByte() ? a : b).id() + "_";
        return c.figures().entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix) && e.getValue().present())
                .mapToDouble(e -> e.getValue().value())
                .reduce(multiplyAdds, Math::max);
    }
}
