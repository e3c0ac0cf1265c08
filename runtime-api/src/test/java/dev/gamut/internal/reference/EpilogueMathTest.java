package dev.gamut.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.dtype.DType;
import dev.gamut.gemm.Epilogue;
import dev.gamut.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Epilogue functions within their stated roundings of 40-digit arithmetic, and their slopes within the stated factor. */
class EpilogueMathTest {
    private static final MathContext MC = new MathContext(60);
    private static final List<Epilogue.Op> FUNCTIONS =
            List.of(new Epilogue.Gelu(false), new Epilogue.Gelu(true), new Epilogue.Silu());

    private static double apply(Epilogue.Op op, DType arithmetic, double x) {
        return EpilogueMath.apply(op, null, arithmetic, x, 0, 0, 0);
    }

    private static BigDecimal exact(Epilogue.Op op, double x) {
        BigDecimal d = new BigDecimal(x);
        if (op instanceof Epilogue.Gelu gelu && gelu.tanh()) {
            BigDecimal cube = d.pow(3).multiply(new BigDecimal("0.044715"));
            BigDecimal root = BigDecimal.TWO
                    .divide(
                            new BigDecimal(
                                    "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899"),
                            MC)
                    .sqrt(MC);
            BigDecimal e = exp(root.multiply(d.add(cube)).multiply(BigDecimal.TWO)); // (1 + tanh t)/2 = e/(e + 1)
            return d.multiply(e).divide(e.add(BigDecimal.ONE), MC);
        }
        if (op instanceof Epilogue.Gelu) {
            return d.multiply(BigDecimal.ONE.add(erfOfHalfRoot(d))).divide(BigDecimal.TWO, MC);
        }
        return d.divide(BigDecimal.ONE.add(exp(d.negate())), MC);
    }

    /** erf(x/√2) by its series with the argument in full precision. */
    private static BigDecimal erfOfHalfRoot(BigDecimal x) {
        MathContext mc = new MathContext(120);
        BigDecimal minusHalfSquare = x.multiply(x).divide(BigDecimal.valueOf(-2), mc);
        BigDecimal power = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int i = 1; power.abs().compareTo(new BigDecimal("1e-90")) > 0; i++) {
            power = power.multiply(minusHalfSquare).divide(BigDecimal.valueOf(i), mc);
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * i + 1), mc));
        }
        // erf(1)·(its own series)⁻¹ gives 2/√π without another constant
        BigDecimal one = BigDecimal.ONE;
        BigDecimal seriesOfOne = one;
        BigDecimal term = one;
        for (int i = 1; i < 80; i++) {
            term = term.divide(BigDecimal.valueOf(-i), mc);
            seriesOfOne = seriesOfOne.add(term.divide(BigDecimal.valueOf(2L * i + 1), mc));
        }
        BigDecimal factor = ErfOracle.erf(1).divide(seriesOfOne, mc);
        return x.divide(BigDecimal.TWO.sqrt(mc), mc).multiply(sum).multiply(factor);
    }

    private static BigDecimal exp(BigDecimal x) {
        BigDecimal reduced = x.divide(BigDecimal.valueOf(1024), new MathContext(100));
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int i = 1; i < 60; i++) {
            term = term.multiply(reduced).divide(BigDecimal.valueOf(i), new MathContext(100));
            sum = sum.add(term);
        }
        return sum.pow(1024, new MathContext(100));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void functionsKeepTheirRoundings(DType arithmetic) {
        Random random = new Random(5);
        for (Epilogue.Op op : FUNCTIONS) {
            double limit = EpilogueMath.roundings(op, arithmetic) * arithmetic.unitRoundoff();
            for (int i = 0; i < 400; i++) {
                double x = arithmetic.round(random.nextDouble(-9, 9) * Math.scalb(1.0, -random.nextInt(6)));
                BigDecimal right = exact(op, x);
                double error = new BigDecimal(apply(op, arithmetic, x))
                        .subtract(right)
                        .abs()
                        .doubleValue();
                double scale = Math.max(Math.abs(x), right.abs().doubleValue());
                assertTrue(error <= limit * scale, () -> op + " of " + x + " is off by " + error / scale);
            }
        }
    }

    @Test
    void slopesStayWithinTheLipschitzFactor() {
        for (Epilogue.Op op : FUNCTIONS) {
            for (double x = -10; x < 10; x += 1.0 / 64) {
                double slope = (apply(op, DType.F64, x + 0x1p-12) - apply(op, DType.F64, x - 0x1p-12)) / 0x1p-11;
                assertTrue(Math.abs(slope) <= EpilogueMath.lipschitz(op, null), op + " at " + x + ": " + slope);
            }
        }
        Tensor factors = Tensor.of(new float[] {1, -3, 2}, 3);
        assertEquals(3, EpilogueMath.lipschitz(new Epilogue.Requantise(true, 0), factors));
    }

    @Test
    void farAwayAndSpecialValues() {
        for (Epilogue.Op op : FUNCTIONS) {
            assertEquals(0.0, apply(op, DType.F64, -1000), 1e-290);
            assertEquals(1000, apply(op, DType.F32, 1000));
            assertEquals(Double.POSITIVE_INFINITY, apply(op, DType.F64, Double.POSITIVE_INFINITY));
            assertTrue(Double.isNaN(apply(op, DType.F64, Double.NaN)));
            assertTrue(Double.isNaN(apply(op, DType.F64, Double.NEGATIVE_INFINITY)));
        }
        assertTrue(Double.isNaN(apply(new Epilogue.Relu(), DType.F32, Double.NaN)));
        assertEquals(0.0, apply(new Epilogue.Relu(), DType.F32, -0.0));
    }

    @Test
    void requantisationIsFused() {
        Tensor factor = Tensor.of(new float[] {1 + 0x1p-12f}, 1);
        float x = 1 + 0x1p-12f;
        double found = EpilogueMath.apply(new Epilogue.Requantise(false, -1), factor, DType.F32, x, 0, 0, 0);
        assertEquals(Math.fma(x, x, -1f), found);
    }
}
