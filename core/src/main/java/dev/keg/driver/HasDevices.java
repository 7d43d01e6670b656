package dev.keg.driver;

import java.nio.file.Path;
import java.util.List;

/** A driver that creates block devices, which a killed command may leave behind. */
public interface HasDevices {
  /**
   * The devices on this machine that show a file of a volume, even of a removed one, and that
   * neither a mount nor another device uses.
   *
   * @param volumes the directory with the homes of all volumes
   */
  List<IdleDevice> idleDevices(Path volumes);

  /** Frees the device, or lets the system free it after its last use. */
  void free(IdleDevice device);

  /**
   * A device that nothing uses.
   *
   * @param file the file that it shows
   */
  record IdleDevice(Path device, Path file) {}
}
