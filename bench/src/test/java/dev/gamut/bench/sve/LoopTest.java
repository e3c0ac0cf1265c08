package dev.gamut.bench.sve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.bench.cli.Resources;
import dev.gamut.bench.sve.Instruction.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Loops of whole methods as C2 compiled them, counted by hand. */
class LoopTest {
    private static List<Instruction> method(String name) {
        return Resources.text("dev/gamut/bench/sve/" + name)
                .lines()
                .map(Instruction::new)
                .toList();
    }

    @Test
    void cleanLoop() {
        Loop loop = Loop.innermost(method("clean.s")).orElseThrow();
        assertEquals(55, loop.instructions().size());
        assertEquals(20, loop.fmas());
        assertEquals(0, loop.stackTraffic());
        assertEquals(
                Map.of(
                        Kind.FMA, 20,
                        Kind.VECTOR_LOAD, 5,
                        Kind.ELEMENT_LOAD, 4,
                        Kind.BROADCAST, 4,
                        Kind.ADDRESS, 10,
                        Kind.CHECK, 8,
                        Kind.MOVE, 2,
                        Kind.LOOP, 2),
                loop.mix());
    }

    /** The epilogue of this method has multiply-adds too, and its slow paths branch back to before the loop. */
    @Test
    void spillingLoop() {
        Loop loop = Loop.innermost(method("spilling.s")).orElseThrow();
        assertEquals(82, loop.instructions().size());
        assertEquals(20, loop.fmas());
        assertEquals(15, loop.stackTraffic(), "7 accumulators loaded and stored, and a stride loaded");
        assertEquals(23, loop.mix().get(Kind.STACK), "with 8 addresses of accumulators");
        assertEquals(
                82, loop.mix().values().stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void addressesOnTheStackEndWhereTheirRegisterIsWritten() {
        Loop loop = new Loop(List.of(
                new Instruction("add x9, sp, #280"),
                new Instruction("str z21, [x9]"),
                new Instruction("add x9, x7, w2, sxtw #3"),
                new Instruction("ldr d16, [x9, #16]"),
                new Instruction("cmp w0, w13"),
                new Instruction("b.lt #-20")));
        assertEquals(1, loop.stackTraffic());
        assertEquals(1, loop.mix().get(Kind.ELEMENT_LOAD));
    }

    @Test
    void methodsWithoutVectorMultiplyAddsHaveNone() {
        assertTrue(Loop.innermost(List.of(new Instruction("fmadd d0, d1, d2, d0"), new Instruction("b.lt #-4")))
                .isEmpty());
        assertTrue(Loop.innermost(List.of(new Instruction("fmla v0.2d, v1.2d, v2.2d"), new Instruction("b #-4")))
                .isEmpty());
    }

    @Test
    void branchesOfTheAssemblyStayInIt() {
        String text = Loop.innermost(method("clean.s")).orElseThrow().assembly();
        assertTrue(text.startsWith("loop:\n"));
        assertEquals(
                5, text.lines().filter(line -> line.matches("b\\.\\w+ loop")).count());
        assertTrue(text.lines().noneMatch(line -> line.matches("b.* #-?\\d+")));
    }

    /** The forms in which C2 broadcasts: of NEON and SVE, from floating-point and integer registers. */
    @Test
    void broadcastsAreNoMoves() {
        for (String text : List.of(
                "dup v16.2d, v16.d[0]",
                "dup v17.2d, x11",
                "mov z16.d, p7/m, d16",
                "mov z16.s, w10",
                "mov z16.d, x10")) {
            assertEquals(Kind.BROADCAST, new Instruction(text).kind(), text);
        }
        for (String text : List.of("mov z2.d, z12.d", "mov v15.16b, v2.16b", "mov w2, w0", "fmov d1, d0")) {
            assertEquals(Kind.MOVE, new Instruction(text).kind(), text);
        }
    }

    /** The forms in which C compilers write products of NEON and SVE. */
    @Test
    void dotProductsAndProductsOfBlocksAreMultiplyAdds() {
        for (String text : List.of(
                "fmla v31.4s, v2.4s, v0.s[3]",
                "fmla z3.d, p7/m, z0.d, z1.d",
                "sdot v8.4s, v1.16b, v0.4b[2]",
                "sdot z8.s, z1.b, z0.b",
                "usmmla v8.4s, v1.16b, v0.16b",
                "smmla z8.s, z1.b, z0.b",
                "bfmmla z8.s, z1.h, z0.h")) {
            assertEquals(Kind.FMA, new Instruction(text).kind(), text);
        }
        assertEquals(Kind.BROADCAST, new Instruction("ld1rw { z3.s }, p0/z, [x2]").kind());
    }
}
