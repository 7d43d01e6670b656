package dev.keg.copying;

/**
 * What to copy where.
 *
 * @param keepOwners whether files keep their owners; otherwise they belong to the current user
 * @param follow whether to follow the source if it is a symbolic link itself
 */
public record CopyRequest(CopyEnd from, CopyEnd to, boolean keepOwners, boolean follow) {}
