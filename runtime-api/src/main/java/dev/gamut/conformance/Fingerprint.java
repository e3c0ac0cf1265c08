package dev.gamut.conformance;

import dev.gamut.accuracy.EvaluationOrder;
import dev.gamut.kernel.KernelId;
import java.util.Optional;

/**
 * The bits a kernel computed for a problem, in short. Kernels that promise equal bits give equal digests for equal problems:
 * on every machine, with every vector length, and whoever computes in the same order.
 *
 * @param kernel the kernel
 * @param problem operation, types, order, shape and seed; no blanks
 * @param digest of all bits of the result
 */
public record Fingerprint(KernelId kernel, String problem, long digest) {
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    static Fingerprint of(KernelId kernel, Object spec, long seed, long[] bits) {
        EvaluationOrder order = kernel.order().orElse(EvaluationOrder.EXACT);
        KernelId whoever =
                new KernelId(kernel.op(), kernel.types(), kernel.group(), Optional.empty(), Optional.of(order), "any");
        String problem = whoever + "|" + spec + "|seed " + seed;
        return new Fingerprint(kernel, problem.replace(' ', '_'), digest(bits));
    }

    /** FNV-1a over whole elements. */
    private static long digest(long[] bits) {
        long hash = FNV_BASIS;
        for (long b : bits) {
            hash = (hash ^ b) * FNV_PRIME;
            hash ^= hash >>> 32;
        }
        return hash;
    }
}
