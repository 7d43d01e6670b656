package dev.keg.cli.template.print;

import dev.keg.cli.template.GoValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Go's {@code Sprint}, {@code Sprintln} and {@code Sprintf}. A directive is {@code
 * %[flags][[n]][width|*][.precision|.*][[n]]verb}; an error in one is printed in its place.
 */
public final class Printf {
  /** A larger width or precision is an error. */
  private static final int TOO_LARGE = 1_000_000;

  private final String format;
  private final List<? extends @Nullable Object> arguments;
  private final StringBuilder out = new StringBuilder();
  private int position;
  private int argument;

  /** Whether an index like {@code [2]} came just before. */
  private boolean afterIndex;

  private boolean reordered;
  private boolean goodIndex;

  private Printf(String format, List<? extends @Nullable Object> arguments) {
    this.format = format;
    this.arguments = arguments;
  }

  /** Prints the value of an action: a pointer as its target, no value as {@code <no value>}. */
  public static void value(StringBuilder out, @Nullable Object value) {
    switch (value) {
      case null -> out.append("<no value>");
      case String text -> out.append(text);
      default -> new ValuePrinter(out, new Flags()).value(value, 'v');
    }
  }

  /** With a space between two operands if neither is a string. */
  public static String print(List<? extends @Nullable Object> arguments) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < arguments.size(); i++) {
      if (i > 0
          && !(arguments.get(i) instanceof String)
          && !(arguments.get(i - 1) instanceof String)) {
        out.append(' ');
      }
      new ValuePrinter(out, new Flags()).argument(arguments.get(i), 'v');
    }
    return out.toString();
  }

  public static String printLine(List<? extends @Nullable Object> arguments) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < arguments.size(); i++) {
      out.append(i > 0 ? " " : "");
      new ValuePrinter(out, new Flags()).argument(arguments.get(i), 'v');
    }
    return out.append('\n').toString();
  }

  public static String format(String format, List<? extends @Nullable Object> arguments) {
    return new Printf(format, arguments).run();
  }

  private String run() {
    while (position < format.length()) {
      int percent = format.indexOf('%', position);
      int end = percent < 0 ? format.length() : percent;
      out.append(format, position, end);
      position = end + 1;
      if (percent >= 0) {
        directive();
      }
    }
    if (!reordered && argument < arguments.size()) {
      extra();
    }
    return out.toString();
  }

  private void directive() {
    goodIndex = true;
    afterIndex = false;
    Flags flags = new Flags();
    flags(flags);
    index();
    width(flags);
    precision(flags);
    if (!afterIndex) {
      index();
    }
    if (position >= format.length()) {
      out.append("%!(NOVERB)");
      return;
    }
    int verb = format.codePointAt(position);
    position += Character.charCount(verb);
    if (verb == '%') {
      out.append('%');
    } else if (!goodIndex) {
      out.append("%!").appendCodePoint(verb).append("(BADINDEX)");
    } else if (argument >= arguments.size()) {
      out.append("%!").appendCodePoint(verb).append("(MISSING)");
    } else {
      flags.forVerb(verb);
      new ValuePrinter(out, flags).argument(arguments.get(argument++), verb);
    }
  }

  private void flags(Flags flags) {
    while (true) {
      switch (peek()) {
        case '#' -> flags.sharp = true;
        case '0' -> flags.zero = true;
        case '+' -> flags.plus = true;
        case '-' -> flags.minus = true;
        case ' ' -> flags.space = true;
        default -> {
          return;
        }
      }
      position++;
    }
  }

  private void width(Flags flags) {
    if (peek() != '*') {
      flags.width = number(format.length());
      goodIndex &= !(afterIndex && flags.width != Flags.ABSENT);
      return;
    }
    position++;
    Integer width = integerArgument();
    afterIndex = false;
    if (width == null) {
      out.append("%!(BADWIDTH)");
      return;
    }
    flags.minus |= width < 0;
    flags.width = Math.abs(width);
  }

  private void precision(Flags flags) {
    // A point at the very end is not a precision: the verb is missing.
    if (peek() != '.' || position + 1 >= format.length()) {
      return;
    }
    position++;
    goodIndex &= !afterIndex;
    index();
    if (peek() != '*') {
      flags.precision = Math.max(0, number(format.length()));
      return;
    }
    position++;
    Integer precision = integerArgument();
    afterIndex = false;
    if (precision == null || precision < 0) {
      out.append("%!(BADPREC)");
    } else {
      flags.precision = precision;
    }
  }

  private @Nullable Integer integerArgument() {
    if (argument >= arguments.size()) {
      return null;
    }
    return switch (arguments.get(argument++)) {
      case Double _ -> null;
      case Byte unsigned -> Byte.toUnsignedInt(unsigned);
      case Number number ->
          Math.abs(number.longValue()) <= TOO_LARGE ? (Integer) number.intValue() : null;
      case null, default -> null;
    };
  }

  /** Parses {@code [n]}: the argument to continue with. */
  private void index() {
    afterIndex = false;
    if (peek() != '[') {
      return;
    }
    reordered = true;
    int close = format.indexOf(']', position);
    if (close < 0) {
      position++;
      goodIndex = false;
      return;
    }
    position++;
    int number = number(close);
    boolean readable = position == close && number != Flags.ABSENT;
    position = close + 1;
    if (readable && number >= 1 && number <= arguments.size()) {
      argument = number - 1;
      afterIndex = true;
    } else {
      goodIndex = false;
      afterIndex = readable;
    }
  }

  /** The digits here, or {@link Flags#ABSENT}. */
  private int number(int end) {
    int number = Flags.ABSENT;
    while (position < end && format.charAt(position) >= '0' && format.charAt(position) <= '9') {
      if (number > TOO_LARGE) {
        position = end;
        return Flags.ABSENT;
      }
      number = Math.max(0, number) * 10 + format.charAt(position) - '0';
      position++;
    }
    return number;
  }

  private char peek() {
    return position < format.length() ? format.charAt(position) : 0;
  }

  private void extra() {
    out.append("%!(EXTRA ");
    String separator = "";
    for (Object value : arguments.subList(argument, arguments.size())) {
      out.append(separator);
      separator = ", ";
      if (value != null) {
        out.append(GoValues.type(value)).append('=');
      }
      new ValuePrinter(out, new Flags()).argument(value, 'v');
    }
    out.append(')');
  }
}
