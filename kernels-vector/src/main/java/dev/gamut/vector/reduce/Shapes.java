package dev.gamut.vector.reduce;

import dev.gamut.vector.Species;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The preferred vector shapes, but at most 512 bits: the leaves take 8 F64 or 4 F32 vectors, which may not hold more
 * than the 64 lanes of {@code tree64}. Only an SVE machine with longer vectors loses by it.
 */
final class Shapes {
    static final VectorSpecies<Double> F64 =
            Species.F64_LANES > DoubleVector.SPECIES_512.length() ? DoubleVector.SPECIES_512 : Species.F64;

    static final VectorSpecies<Float> F32 =
            Species.F32_LANES > FloatVector.SPECIES_512.length() ? FloatVector.SPECIES_512 : Species.F32;

    /** Of each vector of F64; see {@link Species} for what it is good for. */
    static final Class<? extends DoubleVector> F64_CLASS =
            DoubleVector.zero(F64).getClass();

    /** Of each vector of F32. */
    static final Class<? extends FloatVector> F32_CLASS = FloatVector.zero(F32).getClass();

    private Shapes() {}
}
