package dev.gamut.bench.peers;

import org.ojalgo.OjAlgoUtils;
import org.ojalgo.matrix.store.PhysicalStore;
import org.ojalgo.matrix.store.R032Store;
import org.ojalgo.matrix.store.R064Store;

/** ojAlgo: its dense stores; for large products it uses threads of its own, and cannot be told how many. */
final class OjAlgoPeer implements Peer {

    @Override
    public Product product(boolean single, int n, double[] a, double[] b) {
        PhysicalStore.Factory<Double, ? extends PhysicalStore<Double>> factory =
                single ? R032Store.FACTORY : R064Store.FACTORY;
        PhysicalStore<Double> x = fill(factory.make(n, n), n, a);
        PhysicalStore<Double> y = fill(factory.make(n, n), n, b);
        PhysicalStore<Double> z = factory.make(n, n);
        return new Product() {
            @Override
            public void run() {
                x.multiply(y, z);
            }

            @Override
            public double[] result() {
                double[] values = new double[n * n];
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < n; j++) {
                        values[i * n + j] = z.doubleValue(i, j);
                    }
                }
                return values;
            }
        };
    }

    private static PhysicalStore<Double> fill(PhysicalStore<Double> store, int n, double[] values) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                store.set(i, j, values[i * n + j]);
            }
        }
        return store;
    }

    @Override
    public String describe() {
        return "ojAlgo " + OjAlgoUtils.getVersion() + ", PhysicalStore.multiply, threads of its own for large n";
    }
}
