package dev.keg.linux.kernel;

/**
 * How a loop device works.
 *
 * @param autoclear whether it is freed when its last user closes it
 * @param directIo whether it goes around the page cache of the file system that holds the image
 * @param name what losetup(8) shows, at most 63 bytes
 */
public record LoopSettings(
    boolean readOnly, boolean autoclear, boolean directIo, int blockSize, String name) {}
