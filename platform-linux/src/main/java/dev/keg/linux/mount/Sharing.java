package dev.keg.linux.mount;

import dev.keg.linux.kernel.Propagation;

/** The propagation that a new mount gets, and whether those below it get it too. */
public record Sharing(Propagation propagation, boolean recursive) {}
