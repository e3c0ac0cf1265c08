package dev.gamut.conformance;

import dev.gamut.dtype.DType;
import java.util.SplittableRandom;

/** What numbers an operand is filled with. */
enum Data {
    /** Integers of magnitude up to 3, times powers of two as factors: results are exact in any order. */
    EXACT {
        @Override
        double next(DType type, SplittableRandom r) {
            return type.lowest() == 0 ? r.nextInt(7) : r.nextInt(-3, 4);
        }

        @Override
        double scale(SplittableRandom r) {
            return Math.scalb(1.0, r.nextInt(-1, 2));
        }
    },
    /** Uniform significands over a few binades; all codes of small integers. */
    RANDOM {
        @Override
        double next(DType type, SplittableRandom r) {
            return type.isInteger() ? integer(type, r) : r.nextDouble(-1, 1) * Math.scalb(1.0, r.nextInt(-2, 3));
        }
    },
    /** Random with NaN, infinities, zeros of both signs, limits and subnormals here and there. */
    SPECIAL {
        @Override
        double next(DType type, SplittableRandom r) {
            if (type.isInteger()) {
                return type.bits() > 16 || r.nextBoolean()
                        ? integer(type, r)
                        : r.nextBoolean() ? type.lowest() : type.maxFinite();
            }
            double[] special = {
                Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, type.maxFinite(), -type.maxFinite()
            };
            double[] small = {0.0, -0.0, type.minSubnormal(), -type.minSubnormal(), type.minNormal()};
            return switch (r.nextInt(24)) {
                case 0 -> special[r.nextInt(special.length)];
                case 1, 2, 3, 4 -> small[r.nextInt(small.length)];
                default -> RANDOM.next(type, r);
            };
        }
    },
    /** Around the smallest normal number. */
    TINY {
        @Override
        double next(DType type, SplittableRandom r) {
            return type.isInteger() ? integer(type, r) : type.minNormal() * r.nextDouble(-2, 2);
        }
    },
    /** Products of two around the largest number of the accumulator. */
    HUGE {
        @Override
        double next(DType type, SplittableRandom r) {
            if (type.isInteger()) {
                return integer(type, r);
            }
            double size = Math.sqrt(type.gemmAccumulator().maxFinite()) * r.nextDouble(-1, 1);
            return Math.clamp(size, -type.maxFinite(), type.maxFinite());
        }
    };

    /** Results and residuals of wide integer types stay this small, so that nothing exact overflows. */
    private static final int SMALL = 1_000;

    /** A number to be rounded to the type. */
    abstract double next(DType type, SplittableRandom r);

    /** A scale factor to be rounded to its type. */
    double scale(SplittableRandom r) {
        return r.nextDouble(0.05, 1.5);
    }

    private static double integer(DType type, SplittableRandom r) {
        return type.bits() > 16 ? r.nextInt(-SMALL, SMALL) : r.nextInt((int) type.lowest(), (int) type.maxFinite() + 1);
    }
}
