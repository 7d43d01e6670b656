package dev.keg.volume;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names that Windows does not treat as files. It opens a device for {@code con} and for {@code
 * con.json}, and drops dots and spaces at the end of a name.
 */
public final class WindowsNames {
  private static final Pattern DEVICE =
      Pattern.compile("(?:con|prn|aux|nul|conin\\$|conout\\$|(?:com|lpt)[0-9¹²³])");

  private static final String OF_SYSTEM = "System Volume Information";

  private WindowsNames() {}

  /**
   * Whether Windows itself creates a directory of this name in the root of each disk, which nobody
   * else may read or move.
   */
  public static boolean isOfSystem(String name) {
    return name.equalsIgnoreCase(OF_SYSTEM);
  }

  /** Whether the name is exactly that of a device. */
  public static boolean isDevice(String name) {
    return DEVICE.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  /** Why Windows does not support a file or directory of this name; empty if it does. */
  public static Optional<String> whyUnusable(String name) {
    if (name.endsWith(".") || name.endsWith(" ")) {
      return Optional.of("Windows drops the %s at the end of a name".formatted(last(name)));
    }
    int dot = name.indexOf('.');
    return isDevice(dot < 0 ? name : name.substring(0, dot).stripTrailing())
        ? Optional.of("Windows reserves this name for a device")
        : Optional.empty();
  }

  private static String last(String name) {
    return name.endsWith(".") ? "dot" : "space";
  }
}
