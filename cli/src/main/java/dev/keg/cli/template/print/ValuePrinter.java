package dev.keg.cli.template.print;

import dev.keg.cli.template.Any;
import dev.keg.cli.template.Complex;
import dev.keg.cli.template.GoMap;
import dev.keg.cli.template.GoText;
import dev.keg.cli.template.GoValues;
import dev.keg.cli.template.NilPointer;
import dev.keg.cli.template.Struct;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints a value with a verb, like Go's {@code fmt}, which also applies to its elements. */
final class ValuePrinter {
  private static final String NIL = "<nil>";

  private final StringBuilder out;
  private final Flags flags;

  ValuePrinter(StringBuilder out, Flags flags) {
    this.out = out;
    this.flags = flags;
  }

  /** Prints an argument. Null stands for nil. */
  void argument(@Nullable Object value, int verb) {
    if (value == null) {
      if (verb == 'T' || verb == 'v') {
        flags.pad(out, NIL);
      } else {
        wrongVerb(null, verb);
      }
    } else if (verb == 'T') {
      flags.pad(out, flags.cut(GoValues.type(value)));
    } else if (verb == 'p' && !(value instanceof NilPointer)) {
      wrongVerb(value, verb);
    } else {
      if (value instanceof Struct struct && struct.type().startsWith("*")) {
        out.append('&');
      }
      value(value, verb);
    }
  }

  /** Prints a value with its elements; a pointer is printed as its target. */
  void value(@Nullable Object value, int verb) {
    switch (value) {
      case null -> out.append(flags.goSyntax ? "interface {}(nil)" : NIL);
      case String text -> text(text, verb);
      case Boolean bool -> bool(bool, verb);
      case Double real -> check(Floats.append(out, flags, real, verb), value, verb);
      case Complex complex -> complex(complex, verb);
      case Byte unsigned -> {
        long number = Byte.toUnsignedLong(unsigned);
        check(Integers.append(out, flags, number, false, verb), value, verb);
      }
      case Number number ->
          check(Integers.append(out, flags, number.longValue(), true, verb), value, verb);
      case Struct struct -> struct(struct, verb);
      case NilPointer pointer -> pointer(pointer, verb);
      case Any(Object inner) -> value(inner, verb);
      default -> container(value, verb);
    }
  }

  private void check(boolean done, Object value, int verb) {
    if (!done) {
      wrongVerb(value, verb);
    }
  }

  private void wrongVerb(@Nullable Object value, int verb) {
    out.append("%!").appendCodePoint(verb).append('(');
    if (value == null) {
      out.append(NIL);
    } else {
      out.append(GoValues.type(value)).append('=');
      argument(value, 'v');
    }
    out.append(')');
  }

  private void complex(Complex complex, int verb) {
    if ("vbgGxXfFeE".indexOf(verb) < 0) {
      wrongVerb(complex, verb);
      return;
    }
    boolean plus = flags.plus;
    out.append('(');
    Floats.append(out, flags, complex.real(), verb);
    flags.plus = true;
    Floats.append(out, flags, complex.imaginary(), verb);
    flags.plus = plus;
    out.append("i)");
  }

  private void bool(boolean bool, int verb) {
    if (verb == 't' || verb == 'v') {
      flags.pad(out, String.valueOf(bool));
    } else {
      wrongVerb(bool, verb);
    }
  }

  private void text(String text, int verb) {
    switch (verb) {
      case 's' -> flags.pad(out, flags.cut(text));
      case 'v' -> flags.pad(out, flags.goSyntax ? quoted(text) : flags.cut(text));
      case 'q' -> flags.pad(out, quoted(text));
      case 'x' -> hexadecimal(text, "%02x", "0x");
      case 'X' -> hexadecimal(text, "%02X", "0X");
      default -> wrongVerb(text, verb);
    }
  }

  private String quoted(String text) {
    String cut = flags.cut(text);
    return flags.sharp && Quote.fitsBackQuotes(cut)
        ? "`" + cut + "`"
        : Quote.string(cut, flags.plus);
  }

  /**
   * The bytes in hexadecimal; the space flag separates them, and the sharp flag adds the prefix to
   * each or to all of them.
   */
  private void hexadecimal(String text, String digits, String prefix) {
    byte[] bytes = GoText.bytes(text);
    int length =
        flags.precision == Flags.ABSENT ? bytes.length : Math.min(flags.precision, bytes.length);
    StringBuilder encoded = new StringBuilder();
    for (int i = 0; i < length; i++) {
      encoded.append(flags.space && i > 0 ? " " : "");
      encoded.append(flags.sharp && (flags.space || i == 0) ? prefix : "");
      encoded.append(String.format(Locale.ROOT, digits, bytes[i]));
    }
    flags.pad(out, encoded.toString());
  }

  private void pointer(NilPointer pointer, int verb) {
    switch (verb) {
      case 'v' -> {
        if (flags.goSyntax) {
          out.append('(').append(pointer.type()).append(")(nil)");
        } else {
          flags.pad(out, NIL);
        }
      }
      case 'p' -> out.append(flags.sharp ? "0" : "0x0");
      case 'b', 'o', 'd', 'x', 'X' -> Integers.append(out, flags, 0, false, verb);
      default -> wrongVerb(pointer, verb);
    }
  }

  private void struct(Struct seen, int verb) {
    Struct struct = seen.printed();
    String type = struct.type();
    if (struct.isMap()) {
      entries(type, struct.fields(), verb);
      return;
    }
    if (flags.goSyntax) {
      out.append(type.startsWith("*") ? type.substring(1) : type);
    }
    out.append('{');
    String separator = "";
    for (Map.Entry<String, ?> field : struct.fields().entrySet()) {
      out.append(separator);
      separator = flags.goSyntax ? ", " : " ";
      if (flags.goSyntax || flags.fieldNames) {
        out.append(field.getKey()).append(':');
      }
      value(field.getValue(), verb);
    }
    out.append('}');
  }

  private void container(Object value, int verb) {
    List<?> list = GoValues.list(value);
    GoMap map = GoValues.map(value);
    String type = GoValues.type(value);
    if (list != null) {
      items(type, list, verb);
    } else if (map != null && map.orNil() == null && flags.goSyntax) {
      out.append(type).append("(nil)");
    } else if (map != null) {
      entries(type, map.entries(), verb);
    }
  }

  private void entries(String type, Map<String, ?> entries, int verb) {
    out.append(flags.goSyntax ? type + "{" : "map[");
    String separator = "";
    for (Map.Entry<String, ?> entry : entries.entrySet()) {
      out.append(separator);
      separator = flags.goSyntax ? ", " : " ";
      value(entry.getKey(), verb);
      out.append(':');
      value(entry.getValue(), verb);
    }
    out.append(flags.goSyntax ? '}' : ']');
  }

  private void items(String type, List<?> items, int verb) {
    out.append(flags.goSyntax ? type + "{" : "[");
    String separator = "";
    for (Object item : items) {
      out.append(separator);
      separator = flags.goSyntax ? ", " : " ";
      value(item, verb);
    }
    out.append(flags.goSyntax ? '}' : ']');
  }
}
