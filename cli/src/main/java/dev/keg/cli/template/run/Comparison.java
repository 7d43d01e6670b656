package dev.keg.cli.template.run;

import dev.keg.cli.template.Any;
import dev.keg.cli.template.Complex;
import dev.keg.cli.template.GoMap;
import dev.keg.cli.template.GoText;
import dev.keg.cli.template.GoValues;
import dev.keg.cli.template.NilPointer;
import dev.keg.cli.template.print.Printf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code eq ne lt le gt ge}: compares values of the same kind; signed and unsigned integers are
 * comparable.
 */
final class Comparison {
  private enum Kind {
    NONE,
    BOOL,
    INT,
    UINT,
    FLOAT,
    COMPLEX,
    STRING
  }

  private Comparison() {}

  /** Whether the first equals any of the others. */
  static boolean equalsAny(List<? extends @Nullable Object> arguments) throws CallFailed {
    if (arguments.size() < 2) {
      throw new CallFailed("missing argument for comparison");
    }
    Object first = Any.open(arguments.getFirst());
    for (Object other : arguments.subList(1, arguments.size())) {
      if (equal(first, Any.open(other))) {
        return true;
      }
    }
    return false;
  }

  private static boolean equal(@Nullable Object a, @Nullable Object b) throws CallFailed {
    Kind kind = kind(a);
    if (kind != kind(b)) {
      if (bothIntegers(kind, kind(b))) {
        return integer(a) == integer(b);
      }
      if (a != null && b != null) {
        throw incompatible();
      }
      return false;
    }
    return switch (kind) {
      case INT, UINT -> integer(a) == integer(b);
      case FLOAT -> real(a) == real(b);
      case COMPLEX -> a instanceof Complex x && b instanceof Complex y && x.sameAs(y);
      case BOOL, STRING -> a != null && a.equals(b);
      case NONE -> same(a, b);
    };
  }

  // Go compares pointers, but maps, slices and structs with them only to nil.
  private static boolean same(@Nullable Object a, @Nullable Object b) throws CallFailed {
    if (a == null || b == null) {
      return isNil(a) && isNil(b);
    }
    if (!shape(a).equals(shape(b))) {
      throw new CallFailed(
          "non-comparable types %s: %s, %s: %s"
              .formatted(show("%s", a), GoValues.type(a), GoValues.type(b), show("%v", b)));
    }
    if (isNil(a) || isNil(b)) {
      return isNil(a) == isNil(b);
    }
    if (isPointer(a)) {
      return a == b;
    }
    throw new CallFailed("non-comparable type %s: %s".formatted(show("%s", b), GoValues.type(b)));
  }

  private static boolean isNil(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case GoMap map -> map.orNil() == null;
      case NilPointer _ -> true;
      default -> false;
    };
  }

  private static String shape(Object value) {
    if (GoValues.map(value) != null) {
      return "map";
    }
    if (GoValues.list(value) != null) {
      return "slice";
    }
    return isPointer(value) ? "pointer" : "struct";
  }

  private static boolean isPointer(Object value) {
    return GoValues.type(value).startsWith("*");
  }

  private static String show(String format, Object value) {
    return Printf.format(format, List.of(value));
  }

  static boolean less(@Nullable Object boxedA, @Nullable Object boxedB) throws CallFailed {
    Object a = Any.open(boxedA);
    Object b = Any.open(boxedB);
    Kind kind = kind(a);
    Kind other = kind(b);
    if (kind == Kind.NONE || other == Kind.NONE) {
      throw new CallFailed("invalid type for comparison");
    }
    if (kind != other && !bothIntegers(kind, other)) {
      throw incompatible();
    }
    return switch (kind) {
      case INT, UINT -> integer(a) < integer(b);
      case FLOAT -> real(a) < real(b);
      case STRING -> GoText.compare(text(a), text(b)) < 0;
      case BOOL, COMPLEX, NONE -> throw new CallFailed("invalid type for comparison");
    };
  }

  static boolean lessOrEqual(@Nullable Object a, @Nullable Object b) throws CallFailed {
    return less(a, b) || equal(Any.open(a), Any.open(b));
  }

  private static CallFailed incompatible() {
    return new CallFailed("incompatible types for comparison");
  }

  private static boolean bothIntegers(Kind a, Kind b) {
    return (a == Kind.INT && b == Kind.UINT) || (a == Kind.UINT && b == Kind.INT);
  }

  private static Kind kind(@Nullable Object value) {
    return switch (value) {
      case Boolean _ -> Kind.BOOL;
      case String _ -> Kind.STRING;
      case Double _ -> Kind.FLOAT;
      case Complex _ -> Kind.COMPLEX;
      case Byte _ -> Kind.UINT;
      case Number _ -> Kind.INT;
      case null, default -> Kind.NONE;
    };
  }

  private static long integer(@Nullable Object value) {
    return switch (value) {
      case Byte unsigned -> Byte.toUnsignedLong(unsigned);
      case Number number -> number.longValue();
      case null, default -> throw new IllegalStateException("no integer: " + value);
    };
  }

  private static double real(@Nullable Object value) {
    return value instanceof Double real ? real : Double.NaN;
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text ? text : "";
  }
}
