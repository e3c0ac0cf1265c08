package dev.gamut.conformance;

import dev.gamut.accuracy.Accuracy;
import dev.gamut.convert.ConvertDesc;
import dev.gamut.convert.ConvertPlan;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;
import dev.gamut.gemm.PackedMatrix;
import dev.gamut.hw.Capabilities;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReducePlan;
import dev.gamut.tensor.Tensor;

/**
 * The kernel under test, forced: plans are its own or {@link dev.gamut.error.UnsupportedProblemException} is thrown. One rule
 * uses it at a time.
 */
interface Subject extends AutoCloseable {
    /** The machine it runs on. */
    Capabilities machine();

    /** A plan of the kernel under test on a number of threads. */
    GemmPlan plan(GemmDesc desc, int threads);

    /** A plan of the kernel under test on a number of threads. */
    ReducePlan plan(ReduceDesc desc, int threads);

    /** A plan of the kernel under test on a number of threads. */
    ConvertPlan plan(ConvertDesc desc, int threads);

    /** A right operand in the kernel's panels. */
    PackedMatrix pack(Tensor b, Accuracy accuracy, int threads);

    /** A plan of the reference, against which bits are compared. */
    GemmPlan reference(GemmDesc desc);

    /** A plan of the reference, against which bits are compared. */
    ReducePlan reference(ReduceDesc desc);

    @Override
    void close();
}
