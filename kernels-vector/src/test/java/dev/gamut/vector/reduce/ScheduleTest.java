package dev.gamut.vector.reduce;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.dtype.DType;
import dev.gamut.reduce.ReduceDesc;
import dev.gamut.reduce.ReduceOp;
import dev.gamut.tensor.Layout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How reductions are cut into tasks. */
class ScheduleTest {
    static List<ReduceDesc> narrow() {
        List<ReduceDesc> all = new ArrayList<>();
        for (Layout x : List.of(
                Layout.rowMajor(1_000, 100_000),
                Layout.rowMajor(7, 100_000, 33),
                Layout.rowMajor(100_000, 999),
                Layout.rowMajor(1, 1_000_000))) {
            all.add(ReduceDesc.of(ReduceOp.MIN, DType.I4, x, x.rank() == 3 ? 1 : 0));
            all.add(ReduceDesc.of(ReduceOp.MAX, DType.I4, x, 1));
            all.add(ReduceDesc.of(ReduceOp.SUM, DType.F32, x, 1).result(DType.F4E2M1));
        }
        return all;
    }

    /** Two tasks that run at once never write to one byte, whatever part of it is theirs. */
    @ParameterizedTest
    @MethodSource("narrow")
    void noTwoTasksWriteOneByte(ReduceDesc desc) {
        Geometry geometry = Geometry.of(desc);
        int perByte = 8 / desc.result().bits();
        for (int threads : new int[] {1, 2, 3, 8}) {
            Schedule schedule = Schedule.of(desc, geometry, threads, 65_536);
            int[] writer = new int[(int) (desc.results() + perByte - 1) / perByte];
            for (long unit = 0; unit < (schedule.byUnits() ? geometry.units() : 0); unit++) {
                int task = (int) (unit / schedule.share()) + 1;
                for (int c = 0; c < geometry.columns(unit); c++) {
                    int at = (int) (geometry.outFirst(unit) + c * geometry.outStride()) / perByte;
                    assertTrue(writer[at] == 0 || writer[at] == task, () -> desc + ", byte " + at + ", " + schedule);
                    writer[at] = task;
                }
            }
        }
    }
}
