package dev.gamut;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.accuracy.Determinism;
import dev.gamut.accuracy.Profile;
import dev.gamut.gemm.Epilogue;
import dev.gamut.gemm.RunRecord;
import java.util.function.UnaryOperator;

/** What a tensor product may be asked for besides its operands; handed to the lambda of {@link Gamut#gemm}. */
public final class GemmOptions {
    boolean transposeA;
    boolean transposeB;
    double alpha = 1;
    double beta;
    Accuracy accuracy;
    Determinism determinism;
    Epilogue epilogue = Epilogue.NONE;
    RunRecord record;

    GemmOptions(Profile profile) {
        accuracy = profile.accuracy();
        determinism = profile.determinism();
    }

    /** Uses A transposed. */
    public GemmOptions transposeA() {
        transposeA = true;
        return this;
    }

    /** Uses B transposed, the way weights are usually stored. */
    public GemmOptions transposeB() {
        transposeB = true;
        return this;
    }

    /**
     * Factor of A·B; 1 unless set.
     *
     * @param factor any number; 0 never reads A or B
     */
    public GemmOptions alpha(double factor) {
        alpha = factor;
        return this;
    }

    /**
     * Factor of the old C; 0 unless set.
     *
     * @param factor any number; 0 never reads C
     */
    public GemmOptions beta(double factor) {
        beta = factor;
        return this;
    }

    /**
     * How accurate the result must be.
     *
     * @param demand that of the profile unless set, see {@link GamutConfig#profile}
     */
    public GemmOptions accuracy(Accuracy demand) {
        accuracy = demand;
        return this;
    }

    /**
     * How reproducible the result must be.
     *
     * @param demand that of the profile unless set, see {@link GamutConfig#profile}
     */
    public GemmOptions determinism(Determinism demand) {
        determinism = demand;
        return this;
    }

    /**
     * What to do with the result before it is stored, for example {@code e -> e.bias(v).gelu()}.
     *
     * @param chain appends operations to an empty chain
     */
    public GemmOptions epilogue(UnaryOperator<Epilogue> chain) {
        epilogue = chain.apply(Epilogue.NONE);
        return this;
    }

    /**
     * Where the run tells what it did.
     *
     * @param into a record
     */
    public GemmOptions record(RunRecord into) {
        record = into;
        return this;
    }
}
