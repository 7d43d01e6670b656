package dev.keg.linux.driver;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.error.InvalidInput.InvalidOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The options that all drivers of file servers share. */
public final class ShareOptions {
  public static final OptionDescriptor SERVER =
      new OptionDescriptor("server", "HOST", "name or address of the server; required")
          .reaching(Reach.DATA);
  public static final OptionDescriptor TIMEOUT =
      new OptionDescriptor(
          "timeout", "SECONDS", "time limit for a silent server (default 60; 0 is no limit)");
  public static final OptionDescriptor FURTHER =
      new OptionDescriptor("o", "OPTION,...", "further mount options, as for mount -o")
          .reaching(Reach.ANYTHING);

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%][A-Za-z0-9._:%-]*");
  private static final Pattern SECRET = Pattern.compile("(password2?|pass)(=.*)?");
  private static final long DEFAULT_TIMEOUT = 60;
  private static final long LONGEST_TIMEOUT = 3600;

  private ShareOptions() {}

  /** The server as part of a source, with brackets around an IPv6 address. */
  public static String server(DriverOptions options) {
    String server = options.require("server");
    if (!HOST.matcher(server).matches() || server.startsWith("-")) {
      throw options.invalid("server", "the name or address of a host");
    }
    return server.indexOf(':') >= 0 ? "[" + server + "]" : server;
  }

  /** How long the server may be silent; zero means no limit. */
  public static Duration timeout(DriverOptions options) {
    long seconds = options.number("timeout").orElse(DEFAULT_TIMEOUT);
    if (seconds < 0 || seconds > LONGEST_TIMEOUT) {
      throw options.invalid("timeout", "a number of seconds up to " + LONGEST_TIMEOUT);
    }
    return Duration.ofSeconds(seconds);
  }

  /** How long to wait for the server while mounting; always limited. */
  public static Duration patience(Duration timeout) {
    return timeout.isZero() ? MountProgram.PATIENCE : timeout;
  }

  /** Options that are passed on unchanged. Every user can read them, so a password is refused. */
  public static List<String> further(DriverOptions options) {
    List<String> words =
        options.text("o").map(text -> Arrays.asList(text.split(",", -1))).orElse(List.of());
    for (String word : words) {
      if (word.isEmpty()) {
        throw options.invalid("o", "mount options separated by commas");
      }
      if (SECRET.matcher(word).matches()) {
        throw new InvalidOption(
            options.volume().text(),
            "a password in o= would be visible to every user",
            "put it into a file: -o credentials=FILE");
      }
    }
    return words;
  }
}
