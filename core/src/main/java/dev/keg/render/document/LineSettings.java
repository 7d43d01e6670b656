package dev.keg.render.document;

import dev.keg.mountspec.MachineMount;
import java.util.List;

/**
 * The settings of all mounts that a system makes at boot.
 *
 * @param automount whether it is mounted at boot or only on request
 * @param options additional options of mount(8)
 */
public record LineSettings(boolean automount, List<String> options) {
  public static final LineSettings DEFAULT = new LineSettings(true, List.of());

  public LineSettings {
    options = List.copyOf(options);
    MachineMount.requireOptions(options);
  }
}
