package dev.gamut.bench.sve;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One arm64 instruction as LLVM prints it, such as {@code fmla z17.d, p7/m, z16.d, z3.d}.
 *
 * @param text mnemonic and operands, separated by one blank
 */
record Instruction(String text) {
    private static final Pattern BRANCH = Pattern.compile("(?:b|b\\.\\w+|cbn?z \\w+,|tbn?z \\w+, #\\d+,) #(-?\\d+)");
    private static final Pattern VECTOR = Pattern.compile(".*\\b[vz]\\d+\\.\\w+.*");
    private static final Pattern BASE = Pattern.compile(".*\\[(\\w+).*");
    private static final Pattern STACK_ADDRESS = Pattern.compile("add (x\\d+), sp, .*");
    private static final Pattern WHOLE_VECTOR = Pattern.compile("ld\\w+ (?:\\{ )?[qvz]\\d+.*");
    private static final Pattern BROADCAST =
            Pattern.compile("dup .*|mov [vz]\\d+\\.\\w+, (?:p\\d+/m, )?[bhsdwx]\\d+|ld1r.*");
    private static final Pattern MULTIPLY_ADD = Pattern.compile("(?:fmla|fmls|fmad|fmsb|fnmla|fnmls|fnmad|fnmsb"
            + "|sdot|udot|usdot|sudot|bfdot|smmla|ummla|usmmla|bfmmla) .*");
    private static final Pattern ADDRESS = Pattern.compile("(?:add|sub|lsl|madd|sxtw|ubfiz|sbfiz|inc\\w|addvl) .*");
    private static final Pattern MOVE = Pattern.compile("f?mov\\w* .*|orr .*");

    String mnemonic() {
        int blank = text.indexOf(' ');
        return blank < 0 ? text : text.substring(0, blank);
    }

    /** Where a branch leads, in instructions from this one; empty where this is none, or leads to another method. */
    OptionalInt branch() {
        Matcher branch = BRANCH.matcher(text);
        return branch.matches() ? OptionalInt.of(Integer.parseInt(branch.group(1)) / 4) : OptionalInt.empty();
    }

    /** Whether it may go on to the next instruction. */
    boolean isConditional() {
        return !mnemonic().equals("b");
    }

    /** Multiply-adds of whole vectors: fused ones, dot products, products of blocks. */
    boolean isFma() {
        return MULTIPLY_ADD.matcher(text).matches() && VECTOR.matcher(text).matches();
    }

    boolean isLoadOrStore() {
        return text.contains("[") && (text.startsWith("ld") || text.startsWith("st"));
    }

    /** The register that a load's or store's address begins with; empty text where there is none. */
    String base() {
        Matcher base = BASE.matcher(text);
        return isLoadOrStore() && base.matches() ? base.group(1) : "";
    }

    /** The register that becomes an address on the stack; empty text where none does. */
    String stackAddress() {
        Matcher address = STACK_ADDRESS.matcher(text);
        return address.matches() ? address.group(1) : "";
    }

    /** The first operand, which but for stores, compares and branches is what is written. */
    String target() {
        String[] words = text.split("[ ,]+", 3);
        return words.length > 1 ? words[1] : "";
    }

    /** What it is for, as far as it can be told without its neighbours. */
    Kind kind() {
        if (isFma()) {
            return Kind.FMA;
        }
        if (BROADCAST.matcher(text).matches()) {
            return Kind.BROADCAST;
        }
        if (isLoadOrStore()) {
            return text.startsWith("st")
                    ? Kind.STORE
                    : WHOLE_VECTOR.matcher(text).matches() ? Kind.VECTOR_LOAD : Kind.ELEMENT_LOAD;
        }
        if (text.startsWith("cmp ") || text.startsWith("subs ") || text.startsWith("cmn ") || branch().isPresent()) {
            return Kind.CHECK;
        }
        if (MOVE.matcher(text).matches()) {
            return Kind.MOVE;
        }
        return ADDRESS.matcher(text).matches() ? Kind.ADDRESS : Kind.OTHER;
    }

    /** What instructions of a tile's inner loop are for. */
    enum Kind {
        FMA("FMAs"),
        VECTOR_LOAD("vector loads"),
        ELEMENT_LOAD("element loads"),
        BROADCAST("broadcasts"),
        ADDRESS("address arithmetic"),
        CHECK("range checks"),
        MOVE("moves"),
        STORE("stores"),
        STACK("stack"),
        LOOP("loop end"),
        OTHER("other");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** Its name in the plural. */
        String title() {
            return title;
        }
    }
}
