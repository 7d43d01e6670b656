package dev.keg.age;

import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A part of the header, which wraps the file's key for a recipient or has another purpose,
 * depending on its type:
 *
 * <pre>
 * -&gt; X25519 SJyLlVDrqCLyYKcs9gLbdHYcCiVWFz0Ulpci1K7rT1I
 * BXqsI8aLMqUMQXJFsYK6xmbCZ1nMyTNq8jmGcGGQTCw
 * </pre>
 */
public final class Stanza {
  private static final int COLUMNS = 64;
  private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

  private final List<String> arguments;
  private final byte[] body;

  /** The first argument is the type. */
  public Stanza(List<String> arguments, byte[] body) {
    this.arguments = List.copyOf(arguments);
    this.body = body.clone();
    if (arguments.isEmpty() || !arguments.stream().allMatch(Stanza::isVisible)) {
      throw new IllegalArgumentException("arguments are words of visible characters");
    }
  }

  static boolean isVisible(String argument) {
    return !argument.isEmpty() && argument.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  public String type() {
    return arguments.getFirst();
  }

  public List<String> arguments() {
    return arguments;
  }

  public byte[] body() {
    return body.clone();
  }

  String text() {
    StringBuilder text = new StringBuilder("-> ").append(String.join(" ", arguments)).append('\n');
    String encoded = encode(body);
    int at = 0;
    for (; at + COLUMNS <= encoded.length(); at += COLUMNS) {
      text.append(encoded, at, at + COLUMNS).append('\n');
    }
    return text.append(encoded, at, encoded.length()).append('\n').toString();
  }

  static boolean isLastLine(String line) throws AgeException {
    if (line.length() > COLUMNS) {
      throw AgeException.header("a line is too long");
    }
    return line.length() < COLUMNS;
  }

  static String encode(byte[] bytes) {
    return ENCODER.encodeToString(bytes);
  }

  /** The decoded bytes, if the text is their canonical encoding. */
  static Optional<byte[]> decode(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Decodes exactly this many bytes. */
  static byte[] decode(String text, int length) throws AgeException {
    return decode(text)
        .filter(bytes -> bytes.length == length)
        .orElseThrow(() -> AgeException.header("it is not %d bytes in base64".formatted(length)));
  }

  @Override
  public String toString() {
    return arguments.toString();
  }
}
