package dev.keg.driver;

import java.nio.file.Path;
import java.util.List;

/** A driver that makes block devices, which a killed command may leave. */
public interface HasDevices {
  /**
   * The devices on this machine that show a file of a volume, also of one that was removed, and
   * that neither a mount nor another device uses.
   *
   * @param volumes the directory with the homes of all volumes
   */
  List<IdleDevice> idleDevices(Path volumes);

  /** Frees the device, or lets the system do so as soon as nobody uses it. */
  void free(IdleDevice device);

  /**
   * A device that nothing uses.
   *
   * @param file that it shows
   */
  record IdleDevice(Path device, Path file) {}
}
