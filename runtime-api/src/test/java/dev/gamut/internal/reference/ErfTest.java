package dev.gamut.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The error function against its power series in decimal arithmetic. */
class ErfTest {
    private static double ulps(double computed, BigDecimal exact) {
        BigDecimal ulp = new BigDecimal(Math.ulp(exact.doubleValue()));
        return new BigDecimal(computed)
                .subtract(exact)
                .abs()
                .divide(ulp, MathContext.DECIMAL64)
                .doubleValue();
    }

    private static void check(double x) {
        double erf = ulps(Erf.erf(x), ErfOracle.erf(x));
        assertTrue(erf <= Erf.ERF_ULPS, () -> "erf(" + x + ") is off by " + erf + " ulps");
        double erfc = ulps(Erf.erfc(x), ErfOracle.erfc(x));
        assertTrue(erfc <= Erf.ERFC_ULPS, () -> "erfc(" + x + ") is off by " + erfc + " ulps");
    }

    @Test
    void withinTheStatedUnitsInTheLastPlace() {
        Random random = new Random(1969);
        for (int i = 0; i < 1500; i++) {
            check(random.nextDouble(-6, 6));
            check(random.nextDouble(-0.5, 0.5));
        }
        for (int i = 0; i < 60; i++) {
            check(random.nextDouble(6, 26));
        }
    }

    @Test
    void bordersOfTheApproximations() {
        for (double border : new double[] {0.46875, 4, 0.03125, 1, 2}) {
            for (double x : new double[] {Math.nextDown(border), border, Math.nextUp(border)}) {
                check(x);
                check(-x);
            }
        }
        check(Double.MIN_NORMAL);
        check(1e-20);
    }

    @Test
    void specialValues() {
        assertEquals(0.0, Erf.erf(0.0));
        assertEquals(-0.0, Erf.erf(-0.0));
        assertEquals(1, Erf.erf(Double.POSITIVE_INFINITY));
        assertEquals(-1, Erf.erf(Double.NEGATIVE_INFINITY));
        assertEquals(0, Erf.erfc(Double.POSITIVE_INFINITY));
        assertEquals(2, Erf.erfc(Double.NEGATIVE_INFINITY));
        assertTrue(Double.isNaN(Erf.erf(Double.NaN)));
        assertTrue(Double.isNaN(Erf.erfc(Double.NaN)));
    }
}
