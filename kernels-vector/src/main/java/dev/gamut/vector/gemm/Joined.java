package dev.gamut.vector.gemm;

import dev.gamut.spi.Workspace;
import dev.gamut.vector.matrix.Elements;

/**
 * C = alpha·sums + beta·C. Only with several blocks of k and factors other than alpha = 1 and beta = 0 are sums apart at all:
 * added block by block, an old C much larger than the product, or one of a narrow type, would be rounded once for each
 * block, and the order of evaluation has alpha and beta last.
 *
 * @param <S> array kind of the sums
 */
final class Joined<S> extends Completion<S> {
    private static final int STRIP_SLOT = 5;

    private final Elements<S> elements;

    Joined(Product<S> x, Elements<S> elements) {
        super(x);
        this.elements = elements;
    }

    @Override
    boolean isApart() {
        return x.k > Blocking.KC && (x.alpha != 1 || x.beta != 0 || x.c.isImage());
    }

    @Override
    void finish(int i, int width, S sums) {
        if (x.c.hasArrayRows()) {
            int at = (int) x.c.at(e, row + i, col);
            elements.join(width, sums, i * ld, x.c.array(), at, x.alpha, x.beta);
            return;
        }
        S strip = elements.scratch(workspace, STRIP_SLOT, width);
        if (x.beta != 0) {
            x.c.read(e, row + i, col, false, 1, width, strip, 0, width, workspace);
        }
        elements.join(width, sums, i * ld, strip, 0, x.alpha, x.beta);
        x.c.write(strip, 0, width, e, row + i, col, false, 1, width, workspace);
    }

    @Override
    void scale(long batch, long first, long last, long left, long right, Workspace lent) {
        x.scale(batch, first, last, left, right, lent, STRIP_SLOT);
    }
}
