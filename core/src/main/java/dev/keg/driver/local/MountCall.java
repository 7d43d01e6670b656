package dev.keg.driver.local;

import dev.keg.volume.Options;

/** A call of mount(2), as docker makes it. An empty string is a missing argument. */
public record MountCall(Kind kind, String source, String type, long flags, String data) {
  /** What the call does, in docker's words. */
  public enum Kind {
    MOUNT("mount"),
    REMOUNT("remount"),
    REMOUNT_READ_ONLY("remount-ro");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  /** The call in docker's words, with a masked password. */
  String describe(String target) {
    StringBuilder text = new StringBuilder(kind.text).append(' ');
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
