package dev.keg.linux.kernel;

import java.util.Set;

/**
 * The result of statfs(2), in bytes and files.
 *
 * @param type its magic number, linux/magic.h
 * @param available free space for ordinary users
 * @param flags of the mount
 */
public record Space(
    long type,
    long blockSize,
    long total,
    long free,
    long available,
    long files,
    long freeFiles,
    Set<MountFlag> flags) {}
