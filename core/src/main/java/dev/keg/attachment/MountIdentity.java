package dev.keg.attachment;

/**
 * Which mount it is, wherever it is moved, until the machine boots again.
 *
 * @param id its number in the mount table, which a later mount can get when this one is gone
 * @param unique its number that no later mount gets; 0 where the system has no such number
 * @param device the file system that it shows
 * @param root what it shows of that file system
 */
public record MountIdentity(long id, long unique, String device, String root) {}
