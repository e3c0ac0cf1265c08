package dev.gamut.internal.plan;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A small bag of reusable objects: taking and giving back neither lock nor allocate. What does not fit, and all that is given back once
 * the pool is closed, is disposed of.
 *
 * @param <T> what is reused
 */
final class Pool<T> {
    private final AtomicReferenceArray<T> slots;
    private final Supplier<T> maker;
    private final Consumer<T> disposer;
    private volatile boolean closed;

    /** Where something was given back last: there is looked first. Whoever takes first and gives back last keeps the same object. */
    private int last;

    /** Of objects that the garbage collector disposes of. */
    Pool(int size, Supplier<T> maker) {
        this(size, maker, item -> {});
    }

    Pool(int size, Supplier<T> maker, Consumer<T> disposer) {
        this.slots = new AtomicReferenceArray<>(size);
        this.maker = maker;
        this.disposer = disposer;
    }

    T take() {
        int slot = last;
        for (int i = slots.length(); i > 0; i--) {
            if (slots.getPlain(slot) != null) {
                T taken = slots.getAndSet(slot, null);
                if (taken != null) {
                    return taken;
                }
            }
            slot = slot == 0 ? slots.length() - 1 : slot - 1;
        }
        return maker.get();
    }

    void give(T item) {
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) == null && slots.compareAndSet(i, null, item)) {
                last = i;
                if (closed) { // perhaps after close() had looked at this slot
                    empty(i);
                }
                return;
            }
        }
        disposer.accept(item);
    }

    /** Disposes of what is in the pool and of all that is still to be given back. */
    void close() {
        closed = true;
        for (int i = 0; i < slots.length(); i++) {
            empty(i);
        }
    }

    private void empty(int slot) {
        T item = slots.getAndSet(slot, null);
        if (item != null) {
            disposer.accept(item);
        }
    }
}
