package dev.gamut.bench.machine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * What the machine reaches by loops in C, some of them on units that Java cannot reach. Immutable.
 *
 * @param compiler who compiled them, or why there are none
 * @param figures by name, the unit in its last part: {@code i8_vpdpbusd_gops}, {@code ffm_call_ns}; empty where there are
 *     no loops
 */
public record CYardsticks(String compiler, Map<String, Figure> figures) {
    /** Key of the time that one call of an empty function takes from Java. */
    public static final String CALL = "ffm_call_ns";

    public CYardsticks {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    CYardsticks atLeast(CYardsticks other) {
        return merged(other, Figure::better);
    }

    CYardsticks atLeastShareOf(CYardsticks all, int threads) {
        return merged(all, (mine, theirs) -> mine.better(theirs.share(threads)));
    }

    private CYardsticks merged(CYardsticks other, BinaryOperator<Figure> merge) {
        Map<String, Figure> both = new LinkedHashMap<>(figures);
        other.figures.forEach((name, figure) -> both.merge(name, figure, merge));
        return new CYardsticks(compiler, both);
    }

    Map<String, Object> asJson() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("c_compiler", compiler);
        figures.forEach((name, figure) -> map.put(name, figure.asJson()));
        return map;
    }
}
