package dev.keg.driver.plugin;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A plugin refuses, fails or does not answer; the message contains no control characters. */
public final class PluginException extends IOException {
  private static final int LONGEST = 1000;

  private final boolean answered;

  private PluginException(String why, boolean answered, @Nullable Throwable cause) {
    super(printable(why), cause);
    this.answered = answered;
  }

  /** The plugin answered that it did not do it. */
  static PluginException refused(String why) {
    return new PluginException(why, true, null);
  }

  /** There was no valid answer; the plugin may have done it. */
  static PluginException silent(String why, @Nullable Throwable cause) {
    return new PluginException(why, false, cause);
  }

  /** The plugin's answers or properties make it unusable. */
  public static PluginException unusable(String why) {
    return silent(why, null);
  }

  /** Whether the plugin itself reported the failure. */
  public boolean answered() {
    return answered;
  }

  /** Makes foreign text safe to print on a terminal. */
  static String printable(String text) {
    String shown = text.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+", " ").strip();
    return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "...";
  }
}
