/* What dot.inc and others tell a function that packs panels of lanes. */
#ifndef GAMUT_LANES_SHAPE_H
#define GAMUT_LANES_SHAPE_H

#include <stdint.h>

/* What a panel holds. All but `stride`, `groups` and `width` are constants where panels are packed. */
typedef struct lanes_shape {
    /* Bytes of an element of the operand: 1 or 2. */
    int bytes;
    /* Lines of a panel; bytes before its lanes; bytes from a panel to the next. */
    int panel;
    int64_t head, stride;
    /* Lines and groups that are written, those that the operand lacks as 0: whole panels. */
    int64_t width, groups;
    /* What changes in each byte that the operand has. */
    uint8_t flip;
    /* Whether sums of lines, of the bytes as they lie then, go to the head; and whether bytes have a sign. */
    int sums, with_sign;
} lanes_shape;

#endif
