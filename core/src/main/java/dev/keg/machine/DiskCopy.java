package dev.keg.machine;

import java.nio.file.Path;

/**
 * A copy to be made of a running machine's disk.
 *
 * @param target an empty disk of the same format and size
 */
public record DiskCopy(Plug plug, Path target) {}
