package dev.gamut.vector.emulated;

import dev.gamut.gemm.MatrixDesc;
import dev.gamut.spi.Workspace;
import dev.gamut.tensor.Operand;
import dev.gamut.vector.matrix.Elements;
import dev.gamut.vector.matrix.Matrix;

/**
 * The rows of A or the columns of B, each with an exponent e of its own: its numbers x are below 2^e in magnitude, x° = x·2^-e below 1. What
 * is known of each is kept; residues are laid out for a window of lines, those that a block of C is made of, line by line along k.
 *
 * <p>Work is cut into groups of lines of the window, which several threads may take.
 *
 * @param <S> array kind of the operand's type
 */
final class Lines<S> {
    /** Lines of a group: as many as share cache lines where they lie across. */
    static final int GROUP = 16;

    /** Bits of an estimate of √x°. */
    private static final int ESTIMATE = 7;

    private static final int RAW_SLOT = 0;
    private static final int LINE_SLOT = 1;
    private static final int PIECE_SLOT = 1;
    private static final long NO_NUMBER = 0x7FF0_0000_0000_0000L;
    private static final int FRACTION = 52;
    /** Exponent of the last bit of the smallest numbers. */
    private static final int LAST_BIT = -1074;

    private final Variant<S> variant;
    private final Elements<S> elements;
    private final Matrix<S> matrix;
    private final boolean columns;
    /** Whether memory is contiguous from line to line and not along them. */
    private final boolean across;

    private final long k;
    private long batch;
    private int first;
    private int count;
    private final int lines;
    /** Of each line: the bits of its largest magnitude, its last bit that is set, e, and Σ x° rounded up. */
    private final long[] largest;

    private final int[] last;
    private final int[] exponents;
    private final double[] sums;

    /**
     * Those of an operand.
     *
     * @param desc A or B
     * @param columns whether its columns are the lines, else its rows
     */
    Lines(Variant<S> variant, Elements<S> elements, MatrixDesc desc, boolean columns) {
        this.variant = variant;
        this.elements = elements;
        this.columns = columns;
        matrix = new Matrix<>(desc, false, elements);
        across = (columns ? matrix.colStride : matrix.rowStride) == 1
                && (columns ? matrix.rowStride : matrix.colStride) != 1;
        k = columns ? desc.rows() : desc.cols();
        lines = Math.toIntExact(columns ? desc.cols() : desc.rows());
        largest = new long[lines];
        last = new int[lines];
        exponents = new int[lines];
        sums = new double[lines];
    }

    void bind(Operand operand) {
        matrix.bind(operand);
    }

    void release() {
        matrix.release();
    }

    /** Turns to a matrix of the batch, and to all of its lines. */
    void select(long matrixOfBatch) {
        batch = matrixOfBatch;
        first = 0;
        count = lines;
    }

    /** Opens the window on the lines of a block. */
    void open(int block) {
        first = block * ResidueExecutor.BLOCK;
        count = Math.min(ResidueExecutor.BLOCK, lines - first);
    }

    int first() {
        return first;
    }

    int blocks() {
        return (lines + ResidueExecutor.BLOCK - 1) / ResidueExecutor.BLOCK;
    }

    /** Whether a line of the window holds a NaN or an infinity. */
    boolean isSpecial() {
        for (int l = first; l < first + count; l++) {
            if (largest[l] >= NO_NUMBER) {
                return true;
            }
        }
        return false;
    }

    int count() {
        return count;
    }

    int groups() {
        return (count + GROUP - 1) / GROUP;
    }

    boolean isZero(int line) {
        return largest[first + line] == 0;
    }

    /** e. */
    int exponent(int line) {
        return exponents[first + line];
    }

    /** Bits that hold every number of a line, times 2^-e, without rounding. */
    int width(int line) {
        return isZero(line) ? 0 : exponents[first + line] - (last[first + line] + LAST_BIT - 1);
    }

    /** At least Σ |x°|, of a line that is estimated. */
    double sum(int line) {
        return sums[first + line];
    }

    /** Finds exponents and last bits of a group. */
    void scan(int group, Workspace workspace) {
        int from = group * GROUP;
        int to = Math.min(count, from + GROUP);
        for (int l = first + from; l < first + to; l++) {
            largest[l] = 0;
            last[l] = Integer.MAX_VALUE;
        }
        for (long p = 0; p < k; p += ResidueExecutor.DEPTH) {
            int depth = (int) Math.min(ResidueExecutor.DEPTH, k - p);
            double[] x = read(from, to, p, depth, workspace);
            for (int l = from; l < to; l++) {
                scan(x, (l - from) * depth, depth, first + l);
            }
        }
        for (int l = first + from; l < first + to; l++) {
            exponents[l] = exponent(Double.longBitsToDouble(largest[l]));
        }
    }

    private void scan(double[] x, int at, int n, int line) {
        long most = largest[line];
        int lowest = last[line];
        for (int i = at; i < at + n; i++) {
            long bits = Double.doubleToRawLongBits(x[i]) & Long.MAX_VALUE;
            most = Math.max(most, bits);
            if (bits != 0) {
                int biased = (int) (bits >>> FRACTION);
                long significand = biased == 0 ? bits : bits | 1L << FRACTION;
                lowest = Math.min(lowest, Math.max(biased, 1) + Long.numberOfTrailingZeros(significand));
            }
        }
        largest[line] = most;
        last[line] = lowest;
    }

    /** The e of a line whose largest magnitude this is: 2^(e-1) ≤ x < 2^e. */
    private static int exponent(double x) {
        return x < Double.MIN_NORMAL ? Math.getExponent(x * 0x1p64) - 64 + 1 : Math.getExponent(x) + 1;
    }

    /**
     * Estimates a group's numbers from below: r = ⌊√(x°·2^14)⌋, at most 127, in F32, whose roundings can make r² larger than x°·2^14 by one
     * part in 2^24. Adds up (r + 1)²·2^-14 ≥ |x°|.
     *
     * @param p first step
     * @param depth steps
     * @param to line l at l·pitch
     */
    void estimate(int group, long p, int depth, byte[] to, int pitch, Workspace workspace) {
        int from = group * GROUP;
        int end = Math.min(count, from + GROUP);
        double[] x = read(from, end, p, depth, workspace);
        for (int l = from; l < end; l++) {
            int shift = 2 * ESTIMATE - exponents[first + l];
            estimate(x, (l - from) * depth, depth, power(shift >> 1), power(shift - (shift >> 1)), to, l * pitch);
            double sum = Math.scalb((double) squares(to, l * pitch, depth), -2 * ESTIMATE);
            int line = first + l;
            sums[line] = p == 0 ? sum : sums[line] + sum; // exact: integers far below 2^53, divided by 2^14
        }
    }

    private static void estimate(double[] x, int at, int n, double f, double g, byte[] to, int d) {
        for (int i = 0; i < n; i++) {
            to[d + i] = (byte) Math.min(127, (int) (float) Math.sqrt((float) (Math.abs(x[at + i]) * f * g)));
        }
    }

    private static int squares(byte[] r, int at, int n) {
        int sum = 0;
        for (int i = at; i < at + n; i++) {
            int up = r[i] + 1;
            sum += up * up;
        }
        return sum;
    }

    /**
     * Rounds a group's numbers to integers x' = rint(x°·2^bits) and lays out their residues.
     *
     * @param p first step
     * @param depth steps
     * @param bits the same for all lines
     * @param moduli of which residues are wanted
     * @param to line l of modulus q at q·plane + l·pitch
     */
    void residues(
            int group,
            long p,
            int depth,
            int bits,
            Moduli moduli,
            byte[] to,
            int plane,
            int pitch,
            Workspace workspace) {
        int from = group * GROUP;
        int end = Math.min(count, from + GROUP);
        double[] x = read(from, end, p, depth, workspace);
        int pieces = Pieces.needed(bits);
        float[] piece = workspace.floats(PIECE_SLOT, pieces * pitch);
        for (int l = from; l < end; l++) {
            int shift = bits - exponents[first + l];
            Pieces.split(
                    x, (l - from) * depth, depth, power(shift >> 1), power(shift - (shift >> 1)), pieces, piece, pitch);
            for (int q = 0; q < moduli.count; q++) {
                Pieces.residues(piece, pitch, pieces, moduli.moduli[q], moduli.powers[q], to, q * plane + l * pitch);
            }
        }
    }

    /** 2^n; a line's exponent is halved so that both halves are numbers. */
    private static double power(int n) {
        return Math.scalb(1.0, n);
    }

    /** Steps [p, p + depth) of some lines, line by line. */
    private double[] read(int from, int to, long p, int depth, Workspace workspace) {
        int lines = to - from;
        S raw = elements.scratch(workspace, RAW_SLOT, lines * depth);
        double[] x = workspace.doubles(LINE_SLOT, lines * depth);
        long row = columns ? p : (long) first + from;
        long col = columns ? (long) first + from : p;
        if (across) {
            matrix.read(batch, row, col, !columns, depth, lines, raw, 0, lines, workspace);
        } else {
            matrix.read(batch, row, col, columns, lines, depth, raw, 0, depth, workspace);
        }
        for (int l = 0; l < lines; l++) {
            variant.widen().copy(raw, across ? l : l * depth, across ? lines : 1, depth, x, l * depth);
        }
        return x;
    }
}
