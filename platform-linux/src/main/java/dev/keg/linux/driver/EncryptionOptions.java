package dev.keg.linux.driver;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.error.InvalidInput.InvalidOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The options of an encrypted volume.
 *
 * @param keyFile empty if the operator is asked for a pass phrase
 */
public record EncryptionOptions(Optional<Path> keyFile) {
  public static final String WORD = "encrypted";

  public static final OptionDescriptor KEY_FILE =
      new OptionDescriptor("key-file", "FILE", "the key; without it, asks for a pass phrase")
          .reaching(Reach.HOST);

  /** Empty for an unencrypted volume. */
  public static Optional<EncryptionOptions> of(DriverOptions options) {
    Optional<Path> keyFile = options.text(KEY_FILE.key()).map(Path::of);
    if (keyFile.isPresent() && !keyFile.get().isAbsolute()) {
      throw options.invalid(KEY_FILE.key(), "an absolute path");
    }
    if (options.flag(WORD)) {
      return Optional.of(new EncryptionOptions(keyFile));
    }
    if (keyFile.isPresent()) {
      throw new InvalidOption(
          options.volume().text(),
          "option \"key-file\" is for encrypted volumes",
          "add -o encrypted=true");
    }
    return Optional.empty();
  }
}
