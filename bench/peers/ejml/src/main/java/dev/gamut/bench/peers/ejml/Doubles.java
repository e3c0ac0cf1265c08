package dev.gamut.bench.peers.ejml;

import dev.gamut.bench.problem.GemmProblem;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_MT_DDRM;

/** F64. */
final class Doubles extends EjmlProduct<DMatrixRMaj> {
    Doubles(GemmProblem problem) {
        super(problem);
    }

    @Override
    DMatrixRMaj wrap(Object array, int rows, int cols) {
        return DMatrixRMaj.wrap(rows, cols, (double[]) array);
    }

    @Override
    DMatrixRMaj copy(Object array, int from, int rows, int cols) {
        return DMatrixRMaj.wrap(rows, cols, Arrays.copyOfRange((double[]) array, from, from + rows * cols));
    }

    @Override
    DMatrixRMaj zeros(int rows, int cols) {
        return new DMatrixRMaj(rows, cols);
    }

    @Override
    MemorySegment elements(DMatrixRMaj matrix) {
        return MemorySegment.ofArray(matrix.data);
    }

    @Override
    Multiply<DMatrixRMaj> multiply(boolean transposeA, boolean transposeB, boolean parallel) {
        if (transposeA && transposeB) {
            return parallel ? CommonOps_MT_DDRM::multTransAB : CommonOps_DDRM::multTransAB;
        }
        if (transposeA) {
            return parallel ? CommonOps_MT_DDRM::multTransA : CommonOps_DDRM::multTransA;
        }
        if (transposeB) {
            return parallel ? CommonOps_MT_DDRM::multTransB : CommonOps_DDRM::multTransB;
        }
        return parallel ? CommonOps_MT_DDRM::mult : CommonOps_DDRM::mult;
    }
}
