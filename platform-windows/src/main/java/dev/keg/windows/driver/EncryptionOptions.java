package dev.keg.windows.driver;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.error.InvalidInput.InvalidOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The options of an encrypted disk. */
public final class EncryptionOptions {
  public static final OptionDescriptor ENCRYPTED =
      new OptionDescriptor("encrypted", "true|false", "encrypt it (BitLocker)");

  public static final OptionDescriptor KEY_FILE =
      new OptionDescriptor(
              "key-file", "FILE", "its first line is the pass phrase; without it, asks for one")
          .reaching(Reach.HOST);

  public static final OptionDescriptor RECOVERY =
      new OptionDescriptor(
              "recovery",
              "DIRECTORY",
              "where to save the recovery key; without it, shows it once at the terminal")
          .reaching(Reach.HOST);

  private EncryptionOptions() {}

  /** The key file, if the options name one. */
  public static Optional<Path> keyFile(DriverOptions options) {
    return path(options, "key-file");
  }

  /** Where the recovery key is saved, if the options name a directory. */
  public static Optional<Path> recovery(DriverOptions options) {
    Optional<Path> directory = path(options, "recovery");
    if (directory.isPresent() && !Files.isDirectory(directory.get())) {
      throw options.invalid("recovery", "an existing directory");
    }
    return directory;
  }

  /** Refuses keys without an encrypted disk. */
  public static void refuseKeys(DriverOptions options) {
    for (OptionDescriptor key : List.of(KEY_FILE, RECOVERY)) {
      if (options.has(key.key())) {
        throw new InvalidOption(
            options.volume().text(),
            "option \"%s\" is for encrypted volumes".formatted(key.key()),
            "add -o encrypted=true");
      }
    }
  }

  private static Optional<Path> path(DriverOptions options, String key) {
    try {
      Optional<Path> path = options.text(key).map(Path::of);
      if (path.isEmpty() || path.get().isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException _) {
      // Refused below, like a relative path.
    }
    throw options.invalid(key, "an absolute path");
  }
}
