package dev.keg.linux.image;

import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.EncryptionOptions;
import dev.keg.linux.driver.Key;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key with which QEMU's programs open a disk; none for an unencrypted disk. The programs read a
 * key from its file and a pass phrase from standard input.
 */
record QemuKey(@Nullable Given given) implements AutoCloseable {
  static final QemuKey NONE = new QemuKey(null);

  private static final String STDIN = "/dev/stdin";

  /**
   * QEMU measures the machine's speed before it creates a key, and gives up if the kernel accounts
   * too little CPU time, as on a busy machine.
   */
  private static final String UNMEASURED = "accurate CPU usage";

  private static final int ATTEMPTS = 10;

  private static final String WRONG = "Invalid password";

  /** The key given for an operation. */
  record Given(DriverOperation operation, Key key) {}

  /** The key of a new disk, if the options request encryption. */
  static QemuKey ofNew(DriverOperation operation, DriverOptions options, Secrets secrets)
      throws IOException {
    Optional<EncryptionOptions> encryption = EncryptionOptions.of(options);
    return encryption.isPresent() ? of(operation, encryption.get(), secrets) : NONE;
  }

  /** The key file of an encrypted disk; a machine can use the disk only with a key file. */
  static Optional<Path> fileOf(DiskFile file, DriverOptions options) throws IOException {
    if (!file.isEncrypted()) {
      return Optional.empty();
    }
    Optional<Path> keyFile = EncryptionOptions.of(options).flatMap(EncryptionOptions::keyFile);
    if (keyFile.isEmpty()) {
      throw new DriverFailed(
          "attach",
          options.volume().text(),
          "it is encrypted, and a machine can only have its key from a file",
          "create it with -o key-file=FILE",
          null);
    }
    return keyFile;
  }

  /** The key of an existing disk. */
  static QemuKey of(
      DriverOperation operation, DiskFile file, DriverOptions options, Secrets secrets)
      throws IOException {
    if (!file.isEncrypted()) {
      return NONE;
    }
    EncryptionOptions encryption =
        EncryptionOptions.of(options)
            .orElseThrow(() -> new DiskException(file.path(), "it was encrypted without Keg"));
    return of(operation, encryption, secrets);
  }

  private static QemuKey of(
      DriverOperation operation, EncryptionOptions encryption, Secrets secrets) throws IOException {
    Key key = Key.of(operation, encryption, secrets);
    try {
      if (key.isText()) {
        return new QemuKey(new Given(operation, key));
      }
      throw operation.failed(
          "cannot use the key",
          "QEMU takes only text",
          "make one, such as with: head -c 32 /dev/urandom | base64 -w 0",
          null);
    } catch (IOException | RuntimeException e) {
      key.close();
      throw e;
    }
  }

  boolean isNeeded() {
    return given != null;
  }

  /** The arguments that name the key. */
  List<String> object() {
    // A comma ends a value; two commas stand for one.
    return given == null
        ? List.of()
        : List.of("--object", "secret,id=key,file=" + given.key().file(STDIN).replace(",", ",,"));
  }

  /** The arguments to create a disk. */
  List<String> creating(DiskFormat format) {
    List<String> words = new ArrayList<>(object());
    if (given != null) {
      words.add("-o");
      words.add(
          format == DiskFormat.LUKS
              ? "key-secret=key"
              : "encrypt.format=luks,encrypt.key-secret=key");
    }
    return words;
  }

  /** The arguments to open an existing disk. */
  List<String> opening(DiskFile file) {
    if (given == null) {
      return List.of("-f", file.qemuFormat(), file.path().toString());
    }
    List<String> words = new ArrayList<>(object());
    words.addAll(List.of("--image-opts", file.encryptedOptions()));
    return words;
  }

  /** Runs a program that may need the key. */
  String run(Tools tools, Tool tool) throws ToolException {
    if (given == null) {
      return tools.run(tool);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return tools.run(tool.withInput(given.key()::writeTo));
      } catch (ToolException e) {
        if (e.output().contains(WRONG)) {
          throw given.operation().failed("cannot decrypt it", "wrong key", given.key().remedy(), e);
        }
        if (!e.output().contains(UNMEASURED) || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    if (given != null) {
      given.key().close();
    }
  }
}
