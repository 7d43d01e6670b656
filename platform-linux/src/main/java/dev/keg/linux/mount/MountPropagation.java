package dev.keg.linux.mount;

import dev.keg.linux.kernel.Propagation;

/** The propagation type of a new mount, and whether the mounts below it get it too. */
public record MountPropagation(Propagation type, boolean recursive) {}
