package dev.keg.driver;

import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A driver that can make a volume of existing data without moving it. */
public interface Adopts {
  /**
   * The options of a volume whose data is this file or directory; empty if the driver does not
   * handle data of this kind. The path is absolute and contains no links.
   *
   * @throws IOException if the driver handles data of this kind, but cannot use this file or
   *     directory
   */
  Optional<Options> optionsFor(Path existing) throws IOException;

  /** Fills the home as {@link VolumeDriver#create} would, for the existing data. */
  void adopt(Path existing, CreateRequest request);

  /** The volume's data if it is outside of the home; removing the volume keeps it. */
  Optional<Path> elsewhere(Volume volume, VolumeHome home);

  /** The volumes that are built on this one's data outside of the home. */
  default List<VolumeName> dependents(Volume volume, VolumeHome home) {
    return List.of();
  }
}
