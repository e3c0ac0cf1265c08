package dev.gamut.vector.codec;

import dev.gamut.vector.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** A vector of F32, of at most 512 bits, and vectors of other types beside it. */
public final class Shapes {
    public static final VectorSpecies<Float> FLOATS =
            Species.F32_LANES > FloatVector.SPECIES_512.length() ? FloatVector.SPECIES_512 : Species.F32;

    /** Lanes of an F32 vector: 4, 8 or 16. */
    public static final int LANES = FLOATS.length();

    /** As many integers. */
    public static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

    /** Half as many, of the same size together. */
    public static final VectorSpecies<Long> LONGS = FLOATS.withLanes(long.class);

    /** Likewise of F64. */
    public static final VectorSpecies<Double> DOUBLES = FLOATS.withLanes(double.class);

    /** As many shorts. */
    public static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(LANES * Short.SIZE));

    /** As many bytes, or 8, which is as few as there can be. */
    public static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(8, LANES) * Byte.SIZE));

    /** Of each vector of {@link #INTS}; see {@link Species} for what it is good for. */
    static final Class<? extends IntVector> INTS_CLASS = IntVector.zero(INTS).getClass();

    private Shapes() {}
}
