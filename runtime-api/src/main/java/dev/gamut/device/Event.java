package dev.gamut.device;

/** A mark in a stream: done once everything that was put into the stream before it has ended. Thread-safe. */
public final class Event extends Resource {
    Event(Device device, long handle) {
        super(device, "event", handle, free(device.driver(), handle));
    }

    private static Runnable free(DeviceDriver driver, long handle) {
        return () -> driver.freeEvent(handle);
    }

    /** Whether the stream has come to it. */
    public boolean isDone() {
        hold();
        try {
            return device().driver().isDone(handle());
        } finally {
            release();
        }
    }

    /** Waits until the stream has come to it. */
    public void await() {
        hold();
        try {
            device().driver().await(handle());
        } finally {
            release();
        }
    }
}
