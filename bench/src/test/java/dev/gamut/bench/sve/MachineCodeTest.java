package dev.gamut.bench.sve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gamut.bench.cli.Resources;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Code that arm64 JVMs of version 25 printed is read whole, and in the order of memory. */
class MachineCodeTest {
    static List<MachineCode> read(String name) {
        return MachineCode.read(
                Resources.text("dev/gamut/bench/sve/" + name).lines().toList());
    }

    @Test
    void methodsOfOneCompiler() {
        List<MachineCode> code = read("tiles-neon.txt");
        assertEquals(
                List.of("dev.gamut.vector.gemm.F64Tile4x5::store", "dev.gamut.vector.gemm.F64Tile5x4::update"),
                code.stream().map(MachineCode::method).toList());
        assertTrue(code.stream().allMatch(c -> c.c2() && !c.osr()));
        // As long as the JVM says that the main code is, so that no instruction is lost.
        assertEquals(
                List.of(3104, 4368), code.stream().map(c -> c.bytes().length).toList());
        byte[] nop = {0x1f, 0x20, 0x03, (byte) 0xd5};
        assertArrayEquals(nop, Arrays.copyOf(code.getFirst().bytes(), 4));
    }

    @Test
    void compilersAndReplacedLoopsAreToldApart() {
        List<MachineCode> code = read("tiered.txt");
        assertEquals(
                List.of(false, false, true), code.stream().map(MachineCode::c2).toList());
        assertEquals(
                List.of(true, false, true), code.stream().map(MachineCode::osr).toList());
        assertEquals(
                List.of(584, 392, 560), code.stream().map(c -> c.bytes().length).toList());
    }

    @Test
    void otherOutputIsPassedOver() {
        assertTrue(MachineCode.read(List.of("gamut: vectors NEON 128", "", "[MachCode]"))
                .isEmpty());
        assertFalse(read("tiles-neon.txt").isEmpty());
    }
}
