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
    /** The operation. */
    @Label("Operation")
    public String operation;

    /** The kernel that ran. */
    @Label("Kernel")
    public String kernel;
}
