package dev.keg.cli.template.print;

import dev.keg.cli.json.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** The verbs for real numbers: {@code f F e E g G x X b}. */
final class Floats {
  private static final long FRACTION = (1L << 52) - 1;
  private static final int DEFAULT_PRECISION = 6;

  private Floats() {}

  /** False if the verb is not for real numbers. */
  static boolean append(StringBuilder out, Flags flags, double value, int verb) {
    if (verb != 'v' && "fFeEgGxXb".indexOf(verb) < 0) {
      return false;
    }
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      flags.padWithBlanks(out, Double.isNaN(value) ? "NaN" : value < 0 ? "-Inf" : "+Inf");
      return true;
    }
    boolean negative = value < 0 || 1 / value < 0;
    String sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
    String digits = digits(flags, Math.abs(value), verb == 'v' ? 'g' : verb);
    int width = sign.length() + digits.length();
    // The sign precedes the zeros. A number without one is padded like any text.
    if (flags.padsWithZeros() && flags.width > width && !sign.isEmpty()) {
      out.append(sign).repeat('0', flags.width - width).append(digits);
    } else {
      flags.pad(out, sign + digits);
    }
    return true;
  }

  private static String digits(Flags flags, double size, int verb) {
    int precision = flags.precision;
    String digits =
        switch (verb) {
          case 'e', 'E' ->
              scientific(size, precision == Flags.ABSENT ? DEFAULT_PRECISION : precision);
          case 'f', 'F' -> plain(size, precision == Flags.ABSENT ? DEFAULT_PRECISION : precision);
          case 'x', 'X' -> hexadecimal(size, precision);
          case 'b' -> binary(size);
          default -> shorter(size, precision);
        };
    if (flags.sharp && verb != 'b') {
      digits = withPoint(digits, verb, precision);
    }
    return verb == 'E' || verb == 'G' || verb == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
  }

  private static String plain(double size, int precision) {
    return new BigDecimal(size).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String scientific(double size, int precision) {
    BigDecimal rounded =
        new BigDecimal(size).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    return scientific(rounded, precision);
  }

  private static String scientific(BigDecimal number, int precision) {
    int exponent = number.signum() == 0 ? 0 : number.precision() - number.scale() - 1;
    String mantissa = number.movePointLeft(exponent).setScale(precision).toPlainString();
    return mantissa + "e" + exponent(exponent);
  }

  private static String exponent(int exponent) {
    String digits = String.valueOf(Math.abs(exponent));
    return (exponent < 0 ? "-" : "+") + (digits.length() < 2 ? "0" : "") + digits;
  }

  /** The shorter of the two forms above, without zeros at the end. */
  private static String shorter(double size, int precision) {
    if (size == 0) {
      return "0";
    }
    boolean shortest = precision == Flags.ABSENT;
    int most = Math.max(1, precision);
    BigDecimal number =
        shortest
            ? Json.shortest(size)
            : new BigDecimal(size)
                .round(new MathContext(most, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
    int digits = number.precision();
    int exponent = digits - number.scale() - 1;
    int limit = shortest ? DEFAULT_PRECISION : most;
    if (!shortest && limit > digits && digits > exponent) {
      limit = digits;
    }
    return exponent < -4 || exponent >= limit
        ? scientific(number, digits - 1)
        : number.toPlainString();
  }

  /** The sharp flag: always a decimal point, and zeros up to the precision. */
  private static String withPoint(String number, int verb, int precision) {
    int tailAt = indexOfAny(number, verb == 'x' || verb == 'X' ? "p" : "e");
    String body = number.substring(0, tailAt);
    int missing = 0;
    if ("gGx".indexOf(verb) >= 0) {
      String significant = body.replaceFirst("^[0.]*", "").replace(".", "");
      missing = (precision == Flags.ABSENT ? DEFAULT_PRECISION : precision) - significant.length();
      if (body.equals("0")) {
        missing--;
      }
    }
    String point = body.indexOf('.') < 0 ? "." : "";
    return body + point + "0".repeat(Math.max(0, missing)) + number.substring(tailAt);
  }

  private static int indexOfAny(String text, String mark) {
    int at = text.indexOf(mark);
    return at < 0 ? text.length() : at;
  }

  /** {@code mantissap-exponent}, both decimal. */
  private static String binary(double size) {
    int exponent = Math.max(Math.getExponent(size), Double.MIN_EXPONENT) - 52;
    return mantissa(size) + "p" + (exponent < 0 ? "" : "+") + exponent;
  }

  private static long mantissa(double size) {
    long fraction = Double.doubleToLongBits(size) & FRACTION;
    return size < Double.MIN_NORMAL ? fraction : fraction | (FRACTION + 1);
  }

  /** {@code 0x1.8p+00} */
  private static String hexadecimal(double size, int precision) {
    if (size == 0) {
      return "0x0" + (precision > 0 ? "." + "0".repeat(precision) : "") + "p+00";
    }
    // The leading one is bit 60, followed by 15 hexadecimal digits.
    int leading = 63 - Long.numberOfLeadingZeros(mantissa(size));
    long bits = mantissa(size) << (60 - leading);
    int exponent = Math.max(Math.getExponent(size), Double.MIN_EXPONENT) - 52 + leading;
    if (precision != Flags.ABSENT && precision < 15) {
      long unit = 1L << (60 - 4 * precision);
      long rest = bits & (unit - 1);
      bits -= rest;
      boolean odd = (bits & unit) != 0;
      if (rest > unit / 2 || (rest == unit / 2 && odd)) {
        bits += unit;
      }
      if (bits >= 1L << 61) {
        bits >>= 1;
        exponent++;
      }
    }
    String digits = "%015x".formatted(bits & ((1L << 60) - 1));
    digits =
        precision == Flags.ABSENT
            ? digits.replaceFirst("0+$", "")
            : (digits + "0".repeat(Math.max(0, precision - 15))).substring(0, precision);
    return "0x1" + (digits.isEmpty() ? "" : "." + digits) + "p" + exponent(exponent);
  }
}
