/** Places beside the host where tensors live: devices, their memory, streams and events. */
package dev.gamut.device;
