package dev.keg.driver.local;

import dev.keg.volume.Options;

/**
 * One call of mount(2), as docker makes it. The empty string stands for an argument that is not
 * given.
 *
 * @param operation docker's word for it: {@code mount}, {@code remount} or {@code remount-ro}
 */
public record MountCall(String operation, String source, String type, long flags, String data) {
  /** What docker says the call was; a password among the data is not shown. */
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
