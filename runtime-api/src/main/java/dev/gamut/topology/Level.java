package dev.gamut.topology;

import java.util.regex.Pattern;

/**
 * A level of a machine, such as a node or a supernode, and what it costs two parts of one of its domains to talk. Immutable.
 *
 * @param name for people and files, for example {@code supernode}: lower-case letters, digits and {@code -}
 * @param latency seconds that a message takes before its first byte arrives, at least 0
 * @param bandwidth bytes a second between two parts, over all planes together, above 0
 * @param planes independent networks that share the traffic, 1 to 64; one that fails takes its share of the bandwidth with it
 */
public record Level(String name, double latency, double bandwidth, int planes) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    /** Checks the numbers. */
    public Level {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "level's name is '" + name + "'; it must be a lower-case letter, then letters, digits and -");
        }
        if (!(latency >= 0) || latency == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("latency is " + latency + " s, must be at least 0 and finite");
        }
        if (!(bandwidth > 0) || bandwidth == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("bandwidth is " + bandwidth + " B/s, must be above 0 and finite");
        }
        if (planes < 1 || planes > Long.SIZE) {
            throw new IllegalArgumentException("planes is " + planes + ", must be 1 to " + Long.SIZE);
        }
    }

    /**
     * One plane.
     *
     * @param name for people and files
     * @param latency seconds
     * @param bandwidth bytes a second
     */
    public Level(String name, double latency, double bandwidth) {
        this(name, latency, bandwidth, 1);
    }

    /** Each plane's state when all are healthy: a bit for each. */
    long allPlanes() {
        return -1L >>> Long.SIZE - planes;
    }

    /** So many domains of it, for people: {@code 1 node, 2 cores, 4 l3}. */
    String count(int domains) {
        boolean plural = domains != 1 && Character.isLetter(name.charAt(name.length() - 1));
        return domains + " " + name + (plural ? "s" : "");
    }
}
