package dev.gamut.bench.collective;

import dev.gamut.Communicators;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;
import java.util.OptionalInt;

/** Processes that {@code mpirun} or the like has started, this one among them. */
final class RankProcesses implements RankSource {
    private int size;
    private int rank;
    private long[] processes;

    RankProcesses(OptionalInt ranks) {
        Communicators.Body introduces = world -> {
            size = world.size();
            rank = world.rank();
            processes = new long[size];
            long[] own = {ProcessHandle.current().pid()};
            world.allGather(integers(own), integers(processes));
        };
        if (ranks.isPresent()) {
            Communicators.run(ranks.getAsInt(), introduces);
        } else {
            Communicators.run(introduces);
        }
    }

    private static Tensor integers(long[] numbers) {
        return Tensor.of(numbers, DType.I64, Layout.rowMajor(numbers.length), 0);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean leads() {
        return rank == 0;
    }

    @Override
    public boolean isOneProcess() {
        return false;
    }

    @Override
    public String describe(int other) {
        return "process " + processes[other];
    }

    @Override
    public void run(Communicators.Body body) {
        Communicators.run(size, body);
    }
}
