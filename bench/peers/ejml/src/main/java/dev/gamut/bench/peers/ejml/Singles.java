package dev.gamut.bench.peers.ejml;

import dev.gamut.bench.problem.GemmProblem;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;

/** F32. */
final class Singles extends EjmlProduct<FMatrixRMaj> {
    Singles(GemmProblem problem) {
        super(problem);
    }

    @Override
    FMatrixRMaj wrap(Object array, int rows, int cols) {
        return FMatrixRMaj.wrap(rows, cols, (float[]) array);
    }

    @Override
    FMatrixRMaj copy(Object array, int from, int rows, int cols) {
        return FMatrixRMaj.wrap(rows, cols, Arrays.copyOfRange((float[]) array, from, from + rows * cols));
    }

    @Override
    FMatrixRMaj zeros(int rows, int cols) {
        return new FMatrixRMaj(rows, cols);
    }

    @Override
    MemorySegment elements(FMatrixRMaj matrix) {
        return MemorySegment.ofArray(matrix.data);
    }

    @Override
    Multiply<FMatrixRMaj> multiply(boolean transposeA, boolean transposeB, boolean parallel) {
        if (transposeA && transposeB) {
            return parallel ? CommonOps_MT_FDRM::multTransAB : CommonOps_FDRM::multTransAB;
        }
        if (transposeA) {
            return parallel ? CommonOps_MT_FDRM::multTransA : CommonOps_FDRM::multTransA;
        }
        if (transposeB) {
            return parallel ? CommonOps_MT_FDRM::multTransB : CommonOps_FDRM::multTransB;
        }
        return parallel ? CommonOps_MT_FDRM::mult : CommonOps_FDRM::mult;
    }
}
