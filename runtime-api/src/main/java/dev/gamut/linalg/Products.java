package dev.gamut.linalg;

import dev.gamut.Gamut;
import dev.gamut.accuracy.Accuracy;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;

/**
 * How factorisations multiply.
 *
 * @param gamut computes the products
 * @param accuracy of them
 * @param operands the type that operands are rounded to, with sums in the type of the matrix; null for the matrix's own
 */
record Products(Gamut gamut, Accuracy accuracy, DType operands) {
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
        if (c.rows() > 0 && c.cols() > 0 && a.cols() > 0) {
            gamut.gemm(
                    operand(a), operand(b), c.tensor(), g -> g.alpha(-1).beta(1).accuracy(accuracy));
        }
    }

    private Tensor operand(Block<?> x) {
        if (operands == null) {
            return x.tensor();
        }
        Tensor rounded = Tensor.zeros(operands, x.rows(), x.cols());
        gamut.convert(x.tensor(), rounded);
        return rounded;
    }
}
