package dev.gamut.ffm.gpu;

import dev.gamut.spi.Transport.Transfer;
import java.lang.foreign.MemorySegment;

/**
 * A collective that was begun: once the library has put it into the queue a mark is set behind it, and once that is passed the result is
 * copied to the host. Memory of the host is touched by {@link #test} alone. One thread at a time.
 */
final class GpuTransfer implements Transfer {
    private enum Stage {
        BEGUN,
        QUEUED,
        ENDED
    }

    private final GpuGroup group;
    private final Call call;
    private final GpuDriver driver;
    private final long queue;
    private final long memory;
    private final MemorySegment result;
    private final Runnable after;
    private Stage stage = Stage.BEGUN;
    private long mark;

    /**
     * A call that was just begun.
     *
     * @param group whose
     * @param call which
     * @param driver of the device
     * @param queue where it goes
     * @param memory of the device, where its result will be
     * @param result memory of the host for it, of no bytes where it goes nowhere
     * @param after what is to be done when it has ended; not where it is given up
     */
    GpuTransfer(
            GpuGroup group,
            Call call,
            GpuDriver driver,
            long queue,
            long memory,
            MemorySegment result,
            Runnable after) {
        this.group = group;
        this.call = call;
        this.driver = driver;
        this.queue = queue;
        this.memory = memory;
        this.result = result;
        this.after = after;
    }

    @Override
    public boolean test() {
        if (stage == Stage.ENDED) {
            return true;
        }
        driver.enter();
        boolean ready = group.isReady(call); // which tells of errors as long as it is under way
        if (stage == Stage.BEGUN && ready) {
            mark = driver.record(queue);
            stage = Stage.QUEUED;
        }
        if (stage == Stage.BEGUN || !driver.isDone(mark)) {
            return false;
        }
        stage = Stage.ENDED;
        driver.freeEvent(mark);
        if (result.byteSize() > 0) {
            driver.read(queue, memory, 0, result, true);
        }
        after.run();
        return true;
    }

    @Override
    public long bytes() {
        return 0;
    }

    /** Whatever goes on does so in memory of the device. */
    @Override
    public boolean cancel() {
        boolean marked = stage == Stage.QUEUED;
        stage = Stage.ENDED;
        if (marked) {
            driver.freeEvent(mark);
        }
        return true;
    }
}
