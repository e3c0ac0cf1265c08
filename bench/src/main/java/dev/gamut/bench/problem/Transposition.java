package dev.gamut.bench.problem;

import dev.gamut.tensor.Layout;
import dev.gamut.tensor.Tensor;

/** Transposed views of matrices and of batches of them. */
final class Transposition {
    private Transposition() {}

    /**
     * The view with the last two axes exchanged.
     *
     * @param stored of rank 2, or plain of rank 3
     */
    static Tensor of(Tensor stored) {
        if (stored.rank() == 2) {
            return stored.transpose();
        }
        Layout l = stored.layout();
        Layout swapped = Layout.of(
                new long[] {l.size(0), l.size(2), l.size(1)}, new long[] {l.stride(0), l.stride(2), l.stride(1)});
        return Tensor.of(stored.array(), stored.dtype(), swapped, stored.offset());
    }
}
