package dev.gamut.vector.emulated;

/**
 * To how many bits the numbers of a product are rounded, how many moduli its sums need, and which blocks of C are left to native arithmetic. Of
 * one product at a time.
 *
 * <p>Notation: row i has e and ρ ≥ Σ |a°|, column j has f and γ ≥ Σ |b°| with a° = a·2^-e and b° = b·2^-f below 1; a' = rint(a°·2^t) and
 * likewise b', so that the sum of a'·b' is exact as long as its moduli hold it. S° = Σ |a°|·|b°|.
 *
 * <p><b>Rounding.</b> |Σ a°b°·2^(2t) - Σ a'b'| ≤ ½·Σ (|a'| + |b°|·2^t) ≤ ½·2^t·(ρ + γ) + k/4. From estimates r = ⌊√|a°|·2^7⌋ of both, whose exact
 * product is W, and by the inequality of Cauchy and Schwarz, (W·2^-14)² ≤ (Σ √|a°b°|)² ≤ k·S°. So the error is at most ε·S°·2^(2t) if
 *
 * <pre>  2^t ≥ ½·(ρ + γ)·k·2^28 / (W²·ε),</pre>
 *
 * k/4, roundings of this formula and those of estimates being covered by one part in 2^10, as ρ ≥ k·2^-14. The square root doubles the span of
 * exponents that 7 bits see: W is 0 only where of all a°b° a factor is below 2^-14. Each block of C demands the t of its largest element so.
 * ε does not grow with k, though random errors add up as √k only: those of operands that are alike add up as k, where native arithmetic may be exact.
 *
 * <p><b>Moduli.</b> |Σ a'b'| ≤ 2^(2t)·min(ρ, γ) with the largest ρ and γ of all, and the same part in 2^10. All moduli together hold it up to some t:
 * blocks that demand more are native, t is the largest that others demand. So operands are converted once, for all blocks. The fewest moduli are
 * taken that hold it, then the largest t that these hold. Their weights have 80 bits where that is enough beside the smallest ρ and γ
 * ({@link Reconstruction}), else 120.
 *
 * <p><b>Integers.</b> Where t bits take every number without rounding and 2^(2t)·k fits {@value #WHOLE} moduli, the sums are exact, whatever S°.
 *
 * <p>Blocks with a number that is none, or is infinite, are native, and their lines count nowhere. All of this is evaluated in F64 by operations
 * that IEEE 754 defines, and maxima do not depend on an order: equal operands are treated alike everywhere.
 */
final class Precision {
    /** Moduli whose sums are whole numbers of F64 with room to be rounded to: P below 2^48. */
    static final int WHOLE = 6;

    private static final double MARGIN = 1 + 0x1p-10;
    /** Of bits and ⌈log2 k⌉: see {@link Reconstruction}. */
    private static final int MOST = 90;

    /** log2 of what P may be beside 2^t·(ρ + γ) with weights of 80 bits: see {@link Reconstruction}. */
    private static final int COARSE = 62;

    /** What a block demands that is native whatever the others do. */
    static final int NATIVE = Integer.MAX_VALUE;

    /** -log2 ε: the significand of the emulated type. */
    private final int significand;

    /** The largest of the lines that were looked at. */
    private int widest;

    private double rho;
    private double gamma;
    private double leastRho;
    private double leastGamma;

    private int limit;
    private int bits;
    private int span;
    private boolean whole;
    private boolean fine;
    private Moduli moduli;

    Precision(int significand) {
        this.significand = significand;
    }

    /** t. */
    int bits() {
        return bits;
    }

    Moduli moduli() {
        return moduli;
    }

    /** Whether the moduli's weights need 120 bits. */
    boolean isFine() {
        return fine;
    }

    /** Whether sums are to be rounded to whole numbers, which they are. */
    boolean isWhole() {
        return whole;
    }

    /** Bits by which norms exceed |A|·|B| at most where t bits are demanded: log2 of ½(ρ + γ)/S° as far as it is known; 0 for integers. */
    int span() {
        return span;
    }

    /** Whether residues serve a block that demands so many bits. */
    boolean serves(int demand) {
        return demand <= limit;
    }

    void clear() {
        widest = 0;
        rho = gamma = 0;
        leastRho = leastGamma = Double.POSITIVE_INFINITY;
    }

    /** Takes the lines of a window into account, which hold numbers alone. */
    void scan(Lines<?> lines) {
        for (int l = 0; l < lines.count(); l++) {
            widest = Math.max(widest, lines.width(l));
        }
    }

    /** Whether all lines that were looked at hold integers of few bits. */
    boolean isIntegral(double k) {
        bits = widest;
        span = 0;
        fine = false;
        moduli = bits < significand ? Moduli.holding(Math.scalb(k, 2 * bits)) : null;
        whole = moduli != null && moduli.count <= WHOLE;
        limit = bits;
        return whole;
    }

    /**
     * The bits that a block demands, its windows open.
     *
     * @param w products of the estimates, row i at i·ld
     */
    int demand(Lines<?> a, Lines<?> b, double k, double[] w, int ld) {
        double need = 0;
        for (int j = 0; j < b.count(); j++) {
            gamma = b.isZero(j) ? gamma : Math.max(gamma, b.sum(j));
            leastGamma = b.isZero(j) ? leastGamma : Math.min(leastGamma, b.sum(j));
        }
        for (int i = 0; i < a.count(); i++) {
            if (!a.isZero(i)) {
                rho = Math.max(rho, a.sum(i));
                leastRho = Math.min(leastRho, a.sum(i));
                need = Math.max(need, need(a.sum(i), b, w, i * ld));
            }
        }
        double least = Math.scalb(need * k * MARGIN, 27);
        return significand + Math.max(0, Math.getExponent(least) + 1);
    }

    /** Decides for a product whose blocks demand so many bits each. */
    void decide(int[] demands, int blocks, double k) {
        double sum = Math.min(rho, gamma) * MARGIN;
        limit = Math.min(Pieces.BITS * Pieces.MOST - 1, MOST - Math.getExponent(k) - 1);
        while (limit >= significand && !Moduli.of(Moduli.MOST).holds(Math.scalb(sum, 2 * limit))) {
            limit--;
        }
        int demanded = significand;
        for (int i = 0; i < blocks; i++) {
            demanded = serves(demands[i]) ? Math.max(demanded, demands[i]) : demanded;
        }
        if (demanded > limit) {
            return; // no block is served
        }
        moduli = Moduli.holding(Math.scalb(sum, 2 * demanded));
        span = demanded - significand;
        bits = demanded;
        while (bits < limit && moduli.holds(Math.scalb(sum, 2 * (bits + 1)))) {
            bits++;
        }
        fine = moduli.high > Math.scalb(leastRho + leastGamma, bits + COARSE);
    }

    /** The largest (ρ + γ)/W² of a row. */
    private static double need(double rho, Lines<?> b, double[] w, int at) {
        double need = 0;
        for (int j = 0; j < b.count(); j++) {
            if (!b.isZero(j)) {
                need = Math.max(need, (rho + b.sum(j)) / (w[at + j] * w[at + j]));
            }
        }
        return need;
    }
}
