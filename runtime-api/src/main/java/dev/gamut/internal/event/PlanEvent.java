package dev.gamut.internal.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A plan was made. */
@Name("dev.gamut.Plan")
@Label("Plan")
@Category("Gamut")
@Description("A kernel was chosen and prepared for an operation")
@StackTrace(false)
public final class PlanEvent extends Event {
    /** The operation. */
    @Label("Operation")
    public String operation;

    /** The kernel chosen. */
    @Label("Kernel")
    public String kernel;

    /** Time the cost model predicts for one run. */
    @Label("Predicted seconds")
    public double predictedSeconds;
}
