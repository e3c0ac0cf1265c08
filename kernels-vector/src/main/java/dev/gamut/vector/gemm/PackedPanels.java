package dev.gamut.vector.gemm;

import java.util.List;

/**
 * A whole right operand in panels: block (pb, jb) covers KC × nc elements, the last ones less, and is one array of its
 * own, so that no array grows with the matrix. Immutable after packing.
 *
 * @param nc columns of a block
 * @param colBlocks blocks side by side
 * @param lineStart index of the first element in each array
 * @param blocks block (pb, jb) at pb·colBlocks + jb
 * @param <S> array kind of the element type
 */
record PackedPanels<S>(int nc, int colBlocks, int lineStart, List<S> blocks) {
    S block(long p, long j) {
        return blocks.get((int) (p / Blocking.KC) * colBlocks + (int) (j / nc));
    }
}
