package dev.keg.copying;

/**
 * What to copy where.
 *
 * @param keepOwners whether files keep their owners; otherwise they belong to who runs the command
 * @param follow whether a symbolic link that is the source itself is followed
 */
public record CopyRequest(CopyEnd from, CopyEnd to, boolean keepOwners, boolean follow) {}
