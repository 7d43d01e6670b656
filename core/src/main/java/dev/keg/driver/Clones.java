package dev.keg.driver;

import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;

/** A driver that can copy a volume more cheaply, or more faithfully, than file by file. */
public interface Clones {
  /**
   * Fills the request's home, as {@link VolumeDriver#create} would, with the data of the source.
   *
   * @param home of the source, or of the snapshot of it to copy
   */
  void cloneFrom(Volume source, VolumeHome home, CreateRequest request);

  /**
   * The options of a copy with that name; a copy of an external directory needs another directory.
   */
  default Options optionsOfClone(Volume source, VolumeName copy) {
    return source.options();
  }
}
