package dev.keg.linux.kernel;

/** The propagation that a new mount gets, and whether those below it get it too. */
public record Sharing(Propagation propagation, boolean recursive) {}
