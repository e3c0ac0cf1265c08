package dev.gamut.internal.collective;

import dev.gamut.collective.CollectiveCall;
import dev.gamut.device.DeviceBuffer;
import dev.gamut.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Calls on tensors of a device by way of the host: what a call reads is copied here, what it has written is copied back. Copies are in order with
 * the stream of the thread that makes them. Closing waits for a call under way.
 */
final class HostCopies {
    private final Staging memory = new Staging();

    /**
     * Carries out a call.
     *
     * @param operation on tensors of a device
     * @param engine carries out the same on tensors of the host
     */
    synchronized void execute(Operation operation, Consumer<Operation> engine) {
        Map<Tensor, Tensor> copies = new IdentityHashMap<>();
        memory.begin(operation.tensors().mapToLong(t -> Staging.room(bytes(t))).sum());
        CollectiveCall here = operation.call().on(there -> copies.computeIfAbsent(there, this::room));
        fetch(operation, copies);
        boolean whole = false;
        try {
            engine.accept(operation.inner(here));
            whole = true;
        } finally {
            if (!whole) {
                memory.abandon(); // the engine may still use it
            }
        }
        if (operation.writes()) {
            store(operation.call().to(), copies);
            operation.call().indices().ifPresent(t -> store(t, copies));
        }
        operation.call().feedback().ifPresent(t -> store(t, copies));
    }

    private static long bytes(Tensor t) {
        return t.dtype().bytes(t.layout().extent());
    }

    private Tensor room(Tensor there) {
        return Tensor.of(memory.piece(bytes(there)), there.dtype(), there.layout());
    }

    /** What is read, and what may have other elements beside its own in a byte. */
    private static void fetch(Operation operation, Map<Tensor, Tensor> copies) {
        CollectiveCall call = operation.call();
        copies.forEach((there, here) -> {
            boolean given = operation.reads() && call.from().contains(there);
            boolean result = call.from().contains(there) || there == call.to();
            if (given || !result || there.dtype().isSubByte()) {
                ((DeviceBuffer) there.remote())
                        .copyTo(here.segment(), there.dtype().bytes(there.offset()));
            }
        });
    }

    private static void store(Tensor there, Map<Tensor, Tensor> copies) {
        ((DeviceBuffer) there.remote())
                .copyFrom(copies.get(there).segment(), there.dtype().bytes(there.offset()));
    }

    synchronized void close() {
        memory.close();
    }
}
