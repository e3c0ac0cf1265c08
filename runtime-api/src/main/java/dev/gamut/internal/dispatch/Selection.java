package dev.gamut.internal.dispatch;

import dev.gamut.accuracy.Demand;
import dev.gamut.error.UnsupportedProblemException;
import dev.gamut.spi.Offer;
import java.util.List;

/**
 * The answers of all kernels for operands of an operation's types, best first.
 *
 * @param demand the operation
 * @param candidates eligible ones by rank, then those with a reason against them
 * @param <X> what executes a prepared operation
 */
public record Selection<X>(Demand demand, List<Candidate<X>> candidates) {
    /** The best kernel, or an exception that lists every reason. */
    public Candidate<X> chosen() {
        return candidates.stream().filter(Candidate::eligible).findFirst().orElseThrow(this::unsupported);
    }

    /** The chosen kernel's acceptance. */
    public Offer.Accept<X> accepted() {
        return (Offer.Accept<X>) chosen().offer();
    }

    private UnsupportedProblemException unsupported() {
        return new UnsupportedProblemException(
                demand.toString(),
                candidates.isEmpty()
                        ? List.of("none is for operands of types " + demand.operands())
                        : candidates.stream()
                                .map(c -> c.info().id() + ": " + c.rejection().orElse(""))
                                .toList());
    }
}
