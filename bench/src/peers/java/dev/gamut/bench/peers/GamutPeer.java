package dev.gamut.bench.peers;

import dev.gamut.Gamut;
import dev.gamut.GamutConfig;
import dev.gamut.bench.cli.Resources;
import dev.gamut.dtype.DType;
import dev.gamut.gemm.GemmDesc;
import dev.gamut.gemm.GemmPlan;

/** Gamut itself, on plain arrays. */
final class GamutPeer implements Peer {
    private final Gamut gamut;
    private String kernel = "none yet";

    GamutPeer(int threads) {
        gamut = Gamut.open(GamutConfig.defaults().threads(threads));
    }

    @Override
    public Product product(boolean single, int n, double[] a, double[] b) {
        GemmPlan plan = gamut.plan(GemmDesc.of(single ? DType.F32 : DType.F64, n, n, n));
        kernel = plan.kernel().toString();
        Object x = single ? Peer.floats(a) : a;
        Object y = single ? Peer.floats(b) : b;
        Object z = single ? new float[n * n] : new double[n * n];
        return new Product() {
            @Override
            public void run() {
                plan.run(x, y, z);
            }

            @Override
            public double[] result() {
                return single ? Peer.doubles((float[]) z) : (double[]) z;
            }
        };
    }

    @Override
    public String describe() {
        String version = Resources.mavenVersion("dev.gamut", "gamut-bench").orElse("(not installed)");
        return "Gamut " + version + ", kernel " + kernel + ", threads "
                + gamut.config().threads();
    }

    @Override
    public void close() {
        gamut.close();
    }
}
