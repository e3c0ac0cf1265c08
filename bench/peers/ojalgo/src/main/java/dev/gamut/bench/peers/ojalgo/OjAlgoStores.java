package dev.gamut.bench.peers.ojalgo;

import java.util.Arrays;
import org.ojalgo.matrix.store.PhysicalStore;
import org.ojalgo.matrix.store.R032Store;
import org.ojalgo.matrix.store.R064Store;

/** Dense stores over arrays. */
final class OjAlgoStores {
    private OjAlgoStores() {}

    /**
     * One of a batch of matrices.
     *
     * @param array doubles or floats: one matrix after the other, each stored by columns
     * @param batch how many there are; the only one is not copied
     * @param index which one is wanted
     * @param rows its rows
     * @param cols its columns
     */
    static PhysicalStore<Double> columns(Object array, int batch, int index, int rows, int cols) {
        int size = rows * cols;
        int from = index * size;
        if (array instanceof double[] doubles) {
            return R064Store.wrap(batch == 1 ? doubles : Arrays.copyOfRange(doubles, from, from + size), rows);
        }
        float[] floats = (float[]) array;
        return R032Store.wrap(batch == 1 ? floats : Arrays.copyOfRange(floats, from, from + size), rows);
    }
}
