package dev.keg.cli.template.run;

import static dev.keg.cli.template.run.Parameter.ANY;
import static dev.keg.cli.template.run.Parameter.INT;
import static dev.keg.cli.template.run.Parameter.STRING;
import static dev.keg.cli.template.run.Parameter.STRINGS;
import static dev.keg.cli.template.run.Parameter.VALUE;

import dev.keg.cli.json.Json;
import dev.keg.cli.template.Complex;
import dev.keg.cli.template.GoStrings;
import dev.keg.cli.template.GoValues;
import dev.keg.cli.template.print.Printf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions of templates, in docker's two sets: for rows and for the header. */
enum Functions {
  ROW,
  /** Functions that change the text of a cell leave the header's text unchanged. */
  HEADER;

  static boolean exists(String name) {
    return ROW.find(name) != null;
  }

  /** Null if there is none of that name. */
  @Nullable Function find(String name) {
    Function replaced = this == HEADER ? unchanged(name) : null;
    return replaced == null ? row(name) : replaced;
  }

  private static @Nullable Function unchanged(String name) {
    Function.Body same = List::getFirst;
    return switch (name) {
      case "json", "title", "lower", "upper" -> Function.of(same, STRING);
      case "split", "join" -> Function.of(same, STRING, STRING);
      case "truncate" -> Function.of(same, STRING, INT);
      default -> null;
    };
  }

  private static @Nullable Function row(String name) {
    return switch (name) {
      // Both stop at the deciding argument, so the evaluation handles them itself.
      case "and", "or" -> Function.variadic(List::getFirst, VALUE, VALUE);
      case "not" -> Function.of(a -> !GoValues.truth(a.get(0)), VALUE);
      case "len" -> Function.of(a -> Indexing.length(a.get(0)), VALUE);
      case "index" -> Function.variadic(Indexing::index, VALUE, VALUE);
      case "slice" -> Function.variadic(Indexing::slice, VALUE, VALUE);
      case "eq" -> Function.variadic(Comparison::equalsAny, VALUE, VALUE);
      case "ne" -> Function.of(a -> !Comparison.equalsAny(a), VALUE, VALUE);
      case "lt" -> Function.of(a -> Comparison.less(a.get(0), a.get(1)), VALUE, VALUE);
      case "le" -> Function.of(a -> Comparison.lessOrEqual(a.get(0), a.get(1)), VALUE, VALUE);
      case "gt" -> Function.of(a -> !Comparison.lessOrEqual(a.get(0), a.get(1)), VALUE, VALUE);
      case "ge" -> Function.of(a -> !Comparison.less(a.get(0), a.get(1)), VALUE, VALUE);
      case "print" -> Function.variadic(Printf::print, ANY);
      case "println" -> Function.variadic(Printf::printLine, ANY);
      case "printf" ->
          Function.variadic(a -> Printf.format(text(a, 0), a.subList(1, a.size())), STRING, ANY);
      default -> docker(name);
    };
  }

  private static @Nullable Function docker(String name) {
    return switch (name) {
      case "json" -> Function.of(a -> json(a.get(0)), ANY);
      case "split" -> Function.of(a -> TextFunctions.split(text(a, 0), text(a, 1)), STRING, STRING);
      case "join" -> Function.of(Functions::join, STRINGS, STRING);
      case "title" -> Function.of(a -> TextFunctions.title(text(a, 0)), STRING);
      case "lower" -> Function.of(a -> TextFunctions.lower(text(a, 0)), STRING);
      case "upper" -> Function.of(a -> TextFunctions.upper(text(a, 0)), STRING);
      case "pad" ->
          Function.of(
              a -> TextFunctions.pad(text(a, 0), number(a, 1), number(a, 2)), STRING, INT, INT);
      case "truncate" ->
          Function.of(a -> TextFunctions.truncate(text(a, 0), number(a, 1)), STRING, INT);
      default -> null;
    };
  }

  private static String json(@Nullable Object value) throws CallFailed {
    if (value instanceof Complex) {
      throw new CallFailed("json: unsupported type: complex128");
    }
    return Json.unescaped(value);
  }

  private static String join(List<? extends @Nullable Object> arguments) {
    return arguments.get(0) instanceof GoStrings(List<String> items)
        ? String.join(text(arguments, 1), items)
        : "";
  }

  // The parameter's type was checked before the call.
  private static String text(List<? extends @Nullable Object> arguments, int index) {
    return arguments.get(index) instanceof String text ? text : "";
  }

  private static long number(List<? extends @Nullable Object> arguments, int index) {
    return arguments.get(index) instanceof Number number ? number.longValue() : 0;
  }
}
