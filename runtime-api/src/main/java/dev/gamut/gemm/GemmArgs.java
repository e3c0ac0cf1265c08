package dev.gamut.gemm;

import dev.gamut.tensor.Operand;

/**
 * What one run of a {@link GemmPlan} works on: operands, alpha, beta, the epilogue's data. Reusable, so that running a
 * plan again and again allocates nothing. Not thread-safe: one per thread.
 */
public final class GemmArgs {
    private final Operand a = new Operand();
    private final Operand b = new Operand();
    private final Operand c = new Operand();
    private PackedMatrix packedB;
    private double alpha = 1;
    private double beta;
    private Epilogue epilogue = Epilogue.NONE;
    private RunRecord record;

    /** alpha = 1, beta = 0, no operands. */
    public GemmArgs() {}

    /** The left operand. */
    public Operand a() {
        return a;
    }

    /** The right operand; empty where it is packed. */
    public Operand b() {
        return b;
    }

    /** The result. */
    public Operand c() {
        return c;
    }

    /** The packed right operand, or null. */
    public PackedMatrix packedB() {
        return packedB;
    }

    /** Factor of A·B. */
    public double alpha() {
        return alpha;
    }

    /** Factor of the old C; 0 never reads it. */
    public double beta() {
        return beta;
    }

    /** The data of the epilogue. */
    public Epilogue epilogue() {
        return epilogue;
    }

    /** Where the run tells what it did, or null. */
    public RunRecord record() {
        return record;
    }

    /**
     * Sets the factors.
     *
     * @param ofProduct alpha
     * @param ofC beta
     * @return this
     */
    public GemmArgs scalars(double ofProduct, double ofC) {
        alpha = ofProduct;
        beta = ofC;
        return this;
    }

    /**
     * Sets the packed right operand.
     *
     * @param matrix packed by the kernel that the plan's descriptor names
     * @return this
     */
    public GemmArgs packedB(PackedMatrix matrix) {
        packedB = matrix;
        b.clear();
        return this;
    }

    /**
     * Sets the epilogue with its data.
     *
     * @param chain the operations of the plan's descriptor
     * @return this
     */
    public GemmArgs epilogue(Epilogue chain) {
        epilogue = chain;
        return this;
    }

    /**
     * Asks the run to tell what it did.
     *
     * @param into a record, or null
     * @return this
     */
    public GemmArgs record(RunRecord into) {
        record = into;
        return this;
    }

    /** Back to alpha = 1, beta = 0, no operands, no epilogue. */
    public void clear() {
        a.clear();
        b.clear();
        c.clear();
        packedB = null;
        alpha = 1;
        beta = 0;
        epilogue = Epilogue.NONE;
        record = null;
    }
}
