package dev.gamut.internal.collective;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Where messages to one rank meet the receives it has posted; who comes second copies. Thread-safe: the lock is held while a message is
 * copied, so that a receive that was withdrawn is written to by nobody.
 */
final class Mailbox {
    /** One side of a message. */
    static final class Post {
        private final boolean sends;
        private final int sender;
        private final int tag;
        private final String what;
        private final MemorySegment bytes;
        private volatile boolean ended;
        private String difference = "";

        /**
         * A message, or room for one.
         *
         * @param sends whether this is the sender's side
         * @param sender its rank
         * @param tag of the message
         * @param what element type and number, which must be the same on both sides
         * @param bytes its memory
         */
        Post(boolean sends, int sender, int tag, String what, MemorySegment bytes) {
            this.sends = sends;
            this.sender = sender;
            this.tag = tag;
            this.what = what;
            this.bytes = bytes;
        }

        boolean hasEnded() {
            return ended;
        }

        /** Why nothing is there, once ended; empty where all is well. */
        String difference() {
            return difference;
        }

        private boolean meets(Post other) {
            return sends != other.sends && sender == other.sender && tag == other.tag;
        }
    }

    private final List<Post> waiting = new ArrayList<>();

    /** Copies the message where the other side waits already, in the order in which others like it came; else waits. */
    synchronized void put(Post post) {
        for (Iterator<Post> all = waiting.iterator(); all.hasNext(); ) {
            Post other = all.next();
            if (post.meets(other)) {
                all.remove();
                deliver(post.sends ? post : other, post.sends ? other : post);
                return;
            }
        }
        waiting.add(post);
    }

    private static void deliver(Post from, Post to) {
        if (from.what.equals(to.what)) {
            try {
                to.bytes.copyFrom(from.bytes);
            } catch (RuntimeException e) { // one side's memory was closed: both are told, whoever came second
                from.difference = "a message of " + from.what + " from rank " + from.sender + " was not copied: " + e;
                to.difference = from.difference;
            }
        } else {
            to.difference = "rank " + from.sender + " sends " + from.what + "; " + to.what
                    + " is received: type and number of elements must be the same";
        }
        to.ended = true;
        from.ended = true;
    }

    /** Takes a side out that has not ended. */
    synchronized void withdraw(Post post) {
        waiting.remove(post);
    }
}
