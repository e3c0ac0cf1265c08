package dev.gamut.vector.gemm;

import dev.gamut.spi.Workspace;
import dev.gamut.vector.matrix.Elements;
import dev.gamut.vector.matrix.Matrix;

/**
 * Lays out blocks of operands in panels, the same way for A (panels of MR rows) and for B (panels of NR columns):
 * element (w, p) of panel number w / panel lies at (w / panel)·panel·depth + p·panel + w % panel.
 *
 * <p>Arrays are packed in place. Segments are fetched in contiguous runs into a scratch array first and packed from
 * there by the same code: the vector loops on segments measured 100 times slower than on arrays where inlining gave up.
 *
 * @param <S> array kind of the element type
 */
final class Panels<S> {
    /** Elements fetched at a time: 64 KiB of F64, so that they are still in L2 when they are packed. */
    private static final int CHUNK = 8192;

    private final Elements<S> elements;
    private final int fetchSlot;

    Panels(Elements<S> elements, int fetchSlot) {
        this.elements = elements;
        this.fetchSlot = fetchSlot;
    }

    /**
     * Packs extent × depth elements.
     *
     * @param x operand
     * @param e matrix of the batch
     * @param row first row of the block
     * @param col first column
     * @param columns whether the lines that lie side by side in a panel are columns, those of B, else rows, those of A
     * @param extent lines, at least 1
     * @param panel lines in a panel
     * @param depth steps of k
     * @param dst where the panels go
     * @param d0 index of the first panel
     * @param workspace scratch for what is fetched
     */
    void pack(
            Matrix<S> x,
            long e,
            long row,
            long col,
            boolean columns,
            int extent,
            int panel,
            int depth,
            S dst,
            int d0,
            Workspace workspace) {
        long widthStride = columns ? x.colStride : x.rowStride;
        long depthStride = columns ? x.rowStride : x.colStride;
        if (x.array() != null) {
            int position = (int) x.at(e, row, col);
            panels(x.array(), position, (int) widthStride, (int) depthStride, extent, panel, depth, dst, d0);
            return;
        }
        if (x.isImage() && depthStride != 1) {
            decoded(x, e, row, col, columns, extent, panel, depth, dst, d0, workspace);
            return;
        }
        int chunk = Math.min(extent, Math.max(1, CHUNK / (panel * depth)) * panel);
        S fetched = elements.scratch(workspace, fetchSlot, chunk * depth);
        for (int w = 0; w < extent; w += chunk) {
            int lines = Math.min(chunk, extent - w);
            long r = columns ? row : row + w;
            long c = columns ? col + w : col;
            int to = d0 + w * depth;
            if (depthStride == 1) {
                x.read(e, r, c, columns, lines, depth, fetched, 0, depth, workspace);
                panels(fetched, 0, depth, 1, lines, panel, depth, dst, to);
            } else {
                x.read(e, r, c, !columns, depth, lines, fetched, 0, lines, workspace);
                panels(fetched, 0, 1, lines, lines, panel, depth, dst, to);
            }
        }
    }

    /** Steps of k one after the other, decoded to where they belong. */
    private void decoded(
            Matrix<S> x,
            long e,
            long row,
            long col,
            boolean columns,
            int extent,
            int panel,
            int depth,
            S dst,
            int d0,
            Workspace workspace) {
        for (int w = 0; w < extent; w += panel) {
            int width = Math.min(panel, extent - w);
            int to = d0 + w * depth;
            if (width < panel) {
                elements.scale(dst, to, panel * depth, 0);
            }
            long r = columns ? row : row + w;
            long c = columns ? col + w : col;
            x.read(e, r, c, !columns, depth, width, dst, to, panel, workspace);
        }
    }

    private void panels(
            S src, int s0, int widthStride, int depthStride, int extent, int panel, int depth, S dst, int d0) {
        for (int w = 0; w < extent; w += panel) {
            int width = Math.min(panel, extent - w);
            elements.pack(
                    src, s0 + w * widthStride, widthStride, depthStride, width, panel, depth, dst, d0 + w * depth);
        }
    }
}
