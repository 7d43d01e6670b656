package dev.keg.driver.local;

import dev.keg.volume.Options;

/**
 * A call of mount(2), as docker makes it. An empty string is a missing argument.
 *
 * @param operation docker's word for it: {@code mount}, {@code remount} or {@code remount-ro}
 */
public record MountCall(String operation, String source, String type, long flags, String data) {
  /** The call in docker's words, with a masked password. */
  String describe(String target) {
    StringBuilder text = new StringBuilder(operation).append(' ');
    if (!source.isEmpty()) {
      text.append(source).append(':');
    }
    text.append(target);
    if (flags != 0) {
      text.append(", flags: 0x").append(Long.toHexString(flags));
    }
    if (!data.isEmpty()) {
      text.append(", data: ").append(Options.masked(data));
    }
    return text.toString();
  }
}
