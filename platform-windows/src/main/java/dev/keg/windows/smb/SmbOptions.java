package dev.keg.windows.smb;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.volume.Volume;
import dev.keg.windows.driver.OptionString;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The share of a volume, and who connects to it.
 *
 * @param share {@code \\server\share}, which is mapped
 * @param below the rest of the path, if the volume is a directory of the share
 */
record SmbOptions(
    String share,
    String below,
    Optional<Path> credentials,
    Optional<String> username,
    boolean privacy) {
  static final List<OptionDescriptor> KNOWN =
      List.of(
          new OptionDescriptor("share", "\\\\SERVER\\SHARE", "the share, or a directory of it")
              .reaching(Reach.DATA),
          new OptionDescriptor(
                  "credentials", "FILE", "a file with lines username=, password= and domain=")
              .reaching(Reach.HOST),
          new OptionDescriptor(
              "username",
              "USER",
              "the user who connects; Keg asks for the password unless the file has it"),
          new OptionDescriptor("privacy", "true|false", "require an encrypted connection"));

  private static final Pattern SHARE =
      Pattern.compile("\\\\\\\\([^\\\\/:*?\"<>|]+)\\\\([^\\\\/:*?\"<>|]+)((?:\\\\.*)?)");

  static SmbOptions of(Volume volume) {
    return of(DriverOptions.of(volume.name(), volume.options(), KNOWN));
  }

  static SmbOptions of(DriverOptions given) {
    DriverOptions options = OptionString.spread(given, KNOWN);
    Matcher share = SHARE.matcher(options.require("share").replace('/', '\\'));
    if (!share.matches()) {
      throw options.invalid("share", "a path such as \\\\server\\share");
    }
    return new SmbOptions(
        "\\\\%s\\%s".formatted(share.group(1), share.group(2)),
        share.group(3),
        options.text("credentials").map(file -> absolute(options, file)),
        options.text("username"),
        options.flag("privacy"));
  }

  private static Path absolute(DriverOptions options, String file) {
    try {
      Path path = Path.of(file);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException _) {
      // Refused below, like a relative path.
    }
    throw options.invalid("credentials", "the absolute path of a file");
  }

  /** The path of the data. */
  String path() {
    return share + (below.isEmpty() ? "\\" : below);
  }
}
