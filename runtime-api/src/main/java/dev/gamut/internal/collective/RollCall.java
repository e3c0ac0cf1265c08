package dev.gamut.internal.collective;

import dev.gamut.error.NativeCallException;
import dev.gamut.spi.Transport;
import dev.gamut.spi.Transport.Transfer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What ranks tell each other when a call does not end: that they wait too, or that they have given up, and whom they know to be missing.
 * Words of others are listened for only once a call has taken long, so that nothing is spent on it as a rule. One thread at a time.
 */
final class RollCall {
    /** Beside the tags of users and of schedules. */
    static final int TAG = RankCommunicator.MOST_TAG + 2;

    private static final long ROOM = 2_048;
    private static final int LONGEST = 1_900;

    /**
     * Words of a rank.
     *
     * @param gaveUp whether it makes no more calls of the group
     * @param says what it was in, or why it gave up
     * @param blamed ranks that it knows to be missing, and why
     */
    record Word(boolean gaveUp, String says, Map<Integer, String> blamed) {
        private static final String GAVE_UP = "gave up";

        private String encode() {
            StringBuilder text =
                    new StringBuilder(gaveUp ? GAVE_UP : "waits").append('\n').append(line(says));
            blamed.forEach((rank, why) -> {
                String line = "\n" + rank + " " + line(why);
                if (text.length() + line.length() < LONGEST / 2) { // a character takes up to two bytes here
                    text.append(line);
                }
            });
            return text.toString();
        }

        private static String line(String text) {
            String one = String.valueOf(text).replace('\n', ' ');
            return one.length() < LONGEST / 8 ? one : one.substring(0, LONGEST / 8);
        }

        private static Word decode(String text) {
            String[] lines = text.split("\n");
            Map<Integer, String> blamed = new TreeMap<>();
            for (int i = 2; i < lines.length; i++) {
                int blank = lines[i].indexOf(' ');
                blamed.put(Integer.parseInt(lines[i].substring(0, blank)), lines[i].substring(blank + 1));
            }
            return new Word(lines[0].equals(GAVE_UP), lines[1], blamed);
        }
    }

    private final Transport transport;

    /** Null until there is something to say or hear; closed only where no transfer can touch its memory any more. */
    private Arena arena;

    /** Whether none can of those that were given up. */
    private boolean free = true;

    private final List<Transfer> sent = new ArrayList<>();
    private final Map<Integer, Word> heard = new TreeMap<>();
    private final Map<Integer, String> unreachable = new TreeMap<>();
    private Transfer[] expected;
    private MemorySegment[] places;

    RollCall(Transport transport) {
        this.transport = transport;
    }

    /** What other ranks have said until now. */
    Map<Integer, Word> heard() {
        if (expected == null) {
            listen();
        }
        for (int r = 0; r < expected.length; r++) {
            if (expected[r] != null && ended(r)) {
                expected[r] = null;
                heard.put(r, Word.decode(places[r].getString(0)));
            }
        }
        return heard;
    }

    /** Ranks to which the library finds no way, in its words. */
    Map<Integer, String> unreachable() {
        return unreachable;
    }

    private boolean ended(int peer) {
        try {
            return expected[peer].test();
        } catch (NativeCallException e) {
            unreachable.put(peer, e.getMessage());
            free &= expected[peer].cancel();
            expected[peer] = null;
            return false;
        }
    }

    private MemorySegment room() {
        arena = arena == null ? Arena.ofShared() : arena;
        return arena.allocate(ROOM);
    }

    private void listen() {
        expected = new Transfer[transport.size()];
        places = new MemorySegment[transport.size()];
        for (int r = 0; r < expected.length; r++) {
            if (r != transport.rank()) {
                places[r] = room();
                expected[r] = transport.receive(places[r], r, TAG);
            }
        }
    }

    /** Tells all other ranks but those that are not there. */
    void tell(Word word) {
        MemorySegment text = room();
        text.setString(0, word.encode());
        for (int r = 0; r < transport.size(); r++) {
            if (r == transport.rank() || word.blamed().containsKey(r)) {
                continue;
            }
            try {
                sent.add(transport.send(text, r, TAG));
            } catch (NativeCallException e) {
                unreachable.put(r, e.getMessage());
            }
        }
    }

    /** Gives up what is under way; its memory stays where the library may still use it. */
    void close() {
        for (Transfer transfer : sent) {
            free &= transfer.cancel();
        }
        for (int r = 0; expected != null && r < expected.length; r++) {
            free &= expected[r] == null || expected[r].cancel();
            expected[r] = null;
        }
        if (free && arena != null) {
            arena.close();
        }
        sent.clear();
        arena = null;
        free = true;
    }
}
