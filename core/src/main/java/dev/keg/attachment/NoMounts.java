package dev.keg.attachment;

import java.util.List;

/** The mount table of a system on which Keg mounts nothing. */
public final class NoMounts implements MountTable {
  @Override
  public List<MountPoint> mounts() {
    return List.of();
  }

  @Override
  public String bootId() {
    return "";
  }

  @Override
  public String hostId() {
    return "";
  }
}
