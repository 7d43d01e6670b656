package dev.keg.warming;

import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.util.List;
import java.util.Optional;

/**
 * How much of some files is in memory.
 *
 * @param size the size of their data, without holes
 * @param before how much of it was in memory; empty if the system does not tell
 * @param after how much of it is now; empty if the system does not tell
 * @param problems failures to read files
 */
public record Warmed(
    long files,
    Size size,
    Optional<Size> before,
    Optional<Size> after,
    List<VolumeException> problems) {
  public Warmed {
    problems = List.copyOf(problems);
  }
}
