package dev.gamut.internal.plan;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * A small bag of reusable objects: taking and giving back neither lock nor allocate. What does not fit is dropped.
 *
 * @param <T> what is reused
 */
final class Pool<T> {
    private final AtomicReferenceArray<T> slots;
    private final Supplier<T> maker;

    Pool(int size, Supplier<T> maker) {
        this.slots = new AtomicReferenceArray<>(size);
        this.maker = maker;
    }

    T take() {
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) != null) {
                T taken = slots.getAndSet(i, null);
                if (taken != null) {
                    return taken;
                }
            }
        }
        return maker.get();
    }

    void give(T item) {
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) == null && slots.compareAndSet(i, null, item)) {
                return;
            }
        }
    }

    void clear() {
        for (int i = 0; i < slots.length(); i++) {
            slots.set(i, null);
        }
    }
}
