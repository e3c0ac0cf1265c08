package dev.gamut.device;

/** What is allocated on a device and must be closed. Thread-safe. */
abstract sealed class Resource implements AutoCloseable permits DeviceBuffer, HostBuffer, Stream, Event {
    private final Device device;
    private final long handle;
    private final Lifetime life;

    Resource(Device device, String what, long handle, Runnable free) {
        this(device, what, handle, free, false);
    }

    Resource(Device device, String what, long handle, Runnable free, boolean kept) {
        this.device = device;
        this.handle = handle;
        this.life = Lifetime.of(this, what + " on " + device.info().name(), device.resources(), free, kept);
    }

    final Lifetime life() {
        return life;
    }

    /** Where it is. */
    public final Device device() {
        return device;
    }

    /** The library's own handle, for kernels and for other code that uses the same library; hold it while using it. */
    public final long handle() {
        return handle;
    }

    /** Throws {@link IllegalStateException} where it has been closed. */
    public final void requireOpen() {
        life.requireOpen();
    }

    /**
     * Keeps the handle alive, whoever closes it meanwhile; each call is paired with one of {@link #release}.
     *
     * @throws IllegalStateException where it has been closed
     */
    public final void hold() {
        life.hold();
    }

    /** Ends a {@link #hold}. */
    public final void release() {
        life.release();
    }

    /** Frees it, once work that uses it has ended. Closing again changes nothing. */
    @Override
    public void close() {
        life.close();
    }
}
