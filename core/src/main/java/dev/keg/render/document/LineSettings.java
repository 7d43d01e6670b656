package dev.keg.render.document;

import dev.keg.mountspec.MachineMount;
import java.util.List;

/**
 * What is said of every mount that a system makes at its start.
 *
 * @param automount whether it is made at all, or only when somebody asks for it
 * @param options further ones, in the words of mount(8)
 */
public record LineSettings(boolean automount, List<String> options) {
  public static final LineSettings DEFAULT = new LineSettings(true, List.of());

  public LineSettings {
    options = List.copyOf(options);
    MachineMount.requireOptions(options);
  }
}
