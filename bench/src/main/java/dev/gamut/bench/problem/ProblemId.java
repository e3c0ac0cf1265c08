package dev.gamut.bench.problem;

import dev.gamut.bench.machine.MachineCaches;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Problems by name: operation, types and shape as the gate's rows and the JMH benchmarks write them. */
public final class ProblemId {
    /** Columns and terms of decode shapes, rows and columns of matrix-vector products: those of a model of 7e9 weights. */
    private static final int LAYER = 4_096;

    /** Elements of a vector in memory: more than any cache of today, and rotated through more where it is not. */
    private static final int VECTOR = 1 << 24;

    private static final Pattern SQUARE = Pattern.compile("n(\\d+)");
    private static final Pattern GENERAL = Pattern.compile("(\\d+)x(\\d+)x(\\d+)");
    private static final Pattern DECODE = Pattern.compile("m(\\d+)");
    private static final Pattern BATCH = Pattern.compile("b(\\d+)x(\\d+)");

    private ProblemId() {}

    /**
     * A problem without operands.
     *
     * @param op gemm, gemv, convert, or a reduction by its name
     * @param types {@code f64}, {@code u8xi8}, {@code f32xi4g32}; {@code f32-bf16} for a conversion
     * @param shape for gemm {@code n64}, {@code 64x32x16}, {@code m4}, {@code b4096x8} or a workload of the report; for
     *     others {@code mem}, {@code l1}, {@code l2}, {@code l3} or {@code n1000}
     * @param marks {@code packed} among them: B is constant; {@code transposed}: the rows of a product's B are the columns of what is stored
     * @param caches decide how large the vectors for a cache level are
     */
    public static Problem of(String op, String types, String shape, List<String> marks, MachineCaches caches) {
        boolean packed = marks.contains("packed");
        Precision precision = precision(types);
        String id = op + "." + types + "." + shape;
        return switch (op) {
            case "gemm" -> new GemmProblem(gemm(id, shape, precision, marks.contains("transposed")), precision, packed);
            case "convert" -> {
                long n = elements(op, shape, precision, caches);
                yield new ConvertProblem(workload(id, op, 1, 1, n, 1, false, shape.equals("mem")), precision);
            }
            case "gemv" -> new GemmProblem(gemv(id, shape, precision), precision, packed);
            default -> {
                long n = elements(op, shape, precision, caches);
                yield new ReduceProblem(workload(id, op, 1, 1, n, 1, false, shape.equals("mem")), precision);
            }
        };
    }

    /** {@code f64}, {@code u8xi8}, {@code f32xi4g32}, {@code f32-bf16}. */
    private static Precision precision(String text) {
        return Precision.parse(text.replaceAll("[x-]", "*").replaceFirst("g(\\d+)$", "/$1"));
    }

    private static Workload gemm(String id, String shape, Precision precision, boolean transposed) {
        Matcher square = SQUARE.matcher(shape);
        if (square.matches()) {
            long n = Long.parseLong(square.group(1));
            return workload(id, "gemm", n, n, n, 1, transposed || precision.block() > 0, false);
        }
        Matcher general = GENERAL.matcher(shape);
        if (general.matches()) {
            long[] mnk = {group(general, 1), group(general, 2), group(general, 3)};
            return workload(id, "gemm", mnk[0], mnk[1], mnk[2], 1, precision.block() > 0, false);
        }
        Matcher decode = DECODE.matcher(shape);
        if (decode.matches()) {
            return workload(id, "gemm", group(decode, 1), LAYER, LAYER, 1, true, true);
        }
        Matcher batch = BATCH.matcher(shape);
        if (batch.matches()) {
            long n = group(batch, 2);
            return workload(id, "gemm", n, n, n, group(batch, 1), false, false);
        }
        return Workloads.shipped()
                .find(shape)
                .filter(Workload::isGemm)
                .orElseThrow(() -> new IllegalArgumentException("id is '" + id + "', whose shape '" + shape
                        + "' is none of n8, 8x8x8, m1, b64x8 and the GEMM workloads of the report"));
    }

    /** A matrix times a vector; integer weights are stored one row an output, and the vector stands on the left. */
    private static Workload gemv(String id, String shape, Precision precision) {
        long n = shape.equals("mem") ? LAYER : Long.parseLong(shape.substring(1));
        boolean weights = precision.a().isFloat() && precision.b().isInteger();
        return workload(id, "gemm", weights ? 1 : n, weights ? n : 1, n, 1, weights, shape.equals("mem"));
    }

    private static long group(Matcher matcher, int index) {
        return Long.parseLong(matcher.group(index));
    }

    private static Workload workload(
            String id, String op, long m, long n, long k, long batch, boolean transposeB, boolean fromMemory) {
        return new Workload(
                id, "gate", op, List.of(), m, n, k, batch, false, transposeB, fromMemory, false, false, "", "gate.csv");
    }

    /** Half of a cache level, shared by both operands of a dot product; a number where the shape gives one. */
    private static long elements(String op, String shape, Precision precision, MachineCaches caches) {
        long perElement = precision.a().bits() * (op.equals("dot") ? 2 : 1);
        long half = switch (shape) {
            case "mem" -> VECTOR * perElement;
            case "l1" -> caches.core().l1() * 8 / 2;
            case "l2" -> caches.core().l2() * 8 / 2;
            case "l3" -> Math.min(caches.core().l3(), 32L << 20) * 8 / 2;
            default -> Long.parseLong(shape.substring(1)) * perElement;
        };
        return half / perElement;
    }
}
