package dev.gamut.internal.dispatch;

import dev.gamut.kernel.Glob;
import java.util.Optional;

/**
 * A user's wish about kernels.
 *
 * @param preferred kernels to rank before all others; empty for none
 * @param strict whether it is an error that no preferred kernel takes an operation
 */
public record Overrides(Optional<Glob> preferred, boolean strict) {
    /** No wish. */
    public static final Overrides NONE = new Overrides(Optional.empty(), false);
}
