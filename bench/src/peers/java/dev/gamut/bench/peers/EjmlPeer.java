package dev.gamut.bench.peers;

import org.ejml.EjmlVersion;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_FDRM;

/** Efficient Java Matrix Library: its single-threaded dense product, which picks its own algorithm by size. */
final class EjmlPeer implements Peer {
    @Override
    public Product product(boolean single, int n, double[] a, double[] b) {
        return single ? floats(n, a, b) : doubles(n, a, b);
    }

    private static Product doubles(int n, double[] a, double[] b) {
        DMatrixRMaj x = DMatrixRMaj.wrap(n, n, a);
        DMatrixRMaj y = DMatrixRMaj.wrap(n, n, b);
        DMatrixRMaj z = new DMatrixRMaj(n, n);
        return new Product() {
            @Override
            public void run() {
                CommonOps_DDRM.mult(x, y, z);
            }

            @Override
            public double[] result() {
                return z.data;
            }
        };
    }

    private static Product floats(int n, double[] a, double[] b) {
        FMatrixRMaj x = FMatrixRMaj.wrap(n, n, Peer.floats(a));
        FMatrixRMaj y = FMatrixRMaj.wrap(n, n, Peer.floats(b));
        FMatrixRMaj z = new FMatrixRMaj(n, n);
        return new Product() {
            @Override
            public void run() {
                CommonOps_FDRM.mult(x, y, z);
            }

            @Override
            public double[] result() {
                return Peer.doubles(z.data);
            }
        };
    }

    @Override
    public String describe() {
        return "EJML " + EjmlVersion.VERSION + ", CommonOps.mult, threads 1";
    }
}
