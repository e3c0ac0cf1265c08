package dev.gamut.bench.peers.gamutblas;

import dev.gamut.bench.peer.BlasProduct;
import dev.gamut.bench.peer.NativeLibrary;
import dev.gamut.bench.peer.Peer;
import dev.gamut.bench.peer.Side;
import dev.gamut.bench.peer.Unavailable;
import dev.gamut.bench.problem.GemmProblem;
import java.lang.foreign.Arena;
import java.util.List;

/** Gamut's BLAS library, called as OpenBLAS is: through the foreign function interface, on native operands aligned to 64 bytes. */
public final class GamutBlasPeer implements Peer {
    private final Arena arena = Arena.ofShared();
    private NativeLibrary library;
    private int threads;

    @Override
    public String name() {
        return "gamutblas";
    }

    @Override
    public void open(int count) throws Unavailable {
        threads = count;
        NativeLibrary.environment("GAMUT_NUM_THREADS", Integer.toString(count));
        library = NativeLibrary.load(
                GamutBlasPeer.class, "/dev/gamut/bench/peers/gamutblas/", List.of("libgamut_blas.so"));
    }

    @Override
    public String describe() {
        return "libgamut_blas, threads " + threads;
    }

    @Override
    public Side gemm(GemmProblem problem) throws Unavailable {
        return BlasProduct.of(library, problem, arena);
    }

    @Override
    public double warmUp() {
        return COMPILED_SECONDS;
    }

    @Override
    public void close() {
        arena.close();
    }
}
