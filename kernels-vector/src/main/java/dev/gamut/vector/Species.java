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
 */
public final class Species {
    /** F64 vectors of the preferred width. */
    public static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_PREFERRED;

    /** Elements of an F64 vector. */
    public static final int F64_LANES = F64.length();

    /** F32 vectors of the preferred width. */
    public static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED;

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
