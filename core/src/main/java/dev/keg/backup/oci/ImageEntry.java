package dev.keg.backup.oci;

/**
 * A file of an image, as recorded in its index.
 *
 * @param type in the words of {@code stat(1)}
 */
public record ImageEntry(String path, long size, String type) {}
