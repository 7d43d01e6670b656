package dev.keg.backup.repository;

import dev.keg.volume.Size;

/**
 * What a backup holds, in numbers.
 *
 * @param entries files, directories, links and all else
 * @param files regular files among them
 * @param size of the files' content
 * @param stored what this backup added to the repository
 * @param changed files that changed while they were read
 */
public record Contents(long entries, long files, Size size, Size stored, long changed) {
  public Contents {
    if (files < 0 || changed < 0 || entries < files || files < changed) {
      throw new IllegalArgumentException(
          "%d entries, %d files, %d changed".formatted(entries, files, changed));
    }
  }
}
