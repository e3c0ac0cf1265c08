package dev.gamut.internal.reference;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The error function from its power series, with as many digits as the alternating terms cancel. */
final class ErfOracle {
    private static final MathContext WIDE = new MathContext(760);
    private static final BigDecimal TWO_OVER_SQRT_PI = BigDecimal.TWO.divide(pi().sqrt(WIDE), WIDE);

    private ErfOracle() {}

    /** 2/√π·Σ (−1)^i·x^(2i+1)/(i!·(2i+1)), to at least 40 digits relative to erfc(x). */
    static BigDecimal erf(double x) {
        int digits = 60 + (int) Math.ceil(2 * x * x / Math.log(10));
        MathContext mc = new MathContext(Math.min(digits, WIDE.getPrecision()));
        BigDecimal exact = new BigDecimal(x);
        BigDecimal minusSquare = exact.multiply(exact).negate();
        BigDecimal power = exact;
        BigDecimal sum = exact;
        BigDecimal limit =
                BigDecimal.ONE.scaleByPowerOfTen(-digits).min(exact.abs().scaleByPowerOfTen(-60));
        for (int i = 1; power.abs().compareTo(limit) > 0; i++) {
            power = power.multiply(minusSquare).divide(BigDecimal.valueOf(i), mc);
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * i + 1), mc));
        }
        return sum.multiply(TWO_OVER_SQRT_PI, WIDE);
    }

    static BigDecimal erfc(double x) {
        return BigDecimal.ONE.subtract(erf(x));
    }

    /** J. Machin's formula: π = 16·arctan(1/5) − 4·arctan(1/239). */
    private static BigDecimal pi() {
        return BigDecimal.valueOf(16)
                .multiply(arctanOfInverse(5))
                .subtract(BigDecimal.valueOf(4).multiply(arctanOfInverse(239)));
    }

    private static BigDecimal arctanOfInverse(int n) {
        int scale = WIDE.getPrecision() + 10;
        BigDecimal term = BigDecimal.ONE.divide(BigDecimal.valueOf(n), scale, RoundingMode.HALF_EVEN);
        BigDecimal sum = term;
        for (int i = 1; term.signum() != 0; i++) {
            term = term.divide(BigDecimal.valueOf(-(long) n * n), scale, RoundingMode.HALF_EVEN);
            sum = sum.add(term.divide(BigDecimal.valueOf(2L * i + 1), scale, RoundingMode.HALF_EVEN));
        }
        return sum;
    }
}
