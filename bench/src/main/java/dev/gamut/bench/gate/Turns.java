package dev.gamut.bench.gate;

import dev.gamut.bench.gate.PairMeter.Runs;
import dev.gamut.collective.CollectiveCall;
import dev.gamut.collective.Communicator;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.function.IntConsumer;

/**
 * Things that ranks do together, in turn: rank 0 says which is next, the others follow. One thread of a rank at a time.
 *
 * @param ranks all of them
 * @param sides what each does, given the number of a set
 */
record Turns(Communicator ranks, IntConsumer... sides) {
    /** Where rank 0 says that there is nothing more to do. */
    private static final long END = -1;

    /** Several calls, each waited for. */
    static IntConsumer calls(Communicator ranks, CollectiveCall call, int times) {
        return set -> {
            for (int i = 0; i < times; i++) {
                ranks.run(call);
            }
        };
    }

    /** One of them, as rank 0 runs it. */
    Runs runs(int side, int sets) {
        return new Runs(set -> turn(side, set), sets);
    }

    private void turn(int side, int set) {
        say((long) set * sides.length + side);
        sides[side].accept(set);
    }

    /** Does what rank 0 says until it has said all. */
    void follow() {
        for (long said = say(END); said != END; said = say(END)) {
            sides[(int) (said % sides.length)].accept((int) (said / sides.length));
        }
    }

    /** Lets the others go. */
    void end() {
        say(END);
    }

    /** What rank 0 says. */
    private long say(long mine) {
        long[] number = {mine};
        ranks.broadcast(Tensor.of(number, DType.I64, Layout.rowMajor(1), 0), 0);
        return number[0];
    }
}
