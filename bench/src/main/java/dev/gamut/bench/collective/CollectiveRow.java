package dev.gamut.bench.collective;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What was measured of a case, over all ranks.
 *
 * @param what the case
 * @param outOfPlace results elsewhere than operands; null where that cannot be
 * @param inPlace results where operands were; null where that cannot be
 * @param inC the same calls from C, out of place; null where there are none
 */
public record CollectiveRow(CollectiveCase what, Measured outOfPlace, Measured inPlace, InC inC) {
    /**
     * Seconds of a call from C on the slowest rank.
     *
     * @param seconds of the call that does not block, with MPI_Test in a loop, as Gamut makes it
     * @param blocking of the one that does
     */
    public record InC(double seconds, double blocking) {
        private Map<String, Object> asJson() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("seconds", seconds);
            map.put("blocking_seconds", blocking);
            return map;
        }
    }

    /**
     * One of the two.
     *
     * @param seconds of a call on the slowest rank
     * @param algbw bytes of the whole over that time, in GB/s
     * @param busbw {@code algbw} times {@link CollectiveCase#busFactor}
     * @param wrong elements of all results that are not what they must be, empty where nobody looked
     */
    public record Measured(double seconds, double algbw, double busbw, OptionalLong wrong) {
        static Measured of(CollectiveCase what, double seconds, OptionalLong wrong) {
            double algbw = what.bytes() / seconds / 1e9;
            return new Measured(seconds, algbw, algbw * what.busFactor(), wrong);
        }

        private Map<String, Object> asJson() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("seconds", seconds);
            map.put("algbw", algbw);
            map.put("busbw", busbw);
            map.put("wrong", wrong.isPresent() ? wrong.getAsLong() : null);
            return map;
        }
    }

    /** Elements that are wrong in either. */
    public long wrong() {
        return wrong(outOfPlace) + wrong(inPlace);
    }

    private static long wrong(Measured m) {
        return m == null ? 0 : m.wrong.orElse(0);
    }

    /** The row of the JSON. */
    public Map<String, Object> asJson() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("op", what.op().id());
        map.put("type", what.type().id());
        map.put("redop", what.redop());
        map.put("root", what.shownRoot());
        map.put("size", what.bytes());
        map.put("count", what.count());
        map.put("out_of_place", outOfPlace == null ? null : outOfPlace.asJson());
        map.put("in_place", inPlace == null ? null : inPlace.asJson());
        map.put("c", inC == null ? null : inC.asJson());
        return map;
    }
}
