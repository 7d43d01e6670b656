package dev.keg.linux.driver;

import dev.keg.driver.Secrets;
import dev.keg.file.SmallFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A key file or pass phrase. Closing overwrites it. */
public final class Key implements AutoCloseable {
  private static final int LONGEST_CHARACTER = 4;

  private final @Nullable Path file;
  private final byte[] phrase;

  private Key(@Nullable Path file, byte[] phrase) {
    this.file = file;
    this.phrase = phrase;
  }

  public static Key of(DriverOperation operation, EncryptionOptions encryption, Secrets secrets) {
    if (encryption.keyFile().isPresent()) {
      Path file = encryption.keyFile().get();
      unreadable(file)
          .ifPresent(
              why -> {
                throw operation.failed(
                    "cannot read the key file", "%s: %s".formatted(file, why), null, null);
              });
      return new Key(file, new byte[0]);
    }
    Optional<char[]> phrase = secrets.ask("Pass phrase of volume " + operation.volume() + ": ");
    if (phrase.isEmpty()) {
      throw operation.failed(
          "the volume is encrypted",
          "no pass phrase was given",
          "type it at a terminal or pass it with --key-fd; a volume with -o key-file=FILE"
              + " needs none",
          null);
    }
    if (phrase.get().length == 0) {
      throw operation.failed("the volume is encrypted", "the pass phrase is empty", null, null);
    }
    return new Key(null, bytes(phrase.get()));
  }

  private static Optional<String> unreadable(Path file) {
    if (!Files.exists(file)) {
      return Optional.of("no such file or directory");
    }
    if (Files.isDirectory(file)) {
      return Optional.of("it is a directory");
    }
    return Files.isReadable(file) ? Optional.empty() : Optional.of("permission denied");
  }

  private static byte[] bytes(char[] phrase) {
    ByteBuffer encoded = ByteBuffer.allocate(phrase.length * LONGEST_CHARACTER);
    StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(phrase), encoded, true);
    byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
    Arrays.fill(encoded.array(), (byte) 0);
    Arrays.fill(phrase, '\0');
    return bytes;
  }

  /** The path of the key file; for a pass phrase, the program's name for standard input. */
  public String file(String standardInput) {
    return file == null ? standardInput : file.toString();
  }

  /** Whether the key is text, the only kind that QEMU accepts. */
  public boolean isText() throws IOException {
    byte[] bytes = file == null ? phrase : SmallFile.read(file);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    try {
      boolean valid =
          !StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, true).isError();
      return valid && bytes.length > 0 && text.flip().chars().noneMatch(c -> c == 0);
    } finally {
      Arrays.fill(text.array(), '\0');
      if (file != null) {
        Arrays.fill(bytes, (byte) 0);
      }
    }
  }

  /** The hint for a wrong key. */
  public String remedy() {
    return file == null
        ? "a pass phrase is the whole line, including spaces"
        : "the whole content of " + file + " is the key, including a final newline";
  }

  public void writeTo(OutputStream stdin) throws IOException {
    stdin.write(phrase);
  }

  @Override
  public void close() {
    Arrays.fill(phrase, (byte) 0);
  }
}
