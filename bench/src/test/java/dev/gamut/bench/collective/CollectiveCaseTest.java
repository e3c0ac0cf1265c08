package dev.gamut.bench.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.Communicators;
import dev.gamut.collective.Collective;
import dev.gamut.collective.Combine;
import dev.gamut.dtype.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Sizes, bus factors, and a check that sees a wrong element. */
class CollectiveCaseTest {
    private static CollectiveCase of(Collective op, DType type, long bytes, int ranks) {
        return CollectiveCase.of(op, Combine.SUM, type, 0, bytes, ranks);
    }

    @Test
    void sizesAreThoseOfTheWhole() {
        assertEquals(256, of(Collective.ALL_REDUCE, DType.F32, 1024, 4).count());
        assertEquals(64, of(Collective.ALL_GATHER, DType.F32, 1024, 4).count());
        assertEquals(1024, of(Collective.REDUCE_SCATTER, DType.F32, 1024, 4).bytes());
        assertEquals(996, of(Collective.ALL_TO_ALL, DType.F32, 1000, 3).bytes(), "equal parts of whole elements");
        assertEquals(24, of(Collective.SCATTER, DType.F64, 1, 3).bytes(), "no part is empty");
        assertEquals(0, of(Collective.ALL_GATHER, DType.I4, 1000, 3).count() % 2, "parts of whole bytes");
        assertEquals(0, of(Collective.BARRIER, DType.F32, 1024, 4).bytes());
    }

    @Test
    void busFactorsAreThoseOfNcclTests() {
        assertEquals(1.5, of(Collective.ALL_REDUCE, DType.F32, 64, 4).busFactor());
        assertEquals(0.75, of(Collective.ALL_GATHER, DType.F32, 64, 4).busFactor());
        assertEquals(0.75, of(Collective.REDUCE_SCATTER, DType.F32, 64, 4).busFactor());
        assertEquals(0.75, of(Collective.ALL_TO_ALL, DType.F32, 64, 4).busFactor());
        assertEquals(1, of(Collective.BROADCAST, DType.F32, 64, 4).busFactor());
        assertEquals(1, of(Collective.REDUCE, DType.F32, 64, 4).busFactor());
    }

    @Test
    void timesAreThoseOfTheSlowestRank() {
        List<CollectiveRow> rows = new ArrayList<>();
        CollectiveSweep sweep = new CollectiveSweep(
                List.of(of(Collective.ALL_REDUCE, DType.F32, 1 << 20, 2)),
                OptionalInt.of(1),
                OptionalInt.of(2),
                false,
                true,
                true,
                7);
        Communicators.run(2, ranks -> sweep.run(ranks, CBaseline.of(ranks), rows::add));
        CollectiveRow.Measured m = rows.getFirst().outOfPlace();
        assertTrue(m.seconds() > 0, m.toString());
        assertEquals((1 << 20) / m.seconds() / 1e9, m.algbw(), 1e-9 * m.algbw());
        assertEquals(m.algbw(), m.busbw());
        assertEquals(0, rows.getFirst().wrong());
    }

    @Test
    void everyWrongElementIsCounted() {
        for (Collective op : Collective.values()) {
            for (DType type : List.of(DType.F32, DType.BF16, DType.U8, DType.I4)) {
                AtomicLong elements = new AtomicLong();
                AtomicLong wrong = new AtomicLong();
                CollectiveCase what = of(op, type, 300, 3);
                Communicators.run(3, ranks -> {
                    RankData data = new RankData(what, ranks.rank(), !what.hasOutOfPlace(), null, 5);
                    data.fill();
                    wrong.addAndGet(data.wrong()); // nothing was done yet
                    boolean gets = op != Collective.BARRIER
                            && (ranks.rank() == 0 || op != Collective.REDUCE && op != Collective.GATHER);
                    elements.addAndGet(gets ? what.taken(ranks.rank()) : 0);
                    ranks.run(data.call());
                    assertEquals(0, data.wrong(), what + " on rank " + ranks.rank());
                });
                // Poison may be right by chance in an element of few bits; the root of a broadcast has what it needs.
                long rooted = op == Collective.BROADCAST ? what.count() : 0;
                assertTrue(wrong.get() >= (elements.get() - rooted) * 3 / 4, what + ": " + wrong + " of " + elements);
            }
        }
    }
}
