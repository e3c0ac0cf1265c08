package dev.gamut.accuracy;

import dev.gamut.dtype.DType;
import java.util.Locale;

/**
 * How accurate a result must be: what the caller demands, against which each kernel's declared {@link ErrorBound} is
 * held.
 */
public sealed interface Accuracy {
    /** The IEEE arithmetic of the operand types, as the numerics table of the API says; the default. */
    Accuracy NATIVE = new Native();

    /**
     * Any route whose declared bound is at least as good as native arithmetic in {@code type}.
     *
     * @param type a floating-point type
     * @return the demand
     */
    static Accuracy atLeast(DType type) {
        return new AtLeast(type);
    }

    /**
     * Any route whose declared bound is at most eps·S, S the sum of absolute terms.
     *
     * @param eps a number above 0; contributions of underflow do not count against it
     * @return the demand
     */
    static Accuracy within(double eps) {
        return new Within(eps);
    }

    /**
     * Reads {@code native}, {@code atLeast:TYPE} or {@code within:EPS}, also with a hyphen for the colon.
     *
     * @param text as people write it
     * @throws IllegalArgumentException if it is none of these
     */
    static Accuracy parse(String text) {
        String[] parts = text.split("[:-]", 2);
        String argument = parts.length == 2 ? parts[1] : "";
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "native" -> {
                if (parts.length == 2) {
                    throw new IllegalArgumentException("'" + text + "' has an argument; none is allowed there");
                }
                yield NATIVE;
            }
            case "atleast" -> atLeast(DType.parse(argument));
            case "within" -> within(number(argument));
            default ->
                throw new IllegalArgumentException(
                        "accuracy is '" + text + "'; allowed are native, atLeast:TYPE and within:EPS");
        };
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("eps is '" + text + "'; a number such as 1e-6 is needed", e);
        }
    }

    /**
     * Whether a kernel may serve this demand.
     *
     * @param bound the kernel's declared bound
     * @param ieee whether the kernel computes in the native arithmetic of the operand types
     * @param n the number of terms summed into one result element
     * @return true where the bound is good enough
     */
    boolean admits(ErrorBound bound, boolean ieee, long n);

    /** See {@link #NATIVE}. */
    record Native() implements Accuracy {
        @Override
        public boolean admits(ErrorBound bound, boolean ieee, long n) {
            return ieee;
        }

        @Override
        public String toString() {
            return "native";
        }
    }

    /**
     * See {@link #atLeast}.
     *
     * @param type the floating-point type to be as good as
     */
    record AtLeast(DType type) implements Accuracy {
        /** Checks the type. */
        public AtLeast {
            if (!type.isFloat()) {
                throw new IllegalArgumentException(
                        "type is " + type + "; an accuracy is named by a floating-point type");
            }
        }

        @Override
        public boolean admits(ErrorBound bound, boolean ieee, long n) {
            ErrorBound limit = ErrorBound.ofAccumulation(type);
            return bound.relative(n) <= limit.relative(n) && bound.underflow() <= limit.underflow();
        }

        @Override
        public String toString() {
            return "atLeast(" + type + ")";
        }
    }

    /**
     * See {@link #within}.
     *
     * @param eps the largest factor of S allowed
     */
    record Within(double eps) implements Accuracy {
        /** Checks the factor. */
        public Within {
            if (!(eps > 0)) {
                throw new IllegalArgumentException("eps is " + eps + "; it must be above 0");
            }
        }

        @Override
        public boolean admits(ErrorBound bound, boolean ieee, long n) {
            return bound.relative(n) <= eps;
        }

        @Override
        public String toString() {
            return "within(" + eps + ")";
        }
    }
}
