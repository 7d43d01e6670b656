package dev.keg.linux.kernel;

import java.util.Set;

/**
 * What statfs(2) says of a file system, in bytes and files.
 *
 * @param type its magic number, linux/magic.h
 * @param available what is left for ordinary users
 * @param flags of the mount through which it was asked
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
