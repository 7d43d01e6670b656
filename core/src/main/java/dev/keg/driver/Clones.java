package dev.keg.driver;

import dev.keg.volume.VolumeHome;

/** A driver that can copy a volume more cheaply, or more faithfully, than file by file. */
public interface Clones {
  /**
   * Fills the request's home, as {@link VolumeDriver#create} would, with the data of the source.
   */
  void cloneFrom(VolumeHome source, CreateRequest request);
}
