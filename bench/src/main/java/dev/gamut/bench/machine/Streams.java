package dev.gamut.bench.machine;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops that do nothing but move memory: reading by one to eight streams at once, copying, and the triad of the STREAM
 * benchmark (J. McCalpin, 1995). Sums keep reads alive, in eight chains however many streams there are: enough for two
 * additions a cycle of four cycles' latency each, so that two loads a cycle are not held up.
 */
public final class Streams {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    private Streams() {}

    /** Elements a part must be a multiple of. */
    public static int grain() {
        return 8 * V;
    }

    /**
     * Reads a part of an array.
     *
     * @param streams 1, 2, 4 or 8
     * @param x the array
     * @param from first element
     * @param n elements, a multiple of {@link #grain}
     * @return their sum
     */
    public static double read(int streams, double[] x, int from, int n) {
        return switch (streams) {
            case 1 -> read1(x, from, n);
            case 2 -> read2(x, from, n);
            case 4 -> read4(x, from, n);
            default -> read8(x, from, n);
        };
    }

    private static double read1(double[] x, int from, int n) {
        DoubleVector a = DoubleVector.zero(S);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        DoubleVector e = a;
        DoubleVector f = a;
        DoubleVector g = a;
        DoubleVector h = a;
        for (int i = from, end = from + n; i < end; i += 8 * V) {
            a = a.add(DoubleVector.fromArray(S, x, i));
            b = b.add(DoubleVector.fromArray(S, x, i + V));
            c = c.add(DoubleVector.fromArray(S, x, i + 2 * V));
            d = d.add(DoubleVector.fromArray(S, x, i + 3 * V));
            e = e.add(DoubleVector.fromArray(S, x, i + 4 * V));
            f = f.add(DoubleVector.fromArray(S, x, i + 5 * V));
            g = g.add(DoubleVector.fromArray(S, x, i + 6 * V));
            h = h.add(DoubleVector.fromArray(S, x, i + 7 * V));
        }
        return a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h))).lane(0);
    }

    private static double read2(double[] x, int from, int n) {
        int s = n / 2;
        DoubleVector a = DoubleVector.zero(S);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        DoubleVector e = a;
        DoubleVector f = a;
        DoubleVector g = a;
        DoubleVector h = a;
        for (int i = from, end = from + s; i < end; i += 4 * V) {
            a = a.add(DoubleVector.fromArray(S, x, i));
            b = b.add(DoubleVector.fromArray(S, x, i + V));
            c = c.add(DoubleVector.fromArray(S, x, i + 2 * V));
            d = d.add(DoubleVector.fromArray(S, x, i + 3 * V));
            e = e.add(DoubleVector.fromArray(S, x, i + s));
            f = f.add(DoubleVector.fromArray(S, x, i + s + V));
            g = g.add(DoubleVector.fromArray(S, x, i + s + 2 * V));
            h = h.add(DoubleVector.fromArray(S, x, i + s + 3 * V));
        }
        return a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h))).lane(0);
    }

    private static double read4(double[] x, int from, int n) {
        int s = n / 4;
        DoubleVector a = DoubleVector.zero(S);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        DoubleVector e = a;
        DoubleVector f = a;
        DoubleVector g = a;
        DoubleVector h = a;
        for (int i = from, end = from + s; i < end; i += 2 * V) {
            a = a.add(DoubleVector.fromArray(S, x, i));
            b = b.add(DoubleVector.fromArray(S, x, i + V));
            c = c.add(DoubleVector.fromArray(S, x, i + s));
            d = d.add(DoubleVector.fromArray(S, x, i + s + V));
            e = e.add(DoubleVector.fromArray(S, x, i + 2 * s));
            f = f.add(DoubleVector.fromArray(S, x, i + 2 * s + V));
            g = g.add(DoubleVector.fromArray(S, x, i + 3 * s));
            h = h.add(DoubleVector.fromArray(S, x, i + 3 * s + V));
        }
        return a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h))).lane(0);
    }

    private static double read8(double[] x, int from, int n) {
        int s = n / 8;
        DoubleVector a = DoubleVector.zero(S);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        DoubleVector e = a;
        DoubleVector f = a;
        DoubleVector g = a;
        DoubleVector h = a;
        for (int i = from, end = from + s; i < end; i += V) {
            a = a.add(DoubleVector.fromArray(S, x, i));
            b = b.add(DoubleVector.fromArray(S, x, i + s));
            c = c.add(DoubleVector.fromArray(S, x, i + 2 * s));
            d = d.add(DoubleVector.fromArray(S, x, i + 3 * s));
            e = e.add(DoubleVector.fromArray(S, x, i + 4 * s));
            f = f.add(DoubleVector.fromArray(S, x, i + 5 * s));
            g = g.add(DoubleVector.fromArray(S, x, i + 6 * s));
            h = h.add(DoubleVector.fromArray(S, x, i + 7 * s));
        }
        return a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h))).lane(0);
    }

    /**
     * Copies the first third of a part of an array onto its second third.
     *
     * @param x the array
     * @param from first element of the part
     * @param n elements of each third
     */
    public static void copy(double[] x, int from, int n) {
        for (int i = from, end = from + n; i < end; i += V) {
            DoubleVector.fromArray(S, x, i).intoArray(x, i + n);
        }
    }

    /**
     * Writes first + 3·second to the last third of a part of an array.
     *
     * @param x the array
     * @param from first element of the part
     * @param n elements of each third
     */
    public static void triad(double[] x, int from, int n) {
        DoubleVector scale = DoubleVector.broadcast(S, 3);
        for (int i = from, end = from + n; i < end; i += V) {
            DoubleVector.fromArray(S, x, i + n)
                    .fma(scale, DoubleVector.fromArray(S, x, i))
                    .intoArray(x, i + 2 * n);
        }
    }
}
