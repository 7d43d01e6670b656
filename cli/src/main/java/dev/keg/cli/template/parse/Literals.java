package dev.keg.cli.template.parse;

import dev.keg.cli.template.Complex;
import dev.keg.cli.template.GoText;
import dev.keg.cli.template.parse.Node.ComplexConstant;
import dev.keg.cli.template.parse.Node.Constant;
import dev.keg.cli.template.print.Quote;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses Go's literals: strings, characters, and numbers like {@code strconv} with base 0. */
public final class Literals {
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
  private static final Pattern HEXADECIMAL =
      Pattern.compile("[+-]?0[xX](\\p{XDigit}+\\.?\\p{XDigit}*|\\.\\p{XDigit}+)[pP][+-]?\\d+");
  private static final Pattern LONE_UNDERSCORE = Pattern.compile("(^|\\D)_|_(\\D|$)");
  private static final Pattern LONE_HEXADECIMAL_UNDERSCORE =
      Pattern.compile("\\P{XDigit}_|_(\\P{XDigit}|$)");

  /** The second sign is not that of an exponent. */
  private static final Pattern COMPLEX = Pattern.compile("(.+?(?<![eEpP]))([+-].*)i");

  private static final BigInteger UNSIGNED_MAX =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private Literals() {}

  /** The value of a string between double or back quotes. */
  static String string(String literal) throws MalformedLiteral {
    if (literal.startsWith("`")) {
      return literal.substring(1, literal.length() - 1).replace("\r", "");
    }
    Escapes escapes = new Escapes(literal);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!escapes.atEnd()) {
      int c = escapes.next();
      if (escapes.isByte()) {
        bytes.write(c);
      } else {
        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    return GoText.of(bytes.toByteArray());
  }

  /** A character between single quotes is the number of its code point. */
  static Constant character(int position, String literal) throws MalformedLiteral {
    Escapes escapes = new Escapes(literal);
    int c = escapes.next();
    if (!escapes.atEnd()) {
      throw new MalformedLiteral("malformed character constant: " + literal);
    }
    return new Constant(position, literal, (long) c, (double) c);
  }

  static Constant number(int position, String text) throws MalformedLiteral {
    BigInteger integer = integer(text);
    if (integer != null && integer.bitLength() < Long.SIZE) {
      return new Constant(position, text, integer.longValue(), integer.doubleValue());
    }
    // Fits only an unsigned integer: it can be parsed but is not an int.
    if (integer != null
        && Character.isDigit(text.charAt(0))
        && integer.compareTo(UNSIGNED_MAX) <= 0) {
      return new Constant(position, text, null, integer.doubleValue());
    }
    Double real = real(text);
    if (real == null) {
      throw new MalformedLiteral("illegal number syntax: " + Quote.string(text));
    }
    if (!looksReal(text)) {
      throw new MalformedLiteral("integer overflow: " + Quote.string(text));
    }
    boolean whole = Math.abs(real) < 0x1p63 && (double) real.longValue() == real;
    return new Constant(position, text, whole ? real.longValue() : null, real);
  }

  /** A number that ends with {@code i}, with or without a real part before it. */
  static ComplexConstant complex(int position, String text) throws MalformedLiteral {
    Matcher parts = COMPLEX.matcher(text);
    String real = parts.matches() ? parts.group(1) : "0";
    String imaginary = parts.matches() ? parts.group(2) : text.substring(0, text.length() - 1);
    return new ComplexConstant(position, text, new Complex(part(real), part(imaginary)));
  }

  private static double part(String text) throws MalformedLiteral {
    BigInteger integer = integer(text);
    Double real = integer == null ? real(text) : Double.valueOf(integer.doubleValue());
    if (real == null) {
      throw new MalformedLiteral("illegal number syntax: " + Quote.string(text));
    }
    return real;
  }

  /** Whether the text is written as a real number, whatever its value. */
  public static boolean looksReal(String text) {
    boolean hexadecimalInteger =
        (text.startsWith("0x") || text.startsWith("0X")) && !containsAny(text, "pP");
    return !hexadecimalInteger && !text.startsWith("'") && containsAny(text, ".eEpP");
  }

  private static boolean containsAny(String text, String any) {
    return text.chars().anyMatch(c -> any.indexOf(c) >= 0);
  }

  private static @Nullable BigInteger integer(String text) {
    String unsigned = unsigned(text).toLowerCase(Locale.ROOT);
    int base = base(unsigned);
    String digits = unsigned.substring(prefixLength(unsigned, base));
    if (misplacedUnderscore(text)) {
      return null;
    }
    digits = digits.replace("_", "");
    int radix = base;
    if (digits.isEmpty() || digits.chars().anyMatch(c -> Character.digit(c, radix) < 0)) {
      return null;
    }
    BigInteger value = new BigInteger(digits, base);
    return text.startsWith("-") ? value.negate() : value;
  }

  private static int base(String unsigned) {
    if (unsigned.length() < 2 || unsigned.charAt(0) != '0') {
      return 10;
    }
    return switch (unsigned.charAt(1)) {
      case 'x' -> 16;
      case 'b' -> 2;
      default -> 8;
    };
  }

  private static int prefixLength(String unsigned, int base) {
    if (base == 10) {
      return 0;
    }
    return base == 8 && unsigned.charAt(1) != 'o' ? 1 : 2;
  }

  private static @Nullable Double real(String text) {
    String digits = text.replace("_", "");
    boolean wellFormed = DECIMAL.matcher(digits).matches() || HEXADECIMAL.matcher(digits).matches();
    if (!wellFormed || misplacedUnderscore(text)) {
      return null;
    }
    double value = Double.parseDouble(digits);
    return Double.isInfinite(value) ? null : value;
  }

  // An underscore may be between digits, or between a prefix and a digit.
  private static boolean misplacedUnderscore(String text) {
    String unsigned = unsigned(text).toLowerCase(Locale.ROOT);
    boolean hexadecimal = unsigned.startsWith("0x");
    String digits = unsigned.replaceFirst("^0[xbo]", "0");
    Pattern lone = hexadecimal ? LONE_HEXADECIMAL_UNDERSCORE : LONE_UNDERSCORE;
    return lone.matcher(digits).find();
  }

  private static String unsigned(String text) {
    return text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
  }
}
