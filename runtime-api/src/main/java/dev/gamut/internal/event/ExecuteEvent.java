package dev.gamut.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A plan ran. */
@Name("dev.gamut.Execute")
@Label("Execute")
@Category("Gamut")
@Description("A plan ran")
@StackTrace(false)
public final class ExecuteEvent extends Event {
    /** Asking a new one each time would allocate until C2 has compiled the caller, which long runs take long to bring about. */
    private static final ExecuteEvent ANY = new ExecuteEvent();

    /** The operation. */
    @Label("Operation")
    public String operation;

    /** The kernel that ran. */
    @Label("Kernel")
    public String kernel;

    /** Whether runs are recorded at all. */
    public static boolean isWatched() {
        return ANY.isEnabled();
    }
}
