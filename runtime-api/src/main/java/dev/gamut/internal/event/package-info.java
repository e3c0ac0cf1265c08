/** Flight Recorder events; they cost nothing while no recording asks for them. */
package dev.gamut.internal.event;
