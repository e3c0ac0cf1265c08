package dev.gamut.collective;

import dev.gamut.accuracy.Determinism;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Quantise;
import java.util.Objects;
import java.util.Optional;

/**
 * What a collective does, as far as all ranks must agree on it. Immutable; ranks compare theirs by {@link #equals}.
 *
 * @param op what is done
 * @param combine how elements of several ranks become one; SUM where none do
 * @param type element type of from
 * @param result element type of to: that of from, or for combinations the type sums are accumulated in
 * @param count elements of the whole: of from of a rank for reductions, broadcasts and scans, of to for all-gathers and gathers, of
 *     from for reduce-scatters, all-to-alls and scatters; {@link #VARIES} where ranks' parts may differ
 * @param contributions tensors of all ranks together, 1 where each rank gives one
 * @param root the root, 0 where there is none
 * @param determinism how reproducible combinations must be
 * @param transport how numbers are quantised on their way, empty where they travel as they are
 */
public record CollectiveDesc(
        Collective op,
        Combine combine,
        DType type,
        DType result,
        long count,
        int contributions,
        int root,
        Determinism determinism,
        Optional<Quantise> transport) {
    /** The count of collectives whose parts differ from rank to rank. */
    public static final long VARIES = -1;

    /** Checks that types may be combined. */
    public CollectiveDesc {
        Objects.requireNonNull(combine, "combine");
        Objects.requireNonNull(determinism, "determinism");
        Objects.requireNonNull(transport, "transport");
        if (op.combines() && type.kind() == DType.Kind.SCALE) {
            throw new IllegalArgumentException("type is " + type + "; scale factors are not combined");
        }
        boolean wider = op.combines() && !combine.isSelection() && result == type.sumAccumulator();
        if (result != type && !wider) {
            throw new IllegalArgumentException("result is " + result + "; " + op.id() + " of " + type + " gives " + type
                    + (op.combines() && !combine.isSelection() ? " or " + type.sumAccumulator() : ""));
        }
    }

    @Override
    public String toString() {
        return op.id()
                + (op.combines() ? " " + combine.id() : "")
                + (op == Collective.BARRIER ? "" : " " + type.id())
                + (result == type ? "" : " to " + result.id())
                + (count == VARIES || op == Collective.BARRIER ? "" : " of " + count)
                + (contributions == 1 ? "" : " in " + contributions + " contributions")
                + (op.isRooted() ? " root " + root : "")
                + (determinism == Determinism.ANY ? "" : " " + determinism)
                + transport.map(CollectiveDesc::codes).orElse("");
    }

    private static String codes(Quantise how) {
        return " by " + how.type().id()
                + (how.block() == 0 ? "" : " in blocks of " + how.block())
                + (how.scaleType() == DType.F32
                        ? ""
                        : " with factors of " + how.scaleType().id());
    }
}
