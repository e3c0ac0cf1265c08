package dev.gamut.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gamut.Communicators;
import dev.gamut.dtype.DType;
import dev.gamut.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class PipelineTest {
    /** Each stage doubles and adds its number; then the same again the other way. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void whatPassesAllStagesWasChangedByEach(int ranks) {
        Communicators.run(ranks, comm -> {
            Pipeline forward = Pipeline.forward(comm, 1, DType.F32, 3, 4);
            Pipeline backward = Pipeline.backward(comm, 2, DType.F32, 3, 4);
            for (int batches : new int[] {0, 1, 2, 7}) {
                for (Pipeline hand : new Pipeline[] {forward, backward}) {
                    hand.begin(batches);
                    for (int b = 0; b < batches; b++) {
                        Tensor x = hand.isFirst() ? input(b) : hand.receive();
                        Tensor y = hand.next();
                        for (int i = 0; i < 3; i++) {
                            for (int j = 0; j < 4; j++) {
                                y.set(2 * x.get(i, j) + comm.rank(), i, j);
                            }
                        }
                        if (hand.isLast()) {
                            check(y, b, ranks, hand == forward);
                        }
                        hand.send();
                    }
                    hand.end();
                }
            }
        });
    }

    private static Tensor input(int batch) {
        Tensor x = Tensor.zeros(DType.F32, 3, 4);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 4; j++) {
                x.set(batch + i * 4 + j, i, j);
            }
        }
        return x;
    }

    private static void check(Tensor y, int batch, int ranks, boolean forward) {
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 4; j++) {
                double expected = batch + i * 4 + j;
                for (int s = 0; s < ranks; s++) {
                    expected = 2 * expected + (forward ? s : ranks - 1 - s);
                }
                assertEquals(expected, y.get(i, j), 0, "batch " + batch);
            }
        }
    }

    @Test
    void moreThanAnnouncedIsRefused() {
        Communicators.run(1, comm -> {
            Pipeline hand = Pipeline.forward(comm, 1, DType.F32, 1);
            hand.begin(1);
            assertThrows(IllegalStateException.class, () -> hand.begin(1));
            assertThrows(IllegalStateException.class, hand::receive);
            hand.send();
            assertThrows(IllegalStateException.class, hand::send);
            hand.end();
            hand.begin(1);
        });
    }
}
