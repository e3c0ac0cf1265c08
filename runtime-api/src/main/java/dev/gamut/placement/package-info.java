/** Which task runs where: near those that it talks to, where there is room, with a place to go to when its node fails. */
package dev.gamut.placement;
