package dev.gamut;

import dev.gamut.dtype.DType;
import dev.gamut.dtype.Scaling;
import dev.gamut.tensor.Quantise;
import dev.gamut.tensor.Tensor;
import java.util.Arrays;
import java.util.OptionalDouble;

/** Chooses scale factors and zero points from the numbers that share them. */
final class Quantisation {
    private final Quantise how;
    private final Tensor factors;
    private final Tensor zeros;

    private Quantisation(Quantise how, Tensor factors, Tensor zeros) {
        this.how = how;
        this.factors = factors;
        this.zeros = zeros;
    }

    /**
     * The factors for a row-major F32 tensor.
     *
     * @param x of rank 1 to 3
     * @return codes to be filled in, scaled
     */
    static Tensor prepare(Tensor x, Quantise how) {
        long[] shape = x.layout().shape();
        Scaling scaling = how.scaling(x.rank());
        long[] boxes = scaling.scaleShape(shape);
        Tensor factors = Tensor.zeros(scaling.scaleType(), boxes);
        Tensor zeros =
                scaling.zeroPointType().map(type -> Tensor.zeros(type, boxes)).orElse(null);
        new Quantisation(how, factors, zeros).choose(x, shape, boxes);
        return Tensor.zeros(how.type(), shape).scaled(scaling, factors, zeros);
    }

    private void choose(Tensor x, long[] shape, long[] boxes) {
        long[] box = new long[boxes.length];
        long[] size = new long[boxes.length];
        long count = Arrays.stream(boxes).reduce(1, (a, b) -> a * b);
        for (long b = 0; b < count; b++) {
            long rest = b;
            Tensor part = x;
            for (int d = boxes.length - 1; d >= 0; d--) {
                box[d] = rest % boxes[d];
                rest /= boxes[d];
                boolean blocks = how.granularity() == Scaling.Granularity.PER_BLOCK
                        && how.scaling(x.rank()).axis() == d;
                size[d] = boxes[d] == 1 ? shape[d] : blocks ? how.block() : 1;
                part = part.slice(d, box[d] * size[d], Math.min(shape[d], (box[d] + 1) * size[d]));
            }
            set(numbers(part), box);
        }
    }

    /** The finite numbers of a view, without NaN. */
    private static float[] numbers(Tensor part) {
        int n = Math.toIntExact(part.layout().size());
        float[] numbers = new float[n];
        int kept = 0;
        long[] index = new long[part.rank()];
        for (int i = 0; i < n; i++) {
            int rest = i;
            for (int d = part.rank() - 1; d >= 0; d--) {
                index[d] = rest % part.size(d);
                rest /= (int) part.size(d);
            }
            float v = (float) part.get(index);
            if (Float.isFinite(v)) {
                numbers[kept++] = v;
            }
        }
        return Arrays.copyOf(numbers, kept);
    }

    private void set(float[] numbers, long[] box) {
        double limit = limit(numbers);
        if (!how.asymmetric()) {
            factors.set(symmetric(limit), box);
            return;
        }
        double low = 0;
        double high = 0;
        for (float v : numbers) {
            low = Math.min(low, Math.max(v, -limit));
            high = Math.max(high, Math.min(v, limit));
        }
        DType type = how.type();
        factors.set(within((high - low) / (type.maxFinite() - type.lowest())), box);
        double factor = factors.get(box);
        double zero = factor == 0 ? 0 : Math.rint(type.lowest() - low / factor);
        zeros.set(Math.clamp(zero, type.lowest(), type.maxFinite()), box);
    }

    /** The magnitude that becomes the largest code. */
    private double limit(float[] numbers) {
        if (how.percentile() < 100) {
            float[] sorted = new float[numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                sorted[i] = Math.abs(numbers[i]);
            }
            Arrays.sort(sorted);
            int last = (int) Math.ceil(how.percentile() / 100 * sorted.length) - 1;
            return sorted.length == 0 ? 0 : sorted[Math.max(0, last)];
        }
        double largest = 0;
        for (float v : numbers) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }

    /** The nearest factor of its type that has an inverse; 0 stays 0. */
    private double within(double factor) {
        DType type = how.scaleType();
        double least = Math.max(Float.MIN_NORMAL, type.minSubnormal()); // inverses of smaller ones may be infinite
        return factor == 0 ? 0 : Math.clamp(factor, least, type.maxFinite());
    }

    private double symmetric(double limit) {
        double largestCode = how.type().maxFinite();
        if (how.scaleType() != DType.F8E8M0) {
            return within(limit / largestCode);
        }
        OptionalDouble power = limit == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.scalb(1.0, Math.getExponent(limit) - Math.getExponent(largestCode)));
        return power.orElse(1);
    }
}
