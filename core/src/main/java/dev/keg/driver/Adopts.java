package dev.keg.driver;

import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A driver whose volumes can be something that is there already, where it lies. */
public interface Adopts {
  /**
   * The options of a volume that is this file or directory; nothing if the driver has no use for
   * such a thing. The path is absolute and free of links.
   *
   * @throws IOException if it should have, but cannot use this one
   */
  Optional<Options> optionsFor(Path existing) throws IOException;

  /** Fills the home as {@link VolumeDriver#create} would, for what is there already. */
  void adopt(Path existing, CreateRequest request);

  /** What lies elsewhere and is the volume's data; removing the volume leaves it. */
  Optional<Path> elsewhere(Volume volume, VolumeHome home);

  /** The volumes that are built on what lies elsewhere and is this one's data. */
  default List<VolumeName> dependents(Volume volume, VolumeHome home) {
    return List.of();
  }
}
