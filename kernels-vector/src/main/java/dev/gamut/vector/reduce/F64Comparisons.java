package dev.gamut.vector.reduce;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Extremes of one long run of F64 where there are no extremes of 64 bits, as without AVX-512, so that the bits of numbers are not compared as
 * {@link F64Streams} does. See {@link Stream} for where they read.
 *
 * <p>What C2 makes of {@code min} is six instructions, for NaN and for the sign of zero. A comparison and a blend neglect both, and a sum, one
 * more, is a NaN if any number is. So a run is read again, by {@code min}, only where the extreme is a zero or the sum is a NaN, which
 * infinities of both signs make of it, too; and the next one is read by {@code min} at once if the extreme was a zero or a NaN.
 *
 * <p>From L2 0.89 of what adding reads instead of 0.43, from memory 0.94 instead of 0.81 (AMD EPYC of family 25). Numbers are added in pairs, to two
 * sums: with four, or eight extremes, C2 loads so many vectors early that it spills a sum, and what passes through the stack is a chain of 14
 * cycles (0.51 to 0.68, and at times nothing is lost).
 */
final class F64Comparisons {
    private static final VectorSpecies<Double> SPECIES = Shapes.F64;
    private static final int L = SPECIES.length();

    private F64Comparisons() {}

    /** {@link Step#MIN}, in all lanes. */
    static void min(Rows<double[]> rows) {
        extreme(rows, true);
    }

    /** {@link Step#MAX}, in all lanes. */
    static void max(Rows<double[]> rows) {
        extreme(rows, false);
    }

    private static void extreme(Rows<double[]> rows, boolean least) {
        double found = Double.NaN;
        if (!rows.byMin) {
            if (least) {
                lower(rows);
            } else {
                higher(rows);
            }
            found = isNaN(rows) ? Double.NaN : join(rows, least);
        }
        if (!isCertain(found)) {
            if (least) {
                exactMin(rows);
            } else {
                exactMax(rows);
            }
            found = join(rows, least);
            rows.byMin = !isCertain(found);
        }
        DoubleVector.broadcast(SPECIES, found).intoArray(rows.lanes, rows.at);
    }

    /** Whether it is neither a NaN nor a zero, whose sign comparisons do not see. */
    private static boolean isCertain(double extreme) {
        return extreme != 0 && !Double.isNaN(extreme);
    }

    /** Whether the sum of all numbers is a NaN. */
    private static boolean isNaN(Rows<double[]> rows) {
        double sum = 0;
        for (int i = rows.at + L; i < rows.at + 2 * L; i++) {
            sum += rows.lanes[i];
        }
        return Double.isNaN(sum);
    }

    private static double join(Rows<double[]> rows, boolean least) {
        double found = rows.lanes[rows.at];
        for (int i = rows.at + 1; i < rows.at + L; i++) {
            found = least ? Math.min(found, rows.lanes[i]) : Math.max(found, rows.lanes[i]);
        }
        return found;
    }

    /** The least number in the lanes of a vector, and the sum of all in those of the next one. */
    private static void lower(Rows<double[]> rows) {
        double[] x = rows.x;
        DoubleVector a0 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        DoubleVector a1 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        DoubleVector a2 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        DoubleVector a3 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = DoubleVector.zero(SPECIES);
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 2 * L) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
            a0 = a0.blend(v, v.lt(a0));
            DoubleVector w = DoubleVector.fromArray(SPECIES, x, i + g1);
            a1 = a1.blend(w, w.lt(a1));
            s0 = s0.add(v.add(w));
            v = DoubleVector.fromArray(SPECIES, x, i + g2);
            a2 = a2.blend(v, v.lt(a2));
            w = DoubleVector.fromArray(SPECIES, x, i + g3);
            a3 = a3.blend(w, w.lt(a3));
            s1 = s1.add(v.add(w));
            v = DoubleVector.fromArray(SPECIES, x, i + L);
            a0 = a0.blend(v, v.lt(a0));
            w = DoubleVector.fromArray(SPECIES, x, i + g1 + L);
            a1 = a1.blend(w, w.lt(a1));
            s0 = s0.add(v.add(w));
            v = DoubleVector.fromArray(SPECIES, x, i + g2 + L);
            a2 = a2.blend(v, v.lt(a2));
            w = DoubleVector.fromArray(SPECIES, x, i + g3 + L);
            a3 = a3.blend(w, w.lt(a3));
            s1 = s1.add(v.add(w));
        }
        a0 = Shapes.F64_CLASS.cast(a0).min(a2);
        a1 = Shapes.F64_CLASS.cast(a1).min(a3);
        a0 = Shapes.F64_CLASS.cast(a0).min(a1);
        s0 = Shapes.F64_CLASS.cast(s0).add(s1);
        a0.intoArray(rows.lanes, rows.at);
        s0.intoArray(rows.lanes, rows.at + L);
    }

    /** The greatest number, likewise. */
    private static void higher(Rows<double[]> rows) {
        double[] x = rows.x;
        DoubleVector a0 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector a1 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector a2 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector a3 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = DoubleVector.zero(SPECIES);
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 2 * L) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
            a0 = a0.blend(v, v.compare(VectorOperators.GT, a0));
            DoubleVector w = DoubleVector.fromArray(SPECIES, x, i + g1);
            a1 = a1.blend(w, w.compare(VectorOperators.GT, a1));
            s0 = s0.add(v.add(w));
            v = DoubleVector.fromArray(SPECIES, x, i + g2);
            a2 = a2.blend(v, v.compare(VectorOperators.GT, a2));
            w = DoubleVector.fromArray(SPECIES, x, i + g3);
            a3 = a3.blend(w, w.compare(VectorOperators.GT, a3));
            s1 = s1.add(v.add(w));
            v = DoubleVector.fromArray(SPECIES, x, i + L);
            a0 = a0.blend(v, v.compare(VectorOperators.GT, a0));
            w = DoubleVector.fromArray(SPECIES, x, i + g1 + L);
            a1 = a1.blend(w, w.compare(VectorOperators.GT, a1));
            s0 = s0.add(v.add(w));
            v = DoubleVector.fromArray(SPECIES, x, i + g2 + L);
            a2 = a2.blend(v, v.compare(VectorOperators.GT, a2));
            w = DoubleVector.fromArray(SPECIES, x, i + g3 + L);
            a3 = a3.blend(w, w.compare(VectorOperators.GT, a3));
            s1 = s1.add(v.add(w));
        }
        a0 = Shapes.F64_CLASS.cast(a0).max(a2);
        a1 = Shapes.F64_CLASS.cast(a1).max(a3);
        a0 = Shapes.F64_CLASS.cast(a0).max(a1);
        s0 = Shapes.F64_CLASS.cast(s0).add(s1);
        a0.intoArray(rows.lanes, rows.at);
        s0.intoArray(rows.lanes, rows.at + L);
    }

    /** The least number in the lanes of a vector, as {@link Math#min} has it. */
    private static void exactMin(Rows<double[]> rows) {
        double[] x = rows.x;
        DoubleVector a0 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        DoubleVector a1 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        DoubleVector a2 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        DoubleVector a3 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        DoubleVector a4 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        DoubleVector a5 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        DoubleVector a6 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        DoubleVector a7 = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 2 * L) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).min(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + g1).min(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + g2).min(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + g3).min(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, i + L).min(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, i + g1 + L).min(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, i + g2 + L).min(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, i + g3 + L).min(a7);
        }
        a0 = Shapes.F64_CLASS.cast(a0).min(a4);
        a1 = Shapes.F64_CLASS.cast(a1).min(a5);
        a2 = Shapes.F64_CLASS.cast(a2).min(a6);
        a3 = Shapes.F64_CLASS.cast(a3).min(a7);
        a0.min(a2).min(a1.min(a3)).intoArray(rows.lanes, rows.at);
    }

    /** The greatest number, likewise. */
    private static void exactMax(Rows<double[]> rows) {
        double[] x = rows.x;
        DoubleVector a0 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector a1 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector a2 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector a3 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector a4 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector a5 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector a6 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector a7 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        int g1 = rows.gap;
        int g2 = 2 * g1;
        int g3 = 3 * g1;
        for (int i = rows.xAt, end = i + 4 * L * rows.count; i < end; i += 2 * L) {
            a0 = DoubleVector.fromArray(SPECIES, x, i).max(a0);
            a1 = DoubleVector.fromArray(SPECIES, x, i + g1).max(a1);
            a2 = DoubleVector.fromArray(SPECIES, x, i + g2).max(a2);
            a3 = DoubleVector.fromArray(SPECIES, x, i + g3).max(a3);
            a4 = DoubleVector.fromArray(SPECIES, x, i + L).max(a4);
            a5 = DoubleVector.fromArray(SPECIES, x, i + g1 + L).max(a5);
            a6 = DoubleVector.fromArray(SPECIES, x, i + g2 + L).max(a6);
            a7 = DoubleVector.fromArray(SPECIES, x, i + g3 + L).max(a7);
        }
        a0 = Shapes.F64_CLASS.cast(a0).max(a4);
        a1 = Shapes.F64_CLASS.cast(a1).max(a5);
        a2 = Shapes.F64_CLASS.cast(a2).max(a6);
        a3 = Shapes.F64_CLASS.cast(a3).max(a7);
        a0.max(a2).max(a1.max(a3)).intoArray(rows.lanes, rows.at);
    }
}
