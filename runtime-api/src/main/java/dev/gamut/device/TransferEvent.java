package dev.gamut.device;

import java.util.function.Supplier;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Memory of a device was copied. */
@Name("dev.gamut.Transfer")
@Label("Transfer")
@Category("Gamut")
@Description("Memory of a device was copied, or a copy was put into a stream")
@StackTrace(false)
final class TransferEvent extends Event {
    private static final TransferEvent ANY = new TransferEvent();

    /** From where to where. */
    enum Direction {
        TO_DEVICE,
        TO_HOST,
        WITHIN_DEVICE
    }

    /** The device. */
    @Label("Device")
    public String device;

    /** From where to where. */
    @Label("Direction")
    public String direction;

    /** Its size. */
    @Label("Bytes")
    @DataAmount
    public long bytes;

    /** Whether the duration is that of the copy, not only of putting it into a stream. */
    @Label("Waited")
    public boolean waited;

    /**
     * Makes a copy, and an event of it where such are recorded.
     *
     * @param buffer at one end
     * @param direction from where to where
     * @param size bytes
     * @param waits whether the copy is over when it returns
     * @param copy makes it
     * @return what that returns
     */
    static <T> T of(DeviceBuffer buffer, Direction direction, long size, boolean waits, Supplier<T> copy) {
        if (!ANY.isEnabled()) {
            return copy.get();
        }
        TransferEvent event = new TransferEvent();
        event.begin();
        T result = copy.get();
        event.device = buffer.device().info().name();
        event.direction = direction.name();
        event.bytes = size;
        event.waited = waits;
        event.commit();
        return result;
    }
}
