package dev.gamut;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.dtype.Convert;
import dev.gamut.dtype.DType;
import dev.gamut.dtype.Rounding;
import dev.gamut.dtype.Scaling;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Quantising, dequantising and converting through the public interface. */
class QuantiseTest {
    private static Gamut gamut;

    @BeforeAll
    static void open() {
        gamut = Gamut.open();
    }

    @AfterAll
    static void close() {
        gamut.close();
    }

    private static Tensor random(long... shape) {
        Random random = new Random(4);
        Tensor t = Tensor.zeros(DType.F32, shape);
        float[] data = (float[]) t.array();
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return t;
    }

    static List<Quantise> schemes() {
        return List.of(
                Quantise.int8(),
                Quantise.int8().perAxis(0),
                Quantise.int8().perAxis(1),
                Quantise.int8().blocks(32).scaleType(DType.F16),
                Quantise.int8().withZeroPoints(),
                Quantise.uint8().blocks(8),
                Quantise.int4().blocks(32),
                Quantise.int4().blocks(16).along(0),
                Quantise.int4().blocks(64).withZeroPoints());
    }

    /** Every number comes back within half a step of its factor, and half a rounding of the factor itself. */
    @ParameterizedTest
    @MethodSource("schemes")
    void integersAreHalfAStepOff(Quantise how) {
        Tensor x = random(37, 70);
        Tensor q = gamut.quantise(x, how);
        assertEquals(how.type(), q.dtype());
        Tensor back = gamut.dequantise(q);
        for (long i = 0; i < 37; i++) {
            for (long j = 0; j < 70; j++) {
                double scale =
                        q.scales().get(q.scaling().scaleRow(i), q.scaling().scaleCol(j));
                double steps = Math.abs(back.get(i, j) - x.get(i, j)) / scale;
                // The zero point is rounded, and so is the factor: of the largest number it may cost some more.
                double allowed = how.asymmetric() ? 1.01 : how.scaleType() == DType.F16 ? 0.57 : 0.5001;
                assertTrue(steps <= allowed, how + ": " + x.get(i, j) + " became " + back.get(i, j));
            }
        }
    }

    @Test
    void floatsKeepTheirPrecision() {
        Tensor x = random(8, 64);
        for (Quantise how : List.of(Quantise.fp8e4m3(), Quantise.fp8e5m2(), Quantise.mxfp4())) {
            Tensor back = gamut.dequantise(gamut.quantise(x, how));
            double unit = how.type().unitRoundoff();
            double largest = 0;
            for (float v : (float[]) x.array()) {
                largest = Math.max(largest, Math.abs(v));
            }
            // A power of two as factor leaves the largest numbers of a block up to a third beyond the codes.
            double saturated = how.scaleType() == DType.F8E8M0 ? 0.34 : 0;
            double least = how.type().minSubnormal() * largest / how.type().maxFinite() * 2;
            for (int i = 0; i < 512; i++) {
                double v = ((float[]) x.array())[i];
                double error = Math.abs(((float[]) back.array())[i] - v);
                assertTrue(
                        error <= (unit * 1.01 + saturated) * Math.abs(v) + least, how + ": " + v + " off by " + error);
            }
        }
    }

    @Test
    void vectorsAreQuantisedInBlocks() {
        Tensor x = random(100);
        Tensor q = gamut.quantise(x, Quantise.int8().blocks(32));
        assertArrayEquals(new long[] {4}, q.scales().layout().shape());
        Tensor back = gamut.dequantise(q);
        for (int i = 0; i < 100; i++) {
            assertEquals(x.get(i), back.get(i), q.scales().get(i / 32) * 0.5001);
        }
    }

    @Test
    void aPercentileLeavesOutTheLargest() {
        float[] data = new float[1000];
        java.util.Arrays.fill(data, 1);
        data[7] = 100;
        Tensor q = gamut.quantise(Tensor.of(data, 1000), Quantise.int8().percentile(99.5));
        Tensor back = gamut.dequantise(q);
        assertEquals(1, back.get(0), 1e-6);
        assertEquals(1, back.get(7), 1e-6);
    }

    /** Also where the type of the codes has infinities: what a factor puts beyond the largest code becomes that. */
    @Test
    void finiteNumbersGetFiniteCodes() {
        float[] data = new float[64];
        java.util.Arrays.fill(data, 1);
        data[3] = 1.9f;
        data[40] = -3.2e38f;
        Tensor x = Tensor.of(data, 64);
        Quantise blocks = Quantise.fp8e5m2().blocks(32).scaleType(DType.F8E8M0);
        Tensor back = gamut.dequantise(gamut.quantise(x, blocks));
        assertEquals(1.75, back.get(3), "57,344 of 2^-15");
        assertEquals(1, back.get(4));
        assertEquals(Math.scalb(-1.75, Math.getExponent(data[40])), back.get(40));
        // 3.2e38 times 57,344 is infinite in F32, too.
        back = gamut.dequantise(gamut.quantise(x, Quantise.fp8e5m2().percentile(90)));
        assertEquals(1, back.get(3), 1e-6);
        assertEquals(-1, back.get(40), 1e-6);
    }

    @Test
    void infinitiesKeepTheirs() {
        float infinity = Float.POSITIVE_INFINITY;
        float[] data = {1, infinity, -infinity, Float.NaN, 3e38f, -70_000, 1e-30f};
        Scaling one = Scaling.perTensor(DType.F32);
        Tensor factor = Tensor.of(new float[] {0.5f}, 1, 1);
        for (Rounding rounding : Rounding.values()) {
            Tensor y = Tensor.zeros(DType.F8E5M2, 1, 7).scaled(one, factor, null);
            Convert.Loss loss = gamut.convert(Tensor.of(data, 1, 7), y, c -> count(c, rounding));
            double[] codes = new double[7];
            for (int i = 0; i < 7; i++) {
                codes[i] = y.get(0, i);
            }
            double most = DType.F8E5M2.maxFinite();
            assertArrayEquals(new double[] {2, infinity, -infinity, Double.NaN, most, -most, 0}, codes, rounding + "");
            assertEquals(0, loss.overflowed());
            assertEquals(0, loss.nanLost());
        }
    }

    private static void count(ConvertOptions options, Rounding rounding) {
        options.count();
        if (rounding == Rounding.STOCHASTIC) {
            options.stochastic(1);
        } else {
            options.rounding(rounding);
        }
    }

    /** A factor that its type cannot hold is the nearest one that it can, and has an inverse. */
    @Test
    void factorsStayInTheRangeOfTheirType() {
        List<DType> types = List.of(DType.F32, DType.F16, DType.BF16, DType.F8E4M3, DType.F8E8M0);
        List<Quantise> hows = List.of(
                Quantise.int8(),
                Quantise.int4(),
                Quantise.uint8(),
                Quantise.fp8e4m3(),
                Quantise.fp8e5m2(),
                Quantise.mxfp4());
        for (float largest : new float[] {1e-45f, 1e-40f, 1e-37f, 1e-9f, 1e-3f, 1, 1e4f, 1e7f, 1e20f, 3.4e38f}) {
            for (DType type : types) {
                for (Quantise how : hows) {
                    assertNearest(Tensor.of(new float[] {largest, largest / 3, 0, -largest / 7}, 4), how, type);
                }
            }
        }
    }

    /** Codes are within half a unit of x / factor and the zero point, or of the nearest code. */
    private static void assertNearest(Tensor x, Quantise how, DType scaleType) {
        Tensor q = gamut.quantise(x, how.scaleType(scaleType));
        Tensor back = gamut.dequantise(q);
        boolean blocks = how.granularity() == Scaling.Granularity.PER_BLOCK;
        double factor =
                q.scales().get(blocks ? new long[] {0} : new long[q.scales().rank()]);
        assertTrue(factor > 0 && Double.isFinite(factor), how + " " + scaleType + " of " + x.get(0) + ": " + factor);
        double zero = q.zeroPoints() == null
                ? 0
                : q.zeroPoints().get(new long[q.zeroPoints().rank()]);
        for (long i = 0; i < 4; i++) {
            double nearest = Math.clamp(
                    x.get(i) / factor + zero, how.type().lowest(), how.type().maxFinite());
            DType type = how.type();
            double half = type.isInteger() ? 0.5 : type.minSubnormal() / 2 + type.unitRoundoff() * Math.abs(nearest);
            String what = how + " " + scaleType + " of " + x.get(i) + ": " + q.get(i) + " times " + factor;
            assertEquals(nearest, q.get(i), 1.0001 * half, what);
            assertEquals((float) (factor * (q.get(i) - zero)), back.get(i), what);
        }
    }

    @Test
    void zerosStayZeros() {
        for (Quantise how : schemes()) {
            Tensor back = gamut.dequantise(gamut.quantise(Tensor.zeros(DType.F32, 4, 70), how));
            assertArrayEquals(new float[280], (float[]) back.array(), how.toString());
        }
    }

    @Test
    void lossesAreCountedWhereAskedFor() {
        Tensor x = Tensor.of(new float[] {1, 200, -1000, Float.NaN, 127.4f, Float.POSITIVE_INFINITY}, 6);
        Convert.Loss loss = gamut.convert(x, Tensor.zeros(DType.I8, 6), c -> c.count());
        assertEquals(new Convert.Loss(4, 0, 1), loss);
        assertTrue(gamut.convert(x, Tensor.zeros(DType.I8, 6), c -> {}).isNone());
        loss = gamut.convert(Tensor.of(new float[] {1e6f, 1}, 2), Tensor.zeros(DType.F16, 2), c -> c.count());
        assertEquals(new Convert.Loss(0, 1, 0), loss);
    }

    @Test
    void stochasticRoundingKeepsTheMean() {
        int n = 100_000;
        float[] data = new float[n];
        java.util.Arrays.fill(data, 2.3f);
        for (DType type : List.of(DType.I8, DType.BF16, DType.F8E4M3)) {
            Tensor y = Tensor.zeros(type, n);
            gamut.convert(Tensor.of(data, n), y, c -> c.stochastic(5));
            double mean = 0;
            for (int i = 0; i < n; i++) {
                mean += y.get(i) / n;
            }
            assertEquals(2.3, mean, 0.01, type.toString());
            Tensor again = Tensor.zeros(type, n);
            gamut.convert(Tensor.of(data, n), again, c -> c.stochastic(5));
            assertEquals(-1, y.segment().mismatch(again.segment()));
            gamut.convert(Tensor.of(data, n), again, c -> c.stochastic(6));
            assertTrue(y.segment().mismatch(again.segment()) >= 0, "another seed gives other numbers");
        }
    }

    @Test
    void transposesAndViewsConvert() {
        Tensor x = random(5, 9);
        Tensor y = Tensor.zeros(DType.F64, 9, 5);
        gamut.convert(x, y.transpose());
        for (long i = 0; i < 5; i++) {
            for (long j = 0; j < 9; j++) {
                assertEquals(x.get(i, j), y.get(j, i));
            }
        }
    }

    @Test
    void badInputIsNamed() {
        Tensor x = random(5, 9);
        complains("y is 9×5", () -> gamut.convert(x, Tensor.zeros(DType.F16, 9, 5)));
        complains("shares elements", () -> gamut.convert(x, x));
        complains("to is", () -> gamut.convert(x, Tensor.zeros(DType.F16, 45)));
        complains("share memory", () -> {
            Layout repeated = Layout.of(new long[] {5, 9}, new long[] {0, 1});
            gamut.convert(x, Tensor.of(new short[9], DType.F16, repeated, 0));
        });
        complains("at most 16 bits", () -> gamut.convert(random(4), Tensor.zeros(DType.F64, 4), c -> c.stochastic(1)));
        complains(
                "U8",
                () -> new Quantise(
                        DType.U8, Quantise.int8().granularity(), -1, 0, DType.F32, false, 100, Rounding.NEAREST_EVEN));
        complains("percentile is 0.0", () -> Quantise.int8().percentile(0));
        complains("axis is 2", () -> gamut.quantise(x, Quantise.int8().perAxis(2)));
        complains(
                "type is F32",
                () -> new Quantise(
                        DType.F32, Quantise.int8().granularity(), -1, 0, DType.F32, false, 100, Rounding.NEAREST_EVEN));
    }

    private static void complains(String part, org.junit.jupiter.api.function.Executable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
