package dev.keg.backup.store.ssh;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A directory on another machine.
 *
 * @param user null for ssh's default
 * @param port 0 for ssh's default
 * @param path absolute, or relative to the user's home
 */
public record SshTarget(@Nullable String user, String host, int port, String path) {
  // ssh would treat a word with a leading dash as an option, one of which runs a program.
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(%[a-z0-9]+)?");

  public SshTarget {
    if (user != null && !WORD.matcher(user).matches()) {
      throw new IllegalArgumentException("a user cannot have this name");
    }
    if (!WORD.matcher(host).matches() && !ADDRESS.matcher(host).matches()) {
      throw new IllegalArgumentException("a host cannot have this name");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("no port: " + port);
    }
    if (path.isEmpty() || path.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a directory is missing");
    }
  }

  OptionalInt chosenPort() {
    return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /** The argument of ssh that names the host. */
  String destination() {
    return Optional.ofNullable(user).map(name -> name + "@" + host).orElse(host);
  }

  /** The address in messages. */
  String address() {
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    return "ssh://"
        + (user == null ? "" : user + "@")
        + bracketed
        + (port == 0 ? "" : ":" + port)
        + (path.startsWith("/") ? path : "/~/" + path);
  }
}
