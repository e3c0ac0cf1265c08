package dev.gamut.kernel;

import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.dtype.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one name of a kernel, used wherever it appears: {@code <op>_<types>[_g<group>][_<tile>][_<order>]_<impl>}.
 *
 * <p>Examples: {@code gemm_f64_f64_f64_f64_2vx12_vec}, {@code gemm_f32_i4_f32_f32_g32_amx}, {@code
 * sum_f32_f32_tree64_vec}. This class parses and prints it; nothing else does.
 *
 * @param op operation, lower-case letters and digits
 * @param types a, b, accumulator and c for a GEMM; operand and result for a reduction
 * @param group elements that share a scale factor
 * @param tile register tile, rows by columns; a {@code v} counts vector lengths
 * @param order the evaluation order the kernel is made for
 * @param impl who computes: {@code ref}, {@code vec}, {@code avx512}, {@code amx}, a library's name
 */
public record KernelId(
        String op,
        List<DType> types,
        OptionalInt group,
        Optional<Tile> tile,
        Optional<EvaluationOrder> order,
        String impl)
        implements Comparable<KernelId> {
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9]*");

    /**
     * A register tile.
     *
     * @param rows rows, in vector lengths where {@code vectorRows}
     * @param vectorRows whether rows count vector lengths
     * @param cols columns, in vector lengths where {@code vectorCols}
     * @param vectorCols whether columns count vector lengths
     */
    public record Tile(int rows, boolean vectorRows, int cols, boolean vectorCols) {
        private static final Pattern FORM = Pattern.compile("(\\d+)(v?)x(\\d+)(v?)");

        static Optional<Tile> parse(String text) {
            Matcher m = FORM.matcher(text);
            return m.matches()
                    ? Optional.of(new Tile(
                            Integer.parseInt(m.group(1)),
                            !m.group(2).isEmpty(),
                            Integer.parseInt(m.group(3)),
                            !m.group(4).isEmpty()))
                    : Optional.empty();
        }

        /**
         * Rows in elements.
         *
         * @param lanes elements in a vector
         */
        public int rows(int lanes) {
            return vectorRows ? rows * lanes : rows;
        }

        /**
         * Columns in elements.
         *
         * @param lanes elements in a vector
         */
        public int cols(int lanes) {
            return vectorCols ? cols * lanes : cols;
        }

        @Override
        public String toString() {
            return rows + (vectorRows ? "v" : "") + "x" + cols + (vectorCols ? "v" : "");
        }
    }

    /** Checks the words. */
    public KernelId {
        types = List.copyOf(types);
        if (!WORD.matcher(op).matches() || !WORD.matcher(impl).matches() || types.isEmpty()) {
            throw new IllegalArgumentException(
                    "a kernel id needs an operation, types and an implementation in lower-case "
                            + "letters and digits, not '" + op + "', " + types + ", '" + impl + "'");
        }
    }

    /**
     * A kernel without group, tile or order.
     *
     * @param op operation
     * @param types its types
     * @param impl implementation
     * @return the id
     */
    public static KernelId of(String op, List<DType> types, String impl) {
        return new KernelId(op, types, OptionalInt.empty(), Optional.empty(), Optional.empty(), impl);
    }

    /**
     * Reads an id.
     *
     * @param text an id as {@link #toString} prints it
     * @return the id
     */
    public static KernelId parse(String text) {
        String[] parts = text.split("_", -1);
        int at = 1;
        List<DType> types = new ArrayList<>();
        while (at < parts.length - 1 && isType(parts[at])) {
            types.add(DType.parse(parts[at++]));
        }
        OptionalInt group = OptionalInt.empty();
        if (at < parts.length - 1 && parts[at].matches("g\\d+")) {
            group = OptionalInt.of(Integer.parseInt(parts[at++].substring(1)));
        }
        Optional<Tile> tile = at < parts.length - 1 ? Tile.parse(parts[at]) : Optional.empty();
        at += tile.isPresent() ? 1 : 0;
        Optional<EvaluationOrder> order = Optional.empty();
        if (at < parts.length - 1) {
            order = Optional.of(new EvaluationOrder(parts[at++]));
        }
        if (at != parts.length - 1) {
            throw new IllegalArgumentException(
                    "kernel id is '" + text + "'; its form is <op>_<types>[_g<group>][_<tile>][_<order>]_<impl>");
        }
        return new KernelId(parts[0], types, group, tile, order, parts[at]);
    }

    private static boolean isType(String text) {
        for (DType type : DType.values()) {
            if (type.id().equals(text)) {
                return true;
            }
        }
        return false;
    }

    /**
     * With a tile.
     *
     * @param text for example {@code 2vx12}
     * @return a copy
     */
    public KernelId tile(String text) {
        Tile parsed = Tile.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("tile is '" + text + "'; its form is 24x8 or 2vx12"));
        return new KernelId(op, types, group, Optional.of(parsed), order, impl);
    }

    /**
     * With an evaluation order.
     *
     * @param fixed the order
     * @return a copy
     */
    public KernelId order(EvaluationOrder fixed) {
        return new KernelId(op, types, group, tile, Optional.of(fixed), impl);
    }

    /**
     * Whether another kernel is this one, or this one with results of another type: both sum in the same way, from operands that are laid out
     * in the same way.
     *
     * @param other another kernel
     * @return true where the last type is all that differs, if anything
     */
    public boolean sumsLike(KernelId other) {
        List<DType> summed = types.subList(0, types.size() - 1);
        return other.types.size() == types.size()
                && summed.equals(other.types.subList(0, summed.size()))
                && new KernelId(other.op, types, other.group, other.tile, other.order, other.impl).equals(this);
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(op);
        types.forEach(type -> s.append('_').append(type.id()));
        group.ifPresent(g -> s.append("_g").append(g));
        tile.ifPresent(t -> s.append('_').append(t));
        order.ifPresent(o -> s.append('_').append(o));
        return s.append('_').append(impl).toString();
    }

    @Override
    public int compareTo(KernelId other) {
        return toString().compareTo(other.toString());
    }
}
