package dev.keg.cli.template.run;

import dev.keg.cli.template.Any;
import dev.keg.cli.template.GoStrings;
import dev.keg.cli.template.GoValues;
import dev.keg.cli.template.Method;
import dev.keg.cli.template.TemplateException;
import dev.keg.cli.template.parse.Node;
import dev.keg.cli.template.parse.Node.Chain;
import dev.keg.cli.template.parse.Node.Constant;
import dev.keg.cli.template.parse.Node.Field;
import dev.keg.cli.template.parse.Node.Identifier;
import dev.keg.cli.template.parse.Node.Literal;
import dev.keg.cli.template.parse.Node.Operand;
import dev.keg.cli.template.parse.Node.Pipeline;
import dev.keg.cli.template.parse.Node.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls functions and methods: checks the number of arguments, converts each to its parameter,
 * reports errors.
 */
final class FunctionCalls {
  private final Expressions expressions;
  private final Functions functions;

  FunctionCalls(Expressions expressions, Functions functions) {
    this.expressions = expressions;
    this.functions = functions;
  }

  /** A failure inside the function is reported at {@code place}. */
  @Nullable Object function(@Nullable Object dot, Identifier identifier, Node place, Words words) {
    expressions.at(identifier);
    String name = identifier.name();
    // The parser accepts only existing functions.
    Function function = Objects.requireNonNull(functions.find(name));
    checkCount(name, function, words);
    if (name.equals("and") || name.equals("or")) {
      return firstDeciding(dot, words, name.equals("or"));
    }
    return call(dot, new Callee(name, function, place), words);
  }

  @Nullable Object method(
      @Nullable Object dot, Method method, String name, Node place, Words words) {
    if (method.strings() == 0 && words.isEmpty()) {
      // Nearly every field of a listing is such a method.
      return method.body().apply(List.of());
    }
    Parameter[] strings =
        Collections.nCopies(method.strings(), Parameter.STRING).toArray(Parameter[]::new);
    Function function = Function.of(a -> method.body().apply(texts(a)), strings);
    checkCount(name, function, words);
    return call(dot, new Callee(name, function, place), words);
  }

  private static List<String> texts(List<? extends @Nullable Object> arguments) {
    return arguments.stream().map(String::valueOf).toList();
  }

  /** The callee, its name, and where a failure inside it is reported. */
  private record Callee(String name, Function function, Node place) {}

  private void checkCount(String name, Function function, Words words) {
    int wanted = function.fixed();
    if (function.variadic() && words.count() < wanted) {
      // Go does not include the value from the pipeline in this count.
      throw wrongCount(name, "at least " + wanted, words.operands().size());
    }
    if (!function.variadic() && words.count() != wanted) {
      throw wrongCount(name, String.valueOf(wanted), words.count());
    }
  }

  private TemplateException wrongCount(String name, String wanted, int got) {
    return expressions.fail(
        "wrong number of args for " + name + ": want " + wanted + " got " + got);
  }

  // and, or: arguments after the deciding one are not even evaluated.
  private @Nullable Object firstDeciding(@Nullable Object dot, Words words, boolean deciding) {
    Object value = null;
    for (Operand operand : words.operands()) {
      value = argument(dot, Parameter.VALUE, operand);
      if (GoValues.truth(value) == deciding) {
        return value;
      }
    }
    return words.piped() ? words.last() : value;
  }

  private @Nullable Object call(@Nullable Object dot, Callee callee, Words words) {
    Function function = callee.function();
    List<@Nullable Object> arguments = new ArrayList<>();
    for (Operand operand : words.operands()) {
      arguments.add(argument(dot, function.parameter(arguments.size()), operand));
    }
    if (words.piped()) {
      arguments.add(fitted(words.last(), function.parameter(arguments.size())));
    }
    try {
      return function.body().apply(arguments);
    } catch (CallFailed failed) {
      expressions.at(callee.place());
      throw expressions.fail("error calling " + callee.name() + ": " + failed.why());
    }
  }

  private @Nullable Object argument(@Nullable Object dot, Parameter parameter, Operand operand) {
    expressions.at(operand);
    return switch (operand) {
      case Node.Nil _ -> {
        if (!parameter.takesNil()) {
          throw expressions.fail("cannot assign nil to " + parameter);
        }
        yield null;
      }
      case Node.Bool _, Literal _, Constant _, Node.ComplexConstant _ ->
          literal(dot, parameter, operand);
      case Node.Dot _, Field _, Variable _, Chain _, Identifier _, Pipeline _ ->
          fitted(expressions.value(dot, operand), parameter);
    };
  }

  private @Nullable Object literal(@Nullable Object dot, Parameter parameter, Operand operand) {
    return switch (parameter) {
      case ANY, VALUE -> expressions.value(dot, operand);
      case STRING -> {
        if (operand instanceof Literal literal) {
          yield literal.text();
        }
        throw expressions.fail("expected string; found " + operand);
      }
      case INT -> {
        if (operand instanceof Constant constant && constant.integer() != null) {
          yield constant.integer();
        }
        throw expressions.fail("expected integer; found " + operand);
      }
      case STRINGS ->
          throw expressions.fail("can't handle " + operand + " for arg of type " + parameter);
    };
  }

  /** The value for the parameter: without its box unless the box is required. */
  private @Nullable Object fitted(@Nullable Object boxed, Parameter parameter) {
    Object value = Any.open(boxed);
    if (parameter == Parameter.VALUE) {
      return boxed;
    }
    if (boxed == null && !parameter.takesNil()) {
      throw expressions.fail("invalid value; expected " + parameter);
    }
    boolean fits =
        switch (parameter) {
          case ANY, VALUE -> true;
          case STRING -> value instanceof String;
          case INT -> GoValues.isInt(value);
          case STRINGS -> boxed == null || value instanceof GoStrings;
        };
    if (!fits) {
      String type = GoValues.type(value == null ? boxed : value);
      throw expressions.fail("wrong type for value; expected " + parameter + "; got " + type);
    }
    return value;
  }
}
