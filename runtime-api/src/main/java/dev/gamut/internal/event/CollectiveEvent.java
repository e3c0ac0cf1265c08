package dev.gamut.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A rank took part in a collective. */
@Name("dev.gamut.Collective")
@Label("Collective")
@Category("Gamut")
@Description("A rank took part in a collective")
@StackTrace(false)
public final class CollectiveEvent extends Event {
    private static final CollectiveEvent ANY = new CollectiveEvent();

    /** The operation. */
    @Label("Operation")
    public String operation;

    /** What moved the data. */
    @Label("Engine")
    public String engine;

    /** The rank. */
    @Label("Rank")
    public int rank;

    /** Ranks of the group. */
    @Label("Ranks")
    public int ranks;

    /** Whether collectives are recorded at all. */
    public static boolean isWatched() {
        return ANY.isEnabled();
    }
}
