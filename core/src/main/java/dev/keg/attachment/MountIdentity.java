package dev.keg.attachment;

/**
 * Identifies a mount until the next boot, even if it is moved.
 *
 * @param id its id in the mount table, which may be reused later
 * @param unique its unique id, which is not reused; 0 if the system does not have one
 * @param device the file system that it shows
 * @param root the part of that file system that it shows
 */
public record MountIdentity(long id, long unique, String device, String root) {}
