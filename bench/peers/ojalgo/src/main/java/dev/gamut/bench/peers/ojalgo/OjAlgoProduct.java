package dev.gamut.bench.peers.ojalgo;

import dev.gamut.bench.peer.Side;
import dev.gamut.bench.problem.GemmProblem;
import dev.gamut.bench.problem.Workload;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.ojalgo.matrix.store.PhysicalStore;
import org.ojalgo.matrix.store.R032Store;
import org.ojalgo.matrix.store.R064Store;

/**
 * Cᵀ = Bᵀ·Aᵀ: ojAlgo stores columns, and a row-major matrix is the columns of its transpose. Stores start at the first
 * element of an array, so that matrices of a batch are copied.
 */
final class OjAlgoProduct implements Side {
    private final int batch;
    private final List<PhysicalStore<Double>> left = new ArrayList<>();
    private final List<PhysicalStore<Double>> right = new ArrayList<>();
    private final List<PhysicalStore<Double>> product = new ArrayList<>();

    OjAlgoProduct(GemmProblem problem) {
        Workload w = problem.workload();
        int sets = problem.sets();
        batch = (int) w.batch();
        PhysicalStore.Factory<Double, ? extends PhysicalStore<Double>> factory =
                problem.precision().a() == DType.F64 ? R064Store.FACTORY : R032Store.FACTORY;
        for (int set = 0; set < sets; set++) {
            for (int i = 0; i < batch; i++) {
                left.add(transposed(problem.b(set), i, (int) w.k(), (int) w.n(), w.transposeB()));
                right.add(transposed(problem.a(set), i, (int) w.m(), (int) w.k(), w.transposeA()));
                product.add(factory.make(w.n(), w.m()));
            }
        }
    }

    /** The transpose of the logical matrix, which a row-major one is already. */
    private PhysicalStore<Double> transposed(Tensor tensor, int index, int rows, int cols, boolean storedTransposed) {
        if (!storedTransposed) {
            return OjAlgoStores.columns(tensor.array(), batch, index, cols, rows);
        }
        // A plain copy: with ojAlgo's transposed view a product took up to 7 times as long (AMD Zen 5).
        return OjAlgoStores.columns(tensor.array(), batch, index, rows, cols)
                .transpose()
                .copy();
    }

    @Override
    public void run(int set) {
        for (int i = set * batch, end = i + batch; i < end; i++) {
            left.get(i).multiply(right.get(i), product.get(i));
        }
    }

    @Override
    public void result(Tensor into) {
        long at = 0;
        for (PhysicalStore<Double> c : product.subList(0, batch)) {
            for (long i = 0, size = c.count(); i < size; i++) {
                into.dtype().store(into.segment(), at++, c.doubleValue(i));
            }
        }
    }
}
