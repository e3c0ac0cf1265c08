package dev.gamut.vector.reduce;

/**
 * The passes over one unit after each other: a formula, the result of its last pass and the parameters of its next one,
 * repeated for each of the 64 lanes of a column.
 *
 * @param <A> array type
 */
final class Evaluation<A> {
    private final Geometry geometry;
    private final Arithmetic<A> arithmetic;
    private final Formula<A> formula;
    private long unit;
    private int columns;

    /** What the last pass gave, one value for each column. */
    final A result;

    final A scale;
    final A shift;

    Evaluation(Geometry geometry, Arithmetic<A> arithmetic, Formula<A> formula) {
        this.geometry = geometry;
        this.arithmetic = arithmetic;
        this.formula = formula;
        this.result = arithmetic.array(geometry.maxColumns());
        this.scale = arithmetic.array(Rows.WIDTH * geometry.maxColumns());
        this.shift = arithmetic.array(Rows.WIDTH * geometry.maxColumns());
    }

    /** The first pass over a unit. */
    Step begin(long which) {
        unit = which;
        columns = geometry.columns(which);
        return spread(formula.begin(columns));
    }

    /** The next pass, null where there is none. */
    Step next() {
        return spread(formula.next(result, columns));
    }

    void store(Output out) {
        long first = geometry.outFirst(unit);
        for (int c = 0; c < columns; c++) {
            out.put(first + c * geometry.outStride(), formula.value(result, c));
        }
    }

    private Step spread(Step step) {
        if (step != null && step.shifted()) {
            for (int lane = 0; lane < Rows.WIDTH; lane++) {
                arithmetic.copy(formula.scale, 0, scale, lane * columns, columns);
                arithmetic.copy(formula.shift, 0, shift, lane * columns, columns);
            }
        }
        return step;
    }
}
