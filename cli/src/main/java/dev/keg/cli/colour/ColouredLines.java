package dev.keg.cli.colour;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Colours the word that marks the kind of a line, whoever wrote the line; everything else passes
 * unchanged. Output that redraws a line, such as progress, starts it again.
 */
final class ColouredLines extends OutputStream {
  private static final Map<String, Tone> WORDS =
      Map.of("Error:", Tone.BAD, "keg:", Tone.BAD, "Warning:", Tone.WARNING, "Hint:", Tone.HINT);

  private static final String ERASE = "\033[K";

  private final PrintStream out;
  private final BooleanSupplier wanted;
  private @Nullable Boolean isWanted;

  /** Buffered text that may become such a word. */
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  /** Text to write at once, since other processes write to the same terminal. */
  private final ByteArrayOutputStream ready = new ByteArrayOutputStream();

  private boolean atStart = true;

  private ColouredLines(PrintStream out, BooleanSupplier wanted) {
    this.out = out;
    this.wanted = wanted;
  }

  /**
   * Wraps another stream.
   *
   * @param wanted called when the first word is found
   */
  static PrintStream over(PrintStream out, BooleanSupplier wanted) {
    return new PrintStream(new ColouredLines(out, wanted), true, UTF_8);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      add(bytes[i]);
    }
    out.writeBytes(ready.toByteArray());
    ready.reset();
  }

  private void add(byte b) {
    if (b == '\n' || b == '\r') {
      pass();
      ready.write(b);
      atStart = true;
    } else if (atStart) {
      begun.write(b);
      begin(begun.toString(UTF_8));
    } else {
      ready.write(b);
    }
  }

  private void begin(String text) {
    Tone tone = WORDS.get(text);
    if (tone != null) {
      begun.reset();
      ready.writeBytes((isWanted() ? tone.paint(text) : text).getBytes(UTF_8));
      atStart = false;
    } else if (text.equals(ERASE)) {
      pass();
    } else if (!mayBecome(text)) {
      pass();
      atStart = false;
    }
  }

  private static boolean mayBecome(String text) {
    return ERASE.startsWith(text)
        || WORDS.keySet().stream().anyMatch(word -> word.startsWith(text));
  }

  private boolean isWanted() {
    if (isWanted == null) {
      isWanted = wanted.getAsBoolean();
    }
    return isWanted;
  }

  private void pass() {
    ready.writeBytes(begun.toByteArray());
    begun.reset();
  }

  @Override
  public synchronized void flush() {
    pass();
    out.writeBytes(ready.toByteArray());
    ready.reset();
    out.flush();
  }
}
