package dev.keg.linux.driver;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.error.InvalidInput.InvalidOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** What the drivers of file servers read alike. */
public final class ShareOptions {
  public static final OptionDescriptor SERVER =
      new OptionDescriptor("server", "HOST", "name or address of the server; required")
          .reaching(Reach.DATA);
  public static final OptionDescriptor TIMEOUT =
      new OptionDescriptor(
          "timeout", "SECONDS", "when a silent server is an error; 60 unless given, 0 is never");
  public static final OptionDescriptor FURTHER =
      new OptionDescriptor("o", "OPTION,...", "further mount options, as mount -o")
          .reaching(Reach.DATA);

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");
  private static final Pattern SECRET = Pattern.compile("(password2?|pass)(=.*)?");
  private static final long DEFAULT_TIMEOUT = 60;
  private static final long LONGEST_TIMEOUT = 3600;

  private ShareOptions() {}

  /** As it stands in a source: an IPv6 address in brackets. */
  public static String server(DriverOptions options) {
    String server = options.require("server");
    if (!HOST.matcher(server).matches() || server.startsWith("-")) {
      throw options.invalid("server", "the name or address of a host");
    }
    return server.indexOf(':') >= 0 ? "[" + server + "]" : server;
  }

  /** How long the server may be silent; nothing for ever. */
  public static Duration timeout(DriverOptions options) {
    long seconds = options.number("timeout").orElse(DEFAULT_TIMEOUT);
    if (seconds < 0 || seconds > LONGEST_TIMEOUT) {
      throw options.invalid("timeout", "a number of seconds up to " + LONGEST_TIMEOUT);
    }
    return Duration.ofSeconds(seconds);
  }

  /** How long to wait for the server when it is mounted: that is not for ever in any case. */
  public static Duration patience(Duration timeout) {
    return timeout.isZero() ? MountProgram.PATIENCE : timeout;
  }

  /** Everybody sees these, so a password is refused. */
  public static List<String> further(DriverOptions options) {
    List<String> words =
        options.text("o").map(text -> Arrays.asList(text.split(",", -1))).orElse(List.of());
    for (String word : words) {
      if (word.isEmpty()) {
        throw options.invalid("o", "mount options with commas between them");
      }
      if (SECRET.matcher(word).matches()) {
        throw new InvalidOption(
            options.volume().text(),
            "a password in o= would be seen by everybody",
            "put it into a file, and name that: -o credentials=FILE");
      }
    }
    return words;
  }
}
