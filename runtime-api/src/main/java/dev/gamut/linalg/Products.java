package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.lang.reflect.Array;

/** How factorisations multiply. Thread-safe where operands are not rounded. */
final class Products {
    private final Gamut gamut;
    private final Accuracy accuracy;

    /** The type that operands are rounded to, with sums in the type of the matrix; null for the matrix's own. */
    private final DType operands;

    /** Operands rounded before: their memory serves those that fit, since new memory takes as long as rounding. */
    private Tensor left;

    private Tensor right;

    /**
     * With operands rounded.
     *
     * @param gamut computes the products
     * @param accuracy of them
     * @param operands type of the operands; null for the matrix's own
     */
    Products(Gamut gamut, Accuracy accuracy, DType operands) {
        this.gamut = gamut;
        this.accuracy = accuracy;
        this.operands = operands;
    }

    /** With operands as they are. */
    Products(Gamut gamut, Accuracy accuracy) {
        this(gamut, accuracy, null);
    }

    /** Those of the matrix's own type, for what is small. */
    Products plain() {
        return operands == null ? this : new Products(gamut, accuracy);
    }

    /** c less a·b. */
    <A> void subtract(Block<A> c, Block<A> a, Block<A> b) {
        if (c.rows() == 0 || c.cols() == 0 || a.cols() == 0) {
            return;
        }
        if (operands == null) {
            multiply(a.tensor(), b.tensor(), c.tensor());
        } else {
            left = rounded(a, left);
            right = rounded(b, right);
            multiply(left, right, c.tensor());
        }
    }

    private void multiply(Tensor a, Tensor b, Tensor c) {
        gamut.gemm(a, b, c, g -> g.alpha(-1).beta(1).accuracy(accuracy));
    }

    private Tensor rounded(Block<?> x, Tensor before) {
        boolean fits = before != null && Array.getLength(before.array()) >= x.rows() * x.cols();
        Tensor to = fits
                ? Tensor.of(before.array(), operands, Layout.rowMajor(x.rows(), x.cols()), 0)
                : Tensor.zeros(operands, x.rows(), x.cols());
        gamut.convert(x.tensor(), to);
        return to;
    }
}
