package dev.gamut;

import dev.gamut.internal.dispatch.Candidate;
import dev.gamut.internal.dispatch.Dispatcher;
import dev.gamut.internal.dispatch.Selection;
import dev.gamut.spi.Offer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why a kernel was picked: every kernel's answer to one operation, best first, from the data that chose.
 *
 * @param operation what was asked for
 * @param rows one for each kernel
 */
public record Explanation(String operation, List<Row> rows) {
    /**
     * One kernel's answer.
     *
     * @param kernel its id
     * @param provider who registers it
     * @param place where it computes on copies of the operands: a device's name, or {@code host}; empty where operands live
     * @param seconds predicted time, copies included; empty where it declined
     * @param copying what copies take of it; empty where there are none, or it declined
     * @param relativeBound declared relative bound for this operation's number of terms; empty where it declined
     * @param determinism its promise; empty where it declined
     * @param reason why it was not taken; empty for kernels that may be
     * @param summary what sort of kernel it is
     */
    public record Row(
            String kernel,
            String provider,
            Optional<String> place,
            Optional<Double> seconds,
            Optional<Double> copying,
            Optional<Double> relativeBound,
            Optional<String> determinism,
            Optional<String> reason,
            String summary) {
        /** Where it computes, and what copies take of its time, for people; blank where there are none. */
        public String copies() {
            return place.map(p -> "on " + (p.equals(Candidate.HOST) ? "the host" : p)
                            + copying.map(s -> String.format(Locale.ROOT, ", copies %.2g s", s))
                                    .orElse(""))
                    .orElse("");
        }
    }

    static Explanation of(Selection<?> selection, Dispatcher dispatcher) {
        return new Explanation(
                selection.demand().toString(),
                Stream.concat(selection.candidates().stream(), dispatcher.others(selection.demand()).stream())
                        .map(c -> row(c, selection.demand().terms()))
                        .toList());
    }

    private static Row row(Candidate<?> c, long terms) {
        Optional<Offer.Accept<?>> accept = c.offer() instanceof Offer.Accept<?> a ? Optional.of(a) : Optional.empty();
        return new Row(
                c.info().id().toString(),
                c.info().provider(),
                c.place(),
                accept.map(a -> a.cost().seconds()),
                accept.map(a -> a.cost().transfer()).filter(_ -> c.place().isPresent()),
                accept.map(a -> a.bound().relative(terms)),
                accept.map(a -> a.determinism().toString()),
                c.rejection(),
                c.info().summary());
    }

    /** The kernel that would run; empty where none may. */
    public Optional<Row> chosen() {
        return rows.stream().filter(r -> r.reason().isEmpty()).findFirst();
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(operation).append('\n');
        int rank = 0;
        for (Row row : rows) {
            if (row.reason.isEmpty()) {
                s.append(String.format(
                                Locale.ROOT,
                                "%3d. %-44s %10.3g s  bound %8.2g·S  %-20s %s",
                                ++rank,
                                row.kernel,
                                row.seconds.orElse(Double.NaN),
                                row.relativeBound.orElse(Double.NaN),
                                row.determinism.orElse(""),
                                row.copies())
                        .stripTrailing());
            } else {
                s.append(String.format(Locale.ROOT, "  -  %-44s %s", row.kernel, row.reason.get()));
            }
            s.append('\n');
        }
        return s.toString();
    }
}
