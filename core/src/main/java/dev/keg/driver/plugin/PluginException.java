package dev.keg.driver.plugin;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A plugin that refuses, fails or does not answer; the message holds no control characters. */
public final class PluginException extends IOException {
  private static final int LONGEST = 1000;

  private final boolean answered;

  private PluginException(String why, boolean answered, @Nullable Throwable cause) {
    super(printable(why), cause);
    this.answered = answered;
  }

  /** The plugin has answered that it did not do it. */
  static PluginException refused(String why) {
    return new PluginException(why, true, null);
  }

  /** No answer that can be understood came; what was asked for may have been done. */
  static PluginException silent(String why, @Nullable Throwable cause) {
    return new PluginException(why, false, cause);
  }

  /** What the plugin says, or what it is, makes it useless. */
  public static PluginException unusable(String why) {
    return silent(why, null);
  }

  /** Whether the plugin itself has said so. */
  public boolean answered() {
    return answered;
  }

  /** Text of somebody else's, which may end up on a terminal. */
  static String printable(String text) {
    String shown = text.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+", " ").strip();
    return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "...";
  }
}
