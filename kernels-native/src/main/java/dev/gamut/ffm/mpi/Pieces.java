package dev.gamut.ffm.mpi;

import dev.gamut.spi.Transport.Transfer;
import java.util.List;

/**
 * A message longer than MPI's own may be, in several.
 *
 * @param pieces in their order
 */
record Pieces(List<Transfer> pieces) implements Transfer {
    @Override
    public boolean test() {
        boolean ended = true;
        for (Transfer piece : pieces) {
            ended &= piece.test();
        }
        return ended;
    }

    @Override
    public long bytes() {
        boolean fits = pieces.stream().noneMatch(p -> p.bytes() == TOO_LONG);
        return fits ? pieces.stream().mapToLong(Transfer::bytes).sum() : TOO_LONG;
    }

    @Override
    public boolean cancel() {
        boolean reusable = true;
        for (Transfer piece : pieces) {
            reusable &= piece.cancel();
        }
        return reusable;
    }
}
