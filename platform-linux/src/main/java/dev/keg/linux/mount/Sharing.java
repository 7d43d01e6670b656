package dev.keg.linux.mount;

import dev.keg.linux.kernel.Propagation;

/** The propagation of a new mount, and whether the mounts below it get it too. */
public record Sharing(Propagation propagation, boolean recursive) {}
