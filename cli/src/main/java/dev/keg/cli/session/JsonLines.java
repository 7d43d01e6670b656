package dev.keg.cli.session;

import dev.keg.cli.json.Json;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages for programs: each line becomes an object, whoever wrote it. Its only key is the first
 * word of the line.
 *
 * <pre>
 * {"Error":"rm db: volume is in use - [web1]"}
 * {"Hint":"keg unmount --container web1"}
 * {"Warning":"…"}   {"Debug":"…"}   {"Message":"…"} for anything else</pre>
 */
final class JsonLines extends OutputStream {
  private static final Pattern WORD =
      Pattern.compile("(Error|Warning|Hint|debug): (.*)", Pattern.DOTALL);

  /** Prefixes that only Keg writes; a command of the operator may print anything. */
  private static final Pattern WORDS = Pattern.compile("\\{\\s*\"(Error|Warning|Hint|Debug)\"");

  private static final String ERASE = "\033[K";

  private final PrintStream out;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** The following output overwrites the line, as progress does. */
  private boolean returned;

  private JsonLines(PrintStream out) {
    this.out = out;
  }

  static PrintStream over(PrintStream out) {
    return new PrintStream(new JsonLines(out), true, StandardCharsets.UTF_8);
  }

  /** Whether a command line requests it. */
  static boolean wantedBy(List<String> arguments) {
    return arguments.stream().takeWhile(word -> !word.equals("--")).anyMatch("--json"::equals);
  }

  @Override
  public synchronized void write(int b) {
    if (b == '\n') {
      end();
    } else if (b != '\r') {
      if (returned) {
        line.reset();
      }
      line.write(b);
    }
    returned = b == '\r';
  }

  @Override
  public synchronized void flush() {
    out.flush();
  }

  @Override
  public synchronized void close() {
    end();
    out.flush();
  }

  private void end() {
    String text = line.toString(StandardCharsets.UTF_8).replace(ERASE, "").strip();
    line.reset();
    if (!text.isEmpty()) {
      out.println(isObject(text) ? text : Json.compact(object(text)));
    }
  }

  /** Progress for programs is already JSON. */
  private static boolean isObject(String text) {
    if (!text.startsWith("{") || WORDS.matcher(text).lookingAt()) {
      return false;
    }
    try {
      return !JsonObject.parse(text.getBytes(StandardCharsets.UTF_8)).isEmpty();
    } catch (InvalidDocument _) {
      return false;
    }
  }

  private static Map<String, Object> object(String text) {
    Matcher matcher = WORD.matcher(text);
    return matcher.matches()
        ? Map.of(matcher.group(1).replace("debug", "Debug"), matcher.group(2))
        : Map.of("Message", text);
  }
}
