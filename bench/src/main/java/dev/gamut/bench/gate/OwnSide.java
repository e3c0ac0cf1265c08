package dev.gamut.bench.gate;

import dev.gamut.bench.peer.Side;
import dev.gamut.bench.problem.Problem;
import dev.gamut.tensor.Tensor;

/**
 * Gamut itself as a yardstick: it stands for its time.
 *
 * @param own a problem, and the Gamut that computes it
 * @param sets how many sets of operands that problem has
 */
record OwnSide(Problem.Bound own, int sets) implements Side {
    @Override
    public void run(int set) {
        // A division takes as long as a good part of the smallest products.
        own.run(set < sets ? set : set % sets);
    }

    @Override
    public void result(Tensor into) {
        throw new UnsupportedOperationException("a yardstick stands for its time");
    }
}
