package dev.gamut.bench.sve;

import dev.gamut.bench.sve.Instruction.Kind;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The loop of a method that does its multiply-adds, from the target of its closing branch to that branch.
 *
 * @param instructions in the order of memory
 */
record Loop(List<Instruction> instructions) {
    /**
     * Finds it: of all that end in a conditional branch back, the one with the most vector multiply-adds; of equals, which
     * enclose each other, the shortest. An unconditional branch back is a slow path that returns.
     *
     * @param method the instructions of a method
     * @return empty where no loop has a vector multiply-add
     */
    static Optional<Loop> innermost(List<Instruction> method) {
        Optional<Loop> best = Optional.empty();
        for (int end = 0; end < method.size(); end++) {
            OptionalInt branch = method.get(end).branch();
            if (branch.isEmpty() || !method.get(end).isConditional()) {
                continue;
            }
            int start = end + branch.getAsInt();
            if (start >= 0 && start < end) {
                Loop loop = new Loop(List.copyOf(method.subList(start, end + 1)));
                if (loop.fmas() > 0 && (best.isEmpty() || loop.isBetterThan(best.get()))) {
                    best = Optional.of(loop);
                }
            }
        }
        return best;
    }

    private boolean isBetterThan(Loop other) {
        return fmas() != other.fmas() ? fmas() > other.fmas() : instructions.size() < other.instructions.size();
    }

    /** Vector multiply-adds of one iteration. */
    int fmas() {
        return (int) instructions.stream().filter(Instruction::isFma).count();
    }

    /** Loads and stores on the stack: what the register allocator had no register for. */
    int stackTraffic() {
        return (int) onStack().stream()
                .filter(at -> instructions.get(at).isLoadOrStore())
                .count();
    }

    /** How many instructions of each kind there are, kinds that do not occur left out. */
    Map<Kind, Integer> mix() {
        Map<Kind, Integer> mix = new EnumMap<>(Kind.class);
        BitSet stack = onStack();
        for (int at = 0; at < instructions.size(); at++) {
            mix.merge(stack.get(at) ? Kind.STACK : instructions.get(at).kind(), 1, Integer::sum);
        }
        // The branch that closes the loop, and the comparison before it.
        mix.merge(Kind.CHECK, -2, Integer::sum);
        mix.put(Kind.LOOP, 2);
        mix.values().removeIf(count -> count == 0);
        return mix;
    }

    /** Where the stack is accessed by its pointer or by a register made from it, and where such registers are made. */
    private BitSet onStack() {
        BitSet found = new BitSet();
        Set<String> addresses = new HashSet<>(Set.of("sp"));
        for (int at = 0; at < instructions.size(); at++) {
            Instruction i = instructions.get(at);
            if (addresses.contains(i.base())) {
                found.set(at);
            } else if (!i.stackAddress().isEmpty()) {
                found.set(at);
                addresses.add(i.stackAddress());
            } else if (!i.text().startsWith("st")) {
                addresses.remove(i.target().replace('w', 'x'));
            }
        }
        return found;
    }

    /** Assembler text that can be assembled and is executed from its first line to its last: branches lead nowhere else. */
    String assembly() {
        StringBuilder text = new StringBuilder("loop:\n");
        for (Instruction i : instructions) {
            text.append(i.branch().isEmpty() ? i.text() : i.text().replaceAll("#-?\\d+$", "loop"))
                    .append('\n');
        }
        return text.toString();
    }
}
