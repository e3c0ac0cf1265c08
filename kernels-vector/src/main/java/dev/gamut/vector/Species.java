package dev.gamut.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes all kernels use: the ones this JVM prefers.
 *
 * <p>This class links against the incubator module, so it and every class that names it are loaded only once a kernel
 * is prepared. Narrower shapes than the preferred one are predicated on SVE, which is why one source serves every
 * length.
 *
 * <p>C2 compiles a vector's method to an instruction if it knows the vector's class, one for each shape, and inlines all on the
 * way. Otherwise it makes an object for each result, for good. For that:
 *
 * <ul>
 *   <li>A method is not called on a variable that a loop carries. Of that C2 knows what is declared, and for the rest goes by
 *       the shapes that came by before, in the whole programme. The variable is an argument ({@code fromArray(S, x, i).add(sum)}), or its
 *       class is said: {@code F32_CLASS.cast(sum)}, which costs nothing.
 *   <li>A method of ours with more than some 30 operations on vectors calls none of ours that takes or returns vectors. Each
 *       operation is about 250 bytecodes, and from 8,000 on (DesiredMethodLimit) C2 inlines only what the JDK has marked. Nor does
 *       it inline small methods where few runs come by.
 * </ul>
 *
 * <p>AllocationTest, also compiled with {@code -XX:-UseTypeProfile -XX:-UseTypeSpeculation}, which leaves no room for luck, holds
 * kernels to both.
 */
public final class Species {
    /** F64 vectors of the preferred width. */
    public static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_PREFERRED;

    /** Of each F64 vector of that width. */
    public static final Class<? extends DoubleVector> F64_CLASS =
            DoubleVector.zero(F64).getClass();

    /** Elements of an F64 vector. */
    public static final int F64_LANES = F64.length();

    /** F32 vectors of the preferred width. */
    public static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;

    /** Of each F32 vector of that width. */
    public static final Class<? extends FloatVector> F32_CLASS =
            FloatVector.zero(F32).getClass();

    /** Elements of an F32 vector. */
    public static final int F32_LANES = F32.length();

    /** As many integers of the size of an F64: vectors of the same bits. */
    public static final VectorSpecies<Long> I64 = F64.withLanes(long.class);

    /** As many integers of the size of an F32. */
    public static final VectorSpecies<Integer> I32 = F32.withLanes(int.class);

    /** Vector registers: 16 on x86 without AVX-512, else 32. */
    public static final int REGISTERS =
            F64_LANES < 8 && System.getProperty("os.arch").matches("amd64|x86_64") ? 16 : 32;

    /** Whether masked loads and stores are worth having: with 128 bits C2 makes objects of masks. */
    public static final boolean MASKS = F64.vectorBitSize() > 128;

    private Species() {}
}
