package dev.gamut.bench.peers.jlama;

import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.operations.TensorOperations;
import dev.gamut.accuracy.ErrorBound;
import dev.gamut.bench.problem.GemmProblem;
import java.util.Optional;

/** A product whose left operand each run rounds to I8 first, on the calling thread as Jlama does. */
final class RoundedProduct extends Product {
    /** Codes of a block's largest activation. */
    private static final double LARGEST = 127;

    /** Standard deviations that the bound allows for; chance reaches that once in 10^12 elements. */
    private static final double DEVIATIONS = 7;

    RoundedProduct(GemmProblem problem, TensorOperations operations, int tile, int threads) {
        super(problem, operations, tile, threads);
    }

    @Override
    void multiply(AbstractTensor<?, ?> a, AbstractTensor<?, ?> b, AbstractTensor<?, ?> c) {
        try (AbstractTensor<?, ?> rounded = operations.quantize(a, DType.I8, 0, k)) {
            super.multiply(rounded, b, c);
        }
    }

    /**
     * The conventional bound and what rounding to I8 adds, for activations a uniform in (-1, 1) and codes b uniform in
     * [-8, 7], whose scale factors are uniform in a range of one to two.
     *
     * <p>A block of activations is divided by its quantum, the largest magnitude over 127, at most 1/127. Jlama adds 1/2 and
     * cuts off towards zero, so a quotient that is positive changes by -1/2 to 1/2 and a negative one by 1/2 to 3/2: on
     * average by d = 1/2, in the mean square by r² = (1/12 + 13/12)/2 = 7/12. The result's error, the sum of changes times b,
     * has the mean d·|Σb|, where |Σb| = Σ|b|/8 as the codes' mean is -1/2 and that of their magnitudes 4, and a standard
     * deviation of at most r·‖b‖. The sum of magnitudes S = Σ|a||b| has the mean Σ|b|/2 and the deviation ‖b‖/√12. So the
     * error is over f·S only where a sum strays from its mean f·Σ|b|/2 - (d/127)·Σ|b|/8 down to 0; that mean is
     * {@value #DEVIATIONS} of its deviations √(f²/12 + r²/127²)·‖b‖ for the greater root f of
     *
     * <pre>  (F/2 - d/8)² = q²·(F²/12 + r²),     F = 127·f,   q = 7·‖b‖/Σ|b| = 7·√(21.5/4²·28/27/k)</pre>
     */
    @Override
    public Optional<ErrorBound> bound() {
        double q2 = DEVIATIONS * DEVIATIONS * 21.5 / 16 * 28 / 27 / k;
        double square = 1 / 4d - q2 / 12;
        double half = 1 / 32d;
        double f = (half + Math.sqrt(half * half - square * (1 / 256d - q2 * 7 / 12))) / square;
        ErrorBound sum = ErrorBound.ofAccumulation(dev.gamut.dtype.DType.F32);
        return Optional.of(sum.plus(f / LARGEST / sum.unit()));
    }
}
