/** Plans and what they share: worker threads, pools of executors and workspaces, operand checks, the plan cache. */
package dev.gamut.internal.plan;
